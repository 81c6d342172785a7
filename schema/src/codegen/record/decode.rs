//! Reading a struct from the wire.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Ident;

use super::plan::{Field, Presence, Record};
use crate::codegen::{names, types::Ty};

/// Whether serde's derive says it all.
pub(super) fn is_derived(record: &Record) -> bool {
    record.constants.is_empty() && record.absent.is_empty()
}

/// The serde attributes of a field; `both` when it is written through serde's derive too.
pub(super) fn attributes(field: &Field, both: bool) -> TokenStream {
    let mut inner = Vec::new();
    if names::snake(&field.wire) != field.wire {
        let wire = &field.wire;
        inner.push(quote!(rename = #wire));
    }
    if field.presence == Presence::Optional || field.presence == Presence::OptionalNullable {
        inner.push(quote!(default));
        if both {
            inner.push(quote!(skip_serializing_if = "Option::is_none"));
        }
    }
    // `null` is a value of its own: absent and null differ.
    match field.presence {
        Presence::Required => {}
        Presence::Optional => inner.push(quote!(deserialize_with = "crate::presence::optional")),
        Presence::Nullable => inner.push(quote!(deserialize_with = "crate::presence::nullable")),
        Presence::OptionalNullable => {
            inner.push(quote!(deserialize_with = "crate::presence::optional_nullable"));
        }
    }
    if inner.is_empty() { TokenStream::new() } else { quote!(#[serde(#(#inner),*)]) }
}

/// `Deserialize` by way of a private struct that has the members which the public one has not.
pub(super) fn tokens(record: &Record) -> TokenStream {
    if is_derived(record) {
        return TokenStream::new();
    }
    let Record { ident, generics, fields, .. } = record;
    let literals = record.constants.iter().map(|constant| {
        let ty = literal_type(&constant.wire);
        let value = &constant.value;
        quote! {
            #[derive(serde::Deserialize)]
            enum #ty {
                #[serde(rename = #value)]
                Literal,
            }
        }
    });
    let constants = record.constants.iter().map(|constant| {
        let (wire, ty) = (&constant.wire, literal_type(&constant.wire));
        let name = unused(wire);
        quote!(#[serde(rename = #wire)] #name: #ty)
    });
    let absent = record.absent.iter().map(|wire| {
        let name = unused(wire);
        quote!(#[serde(rename = #wire, default, deserialize_with = "crate::presence::absent")] #name: ())
    });
    let members = fields.iter().map(|field| {
        let serde = attributes(field, false);
        let (name, ty) = (&field.ident, field.stored());
        quote!(#serde #name: #ty)
    });
    let moved: Vec<&Ident> = fields.iter().map(|field| &field.ident).collect();
    let (params, arguments) = (generics.deserialize(), generics.arguments());
    let (own, bound) = (generics.arguments(), generics.serde_bound());
    let unused_params = unused_params(record);
    quote! {
        impl #params serde::Deserialize<'de> for #ident #arguments {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                #(#literals)*
                #[derive(serde::Deserialize)]
                #bound
                struct Wire #own {
                    #(#constants,)*
                    #(#absent,)*
                    #(#members,)*
                    #unused_params
                }
                let wire = <Wire #arguments as serde::Deserialize>::deserialize(deserializer)?;
                Ok(Self { #(#moved: wire.#moved),* })
            }
        }
    }
}

/// A parameter that only a member uses which must be absent would be unused in the private struct.
fn unused_params(record: &Record) -> TokenStream {
    let unused: Vec<&Ident> = record
        .generics
        .idents()
        .filter(|param| !record.fields.iter().any(|field| mentions(&field.ty, param)))
        .collect();
    if unused.is_empty() {
        return TokenStream::new();
    }
    quote!(#[serde(skip)] _unused: std::marker::PhantomData<(#(#unused,)*)>)
}

fn mentions(ty: &Ty, param: &Ident) -> bool {
    match ty {
        Ty::Param(ident) => ident == param,
        Ty::List(item) | Ty::Dict(item) => mentions(item, param),
        Ty::Named { args, .. } => args.iter().any(|arg| mentions(arg, param)),
        _ => false,
    }
}

fn literal_type(wire: &str) -> Ident {
    names::ident(&format!("Literal{}", names::pascal(wire)))
}

/// The name of a member that is read and not used.
fn unused(wire: &str) -> Ident {
    names::ident(&format!("_{}", names::snake(wire)))
}
