//! The code of a derived `Validate`.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::parse_quote;

use super::{
    check::{CheckedField, CheckedStruct},
    rule::{Rule, RuleKind, in_words},
};
use crate::{
    crate_path::CratePath,
    secrecy::mentions,
    shape::{Kind, Unit},
};

pub(super) fn expand(checked: &CheckedStruct) -> TokenStream {
    let CheckedStruct { krate, fields, one_of, .. } = checked;
    let one_of = one_of.iter().map(|indices| {
        let fields: Vec<&CheckedField> = indices.iter().map(|&index| &fields[index]).collect();
        at_least_one(&fields, krate)
    });
    let members = fields.iter().filter(|field| !field.rules.is_empty()).map(|field| {
        let CheckedField { cfgs, member, rules, .. } = field;
        let checks = rules.iter().map(|rule| check(rule, field, krate));
        quote! {
            #(#cfgs)*
            {
                let value = &self.#member;
                #(#checks)*
            }
        }
    });
    let body = quote!(#(#one_of)* #(#members)*);
    implementation(checked, &body)
}

/// An impl without checks, so that code that uses the struct raises no error beside the reports.
pub(super) fn skeleton(checked: &CheckedStruct) -> TokenStream {
    implementation(checked, &TokenStream::new())
}

fn implementation(checked: &CheckedStruct, body: &TokenStream) -> TokenStream {
    let CheckedStruct { krate, ident, generics, fields, .. } = checked;
    let mut generics = generics.clone();
    for field in fields.iter().filter(|field| is_nested(field)) {
        let ty = &field.ty;
        if mentions(ty, |ident| generics.type_params().any(|param| param.ident == *ident)) {
            generics.make_where_clause().predicates.push(parse_quote!(#ty: #krate::Validate));
        }
    }
    let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
    let validator = if body.is_empty() { quote!(_) } else { quote!(validator) };
    quote! {
        #[automatically_derived]
        impl #impl_generics #krate::Validate for #ident #ty_generics #where_clause {
            fn check(&self, #validator: &mut #krate::Validator) {
                #body
            }
        }
    }
}

fn is_nested(field: &CheckedField) -> bool {
    field.rules.iter().any(|rule| matches!(rule.kind, RuleKind::Nested))
}

/// An empty text or collection says nothing, so it counts as absent.
fn at_least_one(fields: &[&CheckedField], krate: &CratePath) -> TokenStream {
    let present = fields.iter().filter_map(|field| {
        let member = &field.member;
        let present = field.shape.present(krate)?;
        Some(quote!({ let value = &self.#member; #present }))
    });
    let names: Vec<String> = fields
        .iter()
        .map(|field| format!("`{}`", field.segment.clone().unwrap_or_else(|| field.name())))
        .collect();
    let message = format!("at least one of {} must be present and not empty", names.join(", "));
    let report = report(None, "one-of", &message, krate);
    quote! {
        if !(#(#present)||*) {
            #report
        }
    }
}

fn check(rule: &Rule, field: &CheckedField, krate: &CratePath) -> TokenStream {
    // At the rule, so that a value it does not fit is reported there.
    let here = rule.span.resolved_at(Span::call_site());
    let value = quote_spanned!(here=> value);
    let segment = field.segment.as_deref();
    let (condition, name, message) = match &rule.kind {
        RuleKind::Nested => {
            let walk = quote!(#krate::Validate::check(#value, validator););
            return at(segment, &walk, krate);
        }
        RuleKind::Epoch(unit) => {
            let (ty, name, message) = match unit {
                Unit::Millis => (
                    quote_spanned!(here=> #krate::EpochMillis),
                    "epoch-millis",
                    "expected milliseconds since the epoch; a value this small is in seconds",
                ),
                Unit::Seconds => (
                    quote_spanned!(here=> #krate::EpochSeconds),
                    "epoch-seconds",
                    "expected seconds since the epoch; a value this large is in milliseconds",
                ),
            };
            (plausible(field, &ty, here), name, message.to_owned())
        }
        RuleKind::JwkThumbprint => (
            quote! {{
                let text: &::core::primitive::str = ::core::convert::AsRef::as_ref(#value);
                text.len() == 43
                    && ::core::iter::Iterator::all(&mut text.bytes(), |byte| {
                        byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'
                    })
            }},
            "jwk-thumbprint",
            "expected a JWK thumbprint: 43 characters of base64url".to_owned(),
        ),
        RuleKind::Length(range) => {
            let (length, unit) = match field.shape.kind {
                Kind::Text => (
                    quote_spanned!(here=> ::core::iter::Iterator::count(#value.chars())),
                    "characters",
                ),
                _ => (quote_spanned!(here=> #value.len()), "items"),
            };
            (
                quote! {
                    ::core::ops::RangeBounds::<::core::primitive::usize>::contains(
                        &(#range), &#length
                    )
                },
                "length",
                format!("expected {} {unit}", in_words(range)),
            )
        }
        RuleKind::Range(range) => (
            quote!(::core::ops::RangeBounds::contains(&(#range), #value)),
            "range",
            format!("expected a number {}", in_words(range)),
        ),
    };
    let report = report(segment, name, &message, krate);
    field.shape.unwrapped(
        krate,
        quote! {
            if !(#condition) {
                #report
            }
        },
    )
}

/// Whether a whole number, or a value of the type `unit`, has the size of that unit.
fn plausible(field: &CheckedField, unit: &TokenStream, here: Span) -> TokenStream {
    if matches!(field.shape.kind, Kind::Epoch(_)) {
        return quote_spanned!(here=> #unit::is_plausible(*value));
    }
    quote_spanned! {here=>
        match <::core::primitive::i64 as ::core::convert::TryFrom<_>>::try_from(*value) {
            ::core::result::Result::Ok(value) => #unit::is_plausible(#unit::new(value)),
            ::core::result::Result::Err(_) => false,
        }
    }
}

fn report(segment: Option<&str>, rule: &str, message: &str, krate: &CratePath) -> TokenStream {
    at(segment, &quote!(#krate::Validator::report(validator, #rule, #message);), krate)
}

fn at(segment: Option<&str>, walk: &TokenStream, krate: &CratePath) -> TokenStream {
    segment.map_or_else(
        || walk.clone(),
        |segment| quote!(#krate::Validator::at(validator, #segment, |validator| { #walk });),
    )
}
