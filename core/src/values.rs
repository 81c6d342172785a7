//! Values of interfaces that JSON has no form of its own for: bytes, large whole numbers; and texts with a form:
//! instants, URLs.

mod text;
mod timestamp;
mod url;

use std::{fmt, str::FromStr};

use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use zeroize::Zeroize;

pub use self::{timestamp::Timestamp, url::Url};
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
