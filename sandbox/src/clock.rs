//! Space time, read in the only file that uses the ambient clock.

use std::{
    pin::Pin,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use credwire_core::EpochMillis;
use tokio::time::{Instant, Sleep};

/// The clock of a space.
///
/// Every lifetime, delay and interval of a space is measured in *space time*, which is the time of
/// this clock.
#[derive(Clone, Copy, Debug)]
pub struct SpaceClock(Kind);

#[derive(Clone, Copy, Debug)]
enum Kind {
    System,
    Scaled { origin: EpochMillis, started: Instant, speed: f64 },
}

/// The fastest scaled clock: one day of space time per second.
const MAX_SPEED: f64 = 86_400.0;

impl SpaceClock {
    /// Creates the clock of this computer.
    pub const fn system() -> Self {
        Self(Kind::System)
    }

    /// Creates a clock that starts at the current time and runs `speed` seconds of space time per
    /// real second. Returns `None` unless `0 < speed <= 86400`.
    ///
    /// It is measured with tokio's clock, so in a test with a paused clock it stands still and
    /// jumps along with `tokio::time::advance`, also at a speed of 1.
    pub fn scaled(speed: f64) -> Option<Self> {
        let kind = Kind::Scaled { origin: system_now(), started: Instant::now(), speed };
        (speed > 0.0 && speed <= MAX_SPEED).then_some(Self(kind))
    }

    /// Returns the current space time.
    pub fn now(&self) -> EpochMillis {
        match self.0 {
            Kind::System => system_now(),
            Kind::Scaled { origin, started, speed } => {
                origin.saturating_add(scale(started.elapsed(), speed))
            }
        }
    }

    /// A timer that fires when `span` of space time has passed.
    pub(crate) fn sleep(&self, span: Duration) -> Sleep {
        tokio::time::sleep(match self.0 {
            Kind::System => span,
            Kind::Scaled { speed, .. } => scale(span, 1.0 / speed),
        })
    }
}

impl Default for SpaceClock {
    fn default() -> Self {
        Self::system()
    }
}

/// The computer's own time, which dates certificates, whatever the space's clock shows.
pub(crate) fn system_now() -> EpochMillis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    EpochMillis::new(0).saturating_add(since)
}

fn scale(span: Duration, by: f64) -> Duration {
    Duration::try_from_secs_f64(span.as_secs_f64() * by).unwrap_or(Duration::MAX)
}

/// A timer that may be unset, for use in a `select!` loop.
#[derive(Default)]
pub(crate) struct Alarm(Option<Pin<Box<Sleep>>>);

impl Alarm {
    /// Replaces the timer; `None` stops it.
    pub(crate) fn set(&mut self, timer: Option<Sleep>) {
        self.0 = timer.map(Box::pin);
    }

    /// Waits until the timer fires, and unsets it; waits for ever while it is unset.
    pub(crate) async fn wait(&mut self) {
        match &mut self.0 {
            Some(timer) => timer.as_mut().await,
            None => std::future::pending().await,
        }
        self.0 = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_scaled_clock_follows_tokio_and_multiplies_it() {
        let clock = SpaceClock::scaled(60.0).unwrap();
        let start = clock.now();
        tokio::time::advance(Duration::from_secs(2)).await;
        assert_eq!(clock.now().saturating_since(start), Duration::from_secs(120));

        let real = Instant::now();
        clock.sleep(Duration::from_secs(90)).await;
        assert!(real.elapsed().abs_diff(Duration::from_millis(1500)) < Duration::from_millis(5));
    }

    #[test]
    fn only_sensible_speeds_are_taken() {
        for speed in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e9] {
            assert!(SpaceClock::scaled(speed).is_none(), "{speed}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn an_alarm_fires_once() {
        let mut alarm = Alarm::default();
        let brief = Duration::from_millis(1);
        assert!(tokio::time::timeout(brief, alarm.wait()).await.is_err(), "unset");
        alarm.set(Some(SpaceClock::system().sleep(Duration::ZERO)));
        alarm.wait().await;
        assert!(tokio::time::timeout(brief, alarm.wait()).await.is_err(), "used up");
    }
}
