//! Tests of a provider in simulated time (feature `test-support`).
//!
//! A [`Simulation`] puts a provider through hours or years of a session: it is asked for
//! credentials exactly when a client would ask, by the same session core with the same policy,
//! while the space is made up. Nothing waits and nothing goes over a network, so a day takes
//! milliseconds.
//!
//! # Does this provider refresh in time?
//! ```
//! use std::{sync::Arc, time::Duration};
//! use credwire::{
//!     AuthenticateContext, CredentialError, CredentialProvider, SdkCredential,
//!     client::OpKind,
//!     clock::Clock,
//!     test::{Simulation, made_up_token},
//! };
//!
//! /// Mints tokens for 15 minutes, by a clock that a test can replace.
//! struct Backend(Arc<dyn Clock>);
//!
//! impl CredentialProvider for Backend {
//!     async fn authenticate(
//!         &self,
//!         _: &AuthenticateContext,
//!     ) -> Result<SdkCredential, CredentialError> {
//!         let expiry = self.0.now().wall.saturating_add(Duration::from_secs(900));
//!         Ok(SdkCredential::from_token(made_up_token()).with_expiry_at(expiry))
//!     }
//!
//!     fn refresh(
//!         &self,
//!     ) -> Option<impl Future<Output = Result<SdkCredential, CredentialError>> + Send> {
//!         Some(async { self.authenticate(&AuthenticateContext::new()).await })
//!     }
//! }
//!
//! let day = Duration::from_secs(24 * 3600);
//! let report = Simulation::new(day).run(|clock| Backend(clock)).unwrap();
//! assert!(report.is_seamless(), "{report:?}");
//! assert_eq!(report.calls_of(OpKind::Authenticate).count(), 1);
//! // Each is due 3 to 4.5 minutes before the token ends.
//! assert!((115..=145).contains(&report.calls_of(OpKind::Refresh).count()));
//! ```
//!
//! # And when its backend does not answer?
//! ```
//! use std::time::Duration;
//! use credwire::test::{ScriptedReply, ScriptedProvider, Simulation};
//!
//! let hour = Duration::from_secs(3600);
//! let report = Simulation::new(3 * hour)
//!     .run(|clock| {
//!         ScriptedProvider::new(clock)
//!             .authenticate([ScriptedReply::Lasting(hour)])
//!             .refresh([ScriptedReply::Transient, ScriptedReply::Hang, ScriptedReply::Lasting(hour)])
//!     })
//!     .unwrap();
//! assert!(report.is_seamless(), "the retries came in time: {report:?}");
//! ```

mod plan;
mod report;
mod script;
mod simulation;
mod stage;
#[cfg(test)]
mod tests;

pub use report::{ProviderCall, Report};
pub use script::{ScriptedProvider, ScriptedReply, made_up_token};
pub use simulation::Simulation;

pub use crate::clock::SimulatedClock;
