//! Values that are one of some texts or numbers.

use std::fmt;

use serde::{
    Deserializer,
    de::{Error, Visitor},
};

/// A text or a whole number, as it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Literal<'a> {
    /// A text.
    Text(&'a str),
    /// A whole number.
    Number(i64),
}

/// Reads a text or a whole number and what it means. The error does not repeat what was read.
pub fn read<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    expected: &'static str,
    meaning: impl FnOnce(Literal<'_>) -> Option<T>,
) -> Result<T, D::Error> {
    deserializer.deserialize_any(Read { expected, meaning })
}

struct Read<F> {
    expected: &'static str,
    meaning: F,
}

impl<T, F: FnOnce(Literal<'_>) -> Option<T>> Read<F> {
    fn meant<E: Error>(self, literal: Literal<'_>) -> Result<T, E> {
        (self.meaning)(literal).ok_or_else(|| E::custom(self.expected))
    }
}

impl<'de, T, F: FnOnce(Literal<'_>) -> Option<T>> Visitor<'de> for Read<F> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text or a whole number")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        self.meant(Literal::Text(text))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<T, E> {
        self.meant(Literal::Number(number))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<T, E> {
        match i64::try_from(number) {
            Ok(number) => self.meant(Literal::Number(number)),
            Err(_) => Err(E::custom(self.expected)),
        }
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<T, E> {
        // Whole numbers are written with a point by some.
        #[allow(clippy::cast_possible_truncation, reason = "compared with what it was")]
        let whole = number as i64;
        #[allow(clippy::cast_precision_loss, reason = "compared with what it was")]
        if whole as f64 == number {
            self.meant(Literal::Number(whole))
        } else {
            Err(E::custom(self.expected))
        }
    }
}
