//! What becomes of each item.

use std::{borrow::Cow, collections::BTreeMap};

use credwire_schema::{
    diagnostic::Diagnostic,
    link,
    model::{External, Item, Origin, Role, Schema},
    type_expr::TypeExpr,
};
use serde::Serialize;

use crate::{
    context::Context,
    emit::Keep,
    generator::Outcome,
    made::{self, Made},
    render::settled,
    summary,
};

/// Returns what becomes of each item, by documented name.
#[must_use]
pub fn report(schema: &Schema) -> Vec<Entry> {
    settled(Cow::Borrowed(schema), &Keep::Tokens, |cx, outcomes| {
        let told = Told::new(cx.schema);
        outcomes.into_iter().map(|(item, outcome)| entry(cx, &told, item, outcome)).collect()
    })
}

fn entry(cx: &Context<'_>, told: &Told<'_>, item: &Item, outcome: Outcome) -> Entry {
    let types = Types::of(cx, item);
    Entry {
        name: item.name.clone(),
        origin: item.origin,
        role: cx.schema.roles.get(&item.name).copied(),
        modules: outcome.parts.iter().map(|part| part.generator.module).collect(),
        rust: outcome.parts.iter().flat_map(made::of).collect(),
        types: types.all,
        untyped: types.untyped + outcome.problems.untyped + told.count(&told.untyped, item),
        opaque: types.opaque,
        dropped_parameters: told.count(&told.dropped, item),
        undescribed: summary::lacking(cx.schema, item),
        reasons: outcome.problems.errors.into_iter().map(|problem| problem.message).collect(),
    }
}

/// What becomes of one item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
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
    /// How many types it states: of members, parameters, results, and of itself.
    pub types: usize,
    /// How many of them are any JSON value, or not there, where the reference says more.
    pub untyped: usize,
    /// How many of them mention a type of others, which a platform brings.
    pub opaque: usize,
    /// How many of its type parameters are dropped.
    pub dropped_parameters: usize,
    /// The members without a summary of our own, by documented name; an empty name stands for the
    /// item itself.
    pub undescribed: Vec<String>,
    /// Why it is left out; empty when it is not.
    pub reasons: Vec<String>,
}

impl Entry {
    /// Returns whether there is Rust for it in which at least 98 % of its types are types of their own.
    #[must_use]
    pub fn is_typed(&self) -> bool {
        self.reasons.is_empty() && self.untyped * 50 <= self.types
    }
}

/// How many types an item states, and what they are by their names.
#[derive(Default)]
struct Types {
    all: usize,
    untyped: usize,
    opaque: usize,
}

impl Types {
    fn of(cx: &Context<'_>, item: &Item) -> Self {
        let mut types = Self::default();
        for mention in link::mentions(item) {
            let (mut untyped, mut opaque) = (false, false);
            mention.ty.walk(&mut |ty| {
                let TypeExpr::Ref { name, .. } = ty else { return };
                let external = match cx.schema.items.contains_key(name) {
                    true => None,
                    false => cx.schema.externals.get(name),
                };
                untyped |= external == Some(&External::Data) || cx.left_out.contains(name.as_str());
                opaque |= matches!(
                    external,
                    Some(External::Platform | External::Behaviour | External::Error)
                );
            });
            types.all += 1;
            types.untyped += usize::from(untyped);
            types.opaque += usize::from(opaque && !untyped);
        }
        types
    }
}

/// How many warnings of the schema are about each item.
struct Told<'a> {
    untyped: BTreeMap<&'a str, usize>,
    dropped: BTreeMap<&'a str, usize>,
}

impl<'a> Told<'a> {
    fn new(schema: &'a Schema) -> Self {
        let mut told = Self { untyped: BTreeMap::new(), dropped: BTreeMap::new() };
        for warning in &schema.simplified {
            let counts = match warning.code {
                "simplified-type" => &mut told.untyped,
                "dropped-parameter" => &mut told.dropped,
                _ => continue,
            };
            if let Some(name) = subject(schema, warning) {
                *counts.entry(name).or_default() += 1;
            }
        }
        told
    }

    fn count(&self, counts: &BTreeMap<&'a str, usize>, item: &Item) -> usize {
        counts.get(item.name.as_str()).copied().unwrap_or_default()
    }
}

/// The item of the path that a warning begins with: `Lamp.shade(tint)` is about `Lamp`, unless there is an
/// item `Lamp.shade`.
fn subject<'a>(schema: &'a Schema, warning: &Diagnostic) -> Option<&'a str> {
    let mut quoted = warning.message.split('`').skip(1).step_by(2);
    quoted.find_map(|path| {
        let mut path = path;
        loop {
            if let Some((name, _)) = schema.items.get_key_value(path) {
                return Some(name.as_str());
            }
            path = path.get(..path.rfind(['.', '(', '['])?)?;
        }
    })
}
