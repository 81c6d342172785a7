//! The credential lifecycle: which refresh mechanism is armed, when it fires, and what a failure
//! means.
//!
//! [`Policy`] sets the times and limits, [`CredentialStatus`] shows the state. The machine behind
//! them is the [scheduler](credwire_session::scheduler) of the session core, whose documentation
//! has the rules and a table of the [faults of
//! answers](credwire_session::scheduler#faults-of-answers).

pub use credwire_core::Backoff;
pub use credwire_session::scheduler::{
    Abilities, CheckedPolicy, CredentialKind, CredentialStatus, ExhaustedPolicy, FallbackReason,
    Gap, Generation, Lead, NextAction, OpKind, Outcome, OutcomeResult, Policy, RefreshError,
    Warning, Window,
};
pub(crate) use credwire_session::scheduler::{Failure, OpId};
