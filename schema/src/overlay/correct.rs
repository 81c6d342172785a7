//! Putting right what a page says wrongly.

use std::collections::BTreeSet;

use toml::Spanned;

use super::{
    Overlay,
    apply::{member_names, members_mut, property_mut, unknown},
    entries::{Correction, MemberFacts},
};
use crate::{
    diagnostic::Diagnostic,
    model::{Item, Property},
};

pub(super) fn apply(
    overlay: &Overlay,
    items: &mut [Item],
    elsewhere: &BTreeSet<String>,
    problems: &mut Vec<Diagnostic>,
) {
    for correction in &overlay.entries.corrections {
        let name = &correction.item;
        let Some(item) = items.iter_mut().find(|item| item.name == *name.as_ref()) else {
            if !elsewhere.contains(name.as_ref()) {
                let known = items.iter().map(|item| item.name.as_str());
                problems.push(unknown(overlay, name, "item", known));
            }
            continue;
        };
        for path in correction.members() {
            let known = members_mut(item).map(|members| member_names(members)).unwrap_or_default();
            let property = members_mut(item)
                .and_then(|members| property_mut(&mut members.properties, path.as_ref()));
            match property {
                Some(property) => correct(overlay, correction, path, property, problems),
                None => {
                    let known = known.iter().map(String::as_str);
                    let what = format!("member of `{}`", name.as_ref());
                    problems.push(unknown(overlay, path, &what, known));
                }
            }
        }
    }
}

fn correct(
    overlay: &Overlay,
    correction: &Correction,
    member: &Spanned<String>,
    property: &mut Property,
    problems: &mut Vec<Diagnostic>,
) {
    let Correction { item, page, reason, was, is, .. } = correction;
    let said = MemberFacts {
        ty: was.ty.as_ref().map(|_| property.ty.clone()),
        optional: was.optional.map(|_| property.optional),
        nullable: was.nullable.map(|_| property.nullable),
        // A unit or a form that the page does not give has no spelling in `was`.
        unit: was.unit.and(property.unit),
        format: was.format.and(property.format),
    };
    if said != *was {
        problems.push(overlay.stale(
            &member.span(),
            format!(
                "`{}.{}` is no longer what this corrects ({page}): {reason}",
                item.as_ref(),
                member.as_ref()
            ),
        ));
        return;
    }
    if let Some(ty) = &is.ty {
        property.ty.clone_from(ty);
    }
    property.optional = is.optional.unwrap_or(property.optional);
    property.nullable = is.nullable.unwrap_or(property.nullable);
    property.unit = is.unit.or(property.unit);
    property.format = is.format.or(property.format);
}
