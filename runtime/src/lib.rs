//! Typed credentials and live sessions for Call Fabric spaces.
//!
//! A [`CredentialProvider`] returns credentials. A [`Client`] does the rest: it authenticates,
//! connects, keeps the credential fresh by the mechanism that the reference's precedence table
//! selects, reauthenticates the live session and reconnects after a drop. Dropping the client ends
//! its one task and cancels what is in flight.
//!
//! # Quick start
//! ```no_run
//! use credwire::{AuthenticateContext, Client, CredentialError, SdkCredential, credential_provider};
//!
//! #[credential_provider]
//! struct Backend;
//!
//! #[credential_provider]
//! impl Backend {
//!     async fn authenticate(&self, _: &AuthenticateContext) -> Result<SdkCredential, CredentialError> {
//!         Ok(SdkCredential::from_token("a SAT from your backend"))
//!     }
//! }
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let client = Client::builder(Backend).connect().await?;
//! let result = client.call_raw("subscriber.online", serde_json::json!({}), None).await?;
//! println!("{}: {result}", *client.status().borrow());
//! client.disconnect().await;
//! # Ok(())
//! # }
//! ```
//!
//! # Where to look
//! | for | see |
//! |---|---|
//! | a provider of your own | [`CredentialProvider`], [`credential_provider`] on a struct and its impl block |
//! | a provider that exists | [`providers`]: one credential, functions, a variable, a file, an embed token, a chain, a cache |
//! | an HTTP endpoint as a provider, without code | `#[credential_provider(endpoint = "https://..")]`, see [`credential_provider`] |
//! | the options of a client | [`ClientBuilder`] |
//! | calls and events | [`Client::call`] with [`RpcMethod`], [`Client::events`], [`EventStream`] |
//! | what a client shows and reports | [`client`]: status, [policy](client::Policy), [history](client::HistoryEntry), [warnings](client::Warning) |
//! | sessions that outlive the process | [`storage`]; keys alone: [`dpop::KeyStore`] |
//! | the types of the reference, by its names | [`sdk`] |
//! | text in logs without secrets | [`Secret`], [`secrecy`] |
//!
//! # Features
//! None is on by default.
//!
//! | feature | adds |
//! |---|---|
//! | `keychain` | `dpop::KeychainKeyStore`: keys in the keychain of the operating system |
//! | `metrics` | counters, gauges and histograms through the `metrics` facade |
//! | `recording` | `ClientBuilder::record`: a session in a file, without its secrets |
//! | `redb` | `storage::RedbStorage` and `ClientBuilder::persist_session`: one crash-safe file |
//! | `replay` | `recording::Replay`: a recorded session against the client, in simulated time; with `recording` and `timeline` |
//! | `test-support` | `test`: hours of a session with a provider in milliseconds, without a network |
//! | `timeline` | `timeline::Timeline`: the history of sessions as a picture or a page |
//!
//! # Other crates
//! | crate | for whom |
//! |---|---|
//! | `credwire-generated` | who wants the reference's types and no client |
//! | `credwire-session` | who drives a session without tokio; here as [`session`] |
//! | `credwire-sandbox` | tests that need a space on loopback |
//! | `credwire-cli` | the binary `credwire`: pages to Rust, a sandbox, sessions by hand, replays |

#![cfg_attr(docsrs, feature(doc_cfg))]

#[doc(hidden)]
pub mod __private;
#[cfg(feature = "recording")]
mod cassette;
pub mod client;
pub mod clock;
pub mod dpop;
mod endpoint;
mod net;
pub mod providers;
#[cfg(feature = "recording")]
pub mod recording;
#[cfg(feature = "replay")]
mod replay;
mod response;
mod rest;
mod resume_policy;
pub mod space;
mod spawn;
pub mod storage;
#[cfg(feature = "test-support")]
pub mod test;
#[cfg(feature = "timeline")]
pub mod timeline;
mod transport;

pub use client::{Client, ClientBuilder, Error, ErrorKind, EventStream, RpcError, Status};
pub use credwire_core::{
    CredentialError, CredentialErrorKind, EpochMillis, EpochSeconds, FromJson, Millis, RpcMethod,
    Seconds, Secret, SerializeExposed, Validate, Validator, Violation, Violations, rules, secrecy,
};
pub use credwire_generated::{AuthenticateContext, CredentialProvider, SdkCredential};
pub use credwire_macros::{RpcMethod, Validate, credential_provider, interface};

/// The types of the reference, generated from its pages and wire formats.
///
/// Those that a client's user names every day are at the root of the crate too.
pub mod sdk {
    pub use credwire_generated::*;
}

/// Decoding errors, and JSON as received.
///
/// [`FromJson`] decodes and checks in one call.
pub mod json {
    pub use credwire_core::{DecodeError, DecodeErrorKind, FromJsonError, repair_json};
    pub use credwire_generated::RawJson;
}

/// The session core, for those who drive a session themselves: a simulation, a model checker, a
/// transport of another kind. A user of [`Client`] needs nothing of it.
pub use credwire_session as session;

/// The README's example is compiled with the documentation tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
