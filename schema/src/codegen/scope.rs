//! Names that meet in one scope of the generated crate: its root, and the trait of the SDK.

use std::collections::BTreeMap;

use super::{Module, Problems, crate_root};
use crate::diagnostic::Place;

/// Reports whatever would be defined twice.
pub(super) fn check(modules: &[Module<'_>], problems: &mut Problems) {
    let mut root = BTreeMap::new();
    let mut sdk = BTreeMap::new();
    let own = Place::new("src/lib.rs", 1, 1);
    for module in modules {
        let (name, place) = (module.item.name.as_str(), &module.item.place);
        for export in &module.emitted.exports {
            if crate_root::OWN.iter().any(|own| export == own) {
                problems.collision(export, ("the generated package", &own), (name, place));
            }
            if let Some(other) = root.insert(export, (name, place)) {
                problems.collision(export, other, (name, place));
            }
        }
        for (member, _) in &module.emitted.sdk {
            if let Some(other) = sdk.insert(member, (name, place)) {
                problems.collision(member, other, (name, place));
            }
        }
    }
}
