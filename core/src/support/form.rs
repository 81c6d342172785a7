//! The forms of texts.

use std::{error::Error, fmt};

/// A text that is none of the values of an enum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownValue(&'static str);

impl UnknownValue {
    /// Creates the error for what was `expected`.
    pub const fn new(expected: &'static str) -> Self {
        Self(expected)
    }
}

impl fmt::Display for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl Error for UnknownValue {}

/// Returns whether `text` is a thumbprint (RFC 7638) with SHA-256: 32 bytes in base64url without
/// padding.
pub fn is_jwk_thumbprint(text: &str) -> bool {
    text.len() == 43 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

/// Returns the number between a prefix and a suffix, when it is whole and in its usual spelling.
pub fn whole_between(text: &str, prefix: &str, suffix: &str) -> Option<u32> {
    let digits = text.strip_prefix(prefix)?.strip_suffix(suffix)?;
    let number: u32 = digits.parse().ok()?;
    (number.to_string() == digits).then_some(number)
}

/// Returns whether a decimal number stands between a prefix and a suffix: up to 200 digits on
/// either side of the point and an exponent of up to two, so that each is a finite double.
pub fn is_number_between(text: &str, prefix: &str, suffix: &str) -> bool {
    text.strip_prefix(prefix).and_then(|rest| rest.strip_suffix(suffix)).is_some_and(is_number)
}

fn is_number(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |text: &str, most: usize| {
        text.len() <= most && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    digits(whole, 200)
        && digits(fraction, 200)
        && !(whole.is_empty() && fraction.is_empty())
        && exponent.is_none_or(|text| {
            let text = text.strip_prefix(['+', '-']).unwrap_or(text);
            !text.is_empty() && digits(text, 2)
        })
}
