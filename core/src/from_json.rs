//! Decoding and checking in one call, with errors that name the place and never repeat the value.

mod fault;
mod key;
mod path;
mod tracked;

use std::{error::Error, fmt};

use serde::de::DeserializeOwned;

use self::{path::Path, tracked::Tracked};
use crate::{Validate, Violations};

/// A value that is decoded from JSON text and checked, in one pass over the text. A second pass
/// finds the place of a decoding error.
///
/// Every type with `Deserialize` and [`Validate`] has it.
///
/// ```
/// use credwire_core::{FromJson, FromJsonError, Validate, Validator};
///
/// #[derive(Debug, serde::Deserialize)]
/// struct Level {
///     value: f64,
/// }
/// impl Validate for Level {
///     fn check(&self, validator: &mut Validator) {
///         if !(0.0..=1.0).contains(&self.value) {
///             validator.at("value", |validator| validator.report("range", "expected 0 to 1"));
///         }
///     }
/// }
///
/// assert_eq!(Level::from_json(r#"{"value": 0.5}"#)?.value, 0.5);
/// let error = Level::from_json(r#"{"value": "made-up"}"#).unwrap_err();
/// assert_eq!(error.to_string(), "line 1, column 19: /value: expected f64, found a string");
/// let error = Level::from_json(r#"{"value": 7}"#).unwrap_err();
/// assert_eq!(error.to_string(), "/value: expected 0 to 1");
/// # Ok::<(), FromJsonError>(())
/// ```
pub trait FromJson: DeserializeOwned + Validate {
    /// Reads a value and checks it.
    ///
    /// # Errors
    /// [`FromJsonError::Decode`] at the first place that is no JSON (RFC 8259), nests deeper than
    /// 128 levels or has not the documented type; otherwise [`FromJsonError::Rules`] with every
    /// rule that the value breaks.
    fn from_json(text: &str) -> Result<Self, FromJsonError> {
        checked(match serde_json::from_str(text) {
            Ok(value) => value,
            // Its words may repeat the value. Only now is it worth knowing where one is.
            Err(_) => read(serde_json::Deserializer::from_str(text))?,
        })
    }

    /// Reads a value from bytes, which have to be UTF-8, and checks it.
    ///
    /// # Errors
    /// As [`from_json`](Self::from_json).
    fn from_json_slice(bytes: &[u8]) -> Result<Self, FromJsonError> {
        match std::str::from_utf8(bytes) {
            Ok(text) => Self::from_json(text),
            Err(_) => checked(read(serde_json::Deserializer::from_slice(bytes))?),
        }
    }
}

impl<T: DeserializeOwned + Validate> FromJson for T {}

/// Decodes a value with the place of each part tracked.
fn read<'de, R, T>(mut reader: serde_json::Deserializer<R>) -> Result<T, FromJsonError>
where
    R: serde_json::de::Read<'de>,
    T: DeserializeOwned,
{
    let marks = tracked::Marks::default();
    let value = T::deserialize(Tracked::new(&mut reader, Path::Root, &marks))?;
    reader.end().map_err(|error| fault::Fault::of_reader(&error, Path::Root))?;
    Ok(value)
}

fn checked<T: Validate>(value: T) -> Result<T, FromJsonError> {
    value.validate()?;
    Ok(value)
}

/// The error of a text that cannot be decoded or breaks the rules of its type.
///
/// Its message repeats nothing of the text but the names of members, so a token in a wrong place
/// does not get into it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FromJsonError {
    /// The text cannot be decoded.
    Decode(DecodeError),
    /// The value breaks rules of its interface.
    Rules(Violations),
}

impl FromJsonError {
    /// Returns the decoding error, when the text could not be decoded.
    pub const fn decode(&self) -> Option<&DecodeError> {
        match self {
            Self::Decode(error) => Some(error),
            Self::Rules(_) => None,
        }
    }

    /// Returns the broken rules, when the text could be decoded.
    pub const fn violations(&self) -> Option<&Violations> {
        match self {
            Self::Decode(_) => None,
            Self::Rules(violations) => Some(violations),
        }
    }
}

impl fmt::Display for FromJsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Decode(error) => error.fmt(f),
            Self::Rules(violations) => violations.fmt(f),
        }
    }
}

// Display prints the inner error whole, so there is no source besides it.
impl Error for FromJsonError {}

impl From<Violations> for FromJsonError {
    fn from(violations: Violations) -> Self {
        Self::Rules(violations)
    }
}

/// The first place at which a text cannot be decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError {
    kind: DecodeErrorKind,
    line: usize,
    column: usize,
    pointer: String,
    message: String,
}

/// The kind of a decoding error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DecodeErrorKind {
    /// The text is not JSON, ends too early or nests too deep.
    Syntax,
    /// The text is JSON, but not of the documented type.
    Type,
}

impl DecodeError {
    /// Returns the kind of the error.
    pub const fn kind(&self) -> DecodeErrorKind {
        self.kind
    }

    /// Returns the line, counted from 1.
    pub const fn line(&self) -> usize {
        self.line
    }

    /// Returns the column in bytes, counted from 1. Reading stopped there, which is at or behind
    /// the end of the offending value.
    pub const fn column(&self) -> usize {
        self.column
    }

    /// Returns the JSON pointer (RFC 6901) to the offending value; empty for the whole text.
    pub fn pointer(&self) -> &str {
        &self.pointer
    }

    /// Returns what was expected. A hand-written `Deserialize` words it itself.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = if self.pointer.is_empty() { "(value)" } else { &self.pointer };
        write!(f, "line {}, column {}: {place}: {}", self.line, self.column, self.message)
    }
}

impl Error for DecodeError {}

#[cfg(test)]
mod tests;
