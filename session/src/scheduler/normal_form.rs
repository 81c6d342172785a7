//! The scheduler with everything taken out that does not decide what it does next.

use credwire_core::{EpochMillis, Now};

use super::{
    context::Context,
    credential::CredentialInfo,
    ids::{Generation, OpId, ReauthId},
    machine::CredentialScheduler,
    warned::Warned,
};
use crate::{
    boot_time::{BootTime, millis},
    retry::Jitter,
};

impl CredentialScheduler {
    /// Returns a scheduler that behaves from time zero on as this one does from `now` on: clocks
    /// start at zero, ids and generations count from the bottom, and state that is only reported is
    /// blank. Two schedulers with equal normal forms act alike, which keeps the state space of a
    /// model checker finite. `others` are further credentials that count in the numbering; they are
    /// returned in their normal form.
    ///
    /// Exact for the times as long as no policy asks for jitter, and with
    /// [`ServerTime`](super::SchedulerEvent::ServerTime) as long as the wall clock does not step back by
    /// more than [`skew_max`](super::Policy::skew_max).
    #[doc(hidden)]
    #[must_use]
    pub fn normal_form(&self, now: Now, others: &mut [CredentialInfo]) -> Self {
        let cx = Context::new(now, self.skew);
        let mut normal = self.clone();
        normal.number_from_the_bottom(others);
        normal.blank_what_is_only_reported();

        let policy = self.policy.get();
        for start in &mut normal.last_start {
            *start = start.recent(cx.now, millis(policy.gap.max.max(policy.reserve)));
        }
        for hold in &mut normal.hold {
            *hold = hold.recent(cx.now, 0);
        }
        if let Some(op) = &mut normal.op {
            op.started = op.started.recent(cx.now, millis(policy.op_timeout).saturating_add(1));
        }
        let plateau = policy.backoff.plateau();
        let limits = [policy.attempts, policy.activation_retries + 1, policy.reauth_attempts];
        let retries =
            [&mut normal.refresh_retry, &mut normal.activation_retry, &mut normal.reauth_retry];
        for (retry, limit) in retries.into_iter().zip(limits) {
            *retry = retry.normal(cx.now, limit.max(plateau));
        }
        normal.refused = normal.refused.min(policy.attempts.max(plateau));
        let credentials = [&mut normal.newest, &mut normal.applied];
        for credential in credentials.into_iter().flatten().chain(others) {
            from_zero(credential, millis(policy.skew_max), &cx);
        }
        normal.deadline = normal.deadline.recent(cx.now, 0);
        normal
    }

    fn number_from_the_bottom(&mut self, others: &mut [CredentialInfo]) {
        let reauth = self.reauth.map(|reauth| reauth.generation);
        let credentials = [self.newest, self.applied].into_iter().flatten();
        let named = credentials.chain(others.iter().copied()).map(|it| it.generation);
        let mut generations: Vec<_> =
            named.chain(reauth).chain([self.scope_since, self.replaced_for]).collect();
        generations.retain(|generation| generation.0 > 0);
        generations.sort_unstable();
        generations.dedup();
        // Number 1 stays free for a credential that is held no more.
        let rank = |generation: Generation| {
            let mut ranks = generations.iter().zip(2..);
            let found = ranks.find(|(other, _)| **other == generation);
            found.map_or(generation, |(_, rank)| Generation(rank))
        };
        let credentials = [&mut self.newest, &mut self.applied];
        for credential in credentials.into_iter().flatten().chain(others) {
            credential.generation = rank(credential.generation);
        }
        if let Some(reauth) = &mut self.reauth {
            reauth.generation = rank(reauth.generation);
            reauth.id = ReauthId(2);
        }
        self.scope_since = rank(self.scope_since);
        self.replaced_for = rank(self.replaced_for);
        if let Some(op) = &mut self.op {
            op.id = OpId(1);
        }
        self.last_id = 2;
    }

    fn blank_what_is_only_reported(&mut self) {
        self.jitter = Jitter::new(0);
        self.warned = Warned::default();
        self.last_outcome = None;
        self.fallback = None;
        self.armed = self.mechanism();
        self.armed_since = EpochMillis::new(0);
    }
}

/// The credential with clocks that start at zero. What no skew and no step can bring back stays
/// expired.
fn from_zero(credential: &mut CredentialInfo, skew_max: i64, cx: &Context) {
    credential.jitter = 0;
    if let Some(validity) = &mut credential.validity {
        let ends = validity.ends.counted_from(cx.now);
        validity.ends = if validity.by_server_clock && validity.ends != BootTime::PAST {
            ends.max(BootTime::ZERO.plus(-skew_max))
        } else if ends <= BootTime::ZERO {
            BootTime::PAST
        } else {
            ends
        };
        let expiry = validity.expiry.saturating_sub(cx.wall);
        validity.expiry = expiry.max(skew_max.saturating_mul(-2));
    }
}
