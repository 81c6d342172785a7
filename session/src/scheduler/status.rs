//! The state of the credential, as the scheduler reports it.

use credwire_core::EpochMillis;
use credwire_generated::RefreshMechanism;

use super::{
    action::{FallbackReason, OpKind, OutcomeResult},
    ids::{CredentialKind, Generation},
};

/// The state of the credential at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CredentialStatus {
    /// The mechanism that is armed.
    pub mechanism: RefreshMechanism,
    /// Since when it is.
    pub since: EpochMillis,
    /// The newest credential, if there is one.
    pub generation: Option<Generation>,
    /// Whether the newest credential is bound to the client's key.
    pub kind: Option<CredentialKind>,
    /// When the newest credential expires, if it has an expiry, by the server's clock.
    pub expiry: Option<EpochMillis>,
    /// Whether the newest credential has expired.
    pub expired: bool,
    /// Whether the newest credential is in force on the session.
    pub applied: bool,
    /// The operation in flight.
    pub in_flight: Option<OpKind>,
    /// What happens next by itself, if nothing is in flight.
    pub next: Option<NextAction>,
    /// How the last operation ended.
    pub last_outcome: Option<Outcome>,
    /// Failures of the armed mechanism since its last success.
    pub attempts: u32,
    /// Why Client Bound SAT is not the mechanism, if it was expected to be.
    pub fallback: Option<FallbackReason>,
}

/// What is planned, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NextAction {
    /// The operation; `None` stands for the notice that the credential has expired.
    pub kind: Option<OpKind>,
    /// When it starts, by the machine's wall clock.
    pub at: EpochMillis,
}

/// How an operation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Outcome {
    /// The operation.
    pub kind: OpKind,
    /// When it ended, by the machine's wall clock.
    pub at: EpochMillis,
    /// How.
    pub result: OutcomeResult,
}
