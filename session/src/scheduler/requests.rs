//! Events of the application and of the machine: what is restored, demands, suspend, clocks, keys,
//! the end.

use credwire_core::EpochMillis;
use credwire_generated::RefreshMechanism;

use super::{
    action::{AbortCause, Action, FallbackReason, OpKind, Warning},
    context::Context,
    credential::{CredentialInfo, TokenInfo, Validity},
    event::Saved,
    ids::{CredentialKind, Generation},
    machine::{CredentialScheduler, Mechanism},
};
use crate::boot_time::{millis, part};

impl CredentialScheduler {
    /// Restore. Guard: no session is up, and a bound credential has its key. Whether it has ended is
    /// asked when it is to be presented: the space's time may still be unknown.
    pub(super) fn restore(&mut self, saved: &Saved, in_force: bool, cx: &mut Context) {
        let usable = saved.kind == CredentialKind::Unbound || self.able.dpop;
        if self.session_up || !usable {
            return;
        }
        let info = TokenInfo { expiry: saved.expiry, ..TokenInfo::default() };
        self.commit(saved.kind, Validity::of(&info, cx), cx);
        if in_force {
            self.applied = self.newest;
        }
    }

    /// Whether the mandatory window of a credential is open.
    pub(super) fn is_too_old(&self, credential: &CredentialInfo, cx: &Context) -> bool {
        let window = &self.policy.get().mandatory;
        credential.validity.is_some_and(|validity| {
            let part = part(i64::from(validity.lifetime), window.percent);
            validity.remaining(cx) <= part.clamp(millis(window.min), millis(window.max))
        })
    }

    /// RefreshNow. Mechanisms that were given up are tried again.
    pub(super) fn refresh_now(&mut self) {
        self.bound = Mechanism::Usable;
        self.developer = Mechanism::Usable;
        self.forced |= !self.suspended && self.mechanism() != RefreshMechanism::None;
    }

    /// ScopeKnown. Guard: it is of the SAT in use, whose scope was not read yet.
    pub(super) fn scope_known(
        &mut self,
        generation: Generation,
        sat_refresh: bool,
        cx: &mut Context,
    ) {
        let current = self.newest.filter(|_| generation >= self.scope_since);
        let (Some(newest), None) = (current, self.scope) else { return };
        self.scope = Some(sat_refresh);
        if newest.kind == CredentialKind::Unbound {
            if !sat_refresh {
                self.warn_fallback(FallbackReason::NoScope, cx);
            } else if !self.able.dpop {
                self.warn_fallback(FallbackReason::NoDpopSupport, cx);
            }
        }
    }

    /// ExpiryKnown. Guard: there was none or an assumed one, and it has not passed.
    pub(super) fn expiry_known(
        &mut self,
        generation: Generation,
        expiry: EpochMillis,
        cx: &Context,
    ) {
        let info = TokenInfo { expiry: Some(expiry), ..TokenInfo::default() };
        let validity = Validity::of(&info, cx).filter(|validity| validity.remaining(cx) > 0);
        for credential in [&mut self.newest, &mut self.applied].into_iter().flatten() {
            if credential.generation == generation {
                let given = credential.validity.filter(|validity| !validity.assumed);
                credential.validity = given.or(validity).or(credential.validity);
            }
        }
    }

    /// Invalidate. Guard: it is the newest credential.
    pub(super) fn invalidate(&mut self, generation: Generation, cx: &Context) {
        if self.newest_generation() != generation {
            return;
        }
        if self.mechanism() == RefreshMechanism::None {
            self.declare_ended(generation, cx);
        } else {
            self.forced = true;
        }
    }

    /// Refused, and Invalidate without a mechanism: the credential is not sent any more.
    pub(super) fn declare_ended(&mut self, generation: Generation, cx: &Context) {
        for credential in [&mut self.newest, &mut self.applied].into_iter().flatten() {
            if credential.generation == generation {
                credential.expire(cx);
            }
        }
    }

    /// SetCredential. Guard: it has not expired. As a successful authentication; an operation in
    /// flight is aborted first.
    pub(super) fn set_credential(&mut self, info: &TokenInfo, cx: &mut Context) {
        let Ok(validity) = self.in_time(info, cx) else { return };
        self.abort(AbortCause::Replaced, cx);
        self.begin_lineage();
        self.commit(CredentialKind::Unbound, validity, cx);
    }

    /// Suspend. An operation in flight may finish; its result is committed.
    pub(super) fn suspend(&mut self) {
        self.suspended = true;
        self.demand = None;
        self.forced = false;
        self.session_down();
    }

    /// KeyLost. A credential bound to the lost key is treated as expired, and a token in flight
    /// could not be proved: that operation ends, suspended or not.
    pub(super) fn key_lost(&mut self, cx: &mut Context) {
        self.able.dpop = false;
        if self.op.is_some_and(|op| matches!(op.kind, OpKind::Activate | OpKind::Rotate)) {
            self.abort(AbortCause::Replaced, cx);
        }
        for credential in [&mut self.newest, &mut self.applied].into_iter().flatten() {
            if credential.kind == CredentialKind::Bound {
                credential.expire(cx);
            }
        }
        self.warn(Warning::DpopKeyLost, cx);
    }

    /// ServerTime. `Date` has a resolution of one second and is a little old when it arrives, so
    /// that any estimate within two seconds after it agrees with it.
    pub(super) fn server_time(&mut self, time: Option<EpochMillis>, cx: &mut Context) {
        let Some(time) = time else {
            self.server_time_known = false;
            return;
        };
        let floor = time.get();
        let estimate = cx.server_time().clamp(floor, floor.saturating_add(2000));
        let skew = estimate.saturating_sub(cx.wall);
        if skew.saturating_abs() > millis(self.policy.get().skew_max) {
            // An absurd answer is an answer: asking again would give no better one.
            self.server_time_known = true;
            return;
        }
        self.server_time_known = true;
        self.skew = skew;
        cx.skew = skew;
        for credential in [&mut self.newest, &mut self.applied].into_iter().flatten() {
            if let Some(validity) = &mut credential.validity {
                validity.anchor(cx);
            }
        }
    }

    /// Destroy. The end (S0): a blank scheduler that takes no more events.
    pub(super) fn destroy(&mut self, cx: &mut Context) {
        self.abort(AbortCause::Closed, cx);
        *self = Self { closed: true, ..Self::new(self.policy.clone(), self.able, 0) };
    }

    /// Retires the operation in flight.
    pub(super) fn abort(&mut self, cause: AbortCause, cx: &mut Context) {
        if let Some(op) = self.op.take() {
            cx.act(Action::Abort { id: op.id, kind: op.kind, cause });
        }
    }
}
