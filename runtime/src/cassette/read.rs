//! Reading a cassette.

use std::{collections::HashMap, fs, path::Path, time::Duration};

use serde::Deserialize;

use super::{
    channel::Channel,
    entry::{Entry, FORMAT, Header, Kind},
    error::{CassetteError, Fault},
};
use crate::EpochMillis;

/// A recorded session. See the [module](crate::recording).
#[derive(Clone, Debug)]
pub struct Cassette {
    pub(crate) header: Header,
    pub(crate) lines: Vec<Line>,
    is_torn: bool,
}

/// An entry and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) number: usize,
    pub(crate) entry: Entry,
}

#[derive(Deserialize)]
struct Format {
    format: String,
}

impl Cassette {
    /// Reads a cassette from a file.
    ///
    /// # Errors
    /// As [`parse`](Self::parse), and when the file cannot be read.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, CassetteError> {
        Self::parse(&fs::read(path).map_err(CassetteError::read)?)
    }

    /// Reads a cassette: a header, then an entry for each line. A last line without its end, as a
    /// crash may leave one, is left out.
    ///
    /// # Errors
    /// [`CassetteError`] with the first line that is not JSON, not an entry, or at odds with an
    /// earlier one.
    pub fn parse(bytes: &[u8]) -> Result<Self, CassetteError> {
        let mut lines = bytes.split_inclusive(|&byte| byte == b'\n').enumerate();
        let mut lines = lines.by_ref().map(|(index, line)| (index + 1, line));
        let (first, text) = lines.next().ok_or(CassetteError::at(1, Fault::Empty))?;
        let header = header(text).map_err(|fault| CassetteError::at(first, fault))?;
        let mut read = Vec::new();
        let mut is_torn = false;
        let mut check = Check::default();
        for (number, text) in lines {
            if text.trim_ascii().is_empty() {
                continue;
            }
            match serde_json::from_slice::<Entry>(text) {
                Ok(entry) => {
                    check
                        .entry(&entry)
                        .map_err(|what| CassetteError::at(number, Fault::Contradiction(what)))?;
                    read.push(Line { number, entry });
                }
                Err(_) if !text.ends_with(b"\n") => is_torn = true,
                Err(error) => return Err(CassetteError::at(number, Fault::Malformed(error))),
            }
        }
        Ok(Self { header, lines: read, is_torn })
    }

    /// Returns the time of the recording in milliseconds since the Unix epoch.
    pub const fn recorded_at(&self) -> EpochMillis {
        self.header.wall
    }

    /// Returns the name and version of the program that recorded it.
    pub fn recorded_by(&self) -> &str {
        &self.header.by
    }

    /// Returns the duration of the recorded session.
    pub fn lasts(&self) -> Duration {
        Duration::from_millis(self.lines.last().map_or(0, |line| line.entry.at))
    }

    /// Returns whether the recording goes on to the end of the client. It does not when the process
    /// was killed or the recording reached its largest size.
    pub fn is_complete(&self) -> bool {
        !self.is_torn && self.lines.last().is_some_and(|line| matches!(line.entry.kind, Kind::End))
    }
}

fn header(text: &[u8]) -> Result<Header, Fault> {
    let Format { format } = serde_json::from_slice(text).map_err(|_| Fault::NotACassette)?;
    if format == FORMAT {
        serde_json::from_slice(text).map_err(Fault::Malformed)
    } else if format.starts_with("credwire-cassette/") {
        Err(Fault::Version(format))
    } else {
        Err(Fault::NotACassette)
    }
}

/// What the lines so far state.
#[derive(Default)]
struct Check {
    at: u64,
    ended: bool,
    /// Conversations, and whether they are over.
    channels: HashMap<Channel, bool>,
}

impl Check {
    fn entry(&mut self, entry: &Entry) -> Result<(), &'static str> {
        if self.ended {
            return Err("this stands after the end of the recording");
        }
        if entry.at < self.at {
            return Err("this was recorded before the line above it");
        }
        self.at = entry.at;
        let Some(channel) = entry.kind.channel() else {
            self.ended = matches!(entry.kind, Kind::End | Kind::Full { .. });
            return Ok(());
        };
        if entry.kind.is_beginning() {
            return match self.channels.insert(channel, false) {
                None => Ok(()),
                Some(_) => Err("a call or a socket of this number has begun before"),
            };
        }
        let over = self.channels.get_mut(&channel).filter(|over| !**over);
        let over = over.ok_or("there is no such call or socket, or it is over")?;
        *over = matches!(
            entry.kind,
            Kind::Answered { .. }
                | Kind::Response { .. }
                | Kind::RequestFailed { .. }
                | Kind::OpenFailed { .. }
                | Kind::Lost { .. }
                | Kind::Close { .. }
        );
        Ok(())
    }
}
