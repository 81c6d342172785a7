//! The form of `overlay.toml`.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use crate::{
    model::{External, Format, LocalType, Unit},
    type_expr::TypeExpr,
};

/// Entries by name, each with its place.
pub(super) type ByName<T> = BTreeMap<Spanned<String>, T>;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entries {
    #[serde(default)]
    pub(super) externals: Externals,
    /// Other names of symbols, with the one that is kept.
    #[serde(default, rename = "second-names")]
    pub(super) second_names: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) items: ByName<ItemEntry>,
    /// Custom elements, by tag.
    #[serde(default)]
    pub(super) elements: ByName<ElementEntry>,
    #[serde(default)]
    pub(super) corrections: Vec<Correction>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Externals {
    #[serde(default)]
    platform: Vec<Spanned<String>>,
    #[serde(default)]
    platform_string: Vec<Spanned<String>>,
    #[serde(default)]
    data: Vec<Spanned<String>>,
    #[serde(default)]
    error: Vec<Spanned<String>>,
    #[serde(default)]
    behaviour: Vec<Spanned<String>>,
}

impl Externals {
    pub(super) fn iter(&self) -> impl Iterator<Item = (&Spanned<String>, External)> {
        [
            (&self.platform, External::Platform),
            (&self.platform_string, External::PlatformString),
            (&self.data, External::Data),
            (&self.error, External::Error),
            (&self.behaviour, External::Behaviour),
        ]
        .into_iter()
        .flat_map(|(names, kind)| names.iter().map(move |name| (name, kind)))
    }
}

/// What we add to an item.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ItemEntry {
    pub(super) summary: Option<String>,
    /// Another Rust name.
    pub(super) rust: Option<String>,
    /// The error of methods that may fail.
    pub(super) error: Option<String>,
    /// Items whose lines hold for members and literals of the same name here, where these have none.
    #[serde(default)]
    pub(super) like: Vec<Spanned<String>>,
    /// The attribute that implements the trait.
    pub(super) attribute: Option<String>,
    /// Members that must never be shown.
    #[serde(default)]
    pub(super) secret: Vec<Spanned<String>>,
    /// A line for each member, parameters of constructors and functions included, with paragraphs
    /// behind it where one line does not do; dotted for nested ones.
    #[serde(default)]
    pub(super) members: ByName<String>,
    /// Members that never go over the wire, by Rust name.
    #[serde(default)]
    pub(super) local: ByName<LocalEntry>,
    /// A line for each literal of a union.
    #[serde(default)]
    pub(super) meanings: ByName<String>,
    /// Names for decision tables, in the order of the page.
    #[serde(default)]
    pub(super) tables: Vec<Spanned<TableEntry>>,
}

/// A member that no page has.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LocalEntry {
    #[serde(rename = "type")]
    pub(super) ty: LocalType,
    pub(super) summary: String,
}

/// What we add to a custom element.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ElementEntry {
    pub(super) summary: Option<String>,
    /// A line for each event.
    #[serde(default)]
    pub(super) events: ByName<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TableEntry {
    pub(super) name: String,
    pub(super) summary: String,
    pub(super) inputs: Vec<String>,
    /// Other names for outcomes.
    #[serde(default)]
    pub(super) outcomes: ByName<String>,
}

/// A mistake of a page, in one member or in several alike.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Correction {
    pub(super) item: Spanned<String>,
    member: Option<Spanned<String>>,
    #[serde(default)]
    members: Vec<Spanned<String>>,
    /// Where the mistake is.
    pub(super) page: String,
    /// Why it is one.
    pub(super) reason: String,
    /// What the page says: the entry is stale when it says something else.
    pub(super) was: MemberFacts,
    /// What is true.
    pub(super) is: MemberFacts,
}

impl Correction {
    /// The members that it is about, dotted when nested.
    pub(super) fn members(&self) -> impl Iterator<Item = &Spanned<String>> {
        self.member.iter().chain(&self.members)
    }
}

/// Facts of a member; those that are not named stay as they are.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MemberFacts {
    #[serde(rename = "type")]
    pub(super) ty: Option<TypeExpr>,
    pub(super) optional: Option<bool>,
    pub(super) nullable: Option<bool>,
    pub(super) unit: Option<Unit>,
    pub(super) format: Option<Format>,
}
