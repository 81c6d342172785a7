//! Declarations (`.d.ts`): what the modules named as inputs export, followed across files.

mod item;
mod jsdoc;
mod modules;
mod rename;

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    diagnostic::Diagnostic,
    facts::{Facts, ItemFacts},
    source::Source,
};

use modules::{Modules, Symbol};

/// Whether a file holds declarations, by its name.
pub(crate) fn is_declarations(name: &str) -> bool {
    [".d.ts", ".d.mts", ".d.cts"].iter().any(|extension| name.ends_with(extension))
}

/// Reads what some modules export. Relative imports are followed to the files beside them; what
/// exported symbols mention without exporting it becomes [`Facts::internal`].
///
/// # Diagnostics
/// `invalid-declarations` (error), `unresolved-import`, `unresolved-export`, `skipped-declaration`,
/// `opaque-type` (warnings).
pub fn read(entries: &[Source], diagnostics: &mut Vec<Diagnostic>) -> Facts {
    let modules = Modules::load(entries, diagnostics);
    let mut exported: BTreeMap<String, Symbol> = BTreeMap::new();
    for entry in modules.entries() {
        for (name, symbol) in modules.exports(entry, diagnostics) {
            exported.entry(name).or_insert(symbol);
        }
    }
    let renames = rename::Renames::new(&modules, &exported);
    let mut facts = Facts::default();
    let mut reached = BTreeSet::new();
    for (name, symbol) in &exported {
        reached.insert(symbol.clone());
        if let Some(item) = item::read(&modules, symbol, name, &renames, diagnostics) {
            facts.items.insert(name.clone(), item);
        }
    }
    let mut waiting: Vec<Symbol> = exported.values().cloned().collect();
    while let Some(symbol) = waiting.pop() {
        for mentioned in modules.mentioned(&symbol) {
            if !reached.insert(mentioned.clone()) {
                continue;
            }
            let name = renames.public_name(&mentioned).unwrap_or(&mentioned.name).to_owned();
            if let Some(item) = item::read(&modules, &mentioned, &name, &renames, diagnostics) {
                facts.internal.insert(name, item);
            }
            waiting.push(mentioned);
        }
    }
    mark_errors(&mut facts);
    facts
}

/// Classes that extend `Error`, directly or not, are error classes.
fn mark_errors(facts: &mut Facts) {
    let bases: BTreeMap<String, String> = facts
        .items
        .values()
        .chain(facts.internal.values())
        .filter_map(|item| Some((item.name.clone(), base_name(item)?.to_owned())))
        .collect();
    for item in facts.items.values_mut().chain(facts.internal.values_mut()) {
        let mut name = item.name.as_str();
        // A chain longer than the number of classes is a cycle.
        for _ in 0..=bases.len() {
            match bases.get(name) {
                Some(base) if base == "Error" => {
                    item.kind = crate::facts::ItemKind::Error;
                    break;
                }
                Some(base) => name = base,
                None => break,
            }
        }
    }
}

fn base_name(item: &ItemFacts) -> Option<&str> {
    match item.extends.first()? {
        crate::type_expr::TypeExpr::Ref { name, .. }
            if item.kind == crate::facts::ItemKind::Class =>
        {
            Some(name)
        }
        _ => None,
    }
}
