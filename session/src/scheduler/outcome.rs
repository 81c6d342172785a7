//! How operations end: commits, failures and what they mean.

use credwire_core::EpochMillis;
use credwire_generated::RefreshMechanism;

use super::{
    action::{AbortCause, Action, FallbackReason, OpKind, OutcomeResult, Warning},
    context::Context,
    credential::{CredentialInfo, TokenInfo, Validity},
    event::Failure,
    ids::{CredentialKind, Generation, OpId},
    machine::{CredentialScheduler, Mechanism, Op},
    policy::ExhaustedPolicy,
    status::Outcome,
    warned::Warned,
};
use crate::retry::{Retry, asked};

/// A credential that cannot be used; the warning has been issued.
pub(super) struct Unusable;

impl CredentialScheduler {
    /// Takes the operation in flight out, if `id` names it. Anything else is a late result.
    fn take_op(&mut self, id: OpId) -> Option<Op> {
        self.op.take_if(|op| op.id == id)
    }

    /// OpOk. Guard: the id, and a credential that is of use.
    pub(super) fn op_ok(&mut self, id: OpId, info: &TokenInfo, cx: &mut Context) {
        let Some(op) = self.take_op(id) else { return };
        let Ok(validity) = self.usable(info, cx) else {
            return self.end_in_failure(op, Failure::TRANSIENT, OutcomeResult::Unusable, cx);
        };
        let sat = self.newest.and_then(|sat| sat.validity).filter(|_| op.kind == OpKind::Activate);
        let validity = match (validity, sat) {
            (Some(it), Some(sat)) if it.assumed => Some(Validity { assumed: true, ..sat }),
            _ => validity,
        };
        let kind = match op.kind {
            OpKind::Authenticate | OpKind::Refresh => CredentialKind::Unbound,
            OpKind::Activate | OpKind::Rotate => CredentialKind::Bound,
        };
        if kind == CredentialKind::Bound && !self.able.dpop {
            // The key was lost on the way, and with it the use of this token.
            return self.end_in_failure(op, Failure::Permanent, OutcomeResult::Unusable, cx);
        }
        match op.kind {
            OpKind::Authenticate => self.begin_lineage(),
            OpKind::Refresh => self.bound = Mechanism::Usable,
            OpKind::Activate => {
                self.activation_retry = Retry::NONE;
                self.fallback = None;
            }
            OpKind::Rotate => {}
        }
        self.note_outcome(op.kind, OutcomeResult::Committed, cx);
        self.commit(kind, validity, cx);
        cx.act(Action::Ended { kind: op.kind, result: OutcomeResult::Committed });
    }

    /// OpErr and OpPanic. Guard: the id.
    pub(super) fn op_err(
        &mut self,
        id: OpId,
        failure: Failure,
        result: OutcomeResult,
        cx: &mut Context,
    ) {
        if let Some(op) = self.take_op(id) {
            self.end_in_failure(op, failure, result, cx);
        }
    }

    /// Tick, as far as it is OpTimeout. Guard: the operation has had its time.
    pub(super) fn op_watchdog(&mut self, cx: &mut Context) {
        let Some(op) = self.op else { return };
        if cx.now >= self.op_deadline(&op, cx) {
            self.op = None;
            cx.act(Action::Abort { id: op.id, kind: op.kind, cause: AbortCause::TimedOut });
            self.end_in_failure(op, Failure::TRANSIENT, OutcomeResult::TimedOut, cx);
        }
    }

    /// A new SAT from authentication or the application: mechanisms that were given up are
    /// tried again, and warnings count anew.
    pub(super) fn begin_lineage(&mut self) {
        self.bound = Mechanism::Usable;
        self.developer = Mechanism::Usable;
        self.activation_retry = Retry::NONE;
        self.refused = 0;
        self.warned = Warned::default();
        self.fallback = None;
    }

    /// The credential is the newest from now on.
    pub(super) fn commit(
        &mut self,
        kind: CredentialKind,
        validity: Option<Validity>,
        cx: &mut Context,
    ) {
        let previous = self.newest;
        let generation = self.next_generation();
        let jitter = self.jitter.any_u16();
        self.newest = Some(CredentialInfo { generation, kind, jitter, validity });
        if kind == CredentialKind::Unbound || previous.is_none() {
            self.scope = None;
            self.scope_since = generation;
        }
        self.refresh_retry = Retry::NONE;
        self.reauth_retry = Retry::NONE;
        self.forced = false;
        // A bound credential starts no session, so a connection that waits for one still waits.
        if kind == CredentialKind::Unbound {
            self.demand = None;
        }
        cx.act(Action::Commit { generation, kind });

        self.warned.remove(Warning::CredentialExpired);
        self.warned.remove(Warning::RefreshStopped);
        // Activation may shorten the validity; a credential of the same kind should not.
        let replaced = previous.filter(|it| it.kind == kind).and_then(|it| it.validity);
        if let (Some(old), Some(new)) = (replaced, validity)
            && new.expires_at(cx) < old.expires_at(cx)
        {
            self.warn(Warning::EarlierExpiry, cx);
        }
    }

