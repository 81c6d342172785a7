//! The axis of time: from instants to places on the page, and from instants to words.

use credwire_core::EpochMillis;

/// Steps between ticks, in milliseconds.
const STEPS: [i64; 20] = [
    100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000,
    900_000, 1_800_000, 3_600_000, 7_200_000, 10_800_000, 21_600_000, 43_200_000,
];
const DAY: i64 = 86_400_000;
const MOST_TICKS: i64 = 12;

/// A stretch of time laid over a stretch of the page.
pub(super) struct Axis {
    /// The first instant, in milliseconds since the epoch.
    start: i64,
    /// The length of the stretch in milliseconds, at least [`Axis::SHORTEST`].
    span: i64,
    left: f64,
    width: f64,
}

impl Axis {
    const SHORTEST: i64 = 1_000;

    /// Lays the time from `first` to `last`, and a little more, over the page from `left` on.
    pub(super) fn new(first: EpochMillis, last: EpochMillis, left: f64, width: f64) -> Self {
        let length = last.get().saturating_sub(first.get());
        let span = length.saturating_add(length / 40).max(Self::SHORTEST);
        Self { start: first.get(), span, left, width }
    }

    /// Where `at` lies on the page; instants outside the axis lie on its ends.
    pub(super) fn x(&self, at: EpochMillis) -> f64 {
        let offset = self.offset(at).clamp(0, self.span);
        #[allow(clippy::cast_precision_loss, reason = "a picture needs no more than 2^53 ms")]
        let part = offset as f64 / self.span as f64;
        self.left + part * self.width
    }

    pub(super) fn right(&self) -> f64 {
        self.left + self.width
    }

    /// Whether `at` lies behind the end of the axis.
    pub(super) fn is_beyond(&self, at: EpochMillis) -> bool {
        self.offset(at) > self.span
    }

    /// The ticks: where they lie and what stands beside them.
    pub(super) fn ticks(&self) -> impl Iterator<Item = (f64, String)> + '_ {
        let step = STEPS.into_iter().find(|step| self.span / step <= MOST_TICKS);
        let step = step.unwrap_or_else(|| (self.span / MOST_TICKS / DAY + 1).saturating_mul(DAY));
        (0..=self.span / step).map(move |index| {
            let offset = index * step;
            let at = EpochMillis::new(self.start.saturating_add(offset));
            (self.x(at), self.tick(offset, step))
        })
    }

    /// The time from the first instant to `at`, as in the table of entries.
    pub(super) fn since_start(&self, at: EpochMillis) -> String {
        let offset = self.offset(at).max(0);
        let (seconds, millis) = (offset / 1000, offset % 1000);
        match seconds {
            0..60 => format!("+{seconds}.{millis:03} s"),
            60..3600 => format!("+{}:{:02}.{millis:03}", seconds / 60, seconds % 60),
            _ => {
                let minutes = seconds / 60;
                format!("+{}:{:02}:{:02}.{millis:03}", minutes / 60, minutes % 60, seconds % 60)
            }
        }
    }

    /// One spelling for all ticks of an axis, no finer than their step needs.
    fn tick(&self, offset: i64, step: i64) -> String {
        let seconds = offset / 1000;
        if step < 1000 {
            return format!("{seconds}.{} s", offset % 1000 / 100);
        }
        match (step, self.span) {
            (..60_000, ..=120_000) => format!("{seconds} s"),
            (..60_000, _) => format!("{}:{:02} min", seconds / 60, seconds % 60),
            (..3_600_000, ..=7_200_000) => format!("{} min", seconds / 60),
            (..DAY, ..=172_800_000) => format!("{}:{:02} h", seconds / 3600, seconds / 60 % 60),
            (..DAY, _) => format!("{} d {} h", seconds / 86_400, seconds / 3600 % 24),
            _ => format!("{} d", seconds / 86_400),
        }
    }

    fn offset(&self, at: EpochMillis) -> i64 {
        at.get().saturating_sub(self.start)
    }
}

