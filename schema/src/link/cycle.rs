//! Bases and aliases must not lead back to themselves, and neither may data that holds itself.

use std::collections::BTreeMap;

use super::members;
use crate::{
    diagnostic::Diagnostic,
    model::{Item, Schema, Shape},
    type_expr::TypeExpr,
};

pub(super) fn check(schema: &Schema, problems: &mut Vec<Diagnostic>) {
    let mut state = BTreeMap::new();
    for name in schema.items.keys() {
        visit(schema, name, &mut state, problems);
    }
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    Open,
    Done,
}

/// Follows what an item holds. The way is kept here and not on the stack, which long chains of
/// items would exhaust.
fn visit<'a>(
    schema: &'a Schema,
    name: &'a str,
    state: &mut BTreeMap<&'a str, State>,
    problems: &mut Vec<Diagnostic>,
) {
    let mut path: Vec<(&str, std::vec::IntoIter<&str>)> = Vec::new();
    let mut next = Some(name);
    loop {
        if let Some((name, item)) = next.and_then(|name| Some((name, schema.items.get(name)?))) {
            match state.get(name) {
                Some(State::Done) => {}
                Some(State::Open) => problems.push(cycle(item, &path)),
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
        .help("break the cycle with an array or a record, which may be empty")
}

/// The types an item holds directly: a value of it cannot be without a place for one of them.
fn holds(item: &Item) -> Vec<&str> {
    let mut found = Vec::new();
    for base in &item.extends {
        direct(base, &mut found);
    }
    match &item.shape {
        Shape::Alias { ty, .. } => direct(ty, &mut found),
        Shape::Interface(_) => {
            let properties = members(item).map_or(&[][..], |members| &members.properties);
            for property in properties {
                direct(&property.ty, &mut found);
                property.fields.iter().for_each(|field| direct(&field.ty, &mut found));
            }
        }
        _ => {}
    }
    found
}

fn direct<'a>(ty: &'a TypeExpr, found: &mut Vec<&'a str>) {
    match ty {
        TypeExpr::Ref { name, .. } => found.push(name),
        TypeExpr::Union(items) | TypeExpr::Intersection(items) => {
            items.iter().for_each(|item| direct(item, found));
        }
        TypeExpr::Inline(fields) => fields.iter().for_each(|field| direct(&field.ty, found)),
        _ => {}
    }
}
