//! JSON that stays text.

use std::{borrow::Cow, fmt};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use crate::repair::repair_json;

/// JSON text, borrowed from what it was read from. It may hold secrets, so `Debug` shows its length
/// alone.
#[derive(Clone, Copy)]
pub struct RawJson<'a>(&'a RawValue);

impl<'a> RawJson<'a> {
    /// Returns the text: one JSON value, without space around it.
    pub fn get(self) -> &'a str {
        self.0.get()
    }

    /// Returns the same text, kept for longer than what it was read from.
    pub fn to_boxed(self) -> Box<RawValue> {
        self.0.to_owned()
    }

    /// Reads the value.
    ///
    /// # Errors
    /// A text that is not of this type. Its message may quote the text.
    pub fn read<T: Deserialize<'a>>(self) -> Result<T, serde_json::Error> {
        serde_json::from_str(self.get())
    }

    /// Returns the text with U+FFFD for surrogates that lack their other half, and with the greatest
    /// double for numbers beyond it: what [`read`](Self::read) refuses as it stands there.
    pub fn repaired(self) -> Cow<'a, str> {
        repair_json(self.0.get())
    }
}

impl fmt::Debug for RawJson<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RawJson({} bytes)", self.get().len())
    }
}

/// Equal texts; two spellings of one value differ.
impl PartialEq for RawJson<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.get() == other.get()
    }
}

impl Eq for RawJson<'_> {}

impl<'de: 'a, 'a> Deserialize<'de> for RawJson<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <&RawValue>::deserialize(deserializer).map(Self)
    }
}

impl Serialize for RawJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}
