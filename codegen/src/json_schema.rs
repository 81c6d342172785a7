//! JSON Schemas (2020-12) of what goes over the wire: as documents, and as `schemars` impls that
//! make the same documents.
//!
//! Both are printed from one [`Definition`], so that writing the documents needs no generated code.

mod document;
mod impls;
mod node;

use std::collections::BTreeMap;

use syn::Ident;

pub(crate) use self::{
    impls::ties,
    node::{Node, format, keywords},
};
use super::{
    Outcome, Problems,
    context::Context,
    literals::{self, Literals},
    record,
    types::Ty,
    union,
};
use credwire_schema::model::{Item, Role, Shape};

/// The schema of one generated type.
pub(crate) struct Definition {
    pub(crate) ident: Ident,
    /// The type parameters with what they are by default.
    pub(crate) params: Vec<(Ident, Ty)>,
    pub(crate) node: Node,
}

/// The schemas of an item's types, its own first.
pub(crate) struct ItemSchemas {
    /// The name of the item's modules.
    stem: String,
    item: String,
    definitions: Vec<Definition>,
}

/// The schemas of every item that has a form on the wire.
pub(crate) fn collect(cx: &Context<'_>, outcomes: &[Outcome<'_>]) -> Vec<ItemSchemas> {
    let of_outcome = |outcome: &Outcome<'_>| {
        let module = outcome.modules.first()?;
        let mut definitions = of_item(cx, outcome.item)?;
        let own = definitions.iter().position(|one| one.ident == outcome.item.rust)?;
        definitions.swap(0, own);
        definitions.first_mut()?.node.describe(&outcome.item.name, &outcome.item.summary);
        let (stem, item) = (module.stem.clone(), outcome.item.name.clone());
        Some(ItemSchemas { stem, item, definitions })
    };
    outcomes.iter().filter_map(of_outcome).collect()
}

/// The definitions of an item that is generated without problems.
fn of_item(cx: &Context<'_>, item: &Item) -> Option<Vec<Definition>> {
    if !cx.traits(&item.name).on_wire() {
        return None;
    }
    // They were reported when the item's code was made, and there were none.
    let mut problems = Problems(Vec::new());
    match &item.shape {
        Shape::Interface(members) if cx.role(item) == Some(Role::WireData) => {
            record::definitions(cx, item, members, &mut problems)
        }
        Shape::Alias { ty, .. } => match literals::union(ty) {
            Some(union) => {
                let ident = super::names::ident(&item.rust);
                let literals = Literals::plain(ident, union).ok()?;
                Some(vec![literals.definition()])
            }
            None => Some(vec![union::definition(cx, item, ty)?]),
        },
        _ => None,
    }
}

/// The documents, by path in the package.
pub(crate) fn documents(all: &[ItemSchemas]) -> Result<Vec<(String, String)>, serde_json::Error> {
    let by_ident: BTreeMap<String, &Definition> = all
        .iter()
        .flat_map(|schemas| &schemas.definitions)
        .map(|definition| (definition.ident.to_string(), definition))
        .collect();
    let items = all.iter().filter_map(|schemas| schemas.definitions.first());
    items.map(|definition| document::of(&by_ident, definition)).collect()
}
