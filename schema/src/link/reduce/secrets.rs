//! Secrets that only show once types are worked out: `token: Exclude<string | null, null>`, and aliases
//! that come to text; and the private members of JSON Web Keys, which the members beside them show to be keys.

use std::collections::{BTreeMap, BTreeSet};

use super::{is_key_material, is_secret};
use crate::{
    model::{Item, Members, Method, Property, Shape},
    secret,
};

/// Where properties are that are named like a secret, are text, and are none all the same: somebody
/// said so.
pub(super) type Open = BTreeSet<(String, String)>;

/// The properties of `items` that are said to be open.
pub(super) fn open(items: &BTreeMap<String, Item>) -> Open {
    let mut open = Open::new();
    let keys = secret::keys(items.values());
    for item in items.values() {
        let is_key = keys.contains(&item.name);
        each_property(&mut item.clone(), is_key, &mut |property, is_of_key| {
            if !property.secret && must_be_sealed(items, property, is_of_key) {
                open.insert(key(property));
            }
        });
    }
    open
}

/// Seals what is text now and named like a secret.
pub(super) fn seal(items: &mut BTreeMap<String, Item>, open: &Open) {
    let known = items.clone();
    let keys = secret::keys(known.values());
    for item in items.values_mut() {
        let is_key = keys.contains(&item.name);
        each_property(item, is_key, &mut |property, is_of_key| {
            property.secret |= property.fields.is_empty()
                && !open.contains(&key(property))
                && must_be_sealed(&known, property, is_of_key);
        });
    }
}

fn must_be_sealed(items: &BTreeMap<String, Item>, property: &Property, is_of_key: bool) -> bool {
    let Property { name, ty, .. } = property;
    is_secret(items, name, ty) || is_of_key && is_key_material(items, name, ty)
}

fn key(property: &Property) -> (String, String) {
    (property.place.to_string(), property.name.clone())
}

/// Calls `visit` with each property, and with whether it is a member of a JSON Web Key, as those of the item are where
/// it `is_key`.
fn each_property(item: &mut Item, is_key: bool, visit: &mut dyn FnMut(&mut Property, bool)) {
    fn all(property: &mut Property, is_key: bool, visit: &mut dyn FnMut(&mut Property, bool)) {
        visit(property, is_key);
        let is_key = secret::is_key(property.fields.iter().map(|field| field.name.as_str()));
        property.fields.iter_mut().for_each(|field| all(field, is_key, visit));
    }
    fn of_method(method: &mut Method, visit: &mut dyn FnMut(&mut Property, bool)) {
        method.params.iter_mut().for_each(|param| all(param, false, visit));
    }
    match &mut item.shape {
        Shape::Interface(members) | Shape::Class(members) | Shape::Error(members) => {
            let Members { properties, accessors, methods, constructors, calls, index: _, statics } =
                members;
            let properties = properties.iter_mut().chain(&mut statics.properties);
            properties.for_each(|property| all(property, is_key, visit));
            for accessor in accessors.iter_mut().chain(&mut statics.accessors) {
                accessor.set.iter_mut().for_each(|set| all(set, false, visit));
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
