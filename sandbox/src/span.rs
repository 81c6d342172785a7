//! Lengths of space time, written in seconds.

use std::time::Duration;

use credwire_core::EpochMillis;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::Number;

/// A length of space time, with a sign and a resolution of a millisecond. In JSON it is in seconds,
/// with or without a fraction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    millis: i64,
}

/// The longest span: some 31 000 years, so that sums with a date never overflow.
const MAX_SECONDS: f64 = 1e12;

impl Span {
    /// Creates a span of `seconds`, which may be negative. It saturates.
    pub const fn from_secs(seconds: i64) -> Self {
        Self { millis: seconds.saturating_mul(1000) }
    }

    /// Returns the number of milliseconds.
    pub const fn as_millis(self) -> i64 {
        self.millis
    }

    /// The span from `start` to `end`.
    pub(crate) fn between(start: EpochMillis, end: EpochMillis) -> Self {
        Self { millis: end.get().saturating_sub(start.get()) }
    }

    /// A number of seconds as it comes in JSON; `None` beyond about 31 000 years.
    pub(crate) fn from_secs_f64(seconds: f64) -> Option<Self> {
        #[allow(clippy::cast_possible_truncation, reason = "within 1e15, checked here")]
        (seconds.abs() <= MAX_SECONDS).then(|| Self { millis: (seconds * 1000.0).round() as i64 })
    }

    /// The instant this long after `start`.
    pub(crate) fn after(self, start: EpochMillis) -> EpochMillis {
        EpochMillis::new(start.get().saturating_add(self.millis))
    }

    /// The span as a wait; a negative one does not wait.
    pub(crate) fn as_wait(self) -> Duration {
        Duration::from_millis(u64::try_from(self.millis).unwrap_or(0))
    }

    /// The span in seconds, for JSON: an integer where it is whole.
    pub(crate) fn to_number(self) -> Number {
        seconds(self.millis)
    }
}

impl From<Duration> for Span {
    fn from(value: Duration) -> Self {
        Self { millis: i64::try_from(value.as_millis()).unwrap_or(i64::MAX) }
    }
}

/// An instant in seconds since the epoch, for JSON: an integer where it is whole.
pub(crate) fn epoch_seconds(instant: EpochMillis) -> Number {
    seconds(instant.get())
}

fn seconds(millis: i64) -> Number {
    #[allow(clippy::cast_precision_loss, reason = "milliseconds of dates are far below 2^53")]
    let fraction = (millis % 1000 != 0).then(|| Number::from_f64(millis as f64 / 1000.0)).flatten();
    fraction.unwrap_or_else(|| Number::from(millis.div_euclid(1000)))
}

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_number().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_secs_f64(f64::deserialize(deserializer)?)
            .ok_or_else(|| de::Error::custom("more seconds than a date can hold"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_has_seconds_and_keeps_whole_ones_whole() {
        for (text, millis) in [("34", 34_000), ("0.25", 250), ("-10", -10_000), ("1e3", 1_000_000)]
        {
            let span: Span = serde_json::from_str(text).unwrap();
            assert_eq!(span.as_millis(), millis, "{text}");
        }
        assert_eq!(serde_json::to_string(&Span::from_secs(34)).unwrap(), "34");
        assert_eq!(serde_json::to_string(&Span { millis: -1500 }).unwrap(), "-1.5");
        assert!(serde_json::from_str::<Span>("1e300").is_err());
    }
}
