//! Boot time as the machines compute with it: whole milliseconds in 64 bits, saturating.

use std::time::Duration;

use credwire_core::Now;

/// A point of boot time, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct BootTime(i64);

impl BootTime {
    /// When boot time begins.
    pub(crate) const ZERO: Self = Self(0);
    /// Before everything, with room for a duration to be added.
    pub(crate) const PAST: Self = Self(i64::MIN / 2);
    /// After everything.
    pub(crate) const NEVER: Self = Self(i64::MAX);

    pub(crate) fn of(now: Now) -> Self {
        Self(millis(now.boot))
    }

    /// This time moved by `millis`; [`BootTime::NEVER`] stays what it is.
    pub(crate) const fn plus(self, millis: i64) -> Self {
        if self.0 == i64::MAX { self } else { Self(self.0.saturating_add(millis)) }
    }

    /// This time moved by a duration.
    pub(crate) fn after(self, time: Duration) -> Self {
        self.plus(millis(time))
    }

    /// The milliseconds from `earlier` to this time.
    pub(crate) const fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// This time on a clock that starts at `zero`; [`BootTime::NEVER`] stays what it is.
    pub(crate) const fn counted_from(self, zero: Self) -> Self {
        if self.0 == i64::MAX { self } else { Self(self.since(zero)) }
    }

    /// This time counted from `now`; what lies `window` milliseconds or more in the past is all the
    /// same.
    pub(crate) fn recent(self, now: Self, window: i64) -> Self {
        if self.plus(window) <= now { Self::PAST } else { self.counted_from(now) }
    }

    /// The time as a duration; `None` for [`BootTime::NEVER`].
    pub(crate) fn boot(self) -> Option<Duration> {
        let elapsed = Duration::from_millis(u64::try_from(self.0).unwrap_or(0));
        (self != Self::NEVER).then_some(elapsed)
    }
}

/// A duration in whole milliseconds.
pub(crate) fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

/// `percent` of `millis`.
pub(crate) const fn part(millis: i64, percent: u8) -> i64 {
    millis.saturating_mul(percent as i64) / 100
}
