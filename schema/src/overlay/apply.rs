//! Completing items with our own words.

use std::collections::BTreeSet;

use toml::Spanned;

use super::{
    Overlay,
    entries::{ItemEntry, TableEntry},
};
use crate::{
    diagnostic::Diagnostic,
    model::{Item, LocalMember, Members, Method, Property, Shape},
    suggest,
    type_expr::TypeExpr,
};

pub(super) fn apply(
    overlay: &Overlay,
    items: &mut [Item],
    elsewhere: &BTreeSet<String>,
    problems: &mut Vec<Diagnostic>,
) {
    for (name, entry) in &overlay.entries.items {
        if let Some(item) = items.iter_mut().find(|item| item.name == *name.as_ref()) {
            complete(overlay, name, entry, item, problems);
        } else if !elsewhere.contains(name.as_ref()) {
            let known = items.iter().map(|item| item.name.as_str());
            problems.push(unknown(overlay, name, "item", known));
        }
    }
    for (name, _) in overlay.entries.externals.iter() {
        if let Some(item) = items.iter().find(|item| item.name == *name.as_ref()) {
            let message = format!("`{}` has a page of its own by now: {}", item.name, item.place);
            problems.push(overlay.stale(&name.span(), message));
        }
    }
}

/// An entry about something that is not there.
pub(super) fn unknown<'a>(
    overlay: &Overlay,
    name: &Spanned<String>,
    what: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let mut problem =
        overlay.stale(&name.span(), format!("no page knows the {what} `{}`", name.as_ref()));
    if let Some(near) = suggest::nearest(name.as_ref(), known) {
        problem = problem.help(format!("did you mean `{near}`?"));
    }
    problem
}

fn complete(
    overlay: &Overlay,
    name: &Spanned<String>,
    entry: &ItemEntry,
    item: &mut Item,
    problems: &mut Vec<Diagnostic>,
) {
    if let Some(summary) = &entry.summary {
        item.summary.clone_from(summary);
    }
    if let Some(rust) = &entry.rust {
        item.rust.clone_from(rust);
    }
    if entry.error.is_some() {
        item.error.clone_from(&entry.error);
    }
    if entry.attribute.is_some() {
        item.attribute.clone_from(&entry.attribute);
    }
    let summaries = entry.members.iter().map(|(path, summary)| (path, Change::Summary(summary)));
    let secrets = entry.secret.iter().map(|path| (path, Change::Secret));
    for (path, change) in summaries.chain(secrets) {
        let found = match &mut item.shape {
            Shape::Function { signatures } => change_params(signatures, path.as_ref(), &change),
            shape => members_mut(shape)
                .is_some_and(|members| change_member(members, path.as_ref(), &change)),
        };
        if found {
            continue;
        }
        let known =
            members_mut(&mut item.shape).map(|members| member_names(members)).unwrap_or_default();
        let known = known.iter().map(String::as_str);
        problems.push(unknown(overlay, path, &format!("member of `{}`", name.as_ref()), known));
    }
    local(overlay, entry, item, problems);
    borrow(overlay, entry, item, problems);
    if let Shape::Alias { ty, meanings } = &mut item.shape {
        for (literal, meaning) in &entry.meanings {
            if has_literal(ty, literal.as_ref()) {
                meanings.insert(literal.as_ref().clone(), meaning.clone());
            } else {
                let what = format!("literal of `{}`", name.as_ref());
                problems.push(unknown(overlay, literal, &what, []));
            }
        }
    } else if let Some((literal, _)) = entry.meanings.iter().next() {
        let what = format!("literal of `{}`", name.as_ref());
        problems.push(unknown(overlay, literal, &what, []));
    }
    tables(overlay, name, entry, item, problems);
}

/// Adds the members that no page has.
fn local(overlay: &Overlay, entry: &ItemEntry, item: &mut Item, problems: &mut Vec<Diagnostic>) {
    for (name, member) in &entry.local {
        if !matches!(item.shape, Shape::Interface(_)) {
            let message = format!("`{}` is no interface, which alone has local members", item.name);
            problems.push(overlay.stale(&name.span(), message));
            continue;
        }
        item.local.push(LocalMember {
            name: name.as_ref().clone(),
            summary: member.summary.clone(),
            ty: member.ty,
        });
    }
}

/// Takes the lines of other items for members and literals that have none.
fn borrow(overlay: &Overlay, entry: &ItemEntry, item: &mut Item, problems: &mut Vec<Diagnostic>) {
    for like in &entry.like {
        let Some(lender) = overlay.entries.items.get(like) else {
            let known = overlay.entries.items.keys().map(|name| name.as_ref().as_str());
            problems.push(unknown(overlay, like, "item", known));
            continue;
        };
        if let Shape::Alias { ty, meanings } = &mut item.shape {
            for (literal, meaning) in &lender.meanings {
                if !entry.meanings.contains_key(literal) && has_literal(ty, literal.as_ref()) {
                    meanings.insert(literal.as_ref().clone(), meaning.clone());
                }
            }
        }
        for (path, summary) in &lender.members {
            if !entry.members.contains_key(path)
                && let Some(members) = members_mut(&mut item.shape)
            {
                change_member(members, path.as_ref(), &Change::Borrowed(summary));
            }
        }
    }
}

