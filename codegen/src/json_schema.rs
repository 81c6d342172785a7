//! JSON Schemas (2020-12) of what goes over the wire: as documents, and as `schemars` impls that
//! make the same documents.
//!
//! Both are printed from one [`Definition`], so that writing the documents needs no generated code.

mod aliases;
mod document;
mod impls;
mod members;
mod node;

use std::collections::BTreeMap;

use credwire_schema::fileset::FileNames;
use serde::ser::Error as _;
use syn::Ident;

pub(crate) use self::{
    aliases::{Alias, Aliases},
    impls::file,
    members::Members,
    node::{Node, escaped, format, keywords},
};
use crate::{layout::JSON_SCHEMA, ty::Ty};

/// The schema of one generated type.
pub(crate) struct Definition {
    pub(crate) ident: Ident,
    /// The type parameters with what they are by default.
    pub(crate) params: Vec<(Ident, Ty)>,
    pub(crate) node: Node,
}

/// The schemas of an item's types, its own first.
pub(crate) struct ItemSchemas {
    /// The documented name of the item.
    pub(crate) item: String,
    pub(crate) definitions: Vec<Definition>,
}

/// The documents, by path in the package.
pub(crate) fn documents(all: &[ItemSchemas]) -> Result<Vec<(String, String)>, serde_json::Error> {
    let by_ident: BTreeMap<String, &Definition> = all
        .iter()
        .flat_map(|schemas| &schemas.definitions)
        .map(|definition| (definition.ident.to_string(), definition))
        .collect();
    let mut names = FileNames::default();
    let mut items = Vec::new();
    for definition in all.iter().filter_map(|schemas| schemas.definitions.first()) {
        let ident = definition.ident.to_string();
        items.push((names.next(&ident).map_err(serde_json::Error::custom)?, definition));
    }
    // With other arguments than its own a generic type is another type, which has no document.
    let paths: BTreeMap<String, String> = items
        .iter()
        .filter(|(_, definition)| definition.params.is_empty())
        .map(|(path, definition)| (definition.ident.to_string(), path.to_string()))
        .collect();
    items
        .into_iter()
        .map(|(path, definition)| {
            let text = document::of(&by_ident, &paths, definition)?;
            Ok((format!("{JSON_SCHEMA}/{path}"), text))
        })
        .collect()
}
