//! The JSON Schemas of the items that have a form on the wire.

use credwire_schema::model::{Item, Role, Shape};

use crate::{
    alias,
    context::Context,
    emit::Problems,
    enumeration,
    generator::Outcomes,
    generics::Generics,
    json_schema::{Alias, Aliases, Definition, ItemSchemas},
    literal_union,
    literals::Literals,
    names, record, shape, union,
};

/// The schemas of every item that has a form on the wire.
pub(crate) fn collect(cx: &Context<'_>, outcomes: &Outcomes<'_>) -> Vec<ItemSchemas> {
    let has_code = outcomes.iter().filter(|(_, outcome)| !outcome.parts.is_empty());
    let items = has_code.map(|(item, _)| *item);
    let aliases: Aliases = items.clone().filter_map(|item| alias_of(cx, item)).collect();
    let of_item = |item: &Item| {
        let mut definitions = of_item(cx, item)?;
        let ident = names::ident(&item.rust);
        let own = definitions.iter().position(|one| one.ident == ident)?;
        definitions.swap(0, own);
        definitions.first_mut()?.node.describe(&item.name, &item.summary);
        let definitions = definitions.into_iter().map(|Definition { ident, params, node }| {
            let target = |(param, default)| (param, aliases.target(&default, 0));
            let params = params.into_iter().map(target).collect();
            Definition { ident, params, node: aliases.expand(node) }
        });
        let definitions = definitions.collect();
        Some(ItemSchemas { item: item.name.clone(), definitions })
    };
    items.filter_map(of_item).collect()
}

/// What an item stands for that is another name of a type.
fn alias_of(cx: &Context<'_>, item: &Item) -> Option<(String, Alias)> {
    match &item.shape {
        Shape::Alias { ty, .. } if shape::is_plain(ty) && cx.traits(&item.name).on_wire() => {
            let generics = Generics::new(cx, &item.type_params, cx.traits(&item.name)).ok()?;
            let params = generics.idents().cloned().collect();
            let target = alias::target(cx, ty).ok()?;
            Some((names::ident(&item.rust).to_string(), Alias { params, target }))
        }
        _ => None,
    }
}

/// The definitions of an item that is generated without problems.
fn of_item(cx: &Context<'_>, item: &Item) -> Option<Vec<Definition>> {
    if !cx.traits(&item.name).on_wire() {
        return None;
    }
    // They were reported when the item's code was made, and there were none.
    let mut problems = Problems::default();
    match &item.shape {
        Shape::Interface(members)
            if matches!(cx.role(item), Some(Role::WireData | Role::Stream | Role::Handles)) =>
        {
            record::definitions(cx, item, members, &mut problems)
        }
        shape => match (literal_union::of_shape(shape), shape) {
            (Some(union), _) => {
                let ident = names::ident(&item.rust);
                let literals = Literals::plain(ident, union).ok()?;
                Some(vec![literals.definition()])
            }
            (None, Shape::Alias { ty, .. }) if union::is_union(ty) => {
                Some(vec![union::definition(cx, item, ty)?])
            }
            (None, Shape::Enum { members }) => {
                Some(enumeration::definition(item, members).into_iter().collect())
            }
            _ => None,
        },
    }
}
