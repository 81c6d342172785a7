//! Symbols that are exported under several names: one of them is kept.

use std::collections::{BTreeMap, BTreeSet};

use super::Overlay;
use crate::{
    model::{Accessor, Item, Method, Property, Shape},
    type_expr::{TypeExpr, TypeParam},
};

/// Leaves out items under their second names, and has all types say the first.
pub(super) fn unify(overlay: &Overlay, items: &mut Vec<Item>) {
    let first: BTreeMap<&str, &str> = overlay
        .entries
        .second_names
        .iter()
        .map(|(second, first)| (second.as_str(), first.as_str()))
        .collect();
    if first.is_empty() {
        return;
    }
    let known: BTreeSet<String> = items.iter().map(|item| item.name.clone()).collect();
    items.retain(|item| first.get(item.name.as_str()).is_none_or(|first| !known.contains(*first)));
    let mut rename = |ty: &mut TypeExpr| {
        ty.walk_mut(&mut |ty| {
            if let TypeExpr::Ref { name, .. } = ty
                && let Some(first) = first.get(name.as_str())
            {
                (*first).clone_into(name);
            }
        });
    };
    items.iter_mut().for_each(|item| each_type(item, &mut rename));
}

type Visit<'a> = &'a mut dyn FnMut(&mut TypeExpr);

fn each_type(item: &mut Item, visit: Visit<'_>) {
    params(&mut item.type_params, visit);
    item.extends.iter_mut().chain(&mut item.implements).for_each(&mut *visit);
    match &mut item.shape {
        Shape::Interface(members) | Shape::Class(members) | Shape::Error(members) => {
            properties(&mut members.properties, visit);
            accessors(&mut members.accessors, visit);
            methods(&mut members.methods, visit);
            methods(&mut members.constructors, visit);
            methods(&mut members.calls, visit);
            for index in &mut members.index {
                [&mut index.key, &mut index.value].into_iter().for_each(&mut *visit);
            }
            properties(&mut members.statics.properties, visit);
            accessors(&mut members.statics.accessors, visit);
            methods(&mut members.statics.methods, visit);
        }
        Shape::Alias { ty, .. } | Shape::Variable { ty, .. } => visit(ty),
        Shape::Function { signatures } => methods(signatures, visit),
        // No page of a symbol describes one.
        Shape::Enum { .. } | Shape::Rpc(_) | Shape::Element { .. } => {}
    }
}

fn params(params: &mut [TypeParam], visit: Visit<'_>) {
    for param in params {
        param.extends.iter_mut().chain(&mut param.default).for_each(&mut *visit);
    }
}

fn properties(all: &mut [Property], visit: Visit<'_>) {
    for property in all {
        visit(&mut property.ty);
        properties(&mut property.fields, visit);
    }
}

fn accessors(all: &mut [Accessor], visit: Visit<'_>) {
    for accessor in all {
        accessor.get.iter_mut().for_each(&mut *visit);
        properties(accessor.set.as_mut_slice(), visit);
    }
}

fn methods(all: &mut [Method], visit: Visit<'_>) {
    for method in all {
        params(&mut method.type_params, visit);
        properties(&mut method.params, visit);
        visit(&mut method.returns);
    }
}
