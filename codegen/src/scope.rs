//! Names that meet in one scope of the generated crate: its root, the trait of the SDK, a folder.

use std::collections::BTreeMap;

use credwire_schema::diagnostic::Place;

use crate::{
    emit::Problems,
    generator::{Module, Outcome},
    layout, names,
};

/// Names files after the Rust names where pages of one name, from different parts of a reference,
/// would share a file.
pub(crate) fn keep_files_apart(outcomes: &mut [Outcome<'_>]) {
    let mut items: BTreeMap<String, usize> = BTreeMap::new();
    let modules = outcomes.iter().flat_map(|outcome| &outcome.modules);
    for module in modules.filter(|module| module.has_file()) {
        *items.entry(module.path()).or_default() += 1;
    }
    for module in outcomes.iter_mut().flat_map(|outcome| &mut outcome.modules) {
        if items.get(&module.path()).is_some_and(|count| *count > 1) {
            module.stem = names::snake(&module.item.rust);
        }
    }
}

/// Reports whatever would be defined twice.
pub(crate) fn check(modules: &[Module<'_>], problems: &mut Problems) {
    let mut root = BTreeMap::new();
    let mut sdk = BTreeMap::new();
    let mut files = BTreeMap::new();
    let own = Place::new("src/lib.rs", 1, 1);
    for module in modules {
        let (name, place) = (module.item.name.as_str(), &module.item.place);
        for export in &module.emitted.exports {
            if layout::OWN.iter().any(|own| export == own) {
                problems.collision(export, ("the generated package", &own), (name, place));
            }
            if let Some(other) = root.insert(export, (name, place)) {
                problems.collision(export, other, (name, place));
            }
        }
        if module.has_file()
            && let Some(other) = files.insert(module.path(), (name, place))
        {
            problems.collision(&names::ident(&module.stem), other, (name, place));
        }
        for (member, _) in &module.emitted.sdk {
            if let Some(other) = sdk.insert(member, (name, place)) {
                problems.collision(member, other, (name, place));
            }
        }
    }
}
