//! The error of a tracked deserializer: worded without the value, with the place of the walk.

use std::fmt;

use serde::de::{self, Expected, Unexpected};

use super::{DecodeError, DecodeErrorKind, FromJsonError, path::Path};

/// An error that is returned to the caller.
#[derive(Debug)]
pub(super) struct Fault(Box<Parts>);

#[derive(Debug)]
struct Parts {
    /// Ends with the position as `serde_json` writes it once its reader has added one.
    message: String,
    mark: Option<Mark>,
}

/// Where a fault is and what kind it has: what the text of an error cannot carry.
#[derive(Debug)]
pub(super) struct Mark {
    kind: DecodeErrorKind,
    pointer: String,
}

impl Fault {
    fn new(message: String) -> Self {
        Self(Box::new(Parts { message, mark: None }))
    }

    /// An error that came out of the reader: its own one, or one that went in with a mark.
    pub(super) fn from_reader(error: &impl fmt::Display, mark: Option<Mark>, at: Path<'_>) -> Self {
        match mark {
            Some(mark) => Self(Box::new(Parts { message: error.to_string(), mark: Some(mark) })),
            None => Self::of_reader(error, at),
        }
    }

    /// An error of the reader's own: its texts are fixed and hold no value.
    pub(super) fn of_reader(error: &impl fmt::Display, at: Path<'_>) -> Self {
        let mark = Mark { kind: DecodeErrorKind::Syntax, pointer: at.pointer() };
        Self(Box::new(Parts { message: error.to_string(), mark: Some(mark) }))
    }

    /// This fault with a place, unless it has one that is further inside.
    pub(super) fn at(mut self, path: Path<'_>) -> Self {
        if self.0.mark.is_none() {
            let mark = Mark { kind: DecodeErrorKind::Type, pointer: path.pointer() };
            self.0.mark = Some(mark);
        }
        self
    }

    /// The text to hand to the reader, which adds a position unless there is one, and the mark.
    pub(super) fn into_parts(self) -> (String, Option<Mark>) {
        (self.0.message, self.0.mark)
    }
}

impl From<Fault> for FromJsonError {
    fn from(fault: Fault) -> Self {
        let Parts { message, mark } = *fault.0;
        // The reader's own error type takes the position off the text again.
        let located: serde_json::Error = de::Error::custom(message);
        let (line, column) = (located.line(), located.column());
        let mut message = located.to_string();
        let suffix = format!(" at line {line} column {column}");
        if let Some(text) = message.strip_suffix(&suffix) {
            message.truncate(text.len());
        }
        let (kind, pointer) = match mark {
            Some(Mark { kind, pointer }) => (kind, pointer),
            None => (DecodeErrorKind::Type, String::new()),
        };
        Self::Decode(DecodeError { kind, line, column, pointer, message })
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for Fault {}

impl de::Error for Fault {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(message.to_string())
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::new(format!("expected {expected}, found {}", kind(found)))
    }

    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::new(format!("expected {expected}, found another value"))
    }

    fn invalid_length(length: usize, expected: &dyn Expected) -> Self {
        Self::new(format!("expected {expected}, found {length}"))
    }

    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        Self::new(format!("expected one of {}", Listed(expected)))
    }

    fn unknown_field(_: &str, expected: &'static [&'static str]) -> Self {
        Self::new(format!("there is a member besides {}", Listed(expected)))
    }

    fn missing_field(field: &'static str) -> Self {
        Self::new(format!("the member `{field}` is missing"))
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self::new(format!("the member `{field}` is there twice"))
    }
}

struct Listed(&'static [&'static str]);

impl fmt::Display for Listed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, name) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str(", ")?;
            }
            write!(f, "`{name}`")?;
        }
        Ok(())
    }
}

/// What was found, without the value.
fn kind(found: Unexpected<'_>) -> &'static str {
    match found {
        Unexpected::Bool(_) => "true or false",
        Unexpected::Unsigned(_) | Unexpected::Signed(_) | Unexpected::Float(_) => "a number",
        Unexpected::Char(_) | Unexpected::Str(_) | Unexpected::Bytes(_) => "a string",
        Unexpected::Unit | Unexpected::Option => "null",
        Unexpected::Seq => "an array",
        Unexpected::Map => "an object",
        _ => "something else",
    }
}
