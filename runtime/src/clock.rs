//! Time, read in this file only.
//!
//! Expiry is a matter of wall time, waiting a matter of monotonic time; the two part when the wall
//! clock is stepped. Every decision takes a [`Now`] with both.

use std::{
    fmt,
    sync::atomic::{AtomicI64, Ordering},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use tokio::time::Instant;

use crate::EpochMillis;

/// One reading of both clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// Wall time; may be stepped forward and back.
    pub wall: EpochMillis,
    /// Time since an arbitrary start; never runs back.
    pub boot: Duration,
}

/// Gives the time. [`SystemClock`] is the real one, [`SimulatedClock`] the one for tests.
pub trait Clock: fmt::Debug + Send + Sync + 'static {
    /// Both clocks, read together.
    fn now(&self) -> Now;
}

/// The clocks of the machine.
#[derive(Clone, Debug)]
pub struct SystemClock {
    start: Instant,
}

impl SystemClock {
    /// A clock whose monotonic time starts now.
    pub fn new() -> Self {
        #[allow(clippy::disallowed_methods, reason = "the one file that reads the ambient clock")]
        let start = Instant::now();
        Self { start }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Now {
        #[allow(clippy::disallowed_methods, reason = "the one file that reads the ambient clock")]
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Now { wall: EpochMillis::new(0).saturating_add(since_epoch), boot: self.start.elapsed() }
    }
}

/// A clock for tests: it follows tokio's clock, so a paused runtime drives it, and its wall time
/// can be stepped on its own.
///
/// ```
/// use std::time::Duration;
/// use credwire::{Clock, EpochMillis, clock::SimulatedClock};
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()
/// #     .unwrap().block_on(async {
/// let clock = SimulatedClock::new(EpochMillis::new(1_700_000_000_000));
/// tokio::time::advance(Duration::from_secs(3600)).await;
/// assert_eq!(clock.now().wall, EpochMillis::new(1_700_003_600_000));
/// # });
/// ```
#[derive(Debug)]
pub struct SimulatedClock {
    start: Instant,
    epoch: EpochMillis,
    /// How far wall time was stepped, in milliseconds.
    stepped: AtomicI64,
}

impl SimulatedClock {
    /// A clock whose wall time is `epoch` now.
    pub fn new(epoch: EpochMillis) -> Self {
        #[allow(clippy::disallowed_methods, reason = "the one file that reads the ambient clock")]
        let start = Instant::now();
        Self { start, epoch, stepped: AtomicI64::new(0) }
    }

    /// Steps wall time by `millis` (negative: back); monotonic time goes on unchanged.
    pub fn step_wall(&self, millis: i64) {
        self.stepped.fetch_add(millis, Ordering::Relaxed);
    }
}

impl Clock for SimulatedClock {
    fn now(&self) -> Now {
        let boot = self.start.elapsed();
        let wall = self.epoch.saturating_add(boot).get();
        Now {
            wall: EpochMillis::new(wall.saturating_add(self.stepped.load(Ordering::Relaxed))),
            boot,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_step_moves_wall_time_alone() {
        let clock = SimulatedClock::new(EpochMillis::new(1_700_000_000_000));
        tokio::time::advance(Duration::from_secs(5)).await;
        clock.step_wall(-7_200_000);
        let now = clock.now();
        assert_eq!(now.boot, Duration::from_secs(5));
        assert_eq!(now.wall, EpochMillis::new(1_699_992_805_000));
    }

    #[tokio::test]
    async fn the_system_clock_is_in_this_century() {
        assert!(SystemClock::new().now().wall.is_plausible());
    }
}
