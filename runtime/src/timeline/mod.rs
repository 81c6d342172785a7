//! What happened in one or more sessions, to look at and to keep (feature `timeline`).
//!
//! A [`Timeline`] is a bounded recording. It holds no secrets, serializes to JSON and back, and
//! draws itself: [`Timeline::svg`] returns one picture, [`Timeline::html`] a page with the picture
//! and every entry in a table.
//!
//! ```
//! use credwire::{client::{CredentialOrigin, HistoryEvent}, timeline::Timeline};
//! use credwire_core::EpochMillis;
//!
//! let start = EpochMillis::new(1_760_000_000_000);
//! let mut timeline = Timeline::default();
//! timeline.record(start, "kiosk", HistoryEvent::Credential {
//!     kind: CredentialOrigin::Sat,
//!     expires_at: Some(EpochMillis::new(1_760_000_060_000)),
//! });
//! timeline.record(EpochMillis::new(1_760_000_000_400), "kiosk", HistoryEvent::Connected);
//! assert!(timeline.svg().starts_with("<svg"));
//! ```

mod axis;
mod flags;
mod html;
mod lane;
mod layout;
mod svg;
mod text;

use std::{collections::VecDeque, sync::Arc};

use credwire_core::EpochMillis;
use serde::{Deserialize, Serialize};

use crate::client::{CredentialOrigin, HistoryEntry, HistoryEvent};

/// The version of the exported form, written as `format`.
pub const FORMAT: &str = "credwire-timeline/1";

/// How many entries a timeline keeps by default.
const DEFAULT_LIMIT: usize = 4096;

/// A bounded recording of session events. When it is full, the oldest entry is dropped.
#[derive(Clone, Debug, PartialEq)]
pub struct Timeline {
    limit: usize,
    dropped: u64,
    entries: VecDeque<HistoryEntry>,
}

impl Default for Timeline {
    fn default() -> Self {
        Self::with_limit(DEFAULT_LIMIT)
    }
}

impl Timeline {
    /// Creates an empty timeline that keeps the newest `limit` entries, at least one.
    pub fn with_limit(limit: usize) -> Self {
        Self { limit: limit.max(1), dropped: 0, entries: VecDeque::new() }
    }

    /// Adds an event of the session called `session`.
    pub fn record(&mut self, at: EpochMillis, session: impl Into<Arc<str>>, event: HistoryEvent) {
        self.push(HistoryEntry::new(at, session, event));
    }

    /// Adds an entry.
    pub fn push(&mut self, entry: HistoryEntry) {
        if self.entries.len() == self.limit {
            self.entries.pop_front();
            self.dropped = self.dropped.saturating_add(1);
        }
        self.entries.push_back(entry);
    }

    /// Returns the entries in the order in which they were recorded.
    pub fn entries(&self) -> impl ExactSizeIterator<Item = &HistoryEntry> {
        self.entries.iter()
    }

    /// Returns the number of entries that were dropped for newer ones.
    pub const fn dropped(&self) -> u64 {
        self.dropped
    }

    /// Draws the timeline as an SVG picture: a panel for each session with its events, the validity
    /// of its credentials and the state of its socket, over one axis of time.
    ///
    /// The text is well-formed XML for any content, follows the viewer's light or dark theme, and
    /// carries a description for screen readers.
    pub fn svg(&self) -> String {
        svg::draw(&self.chronological(), self.dropped)
    }

    /// Returns an HTML page with the picture and every entry in a table.
    pub fn html(&self) -> String {
        html::page(&self.chronological(), self.dropped)
    }

    /// Entries by time; those of one instant stay in the order of recording.
    fn chronological(&self) -> Vec<&HistoryEntry> {
        let mut entries: Vec<_> = self.entries.iter().collect();
        entries.sort_by_key(|entry| entry.at);
        entries
    }
}

impl Extend<HistoryEntry> for Timeline {
    fn extend<I: IntoIterator<Item = HistoryEntry>>(&mut self, entries: I) {
        for entry in entries {
            self.push(entry);
        }
    }
}

/// The exported form.
#[derive(Serialize, Deserialize)]
struct Document<E> {
    format: String,
    #[serde(default)]
    dropped: u64,
    entries: E,
}

impl Serialize for Timeline {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let document =
            Document { format: FORMAT.to_owned(), dropped: self.dropped, entries: &self.entries };
        document.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Timeline {
    /// Reads the exported form; the limit is the default one, or what the entries need.
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let document = Document::<VecDeque<HistoryEntry>>::deserialize(deserializer)?;
        if document.format != FORMAT {
            return Err(serde::de::Error::custom(format_args!(
                "the timeline has the format `{}`, expected `{FORMAT}`",
                document.format
            )));
        }
        let limit = document.entries.len().max(DEFAULT_LIMIT);
        Ok(Self { limit, dropped: document.dropped, entries: document.entries })
    }
}

#[cfg(test)]
mod tests;
