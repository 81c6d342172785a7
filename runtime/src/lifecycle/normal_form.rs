//! The arbiter with everything taken out that does not decide what it does next.

use credwire_core::EpochMillis;

use super::{
    arbiter::Arbiter,
    event::{Generation, OpId, ReauthId},
    held::Held,
    moment::{Moment, millis},
    retry::{Chance, Retry},
    step::Step,
    warned::Warned,
};
use crate::clock::Now;

impl Arbiter {
    /// An arbiter that does from time zero on what this one does from `now` on: clocks start at
    /// zero, ids and generations count from the bottom, and what is only reported is blank. Two
    /// arbiters with equal normal forms cannot be told apart by what they do, which is what keeps
    /// the state space of a model checker finite.
    ///
    /// Exact for the times as long as no policy asks for jitter, and with
    /// [`ServerTime`](super::Event::ServerTime) as long as the wall clock does not step back by
    /// more than [`skew_max`](super::Policy::skew_max).
    #[doc(hidden)]
    #[must_use]
    pub fn normal_form(&self, now: Now) -> Self {
        let step = Step::new(now, self.skew);
        let mut normal = self.clone();
        normal.number_from_the_bottom();
        normal.forget_what_is_only_reported();

        let policy = self.policy.get();
        for start in &mut normal.last_start {
            *start = recent(*start, &step, millis(policy.gap.max));
        }
        if let Some(op) = &mut normal.op {
            op.started = recent(op.started, &step, millis(policy.op_timeout).saturating_add(1));
        }
        let limits = [policy.attempts, policy.activation_retries + 1, policy.reauth_attempts];
        let retries =
            [&mut normal.refresh_retry, &mut normal.activation_retry, &mut normal.reauth_retry];
        for (retry, limit) in retries.into_iter().zip(limits) {
            *retry = Retry {
                at: recent(retry.at, &step, 0),
                failures: retry.failures.min(limit.max(policy.backoff.plateau())),
            };
        }
        normal.refused = normal.refused.min(policy.attempts.max(policy.backoff.plateau()));
        for held in [&mut normal.newest, &mut normal.applied].into_iter().flatten() {
            from_zero(held, millis(policy.skew_max), &step);
        }
        normal.deadline = recent(normal.deadline, &step, 0);
        normal
    }

    fn number_from_the_bottom(&mut self) {
        let reauth = self.reauth.map(|reauth| reauth.generation);
        let held = [self.newest(), self.applied(), reauth, Some(self.scope_since)];
        let mut generations: Vec<_> = held.into_iter().flatten().collect();
        generations.retain(|generation| generation.0 > 0);
        generations.sort_unstable();
        generations.dedup();
        // Number 1 stays free for a credential that is held no more.
        let rank = |generation: Generation| {
            let mut ranks = generations.iter().zip(2..);
            let found = ranks.find(|(other, _)| **other == generation);
            found.map_or(generation, |(_, rank)| Generation(rank))
        };
        for held in [&mut self.newest, &mut self.applied].into_iter().flatten() {
            held.generation = rank(held.generation);
        }
        if let Some(reauth) = &mut self.reauth {
            reauth.generation = rank(reauth.generation);
            reauth.id = ReauthId(2);
        }
        self.scope_since = rank(self.scope_since);
        if let Some(op) = &mut self.op {
            op.id = OpId(1);
        }
        self.last_id = 2;
    }

    fn forget_what_is_only_reported(&mut self) {
        self.chance = Chance::new(0);
        self.warned = Warned::default();
        self.last_outcome = None;
        self.fallback = None;
        self.armed = self.mechanism();
        self.armed_since = EpochMillis::new(0);
    }
}

/// `moment` counted from now; what lies `window` or more in the past is all the same.
fn recent(moment: Moment, step: &Step, window: i64) -> Moment {
    if moment.plus(window) <= step.now { Moment::PAST } else { moment.counted_from(step.now) }
}

/// The credential with clocks that start at zero. What no skew and no step can bring back stays
/// expired.
fn from_zero(held: &mut Held, skew_max: i64, step: &Step) {
    held.jitter = 0;
    if let Some(validity) = &mut held.validity {
        let ends = validity.ends.counted_from(step.now);
        validity.ends = if validity.by_server_clock && validity.ends != Moment::PAST {
            ends.max(Moment::ZERO.plus(-skew_max))
        } else if ends <= Moment::ZERO {
            Moment::PAST
        } else {
            ends
        };
        let expiry = validity.expiry.saturating_sub(step.wall);
        validity.expiry = expiry.max(skew_max.saturating_mul(-2));
    }
}
