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
        visit(schema, name, &mut state, &mut Vec::new(), problems);
    }
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    Open,
    Done,
}

fn visit<'a>(
    schema: &'a Schema,
    name: &'a str,
    state: &mut BTreeMap<&'a str, State>,
    path: &mut Vec<&'a str>,
    problems: &mut Vec<Diagnostic>,
) {
    let Some(item) = schema.items.get(name) else { return };
    match state.get(name) {
        Some(State::Done) => return,
        Some(State::Open) => {
            let start = path.iter().position(|step| *step == name).unwrap_or_default();
            let steps: Vec<String> = path.iter().skip(start).map(|s| format!("`{s}`")).collect();
            problems.push(
                Diagnostic::error(
                    "type-cycle",
                    item.place.clone(),
                    format!("`{name}` contains itself: {} -> `{name}`", steps.join(" -> ")),
                )
                .help("break the cycle with an array or a record, which may be empty"),
            );
            return;
        }
        None => {}
    }
    state.insert(name, State::Open);
    path.push(name);
    for next in holds(item) {
        visit(schema, next, state, path, problems);
    }
    path.pop();
    state.insert(name, State::Done);
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
