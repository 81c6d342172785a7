//! The result of a simulation.

use std::time::Duration;

use crate::{EpochMillis, Error};
use credwire_session::scheduler::{OpKind, OutcomeResult, Warning};

/// The result of a [`Simulation`](super::Simulation). Times are those of its clock.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Report {
    /// Every call of the provider and the device endpoints, in order.
    pub calls: Vec<ProviderCall>,
    /// The warnings that a client would have issued, with their times.
    pub warnings: Vec<(EpochMillis, Warning)>,
    /// The number of sessions that ended because their credential had expired.
    pub sessions_lost: u32,
    /// The total time without a valid credential in force, from the first one on.
    pub uncovered: Duration,
}

/// A call of the provider, or of the simulated device endpoints.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ProviderCall {
    /// The operation that was called.
    pub kind: OpKind,
    /// The start in milliseconds since the Unix epoch.
    pub started: EpochMillis,
    /// The duration of the call.
    pub took: Duration,
    /// The result of the call.
    pub result: OutcomeResult,
    /// The error of a call that returned no usable credential.
    pub error: Option<Error>,
    /// The remaining lifetime of the credential in use when the call began; `None` without a
    /// credential or without an expiry.
    pub left: Option<Duration>,
}

impl Report {
    /// Returns the calls of one kind, in order.
    pub fn calls_of(&self, kind: OpKind) -> impl Iterator<Item = &ProviderCall> {
        self.calls.iter().filter(move |call| call.kind == kind)
    }

    /// Returns whether a valid credential was in force all the time.
    pub fn is_seamless(&self) -> bool {
        self.sessions_lost == 0
            && self.uncovered.is_zero()
            && self.calls.iter().any(|call| call.result == OutcomeResult::Committed)
    }
}
