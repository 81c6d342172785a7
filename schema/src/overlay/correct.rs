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
    model::{Accessor, Item, Members, Property, Shape},
    type_expr::TypeExpr,
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
            let Some(subject) = Subject::find(item, path.as_ref()) else {
                let known = members_mut(&mut item.shape).map(|members| member_names(members));
                let known = known.unwrap_or_default();
                let what = format!("member of `{}`", name.as_ref());
                let known = known.iter().map(String::as_str);
                problems.push(unknown(overlay, path, &what, known));
                continue;
            };
            correct(overlay, correction, path, subject, problems);
        }
    }
}

/// What a correction is about.
enum Subject<'a> {
    Property(&'a mut Property),
    /// An accessor, for what it returns.
    Getter(&'a mut Accessor),
    /// What an alias stands for.
    Alias(&'a mut TypeExpr),
}

impl<'a> Subject<'a> {
    fn find(item: &'a mut Item, path: &str) -> Option<Self> {
        let Members { properties, accessors, .. } = match &mut item.shape {
            Shape::Alias { ty, .. } => return (path == "type").then_some(Self::Alias(ty)),
            shape => members_mut(shape)?,
        };
        if let Some(property) = property_mut(properties, path) {
            return Some(Self::Property(property));
        }
        let accessor = accessors.iter_mut().find(|accessor| accessor.name == path)?;
        Some(Self::Getter(accessor))
    }

    fn facts(&self) -> MemberFacts {
        match self {
            Self::Property(property) => MemberFacts {
                ty: Some(property.ty.clone()),
                optional: Some(property.optional),
                nullable: Some(property.nullable),
                unit: property.unit,
                format: property.format,
            },
            Self::Getter(Accessor { get, unit, .. }) => {
                MemberFacts { ty: get.clone(), unit: *unit, ..MemberFacts::default() }
            }
            Self::Alias(ty) => MemberFacts { ty: Some((*ty).clone()), ..MemberFacts::default() },
        }
    }

    /// Takes the facts that are named and that it can have.
    fn take(&mut self, facts: &MemberFacts) {
        match self {
            Self::Property(property) => {
                if let Some(ty) = &facts.ty {
                    property.ty.clone_from(ty);
                }
                property.optional = facts.optional.unwrap_or(property.optional);
                property.nullable = facts.nullable.unwrap_or(property.nullable);
                property.unit = facts.unit.or(property.unit);
                property.format = facts.format.or(property.format);
            }
            Self::Getter(Accessor { get, unit, .. }) => {
                *get = facts.ty.clone().or(get.take());
                *unit = facts.unit.or(*unit);
            }
            Self::Alias(own) => {
                if let Some(ty) = &facts.ty {
                    own.clone_from(ty);
                }
            }
        }
    }
}

fn correct(
    overlay: &Overlay,
    correction: &Correction,
    member: &Spanned<String>,
    mut subject: Subject<'_>,
    problems: &mut Vec<Diagnostic>,
) {
    let Correction { item, page, reason, was, is, .. } = correction;
    let read = subject.facts();
    let said = MemberFacts {
        ty: was.ty.as_ref().and(read.ty.clone()),
        optional: was.optional.and(read.optional),
        nullable: was.nullable.and(read.nullable),
        // A unit or a form that the page does not give has no spelling in `was`.
        unit: was.unit.and(read.unit),
        format: was.format.and(read.format),
    };
    if said == *was {
        subject.take(is);
    }
    // What the page says as well needs no correction.
    if subject.facts() == read {
        problems.push(overlay.stale(
            &member.span(),
            format!(
                "`{}.{}` is no longer what this corrects ({page}): {reason}",
                item.as_ref(),
                member.as_ref()
            ),
        ));
    }
}
