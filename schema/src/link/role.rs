//! What each interface is for, judged from its members alone.

use std::collections::{BTreeMap, BTreeSet};

use super::{members, mentions};
use crate::{
    model::{External, Item, Members, Property, Role, Schema, Shape},
    spelling,
    type_expr::TypeExpr,
};

/// The roles of all interfaces, by name.
pub(super) fn roles(schema: &Schema) -> BTreeMap<String, Role> {
    let wire = wire_closed(schema);
    let taken = taken_by_constructors(schema);
    let mut roles = BTreeMap::new();
    for item in schema.items.values() {
        if let Shape::Interface(members) = &item.shape {
            roles.insert(item.name.clone(), role(schema, &wire, &taken, item, members));
        }
    }
    roles
}

fn role(
    schema: &Schema,
    wire: &BTreeMap<&str, bool>,
    taken: &BTreeSet<&str>,
    item: &Item,
    own: &Members,
) -> Role {
    if is_data(schema, item) {
        return if wire.get(item.name.as_str()).copied().unwrap_or_default() {
            Role::WireData
        } else if own.properties.iter().any(|property| is_stream(&property.ty)) {
            Role::Stream
        } else {
            Role::Handles
        };
    }
    if is_streamed_data(schema, item, own) {
        return Role::Stream;
    }
    let taken = taken.contains(item.name.as_str()) && !has_stream_member(own);
    let only_functions = is_only_functions(schema, item, own, MAX_DEPTH);
    if taken || only_functions { Role::Application } else { Role::Sdk }
}

/// How deep behaviour may hold behaviour before it is no longer something to plug in.
const MAX_DEPTH: usize = 4;

/// Whether an interface has nothing but functions, and members that have nothing but functions.
fn is_only_functions(schema: &Schema, item: &Item, own: &Members, depth: usize) -> bool {
    let holds_functions = |ty: &TypeExpr| match ty {
        TypeExpr::Function(_) => true,
        TypeExpr::Ref { name, .. } if depth > 0 => schema.items.get(name).is_some_and(|held| {
            !is_data(schema, held)
                && members(held).is_some_and(|own| is_only_functions(schema, held, own, depth - 1))
        }),
        _ => false,
    };
    matches!(item.shape, Shape::Interface(_))
        && item.extends.is_empty()
        && !has_stream_member(own)
        && own.properties.iter().all(|property| holds_functions(&property.ty))
}

/// Data has no method, no function member, no `$` member and no base with behaviour.
fn is_data(schema: &Schema, item: &Item) -> bool {
    let Some(own) = members(item) else { return false };
    let plain = own.methods.is_empty()
        && own.calls.is_empty()
        && own.constructors.is_empty()
        && own.accessors.is_empty()
        && !has_stream_member(own)
        && own.properties.iter().all(|property| !is_behaviour(schema, &property.ty));
    plain
        && item.extends.iter().all(|base| match base {
            TypeExpr::Ref { name, .. } => schema.items.get(name).map_or_else(
                || schema.externals.get(name) != Some(&External::Behaviour),
                |base| is_data(schema, base),
            ),
            _ => true,
        })
}

/// Whether an interface is data but for streams of what it refers to. A stream beside the snapshot
/// of its last value is live state instead, which only the SDK can keep.
fn is_streamed_data(schema: &Schema, item: &Item, own: &Members) -> bool {
    let has_snapshot = |property: &Property| {
        let name = spelling::streamed(&property.name);
        own.properties.iter().any(|other| Some(other.name.as_str()) == name)
    };
    let mut data = item.clone();
    if let Shape::Interface(members) = &mut data.shape {
        members.properties.retain(|property| !is_stream_member(property));
    }
    own.properties.iter().any(is_stream_member)
        && !own
            .properties
            .iter()
            .any(|property| is_stream_member(property) && has_snapshot(property))
        && members(&data).is_some_and(|members| !members.properties.is_empty())
        && is_data(schema, &data)
}

fn has_stream_member(own: &Members) -> bool {
    own.properties.iter().any(is_stream_member)
        || own.methods.iter().any(|method| spelling::streamed(&method.name).is_some())
}

