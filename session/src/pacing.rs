//! Pauses between attempts (W3).

use credwire_core::Backoff;

use crate::{
    boot_time::{BootTime, millis},
    retry::Jitter,
};

/// The number of attempts in a row that led to no session that lasted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Pacing {
    pub(crate) failures: u32,
    /// When the first of those attempts started.
    pub(crate) since: Option<BootTime>,
}

impl Pacing {
    /// How long a session has to last for the pauses to start over, in milliseconds: as long as the
    /// next pause would be, and not less than `least`.
    pub(crate) fn lasting(self, backoff: &Backoff, least: i64) -> i64 {
        millis(backoff.step(self.failures.saturating_add(1))).max(least)
    }

    /// One failure more, `now`: when the attempt after the one that started at `from` begins.
    ///
    /// Pauses grow with the failures, and with the time for which there were only failures: after
    /// attempts that hung, those that fail at once would otherwise begin with the shortest pause.
    pub(crate) fn failed(
        &mut self,
        backoff: &Backoff,
        jitter: &mut Jitter,
        from: BootTime,
        now: BootTime,
    ) -> BootTime {
        let since = *self.since.get_or_insert(from);
        self.failures = self.failures.saturating_add(1).max(grown(backoff, now.since(since)));
        from.after(backoff.pause(self.failures, jitter.any_u16()))
    }

    /// A session lasted: pauses start over.
    pub(crate) const fn start_over(&mut self) {
        self.failures = 0;
        self.since = None;
    }

    /// The same for comparisons.
    pub(crate) fn normal(self, backoff: &Backoff, now: BootTime) -> Self {
        let plateau = backoff.plateau();
        let longest: i64 = (1..=plateau).map(|failures| millis(backoff.step(failures))).sum();
        let since = self.since.map(|since| since.recent(now, longest));
        Self { failures: self.failures.min(plateau), since }
    }

    /// Makes the next pause at least this long, and those after it longer.
    pub(crate) fn at_least(&mut self, backoff: &Backoff, pause: i64) {
        let shortest = |failures: u32| millis(backoff.pause(failures, 0));
        let plateau = backoff.plateau();
        while self.failures < plateau && shortest(self.failures.saturating_add(1)) < pause {
            self.failures += 1;
        }
    }
}

/// How many pauses, each the shortest there is of its kind, have room in so many milliseconds.
fn grown(backoff: &Backoff, millis_passed: i64) -> u32 {
    let plateau = backoff.plateau();
    let shortest = |failures: u32| millis(backoff.pause(failures, 0));
    let (mut failures, mut left) = (0, millis_passed);
    while failures < plateau && left >= shortest(failures + 1) {
        failures += 1;
        left -= shortest(failures);
    }
    failures
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const BACKOFF: Backoff = Backoff::new(Duration::from_millis(100), Duration::from_secs(30));

    #[test]
    fn a_storm_has_at_most_twelve_attempts_in_ten_seconds_and_six_in_each_later_minute() {
        for seed in 0..200 {
            let (mut pacing, mut jitter) = (Pacing::default(), Jitter::new(seed));
            let mut attempts = vec![BootTime::ZERO];
            while attempts.last().is_some_and(|at| at.since(BootTime::ZERO) < 600_000) {
                let from = *attempts.last().unwrap();
                attempts.push(pacing.failed(&BACKOFF, &mut jitter, from, from));
            }
            let within = |from: i64, to: i64| {
                let times = attempts.iter().map(|at| at.since(BootTime::ZERO));
                times.filter(|at| (from..to).contains(at)).count()
            };
            assert!(within(0, 10_000) <= 12, "{}", within(0, 10_000));
            for from in (10_000..540_000).step_by(500) {
                assert!(within(from, from + 60_000) <= 6, "{from}");
            }
        }
    }

    #[test]
    fn attempts_that_fail_at_once_after_some_that_hung_make_no_storm() {
        const HUNG: i64 = 15_000;
        for seed in 0..200 {
            let (mut pacing, mut jitter) = (Pacing::default(), Jitter::new(seed));
            let mut attempts = vec![BootTime::ZERO];
            for number in 0..30 {
                let from = *attempts.last().unwrap();
                let now = if number < 2 { from.plus(HUNG) } else { from };
                attempts.push(pacing.failed(&BACKOFF, &mut jitter, from, now).max(now));
            }
            for from in (10_000..200_000).step_by(500) {
                let times = attempts.iter().map(|at| at.since(BootTime::ZERO));
                let count = times.filter(|at| (from..from + 60_000).contains(at)).count();
                assert!(count <= 6, "{count} from {from}: {attempts:?}");
            }
        }
    }

    #[test]
    fn attempts_that_fail_at_once_after_waits_that_were_asked_for_make_no_storm() {
        const ASKED: i64 = 5_000;
        for seed in 0..200 {
            let (mut pacing, mut jitter) = (Pacing::default(), Jitter::new(seed));
            let mut attempts = vec![BootTime::ZERO];
            for number in 0..30 {
                let from = *attempts.last().unwrap();
                let least = if number < 2 { from.plus(ASKED) } else { from };
                attempts.push(pacing.failed(&BACKOFF, &mut jitter, from, from).max(least));
            }
            for from in (10_000..200_000).step_by(500) {
                let times = attempts.iter().map(|at| at.since(BootTime::ZERO));
                let count = times.filter(|at| (from..from + 60_000).contains(at)).count();
                assert!(count <= 6, "{count} from {from}: {attempts:?}");
            }
        }
    }

    #[test]
    fn a_restart_of_the_space_gets_a_second_and_more_each_time() {
        let (mut pacing, mut jitter) = (Pacing::default(), Jitter::new(1));
        let mut last = 0;
        for _ in 0..4 {
            pacing.at_least(&BACKOFF, 1000);
            let pause = pacing.failed(&BACKOFF, &mut jitter, BootTime::ZERO, BootTime::ZERO);
            let pause = pause.since(BootTime::ZERO);
            assert!(pause >= 1000 && pause > last / 2, "{pause} after {last}");
            last = pause;
        }
        assert!(last >= 8000);
    }
}
