//! Names that meet in one scope of the generated crate: its root, the trait of the SDK.

use std::collections::BTreeMap;

use credwire_schema::{diagnostic::Place, spelling};

use crate::generator::{Outcome, Outcomes};

/// Leaves out whatever would be defined twice, the items in the order of their names.
pub(crate) fn check(outcomes: &mut Outcomes<'_>) {
    let mut root: BTreeMap<String, (String, Place)> = BTreeMap::new();
    let mut sdk: BTreeMap<String, (String, Place)> = BTreeMap::new();
    let own = ("the generated package".to_owned(), Place::new("src/lib.rs", 1, 1));
    root.extend(spelling::RESERVED.iter().map(|name| ((*name).to_owned(), own.clone())));
    for (item, Outcome { parts, problems, .. }) in outcomes {
        let here = (item.name.clone(), item.place.clone());
        let before = problems.len();
        for part in parts.iter() {
            let members = part.sdk.iter().map(|(name, _)| name);
            let exports = part.exports.iter().map(|name| (&root, name));
            for (scope, name) in exports.chain(members.map(|name| (&sdk, name))) {
                if let Some((other, there)) = scope.get(&name.to_string()) {
                    problems.collision(name, (other, there), (&here.0, &here.1));
                }
            }
        }
        if problems.len() > before {
            parts.clear();
        }
        for part in parts.iter() {
            let exports = part.exports.iter().map(ToString::to_string);
            root.extend(exports.map(|name| (name, here.clone())));
            let members = part.sdk.iter().map(|(name, _)| name.to_string());
            sdk.extend(members.map(|name| (name, here.clone())));
        }
    }
}
