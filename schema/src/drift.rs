//! Drift: where documentation and source say different things of the same symbols.
//!
//! Both sides are [`Facts`], from whatever form: pages, declarations, or committed documents by
//! way of [`committed`]. The left side is the documentation by rule, the right one the source.
//!
//! # What is compared
//! Symbols by their documented name; a name that the source exports for the same declaration is as
//! good. Members by name, bases included; a getter and a property of one name are the same member,
//! a setter is one of its own. Types by the values they admit ([`Class`] says what is overlooked).
//! The heads of a symbol (`extends`, `implements`) are compared by the members they bring.
//!
//! # What a difference is
//! The table of classes is in `docs/drift.md`; each [`Class`] has its definition. Group `true` is
//! a fault of one side, `lossy` a loss of the documentation's form, `same` another way to say it.
//!
//! Custom elements are compared by tag when both sides have some: `member` is the name of a field or
//! a method, and stands behind `attribute`, `event`, `slot`, `part` or `css` otherwise.
//!
//! A member that a page repeats from a base with a page of its own is checked against that page,
//! and what is wrong with both is told of the base alone.

mod accepted;
mod class;
mod committed;
mod elements;
mod item;
mod members;
mod mention;
mod side;
mod twins;
mod types;

use serde::{Serialize, Serializer};

use crate::{
    diagnostic::Place,
    facts::{Facts, ItemFacts},
};

pub use accepted::{Accepted, Sifted};
pub use class::{Class, Group};
pub use committed::{committed, committed_elements};

use self::{item::Comparison, side::Sides};

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
    /// The symbol with the member, if any: `Call.get status$`.
    pub fn subject(&self) -> String {
        match &self.member {
            Some(member) => format!("{}.{member}", self.item),
            None => self.item.clone(),
        }
    }
}

/// Every difference of whatever group, sorted by class, symbol and member.
pub fn compare(left: &Facts, right: &Facts) -> Vec<Finding> {
    let sides = Sides { left, right };
    let mut findings = Vec::new();
    let mut comparison = Comparison::new(sides);
    elements::find(sides, &mut findings);
    // Of a side with elements alone, nothing else is known.
    let only_elements = |facts: &Facts| facts.items.is_empty() && !facts.elements.is_empty();
    if only_elements(left) || only_elements(right) {
        findings.sort();
        return findings;
    }
    for item in left.items.values() {
        match counterpart(right, item) {
            Some(other) => {
                if other.name != item.name {
                    comparison.renamed(item, other);
                }
                comparison.pair(item, other);
            }
            None => comparison.without_export(item),
        }
    }
    for item in right.items.values() {
        if counterpart(left, item).is_some() {
            continue;
        }
        let twin = right.items.values().find(|other| {
            other.place == item.place
                && other.name != item.name
                && left.items.contains_key(&other.name)
        });
        match twin {
            Some(twin) => comparison.renamed(twin, item),
            None => comparison.undocumented(item),
        }
    }
    findings.extend(comparison.finish());
    mention::find(sides, &mut findings);
    twins::find(sides, &mut findings);
    findings.sort();
    findings.dedup();
    findings
}

/// Where pages contradict each other, sorted by symbol and member.
pub fn contradictions(pages: &Facts) -> Vec<Finding> {
    let mut findings = Vec::new();
    twins::find(Sides { left: pages, right: pages }, &mut findings);
    findings.sort();
    findings
}

/// The symbol of the other side: of that name, else of that declaration.
fn counterpart<'a>(facts: &'a Facts, item: &ItemFacts) -> Option<&'a ItemFacts> {
    let by_name = facts.items.get(&item.name);
    let by_declaration = || facts.items.get(item.declared.as_ref()?);
    let declared_so =
        || facts.items.values().find(|other| other.declared.as_ref() == Some(&item.name));
    by_name.or_else(by_declaration).or_else(declared_so)
}