fn tables(
    overlay: &Overlay,
    name: &Spanned<String>,
    entry: &ItemEntry,
    item: &mut Item,
    problems: &mut Vec<Diagnostic>,
) {
    if entry.tables.is_empty() {
        return;
    }
    if entry.tables.len() != item.tables.len() {
        problems.push(overlay.stale(
            &name.span(),
            format!(
                "`{}` has {} decision tables here and {} on its page",
                item.name,
                entry.tables.len(),
                item.tables.len()
            ),
        ));
        return;
    }
    for (spanned, table) in entry.tables.iter().zip(&mut item.tables) {
        let TableEntry { name, summary, inputs, outcomes } = spanned.as_ref();
        if inputs.len() != table.inputs.len() {
            problems.push(overlay.stale(
                &spanned.span(),
                format!(
                    "table `{name}` has {} inputs here and {} on the page ({})",
                    inputs.len(),
                    table.inputs.len(),
                    table.place
                ),
            ));
            continue;
        }
        table.name.clone_from(name);
        table.summary.clone_from(summary);
        table.inputs.clone_from(inputs);
        for (from, to) in outcomes {
            let mut found = false;
            for row in table.rows.iter_mut().filter(|row| row.then == *from.as_ref()) {
                row.then.clone_from(to);
                found = true;
            }
            if !found {
                let known = table.rows.iter().map(|row| row.then.as_str());
                problems.push(unknown(overlay, from, &format!("outcome of `{name}`"), known));
            }
        }
    }
}

enum Change<'a> {
    Summary(&'a str),
    /// Another item's line, which gives way to one that is there.
    Borrowed(&'a str),
    Secret,
}

impl Change<'_> {
    fn to_property(&self, property: &mut Property) {
        match self {
            Self::Summary(_) | Self::Borrowed(_) => self.to_summary(&mut property.summary),
            Self::Secret => property.secret = true,
        }
    }

    fn to_summary(&self, own: &mut String) {
        match self {
            Self::Borrowed(_) if !own.is_empty() => {}
            Self::Summary(summary) | Self::Borrowed(summary) => (*summary).clone_into(own),
            Self::Secret => {}
        }
    }
}

/// Changes every member of that name: a property and a constructor's parameter may share it, and
/// overloads do. Gives whether there was one.
fn change_member(members: &mut Members, path: &str, change: &Change<'_>) -> bool {
    let mut found = false;
    if let Some(property) = property_mut(&mut members.properties, path) {
        change.to_property(property);
        found = true;
    }
    found |= change_params(&mut members.constructors, path, change);
    if matches!(change, Change::Secret) {
        return found;
    }
    for method in members.methods.iter_mut().filter(|method| method.name == path) {
        change.to_summary(&mut method.summary);
        found = true;
    }
    for accessor in members.accessors.iter_mut().filter(|accessor| accessor.name == path) {
        change.to_summary(&mut accessor.summary);
        found = true;
    }
    found
}

/// Changes every parameter of that name, or what is in one. Gives whether there was one.
fn change_params(signatures: &mut [Method], path: &str, change: &Change<'_>) -> bool {
    let mut found = false;
    for signature in signatures {
        if let Some(param) = property_mut(&mut signature.params, path) {
            change.to_property(param);
            found = true;
        }
    }
    found
}

/// The property at a dotted path.
pub(super) fn property_mut<'a>(
    properties: &'a mut [Property],
    path: &str,
) -> Option<&'a mut Property> {
    // A name may itself have a dot: try the whole path first.
    if let Some(index) = properties.iter().position(|property| property.name == path) {
        return properties.get_mut(index);
    }
    let (first, rest) = path.split_once('.')?;
    let parent = properties.iter_mut().find(|property| property.name == first)?;
    property_mut(&mut parent.fields, rest)
}

pub(super) fn members_mut(shape: &mut Shape) -> Option<&mut Members> {
    match shape {
        Shape::Interface(members) | Shape::Class(members) | Shape::Error(members) => Some(members),
        Shape::Alias { .. }
        | Shape::Enum { .. }
        | Shape::Function { .. }
        | Shape::Variable { .. }
        | Shape::Rpc(_)
        | Shape::Element { .. } => None,
    }
}

pub(super) fn member_names(members: &Members) -> Vec<String> {
    let properties = members.properties.iter().map(|property| &property.name);
    let accessors = members.accessors.iter().map(|accessor| &accessor.name);
    let methods = members.methods.iter().map(|method| &method.name);
    properties.chain(accessors).chain(methods).cloned().collect()
}

fn has_literal(ty: &TypeExpr, text: &str) -> bool {
    let mut found = false;
    ty.walk(&mut |ty| {
        found |= match ty {
            TypeExpr::Literal(literal) => literal == text,
            TypeExpr::Template(_) => ty.to_string().trim_matches('`') == text,
            _ => false,
        };
    });
    found
}
