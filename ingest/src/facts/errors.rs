//! Which classes are those of errors.

use std::collections::BTreeMap;

use credwire_schema::type_expr::TypeExpr;

use super::{Facts, ItemFacts, ItemKind};

/// Classes that extend `Error`, directly or not, are error classes.
pub(crate) fn mark_errors(facts: &mut Facts) {
    let mut derived: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for item in facts.items.values().chain(facts.internal.values()) {
        if let Some(base) = base_name(item) {
            derived.entry(base.to_owned()).or_default().push(item.name.clone());
        }
    }
    // Each class is visited once: it has one base.
    let mut waiting = derived.remove("Error").unwrap_or_default();
    while let Some(name) = waiting.pop() {
        for items in [&mut facts.items, &mut facts.internal] {
            if let Some(item) = items.get_mut(&name) {
                item.kind = ItemKind::Error;
            }
        }
        waiting.extend(derived.remove(&name).unwrap_or_default());
    }
}

fn base_name(item: &ItemFacts) -> Option<&str> {
    match item.extends.first()? {
        TypeExpr::Ref { name, .. } if item.kind == ItemKind::Class => Some(name),
        _ => None,
    }
}
