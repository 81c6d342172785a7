//! Bases and aliases must not lead back to themselves.

use std::collections::BTreeMap;

use crate::{
    diagnostic::Diagnostic,
    model::{Item, Schema, Shape},
    type_expr::TypeExpr,
};

pub(super) fn check(schema: &Schema, problems: &mut Vec<Diagnostic>) {
    problems.extend(found(&schema.items).into_iter().map(|cycle| cycle.problem));
}

/// Items that lead back to the first of them.
pub(super) struct Cycle {
    /// The last item before it closes.
    pub(super) last: String,
    /// The item that it leads back to.
    pub(super) first: String,
    pub(super) problem: Diagnostic,
}

/// Every cycle. Without their last steps there is none.
pub(super) fn found(items: &BTreeMap<String, Item>) -> Vec<Cycle> {
    let mut state = BTreeMap::new();
    let mut problems = Vec::new();
    for name in items.keys() {
        visit(items, name, &mut state, &mut problems);
    }
    problems
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    Open,
    Done,
}

/// Follows what an item holds. The way is kept here and not on the stack, which long chains of
/// items would exhaust.
fn visit<'a>(
    items: &'a BTreeMap<String, Item>,
    name: &'a str,
    state: &mut BTreeMap<&'a str, State>,
    problems: &mut Vec<Cycle>,
) {
    let mut path: Vec<(&str, std::vec::IntoIter<&str>)> = Vec::new();
    let mut next = Some(name);
    loop {
        if let Some((name, item)) = next.and_then(|name| Some((name, items.get(name)?))) {
            match state.get(name) {
                Some(State::Done) => {}
                Some(State::Open) => problems.push(Cycle {
                    last: path.last().map_or(name, |(last, _)| last).to_owned(),
                    first: name.to_owned(),
                    problem: cycle(item, &path),
                }),
                None => {
                    state.insert(name, State::Open);
                    path.push((name, holds(item).into_iter()));
                }
            }
        }
        let Some((name, held)) = path.last_mut() else { return };
        next = held.next();
        if next.is_none() {
            state.insert(*name, State::Done);
            path.pop();
        }
    }
}

fn cycle(item: &Item, path: &[(&str, std::vec::IntoIter<&str>)]) -> Diagnostic {
    let name = item.name.as_str();
    let start = path.iter().position(|(step, _)| *step == name).unwrap_or_default();
    let steps: Vec<String> = path.iter().skip(start).map(|(s, _)| format!("`{s}`")).collect();
    let message = format!("`{name}` contains itself: {} -> `{name}`", steps.join(" -> "));
    Diagnostic::error("type-cycle", item.place.clone(), message)
        .help("name a type that stands for something else")
}

/// What an item is another name for, or adds to: bases, and what an alias stands for at once.
fn holds(item: &Item) -> Vec<&str> {
    let mut found = Vec::new();
    item.extends.iter().for_each(|base| direct(base, &mut found));
    let is_own =
        |base: &&TypeExpr| matches!(base, TypeExpr::Ref { name, .. } if *name == item.name);
    // A class may implement the interface of its own name: they are one.
    let implemented = item.implements.iter().filter(|base| !is_own(base));
    implemented.for_each(|base| direct(base, &mut found));
    if let Shape::Alias { ty, .. } = &item.shape {
        direct(ty, &mut found);
    }
    found
}

fn direct<'a>(ty: &'a TypeExpr, found: &mut Vec<&'a str>) {
    match ty {
        TypeExpr::Ref { name, .. } => found.push(name),
        TypeExpr::Union(items) | TypeExpr::Intersection(items) => {
            items.iter().for_each(|item| direct(item, found));
        }
        _ => {}
    }
}
