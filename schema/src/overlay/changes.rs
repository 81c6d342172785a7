//! What the overlay does to a symbol, for those who want to know.

use serde::{Serialize, Serializer};
use toml::Spanned;

use super::{Overlay, entries::MemberFacts};
use crate::{diagnostic::Place, model::to_name};

/// One thing that the overlay adds or puts right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The member, dotted when nested; `None` for the symbol itself.
    pub member: Option<String>,
    /// What is changed: `summary`, `type`, `optional`.
    pub what: &'static str,
    /// What the page says; `None` when it says nothing.
    pub old: Option<String>,
    /// What holds instead.
    pub new: String,
    /// Why, for corrections.
    pub reason: Option<String>,
    /// The entry.
    #[serde(serialize_with = "shown")]
    pub place: Place,
}

fn shown<S: Serializer>(place: &Place, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(place)
}

impl Overlay {
    /// Returns everything in the overlay about an item, corrections last.
    pub fn changes(&self, item: &str) -> Vec<Change> {
        let mut changes = Vec::new();
        let entry = self.entries.items.iter().find(|(name, _)| name.as_ref() == item);
        if let Some((name, entry)) = entry {
            let own = [
                ("summary", &entry.summary),
                ("rust", &entry.rust),
                ("error", &entry.error),
                ("attribute", &entry.attribute),
            ];
            for (what, value) in own {
                changes.extend(value.as_ref().map(|new| self.added(None, what, new, name)));
            }
            for (member, summary) in &entry.members {
                changes.push(self.added(Some(member.as_ref()), "summary", summary, member));
            }
            for member in &entry.secret {
                changes.push(self.added(Some(member.as_ref()), "secret", "true", member));
            }
            for (member, entry) in &entry.local {
                let ty = to_name(&entry.ty);
                changes.push(self.added(Some(member.as_ref()), "local member", &ty, member));
            }
            for (literal, meaning) in &entry.meanings {
                changes.push(self.added(Some(literal.as_ref()), "meaning", meaning, literal));
            }
            for table in &entry.tables {
                changes.push(self.added(None, "decision table", &table.as_ref().name, table));
            }
        }
        for correction in self.entries.corrections.iter().filter(|c| c.item.as_ref() == item) {
            for member in correction.members() {
                let (was, is) = (aspects(&correction.was), aspects(&correction.is));
                for ((what, old), (_, new)) in was.into_iter().zip(is) {
                    let Some(new) = new else { continue };
                    changes.push(Change {
                        member: Some(member.as_ref().clone()),
                        what,
                        old,
                        new,
                        reason: Some(format!("{} ({})", correction.reason, correction.page)),
                        place: self.place(&member.span()),
                    });
                }
            }
        }
        changes
    }

    fn added<T>(
        &self,
        member: Option<&String>,
        what: &'static str,
        new: &str,
        entry: &Spanned<T>,
    ) -> Change {
        Change {
            member: member.cloned(),
            what,
            old: None,
            new: new.to_owned(),
            reason: None,
            place: self.place(&entry.span()),
        }
    }
}

fn aspects(facts: &MemberFacts) -> [(&'static str, Option<String>); 5] {
    [
        ("type", facts.ty.as_ref().map(ToString::to_string)),
        ("optional", facts.optional.map(|value| value.to_string())),
        ("nullable", facts.nullable.map(|value| value.to_string())),
        ("unit", facts.unit.map(|unit| to_name(&unit))),
        ("format", facts.format.map(|format| to_name(&format))),
    ]
}
