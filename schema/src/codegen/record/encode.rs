//! Writing a struct to the wire.

use proc_macro2::TokenStream;
use quote::quote;

use super::plan::{Field, Presence, Record};
use crate::codegen::types::Ty;

/// `Serialize`, or for a struct with secrets `SerializeExposed` and nothing else.
pub(super) fn tokens(record: &Record) -> TokenStream {
    let Record { ident, generics, .. } = record;
    let body = body(record);
    let arguments = generics.arguments();
    if record.traits.secret {
        let params = generics.bounded(&quote!(credwire_core::SerializeExposed));
        quote! {
            impl #params credwire_core::SerializeExposed for #ident #arguments {
                fn serialize_exposed<S: serde::Serializer>(
                    &self,
                    serializer: S,
                ) -> Result<S::Ok, S::Error> {
                    #body
                }
            }
        }
    } else {
        let params = generics.bounded(&quote!(serde::Serialize));
        quote! {
            impl #params serde::Serialize for #ident #arguments {
                fn serialize<S: serde::Serializer>(
                    &self,
                    serializer: S,
                ) -> Result<S::Ok, S::Error> {
                    #body
                }
            }
        }
    }
}

/// The members in the order of their wire names, constants among them.
fn body(record: &Record) -> TokenStream {
    let name = record.ident.to_string();
    let mut members: Vec<(&str, TokenStream)> = Vec::new();
    let mut always = record.constants.len();
    let mut counts = Vec::new();
    for constant in &record.constants {
        let (wire, value) = (&constant.wire, &constant.value);
        members.push((wire, quote!(members.serialize_field(#wire, #value)?;)));
    }
    for field in &record.fields {
        let (ident, wire) = (&field.ident, &field.wire);
        let written = match field.presence {
            Presence::Required => {
                always += 1;
                let value = exposed(&field.ty, &quote!(&self.#ident));
                quote!(members.serialize_field(#wire, #value)?;)
            }
            Presence::Nullable => {
                always += 1;
                let value = optional(&field.ty, &quote!(&self.#ident));
                quote!(members.serialize_field(#wire, #value)?;)
            }
            Presence::Optional | Presence::OptionalNullable => {
                counts.push(quote!(usize::from(self.#ident.is_some())));
                let value = written_value(field);
                quote! {
                    match &self.#ident {
                        Some(value) => members.serialize_field(#wire, #value)?,
                        None => members.skip_field(#wire)?,
                    }
                }
            }
        };
        members.push((wire, written));
    }
    members.sort_by_key(|(wire, _)| *wire);
    let members = members.into_iter().map(|(_, tokens)| tokens);
    if always > 0 || counts.is_empty() {
        let always = proc_macro2::Literal::usize_unsuffixed(always);
        counts.insert(0, quote!(#always));
    }
    quote! {
        use serde::ser::SerializeStruct as _;
        let mut members = serializer.serialize_struct(#name, #(#counts)+*)?;
        #(#members)*
        members.end()
    }
}

fn written_value(field: &Field) -> TokenStream {
    let value = quote!(value);
    if field.presence == Presence::OptionalNullable {
        optional(&field.ty, &value)
    } else {
        exposed(&field.ty, &value)
    }
}

/// A reference that serializes what the reference `value` refers to, secrets in the clear.
fn exposed(ty: &Ty, value: &TokenStream) -> TokenStream {
    if !ty.traits().secret {
        return value.clone();
    }
    match ty {
        Ty::List(item) => {
            let each = exposed(item, &quote!(item));
            let each = owned(&each);
            quote!(&(#value).iter().map(|item| #each).collect::<Vec<_>>())
        }
        Ty::Dict(item) => {
            let each = exposed(item, &quote!(item));
            let each = owned(&each);
            quote! {
                &(#value)
                    .iter()
                    .map(|(key, item)| (key, #each))
                    .collect::<std::collections::BTreeMap<_, _>>()
            }
        }
        _ => quote!(&credwire_core::SerializeExposed::exposed(#value)),
    }
}

fn optional(ty: &Ty, value: &TokenStream) -> TokenStream {
    if !ty.traits().secret {
        return value.clone();
    }
    let each = owned(&exposed(ty, &quote!(value)));
    quote!(&(#value).as_ref().map(|value| #each))
}

/// Takes off the leading `&` of [`exposed`]: inside `map` the value itself is wanted.
fn owned(reference: &TokenStream) -> TokenStream {
    let mut tokens = reference.clone().into_iter();
    tokens.next();
    tokens.collect()
}
