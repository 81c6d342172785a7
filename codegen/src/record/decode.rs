//! Reading a struct from the wire.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Ident, ext::IdentExt as _};

use super::plan::{Field, Presence, Record};
use crate::{names, ty::Ty, wire_type};

/// `Deserialize` by way of a private struct that has the members which the public one has not.
/// Only an object is read, where serde's derive would take an array for it.
pub(super) fn tokens(record: &Record) -> TokenStream {
    let Record { ident, generics, fields, .. } = record;
    let secret = record.traits.secret;
    // Members that are read and not used, beside those that are.
    let used =
        fields.iter().map(|field| &field.ident).chain(record.rest.iter().map(|rest| &rest.0));
    let used = used.map(ToString::to_string).collect();
    let unread = record.constants.iter().map(|constant| constant.wire.as_str());
    let unread = unread.chain(record.absent.iter().map(String::as_str));
    let unread = names::distinct(unread, &unused, used);
    let literals = record.constants.iter().zip(&unread).map(|(constant, name)| {
        let ty = literal_type(name);
        let value = &constant.value;
        quote! {
            struct #ty;
            impl<'de> serde::Deserialize<'de> for #ty {
                fn deserialize<D: serde::Deserializer<'de>>(
                    deserializer: D,
                ) -> Result<Self, D::Error> {
                    credwire_core::support::text::constant(deserializer, #value).map(|()| Self)
                }
            }
        }
    });
    let constants = record.constants.iter().zip(&unread).map(|(constant, name)| {
        let (name, ty) = (names::ident(&unused(name)), literal_type(name));
        let serde = attributes(&constant.wire, &name, Presence::Required, secret);
        quote!(#serde #name: #ty)
    });
    let absent = record.absent.iter().zip(unread.iter().skip(record.constants.len()));
    let absent = absent.map(|(wire, name)| {
        let name = names::ident(&unused(name));
        quote!(#[serde(rename = #wire, default, deserialize_with = "credwire_core::support::presence::absent")] #name: ())
    });
    let members = fields.iter().map(|field| {
        let serde = attributes(&field.wire, &field.ident, field.presence, secret);
        let (name, ty) = (&field.ident, field.with(&wire_type::wire_type(&field.ty)));
        quote!(#serde #name: #ty)
    });
    let mut moved: Vec<TokenStream> = fields.iter().map(moved).collect();
    let reads = !moved.is_empty();
    let rest = record
        .rest
        .iter()
        .map(|(name, ty)| quote!(#[serde(flatten)] #name: std::collections::BTreeMap<String, #ty>));
    moved.extend(record.rest.iter().map(|(name, _)| quote!(#name: wire.#name)));
    let reads = reads || record.rest.is_some();
    moved.extend(record.absent_local());
    let (params, arguments) = (generics.deserialize(), generics.arguments());
    let bound = generics.serde_bound();
    let unused_params = unused_params(record);
    let wire = if reads { quote!(wire) } else { quote!(_) };
    quote! {
        impl #params serde::Deserialize<'de> for #ident #arguments {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                #(#literals)*
                #[derive(serde::Deserialize)]
                #bound
                struct Wire #arguments {
                    #(#constants,)*
                    #(#absent,)*
                    #(#members,)*
                    #(#rest,)*
                    #unused_params
                }
                let #wire: Wire #arguments = credwire_core::support::object::read(deserializer)?;
                Ok(Self { #(#moved),* })
            }
        }
    }
}

/// The member of the public struct, from that of the private one.
fn moved(field: &Field) -> TokenStream {
    let name = &field.ident;
    let converted = wire_type::converted(&field.ty, &quote!(value));
    match (converted, field.presence) {
        (None, _) => quote!(#name: wire.#name),
        (Some(converted), Presence::Required) => {
            quote!(#name: { let value = wire.#name; #converted })
        }
        (Some(converted), Presence::Optional | Presence::Nullable) => {
            quote!(#name: wire.#name.map(|value| #converted))
        }
        (Some(converted), Presence::OptionalNullable) => {
            quote!(#name: wire.#name.map(|value| value.map(|value| #converted)))
        }
    }
}

/// The serde attributes of a member. In a struct with secrets an error must not repeat what was
/// read: a token may stand in the wrong member.
fn attributes(wire: &str, ident: &Ident, presence: Presence, secret: bool) -> TokenStream {
    let mut inner = Vec::new();
    if ident.unraw() != wire {
        inner.push(quote!(rename = #wire));
    }
    if matches!(presence, Presence::Optional | Presence::OptionalNullable) {
        inner.push(quote!(default));
    }
    // Without a function of its own serde would take null for absent.
    let function = match presence {
        Presence::Required if !secret => None,
        Presence::Required => Some("required"),
        Presence::Optional => Some("optional"),
        Presence::Nullable => Some("nullable"),
        Presence::OptionalNullable => Some("optional_nullable"),
    };
    if let Some(function) = function {
        let module = if secret { "sealed" } else { "presence" };
        let path = format!("credwire_core::support::{module}::{function}");
        inner.push(quote!(deserialize_with = #path));
    }
    if inner.is_empty() { TokenStream::new() } else { quote!(#[serde(#(#inner),*)]) }
}

/// A parameter that only a member uses which must be absent would be unused in the private struct.
fn unused_params(record: &Record) -> TokenStream {
    let unused: Vec<&Ident> = record
        .generics
        .idents()
        .filter(|param| {
            let rest = record.rest.iter().map(|(_, ty)| ty);
            !record.fields.iter().map(|field| &field.ty).chain(rest).any(|ty| mentions(ty, param))
        })
        .collect();
    if unused.is_empty() {
        return TokenStream::new();
    }
    quote!(#[serde(skip)] _unused: std::marker::PhantomData<(#(#unused,)*)>)
}

fn mentions(ty: &Ty, param: &Ident) -> bool {
    let mut params = Vec::new();
    ty.params(&mut params);
    params.contains(param)
}

/// The name of a member that is read and not used.
fn unused(name: &str) -> String {
    names::ident(&format!("_{}", names::snake(name))).to_string()
}

fn literal_type(wire: &str) -> Ident {
    names::ident(&format!("Literal{}", names::pascal(wire)))
}
