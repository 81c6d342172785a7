//! Instants as text, and what other packages make of them.

use super::text::text;
use crate::{Validate, Validator};

text! {
    /// An instant as RFC 3339 text, `2026-11-30T17:44:29.000Z`, which is what a `Date` of JavaScript is
    /// on the wire.
    ///
    /// The text is kept as it is; [`Validate`] reports one that is no instant. With the features `chrono`, `jiff` and `time`
    /// it is converted to the types of these packages and back; a text that is no instant is their error then.
    ///
    /// ```
    /// use credwire_core::{Timestamp, Validate as _};
    /// assert!(Timestamp::new("2026-11-30T17:44:29.5+01:00").validate().is_ok());
    /// assert!(Timestamp::new("30.11.2026").validate().is_err());
    /// ```
    Timestamp, "instant"
}

impl Validate for Timestamp {
    fn check(&self, validator: &mut Validator) {
        if !is_rfc_3339(&self.0) {
            validator.report("timestamp", "expected an instant as RFC 3339 text");
        }
    }
}

/// Whether `text` is a `date-time` of RFC 3339, section 5.6.
fn is_rfc_3339(text: &str) -> bool {
    fn number(text: &str, least: u32, greatest: u32) -> Option<u32> {
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse().ok().filter(|number| digits && (least..=greatest).contains(number))
    }
    fn date(text: &str) -> Option<()> {
        let [year, month, day] = parts(text, '-', [4, 2, 2])?;
        let (year, month) = (number(year, 0, 9999)?, number(month, 1, 12)?);
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let days = match month {
            2 if leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        number(day, 1, days).map(|_| ())
    }
    fn parts<const N: usize>(text: &str, between: char, lengths: [usize; N]) -> Option<[&str; N]> {
        let found: Vec<&str> = text.split(between).collect();
        let found: [&str; N] = found.try_into().ok()?;
        found.iter().zip(lengths).all(|(part, length)| part.len() == length).then_some(found)
    }
    fn time(text: &str) -> Option<()> {
        let zone = text.find(['Z', 'z', '+', '-'])?;
        let (time, zone) = text.split_at_checked(zone)?;
        if !zone.eq_ignore_ascii_case("z") {
            let [hours, minutes] = parts(zone.get(1..)?, ':', [2, 2])?;
            number(hours, 0, 23).and(number(minutes, 0, 59))?;
        }
        let (whole, fraction) = time.split_once('.').map_or((time, None), |(a, b)| (a, Some(b)));
        if fraction.is_some_and(|it| it.is_empty() || !it.bytes().all(|byte| byte.is_ascii_digit()))
        {
            return None;
        }
        let [hours, minutes, seconds] = parts(whole, ':', [2, 2, 2])?;
        // A leap second is the sixtieth.
        number(hours, 0, 23).and(number(minutes, 0, 59)).and(number(seconds, 0, 60)).map(|_| ())
    }
    text.split_once(['T', 't', ' ']).is_some_and(|(day, rest)| date(day).and(time(rest)).is_some())
}

#[cfg(feature = "chrono")]
#[cfg_attr(docsrs, doc(cfg(feature = "chrono")))]
mod of_chrono {
    use chrono::{DateTime, FixedOffset, ParseError, SecondsFormat, TimeZone, Utc};

    use super::Timestamp;

    impl TryFrom<&Timestamp> for DateTime<FixedOffset> {
        type Error = ParseError;

        fn try_from(instant: &Timestamp) -> Result<Self, ParseError> {
            Self::parse_from_rfc3339(instant.as_str())
        }
    }

    impl TryFrom<&Timestamp> for DateTime<Utc> {
        type Error = ParseError;

        fn try_from(instant: &Timestamp) -> Result<Self, ParseError> {
            DateTime::<FixedOffset>::try_from(instant).map(Into::into)
        }
    }

    impl<Z: TimeZone> From<DateTime<Z>> for Timestamp {
        fn from(instant: DateTime<Z>) -> Self {
            let utc = instant.with_timezone(&Utc);
            Self::new(utc.to_rfc3339_opts(SecondsFormat::AutoSi, true))
        }
    }
}

#[cfg(feature = "jiff")]
#[cfg_attr(docsrs, doc(cfg(feature = "jiff")))]
mod of_jiff {
    use super::Timestamp;

    impl TryFrom<&Timestamp> for jiff::Timestamp {
        type Error = jiff::Error;

        fn try_from(instant: &Timestamp) -> Result<Self, jiff::Error> {
            instant.as_str().parse()
        }
    }

    impl From<jiff::Timestamp> for Timestamp {
        fn from(instant: jiff::Timestamp) -> Self {
            Self::new(instant.to_string())
        }
    }
}

#[cfg(feature = "time")]
#[cfg_attr(docsrs, doc(cfg(feature = "time")))]
mod of_time {
    use time::{
        OffsetDateTime,
        error::{Format, Parse},
        format_description::well_known::Rfc3339,
    };

    use super::Timestamp;

    impl TryFrom<&Timestamp> for OffsetDateTime {
        type Error = Parse;

        fn try_from(instant: &Timestamp) -> Result<Self, Parse> {
            Self::parse(instant.as_str(), &Rfc3339)
        }
    }

    /// An instant outside the years 0 to 9999 has no text by RFC 3339.
    impl TryFrom<OffsetDateTime> for Timestamp {
        type Error = Format;

        fn try_from(instant: OffsetDateTime) -> Result<Self, Format> {
            instant.format(&Rfc3339).map(Self::new)
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn instants_are_those_of_rfc_3339() {
        for text in [
            "2026-11-30T17:44:29Z",
            "2024-02-29t00:00:00.123456789z",
            "1996-12-19 16:39:57-08:00",
            "1990-12-31T23:59:60Z",
        ] {
            assert!(is_rfc_3339(text), "{text}");
        }
        for text in [
            "",
            "T",
            "2026-11-30",
            "2026-11-30T17:44Z",
            "2023-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-11-30T24:00:00Z",
            "2026-11-30T17:44:29",
            "2026-11-30T17:44:29.Z",
            "2026-11-30T17:44:29+0100",
            "+026-11-30T17:44:29Z",
            "2026-11-30T17:44:2９Z",
        ] {
            assert!(!is_rfc_3339(text), "{text}");
        }
    }

    /// What is valid here is read by each of them, as the same instant, and comes back as itself.
    #[test]
    #[cfg(all(feature = "chrono", feature = "jiff", feature = "time"))]
    fn other_packages_read_the_same_instant() {
        for (text, seconds) in [
            ("2026-11-30T17:44:29Z", 1_796_060_669),
            ("2024-02-29t00:00:00.5z", 1_709_164_800),
            ("1996-12-19 16:39:57-08:00", 851_042_397),
            ("0001-01-01T00:00:00Z", -62_135_596_800),
        ] {
            let instant = Timestamp::new(text);
            let of_chrono: chrono::DateTime<chrono::Utc> = (&instant).try_into().unwrap();
            let of_jiff: jiff::Timestamp = (&instant).try_into().unwrap();
            let of_time: time::OffsetDateTime = (&instant).try_into().unwrap();
            assert_eq!(of_chrono.timestamp(), seconds, "{text}");
            assert_eq!(of_jiff.as_second(), seconds, "{text}");
            assert_eq!(of_time.unix_timestamp(), seconds, "{text}");
            for back in [of_chrono.into(), of_jiff.into(), Timestamp::try_from(of_time).unwrap()] {
                assert!(back.validate().is_ok(), "{back}");
                assert_eq!(jiff::Timestamp::try_from(&back).unwrap(), of_jiff, "{back}");
            }
        }
        let none = Timestamp::new("30.11.2026");
        assert!(chrono::DateTime::<chrono::Utc>::try_from(&none).is_err());
        assert!(jiff::Timestamp::try_from(&none).is_err());
        assert!(time::OffsetDateTime::try_from(&none).is_err());
    }
}
