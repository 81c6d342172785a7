//! Aliases that are other names of types, and come to hold themselves that way: `type A = A[]`. Rust
//! spells such names out, which would never end; where one leads back to itself stands any value.

use std::collections::BTreeMap;

use crate::{
    diagnostic::Diagnostic,
    model::{Item, Shape},
    type_expr::TypeExpr,
};

/// Ends the circles among `items`.
pub(super) fn end_circles(items: &mut BTreeMap<String, Item>, warnings: &mut Vec<Diagnostic>) {
    for (alias, target) in circles(items) {
        let Some(item) = items.get_mut(&alias) else { continue };
        let Shape::Alias { ty, .. } = &mut item.shape else { continue };
        ty.walk_mut(&mut |ty| {
            if matches!(ty, TypeExpr::Ref { name, .. } if *name == target) {
                *ty = TypeExpr::Unknown;
            }
        });
        let message =
            format!("`{alias}` leads back to `{target}` without a type in between: any JSON value");
        warnings.push(
            Diagnostic::warning("type-cycle", item.place.clone(), message)
                .help("state the type in the overlay, as an object with members"),
        );
    }
}

/// The aliases that mention one from which they were reached, with its name. The way is kept here
/// and not on the stack, which long chains would exhaust.
fn circles(items: &BTreeMap<String, Item>) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut is_open: BTreeMap<&str, bool> = BTreeMap::new();
    for start in items.keys() {
        let mut path: Vec<(&str, std::vec::IntoIter<&str>)> = Vec::new();
        let mut next = Some(start.as_str());
        loop {
            if let Some(name) = next
                && let Some(ty) = items.get(name).and_then(other_name)
            {
                match (is_open.get(name), path.last()) {
                    (None, _) => {
                        is_open.insert(name, true);
                        path.push((name, mentioned(ty).into_iter()));
                    }
                    (Some(true), Some((from, _))) => {
                        found.push(((*from).to_owned(), name.to_owned()));
                    }
                    _ => {}
                }
            }
            let Some((name, held)) = path.last_mut() else { break };
            next = held.next();
            if next.is_none() {
                is_open.insert(*name, false);
                path.pop();
            }
        }
    }
    found.dedup();
    found
}

/// What an item is another name of, if it is no type of its own in Rust.
fn other_name(item: &Item) -> Option<&TypeExpr> {
    let Shape::Alias { ty, .. } = &item.shape else { return None };
    let present = match ty {
        TypeExpr::Union(parts) => {
            let is_absent = |ty: &&TypeExpr| matches!(ty, TypeExpr::Null | TypeExpr::Undefined);
            let mut present = parts.iter().filter(|part| !is_absent(part));
            let only = present.next()?;
            if present.next().is_some() {
                return None;
            }
            only
        }
        ty => ty,
    };
    (!matches!(present, TypeExpr::Literal(_) | TypeExpr::Function(_))).then_some(present)
}

fn mentioned(ty: &TypeExpr) -> Vec<&str> {
    let mut names = Vec::new();
    ty.walk(&mut |ty| {
        if let TypeExpr::Ref { name, .. } = ty {
            names.push(name.as_str());
        }
    });
    names
}
