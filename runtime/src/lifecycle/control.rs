//! Events of the application and of the machine: start, demands, suspend, clocks, keys, the end.

use credwire_core::EpochMillis;
use credwire_generated::RefreshMechanism;

use super::{
    action::{AbortCause, Action, FallbackReason, RefreshFailure, Warning},
    arbiter::{Arbiter, Need},
    event::{Cached, CredentialKind, Generation, Grant, WaiterId},
    held::{Held, Validity},
    moment::{millis, part},
    step::Step,
};

impl Arbiter {
    /// Start. Guard: there is no credential yet.
    pub(super) fn start(&mut self, cached: Option<Cached>, step: &mut Step) {
        if self.newest.is_some() {
            return;
        }
        let of = |cached: &Cached| {
            Validity::of(&Grant { expiry: cached.expiry, ..Grant::default() }, step)
        };
        // An expired one can still resume a session, but is of no other use.
        let usable = |cached: &Cached| {
            let expired = of(cached).is_some_and(|validity| validity.remaining(step) <= 0);
            (cached.kind == CredentialKind::Unbound || self.able.dpop)
                && (cached.resumable || !expired)
        };
        let Some(cached) = cached.filter(usable) else {
            self.need = self.need.max(Some(Need::Valid));
            return;
        };
        self.commit(cached.kind, of(&cached), step);
        if cached.resumable {
            self.applied = self.newest;
        }
    }

    /// Restore. Guard: what `Start` restored is to be resumed and has not been replaced yet, and
    /// the newer one is of use.
    pub(super) fn restore(&mut self, newer: &Cached, step: &mut Step) {
        let is_restored = self.newest.is_some() && self.newest() == self.applied();
        let validity = Validity::of(&Grant { expiry: newer.expiry, ..Grant::default() }, step);
        let expired = validity.is_some_and(|validity| validity.remaining(step) <= 0);
        let usable = newer.kind == CredentialKind::Unbound || self.able.dpop;
        if is_restored && !self.session_up && usable && !expired {
            self.commit(newer.kind, validity, step);
        }
    }

    /// NeedFresh. Answered at once while the newest credential is good to begin with; otherwise an
    /// operation in flight is joined, or the provider is asked.
    pub(super) fn need_fresh(&mut self, waiter: WaiterId, step: &mut Step) {
        match self.newest {
            Some(held) if !self.is_too_old(&held, step) => {
                step.act(Action::Answer { waiter, result: Ok(held.generation) });
            }
            _ => self.need(Need::Valid, waiter, step),
        }
    }

    /// Whether the mandatory window of a credential is open.
    pub(super) fn is_too_old(&self, held: &Held, step: &Step) -> bool {
        let window = &self.policy.get().mandatory;
        held.validity.is_some_and(|validity| {
            let part = part(i64::from(validity.lifetime), window.percent);
            validity.remaining(step) <= part.clamp(millis(window.min), millis(window.max))
        })
    }

    /// NeedFresh with nothing to give, and NeedNew. An operation in flight is joined, or the
    /// provider is asked.
    pub(super) fn need(&mut self, need: Need, waiter: WaiterId, step: &mut Step) {
        if !self.suspended {
            self.need = self.need.max(Some(need));
        }
        self.join(waiter, step);
    }

    /// RefreshNow. Everything that was given up gets another chance.
    pub(super) fn refresh_now(&mut self, waiter: WaiterId, step: &mut Step) {
        self.bound_latched = false;
        self.developer_latched = false;
        if self.mechanism() == RefreshMechanism::None {
            step.act(Action::Answer { waiter, result: Err(RefreshFailure::NoMechanism) });
        } else {
            self.forced |= !self.suspended;
            self.join(waiter, step);
        }
    }

    /// Lets `waiter` wait for the operation that is in flight or about to start. While suspended
    /// none is about to start.
    pub(super) fn join(&mut self, waiter: WaiterId, step: &mut Step) {
        if self.suspended && self.op.is_none() {
            step.act(Action::Answer { waiter, result: Err(RefreshFailure::Suspended) });
        } else {
            self.waiting = true;
        }
    }

