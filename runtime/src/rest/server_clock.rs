//! The server's clock, as the `Date` of its answers shows it.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use reqwest::header::{DATE, HeaderMap};

use crate::{EpochMillis, response::http_date};
use credwire_core::{Clock, Now};

/// `Date` has whole seconds and is as old as the way of the answer: less than this is no skew.
const MIN_SKEW: Duration = Duration::from_secs(3);
/// More than a day is a broken server, not a skewed clock.
const MAX_SKEW: Duration = Duration::from_secs(86_400);

#[derive(Debug)]
pub(super) struct ServerClock {
    clock: Arc<dyn Clock>,
    /// The last `Date`, and when it came by our clocks.
    seen: Mutex<Option<(EpochMillis, Now)>>,
}

impl ServerClock {
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, seen: Mutex::new(None) }
    }

    pub(super) fn learn(&self, headers: &HeaderMap) {
        if let Some(date) = headers.get(DATE).and_then(http_date) {
            let seen = Some((date, self.clock.now()));
            *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = seen;
        }
    }

    /// The server's time now by its last `Date`. A sleep of the machine that the monotonic clock
    /// did not see makes it worthless, and so does a step forward of our wall clock where the two
    /// cannot be distinguished.
    pub(super) fn last_seen(&self) -> Option<EpochMillis> {
        let seen = *self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let (date, at) = seen?;
        let now = self.clock.now();
        let passed = now.boot.saturating_sub(at.boot);
        let expected = at.wall.saturating_add(passed);
        let slept = !self.clock.counts_suspend() && now.wall.saturating_since(expected) >= MIN_SKEW;
        (!slept).then(|| date.saturating_add(passed))
    }

    /// The time to put into proofs: ours, unless the server's is clearly another one.
    pub(super) fn now(&self) -> EpochMillis {
        let ours = self.clock.now().wall;
        let differs =
            |theirs: &EpochMillis| (MIN_SKEW..=MAX_SKEW).contains(&distance(ours, *theirs));
        self.last_seen().filter(differs).unwrap_or(ours)
    }
}

fn distance(a: EpochMillis, b: EpochMillis) -> Duration {
    a.saturating_since(b).max(b.saturating_since(a))
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;
    use crate::clock::SimulatedClock;

    /// 2023-11-14T22:13:20Z.
    const START: EpochMillis = EpochMillis::new(1_700_000_000_000);

    fn learnt(date: &'static str) -> ServerClock {
        learnt_by(Arc::new(SimulatedClock::new(START)), date)
    }

    fn learnt_by(clock: Arc<dyn Clock>, date: &'static str) -> ServerClock {
        let clock = ServerClock::new(clock);
        clock.learn(&HeaderMap::from_iter([(DATE, HeaderValue::from_static(date))]));
        clock
    }

    #[tokio::test(start_paused = true)]
    async fn a_clear_difference_is_believed_and_goes_on() {
        let clock = learnt("Tue, 14 Nov 2023 22:03:20 GMT");
        tokio::time::advance(Duration::from_secs(5)).await;
        assert_eq!(clock.now(), EpochMillis::new(1_699_999_405_000));
    }

    #[tokio::test(start_paused = true)]
    async fn measuring_error_nonsense_and_absurd_dates_change_nothing() {
        for date in ["Tue, 14 Nov 2023 22:13:18 GMT", "Tue, 14 Nov 2028 22:13:18 GMT", "made up"] {
            assert_eq!(learnt(date).now(), START, "{date}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_step_of_our_clock_leaves_the_servers_alone() {
        let ours = Arc::new(SimulatedClock::new(START));
        let clock = learnt_by(ours.clone(), "Tue, 14 Nov 2023 22:13:20 GMT");
        for step in [3_600_000, -7_200_000] {
            ours.step_wall(step);
            assert_eq!(clock.now(), START);
        }
    }

    /// Monotonic time that a suspend may have stopped.
    #[derive(Debug)]
    struct Uncounted(Arc<SimulatedClock>);

    impl Clock for Uncounted {
        fn now(&self) -> Now {
            self.0.now()
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_may_have_been_a_suspend_makes_the_last_date_worthless() {
        let ours = Arc::new(SimulatedClock::new(START));
        let clock = learnt_by(Arc::new(Uncounted(ours.clone())), "Tue, 14 Nov 2023 22:13:20 GMT");
        ours.step_wall(-7_200_000);
        assert_eq!(clock.now(), START, "nothing sleeps backwards");
        ours.step_wall(2 * 7_200_000);
        assert_eq!(clock.last_seen(), None);
        assert_eq!(clock.now(), START.saturating_add(Duration::from_secs(7200)));
    }
}
