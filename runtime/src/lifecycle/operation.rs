//! How operations end: commits, failures and what they mean.

use credwire_core::EpochMillis;
use credwire_generated::RefreshMechanism;

use super::{
    action::{AbortCause, Action, FallbackReason, OpKind, RefreshFailure, Warning},
    arbiter::{Arbiter, Need, Op},
    event::{CredentialKind, Failure, Generation, Grant, OpId},
    held::{Held, Validity},
    moment::millis,
    policy::ExhaustedPolicy,
    retry::{Retry, asked},
    status::{Outcome, OutcomeResult},
    step::Step,
    warned::Warned,
};

/// A credential that cannot be used; the warning has been given.
pub(super) struct Unusable;

impl Arbiter {
    /// Takes the operation in flight out, if `id` names it. Anything else is a late result.
    fn take_op(&mut self, id: OpId) -> Option<Op> {
        self.op.take_if(|op| op.id == id)
    }

    /// OpOk. Guard: the id, and a credential that is of use.
    pub(super) fn op_ok(&mut self, id: OpId, grant: &Grant, step: &mut Step) {
        let Some(op) = self.take_op(id) else { return };
        let Ok(validity) = self.usable(grant, step) else {
            return self.end_in_failure(op, Failure::TRANSIENT, OutcomeResult::Unusable, step);
        };
        let kind = match op.kind {
            OpKind::Authenticate | OpKind::Refresh => CredentialKind::Unbound,
            OpKind::Activate | OpKind::Rotate => CredentialKind::Bound,
        };
        if kind == CredentialKind::Bound && !self.able.dpop {
            // The key was lost on the way, and with it the use of this token.
            return self.end_in_failure(op, Failure::Permanent, OutcomeResult::Unusable, step);
        }
        match op.kind {
            OpKind::Authenticate => self.begin_lineage(),
            OpKind::Activate => {
                self.activation_retry = Retry::NONE;
                self.fallback = None;
            }
            OpKind::Refresh | OpKind::Rotate => {}
        }
        self.record(op.kind, OutcomeResult::Committed, step);
        self.commit(kind, validity, step);
    }

    /// OpErr and OpPanic. Guard: the id.
    pub(super) fn op_err(
        &mut self,
        id: OpId,
        failure: Failure,
        result: OutcomeResult,
        step: &mut Step,
    ) {
        if let Some(op) = self.take_op(id) {
            self.end_in_failure(op, failure, result, step);
        }
    }

    /// Tick, as far as it is OpTimeout. Guard: the operation has had its time.
    pub(super) fn op_watchdog(&mut self, step: &mut Step) {
        let timeout = millis(self.policy.get().op_timeout);
        if let Some(op) = self.op.take_if(|op| step.now >= op.started.plus(timeout)) {
            step.act(Action::Abort { id: op.id, cause: AbortCause::TimedOut });
            self.end_in_failure(op, Failure::TRANSIENT, OutcomeResult::TimedOut, step);
        }
    }

    /// A new SAT from authentication or the application: what was given up gets another chance,
    /// and warnings count anew.
    pub(super) fn begin_lineage(&mut self) {
        self.bound_latched = false;
        self.developer_latched = false;
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
        step: &mut Step,
    ) {
        let previous = self.newest;
        let generation = self.next_generation();
        let jitter = self.chance.any_u16();
        self.newest = Some(Held { generation, kind, jitter, validity });
        if kind == CredentialKind::Unbound || previous.is_none() {
            self.scope = None;
            self.scope_since = generation;
        }
        self.refresh_retry = Retry::NONE;
        self.reauth_retry = Retry::NONE;
        self.forced = false;
        step.act(Action::Commit { generation, kind });
        // A connect that needs a credential of the provider goes on waiting for one.
        if self.need != Some(Need::Unbound) || kind == CredentialKind::Unbound {
            self.need = None;
            self.answer_all(Ok(generation), step);
        }

        self.warned.remove(Warning::CredentialExpired);
        self.warned.remove(Warning::RefreshStopped);
        // Activation may shorten the validity; a credential of the same kind should not.
        let replaced = previous.filter(|held| held.kind == kind).and_then(|held| held.validity);
        if let (Some(old), Some(new)) = (replaced, validity)
            && new.expires_at(step) < old.expires_at(step)
        {
            self.warn(Warning::EarlierExpiry, step);
        }
    }

    /// The number of the next credential.
    pub(super) fn next_generation(&self) -> Generation {
        Generation(self.newest.map_or(0, |held| held.generation.0).saturating_add(1))
    }

