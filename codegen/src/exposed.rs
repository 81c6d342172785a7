//! Writing values with their secrets in the clear, for the wire.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Ident;

use crate::{names, ty::Ty};

/// A value to write.
pub(crate) struct Value {
    /// What methods are called on.
    place: TokenStream,
    /// A reference to it.
    reference: TokenStream,
}

impl Value {
    pub(crate) fn field(ident: &Ident) -> Self {
        Self { place: quote!(self.#ident), reference: quote!(&self.#ident) }
    }

    /// A variable that is a reference.
    pub(crate) fn variable(name: &str) -> Self {
        let ident = names::ident(name);
        Self { place: quote!(#ident), reference: quote!(#ident) }
    }
}

/// A reference that serializes what the variable refers to, secrets in the clear.
pub(crate) fn exposed_variable(ty: &Ty, name: &str) -> TokenStream {
    exposed(ty, &Value::variable(name))
}

/// A reference that serializes the value, secrets in the clear.
pub(crate) fn exposed(ty: &Ty, value: &Value) -> TokenStream {
    if ty.traits().secret {
        let wrapped = wrapped(ty, value);
        quote!(&#wrapped)
    } else {
        value.reference.clone()
    }
}

/// The same for a value that may be null.
pub(crate) fn optional(ty: &Ty, value: &Value) -> TokenStream {
    if !ty.traits().secret {
        return value.reference.clone();
    }
    let (place, each) = (&value.place, wrapped(ty, &Value::variable("value")));
    quote!(&#place.as_ref().map(|value| #each))
}

/// What serializes a value with secrets in the clear.
fn wrapped(ty: &Ty, value: &Value) -> TokenStream {
    let Value { place, reference } = value;
    match ty {
        Ty::List(item) => {
            let each = wrapped(item, &Value::variable("item"));
            quote!(#place.iter().map(|item| #each).collect::<Vec<_>>())
        }
        Ty::Dict(item) => {
            let each = wrapped(item, &Value::variable("item"));
            quote! {
                #place
                    .iter()
                    .map(|(key, item)| (key, #each))
                    .collect::<std::collections::BTreeMap<_, _>>()
            }
        }
        Ty::Maybe(item) => {
            let each = wrapped(item, &Value::variable("item"));
            quote!(#place.as_ref().map(|item| #each))
        }
        Ty::Boxed(item) => {
            let inner = quote!(#place.as_ref());
            wrapped(item, &Value { place: inner.clone(), reference: inner })
        }
        Ty::Tuple(items) => {
            let each = items.iter().enumerate().map(|(index, item)| {
                let index = syn::Index::from(index);
                let place = quote!(#place.#index);
                let value = Value { reference: quote!(&#place), place };
                if item.traits().secret { wrapped(item, &value) } else { value.reference }
            });
            quote!((#(#each,)*))
        }
        _ => quote!(credwire_core::SerializeExposed::exposed(#reference)),
    }
}