/// A length of time in words, rounded to what its size needs: `850 ms`, `14.2 s`, `2 min 5 s`,
/// `3 h 20 min`, `30 d`.
pub(super) fn duration(from: EpochMillis, to: EpochMillis) -> String {
    let millis = to.saturating_since(from).as_millis();
    if millis < 1_000 {
        return format!("{millis} ms");
    }
    let tenths = (millis + 50) / 100;
    if tenths < 600 {
        return match (tenths / 10, tenths % 10) {
            (seconds, 0) => format!("{seconds} s"),
            (seconds, tenth) => format!("{seconds}.{tenth} s"),
        };
    }
    let seconds = (millis + 500) / 1_000;
    if seconds < 3_600 {
        return parts(seconds / 60, "min", seconds % 60, "s");
    }
    let minutes = (seconds + 30) / 60;
    if minutes < 1_440 {
        return parts(minutes / 60, "h", minutes % 60, "min");
    }
    let hours = (minutes + 30) / 60;
    parts(hours / 24, "d", hours % 24, "h")
}

fn parts(large: u128, large_unit: &str, small: u128, small_unit: &str) -> String {
    match small {
        0 => format!("{large} {large_unit}"),
        small => format!("{large} {large_unit} {small} {small_unit}"),
    }
}

/// An instant as `2026-11-22 19:52:24 UTC`.
pub(super) fn utc(at: EpochMillis) -> String {
    let seconds = at.to_seconds().get();
    let (days, time) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let (year, month, day) = civil(days);
    format!(
        "{year:04}-{month:02}-{day:02} {:02}:{:02}:{:02} UTC",
        time / 3600,
        time / 60 % 60,
        time % 60
    )
}

/// The Gregorian date of a day counted from 1970-01-01: years are counted from March, so that the
/// leap day is the last one, in eras of 400 years (146 097 days).
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_gregorian() {
        let date = |seconds: i64| utc(EpochMillis::new(seconds * 1000));
        assert_eq!(date(0), "1970-01-01 00:00:00 UTC");
        assert_eq!(date(951_782_399), "2000-02-28 23:59:59 UTC");
        assert_eq!(date(951_782_400), "2000-02-29 00:00:00 UTC");
        assert_eq!(date(1_760_000_000), "2025-10-09 08:53:20 UTC");
        assert_eq!(date(-1), "1969-12-31 23:59:59 UTC");
    }

    #[test]
    fn lengths_are_in_words_of_their_size() {
        let length = |millis| duration(EpochMillis::new(0), EpochMillis::new(millis));
        let words = [850, 14_200, 59_980, 125_000, 7_199_600, 12_000_000, 30 * DAY].map(length);
        assert_eq!(words, ["850 ms", "14.2 s", "1 min", "2 min 5 s", "2 h", "3 h 20 min", "30 d"]);
    }

    #[test]
    fn ticks_are_few_round_and_inside() {
        for span in [0, 1, 900, 25_000, 119_000, 600_000, 9 * 3_600_000, 400 * DAY, i64::MAX / 2] {
            let axis = Axis::new(EpochMillis::new(0), EpochMillis::new(span), 100.0, 900.0);
            let ticks: Vec<_> = axis.ticks().collect();
            assert!((2..=13).contains(&ticks.len()), "{span}: {ticks:?}");
            assert!(ticks.iter().all(|(x, _)| (100.0..=1000.0).contains(x)), "{span}: {ticks:?}");
            assert!(ticks.windows(2).all(|pair| pair[0].1 != pair[1].1), "{span}: {ticks:?}");
        }
    }

    #[test]
    fn offsets_count_from_the_start() {
        let axis = Axis::new(EpochMillis::new(1_000), EpochMillis::new(9_000_000), 0.0, 1.0);
        let offset = |at| axis.since_start(EpochMillis::new(at));
        assert_eq!(offset(1_850), "+0.850 s");
        assert_eq!(offset(126_000), "+2:05.000");
        assert_eq!(offset(7_502_007), "+2:05:01.007");
    }
}
