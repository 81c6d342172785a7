//! Local members may only stand in data: nothing else has fields.

use crate::{
    diagnostic::Diagnostic,
    model::{Role, Schema},
};

pub(super) fn check(schema: &Schema, problems: &mut Vec<Diagnostic>) {
    for item in schema.items.values() {
        let role = schema.roles.get(&item.name);
        let data = matches!(role, Some(Role::WireData | Role::Handles | Role::Stream));
        let Some(local) = item.local.first().filter(|_| !data) else { continue };
        let message =
            format!("`{}.{}` is a local member of what is no data", item.name, local.name);
        problems.push(
            Diagnostic::error("local-member", item.place.clone(), message)
                .help("remove it from the overlay"),
        );
    }
}
