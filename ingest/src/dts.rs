//! Declarations (`.d.ts`): what the modules named as inputs export, followed across files.

mod files;
mod item;
mod jsdoc;
mod names;
pub(crate) mod package;
mod rename;
mod scopes;

use std::collections::BTreeMap;

use credwire_schema::{diagnostic::Diagnostic, type_expr::TypeExpr};

pub(crate) use self::files::Entry;
use self::{files::Files, names::Names, scopes::Scopes};
use crate::facts::{Facts, ItemFacts, ItemKind};

/// Reads what some modules export. Relative imports are followed to the files beside them; what
/// exported symbols mention without exporting it becomes [`Facts::internal`].
///
/// Members of namespaces have dotted names; a namespace with several names is listed under the one
/// with the fewest dots. Scripts export what they declare: globals, and the contents of `declare module "x"`.
///
/// # Diagnostics
/// `invalid-declarations`, `too-many-declarations` (errors); `unresolved-import`,
/// `unresolved-export`, `duplicate-item`, `repeated-namespace`, `outside-augmentation`,
/// `skipped-declaration`, `merged-declaration`, `opaque-type`, `foreign-package` (warnings).
pub(crate) fn read(entries: &[Entry], diagnostics: &mut Vec<Diagnostic>) -> Facts {
    let files = Files::load(entries, diagnostics);
    let scopes = Scopes::new(&files, diagnostics);
    let names = Names::new(&scopes, diagnostics);
    let mut facts = Facts::default();
    for (name, symbol) in &names.exported {
        if let Some(item) = item::read(&scopes, symbol, name, &names, diagnostics) {
            facts.items.insert(name.clone(), item);
        }
    }
    for (name, symbol) in &names.internal {
        if let Some(item) = item::read(&scopes, symbol, name, &names, diagnostics) {
            facts.internal.insert(name.clone(), item);
        }
    }
    facts.foreign = names.foreign_modules();
    mark_errors(&mut facts);
    facts
}

/// Classes that extend `Error`, directly or not, are error classes.
fn mark_errors(facts: &mut Facts) {
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
