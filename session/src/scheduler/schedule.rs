//! What happens after every event: rules S0 to S8, which start whatever is due and set the one
//! deadline.

use credwire_core::EpochMillis;
use credwire_generated::RefreshMechanism;

use super::{
    action::{AbortCause, Action, OpKind, Warning},
    context::Context,
    credential::{CredentialInfo, Ending},
    event::Demand,
    ids::{CredentialKind, OpId, ReauthId},
    machine::{CredentialScheduler, Mechanism, Op, Reauth},
    policy::Lead,
};
use crate::boot_time::{BootTime, millis, part};

/// Something that may be due: an operation, or with `None` the notice of expiry.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    pub(super) kind: Option<OpKind>,
    pub(super) at: BootTime,
}

impl CredentialScheduler {
    pub(super) fn schedule(&mut self, cx: &mut Context) {
        self.deadline = BootTime::NEVER;
        // S0
        if self.closed {
            return;
        }
        self.make_way(cx);
        self.note_mechanism(cx);
        if !self.suspended && self.newest.is_some_and(|it| it.is_expired(cx)) {
            self.warn(Warning::CredentialExpired, cx);
        }
        if self.is_endless() && self.mechanism() != RefreshMechanism::None {
            self.warn(Warning::ExpiryUnknown, cx);
        }
        // S1
        let reauth_at = self.reauthenticate_when_behind(cx);
        // S4 to S7, unless S2 or S3 comes first
        let mut next = BootTime::NEVER;
        if self.op.is_none() && !self.suspended {
            let candidates = self.candidates(cx);
            let due = candidates.iter().find(|candidate| candidate.at <= cx.now);
            if let Some(kind) = due.and_then(|candidate| candidate.kind) {
                self.start_op(kind, cx);
            } else {
                next = candidates.iter().map(|c| c.at).min().unwrap_or(BootTime::NEVER);
            }
        }
        // S2
        if let Some(op) = self.op {
            next = self.op_deadline(&op, cx);
        }
        // S8; S3 and an idle scheduler have nothing to wait for
        next = next.min(reauth_at).min(self.next_turn(cx));
        if next != BootTime::NEVER {
            self.deadline = next.min(cx.now.plus(millis(self.policy.get().chunk)));
        }
    }

    /// W9 and W2: gives up what blocks something better. A failing rotation is replaced by
    /// `refresh()` when the reserve begins, and an expired bound token is never sent; a rotation in
    /// flight is aborted for a demand of the provider's credential.
    fn make_way(&mut self, cx: &mut Context) {
        if self.suspended {
            return;
        }
        let rotates = |op: &Op| matches!(op.kind, OpKind::Activate | OpKind::Rotate);
        if self.demand == Some(Demand::Provider) && self.op.as_ref().is_some_and(rotates) {
            self.abort(AbortCause::Replaced, cx);
        }
        if self.mechanism() == RefreshMechanism::ClientBoundSat && self.op.is_none() {
            let ending = self.ending(cx);
            let falls_back = self.rotation_fails(cx)
                && self.developer_able()
                && ending.is_some_and(|ending| ending.reserve <= cx.now);
            if falls_back || self.newest.is_some_and(|it| it.is_expired(cx)) {
                self.give_up(RefreshMechanism::ClientBoundSat, Mechanism::Exhausted, cx);
            }
        }
    }

    /// Whether rotation does not work for now: it failed, or a `Retry-After` holds.
    fn rotation_fails(&self, cx: &Context) -> bool {
        self.refresh_retry.failures > 0 || self.hold[OpKind::Rotate as usize] > cx.now
    }

    /// When the newest credential nears its end.
    fn ending(&self, cx: &Context) -> Option<Ending> {
        self.newest.and_then(|newest| newest.ending(self.policy.get().reserve, cx))
    }

    /// The next point of the newest credential's end that changes what is to be done.
    fn next_turn(&self, cx: &Context) -> BootTime {
        let Some(ending) = self.ending(cx).filter(|_| !self.suspended) else {
            return BootTime::NEVER;
        };
        let failing = self.rotation_fails(cx) || self.activation_retry.failures > 0;
        let turns = [ending.reserve, ending.last_try, ending.end];
        let mut ahead =
            turns.into_iter().filter(|at| *at > cx.now && (failing || *at == ending.end));
        ahead.next().unwrap_or(BootTime::NEVER)
    }

