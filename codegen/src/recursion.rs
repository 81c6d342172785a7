//! Types that may hold values of their own type in place: what leads back to them is boxed.

use std::collections::{BTreeMap, BTreeSet};

use credwire_schema::{
    link,
    model::{Item, Property, Schema, Shape},
    type_expr::TypeExpr,
};

use crate::shape;

/// How deep bases may have bases; the linker refuses cycles.
const MAX_DEPTH: usize = 64;

/// The Rust names of the types that are boxed wherever a value holds one in place: without them no
/// type holds itself.
pub(crate) fn targets(schema: &Schema) -> BTreeSet<String> {
    let mut state: BTreeMap<&str, State> = BTreeMap::new();
    let mut found = BTreeSet::new();
    for start in schema.items.keys() {
        visit(schema, start, &mut state, &mut found);
    }
    found
}

/// A type that another one holds in place.
#[derive(Clone, Copy)]
struct Held<'a> {
    name: &'a str,
    /// Whether it is there only where nothing else is given for a type parameter.
    by_default: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    Open,
    Done,
}

/// Follows what items hold. The way is kept here and not on the stack, which long chains would
/// exhaust.
fn visit<'a>(
    schema: &'a Schema,
    start: &'a str,
    state: &mut BTreeMap<&'a str, State>,
    found: &mut BTreeSet<String>,
) {
    let mut path: Vec<(&str, std::vec::IntoIter<Held<'a>>)> = Vec::new();
    let mut next = Some(Held { name: start, by_default: false });
    loop {
        if let Some((Held { name, by_default }, item)) =
            next.and_then(|held| Some((held, schema.items.get(held.name)?)))
        {
            match state.get(name) {
                Some(State::Done) => {}
                // A default cannot be boxed where it is not written: what it is the default of is.
                Some(State::Open) if by_default => {
                    let generic = path.last().and_then(|(name, _)| schema.items.get(*name));
                    found.extend(generic.map(|item| item.rust.clone()));
                }
                Some(State::Open) => {
                    found.insert(item.rust.clone());
                    // An alias that is no type of its own is not boxed inside: whoever holds it
                    // boxes it.
                    let held = path.iter().rev().map_while(|(name, _)| plain_alias(schema, name));
                    found.extend(held.map(|alias| alias.rust.clone()));
                }
                None => {
                    state.insert(name, State::Open);
                    path.push((name, holds(schema, item).into_iter()));
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

/// The item of this name, where it is another name of a type.
fn plain_alias<'a>(schema: &'a Schema, name: &str) -> Option<&'a Item> {
    let item = schema.items.get(name)?;
    matches!(&item.shape, Shape::Alias { ty, .. } if shape::is_plain(ty)).then_some(item)
}

/// The types that a value of an item holds in place.
fn holds<'a>(schema: &'a Schema, item: &'a Item) -> Vec<Held<'a>> {
    let mut found = Vec::new();
    match &item.shape {
        Shape::Alias { ty, .. } => direct(ty, &mut found),
        Shape::Interface(_) | Shape::Error(_) => {
            properties(schema, item, MAX_DEPTH, &mut found);
        }
        _ => {}
    }
    let held = |name| Held { name, by_default: false };
    let mut all: Vec<Held<'a>> = found.into_iter().map(held).collect();
    for param in &item.type_params {
        if let Some(TypeExpr::Ref { name, .. }) = &param.default {
            all.push(Held { name, by_default: true });
        }
    }
    all
}

/// The members of an item and of its bases, which are its own.
fn properties<'a>(schema: &'a Schema, item: &'a Item, depth: usize, found: &mut Vec<&'a str>) {
    if let Some(depth) = depth.checked_sub(1) {
        for base in &item.extends {
            if let TypeExpr::Ref { name, .. } = base
                && let Some(base) = schema.items.get(name)
            {
                properties(schema, base, depth, found);
            }
        }
    }
    let all = link::members(item).map_or(&[][..], |members| &members.properties);
    all.iter().for_each(|property| of_property(property, found));
}

fn of_property<'a>(property: &'a Property, found: &mut Vec<&'a str>) {
    direct(&property.ty, found);
    property.fields.iter().for_each(|field| of_property(field, found));
}

fn direct<'a>(ty: &'a TypeExpr, found: &mut Vec<&'a str>) {
    match ty {
        TypeExpr::Ref { name, args } => {
            found.push(name);
            args.iter().for_each(|arg| direct(arg, found));
        }
        TypeExpr::Union(items) | TypeExpr::Intersection(items) => {
            items.iter().for_each(|item| direct(item, found));
        }
        TypeExpr::Tuple { elements, .. } => {
            elements.iter().for_each(|element| direct(&element.ty, found));
        }
        TypeExpr::Inline(fields) => fields.iter().for_each(|field| direct(&field.ty, found)),
        _ => {}
    }
}