    /// The number of the next credential.
    pub(super) fn next_generation(&self) -> Generation {
        Generation(self.newest_generation().0.saturating_add(1))
    }

    /// The validity of a credential that has not expired.
    pub(super) fn in_time(
        &mut self,
        info: &TokenInfo,
        cx: &mut Context,
    ) -> Result<Option<Validity>, Unusable> {
        let validity = Validity::of(info, cx);
        if validity.is_some_and(|validity| validity.remaining(cx) <= 0) {
            self.warn(Warning::ExpiredOnArrival, cx);
            return Err(Unusable);
        }
        Ok(validity)
    }

    /// The validity of a credential that has not expired and is not the old one again.
    fn usable(&mut self, info: &TokenInfo, cx: &mut Context) -> Result<Option<Validity>, Unusable> {
        let validity = self.in_time(info, cx)?;
        // A token ends when it ends, whatever is said of it later: the same one again is no new
        // credential, unless it comes with its first expiry.
        let had_expiry = self.newest.is_some_and(|newest| newest.validity.is_some());
        if info.same_token && (had_expiry || validity.is_none()) {
            self.warn(Warning::SameToken, cx);
            return Err(Unusable);
        }
        Ok(validity)
    }

    /// An operation ended without a credential.
    fn end_in_failure(
        &mut self,
        op: Op,
        failure: Failure,
        result: OutcomeResult,
        cx: &mut Context,
    ) {
        self.note_outcome(op.kind, result, cx);
        if let Failure::Transient { retry_after: Some(wait) } = failure {
            let wait = asked(Some(wait), self.policy.get().retry_after_max);
            self.hold[op.kind as usize] = cx.now.plus(wait);
        }
        match op.kind {
            OpKind::Authenticate if self.demand.is_some() => self.demand = None,
            // `renew_at_expiry` alone asks without a demand.
            OpKind::Authenticate => self.refresh_retry = self.backed_off(self.refresh_retry, cx),
            OpKind::Activate => self.activation_failed(failure, result, cx),
            OpKind::Refresh => {
                self.fail(RefreshMechanism::DeveloperProvidedRefresh, failure, cx);
            }
            OpKind::Rotate => self.fail(RefreshMechanism::ClientBoundSat, failure, cx),
        }
        cx.act(Action::Ended { kind: op.kind, result });
    }

    fn activation_failed(&mut self, failure: Failure, result: OutcomeResult, cx: &mut Context) {
        match failure {
            Failure::Permanent => {
                self.bound = Mechanism::Refused;
                self.warn_fallback(FallbackReason::EndpointFailed, cx);
            }
            Failure::Transient { .. } => {
                self.activation_retry = self.backed_off(self.activation_retry, cx);
                // Without `refresh()` nothing stands in: activation goes on until expiry.
                if self.developer_able() {
                    let failures = self.activation_retry.failures;
                    if result == OutcomeResult::TimedOut {
                        self.warn_fallback(FallbackReason::ActivationTimeout, cx);
                    } else if failures > self.policy.get().activation_retries {
                        self.warn_fallback(FallbackReason::EndpointFailed, cx);
                    }
                }
            }
        }
    }

    /// FAIL: what the failure of a refresh means for its mechanism. The old credential stays.
    pub(super) fn fail(&mut self, mechanism: RefreshMechanism, failure: Failure, cx: &mut Context) {
        if failure == Failure::Permanent {
            return self.give_up(mechanism, Mechanism::Refused, cx);
        }
        self.refresh_retry = self.backed_off(self.refresh_retry, cx);
        let expired = self.newest.is_some_and(|credential| credential.is_expired(cx));
        if expired && self.refresh_retry.failures >= self.policy.get().attempts {
            self.give_up(mechanism, Mechanism::Exhausted, cx);
        }
    }

    /// The mechanism is not used any more.
    pub(super) fn give_up(
        &mut self,
        mechanism: RefreshMechanism,
        how: Mechanism,
        cx: &mut Context,
    ) {
        self.refresh_retry = Retry::NONE;
        if mechanism == RefreshMechanism::ClientBoundSat {
            self.bound = how;
            if self.developer_able() {
                self.warn_fallback(FallbackReason::RefreshFailed, cx);
            }
        } else {
            self.developer = how;
        }
        if self.mechanism() == RefreshMechanism::None && !self.can_activate(cx) {
            self.forced = false;
            self.warn(Warning::RefreshStopped, cx);
            if self.policy.get().exhausted == ExhaustedPolicy::Disconnect {
                cx.act(Action::Suspend);
            }
        }
    }

    /// The state of a retry after one failure more.
    pub(super) fn backed_off(&mut self, retry: Retry, cx: &Context) -> Retry {
        retry.failed(&self.policy.get().backoff, &mut self.jitter, cx.now)
    }

    fn note_outcome(&mut self, kind: OpKind, result: OutcomeResult, cx: &Context) {
        self.last_outcome = Some(Outcome { kind, at: EpochMillis::new(cx.wall), result });
    }
}