    /// When the time of an operation is over: after
    /// [`Policy::op_timeout`](super::Policy::op_timeout), or earlier where the end of the
    /// credential asks for something else.
    pub(super) fn op_deadline(&self, op: &Op, cx: &Context) -> BootTime {
        let policy = self.policy.get();
        let longest = op.started.after(policy.op_timeout);
        let provider = op.kind == OpKind::Authenticate;
        // A connection waits: the provider can be asked instead.
        if self.demand.is_some() && !provider {
            return longest.min(op.started.after(policy.reserve));
        }
        match self.ending(cx).filter(|_| !provider || self.demand.is_none()) {
            Some(ending) if op.started < ending.reserve => longest.min(ending.reserve),
            Some(ending) if op.started < ending.last_try => longest.min(ending.last_try),
            _ => longest,
        }
    }

    /// S1: sends the newest credential to a session that does not hold it. Returns the time to try
    /// again, or to replace a session that takes none, when that has not come.
    fn reauthenticate_when_behind(&mut self, cx: &mut Context) -> BootTime {
        let (Some(newest), true, None) = (self.newest, self.session_up, self.reauth) else {
            return BootTime::NEVER;
        };
        let Some(applied) = self.applied.filter(|it| it.generation != newest.generation) else {
            return BootTime::NEVER;
        };
        if newest.is_expired(cx) {
            return BootTime::NEVER;
        }
        let renew_at = self.renew_at(&applied, &newest, cx);
        if renew_at <= cx.now {
            self.replaced_for = newest.generation;
            cx.act(Action::Renew);
            return BootTime::NEVER;
        }
        if self.reauth_unsupported {
            return renew_at;
        }
        if cx.now < self.reauth_retry.at {
            return self.reauth_retry.at.min(renew_at);
        }
        let id = ReauthId(self.next_id());
        self.reauth = Some(Reauth { id, generation: newest.generation });
        cx.act(Action::Reauthenticate { id, generation: newest.generation });
        BootTime::NEVER
    }

    /// When a session that does not take the newest credential is to be replaced: in the reserve
    /// before the one in force ends, once for each credential.
    fn renew_at(
        &self,
        applied: &CredentialInfo,
        newest: &CredentialInfo,
        cx: &Context,
    ) -> BootTime {
        if !self.reauthentication_fails() || self.replaced_for == newest.generation {
            return BootTime::NEVER;
        }
        let ending = applied.ending(self.policy.get().reserve, cx);
        match ending {
            Some(ending) => ending.reserve,
            // Declared ended, or without an expiry.
            None if applied.is_expired(cx) => cx.now,
            None => BootTime::NEVER,
        }
    }

    /// Whether the credential in force has no expiry: neither its source nor the space sent one.
    fn is_endless(&self) -> bool {
        let applied = self.applied.map(|applied| applied.generation);
        let in_force = self.session_up && self.newest.map(|it| it.generation) == applied;
        in_force && self.newest.is_some_and(|newest| newest.validity.is_none())
    }

    /// S4 to S6, in the order in which they take precedence.
    pub(super) fn candidates(&self, cx: &Context) -> [Candidate; 3] {
        let candidate = |kind: OpKind, at: BootTime| {
            let started = self.last_start[kind as usize].plus(self.gap_before(kind));
            Candidate { kind: Some(kind), at: at.max(started).max(self.hold[kind as usize]) }
        };
        let none = Candidate { kind: None, at: BootTime::NEVER };

        let authenticate = match self.demand {
            Some(_) => candidate(OpKind::Authenticate, cx.now),
            None => none,
        };
        let activate = if self.wants_activation(cx) {
            let retry = self.activation_retry;
            candidate(
                OpKind::Activate,
                self.last_try(retry.at, retry.failures, OpKind::Activate, cx),
            )
        } else {
            none
        };
        let policy = self.policy.get();
        let refresh = match (self.newest, self.mechanism()) {
            (None, _) => none,
            (Some(newest), RefreshMechanism::ClientBoundSat) => {
                let at = self.refresh_at(&newest, &policy.bound_lead, OpKind::Rotate, cx);
                candidate(OpKind::Rotate, at)
            }
            (Some(newest), RefreshMechanism::DeveloperProvidedRefresh) => {
                let at = self.refresh_at(&newest, &policy.developer_lead, OpKind::Refresh, cx);
                candidate(OpKind::Refresh, at)
            }
            (Some(newest), RefreshMechanism::None) => {
                let left = newest.remaining(cx).filter(|remaining| *remaining > 0);
                if policy.renew_at_expiry && self.session_up && left.is_some() {
                    let lead = &policy.developer_lead;
                    let at = self.refresh_at(&newest, lead, OpKind::Authenticate, cx);
                    candidate(OpKind::Authenticate, at)
                } else {
                    Candidate { at: left.map_or(BootTime::NEVER, |left| cx.now.plus(left)), ..none }
                }
            }
        };
        [authenticate, activate, refresh]
    }

