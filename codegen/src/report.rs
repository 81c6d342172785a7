//! What becomes of each item.

use std::borrow::Cow;

use credwire_schema::model::{Origin, Role, Schema};
use serde::Serialize;

use crate::{
    generator::Outcome,
    made::{self, Made},
    render::settled,
    summary,
};

/// Returns what becomes of each item, by documented name.
#[must_use]
pub fn report(schema: &Schema) -> Vec<Entry> {
    let entry = |outcome: Outcome<'_>| Entry {
        name: outcome.item.name.clone(),
        origin: outcome.item.origin,
        role: schema.roles.get(&outcome.item.name).copied(),
        modules: outcome.parts.iter().map(|part| part.generator.module).collect(),
        rust: outcome.parts.iter().flat_map(|part| made::of(&part.emitted)).collect(),
        undescribed: summary::lacking(schema, outcome.item),
        reasons: outcome.problems.errors.into_iter().map(|problem| problem.message).collect(),
    };
    settled(Cow::Borrowed(schema), |_, outcomes| outcomes.into_iter().map(entry).collect())
}

/// What becomes of one item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// The documented name.
    pub name: String,
    /// What describes it.
    pub origin: Origin,
    /// What it is for, when it is an interface.
    pub role: Option<Role>,
    /// The modules with its code, which show its kind: `data`, `values`, `unions`.
    pub modules: Vec<&'static str>,
    /// The Rust that comes of it.
    pub rust: Vec<Made>,
    /// The members without a summary of our own, by documented name; an empty name stands for the
    /// item itself.
    pub undescribed: Vec<String>,
    /// Why it is left out; empty when it is not.
    pub reasons: Vec<String>,
}
