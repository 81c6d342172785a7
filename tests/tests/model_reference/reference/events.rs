//! What each event does, and FAIL.

use credwire::lifecycle::{AbortCause, FallbackReason, OpKind, RefreshFailure, Warning};

use super::{Credential, JMAX, Mechanism, OP_TIMEOUT, Reference, SECOND};
use crate::input::{Cache, Input, Output, Terms};

const KMAX: u32 = 5;

#[derive(Clone, Copy, Debug)]
pub(super) enum Failed {
    ForGood,
    ForNow { retry_after: i64 },
}

impl Reference {
    pub(crate) fn step(&mut self, input: Input) {
        self.outputs.clear();
        if self.dead {
            if matches!(input, Input::NeedFresh | Input::NeedNew | Input::RefreshNow) {
                self.say(Output::Answer(Err(RefreshFailure::Closed)));
            }
            return;
        }
        self.take(input);
        self.settle();
    }

    fn take(&mut self, input: Input) {
        match input {
            Input::Start { cached } => self.start(cached),
            Input::Restore(newer) => self.restore(newer),
            Input::NeedFresh => self.need_fresh(),
            Input::NeedNew => {
                self.need |= !self.suspended;
                self.need_unbound |= !self.suspended;
                self.join();
            }
            Input::RefreshNow => {
                self.bound_off = false;
                self.developer_off = false;
                if self.mechanism().is_none() {
                    self.say(Output::Answer(Err(RefreshFailure::NoMechanism)));
                } else {
                    self.forced |= !self.suspended;
                    self.join();
                }
            }
            Input::Scope { sat_refresh, stale } => self.scope(sat_refresh, stale),
            Input::Expiry { left, stale } => self.told_expiry(left, stale),
            Input::UpNewest | Input::UpApplied | Input::UpReplaced => self.session_up(input),
            Input::Down => self.session_down(),
            Input::OpOk(terms) => self.op_ok(terms, false),
            Input::OpSameToken => {
                let terms = match self.newest.map(|newest| (newest, self.expiry(newest))) {
                    Some((_, Some(expiry))) => Terms::Expiry(expiry - self.wall),
                    _ => Terms::Nothing,
                };
                self.op_ok(terms, true);
            }
            Input::OpTransient { retry_after } => {
                let asked = i64::try_from(retry_after.unwrap_or(0)).unwrap() * SECOND;
                let failed = Failed::ForNow { retry_after: asked.min(900 * SECOND) };
                self.op_failed(failed, RefreshFailure::Transient);
            }
            Input::OpPermanent => self.op_failed(Failed::ForGood, RefreshFailure::Permanent),
            Input::OpPanic => self.op_failed_now(RefreshFailure::Transient),
            Input::LateOp | Input::LateReauth => {}
            Input::ReauthOk => self.reauth_ok(),
            Input::ReauthLost => self.reauth_lost(),
            Input::ReauthRejected => self.reauth_rejected(),
            Input::Tick => {
                if let Some((_, started)) = self.op
                    && self.boot >= started + OP_TIMEOUT
                {
                    self.say(Output::Abort(AbortCause::TimedOut));
                    self.op_failed_now(RefreshFailure::TimedOut);
                }
            }
            Input::Invalidate { stale } => {
                if !stale && self.newest.is_some() {
                    self.invalidate();
                }
            }
            Input::RefusedResume => {
                self.session_down();
                self.applied = None;
                self.say(Output::DropStoredState);
            }
            Input::RefusedFresh { stale } => {
                self.session_down();
                let current = !stale && self.newest.is_some();
                if current {
                    self.invalidate();
                }
                if current && self.forced { self.join() } else { self.need_fresh() }
            }
            Input::Set(terms) => self.set(terms),
            Input::Suspend => {
                self.suspended = true;
                self.need = false;
                self.need_unbound = false;
                self.session_down();
            }
            Input::Resume => self.suspended = false,
            Input::KeyLost => {
                self.dpop = false;
                for credential in [&mut self.newest, &mut self.applied].into_iter().flatten() {
                    revoke(credential, credential.bound, self.wall);
                }
                self.warn(Warning::DpopKeyLost);
            }
            Input::ServerTime(ahead) => {
                let skew = self.skew.clamp(ahead, ahead + 2 * SECOND);
                if skew.abs() <= 24 * 3600 * SECOND {
                    self.skew = skew;
                    // From here on, age counts from now.
                    for credential in [&mut self.newest, &mut self.applied].into_iter().flatten() {
                        if let Terms::Expiry(left) = &mut credential.terms {
                            *left -= self.wall - credential.received_wall;
                            credential.received_wall = self.wall;
                            credential.received_boot = self.boot;
                        }
                    }
                }
            }
            Input::Destroy => {
                if self.op.is_some() {
                    self.say(Output::Abort(AbortCause::Closed));
                }
                self.answer_all(Err(RefreshFailure::Closed));
                let outputs = std::mem::take(&mut self.outputs);
                *self = Self {
                    dead: true,
                    outputs,
                    wall: self.wall,
                    boot: self.boot,
                    ..Self::new(self.dpop, self.refresh)
                };
            }
        }
    }