    /// S6: when the selected mechanism is due, but for the gap.
    fn refresh_at(
        &self,
        newest: &CredentialInfo,
        lead: &Lead,
        kind: OpKind,
        cx: &Context,
    ) -> BootTime {
        if self.refresh_retry.failures > 0 {
            self.last_try(self.refresh_retry.at, self.refresh_retry.failures, kind, cx)
        } else if self.forced {
            cx.now
        } else if let Some(validity) = newest.validity {
            let lead = lead_time(lead, validity.lifetime, newest.jitter);
            cx.now.plus(validity.remaining(cx).saturating_sub(lead).max(0))
        } else {
            BootTime::NEVER
        }
    }

    /// W9: no pause is waited for past the last moment at which a try makes sense.
    fn last_try(&self, at: BootTime, failures: u32, kind: OpKind, cx: &Context) -> BootTime {
        match self.ending(cx) {
            // Once it has been made, the pause holds again.
            Some(ending) if failures > 0 && self.last_start[kind as usize] < ending.last_try => {
                at.min(ending.last_try)
            }
            _ => at,
        }
    }

    /// The least time between two starts of operations of this kind.
    fn gap_before(&self, kind: OpKind) -> i64 {
        let gap = &self.policy.get().gap;
        let (min, max) = (millis(gap.min), millis(gap.max));
        let scheduled = matches!(kind, OpKind::Refresh | OpKind::Rotate);
        if !scheduled || self.refresh_retry.failures > 0 {
            return min;
        }
        let validity = self.newest.and_then(|newest| newest.validity);
        validity.map_or(max, |validity| (i64::from(validity.lifetime) / 4).clamp(min, max))
    }

    /// S7: starts an operation.
    fn start_op(&mut self, kind: OpKind, cx: &mut Context) {
        let id = OpId(self.next_id());
        self.op = Some(Op { id, kind, started: cx.now });
        self.last_start[kind as usize] = cx.now;
        if kind != OpKind::Activate {
            self.forced = false;
        }
        cx.act(Action::Start { id, kind });
    }

    /// The mechanism that refreshes the newest credential, by the precedence table of the
    /// `CredentialProvider` reference and what is possible at this moment.
    pub(super) fn mechanism(&self) -> RefreshMechanism {
        let Some(newest) = self.newest else { return RefreshMechanism::None };
        let bound = newest.kind == CredentialKind::Bound;
        let rotates = bound && self.able.dpop && self.bound == Mechanism::Usable;
        RefreshMechanism::select(self.developer_able(), rotates)
    }

    /// Whether the provider's `refresh()` exists and was not given up.
    pub(super) fn developer_able(&self) -> bool {
        self.able.refresh && self.developer == Mechanism::Usable
    }

    /// Whether the newest credential could be activated on a live session.
    pub(super) fn can_activate(&self, cx: &Context) -> bool {
        self.able.dpop
            && self.bound == Mechanism::Usable
            && !self.reauth_unsupported
            && self.scope == Some(true)
            && self
                .newest
                .is_some_and(|it| it.kind == CredentialKind::Unbound && !it.is_expired(cx))
    }

    /// S5: whether it is to be activated now. While `refresh()` can stand in, activation is not
    /// tried for ever.
    pub(super) fn wants_activation(&self, cx: &Context) -> bool {
        let tries_left = self.activation_retry.failures <= self.policy.get().activation_retries;
        self.session_up && self.can_activate(cx) && (tries_left || !self.developer_able())
    }

    /// Keeps the time since which the mechanism is the same.
    fn note_mechanism(&mut self, cx: &Context) {
        let mechanism = self.mechanism();
        if mechanism != self.armed {
            self.armed = mechanism;
            self.armed_since = EpochMillis::new(cx.wall);
        }
    }
}

/// How long before expiry a refresh is due, in milliseconds.
fn lead_time(lead: &Lead, lifetime: u32, jitter: u16) -> i64 {
    let base = part(i64::from(lifetime), lead.percent).clamp(millis(lead.min), millis(lead.max));
    base + part(base, lead.jitter_percent) * i64::from(jitter) / i64::from(u16::MAX)
}
