//! The types that generated code defines, as far as is asked of them once they are made.

use std::collections::BTreeMap;

use credwire_schema::model::{Item, Origin};
use proc_macro2::TokenStream;

/// A type in generated code.
pub(crate) struct Definition {
    pub(crate) params: Vec<String>,
    /// The types of its fields.
    pub(crate) types: Vec<syn::Type>,
}

pub(crate) fn of_item(item: syn::Item) -> Option<(String, Definition)> {
    let (ident, generics, types) = match item {
        syn::Item::Struct(item) => {
            (item.ident, item.generics, item.fields.into_iter().map(|field| field.ty).collect())
        }
        syn::Item::Enum(item) => {
            let fields = item.variants.into_iter().flat_map(|variant| variant.fields);
            (item.ident, item.generics, fields.map(|field| field.ty).collect())
        }
        syn::Item::Type(item) => (item.ident, item.generics, vec![*item.ty]),
        _ => return None,
    };
    let params = generics.type_params().map(|param| param.ident.to_string()).collect();
    Some((ident.to_string(), Definition { params, types }))
}

/// The types in the code of a generic item.
pub(crate) fn of_code(item: &Item, code: &TokenStream) -> BTreeMap<String, Definition> {
    // A protocol's parts are ours, and are as they are meant.
    if item.origin != Origin::Reference || item.type_params.is_empty() {
        return BTreeMap::new();
    }
    // Code that cannot be read is a fault of the generator, which printing it tells.
    let file = syn::parse2::<syn::File>(code.clone());
    file.map_or_else(
        |_| BTreeMap::new(),
        |file| file.items.into_iter().filter_map(of_item).collect(),
    )
}