    /// The validity of a credential that has not expired.
    pub(super) fn in_time(
        &mut self,
        grant: &Grant,
        step: &mut Step,
    ) -> Result<Option<Validity>, Unusable> {
        let validity = Validity::of(grant, step);
        if validity.is_some_and(|validity| validity.remaining(step) <= 0) {
            self.warn(Warning::ExpiredOnArrival, step);
            return Err(Unusable);
        }
        Ok(validity)
    }

    /// The validity of a credential that has not expired and is not the old one again.
    fn usable(&mut self, grant: &Grant, step: &mut Step) -> Result<Option<Validity>, Unusable> {
        let validity = self.in_time(grant, step)?;
        let old = self.newest.and_then(|held| held.validity);
        let expiry = |validity: Option<Validity>| validity.map(|it| it.expires_at(step));
        let lasts_longer = expiry(validity) > expiry(old);
        if grant.same_token && !lasts_longer {
            self.warn(Warning::SameToken, step);
            return Err(Unusable);
        }
        Ok(validity)
    }

    /// An operation ended without a credential.
    fn end_in_failure(&mut self, op: Op, failure: Failure, result: OutcomeResult, step: &mut Step) {
        self.record(op.kind, result, step);
        match op.kind {
            // The connect that wanted it backs off and asks again.
            OpKind::Authenticate => self.need = None,
            OpKind::Activate => self.activation_failed(failure, result, step),
            OpKind::Refresh => {
                self.fail(RefreshMechanism::DeveloperProvidedRefresh, failure, step);
            }
            OpKind::Rotate => self.fail(RefreshMechanism::ClientBoundSat, failure, step),
        }
        self.answer_all(Err(refresh_failure(result)), step);
    }

    fn activation_failed(&mut self, failure: Failure, result: OutcomeResult, step: &mut Step) {
        match failure {
            Failure::Permanent => {
                self.bound_latched = true;
                self.warn_fallback(FallbackReason::EndpointFailed, step);
            }
            Failure::Transient { .. } => {
                let failures = self.activation_retry.failures.saturating_add(1);
                self.activation_retry = self.backed_off(failures, failure, step);
                // Without `refresh()` nothing stands in: activation goes on until expiry.
                if self.developer_able() {
                    if result == OutcomeResult::TimedOut {
                        self.warn_fallback(FallbackReason::ActivationTimeout, step);
                    } else if failures > self.policy.get().activation_retries {
                        self.warn_fallback(FallbackReason::EndpointFailed, step);
                    }
                }
            }
        }
    }

    /// FAIL: what the failure of a refresh means for its mechanism. The old credential stays.
    pub(super) fn fail(&mut self, mechanism: RefreshMechanism, failure: Failure, step: &mut Step) {
        let failures = self.refresh_retry.failures.saturating_add(1);
        let expired = self.newest.is_some_and(|held| held.is_expired(step));
        let spent = failures >= self.policy.get().attempts && expired;
        if failure != Failure::Permanent && !spent {
            self.refresh_retry = self.backed_off(failures, failure, step);
            return;
        }
        self.refresh_retry = Retry::NONE;
        if mechanism == RefreshMechanism::ClientBoundSat {
            self.bound_latched = true;
            if self.developer_able() {
                self.warn_fallback(FallbackReason::RefreshFailed, step);
            }
        } else {
            self.developer_latched = true;
        }
        if self.mechanism() == RefreshMechanism::None && !self.can_activate(step) {
            self.warn(Warning::RefreshStopped, step);
            if self.policy.get().exhausted == ExhaustedPolicy::Disconnect {
                step.act(Action::Disconnect);
            }
        }
    }

    /// The state of a retry after that many failures.
    pub(super) fn backed_off(&mut self, failures: u32, failure: Failure, step: &Step) -> Retry {
        let policy = self.policy.get();
        let asked = match failure {
            Failure::Transient { retry_after } => asked(retry_after, policy.retry_after_max),
            Failure::Permanent => 0,
        };
        let wait = policy.backoff.wait(failures, &mut self.chance).max(asked);
        Retry { at: step.now.plus(wait), failures }
    }

    fn record(&mut self, kind: OpKind, result: OutcomeResult, step: &Step) {
        self.last_outcome = Some(Outcome { kind, at: EpochMillis::new(step.wall), result });
    }
}

const fn refresh_failure(result: OutcomeResult) -> RefreshFailure {
    match result {
        OutcomeResult::Permanent => RefreshFailure::Permanent,
        OutcomeResult::TimedOut => RefreshFailure::TimedOut,
        OutcomeResult::Unusable => RefreshFailure::Unusable,
        OutcomeResult::Committed | OutcomeResult::Transient | OutcomeResult::Panicked => {
            RefreshFailure::Transient
        }
    }
}
