//! The expiry of a credential as a space sends it, in any of several forms.

use std::fmt;

use serde_json::Value;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use credwire_core::EpochMillis;

/// From here on a number counts milliseconds: as seconds it is the year 5138, as milliseconds 1973.
const LEAST_MILLIS: f64 = 1e11;
/// From here on it counts something finer.
const MOST_MILLIS: f64 = 1e14;

/// The error of an expiry that is not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpiryError {
    /// The value is neither a number nor a text.
    Form,
    /// The text is neither a date with a time of day and an offset (RFC 3339) nor a number.
    Date,
    /// The instant lies before 1973 or after 5138: the number is a duration, or in another unit.
    Range,
}

impl fmt::Display for ExpiryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Form => "it is neither a number nor a date",
            Self::Date => "it is no date with a time of day and an offset, as in RFC 3339",
            Self::Range => {
                "it is no moment between 1973 and 5138, in seconds or milliseconds since 1970"
            }
        })
    }
}

impl std::error::Error for ExpiryError {}

/// Reads an expiry: seconds since the Unix epoch, with or without a fraction; milliseconds, when
/// the number is too large for seconds; a date of RFC 3339; or one of these numbers as a text.
/// Returns `None` for JSON's `null`.
pub fn read(value: &Value) -> Result<Option<EpochMillis>, ExpiryError> {
    match value {
        Value::Null => Ok(None),
        Value::Number(number) => number.as_f64().ok_or(ExpiryError::Range).and_then(number_of),
        Value::String(text) => match text.trim().parse() {
            Ok(number) => number_of(number),
            Err(_) => in_range(date(text.trim()).ok_or(ExpiryError::Date)?),
        },
        Value::Bool(_) | Value::Array(_) | Value::Object(_) => Err(ExpiryError::Form),
    }
}

fn number_of(number: f64) -> Result<Option<EpochMillis>, ExpiryError> {
    let millis = if number < LEAST_MILLIS { number * 1000.0 } else { number };
    if !(LEAST_MILLIS..MOST_MILLIS).contains(&millis) {
        return Err(ExpiryError::Range);
    }
    #[allow(clippy::cast_possible_truncation, reason = "in range, and fractions are rounded down")]
    in_range(millis as i64)
}

fn in_range(millis: i64) -> Result<Option<EpochMillis>, ExpiryError> {
    let moment = EpochMillis::new(millis);
    moment.is_plausible().then_some(Some(moment)).ok_or(ExpiryError::Range)
}

/// A date of RFC 3339 in milliseconds since the epoch. Without an offset it would be a guess.
fn date(text: &str) -> Option<i64> {
    let moment = OffsetDateTime::parse(text, &Rfc3339).ok()?;
    i64::try_from(moment.unix_timestamp_nanos().div_euclid(1_000_000)).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    const MOMENT: i64 = 1_760_000_000_000;

    #[test]
    fn every_spelling_of_one_moment_is_that_moment() {
        for value in [
            json!(1_760_000_000),
            json!(1_760_000_000.0),
            json!(1_760_000_000_000_i64),
            json!("1760000000"),
            json!(" 1760000000000 "),
            json!("2025-10-09T08:53:20Z"),
            json!("2025-10-09t08:53:20.000z"),
            json!("2025-10-09 08:53:20+00:00"),
            json!("2025-10-09T10:23:20.0000001+01:30"),
            json!("2025-10-08T23:53:20-09:00"),
        ] {
            assert_eq!(read(&value), Ok(Some(EpochMillis::new(MOMENT))), "{value}");
        }
        assert_eq!(read(&json!(1_760_000_000.25)), Ok(Some(EpochMillis::new(MOMENT + 250))));
        assert_eq!(read(&json!("2025-10-09T08:53:20.25Z")), read(&json!(1_760_000_000.25)));
        assert_eq!(read(&Value::Null), Ok(None));
    }

    #[test]
    fn calendars_are_kept() {
        for (date, seconds) in [
            ("2000-02-29T00:00:00Z", 951_782_400_i64),
            ("2024-12-31T23:59:59Z", 1_735_689_599),
            ("1973-03-04T00:00:00Z", 100_051_200),
        ] {
            assert_eq!(read(&json!(date)), read(&json!(seconds)), "{date}");
        }
    }

    #[test]
    fn an_unreadable_expiry_is_reported_with_its_reason() {
        for (value, why) in [
            (json!(true), ExpiryError::Form),
            (json!([1_760_000_000]), ExpiryError::Form),
            (json!({}), ExpiryError::Form),
            (json!(""), ExpiryError::Date),
            (json!("tomorrow"), ExpiryError::Date),
            (json!("2025-10-09"), ExpiryError::Date),
            (json!("2025-10-09T08:53:20"), ExpiryError::Date),
            (json!("2025-10-09T08:53Z"), ExpiryError::Date),
            (json!("2025-13-09T08:53:20Z"), ExpiryError::Date),
            (json!("2023-02-29T08:53:20Z"), ExpiryError::Date),
            (json!("2025-10-09T24:00:00Z"), ExpiryError::Date),
            (json!("2025-10-09T08:53:20.Z"), ExpiryError::Date),
            (json!("2025-10-09T08:53:20+1:00"), ExpiryError::Date),
            (json!("+025-10-09T08:53:20Z"), ExpiryError::Date),
            (json!("20é5-10-09T08:53:20Z"), ExpiryError::Date),
            (json!("1960-10-09T08:53:20Z"), ExpiryError::Range),
            (json!(-5), ExpiryError::Range),
            (json!(0), ExpiryError::Range),
            (json!(900), ExpiryError::Range),
            (json!("NaN"), ExpiryError::Range),
            (json!("inf"), ExpiryError::Range),
            (json!(1_760_000_000_000_000_i64), ExpiryError::Range),
        ] {
            assert_eq!(read(&value), Err(why), "{value}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "[-+:. TtZz0-9é]{0,30}") {
            let _ = read(&Value::String(text));
        }
    }
}
