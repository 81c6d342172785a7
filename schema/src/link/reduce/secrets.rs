//! Secrets that only show once types are worked out: `token: Exclude<string | null, null>`, and aliases
//! that come to text.

use std::collections::{BTreeMap, BTreeSet};

use super::is_secret;
use crate::model::{Item, Members, Method, Property, Shape};

/// Where properties are that are named like a secret, are text, and are none all the same: somebody
/// said so.
pub(super) type Open = BTreeSet<(String, String)>;

/// The properties of `items` that are said to be open.
pub(super) fn open(items: &BTreeMap<String, Item>) -> Open {
    let mut open = Open::new();
    for item in items.values() {
        each_property(&mut item.clone(), &mut |property| {
            if !property.secret && is_secret(items, &property.name, &property.ty) {
                open.insert(key(property));
            }
        });
    }
    open
}

/// Seals what is text now and named like a secret.
pub(super) fn seal(items: &mut BTreeMap<String, Item>, open: &Open) {
    let known = items.clone();
    for item in items.values_mut() {
        each_property(item, &mut |property| {
            property.secret |= property.fields.is_empty()
                && !open.contains(&key(property))
                && is_secret(&known, &property.name, &property.ty);
        });
    }
}

fn key(property: &Property) -> (String, String) {
    (property.place.to_string(), property.name.clone())
}

fn each_property(item: &mut Item, visit: &mut dyn FnMut(&mut Property)) {
    fn all(property: &mut Property, visit: &mut dyn FnMut(&mut Property)) {
        visit(property);
        property.fields.iter_mut().for_each(|field| all(field, visit));
    }
    fn of_method(method: &mut Method, visit: &mut dyn FnMut(&mut Property)) {
        method.params.iter_mut().for_each(|param| all(param, visit));
    }
    match &mut item.shape {
        Shape::Interface(members) | Shape::Class(members) | Shape::Error(members) => {
            let Members { properties, accessors, methods, constructors, calls, index: _, statics } =
                members;
            let properties = properties.iter_mut().chain(&mut statics.properties);
            properties.for_each(|property| all(property, visit));
            for accessor in accessors.iter_mut().chain(&mut statics.accessors) {
                accessor.set.iter_mut().for_each(|set| all(set, visit));
            }
            let methods = methods.iter_mut().chain(constructors).chain(calls);
            methods.chain(&mut statics.methods).for_each(|method| of_method(method, visit));
        }
        Shape::Function { signatures } => {
            signatures.iter_mut().for_each(|signature| of_method(signature, visit));
        }
        Shape::Alias { .. }
        | Shape::Enum { .. }
        | Shape::Variable { .. }
        | Shape::Rpc(_)
        | Shape::Element { .. } => {}
    }
}
