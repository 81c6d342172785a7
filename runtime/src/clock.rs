//! The clock of a client, and one for tests of providers.
//!
//! [`ClientBuilder::clock`](crate::ClientBuilder::clock) takes a [`Clock`]; the ambient clock is read
//! in this file only.
//!
//! Expiry is compared with wall time, and timers run on monotonic time; the two drift apart when
//! the wall clock is stepped. Every decision takes a [`Now`] with both.
//!
//! On Linux and Android monotonic time is `CLOCK_BOOTTIME`, which goes on while the machine is
//! suspended. Elsewhere it is that of the standard library, which may stand still meanwhile; a
//! suspend then shows as a step of the wall clock, which keeps expiry right but leaves the last
//! reading of the space's clock unusable until there is another.

use std::{
    sync::atomic::{AtomicI64, AtomicU64, Ordering},
    time::{Duration, SystemTime},
};

use tokio::time::Instant;

use crate::EpochMillis;

pub use credwire_core::{Clock, Now};

/// Time since the machine was started, suspends included.
#[cfg(any(target_os = "linux", target_os = "android"))]
mod monotonic {
    use std::time::Duration;

    use rustix::time::{ClockId, clock_gettime};

    pub(super) const COUNTS_SUSPEND: bool = true;

    pub(super) fn read() -> Duration {
        let time = clock_gettime(ClockId::Boottime);
        let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
        Duration::new(seconds, u32::try_from(time.tv_nsec).unwrap_or(0))
    }
}

/// Time since it was first asked for.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
mod monotonic {
    use std::{
        sync::LazyLock,
        time::{Duration, Instant},
    };

    pub(super) const COUNTS_SUSPEND: bool = false;

    pub(super) fn read() -> Duration {
        #[allow(clippy::disallowed_methods, reason = "the one file that reads the ambient clock")]
        static START: LazyLock<Instant> = LazyLock::new(Instant::now);
        START.elapsed()
    }
}

/// The wall clock and the monotonic clock of the machine.
#[derive(Clone, Debug)]
pub struct SystemClock {
    start: Duration,
}

impl SystemClock {
    /// Creates a clock whose monotonic time starts now.
    pub fn new() -> Self {
        Self { start: monotonic::read() }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

/// Returns the wall time of the machine.
///
/// It is for code that has no [`Clock`], such as a provider whose backend states no expiry of its
/// tokens:
///
/// ```
/// use std::time::Duration;
/// use credwire::{SdkCredential, clock};
///
/// let hour = Duration::from_secs(3600);
/// let credential = SdkCredential::from_token("a SAT")
///     .with_expiry_at(clock::now().saturating_add(hour));
/// # let _ = credential;
/// ```
///
/// Where the lifetime of the token is known, `with_expires_in` sets it without any clock.
pub fn now() -> EpochMillis {
    #[allow(clippy::disallowed_methods, reason = "the one file that reads the ambient clock")]
    SystemTime::now().into()
}

impl Clock for SystemClock {
    fn now(&self) -> Now {
        Now { wall: now(), boot: monotonic::read().saturating_sub(self.start) }
    }

    fn counts_suspend(&self) -> bool {
        monotonic::COUNTS_SUSPEND
    }
}

/// The time by which timers go, for dividing a span of it: that of tokio, which tests pause.
pub(crate) fn timer_now() -> Instant {
    #[allow(clippy::disallowed_methods, reason = "the one file that reads the ambient clock")]
    Instant::now()
}

/// A clock for tests that follows tokio's clock, so a paused runtime drives it. Its wall time can
/// be stepped separately, and the machine can be put to sleep.
///
/// ```
/// use std::time::Duration;
/// use credwire::{EpochMillis, clock::{Clock, SimulatedClock}};
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
    /// How long the machine slept, in milliseconds.
    slept: AtomicU64,
}

impl SimulatedClock {
    /// Creates a clock whose wall time is `epoch` now.
    pub fn new(epoch: EpochMillis) -> Self {
        #[allow(clippy::disallowed_methods, reason = "the one file that reads the ambient clock")]
        let start = Instant::now();
        Self { start, epoch, stepped: AtomicI64::new(0), slept: AtomicU64::new(0) }
    }

    /// Steps wall time by `millis`, back if it is negative; monotonic time goes on unchanged.
    pub fn step_wall(&self, millis: i64) {
        self.stepped.fetch_add(millis, Ordering::Relaxed);
    }

    /// Simulates a sleep of the machine: both clocks go on by `slept`, while timers stand still.
    pub fn suspend(&self, slept: Duration) {
        let millis = u64::try_from(slept.as_millis()).unwrap_or(u64::MAX);
        self.slept.fetch_add(millis, Ordering::Relaxed);
    }
}

impl Clock for SimulatedClock {
    fn now(&self) -> Now {
        let slept = Duration::from_millis(self.slept.load(Ordering::Relaxed));
        let boot = self.start.elapsed().saturating_add(slept);
        let wall = self.epoch.saturating_add(boot).get();
        Now {
            wall: EpochMillis::new(wall.saturating_add(self.stepped.load(Ordering::Relaxed))),
            boot,
        }
    }

    fn counts_suspend(&self) -> bool {
        true
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

    #[tokio::test(start_paused = true)]
    async fn a_suspend_moves_both_clocks_and_no_timer() {
        let clock = SimulatedClock::new(EpochMillis::new(1_700_000_000_000));
        clock.suspend(Duration::from_secs(3600));
        assert_eq!(clock.now().boot, Duration::from_secs(3600));
        assert_eq!(clock.now().wall, EpochMillis::new(1_700_003_600_000));
        assert_eq!(clock.start.elapsed(), Duration::ZERO);
    }

    #[tokio::test]
    async fn the_system_clock_is_in_this_century_and_does_not_run_back() {
        let clock = SystemClock::new();
        let (first, second) = (clock.now(), clock.now());
        assert!(first.wall.is_plausible() && now().is_plausible());
        assert!(first.boot <= second.boot && second.boot < Duration::from_secs(60));
    }
}
