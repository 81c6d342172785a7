//! The types that values are read as, where these differ from the types that hold them.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ty::Ty;

/// The type that a member is read as: counts are read in every spelling of a whole number.
pub(crate) fn wire_type(ty: &Ty) -> TokenStream {
    match ty {
        Ty::Count => quote!(credwire_core::support::count::Count),
        Ty::List(item) => {
            let item = wire_type(item);
            quote!(Vec<#item>)
        }
        Ty::Dict(item) => {
            let item = wire_type(item);
            quote!(std::collections::BTreeMap<String, #item>)
        }
        _ => quote!(#ty),
    }
}

/// From the type that is read to the type itself, where they differ.
pub(crate) fn converted(ty: &Ty, value: &TokenStream) -> Option<TokenStream> {
    let item = quote!(item);
    match ty {
        Ty::Count => Some(quote!(#value.0)),
        Ty::List(inner) => converted(inner, &item)
            .map(|each| quote!(#value.into_iter().map(|item| #each).collect())),
        Ty::Dict(inner) => converted(inner, &item)
            .map(|each| quote!(#value.into_iter().map(|(key, item)| (key, #each)).collect())),
        _ => None,
    }
}
