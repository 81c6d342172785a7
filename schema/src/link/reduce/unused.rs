//! Type parameters that nothing uses are dropped, with what is given for them.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    diagnostic::Diagnostic,
    link::{Dropped, each_type_mut},
    model::{Item, Origin, Shape},
    type_expr::TypeExpr,
};

/// Drops them until each that is left is used.
pub(super) fn drop_unused(items: &mut BTreeMap<String, Item>, warnings: &mut Vec<Diagnostic>) {
    loop {
        let unused: BTreeMap<String, BTreeSet<usize>> = items
            .values_mut()
            .filter(|item| !item.type_params.is_empty() && is_generic(item))
            .map(|item| (item.name.clone(), unused(item)))
            .filter(|(_, unused)| !unused.is_empty())
            .collect();
        if unused.is_empty() {
            return;
        }
        drop_parameters(items, &unused, Dropped::Unused, warnings);
    }
}

/// Drops type parameters, by the documented name of their item and their position: with what is given for
/// them, and as any value where the item itself mentions them.
pub(in crate::link) fn drop_parameters(
    items: &mut BTreeMap<String, Item>,
    unused: &BTreeMap<String, BTreeSet<usize>>,
    why: Dropped,
    warnings: &mut Vec<Diagnostic>,
) {
    for item in items.values_mut() {
        if let Some(indices) = unused.get(&item.name) {
            // Of what is no type without its arguments that was told.
            let is_told = matches!(item.shape, Shape::Alias { ty: TypeExpr::Unknown, .. });
            let mut dropped = BTreeSet::new();
            let mut index = 0;
            item.type_params.retain(|param| {
                let keep = !indices.contains(&index);
                index += 1;
                if !keep {
                    dropped.insert(param.name.clone());
                }
                if !keep && !is_told {
                    let (name, param) = (&item.name, &param.name);
                    let message = match why {
                        Dropped::Unused => format!(
                            "nothing in `{name}` uses its type parameter `{param}`, which is dropped"
                        ),
                        Dropped::OfSecrets => format!(
                            "`{name}` holds secrets, so its type parameter `{param}` is any JSON value"
                        ),
                    };
                    warnings.push(Diagnostic::warning(
                        "dropped-parameter",
                        item.place.clone(),
                        message,
                    ));
                }
                keep
            });
            each_type_mut(item, &mut |ty| {
                ty.walk_mut(&mut |ty| {
                    if matches!(ty, TypeExpr::Ref { name, .. } if dropped.contains(name)) {
                        *ty = TypeExpr::Unknown;
                    }
                });
            });
        }
        each_type_mut(item, &mut |ty| {
            ty.walk_mut(&mut |ty| {
                let TypeExpr::Ref { name, args } = ty else { return };
                let Some(indices) = unused.get(name) else { return };
                let mut index = 0;
                args.retain(|_| {
                    index += 1;
                    !indices.contains(&(index - 1))
                });
            });
        });
    }
}

/// Whether the item becomes a type that must use what it is generic over. A protocol's parts are
/// ours, and are as they are meant.
fn is_generic(item: &Item) -> bool {
    item.origin == Origin::Reference
        && matches!(item.shape, Shape::Interface(_) | Shape::Alias { .. })
}

/// The parameters that stand nowhere but in arguments for the item itself.
fn unused(item: &mut Item) -> BTreeSet<usize> {
    let own = item.name.clone();
    let names: Vec<String> = item.type_params.iter().map(|param| param.name.clone()).collect();
    let mut used = BTreeSet::new();
    let defaults = std::mem::take(&mut item.type_params);
    each_type_mut(item, &mut |ty| find(ty, &own, &names, &mut used));
    item.type_params = defaults;
    (0..names.len()).filter(|index| !used.contains(index)).collect()
}

fn find(ty: &TypeExpr, own: &str, names: &[String], used: &mut BTreeSet<usize>) {
    if let TypeExpr::Ref { name, args } = ty {
        if let Some(index) = names.iter().position(|param| param == name) {
            used.insert(index);
        }
        if name == own {
            return;
        }
        args.iter().for_each(|arg| find(arg, own, names, used));
        return;
    }
    ty.each_child(&mut |inner| find(inner, own, names, used));
}
