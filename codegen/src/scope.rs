//! Names that meet in one scope of the generated crate: its root, the trait of the SDK.

use std::collections::BTreeMap;

use credwire_schema::diagnostic::Place;

use crate::{emit::Problems, generator::Part, layout};

/// Reports whatever would be defined twice.
pub(crate) fn check(parts: &[Part<'_>], problems: &mut Problems) {
    let mut root = BTreeMap::new();
    let mut sdk = BTreeMap::new();
    let own = Place::new("src/lib.rs", 1, 1);
    for part in parts {
        let (name, place) = (part.item.name.as_str(), &part.item.place);
        for export in &part.emitted.exports {
            if layout::OWN.iter().any(|own| export == own) {
                problems.collision(export, ("the generated package", &own), (name, place));
            }
            if let Some(other) = root.insert(export, (name, place)) {
                problems.collision(export, other, (name, place));
            }
        }
        for (member, _) in &part.emitted.sdk {
            if let Some(other) = sdk.insert(member, (name, place)) {
                problems.collision(member, other, (name, place));
            }
        }
    }
}
