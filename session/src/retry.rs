//! Failures in a row, and when to try again.

use std::time::Duration;

use credwire_core::Backoff;

use crate::boot_time::{BootTime, millis};

/// How often something failed in a row, and the earliest time for the next attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Retry {
    pub(crate) at: BootTime,
    pub(crate) failures: u32,
}

impl Retry {
    /// No failure; the next attempt may start at any time.
    pub(crate) const NONE: Self = Self { at: BootTime::PAST, failures: 0 };

    /// One failure more: the next attempt comes after the pause that is due now.
    pub(crate) fn failed(self, backoff: &Backoff, jitter: &mut Jitter, now: BootTime) -> Self {
        let failures = self.failures.saturating_add(1);
        let pause = backoff.pause(failures, jitter.any_u16());
        Self { at: now.plus(millis(pause)), failures }
    }

    /// The same for comparisons: what is past is all the same, and counts beyond `limit` are.
    pub(crate) fn normal(self, now: BootTime, limit: u32) -> Self {
        Self { at: self.at.recent(now, 0), failures: self.failures.min(limit) }
    }
}

/// The least pause that a `Retry-After` requests, in milliseconds.
pub(crate) fn asked(retry_after: Option<Duration>, longest: Duration) -> i64 {
    millis(retry_after.unwrap_or_default().min(longest))
}

/// The seeded source of randomness, for jitter only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Jitter(u64);

impl Jitter {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Any value of `u16`.
    pub(crate) fn any_u16(&mut self) -> u16 {
        let mut rng = fastrand::Rng::with_seed(self.0);
        let drawn = rng.u16(..);
        self.0 = rng.get_seed();
        drawn
    }
}
