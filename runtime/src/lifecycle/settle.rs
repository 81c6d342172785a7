//! What happens after every event: rules S0 to S8, which start whatever is due and set the one
//! deadline.

use credwire_core::EpochMillis;
use credwire_generated::RefreshMechanism;

use super::{
    action::{Action, OpKind, RefreshFailure, Warning},
    arbiter::{Arbiter, Op, Reauth},
    event::{CredentialKind, OpId, ReauthId},
    held::Held,
    moment::{Moment, millis, part},
    policy::Lead,
    step::Step,
};

/// Something that may be due: an operation, or with `None` the notice of expiry.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    pub(super) kind: Option<OpKind>,
    pub(super) at: Moment,
}

impl Arbiter {
    pub(super) fn settle(&mut self, step: &mut Step) {
        self.deadline = Moment::NEVER;
        self.note_mechanism(step);
        // S0
        if self.closed {
            return;
        }
        if !self.suspended && self.newest.is_some_and(|held| held.is_expired(step)) {
            self.warn(Warning::CredentialExpired, step);
        }
        if self.is_endless() && self.mechanism() != RefreshMechanism::None {
            self.warn(Warning::ExpiryUnknown, step);
        }
        // S1
        let reauth_at = self.reauthenticate_when_behind(step);
        // S4 to S7, unless S2 or S3 comes first
        let mut next = Moment::NEVER;
        if self.op.is_none() && !self.suspended {
            let candidates = self.candidates(step);
            let due = candidates.iter().find(|candidate| candidate.at <= step.now);
            if let Some(kind) = due.and_then(|candidate| candidate.kind) {
                self.start_op(kind, step);
            } else {
                next = candidates.iter().map(|c| c.at).min().unwrap_or(Moment::NEVER);
            }
        }
        // S2
        if let Some(op) = self.op {
            next = op.started.plus(millis(self.policy.get().op_timeout));
        }
        self.leave_nobody_waiting(step);
        // S8; S3 and an idle arbiter have nothing to wait for
        next = next.min(reauth_at);
        if next != Moment::NEVER {
            self.deadline = next.min(step.now.plus(millis(self.policy.get().chunk)));
        }
    }

    /// S1: sends the newest credential to a session that does not hold it. Gives the time to try
    /// again when that has not come.
    fn reauthenticate_when_behind(&mut self, step: &mut Step) -> Moment {
        let (Some(newest), true, None) = (self.newest, self.session_up, self.reauth) else {
            return Moment::NEVER;
        };
        if self.applied() == Some(newest.generation) {
            return Moment::NEVER;
        }
        if step.now < self.reauth_retry.at {
            return self.reauth_retry.at;
        }
        let id = ReauthId(self.next_id());
        self.reauth = Some(Reauth { id, generation: newest.generation });
        step.act(Action::Reauthenticate {
            id,
            generation: newest.generation,
            client_bound: newest.kind == CredentialKind::Bound,
        });
        Moment::NEVER
    }

    /// Whether nobody says when the credential in force expires: neither who gave it nor the space.
    fn is_endless(&self) -> bool {
        let in_force = self.session_up && self.newest() == self.applied();
        in_force && self.newest.is_some_and(|held| held.validity.is_none())
    }

    /// S4 to S6, in the order in which they take precedence.
    pub(super) fn candidates(&self, step: &Step) -> [Candidate; 3] {
        let after_gap = |kind: OpKind, at: Moment| {
            let gap = self.gap_before(kind);
            Candidate { kind: Some(kind), at: at.max(self.last_start[kind as usize].plus(gap)) }
        };
        let none = Candidate { kind: None, at: Moment::NEVER };

        let authenticate =
            if self.need.is_some() { after_gap(OpKind::Authenticate, step.now) } else { none };
        let activate = if self.wants_activation(step) {
            after_gap(OpKind::Activate, self.activation_retry.at)
        } else {
            none
        };
        let refresh = match (self.newest, self.mechanism()) {
            (None, _) => none,
            (Some(held), RefreshMechanism::ClientBoundSat) => {
                let lead = &self.policy.get().bound_lead;
                after_gap(OpKind::Rotate, self.refresh_at(&held, lead, step))
            }
            (Some(held), RefreshMechanism::DeveloperProvidedRefresh) => {
                let lead = &self.policy.get().developer_lead;
                after_gap(OpKind::Refresh, self.refresh_at(&held, lead, step))
            }
            (Some(held), RefreshMechanism::None) => {
                let left = held.remaining(step).filter(|remaining| *remaining > 0);
                Candidate { at: left.map_or(Moment::NEVER, |left| step.now.plus(left)), ..none }
            }
        };
        [authenticate, activate, refresh]
    }