    fn start(&mut self, cached: Option<Cache>) {
        if self.newest.is_some() {
            return;
        }
        let cached = cached.filter(|cached| {
            let expired = cached.expires_in.is_some_and(|left| left - self.skew <= 0);
            (!cached.bound || self.dpop) && (cached.resumable || !expired)
        });
        let Some(cached) = cached else {
            self.need = true;
            return;
        };
        self.commit(cached.bound, cached.expires_in.map_or(Terms::Nothing, Terms::Expiry));
        if cached.resumable {
            self.applied = self.newest;
        }
    }

    fn restore(&mut self, newer: Cache) {
        let expired = newer.expires_in.is_some_and(|left| left - self.skew <= 0);
        let usable = (!newer.bound || self.dpop) && !expired;
        if self.newest.is_some() && !self.behind() && !self.up && usable {
            self.commit(newer.bound, newer.expires_in.map_or(Terms::Nothing, Terms::Expiry));
        }
    }

    fn told_expiry(&mut self, left: i64, stale: bool) {
        let Some(newest) = self.newest.filter(|_| !stale && left - self.skew > 0) else { return };
        for credential in [&mut self.newest, &mut self.applied].into_iter().flatten() {
            let endless = matches!(credential.terms, Terms::Nothing) && !credential.revoked;
            if credential.number == newest.number && endless {
                credential.terms = Terms::Expiry(left);
                credential.lifetime = Some(left - self.skew);
                credential.received_wall = self.wall;
                credential.received_boot = self.boot;
            }
        }
    }

    fn need_fresh(&mut self) {
        // A twentieth of the lifetime before expiry, and at most 10 s, a connect insists.
        let is_old = |newest: Credential| {
            let mandatory = (newest.lifetime.unwrap_or(0) / 20).min(10 * SECOND);
            self.remaining(newest).is_some_and(|remaining| remaining <= mandatory)
        };
        match self.newest {
            Some(newest) if !is_old(newest) => self.say(Output::Answer(Ok(newest.number))),
            _ => {
                self.need |= !self.suspended;
                self.join();
            }
        }
    }

    fn scope(&mut self, sat_refresh: bool, stale: bool) {
        let Some(newest) = self.newest else { return };
        let number = if stale { 1 } else { newest.number };
        if self.scope.is_some() || number < self.scope_since {
            return;
        }
        self.scope = Some(sat_refresh);
        if !newest.bound {
            match (sat_refresh, self.dpop) {
                (false, _) => self.fallback(FallbackReason::NoScope),
                (true, false) => self.fallback(FallbackReason::NoDpopSupport),
                (true, true) => {}
            }
        }
    }

    /// What is wrong with a new credential on its own.
    fn expired_on_arrival(&mut self, terms: Terms) -> bool {
        let left = match terms {
            Terms::Nothing => return false,
            Terms::Lifetime(lifetime) => lifetime,
            Terms::Expiry(expires_in) => expires_in - self.skew,
        };
        if left <= 0 {
            self.warn(Warning::ExpiredOnArrival);
        }
        left <= 0
    }

    fn op_ok(&mut self, terms: Terms, same_token: bool) {
        let Some((kind, _)) = self.op else { return };
        if self.expired_on_arrival(terms) {
            return self.op_failed_now(RefreshFailure::Unusable);
        }
        if same_token {
            // The test gives the old expiry with the old token.
            self.warn(Warning::SameToken);
            return self.op_failed_now(RefreshFailure::Unusable);
        }
        let bound = matches!(kind, OpKind::Activate | OpKind::Rotate);
        if bound && !self.dpop {
            return self.op_failed(Failed::ForGood, RefreshFailure::Unusable);
        }
        self.op = None;
        match kind {
            OpKind::Authenticate => self.new_lineage(),
            OpKind::Activate => {
                self.j = 0;
                self.act_at = 0;
            }
            OpKind::Refresh | OpKind::Rotate => {}
        }
        self.commit(bound, terms);
    }

