//! Pauses between attempts.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Exponential backoff with jitter: the n-th pause is `base` doubled n-1 times, at most `max`, less
/// a random part.
///
/// The only such type of the workspace. Connections, credential operations, storage and REST calls
/// differ in its values alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Backoff {
    /// The first pause.
    pub base: Duration,
    /// The longest pause.
    pub max: Duration,
    /// The largest part of a pause that jitter takes off, in percent, up to 100. With 50 the jitter
    /// is *equal jitter*.
    pub jitter_percent: u8,
}

impl Backoff {
    /// Creates a backoff with equal jitter.
    pub const fn new(base: Duration, max: Duration) -> Self {
        Self { base, max, jitter_percent: 50 }
    }

    /// Returns the pause after the `failures`-th failure in a row (1 for the first), before jitter.
    pub fn step(&self, failures: u32) -> Duration {
        let factor = 1_u32.checked_shl(failures.saturating_sub(1)).unwrap_or(u32::MAX);
        self.base.saturating_mul(factor).min(self.max)
    }

    /// Returns the pause after the `failures`-th failure in a row (1 for the first). `chance` is
    /// drawn from the whole range of `u16`: with 0 the whole jitter is taken off, with `u16::MAX`
    /// nothing.
    pub fn pause(&self, failures: u32, chance: u16) -> Duration {
        let whole = self.step(failures);
        let spread = whole.saturating_mul(u32::from(self.jitter_percent.min(100))) / 100;
        let kept = spread.saturating_mul(u32::from(chance)) / u32::from(u16::MAX);
        whole.saturating_sub(spread).saturating_add(kept)
    }

    /// Returns the number of failures after which the pause grows no more.
    pub fn plateau(&self) -> u32 {
        let mut failures = 1;
        while self.step(failures) < self.max && failures < u32::BITS {
            failures += 1;
        }
        failures
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn pauses_double_up_to_the_longest_and_are_spread() {
        let backoff = Backoff::new(Duration::from_millis(100), 3 * SECOND);
        for (failures, step) in [100, 200, 400, 800, 1600, 3000, 3000].into_iter().enumerate() {
            let failures = u32::try_from(failures).unwrap() + 1;
            let step = Duration::from_millis(step);
            assert_eq!(backoff.step(failures), step);
            assert_eq!(backoff.pause(failures, 0), step / 2);
            assert_eq!(backoff.pause(failures, u16::MAX), step);
        }
        assert_eq!(backoff.plateau(), 6);
    }

    #[test]
    fn extremes_neither_overflow_nor_exceed_the_longest() {
        let backoff = Backoff { base: Duration::MAX, max: Duration::MAX, jitter_percent: 255 };
        assert!(backoff.pause(u32::MAX, u16::MAX) <= Duration::MAX);
        let steady = Backoff { base: SECOND, max: SECOND, jitter_percent: 0 };
        assert_eq!((steady.pause(0, 0), steady.pause(u32::MAX, 7)), (SECOND, SECOND));
        assert_eq!(steady.plateau(), 1);
    }
}
