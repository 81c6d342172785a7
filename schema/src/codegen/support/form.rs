//! The forms of texts.

use std::{error::Error, fmt};

/// A text that is none of the values of an enum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownValue(&'static str);

impl UnknownValue {
    pub(crate) const fn new(expected: &'static str) -> Self {
        Self(expected)
    }
}

impl fmt::Display for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl Error for UnknownValue {}

/// RFC 7638 with SHA-256: 32 bytes in base64url without padding.
pub(crate) fn is_jwk_thumbprint(text: &str) -> bool {
    text.len() == 43 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

/// The number between a prefix and a suffix, when it is whole and in its usual spelling.
pub(crate) fn whole_between(text: &str, prefix: &str, suffix: &str) -> Option<u32> {
    let digits = text.strip_prefix(prefix)?.strip_suffix(suffix)?;
    let number: u32 = digits.parse().ok()?;
    (number.to_string() == digits).then_some(number)
}

/// Whether any number stands between a prefix and a suffix.
pub(crate) fn is_number_between(text: &str, prefix: &str, suffix: &str) -> bool {
    let number = text.strip_prefix(prefix).and_then(|rest| rest.strip_suffix(suffix));
    number.and_then(|number| number.parse::<f64>().ok()).is_some_and(f64::is_finite)
}
