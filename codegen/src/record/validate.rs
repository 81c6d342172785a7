//! Checking a struct against the rules of its interface.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::plan::{Check, Field, Presence, Record};
use crate::ty::Ty;

pub(super) fn tokens(record: &Record) -> TokenStream {
    let Record { ident, generics, .. } = record;
    let mut checks: Vec<TokenStream> =
        record.one_of.iter().map(|names| one_of(record, names)).collect();
    checks.extend(record.fields.iter().flat_map(|field| {
        field.checks.iter().map(|check| member(field, check)).collect::<Vec<_>>()
    }));
    let (params, arguments) = (generics.parameters(), generics.arguments());
    let validator = if checks.is_empty() { quote!(_validator) } else { quote!(validator) };
    quote! {
        impl #params credwire_core::Validate for #ident #arguments {
            fn check(&self, #validator: &mut credwire_core::Validator) {
                #(#checks)*
            }
        }
    }
}

/// An empty string says nothing, so it counts as absent.
fn one_of(record: &Record, names: &[String]) -> TokenStream {
    let present = record.fields.iter().filter(|field| names.contains(&field.wire)).map(|field| {
        let name = &field.ident;
        match field.ty {
            Ty::Secret => {
                quote!(self.#name.as_ref().is_some_and(|value| !value.expose().is_empty()))
            }
            Ty::Text | Ty::List(_) | Ty::Set(_) | Ty::Dict(_) | Ty::JsonObject => {
                quote!(self.#name.as_ref().is_some_and(|value| !value.is_empty()))
            }
            _ => quote!(self.#name.is_some()),
        }
    });
    let shown: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    let message = format!("at least one of {} must be present and not empty", shown.join(", "));
    quote! {
        if !(#(#present)||*) {
            validator.report("one-of", #message);
        }
    }
}

fn member(field: &Field, check: &Check) -> TokenStream {
    let (name, wire) = (&field.ident, &field.wire);
    let (condition, rule, message) = match check {
        Check::Nested => return nested(field),
        Check::JwkThumbprint => (
            match field.ty {
                Ty::Secret => {
                    quote!(credwire_core::support::form::is_jwk_thumbprint(value.expose()))
                }
                _ => quote!(credwire_core::support::form::is_jwk_thumbprint(value)),
            },
            "jwk-thumbprint",
            "expected a JWK thumbprint: 43 characters of base64url".to_owned(),
        ),
        Check::Range(least, greatest) => {
            let (from, to) = (Literal::f64_unsuffixed(*least), Literal::f64_unsuffixed(*greatest));
            let number = match field.ty {
                Ty::Millis => quote!(&(value.get() as f64)),
                Ty::Seconds => quote!(&value.get()),
                Ty::Count => quote!(&(*value as f64)),
                _ => quote!(value),
            };
            (
                quote!((#from..=#to).contains(#number)),
                "range",
                format!("expected a number from {least} to {greatest}"),
            )
        }
    };
    let present = match field.presence {
        Presence::Required => quote!(let value = &self.#name),
        Presence::Optional | Presence::Nullable => quote!(let Some(value) = &self.#name),
        Presence::OptionalNullable => quote!(let Some(Some(value)) = &self.#name),
    };
    let report = quote!(validator.at(#wire, |validator| validator.report(#rule, #message)););
    match field.presence {
        Presence::Required => quote!({ #present; if !#condition { #report } }),
        _ => quote!(if #present && !#condition { #report }),
    }
}

fn nested(field: &Field) -> TokenStream {
    let (name, wire) = (&field.ident, &field.wire);
    let walk = quote! {
        validator.at(#wire, |validator| credwire_core::Validate::check(value, validator));
    };
    match field.presence {
        Presence::Required => quote!({ let value = &self.#name; #walk }),
        Presence::Optional | Presence::Nullable => {
            quote!(if let Some(value) = &self.#name { #walk })
        }
        Presence::OptionalNullable => quote!(if let Some(Some(value)) = &self.#name { #walk }),
    }
}
