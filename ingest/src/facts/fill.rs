//! Lets declarations state what pages lack.

use std::collections::BTreeSet;

use super::{Facts, ItemFacts, ItemKind};

/// Adds what `declared` exports beyond `facts`: symbols without a page, and of classes the members
/// whose pages are not at hand. What pages state is kept as they state it.
///
/// Interfaces, aliases, errors and functions have one page each, which is complete; what a
/// declaration says beyond it is drift and not for this function to settle.
pub(crate) fn fill(facts: &mut Facts, declared: Facts) {
    for (name, mut item) in declared.items {
        hide(&mut item);
        match facts.items.get_mut(&name) {
            None => {
                facts.items.insert(name, item);
            }
            Some(known) if known.kind == ItemKind::Class && item.kind == ItemKind::Class => {
                complete(known, item);
            }
            Some(_) => {}
        }
    }
    for (name, item) in declared.internal {
        facts.internal.entry(name).or_insert(item);
    }
    for (tag, element) in declared.elements {
        facts.elements.entry(tag).or_insert(element);
    }
}

/// Adds what a manifest knows of scripts that neither a page nor a declaration states.
pub(crate) fn add(facts: &mut Facts, manifest: Facts) {
    for (tag, element) in manifest.elements {
        facts.elements.entry(tag).or_insert(element);
    }
    for (name, item) in manifest.items {
        // The class of an element is the element.
        let is_element = facts.elements.values().any(|element| element.class == name);
        if !is_element && !facts.internal.contains_key(&name) {
            facts.items.entry(name).or_insert(item);
        }
    }
    for (name, item) in manifest.internal {
        if !facts.items.contains_key(&name) {
            facts.internal.entry(name).or_insert(item);
        }
    }
}

/// Takes off what users cannot reach: protected members and those marked as internal.
fn hide(item: &mut ItemFacts) {
    item.properties.retain(|member| !member.internal && member.access.is_none());
    item.accessors.retain(|member| !member.internal && member.access.is_none());
    for methods in [&mut item.methods, &mut item.constructors] {
        methods.retain(|method| !method.internal && method.access.is_none());
    }
}

/// Adds to a class whose pages are incomplete.
fn complete(known: &mut ItemFacts, declared: ItemFacts) {
    let stated: BTreeSet<String> = known
        .properties
        .iter()
        .map(|member| &member.name)
        .chain(known.accessors.iter().map(|member| &member.name))
        .chain(known.methods.iter().map(|member| &member.name))
        .cloned()
        .collect();
    // The index page of a class states these, all of them.
    if known.page.is_none() {
        known.place = declared.place;
        known.type_params = declared.type_params;
        known.extends = declared.extends;
        known.implements = declared.implements;
        known.constructors = declared.constructors;
        let properties = declared.properties.into_iter();
        known.properties.extend(properties.filter(|member| !stated.contains(&member.name)));
    }
    let accessors = declared.accessors.into_iter();
    known.accessors.extend(accessors.filter(|member| !stated.contains(&member.name)));
    let methods = declared.methods.into_iter();
    known.methods.extend(methods.filter(|member| !stated.contains(&member.name)));
    known.accessors.sort_by(|a, b| a.name.cmp(&b.name));
    known.methods.sort_by(|a, b| a.name.cmp(&b.name));
}