    fn new_lineage(&mut self) {
        self.bound_off = false;
        self.developer_off = false;
        self.j = 0;
        self.act_at = 0;
        self.warned.clear();
        self.refused = 0;
    }

    fn commit(&mut self, bound: bool, terms: Terms) {
        let previous = self.newest;
        let number = previous.map_or(1, |newest| newest.number + 1);
        let lifetime = match terms {
            Terms::Nothing => None,
            Terms::Lifetime(lifetime) => Some(lifetime),
            Terms::Expiry(expires_in) => Some((expires_in - self.skew).max(0)),
        };
        let new = Credential {
            number,
            bound,
            terms,
            received_wall: self.wall,
            received_boot: self.boot,
            lifetime,
            revoked: false,
        };
        self.newest = Some(new);
        if !bound || previous.is_none() {
            self.scope = None;
            self.scope_since = number;
        }
        self.k = 0;
        self.retry_at = 0;
        self.r = 0;
        self.rea_at = 0;
        self.forced = false;
        self.say(Output::Commit { generation: number, bound });
        if !(bound && self.need_unbound) {
            self.need = false;
            self.need_unbound = false;
            self.answer_all(Ok(number));
        }
        self.warned.remove("CredentialExpired");
        self.warned.remove("RefreshStopped");
        if let Some(old) = previous.filter(|old| old.bound == bound)
            && let (Some(old), Some(new)) = (self.expiry(old), self.expiry(new))
            && new < old
        {
            self.warn(Warning::EarlierExpiry);
        }
    }

    fn op_failed_now(&mut self, answer: RefreshFailure) {
        self.op_failed(Failed::ForNow { retry_after: 0 }, answer);
    }

    fn op_failed(&mut self, failed: Failed, answer: RefreshFailure) {
        let Some((kind, _)) = self.op.take() else { return };
        match (kind, failed) {
            (OpKind::Authenticate, _) => {
                self.need = false;
                self.need_unbound = false;
            }
            (OpKind::Activate, Failed::ForGood) => {
                self.bound_off = true;
                self.fallback(FallbackReason::EndpointFailed);
            }
            (OpKind::Activate, Failed::ForNow { retry_after }) => {
                self.j += 1;
                self.act_at = self.boot + Self::backoff(self.j).max(retry_after);
                if self.developer_possible() && answer == RefreshFailure::TimedOut {
                    self.warn(Warning::Fallback(FallbackReason::ActivationTimeout));
                } else if self.developer_possible() && self.j > JMAX {
                    self.warn(Warning::Fallback(FallbackReason::EndpointFailed));
                }
            }
            (OpKind::Refresh, _) => self.fail(Mechanism::Developer, failed),
            (OpKind::Rotate, _) => self.fail(Mechanism::Bound, failed),
        }
        self.answer_all(Err(answer));
    }

    pub(super) fn fail(&mut self, mechanism: Mechanism, failed: Failed) {
        if let Failed::ForNow { retry_after } = failed {
            self.k += 1;
            if self.k < KMAX || !self.expired() {
                self.retry_at = self.boot + Self::backoff(self.k).max(retry_after);
                return;
            }
        }
        self.k = 0;
        self.retry_at = 0;
        match mechanism {
            Mechanism::Bound => {
                self.bound_off = true;
                if self.developer_possible() {
                    self.warn(Warning::Fallback(FallbackReason::RefreshFailed));
                }
            }
            Mechanism::Developer => self.developer_off = true,
        }
        if self.mechanism().is_none() && !self.activation_possible() {
            self.warn(Warning::RefreshStopped);
        }
    }

    fn invalidate(&mut self) {
        if self.mechanism().is_some() {
            self.forced = true;
            return;
        }
        let number = self.newest.map(|newest| newest.number);
        for credential in [&mut self.newest, &mut self.applied].into_iter().flatten() {
            revoke(credential, Some(credential.number) == number, self.wall);
        }
    }

    fn set(&mut self, terms: Terms) {
        if self.expired_on_arrival(terms) {
            return;
        }
        if self.op.take().is_some() {
            self.say(Output::Abort(AbortCause::Replaced));
        }
        self.new_lineage();
        self.commit(false, terms);
    }
}

/// Declares a credential expired.
fn revoke(credential: &mut Credential, really: bool, wall: i64) {
    if really {
        credential.revoked = true;
        credential.lifetime = Some(0);
        if matches!(credential.terms, Terms::Nothing) {
            // From now on it has an expiry: this moment, by our own clock.
            credential.terms = Terms::Lifetime(wall - credential.received_wall);
        }
    }
}
