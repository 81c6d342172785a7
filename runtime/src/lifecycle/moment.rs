//! Time as the arbiter computes with it: whole milliseconds in 64 bits, saturating.

use std::time::Duration;

use crate::clock::Now;

/// A moment of boot time, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Moment(i64);

impl Moment {
    /// When boot time begins.
    pub(super) const ZERO: Self = Self(0);
    /// Before everything, with room for a duration to be added.
    pub(super) const PAST: Self = Self(i64::MIN / 2);
    /// After everything.
    pub(super) const NEVER: Self = Self(i64::MAX);

    pub(super) fn of(now: Now) -> Self {
        Self(millis(now.boot))
    }

    /// This moment moved by `millis`; [`Moment::NEVER`] stays what it is.
    pub(super) const fn plus(self, millis: i64) -> Self {
        if self.0 == i64::MAX { self } else { Self(self.0.saturating_add(millis)) }
    }

    /// The milliseconds from `earlier` to this moment.
    pub(super) const fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// This moment on a clock that starts at `zero`; [`Moment::NEVER`] stays what it is.
    pub(super) const fn counted_from(self, zero: Self) -> Self {
        if self.0 == i64::MAX { self } else { Self(self.since(zero)) }
    }

    /// The moment as boot time; `None` for [`Moment::NEVER`].
    pub(super) fn boot(self) -> Option<Duration> {
        let elapsed = Duration::from_millis(u64::try_from(self.0).unwrap_or(0));
        (self != Self::NEVER).then_some(elapsed)
    }
}

/// A duration in whole milliseconds.
pub(super) fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

/// `percent` of `millis`.
pub(super) const fn part(millis: i64, percent: u8) -> i64 {
    millis.saturating_mul(percent as i64) / 100
}
