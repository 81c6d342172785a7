//! The report of the scheduler's state.

use credwire_core::{EpochMillis, Now};

use super::{
    context::Context,
    machine::CredentialScheduler,
    status::{CredentialStatus, NextAction},
};
use crate::boot_time::BootTime;

impl CredentialScheduler {
    /// Returns the state of the credential at this moment.
    pub fn status(&self, now: Now) -> CredentialStatus {
        let cx = Context::new(now, self.skew);
        let newest = self.newest;
        CredentialStatus {
            mechanism: self.armed,
            since: self.armed_since,
            generation: newest.map(|newest| newest.generation),
            kind: newest.map(|newest| newest.kind),
            expiry: newest.and_then(|it| it.validity).map(|validity| validity.expires_at(&cx)),
            expired: newest.is_some_and(|newest| newest.is_expired(&cx)),
            applied: self.session_up
                && newest.is_some()
                && newest.map(|it| it.generation) == self.applied.map(|it| it.generation),
            in_flight: self.op.map(|op| op.kind),
            next: self.next_action(&cx),
            last_outcome: self.last_outcome,
            attempts: self.refresh_retry.failures,
            fallback: self.fallback,
        }
    }

    fn next_action(&self, cx: &Context) -> Option<NextAction> {
        if self.closed || self.suspended || self.op.is_some() {
            return None;
        }
        let next = self.candidates(cx).into_iter().min_by_key(|candidate| candidate.at)?;
        let wait = next.at.since(cx.now).max(0);
        (next.at != BootTime::NEVER).then(|| NextAction {
            kind: next.kind,
            at: EpochMillis::new(cx.wall.saturating_add(wait)),
        })
    }
}
