//! What keeps items from being linked is mended and reported: names of others, names that meet in
//! Rust, names that are none, types that stand for themselves.

use std::collections::{BTreeMap, BTreeSet};

use super::{builtin, cycle, resolve};
use crate::{
    diagnostic::Diagnostic,
    model::{External, Item, Shape},
    spelling,
    type_expr::TypeExpr,
};

/// Mends `items`, and adds what they mention of others to `externals`.
pub(super) fn mend(
    items: Vec<Item>,
    externals: &mut BTreeMap<String, External>,
    warnings: &mut Vec<Diagnostic>,
) -> Vec<Item> {
    let mut items = distinct(items, warnings);
    items.iter_mut().for_each(distinct_members);
    own_names(&mut items);
    platform_objects(&mut items, externals);
    others(&items, externals, warnings);
    rust_names(&mut items, warnings);
    cycles(&mut items, warnings);
    items
}

/// Of two items of one name, the first.
fn distinct(items: Vec<Item>, warnings: &mut Vec<Diagnostic>) -> Vec<Item> {
    let mut known: BTreeMap<String, String> = BTreeMap::new();
    let mut kept = Vec::new();
    for item in items {
        match known.get(&item.name) {
            Some(first) => {
                let message = format!(
                    "`{}` is described at {first} as well; this one is left out",
                    item.name
                );
                warnings.push(
                    Diagnostic::warning("duplicate-item", item.place.clone(), message)
                        .help("keep one of the two"),
                );
            }
            None => {
                known.insert(item.name.clone(), item.place.to_string());
                kept.push(item);
            }
        }
    }
    kept
}

/// Of several properties of one name, as merged interfaces may state them, the first.
fn distinct_members(item: &mut Item) {
    fn keep_first<T>(all: &mut Vec<T>, name: impl Fn(&T) -> &str) {
        let mut known = BTreeSet::new();
        all.retain(|one| known.insert(name(one).to_owned()));
    }
    if let Shape::Interface(members) | Shape::Class(members) | Shape::Error(members) =
        &mut item.shape
    {
        keep_first(&mut members.properties, |property| &property.name);
        keep_first(&mut members.statics.properties, |property| &property.name);
        keep_first(&mut members.accessors, |accessor| &accessor.name);
    }
    super::each_type_mut(item, &mut |ty| {
        ty.walk_mut(&mut |ty| {
            if let TypeExpr::Inline(fields) = ty {
                keep_first(fields, |field| &field.name);
            }
        });
    });
}

/// Generators know these names as the language's own. An item of such a name is another type.
fn own_names(items: &mut [Item]) {
    let taken: Vec<String> = items
        .iter()
        .map(|item| &item.name)
        .filter(|name| super::BUILTIN.contains(&name.as_str()))
        .cloned()
        .collect();
    if taken.is_empty() {
        return;
    }
    let renamed = |name: &str| format!("{name} (own)");
    for item in items {
        if taken.contains(&item.name) {
            item.name = renamed(&item.name);
        }
        super::each_type_mut(item, &mut |ty| {
            ty.walk_mut(&mut |ty| {
                if let TypeExpr::Ref { name, .. } | TypeExpr::TypeOf { name, .. } = ty
                    && taken.contains(name)
                {
                    *name = renamed(name);
                }
            });
        });
    }
}

/// Plain objects of the platforms become items with the members that the libraries of TypeScript state, where no
/// item and no overlay explains them.
fn platform_objects(items: &mut Vec<Item>, externals: &BTreeMap<String, External>) {
    let mut known: BTreeSet<String> = items.iter().map(|item| item.name.clone()).collect();
    let mut next = 0;
    while let Some(item) = items.get(next) {
        let mut found = Vec::new();
        let mut add = |name: &str| {
            if !externals.contains_key(name)
                && !known.contains(name)
                && let Some(item) = builtin::item(name)
            {
                known.insert(name.to_owned());
                found.push(item);
            }
        };
        resolve::names(item, &mut |name, _, _| add(name));
        for mention in super::mentions(item) {
            mention.ty.walk(&mut |ty| {
                if let TypeExpr::TypeOf { name, .. } = ty {
                    builtin::values::mentions(name).iter().for_each(|name| add(name));
                }
            });
        }
        items.extend(found);
        next += 1;
    }
}

