//! The log of a space: what it was asked, and the outcome. It contains no token, key, state or
//! body.

use std::collections::VecDeque;

use credwire_core::EpochMillis;
use serde::Serialize;
use serde_json::Value;

use crate::{dpop::ProofCheck, fault::Attempt};

/// The newest entries that are kept, of each kind.
const LIMIT: usize = 100_000;

/// Longer names that a client made up are cut.
const MAX_NAME: usize = 200;

/// A request, upgrade or frame. Members that were not looked at are absent.
#[derive(Clone, Debug, Default, Serialize)]
#[non_exhaustive]
pub struct Check {
    /// The operation: `"<METHOD> <path>"`, `"upgrade <path>"`, `"rpc <method>"`, or `"frame"` for a
    /// message that is not a JSON-RPC object.
    pub op: String,
    /// The `Host` header.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// The effect of a fault: its status, its error code, `silent`, `drop`, `close` with its code,
    /// or `result`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<Value>,
    /// The result for the Basic credentials of the project: `ok` or `refused`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basic: Option<&'static str>,
    /// The result for the bearer token: `ok` or its fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bearer: Option<&'static str>,
    /// The result for the embed token: `ok` or `refused`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub embed: Option<&'static str>,
    /// The kind of `signalwire.connect`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<Attempt>,
    /// The result for the token of a frame, or the refresh token: `ok` or its fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<&'static str>,
    /// The result for the project that a reauthenticate names: `ok` or `other`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project: Option<&'static str>,
    /// The result for the DPoP proof.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proof: Option<ProofOutcome>,
    /// The result for the authorization state of a resume: `ok` or `refused`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<&'static str>,
    /// The HTTP status of the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The answer to a frame: `result` or the error's code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Value>,
    /// The time of receipt, by the space's clock without its `clockOffset`. It is not part of the
    /// JSON.
    #[serde(skip)]
    pub at: Option<EpochMillis>,
    /// The reference of the subscriber whose token was used, valid or not. It is not part of the
    /// JSON.
    #[serde(skip)]
    pub subscriber: Option<String>,
}

/// The result for a place where a DPoP proof can be.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum ProofOutcome {
    /// The word `absent`: there was no proof.
    Absent(&'static str),
    /// The result of the check of a proof.
    Checked(ProofCheck),
}

impl Check {
    pub(crate) fn new(op: impl Into<String>) -> Self {
        let mut op = op.into();
        if let Some((end, _)) = op.char_indices().nth(MAX_NAME) {
            op.truncate(end);
        }
        Self { op, ..Self::default() }
    }

    /// Takes over what was found out, but for what was known when the entry was made.
    pub(crate) fn complete(&mut self, found: Self) {
        *self = Self {
            op: std::mem::take(&mut self.op),
            host: self.host.take(),
            at: self.at,
            subscriber: self.subscriber.take(),
            ..found
        };
    }
}

/// A client's answer to a request of the space.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Ack {
    /// The method that was answered; `frame` for an error without an id, which answers an
    /// unreadable message; `close` for a close frame of the client, also one that answers ours.
    pub method: String,
    /// The outcome: `result` or the error's code; the code of a close frame, null where it has
    /// none.
    pub outcome: Value,
}

/// The log of a space.
#[derive(Clone, Debug, Default, Serialize)]
#[non_exhaustive]
pub struct Log {
    /// The requests of clients, oldest first; the newest 100 000.
    pub checks: VecDeque<Check>,
    /// The answers of clients, oldest first; the newest 100 000.
    pub acks: VecDeque<Ack>,
    #[serde(skip)]
    dropped: u64,
    #[serde(skip)]
    epoch: u64,
}

/// The place of an entry that is still being written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ticket {
    epoch: u64,
    serial: u64,
}

impl Log {
    /// Enters `check`, to be replaced when more is known.
    pub(crate) fn enter(&mut self, check: Check) -> Ticket {
        if self.checks.len() == LIMIT {
            self.checks.pop_front();
            self.dropped += 1;
        }
        let serial = self.dropped + self.checks.len() as u64;
        self.checks.push_back(check);
        Ticket { epoch: self.epoch, serial }
    }

    /// Changes an entry; one that is gone by now stays gone.
    pub(crate) fn amend(&mut self, ticket: Ticket, change: impl FnOnce(&mut Check)) {
        let index = ticket.serial.checked_sub(self.dropped).and_then(|at| usize::try_from(at).ok());
        if ticket.epoch == self.epoch
            && let Some(check) = index.and_then(|index| self.checks.get_mut(index))
        {
            change(check);
        }
    }

    pub(crate) fn ack(&mut self, ack: Ack) {
        if self.acks.len() == LIMIT {
            self.acks.pop_front();
        }
        self.acks.push_back(ack);
    }

    /// Forgets everything, also entries that are still being written.
    pub(crate) fn clear(&mut self) {
        *self = Self { epoch: self.epoch + 1, ..Self::default() };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_amended_unless_it_is_gone() {
        let mut log = Log::default();
        let old = log.enter(Check::new("GET /a"));
        log.clear();
        let new = log.enter(Check::new("GET /b"));
        log.amend(old, |check| check.status = Some(500));
        log.amend(new, |check| check.status = Some(200));
        assert_eq!(log.checks.len(), 1);
        assert_eq!(log.checks[0].status, Some(200));
    }

    #[test]
    fn the_log_is_bounded_and_names_are_cut() {
        let mut log = Log::default();
        let first = log.enter(Check::new("é".repeat(10_000)));
        assert_eq!(log.checks[0].op.chars().count(), MAX_NAME);
        for _ in 0..LIMIT {
            log.enter(Check::new("x"));
        }
        log.amend(first, |check| check.status = Some(200));
        assert_eq!(log.checks.len(), LIMIT);
        assert!(log.checks.iter().all(|check| check.status.is_none()));
    }
}
