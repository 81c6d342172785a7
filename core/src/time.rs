//! Units of time as types, so that seconds cannot be passed for milliseconds.

use std::{
    fmt,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use serde::{Deserialize, Deserializer, Serialize, de};

use crate::{Validate, Validator};

/// Below this an epoch value in milliseconds would lie before March 1973, so it is taken for
/// seconds that were written where milliseconds belong.
pub(crate) const MIN_MILLIS: i64 = 100_000_000_000;

/// The largest size of a whole number that is read. Beyond it two integers share one double, so a
/// sender in JavaScript cannot have meant it (RFC 7493, section 2.2).
pub(crate) const MAX_WHOLE: u64 = (1 << 53) - 1;

macro_rules! epoch {
    ($(#[$doc:meta])* $name:ident, $unit:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(i64);

        impl $name {
            #[doc = concat!("The instant `value` ", $unit, " after 1970-01-01T00:00:00Z.")]
            pub const fn new(value: i64) -> Self {
                Self(value)
            }

            #[doc = concat!("The number of ", $unit, " since 1970-01-01T00:00:00Z.")]
            pub const fn get(self) -> i64 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!("{} ", $unit, " since the epoch"), self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_any(Whole($unit)).map(Self)
            }
        }
    };
}

epoch! {
    /// An instant in whole milliseconds since the Unix epoch, as `SDKCredential.expiry_at` is.
    EpochMillis, "milliseconds"
}

epoch! {
    /// An instant in whole seconds since the Unix epoch, as `SATClaims.expires_at` is.
    EpochSeconds, "seconds"
}

impl Validate for EpochMillis {
    fn check(&self, validator: &mut Validator) {
        if !self.is_plausible() {
            let message = "expected milliseconds since the epoch; a value this small is in seconds";
            validator.report("epoch-millis", message);
        }
    }
}

impl Validate for EpochSeconds {
    fn check(&self, validator: &mut Validator) {
        if !self.is_plausible() {
            let message = "expected seconds since the epoch; a value this large is in milliseconds";
            validator.report("epoch-seconds", message);
        }
    }
}

impl EpochMillis {
    /// Returns the same instant in seconds, rounded down.
    pub const fn to_seconds(self) -> EpochSeconds {
        EpochSeconds(self.0.div_euclid(1000))
    }

    /// Returns whether the value has the size of a milliseconds timestamp. A value that has not is
    /// almost certainly in seconds; validation refuses it.
    pub const fn is_plausible(self) -> bool {
        self.0 >= MIN_MILLIS
    }

    /// Returns this instant moved by `by`; saturates at the ends of the range.
    #[must_use]
    pub fn saturating_add(self, by: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(by.as_millis()).unwrap_or(i64::MAX)))
    }

    /// Returns the time from `earlier` to this instant; zero when `earlier` is not earlier.
    pub fn saturating_since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}

impl From<SystemTime> for EpochMillis {
    /// The same instant, rounded down to a millisecond; saturates at the ends of the range.
    fn from(time: SystemTime) -> Self {
        match time.duration_since(UNIX_EPOCH) {
            Ok(since) => Self(0).saturating_add(since),
            Err(error) => {
                let before = error.duration().as_nanos().div_ceil(1_000_000);
                Self(i64::try_from(before).map_or(i64::MIN, |before| -before))
            }
        }
    }
}

impl EpochSeconds {
    /// Returns the same instant in milliseconds; saturates at the end of the range.
    pub const fn to_millis(self) -> EpochMillis {
        EpochMillis(self.0.saturating_mul(1000))
    }

    /// Returns whether the value has the size of a seconds timestamp, and not of a milliseconds
    /// one.
    pub const fn is_plausible(self) -> bool {
        self.0 < MIN_MILLIS
    }
}

/// A duration in whole milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Millis(u64);

impl Millis {
    /// Creates a duration of `value` milliseconds.
    pub const fn new(value: u64) -> Self {
        Self(value)
    }

    /// Returns the number of milliseconds.
    pub const fn get(self) -> u64 {
        self.0
    }
}

/// Every duration is valid.
impl Validate for Millis {
    fn check(&self, _validator: &mut Validator) {}
}

impl From<Millis> for Duration {
    fn from(value: Millis) -> Self {
        Self::from_millis(value.0)
    }
}

impl<'de> Deserialize<'de> for Millis {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = deserializer.deserialize_any(Whole("milliseconds"))?;
        u64::try_from(value)
            .map(Self)
            .map_err(|_| de::Error::custom("a duration in milliseconds cannot be negative"))
    }
}