    /// S6: when the selected mechanism is due, but for the gap.
    fn refresh_at(&self, held: &Held, lead: &Lead, step: &Step) -> Moment {
        if self.refresh_retry.failures > 0 {
            self.refresh_retry.at
        } else if self.forced {
            step.now
        } else if let Some(validity) = held.validity {
            let lead = lead_time(lead, validity.lifetime, held.jitter);
            step.now.plus(validity.remaining(step).saturating_sub(lead).max(0))
        } else {
            Moment::NEVER
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
        let validity = self.newest.and_then(|held| held.validity);
        validity.map_or(max, |validity| (i64::from(validity.lifetime) / 4).clamp(min, max))
    }

    /// S7: starts an operation.
    fn start_op(&mut self, kind: OpKind, step: &mut Step) {
        let id = OpId(self.next_id());
        self.op = Some(Op { id, kind, started: step.now });
        self.last_start[kind as usize] = step.now;
        if kind != OpKind::Activate {
            self.forced = false;
        }
        let using = match kind {
            OpKind::Activate | OpKind::Rotate => self.newest(),
            OpKind::Authenticate | OpKind::Refresh => None,
        };
        step.act(Action::Start { id, kind, using });
    }

    /// Answers those for whom nothing is in flight and nothing will start, as after a suspend.
    fn leave_nobody_waiting(&mut self, step: &mut Step) {
        let refresh_comes = self.forced && self.mechanism() != RefreshMechanism::None;
        if self.op.is_none() && (self.suspended || self.need.is_none() && !refresh_comes) {
            let failure = if self.suspended {
                RefreshFailure::Suspended
            } else {
                RefreshFailure::NoMechanism
            };
            self.answer_all(Err(failure), step);
        }
    }

    /// The mechanism that refreshes the newest credential: the precedence table of the
    /// `CredentialProvider` reference, asked what is possible at this moment.
    pub(super) fn mechanism(&self) -> RefreshMechanism {
        let Some(held) = self.newest else { return RefreshMechanism::None };
        let rotates = held.kind == CredentialKind::Bound && self.able.dpop && !self.bound_latched;
        RefreshMechanism::select(self.developer_able(), rotates)
    }

    /// Whether the provider's `refresh()` exists and was not given up.
    pub(super) const fn developer_able(&self) -> bool {
        self.able.refresh && !self.developer_latched
    }

    /// Whether the newest credential could be activated on a live session.
    pub(super) fn can_activate(&self, step: &Step) -> bool {
        self.able.dpop
            && !self.bound_latched
            && self.scope == Some(true)
            && self
                .newest
                .is_some_and(|held| held.kind == CredentialKind::Unbound && !held.is_expired(step))
    }

    /// S5: whether it is to be activated now. While `refresh()` can stand in, activation is not
    /// tried for ever.
    pub(super) fn wants_activation(&self, step: &Step) -> bool {
        let tries_left = self.activation_retry.failures <= self.policy.get().activation_retries;
        self.session_up && self.can_activate(step) && (tries_left || !self.developer_able())
    }

    /// Keeps the time since which the mechanism is the same.
    fn note_mechanism(&mut self, step: &Step) {
        let mechanism = self.mechanism();
        if mechanism != self.armed {
            self.armed = mechanism;
            self.armed_since = EpochMillis::new(step.wall);
        }
    }
}

/// How long before expiry a refresh is due, in milliseconds.
fn lead_time(lead: &Lead, lifetime: u32, jitter: u16) -> i64 {
    let base = part(i64::from(lifetime), lead.percent).clamp(millis(lead.min), millis(lead.max));
    base + part(base, lead.jitter_percent) * i64::from(jitter) / i64::from(u16::MAX)
}