    /// Answers everyone who waits.
    pub(super) fn answer_all(
        &mut self,
        result: Result<Generation, RefreshFailure>,
        step: &mut Step,
    ) {
        if std::mem::take(&mut self.waiting) {
            step.act(Action::AnswerAll { result });
        }
    }

    /// ScopeKnown. Guard: it is of the SAT in use, and nothing is known yet.
    pub(super) fn scope_known(
        &mut self,
        generation: Generation,
        sat_refresh: bool,
        step: &mut Step,
    ) {
        let current = self.newest.filter(|_| generation >= self.scope_since);
        let (Some(held), None) = (current, self.scope) else { return };
        self.scope = Some(sat_refresh);
        if held.kind == CredentialKind::Unbound {
            if !sat_refresh {
                self.warn_fallback(FallbackReason::NoScope, step);
            } else if !self.able.dpop {
                self.warn_fallback(FallbackReason::NoDpopSupport, step);
            }
        }
    }

    /// ExpiryKnown. Guard: it is of the newest credential, was unknown, and has not passed.
    pub(super) fn expiry_known(
        &mut self,
        generation: Generation,
        expiry: EpochMillis,
        step: &Step,
    ) {
        let validity = Validity::of(&Grant { expiry: Some(expiry), ..Grant::default() }, step);
        let validity = validity.filter(|validity| validity.remaining(step) > 0);
        if self.newest() != Some(generation) {
            return;
        }
        for held in [&mut self.newest, &mut self.applied].into_iter().flatten() {
            if held.generation == generation {
                held.validity = held.validity.or(validity);
            }
        }
    }

    /// Invalidate. Guard: it is the newest credential.
    pub(super) fn invalidate(&mut self, generation: Generation, step: &Step) {
        if self.newest() != Some(generation) {
            return;
        }
        if self.mechanism() != RefreshMechanism::None {
            self.forced = true;
            return;
        }
        for held in [&mut self.newest, &mut self.applied].into_iter().flatten() {
            if held.generation == generation {
                held.expire(step);
            }
        }
    }

    /// SetCredential. Guard: it has not expired. As a successful authentication; an operation in
    /// flight is aborted first.
    pub(super) fn set_credential(&mut self, grant: &Grant, step: &mut Step) {
        let Ok(validity) = self.in_time(grant, step) else { return };
        self.abort(AbortCause::Replaced, step);
        self.begin_lineage();
        self.commit(CredentialKind::Unbound, validity, step);
    }

    /// Suspend. An operation in flight may finish; its result is committed.
    pub(super) fn suspend(&mut self) {
        self.suspended = true;
        self.need = None;
        self.session_down();
    }

    /// KeyLost. What is bound to the lost key is as good as expired.
    pub(super) fn key_lost(&mut self, step: &mut Step) {
        self.able.dpop = false;
        for held in [&mut self.newest, &mut self.applied].into_iter().flatten() {
            if held.kind == CredentialKind::Bound {
                held.expire(step);
            }
        }
        self.warn(Warning::DpopKeyLost, step);
    }

    /// ServerTime. `Date` has a resolution of one second and is a little old when it arrives, so
    /// that any estimate within two seconds after it agrees with it.
    pub(super) fn server_time(&mut self, time: EpochMillis, step: &mut Step) {
        let floor = time.get();
        let estimate = step.server_time().clamp(floor, floor.saturating_add(2000));
        let skew = estimate.saturating_sub(step.wall);
        if skew.saturating_abs() > millis(self.policy.get().skew_max) {
            return;
        }
        self.skew = skew;
        step.skew = skew;
        for held in [&mut self.newest, &mut self.applied].into_iter().flatten() {
            if let Some(validity) = &mut held.validity {
                validity.anchor(step);
            }
        }
    }

    /// Destroy. The end (S0): a blank arbiter that takes no more events.
    pub(super) fn destroy(&mut self, step: &mut Step) {
        self.abort(AbortCause::Closed, step);
        self.answer_all(Err(RefreshFailure::Closed), step);
        *self = Self { closed: true, ..Self::new(self.policy.clone(), self.able, 0) };
    }

    /// Retires the operation in flight.
    fn abort(&mut self, cause: AbortCause, step: &mut Step) {
        if let Some(op) = self.op.take() {
            step.act(Action::Abort { id: op.id, cause });
        }
    }
}
