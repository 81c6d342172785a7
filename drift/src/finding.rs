//! A difference.

use credwire_schema::diagnostic::Place;
use serde::{Serialize, Serializer};

use crate::class::{Class, Group};

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Finding {
    /// What kind of difference it is.
    pub class: Class,
    /// How much it weighs.
    pub group: Group,
    /// The symbol.
    pub item: String,
    /// The member, dotted when nested, behind `get ` or `set ` for accessors of classes; `None`
    /// when the difference is the symbol's own.
    pub member: Option<String>,
    /// What the docs say; `None` when they say nothing.
    pub left: Option<String>,
    /// What the source says, or the other page of two that contradict each other.
    pub right: Option<String>,
    /// Where the docs say it; where the source says it when the docs are silent.
    #[serde(serialize_with = "shown")]
    pub place: Place,
}

fn shown<S: Serializer>(place: &Place, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(place)
}

impl Finding {
    /// Returns the symbol with the member, if any: `Call.get status$`.
    pub fn subject(&self) -> String {
        match &self.member {
            Some(member) => format!("{}.{member}", self.item),
            None => self.item.clone(),
        }
    }
}