/// Whether a member is called like a stream and may be one: text and numbers are none, whatever they are called.
fn is_stream_member(property: &Property) -> bool {
    let is_plain = matches!(
        property.ty,
        TypeExpr::String
            | TypeExpr::Number
            | TypeExpr::Boolean
            | TypeExpr::Literal(_)
            | TypeExpr::NumberLiteral(_)
            | TypeExpr::BooleanLiteral(_)
    );
    spelling::streamed(&property.name).is_some() && !is_plain
}

fn is_stream(ty: &TypeExpr) -> bool {
    matches!(ty, TypeExpr::Ref { name, .. } if name == "Observable")
}

fn is_behaviour(schema: &Schema, ty: &TypeExpr) -> bool {
    match ty {
        TypeExpr::Function(_) => true,
        TypeExpr::Ref { name, .. } => schema.items.get(name).is_some_and(|item| {
            matches!(&item.shape, Shape::Alias { ty: TypeExpr::Function(_), .. })
        }),
        _ => false,
    }
}

/// For each item, whether all it mentions has a form on the wire: the greatest solution, so that
/// types which mention each other stand or fall together.
fn wire_closed(schema: &Schema) -> BTreeMap<&str, bool> {
    let mut closed: BTreeMap<&str, bool> = schema
        .items
        .values()
        .map(|item| {
            let possible = match &item.shape {
                Shape::Interface(_) => is_data(schema, item),
                Shape::Alias { .. } | Shape::Enum { .. } => true,
                _ => false,
            };
            (item.name.as_str(), possible)
        })
        .collect();
    loop {
        let mut changed = false;
        for item in schema.items.values() {
            let name = item.name.as_str();
            if closed.get(name) != Some(&true) {
                continue;
            }
            let mut all = true;
            for mention in mentions(item) {
                mention.ty.walk(&mut |ty| all &= is_wire(schema, item, &closed, ty));
            }
            if !all {
                closed.insert(name, false);
                changed = true;
            }
        }
        if !changed {
            return closed;
        }
    }
}

fn is_wire(schema: &Schema, item: &Item, closed: &BTreeMap<&str, bool>, ty: &TypeExpr) -> bool {
    match ty {
        TypeExpr::Function(_)
        | TypeExpr::Predicate { .. }
        | TypeExpr::Opaque(_)
        | TypeExpr::KeyOf(_)
        | TypeExpr::Indexed { .. }
        | TypeExpr::Conditional(_)
        | TypeExpr::Infer(_)
        | TypeExpr::Mapped(_)
        | TypeExpr::TypeOf { .. }
        | TypeExpr::ObjectType(_)
        | TypeExpr::Symbol => false,
        TypeExpr::Ref { name, .. } => {
            if item.type_params.iter().any(|param| param.name == *name) {
                return true;
            }
            if let Some(closed) = closed.get(name.as_str()) {
                return *closed;
            }
            match schema.externals.get(name) {
                Some(External::Data | External::PlatformString) => true,
                Some(External::Builtin) => !matches!(name.as_str(), "Promise" | "Observable"),
                _ => false,
            }
        }
        _ => true,
    }
}

/// What constructors of classes take, directly or as a member of data that they take: that is what
/// the application brings.
fn taken_by_constructors(schema: &Schema) -> BTreeSet<&str> {
    let mut taken = BTreeSet::new();
    let mut waiting: Vec<&TypeExpr> = Vec::new();
    for item in schema.items.values() {
        if let Shape::Class(members) = &item.shape {
            let params = members.constructors.iter().flat_map(|constructor| &constructor.params);
            waiting.extend(params.map(|param| &param.ty));
        }
    }
    while let Some(ty) = waiting.pop() {
        ty.walk(&mut |ty| {
            let TypeExpr::Ref { name, .. } = ty else { return };
            let Some(item) = schema.items.get(name) else { return };
            let new = taken.insert(item.name.as_str());
            let is_interface = matches!(item.shape, Shape::Interface(_));
            if new && is_interface && is_data(schema, item) {
                let properties = members(item).map_or(&[][..], |members| &members.properties);
                waiting.extend(properties.iter().map(|property| &property.ty));
            }
        });
    }
    taken
}
