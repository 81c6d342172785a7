//! Constructors: `new`, `with_<optional>`, and for one-of rules `from_<alternative>` and `try_new`.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::ext::IdentExt as _;

use super::plan::{Field, Local, Record};
use crate::{docs, names, ty::Ty};

pub(super) fn tokens(record: &Record) -> TokenStream {
    let Record { ident, generics, fields, .. } = record;
    let constructors = if record.one_of.is_empty() {
        constructor(record, None)
    } else {
        let alternatives: TokenStream = fields
            .iter()
            .filter(|field| is_alternative(record, field))
            .map(|field| constructor(record, Some(field)))
            .collect();
        let try_new = try_new(record);
        quote!(#alternatives #try_new)
    };
    let setters = fields.iter().filter(|field| field.may_be_left_out()).map(setter);
    let setters = setters.chain(record.rest.iter().map(rest_setter));
    let setters = setters.chain(record.local.iter().map(local_setter));
    let (params, arguments) = (generics.parameters(), generics.arguments());
    quote! {
        impl #params #ident #arguments {
            #constructors
            #(#setters)*
        }
    }
}

/// With exactly one rule, any of its members alone makes a valid value.
fn is_alternative(record: &Record, field: &Field) -> bool {
    matches!(record.one_of.as_slice(), [names] if names.contains(&field.wire))
}

/// `new`, or `from_<alternative>`: takes the required members, in order.
fn constructor(record: &Record, alternative: Option<&Field>) -> TokenStream {
    let given = |field: &&Field| {
        !field.may_be_left_out() || alternative.is_some_and(|chosen| chosen.wire == field.wire)
    };
    let arguments = record.fields.iter().filter(given).map(|field| {
        let name = &field.ident;
        let (ty, _) = field.ty.argument(name);
        quote!(#name: #ty)
    });
    let values = record.fields.iter().map(|field| {
        let name = &field.ident;
        let (_, value) = field.ty.argument(name);
        match (given(&field), field.may_be_left_out()) {
            (false, _) => quote!(#name: None),
            (true, true) => quote!(#name: Some(#value)),
            (true, false) if *name == value.to_string() => quote!(#name),
            (true, false) => quote!(#name: #value),
        }
    });
    let rest = record.rest.iter().map(|(name, _)| quote!(#name: std::collections::BTreeMap::new()));
    let values = values.chain(rest).chain(record.absent_local());
    let (name, text) = match alternative {
        None if record.fields.iter().all(Field::may_be_left_out) => {
            (format_ident!("new"), "A value without any member.".to_owned())
        }
        None => (format_ident!("new"), "A value with its required members.".to_owned()),
        Some(field) => (prefixed("from", field), format!("A value with `{}` alone.", field.wire)),
    };
    let comment = docs::comment(&[text]);
    let many = many_arguments(record.fields.iter().filter(given).count());
    quote! {
        #comment
        #many
        pub fn #name(#(#arguments),*) -> Self {
            Self { #(#values),* }
        }
    }
}

/// Where a lint would ask for fewer arguments: the page asks for them.
fn many_arguments(count: usize) -> TokenStream {
    if count > 7 {
        quote!(#[allow(clippy::too_many_arguments, reason = "one for each required member")])
    } else {
        TokenStream::new()
    }
}

/// A constructor from all members that checks the rules.
fn try_new(record: &Record) -> TokenStream {
    let arguments = record.fields.iter().map(|field| {
        let (name, ty) = (&field.ident, field.stored());
        quote!(#name: #ty)
    });
    let values = record.fields.iter().map(|Field { ident, .. }| quote!(#ident));
    let rest = record.rest.iter().map(|(name, _)| quote!(#name: std::collections::BTreeMap::new()));
    let values = values.chain(rest).chain(record.absent_local());
    let members = if record.local.is_empty() { "members" } else { "members on the wire" };
    let comment = docs::comment(&[
        format!("A value of all its {members}, absent or not."),
        "# Errors\nEvery rule that the value breaks.".to_owned(),
    ]);
    let many = many_arguments(record.fields.len());
    quote! {
        #comment
        #many
        pub fn try_new(#(#arguments),*) -> Result<Self, credwire_core::Violations> {
            let value = Self { #(#values),* };
            credwire_core::Validate::validate(&value)?;
            Ok(value)
        }
    }
}

fn setter(field: &Field) -> TokenStream {
    let name = &field.ident;
    let setter = prefixed("with", field);
    let comment = docs::comment(&[format!("This value with `{}`.", field.wire)]);
    let value = names::ident("value");
    let (ty, value) = match field.presence {
        super::plan::Presence::OptionalNullable => {
            let ty = &field.ty;
            (quote!(Option<#ty>), quote!(value))
        }
        _ => field.ty.argument(&value),
    };
    quote! {
        #comment
        #[must_use]
        pub fn #setter(mut self, value: #ty) -> Self {
            self.#name = Some(#value);
            self
        }
    }
}

fn rest_setter((name, ty): &(syn::Ident, Ty)) -> TokenStream {
    let setter = format_ident!("add_{}", name.unraw());
    quote! {
        /// This value with a further member.
        #[must_use]
        pub fn #setter(mut self, name: impl Into<String>, value: #ty) -> Self {
            self.#name.insert(name.into(), value);
            self
        }
    }
}

fn local_setter(local: &Local) -> TokenStream {
    let Local { ident, ty, .. } = local;
    let setter = format_ident!("with_{}", ident.unraw().to_string().trim_start_matches('_'));
    let comment = docs::comment(&[format!("This value with `{ident}`.")]);
    quote! {
        #comment
        #[must_use]
        pub fn #setter(mut self, value: #ty) -> Self {
            self.#ident = Some(value);
            self
        }
    }
}

fn prefixed(prefix: &str, field: &Field) -> syn::Ident {
    let has_letters = field.wire.chars().any(|c| c.is_ascii_alphabetic());
    if has_letters && field.ident == names::member(&field.wire) {
        names::member(&format!("{prefix}_{}", field.wire))
    } else {
        // It was numbered, or its signs are spelled.
        format_ident!("{prefix}_{}", field.ident.unraw().to_string().trim_start_matches('_'))
    }
}
