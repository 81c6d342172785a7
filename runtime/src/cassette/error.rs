//! Errors of cassettes that cannot be read.

use std::{fmt, io};

use super::entry::FORMAT;

/// The error of a cassette that cannot be read, with the line.
#[derive(Debug)]
pub struct CassetteError {
    line: Option<usize>,
    fault: Fault,
}

#[derive(Debug)]
pub(super) enum Fault {
    Read(io::Error),
    Empty,
    NotACassette,
    Version(String),
    /// In the parser's words: a cassette holds no secrets.
    Malformed(serde_json::Error),
    /// It contradicts an earlier line.
    Contradiction(&'static str),
}

impl CassetteError {
    pub(super) fn read(error: io::Error) -> Self {
        Self { line: None, fault: Fault::Read(error) }
    }

    pub(super) const fn at(line: usize, fault: Fault) -> Self {
        Self { line: Some(line), fault }
    }

    /// Returns the line, counted from 1; `None` when the file could not be read at all.
    pub const fn line(&self) -> Option<usize> {
        self.line
    }
}

impl fmt::Display for CassetteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        match &self.fault {
            Fault::Read(_) => f.write_str("the cassette cannot be read"),
            Fault::Empty => f.write_str("the cassette is empty"),
            Fault::NotACassette => write!(
                f,
                "this is no cassette: its first line is no JSON object with the format `{FORMAT}`"
            ),
            Fault::Version(found) => write!(
                f,
                "the cassette has the format `{found}`, this program reads `{FORMAT}`: record it \
                 again, or use the program that recorded it"
            ),
            Fault::Malformed(_) => f.write_str("this is no line of a cassette"),
            Fault::Contradiction(what) => f.write_str(what),
        }
    }
}

impl std::error::Error for CassetteError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.fault {
            Fault::Read(error) => Some(error),
            Fault::Malformed(error) => Some(error),
            _ => None,
        }
    }
}