/// Names that no item explains: the language's and the platforms' are known, others are opaque.
fn others(
    items: &[Item],
    externals: &mut BTreeMap<String, External>,
    warnings: &mut Vec<Diagnostic>,
) {
    let classes = items.iter().filter_map(|item| match &item.shape {
        Shape::Element { element } => Some(element.class.as_str()),
        _ => None,
    });
    let known: BTreeSet<&str> =
        items.iter().map(|item| item.name.as_str()).chain(classes).collect();
    let mut unknown: BTreeMap<String, (Diagnostic, usize)> = BTreeMap::new();
    for item in items {
        resolve::names(item, &mut |name, place, _| {
            if known.contains(name)
                || externals.contains_key(name)
                || builtin::external(name).is_some()
            {
                return;
            }
            // A member of an enumeration or of a namespace.
            if name.rsplit_once('.').is_some_and(|(owner, _)| known.contains(owner)) {
                externals.insert(name.to_owned(), External::Builtin);
                return;
            }
            let (_, count) = unknown.entry(name.to_owned()).or_insert_with(|| {
                let message = format!("`{}` mentions `{name}`, which is described nowhere: it is opaque", item.name);
                let help = format!(
                    "read what declares `{name}` as well, or say what it is under `[externals]` in the overlay"
                );
                (Diagnostic::warning("unknown-type", place.clone(), message).help(help), 0)
            });
            *count += 1;
        });
    }
    for (name, (mut warning, count)) in unknown {
        if count > 1 {
            warning.message = format!("{}; so do {} other places", warning.message, count - 1);
        }
        warnings.push(warning);
        externals.insert(name, External::Platform);
    }
}

/// Names of types that are no identifiers, or that two items have in Rust: numbered from 2 in the
/// order of the documented names.
fn rust_names(items: &mut [Item], warnings: &mut Vec<Diagnostic>) {
    let mut order: Vec<usize> = (0..items.len()).collect();
    order.sort_by(|a, b| items[*a].name.cmp(&items[*b].name));
    let own = |name: &&str| ((*name).to_owned(), "the generated package".to_owned());
    let mut taken: BTreeMap<String, String> = spelling::RESERVED.iter().map(own).collect();
    for index in order {
        let Some(item) = items.get_mut(index) else { continue };
        let mut rust = item.rust.clone();
        if !spelling::is_identifier(&rust) {
            let letters: String =
                rust.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
            rust = match item.shape {
                Shape::Variable { .. } => format!("VALUE_{}", letters.to_ascii_uppercase()),
                _ => format!("Type{}", spelling::pascal(&letters)),
            };
        }
        let base = rust.clone();
        // Functions and constants are members of one trait as well.
        let is_member = matches!(item.shape, Shape::Function { .. } | Shape::Variable { .. });
        let as_member = |rust: &str| format!("fn {}", spelling::snake(rust));
        let other = taken.get(&base);
        let other = other.or_else(|| taken.get(&as_member(&base)).filter(|_| is_member));
        if let Some(other) = other {
            rust = spelling::first_free(&base, "", |name| {
                taken.contains_key(name) || is_member && taken.contains_key(&as_member(name))
            });
            let message = format!("`{}` is `{base}` in Rust, and so is {other}", item.name);
            warnings.push(
                Diagnostic::warning("name-collision", item.place.clone(), message)
                    .help("this one is numbered; rename it in the overlay for a better name"),
            );
        }
        taken.insert(rust.clone(), format!("`{}`", item.name));
        if is_member {
            taken.insert(as_member(&rust), format!("`{}`", item.name));
        }
        item.rust = rust;
    }
}

/// A base or an alias that leads back to itself says nothing.
fn cycles(items: &mut [Item], warnings: &mut Vec<Diagnostic>) {
    let all: BTreeMap<String, Item> =
        items.iter().map(|item| (item.name.clone(), item.clone())).collect();
    for cycle in cycle::found(&all) {
        let Some(item) = items.iter_mut().find(|item| item.name == cycle.last) else { continue };
        warnings
            .push(Diagnostic { severity: crate::diagnostic::Severity::Warning, ..cycle.problem });
        let leads_on =
            |base: &TypeExpr| !matches!(base, TypeExpr::Ref { name, .. } if *name == cycle.first);
        item.extends.retain(leads_on);
        item.implements.retain(leads_on);
        if let Shape::Alias { ty, .. } = &mut item.shape {
            *ty = TypeExpr::Unknown;
        }
    }
    for item in items {
        let name = &item.name;
        item.implements
            .retain(|base| !matches!(base, TypeExpr::Ref { name: base, .. } if base == name));
    }
}