/// A duration in seconds, with fractions. Negative and infinite values are refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct Seconds(f64);

impl Seconds {
    /// Creates a duration of `value` seconds, or returns `None` when it is negative, infinite or
    /// not a number.
    pub fn new(value: f64) -> Option<Self> {
        (value.is_finite() && value >= 0.0).then_some(Self(value))
    }

    /// Returns the number of seconds.
    pub const fn get(self) -> f64 {
        self.0
    }
}

/// Every duration is valid.
impl Validate for Seconds {
    fn check(&self, _validator: &mut Validator) {}
}

impl From<Seconds> for Duration {
    fn from(value: Seconds) -> Self {
        Self::try_from_secs_f64(value.0).unwrap_or(Self::MAX)
    }
}

impl<'de> Deserialize<'de> for Seconds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(f64::deserialize(deserializer)?)
            .ok_or_else(|| de::Error::custom("a duration in seconds cannot be negative"))
    }
}

/// Reads a whole number in any JSON spelling: `1700000000000`, `1700000000000.0`, `1.7e12`.
struct Whole(&'static str);

impl de::Visitor<'_> for Whole {
    type Value = i64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a whole number of {}", self.0)
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<i64, E> {
        if value.unsigned_abs() <= MAX_WHOLE {
            return Ok(value);
        }
        Err(E::invalid_value(de::Unexpected::Signed(value), &self))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<i64, E> {
        match i64::try_from(value) {
            Ok(value) => self.visit_i64(value),
            Err(_) => Err(E::invalid_value(de::Unexpected::Unsigned(value), &self)),
        }
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<i64, E> {
        #[allow(clippy::cast_precision_loss, reason = "the bound is exact as a double")]
        if value.fract() == 0.0 && value.abs() <= MAX_WHOLE as f64 {
            #[allow(clippy::cast_possible_truncation, reason = "checked: whole and in the range")]
            return Ok(value as i64);
        }
        Err(E::invalid_value(de::Unexpected::Float(value), &self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_read_in_every_spelling() {
        for text in ["1700000000000", "1700000000000.0", "1.7e12"] {
            let value: EpochMillis = serde_json::from_str(text).unwrap();
            assert_eq!(value, EpochMillis::new(1_700_000_000_000), "{text}");
        }
    }

    #[test]
    fn fractions_text_and_huge_numbers_are_refused() {
        for text in [
            "1700000000000.5",
            "\"1700000000000\"",
            "1e300",
            "9007199254740992",
            "-9007199254740992",
            "18446744073709551615",
        ] {
            let error = serde_json::from_str::<EpochMillis>(text).unwrap_err().to_string();
            assert!(error.contains("a whole number of milliseconds"), "{text}: {error}");
        }
    }

    #[test]
    fn seconds_are_distinguished_from_milliseconds_by_size() {
        assert!(!EpochMillis::new(1_700_000_000).is_plausible());
        assert!(EpochMillis::new(1_700_000_000_000).is_plausible());
        assert!(EpochSeconds::new(1_700_000_000).is_plausible());
        assert!(!EpochSeconds::new(1_700_000_000_000).is_plausible());
    }

    #[test]
    fn conversions_are_by_name_and_saturate() {
        assert_eq!(EpochSeconds::new(5).to_millis(), EpochMillis::new(5000));
        assert_eq!(EpochMillis::new(-1).to_seconds(), EpochSeconds::new(-1));
        assert_eq!(EpochSeconds::new(i64::MAX).to_millis(), EpochMillis::new(i64::MAX));
        assert_eq!(EpochMillis::new(1).saturating_since(EpochMillis::new(2)), Duration::ZERO);
    }

    #[test]
    fn an_instant_of_the_system_is_rounded_down() {
        let at = |nanos| UNIX_EPOCH + Duration::from_nanos(nanos);
        assert_eq!(EpochMillis::from(at(1_700_000_000_123_999_999)).get(), 1_700_000_000_123);
        let before = |nanos| UNIX_EPOCH - Duration::from_nanos(nanos);
        assert_eq!(EpochMillis::from(before(1)).get(), -1);
        assert_eq!(EpochMillis::from(before(2_000_000)).get(), -2);
        assert_eq!(EpochMillis::from(UNIX_EPOCH).get(), 0);
    }

    #[test]
    fn negative_durations_are_refused() {
        assert!(serde_json::from_str::<Millis>("-1").is_err());
        assert!(serde_json::from_str::<Seconds>("-0.5").is_err());
        assert_eq!(serde_json::from_str::<Seconds>("0.5").unwrap().get(), 0.5);
    }
}
