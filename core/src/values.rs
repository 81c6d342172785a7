//! Values of interfaces that JSON has no form of its own for: bytes, instants as text, large whole
//! numbers.

use std::{fmt, str::FromStr};

use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use zeroize::Zeroize;

use crate::{Validate, Validator};

/// What is read: with padding or without.
const LENIENT: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

/// Bytes, which are base64 text on the wire (RFC 4648).
///
/// Both alphabets are read, with and without padding; the standard one is written, with padding.
///
/// ```
/// use credwire_core::Bytes;
/// let bytes: Bytes = serde_json::from_str(r#""_-8""#)?;
/// assert_eq!(bytes.as_ref(), [0xff, 0xef]);
/// assert_eq!(serde_json::to_string(&bytes)?, r#""/+8=""#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bytes(Vec<u8>);

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl From<&[u8]> for Bytes {
    fn from(bytes: &[u8]) -> Self {
        Self(bytes.to_vec())
    }
}

impl From<Bytes> for Vec<u8> {
    fn from(Bytes(bytes): Bytes) -> Self {
        bytes
    }
}

impl AsRef<[u8]> for Bytes {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl Zeroize for Bytes {
    fn zeroize(&mut self) {
        self.0.zeroize();
    }
}

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&base64::display::Base64Display::new(&self.0, &STANDARD))
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;

        impl de::Visitor<'_> for Text {
            type Value = Bytes;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("bytes as base64 text")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Bytes, E> {
                let engine = if text.contains(['-', '_']) { &URL_SAFE } else { &STANDARD };
                // The text may be a secret, which the decoder's own error would describe.
                engine.decode(text).map(Bytes).map_err(|_| E::custom("expected base64 text"))
            }
        }

        deserializer.deserialize_str(Text)
    }
}

/// Bytes have no rules.
impl Validate for Bytes {
    fn check(&self, _validator: &mut Validator) {}
}

/// An instant as RFC 3339 text, `2026-11-30T17:44:29.000Z`, which is what a `Date` of JavaScript is
/// on the wire.
///
/// The text is kept as it is; [`Validate`] reports one that is no instant.
///
/// ```
/// use credwire_core::{Timestamp, Validate as _};
/// assert!(Timestamp::new("2026-11-30T17:44:29.5+01:00").validate().is_ok());
/// assert!(Timestamp::new("30.11.2026").validate().is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(String);

impl Timestamp {
    /// Creates an instant of its text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Returns the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for Timestamp {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Timestamp {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
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

/// A whole number of any size that 128 bits hold, which is decimal text on the wire: the `bigint`
/// of JavaScript, which JSON has no form for.
///
/// A JSON number is read as well.
///
/// ```
/// use credwire_core::BigInt;
/// let number: BigInt = serde_json::from_str(r#""18446744073709551616""#)?;
/// assert_eq!(number.get(), 1 << 64);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BigInt(i128);

impl BigInt {
    /// Creates a number.
    pub const fn new(value: i128) -> Self {
        Self(value)
    }

    /// Returns the number.
    pub const fn get(self) -> i128 {
        self.0
    }
}

impl From<i128> for BigInt {
    fn from(value: i128) -> Self {
        Self(value)
    }
}

impl fmt::Display for BigInt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for BigInt {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for BigInt {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Whole;

        impl de::Visitor<'_> for Whole {
            type Value = BigInt;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a whole number, or one as text")
            }

            fn visit_i64<E: de::Error>(self, value: i64) -> Result<BigInt, E> {
                Ok(BigInt(value.into()))
            }

            fn visit_u64<E: de::Error>(self, value: u64) -> Result<BigInt, E> {
                Ok(BigInt(value.into()))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<BigInt, E> {
                i128::from_str(text).map(BigInt).map_err(|_| E::custom("expected a whole number"))
            }
        }

        deserializer.deserialize_any(Whole)
    }
}

/// Every number is valid.
impl Validate for BigInt {
    fn check(&self, _validator: &mut Validator) {}
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

    #[test]
    fn bytes_are_read_in_both_alphabets_and_errors_do_not_repeat_them() {
        for text in ["\"+/8=\"", "\"+/8\"", "\"-_8\"", "\"-_8=\""] {
            let bytes: Bytes = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&bytes).unwrap(), "\"+/8=\"", "{text}");
        }
        let error = serde_json::from_str::<Bytes>("\"made-up!secret\"").unwrap_err().to_string();
        assert!(error.contains("base64") && !error.contains("made-up"), "{error}");
    }

    #[test]
    fn large_numbers_keep_every_digit() {
        for text in ["\"-170141183460469231731687303715884105728\"", "\"0\""] {
            let number: BigInt = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&number).unwrap(), text);
        }
        assert_eq!(serde_json::from_str::<BigInt>("12").unwrap(), BigInt::new(12));
        assert!(serde_json::from_str::<BigInt>("\"1e3\"").is_err());
        assert!(serde_json::from_str::<BigInt>("1.5").is_err());
    }
}
