//! Everything that is known of a symbol or a member: the facts with their places, what the overlay
//! changed, and the Rust that comes of it.

mod element;
mod facts;
mod rust;

use std::fmt;

use credwire_codegen::{CrateOptions, names};
use serde::{Serialize, Serializer};

pub use credwire_schema::overlay::Change;
use credwire_schema::{
    diagnostic::Place,
    model::{Item, Schema, Shape},
    overlay::Overlay,
    suggest,
};

/// What is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// The documented name of the symbol.
    pub item: String,
    /// The documented name of the member, dotted when nested, when one was asked for.
    pub member: Option<String>,
    /// The facts, in the order of the document.
    pub facts: Vec<Fact>,
    /// What the overlay added or put right.
    pub changes: Vec<Change>,
    /// The Rust that comes of it; empty when none does.
    pub rust: Vec<Snippet>,
    /// Why no Rust comes of it, or not all.
    pub left_out: Vec<String>,
}

/// One fact and where it was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// The member it is about, when it is not about what was asked for.
    pub member: Option<String>,
    /// What it says: `type`, `unit`, `kind`.
    pub what: &'static str,
    /// The value.
    pub value: String,
    /// Where it was read.
    #[serde(serialize_with = "shown")]
    pub place: Place,
}

fn shown<S: Serializer>(place: &Place, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(place)
}

/// A piece of generated Rust.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Snippet {
    /// The file of the generated package.
    pub file: String,
    /// The code: definitions whole, or reduced to the member that was asked for.
    pub code: String,
}

/// A name that nothing has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownName {
    /// The name.
    pub name: String,
    /// What was searched.
    pub within: String,
    /// The nearest name there is.
    pub nearest: Option<String>,
}

impl fmt::Display for UnknownName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not in {}", self.name, self.within)
    }
}

impl std::error::Error for UnknownName {}

/// Explains `Type` or `Type.member`. Both the documented and the Rust names are understood, and
/// members of objects are reached by dots: `SATClaims.cnf.jkt`. Custom elements are meant by tag or
/// class, and their attributes, events, slots, parts and CSS properties by their names.
///
/// # Errors
/// [`UnknownName`] when there is no such symbol or member.
pub fn explain(schema: &Schema, overlay: &Overlay, path: &str) -> Result<Explanation, UnknownName> {
    explain_with(schema, overlay, path, &CrateOptions::default())
}

/// Explains as [`explain`] does, with the Rust that is generated with `options`.
///
/// # Errors
/// As [`explain`].
pub fn explain_with(
    schema: &Schema,
    overlay: &Overlay,
    path: &str,
    options: &CrateOptions,
) -> Result<Explanation, UnknownName> {
    let (name, member) = match path.split_once('.') {
        Some((name, member)) => (name, Some(member)),
        None => (path, None),
    };
    let item = find(schema, name)?;
    let mut explanation = Explanation {
        item: item.name.clone(),
        member: None,
        facts: Vec::new(),
        changes: overlay.changes(&item.name),
        rust: Vec::new(),
        left_out: Vec::new(),
    };
    match member {
        _ if let Shape::Element { element } = &item.shape => {
            explanation.facts = element::of_element(element, member)?;
            let is_event = explanation.facts.iter().any(|fact| fact.what == "event");
            if is_event || member.is_none() {
                rust::explain(schema, item, options, &mut explanation);
            } else {
                explanation.left_out.push("of an element, the events become Rust".to_owned());
            }
            explanation.member = member.map(str::to_owned);
            return Ok(explanation);
        }
        None => explanation.facts = facts::of_item(schema, item),
        Some(member) => {
            let (label, found) = facts::of_member(item, member)?;
            explanation.facts = found;
            let plain = plain(&label).to_owned();
            let inside = format!("{plain}.");
            explanation.changes.retain(|change| {
                change.member.as_ref().is_some_and(|m| *m == plain || m.starts_with(&inside))
            });
            explanation.member = Some(label);
        }
    }
    credit(&mut explanation);
    rust::explain(schema, item, options, &mut explanation);
    Ok(explanation)
}

/// Gives the facts that the overlay has put there the place of its entry.
fn credit(explanation: &mut Explanation) {
    let Explanation { member, facts, changes, .. } = explanation;
    let subject = member.as_deref().map(plain);
    for fact in facts {
        let meaning = |change: &Change| {
            let literal = change.member.as_deref().unwrap_or_default();
            change.what == "meaning"
                && fact.what == change.what
                && fact.value == format!("{literal}: {}", change.new)
        };
        let here = |change: &Change| {
            change.what == fact.what
                && change.new == fact.value
                && fact.member.is_none()
                && change.member.as_deref() == subject
        };
        if let Some(change) = changes.iter().find(|change| here(change) || meaning(change)) {
            fact.place = change.place.clone();
        }
    }
}

/// A member's name without the word in front of accessors.
fn plain(label: &str) -> &str {
    label.trim_start_matches("get ").trim_start_matches("set ")
}

fn find<'a>(schema: &'a Schema, name: &str) -> Result<&'a Item, UnknownName> {
    let by_rust = || schema.items.values().find(|item| item.rust == name);
    schema.items.get(name).or_else(by_rust).ok_or_else(|| {
        let known = schema.items.values().flat_map(|item| [item.name.as_str(), item.rust.as_str()]);
        UnknownName {
            name: name.to_owned(),
            within: "the schemas".to_owned(),
            nearest: suggest::nearest(name, known).map(str::to_owned),
        }
    })
}

/// Whether `asked` means the member `name`: as documented, or as in Rust.
fn means(asked: &str, name: &str) -> bool {
    let stem = name.trim_end_matches('$');
    asked == name
        || names::field(stem) == asked
        || names::snake(stem) == asked
        || (name.ends_with('$') && format!("{}_stream", names::snake(stem)) == asked)
}
