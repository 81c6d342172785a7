//! Brings the facts of several pages together: a class is an index page and many member pages.

use std::collections::{BTreeMap, btree_map::Entry};

use credwire_schema::diagnostic::{Diagnostic, Place};

use super::{ElementFacts, Facts, ItemFacts, ItemKind};

/// Merges what each source states, in any order, into one set of facts.
///
/// # Diagnostics
/// `duplicate-item` and `duplicate-member` (warnings) when two sources state the same symbol: the
/// first by place is kept, so that the order of inputs cannot matter.
pub(crate) fn merge(parts: Vec<Facts>, diagnostics: &mut Vec<Diagnostic>) -> Facts {
    let mut merged = Facts::default();
    let mut items: Vec<ItemFacts> = Vec::new();
    let mut elements: Vec<ElementFacts> = Vec::new();
    for part in parts {
        merged.pages.extend(part.pages);
        merged.anomalies.extend(part.anomalies);
        merged.internal.extend(part.internal);
        merged.foreign.extend(part.foreign);
        items.extend(part.items.into_values());
        elements.extend(part.elements.into_values());
    }
    merged.pages.sort_by(|a, b| (&a.path, &a.title).cmp(&(&b.path, &b.title)));
    merged.pages.dedup_by(|a, b| (&a.path, a.role, &a.title) == (&b.path, b.role, &b.title));
    merged
        .anomalies
        .sort_by(|a, b| (a.kind, &a.page, &a.detail).cmp(&(b.kind, &b.page, &b.detail)));
    merged.anomalies.dedup();
    // Pages of their own first, so that an index page and not a member page names the class.
    items.sort_by(|a, b| (a.page.is_none(), &a.place).cmp(&(b.page.is_none(), &b.place)));
    let slugs: BTreeMap<String, String> = items
        .iter()
        .filter(|item| item.page.is_some() && item.kind == ItemKind::Class)
        .filter_map(|item| Some((item.slug.clone()?, item.name.clone())))
        .collect();
    for mut item in items {
        // A member page knows its class by the slug alone; the index page has the true name.
        if item.page.is_none()
            && let Some(name) = item.slug.as_ref().and_then(|slug| slugs.get(slug))
        {
            item.name.clone_from(name);
        }
        match merged.items.entry(item.name.clone()) {
            Entry::Vacant(vacant) => {
                vacant.insert(item);
            }
            Entry::Occupied(mut occupied) => join(occupied.get_mut(), item, diagnostics),
        }
    }
    elements.sort_by(|a, b| a.place.cmp(&b.place));
    for element in elements {
        match merged.elements.entry(element.tag.clone()) {
            Entry::Vacant(vacant) => {
                vacant.insert(element);
            }
            Entry::Occupied(first) => {
                let first = &first.get().place;
                if *first != element.place {
                    diagnostics.push(duplicate_item(&element.tag, first, element.place));
                }
            }
        }
    }
    for item in merged.items.values_mut().chain(merged.internal.values_mut()) {
        sort_members(item, diagnostics);
    }
    merged
}

/// Adds the members of a member page to their class.
fn join(item: &mut ItemFacts, other: ItemFacts, diagnostics: &mut Vec<Diagnostic>) {
    if other.page.is_none() && other.kind == ItemKind::Class && item.kind == ItemKind::Class {
        item.accessors.extend(other.accessors);
        item.methods.extend(other.methods);
        return;
    }
    if item.place == other.place {
        return;
    }
    diagnostics.push(duplicate_item(&other.name, &item.place, other.place));
}

fn duplicate_item(name: &str, first: &Place, place: Place) -> Diagnostic {
    let message = format!("`{name}` is stated by {first} as well; this one is left out");
    Diagnostic::warning("duplicate-item", place, message)
        .help("give each symbol one page, or ingest one version of the reference at a time")
}

fn sort_members(item: &mut ItemFacts, diagnostics: &mut Vec<Diagnostic>) {
    item.properties.sort_by(|a, b| a.name.cmp(&b.name));
    for base in &mut item.inherited {
        base.properties.sort_by(|a, b| a.name.cmp(&b.name));
    }
    item.accessors.sort_by(|a, b| (&a.name, &a.place).cmp(&(&b.name, &b.place)));
    item.methods.sort_by(|a, b| (&a.name, &a.place).cmp(&(&b.name, &b.place)));
    item.tables.sort_by(|a, b| a.place.cmp(&b.place));
    let name = item.name.clone();
    let mut duplicate = |member: &str, first: &credwire_schema::diagnostic::Place, place| {
        let message =
            format!("`{name}.{member}` is stated at {first} as well; this one is left out");
        diagnostics.push(
            Diagnostic::warning("duplicate-member", place, message).help("state each member once"),
        );
    };
    item.properties.dedup_by(|again, first| {
        let same = again.name == first.name;
        if same {
            duplicate(&again.name, &first.place, again.place.clone());
        }
        same
    });
    item.accessors.dedup_by(|again, first| {
        let same = again.name == first.name;
        if same {
            duplicate(&again.name, &first.place, again.place.clone());
        }
        same
    });
}
