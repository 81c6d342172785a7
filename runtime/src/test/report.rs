//! What a simulation showed.

use std::time::Duration;

use crate::{EpochMillis, Error};
use credwire_session::scheduler::{OpKind, OutcomeResult, Warning};

/// What happened in a [`Simulation`](super::Simulation). Times are those of its clock.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Report {
    /// Every call, in order.
    pub calls: Vec<ProviderCall>,
    /// What a client would have warned of, and when.
    pub warnings: Vec<(EpochMillis, Warning)>,
    /// How often the session ended because its credential had expired.
    pub sessions_lost: u32,
    /// How long there was no valid credential in force, from the first one on.
    pub uncovered: Duration,
}

/// One call of the provider, or of the made-up device endpoints.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ProviderCall {
    /// What was called.
    pub kind: OpKind,
    /// When.
    pub started: EpochMillis,
    /// How long it took.
    pub took: Duration,
    /// How it ended.
    pub result: OutcomeResult,
    /// Why it gave no credential that can be used.
    pub error: Option<Error>,
    /// What was left of the credential in use when the call began; `None` when there was none, or
    /// it did not say when it expires.
    pub left: Option<Duration>,
}

impl Report {
    /// The calls of one kind, in order.
    pub fn calls_of(&self, kind: OpKind) -> impl Iterator<Item = &ProviderCall> {
        self.calls.iter().filter(move |call| call.kind == kind)
    }

    /// Whether there was a valid credential in force all the time.
    pub fn is_seamless(&self) -> bool {
        self.sessions_lost == 0
            && self.uncovered.is_zero()
            && self.calls.iter().any(|call| call.result == OutcomeResult::Committed)
    }
}
