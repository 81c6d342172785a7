//! Every named type must be an item, a type parameter or a declared external type.

use std::collections::BTreeSet;

use super::mentions;
use crate::{
    diagnostic::Diagnostic,
    model::{Item, Schema},
    suggest,
    type_expr::TypeExpr,
};

pub(super) fn check(schema: &Schema, item: &Item, problems: &mut Vec<Diagnostic>) {
    let mut seen = BTreeSet::new();
    for mention in mentions(item) {
        let mut scope = mention.params.clone();
        scope.extend(item.type_params.iter().map(|param| param.name.as_str()));
        // What a type introduces is in scope inside it.
        mention.ty.walk(&mut |ty| scope.extend(ty.binds()));
        mention.ty.walk(&mut |ty| {
            let TypeExpr::Ref { name, .. } = ty else { return };
            let known = scope.contains(&name.as_str())
                || schema.items.contains_key(name)
                || schema.externals.contains_key(name);
            if known || !seen.insert((mention.place, name)) {
                return;
            }
            let candidates = schema.items.keys().chain(schema.externals.keys()).map(String::as_str);
            let help = suggest::nearest(name, candidates.chain(scope.iter().copied())).map_or_else(
                || {
                    format!(
                        "ingest the page of `{name}` too, or declare it under `[externals]` in \
                         the overlay"
                    )
                },
                |near| format!("did you mean `{near}`?"),
            );
            problems.push(
                Diagnostic::error(
                    "unknown-type",
                    mention.place.clone(),
                    format!("`{}` mentions the unknown type `{name}`", item.name),
                )
                .help(help),
            );
        });
    }
}
