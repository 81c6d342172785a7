//! Writing a struct to the wire.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Ident, ext::IdentExt as _};

use super::plan::{Field, Presence, Record};
use crate::{
    exposed::{Value, exposed, optional},
    ty::Ty,
};

/// Whether the struct has all that is on the wire, and nothing that is not to be seen.
pub(super) fn is_derived(record: &Record) -> bool {
    record.traits.on_wire() && !record.traits.secret && record.constants.is_empty()
}

/// The attributes of a member for the derive.
pub(super) fn attributes(field: &Field) -> TokenStream {
    let mut inner = Vec::new();
    if field.ident.unraw() != field.wire {
        let wire = &field.wire;
        inner.push(quote!(rename = #wire));
    }
    if matches!(field.presence, Presence::Optional | Presence::OptionalNullable) {
        inner.push(quote!(skip_serializing_if = "Option::is_none"));
    }
    if inner.is_empty() { TokenStream::new() } else { quote!(#[serde(#(#inner),*)]) }
}

/// What is not derived: `Serialize` with constants, and for a struct with secrets
/// `SerializeExposed` and nothing else.
pub(super) fn tokens(record: &Record) -> TokenStream {
    if is_derived(record) {
        return TokenStream::new();
    }
    let Record { ident, generics, .. } = record;
    let body = body(record);
    let arguments = generics.arguments();
    if record.traits.secret {
        quote! {
            impl credwire_core::SerializeExposed for #ident {
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

/// The members in the order of the wire, or else of their names; constants among them.
fn body(record: &Record) -> TokenStream {
    if let Some((rest, ty)) = &record.rest {
        return with_rest(record, rest, ty);
    }
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
                let value = exposed(&field.ty, &Value::field(ident));
                quote!(members.serialize_field(#wire, #value)?;)
            }
            Presence::Nullable => {
                always += 1;
                let value = optional(&field.ty, &Value::field(ident));
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
    match &record.order {
        Some(order) => members.sort_by_key(|(wire, _)| order.iter().position(|name| name == wire)),
        None => members.sort_by_key(|(wire, _)| *wire),
    }
    let mutable = (!members.is_empty()).then(|| quote!(mut));
    let members = members.into_iter().map(|(_, tokens)| tokens);
    if always > 0 || counts.is_empty() {
        let always = proc_macro2::Literal::usize_unsuffixed(always);
        counts.insert(0, quote!(#always));
    }
    quote! {
        use serde::ser::SerializeStruct as _;
        let #mutable members = serializer.serialize_struct(#name, #(#counts)+*)?;
        #(#members)*
        members.end()
    }
}

/// A map, since how many members there are is not known beforehand.
fn with_rest(record: &Record, rest: &Ident, ty: &Ty) -> TokenStream {
    let constants = record.constants.iter().map(|constant| {
        let (wire, value) = (&constant.wire, &constant.value);
        quote!(members.serialize_entry(#wire, #value)?;)
    });
    let fields = record.fields.iter().map(|field| {
        let (ident, wire) = (&field.ident, &field.wire);
        match field.presence {
            Presence::Required => {
                let value = exposed(&field.ty, &Value::field(ident));
                quote!(members.serialize_entry(#wire, #value)?;)
            }
            Presence::Nullable => {
                let value = optional(&field.ty, &Value::field(ident));
                quote!(members.serialize_entry(#wire, #value)?;)
            }
            Presence::Optional | Presence::OptionalNullable => {
                let value = written_value(field);
                quote! {
                    if let Some(value) = &self.#ident {
                        members.serialize_entry(#wire, #value)?;
                    }
                }
            }
        }
    });
    let value = exposed(ty, &Value::variable("value"));
    quote! {
        use serde::ser::SerializeMap as _;
        let mut members = serializer.serialize_map(None)?;
        #(#constants)*
        #(#fields)*
        for (name, value) in &self.#rest {
            members.serialize_entry(name, #value)?;
        }
        members.end()
    }
}

fn written_value(field: &Field) -> TokenStream {
    let value = Value::variable("value");
    if field.presence == Presence::OptionalNullable {
        optional(&field.ty, &value)
    } else {
        exposed(&field.ty, &value)
    }
}
