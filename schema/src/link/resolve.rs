//! Every named type must be an item, a type parameter or a declared external type.

use std::collections::BTreeSet;

use super::mentions;
use crate::{
    diagnostic::{Diagnostic, Place},
    model::{Item, Schema},
    suggest,
    type_expr::TypeExpr,
};

pub(super) fn check(schema: &Schema, item: &Item, problems: &mut Vec<Diagnostic>) {
    let mut seen = BTreeSet::new();
    names(item, &mut |name, place, scope| {
        let known = schema.items.contains_key(name) || schema.externals.contains_key(name);
        if known || !seen.insert((place, name)) {
            return;
        }
        let candidates = schema.items.keys().chain(schema.externals.keys()).map(String::as_str);
        let help = suggest::nearest(name, candidates.chain(scope.iter().copied())).map_or_else(
            || {
                format!(
                    "ingest the page of `{name}` too, or declare it under `[externals]` in the \
                     overlay"
                )
            },
            |near| format!("did you mean `{near}`?"),
        );
        problems.push(
            Diagnostic::error(
                "unknown-type",
                place.clone(),
                format!("`{}` mentions the unknown type `{name}`", item.name),
            )
            .help(help),
        );
    });
}

/// Calls `visit` with every name that an item mentions and that no type parameter explains, with
/// its place and the parameters around it.
pub(super) fn names<'a>(item: &'a Item, visit: &mut dyn FnMut(&'a str, &'a Place, &[&str])) {
    for mention in mentions(item) {
        let mut scope = mention.params.clone();
        scope.extend(item.type_params.iter().map(|param| param.name.as_str()));
        // What a type introduces is in scope inside it.
        mention.ty.walk(&mut |ty| scope.extend(ty.binds()));
        mention.ty.walk(&mut |ty| {
            if let TypeExpr::Ref { name, .. } = ty
                && !scope.contains(&name.as_str())
            {
                visit(name, mention.place, &scope);
            }
        });
    }
}
