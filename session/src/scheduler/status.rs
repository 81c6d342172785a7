//! The state of the credential that the scheduler reports.

use std::fmt;

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
    /// The time since which the mechanism is armed, in milliseconds since the Unix epoch.
    pub since: EpochMillis,
    /// The generation of the newest credential; `None` without one.
    pub generation: Option<Generation>,
    /// Whether the newest credential is bound to the client's key.
    pub kind: Option<CredentialKind>,
    /// The expiry of the newest credential in milliseconds since the Unix epoch, by the server's
    /// clock; `None` without one.
    pub expiry: Option<EpochMillis>,
    /// Whether the newest credential has expired.
    pub expired: bool,
    /// Whether the newest credential is in force on the session.
    pub applied: bool,
    /// The operation in flight; `None` without one.
    pub in_flight: Option<OpKind>,
    /// The next scheduled action; `None` while an operation is in flight.
    pub next: Option<NextAction>,
    /// The outcome of the last operation.
    pub last_outcome: Option<Outcome>,
    /// The number of failures of the armed mechanism since its last success.
    pub attempts: u32,
    /// The reason for which Client Bound SAT is not the mechanism, if it was expected to be.
    pub fallback: Option<FallbackReason>,
}

/// An action that is scheduled, with its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NextAction {
    /// The operation to start; `None` stands for the notice that the credential has expired.
    pub kind: Option<OpKind>,
    /// The start in milliseconds since the Unix epoch, by the machine's wall clock.
    pub at: EpochMillis,
}

/// The outcome of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Outcome {
    /// The kind of the operation.
    pub kind: OpKind,
    /// The end in milliseconds since the Unix epoch, by the machine's wall clock.
    pub at: EpochMillis,
    /// The result of the operation.
    pub result: OutcomeResult,
}

/// One line for operators, such as `Client Bound SAT, bound, expires at 1760000900000, next:
/// rotate at 1760000700000`.
impl fmt::Display for CredentialStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(mechanism(self.mechanism))?;
        match self.kind {
            None => f.write_str(", no credential")?,
            Some(kind) => write!(f, ", {kind}")?,
        }
        match self.expiry {
            Some(at) if self.expired => write!(f, ", expired at {at}")?,
            Some(at) => write!(f, ", expires at {at}")?,
            None => {}
        }
        if let Some(operation) = self.in_flight {
            write!(f, ", now: {operation}")?;
        }
        if let Some(next) = self.next {
            write!(f, ", next: {next}")?;
        }
        if self.attempts > 0 {
            write!(f, ", failed attempts: {}", self.attempts)?;
        }
        Ok(())
    }
}

const fn mechanism(mechanism: RefreshMechanism) -> &'static str {
    match mechanism {
        RefreshMechanism::ClientBoundSat => "Client Bound SAT",
        RefreshMechanism::DeveloperProvidedRefresh => "refresh()",
        RefreshMechanism::None => "no mechanism",
    }
}

impl fmt::Display for NextAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            Some(kind) => write!(f, "{kind} at {}", self.at),
            None => write!(f, "expiry at {}", self.at),
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} at {}", self.kind, self.result, self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_reads_as_one_line() {
        let at = EpochMillis::new(1_760_000_000_000);
        let mut status = CredentialStatus {
            mechanism: RefreshMechanism::ClientBoundSat,
            since: at,
            generation: Some(Generation(1)),
            kind: Some(CredentialKind::Bound),
            expiry: Some(at),
            expired: false,
            applied: true,
            in_flight: None,
            next: Some(NextAction { kind: Some(OpKind::Rotate), at }),
            last_outcome: None,
            attempts: 2,
            fallback: None,
        };
        let name = "Client Bound SAT";
        assert_eq!(
            status.to_string(),
            format!("{name}, bound, expires at {at}, next: rotate at {at}, failed attempts: 2")
        );
        status.kind = None;
        status.expiry = None;
        status.next = None;
        status.in_flight = Some(OpKind::Authenticate);
        status.attempts = 0;
        assert_eq!(status.to_string(), format!("{name}, no credential, now: authenticate"));
        let outcome = Outcome { kind: OpKind::Refresh, at, result: OutcomeResult::TimedOut };
        assert_eq!(outcome.to_string(), format!("refresh timed out at {at}"));
    }
}
