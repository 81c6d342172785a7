//! Declarations (`.d.ts`): what the modules named as inputs export, followed across files.

mod files;
pub(crate) mod item;
mod jsdoc;
mod names;
pub(crate) mod package;
mod rename;
mod scopes;

use credwire_schema::diagnostic::Diagnostic;

pub(crate) use self::files::Entry;
use self::{files::Files, names::Names, scopes::Scopes};
use crate::facts::{Facts, mark_errors};

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
