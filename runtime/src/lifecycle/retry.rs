//! Failures in a row, and when to try again.

use std::time::Duration;

use super::{
    moment::{Moment, millis, part},
    policy::Backoff,
};

/// How often something failed in a row, and the earliest time for the next attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Retry {
    pub(super) at: Moment,
    pub(super) failures: u32,
}

impl Retry {
    /// No failure; the next attempt may start at any time.
    pub(super) const NONE: Self = Self { at: Moment::PAST, failures: 0 };
}

impl Backoff {
    /// The wait after the `n`-th failure in a row (1 for the first), in milliseconds.
    pub(super) fn wait(&self, n: u32, chance: &mut Chance) -> i64 {
        let doubled = 1_i64.checked_shl(n.saturating_sub(1)).filter(|factor| *factor > 0);
        let whole =
            millis(self.base).saturating_mul(doubled.unwrap_or(i64::MAX)).min(millis(self.max));
        let spread = part(whole, self.jitter_percent);
        whole - spread + chance.up_to(spread)
    }

    /// After this many failures the wait grows no more.
    pub(super) fn plateau(&self) -> u32 {
        let mut n = 1;
        let mut wait = self.base;
        while wait < self.max {
            wait = wait.saturating_mul(2);
            n += 1;
        }
        n
    }
}

/// The least wait that a server asked for, in milliseconds.
pub(super) fn asked(retry_after: Option<Duration>, longest: Duration) -> i64 {
    millis(retry_after.unwrap_or_default().min(longest))
}

/// The seeded source of chance, for jitter only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Chance(u64);

impl Chance {
    pub(super) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn draw<T>(&mut self, from: impl FnOnce(&mut fastrand::Rng) -> T) -> T {
        let mut rng = fastrand::Rng::with_seed(self.0);
        let drawn = from(&mut rng);
        self.0 = rng.get_seed();
        drawn
    }

    /// Zero to `most`, both included.
    pub(super) fn up_to(&mut self, most: i64) -> i64 {
        self.draw(|rng| rng.i64(0..=most.max(0)))
    }

    /// Any value of `u16`.
    pub(super) fn any_u16(&mut self) -> u16 {
        self.draw(|rng| rng.u16(..))
    }
}
