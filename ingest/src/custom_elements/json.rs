//! JSON whose objects know where they stand.

use std::collections::BTreeMap;

use credwire_schema::diagnostic::Place;
use serde_json::value::RawValue;

use crate::source::Source;

/// An object of a document.
pub(super) struct Node<'t> {
    raw: &'t RawValue,
    members: BTreeMap<String, &'t RawValue>,
}

impl<'t> Node<'t> {
    /// Takes an object; nothing for other values.
    pub(super) fn of(raw: &'t RawValue) -> Option<Self> {
        let members = serde_json::from_str(raw.get()).ok()?;
        Some(Self { raw, members })
    }

    /// A text that is not empty.
    pub(super) fn text(&self, key: &str) -> Option<String> {
        self.any_text(key).filter(|text| !text.is_empty())
    }

    pub(super) fn any_text(&self, key: &str) -> Option<String> {
        serde_json::from_str(self.members.get(key)?.get()).ok()
    }

    /// Whether a mark is there: `true`, or a text with the reason.
    pub(super) fn is_marked(&self, key: &str) -> bool {
        let raised = self.members.get(key).is_some_and(|value| value.get() == "true");
        raised || self.text(key).is_some()
    }

    pub(super) fn node(&self, key: &str) -> Option<Self> {
        Self::of(self.members.get(key)?)
    }

    /// The objects of a list; nothing when there is no list.
    pub(super) fn list(&self, key: &str) -> Option<Vec<Self>> {
        let all: Vec<&RawValue> = serde_json::from_str(self.members.get(key)?.get()).ok()?;
        Some(all.into_iter().filter_map(Self::of).collect())
    }

    pub(super) fn nodes(&self, key: &str) -> Vec<Self> {
        self.list(key).unwrap_or_default()
    }

    pub(super) fn place(&self, source: &Source) -> Place {
        let start = source.text().as_ptr().addr();
        source.place(self.raw.get().as_ptr().addr().saturating_sub(start))
    }
}
