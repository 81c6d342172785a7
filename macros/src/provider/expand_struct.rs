//! The code of an annotated struct: itself, a `Debug` that hides, and a check of its bounds.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{
    Attribute, Field, Generics, ItemStruct, Member, Type, TypeParam, ext::IdentExt, parse_quote,
    spanned::Spanned,
};

use super::check_struct::{CheckedStruct, Shown};
use crate::{crate_path::CratePath, secrecy::mentions};

/// The struct, its `Debug`, and the check that it can be moved into a task.
pub(super) fn expand(checked: &CheckedStruct, krate: &CratePath) -> TokenStream {
    let kept = skeleton(checked);
    let assertion = assertion(checked, krate);
    let refusal = refuse_serialized(checked, krate);
    quote!(#kept #assertion #refusal)
}

/// Fails to compile at the struct's name when it is serialized: a derive above the attribute is out
/// of its sight. Of a generic struct nothing is known before it is used.
fn refuse_serialized(checked: &CheckedStruct, krate: &CratePath) -> TokenStream {
    let ItemStruct { ident, generics, .. } = &checked.item;
    if generics.type_params().next().is_some() || generics.const_params().next().is_some() {
        return TokenStream::new();
    }
    let lifetimes = generics.lifetimes().map(|_| quote!('static));
    let provider = quote!(#krate::__private::provider);
    quote_spanned! {ident.span().resolved_at(Span::mixed_site())=>
        const _: () = {
            use #provider::NotSerialized as _;
            #provider::refuse_serialized(#provider::Serialized::<#ident<#(#lifetimes),*>>::IS);
        };
    }
}

/// What stands in for an expansion when the struct has faults.
pub(super) fn skeleton(checked: &CheckedStruct) -> TokenStream {
    let item = &checked.item;
    let debug = debug(checked);
    quote!(#item #debug)
}

fn debug(CheckedStruct { item, shown }: &CheckedStruct) -> TokenStream {
    let fields: Vec<(&Field, Shown)> = item.fields.iter().zip(shown.iter().copied()).collect();
    let is_named = fields.first().is_some_and(|(field, _)| field.ident.is_some());
    let (start, builder) = if is_named {
        (quote!(debug_struct), quote!(::core::fmt::DebugStruct))
    } else {
        (quote!(debug_tuple), quote!(::core::fmt::DebugTuple))
    };
    let calls = fields.iter().enumerate().map(|(index, (field, shown))| {
        let cfgs = cfgs(field);
        let label = field.ident.as_ref().map(|ident| {
            let label = ident.unraw().to_string();
            quote!(#label,)
        });
        let value = match shown {
            Shown::Sealed => quote!(&::core::format_args!("***")),
            Shown::Hidden => quote!(&::core::format_args!("..")),
            Shown::Public => {
                let member = field.ident.clone().map_or(Member::from(index), Member::Named);
                // At the type, so that a missing `Debug` is reported there.
                quote_spanned!(field.ty.span().resolved_at(Span::call_site())=> &self.#member)
            }
        };
        quote! {
            #(#cfgs)*
            #builder::field(&mut output, #label #value);
        }
    });
    let name = &item.ident;
    let text = name.unraw().to_string();
    let generics = with_debug_bounds(&item.generics, &fields);
    let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
    quote! {
        #[automatically_derived]
        impl #impl_generics ::core::fmt::Debug for #name #ty_generics #where_clause {
            fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                let mut output = ::core::fmt::Formatter::#start(formatter, #text);
                #(#calls)*
                #builder::finish(&mut output)
            }
        }
    }
}

fn cfgs(field: &Field) -> impl Iterator<Item = &Attribute> {
    field.attrs.iter().filter(|attr| attr.path().is_ident("cfg"))
}

/// Asks for `Debug` of the public fields whose types hang on a parameter, and of no other.
fn with_debug_bounds(generics: &Generics, fields: &[(&Field, Shown)]) -> Generics {
    let mut generics = generics.clone();
    for (field, _) in fields.iter().filter(|(_, shown)| *shown == Shown::Public) {
        let ty = &field.ty;
        // A predicate cannot have a `cfg`, and the type may not be there without it.
        if mentions_parameter(ty, &generics) && cfgs(field).next().is_none() {
            generics.make_where_clause().predicates.push(parse_quote!(#ty: ::core::fmt::Debug));
        }
    }
    generics
}

/// Fails to compile at the struct's name unless it is `Send + Sync + 'static`. Of what hangs on a
/// type parameter this is taken for granted: there the impl block decides.
fn assertion(CheckedStruct { item, .. }: &CheckedStruct, krate: &CratePath) -> TokenStream {
    let name = &item.ident;
    let mut generics = item.generics.clone();
    let (_, ty_generics, _) = item.generics.split_for_impl();
    let hangs_on_cfg = |field: &Field| {
        mentions_parameter(&field.ty, &item.generics) && cfgs(field).next().is_some()
    };
    if item.fields.iter().any(hangs_on_cfg) {
        // A predicate cannot have a `cfg`, so nothing can be taken for granted here.
        return TokenStream::new();
    }
    let bounds = quote!(::core::marker::Send + ::core::marker::Sync + 'static);
    for param in generics.clone().type_params() {
        let TypeParam { ident, bounds: own, .. } = param;
        // All in one place, which is where clippy wants the bounds of a parameter.
        let own = (!own.is_empty()).then(|| quote!(#own +));
        generics.make_where_clause().predicates.push(parse_quote!(#ident: #own #bounds));
    }
    for param in generics.type_params_mut() {
        param.bounds.clear();
        param.colon_token = None;
    }
    for field in &item.fields {
        let ty = &field.ty;
        if mentions_parameter(ty, &item.generics) {
            generics.make_where_clause().predicates.push(parse_quote!(#ty: #bounds));
        }
    }
    let (impl_generics, _, where_clause) = generics.split_for_impl();
    let check = quote_spanned! {name.span().resolved_at(Span::call_site())=>
        #krate::__private::provider::is_send_sync_and_static::<#name #ty_generics>();
    };
    // Only type-checked, which the name says to the compiler; a level of a lint would not go
    // together with one that the user forbids.
    quote! {
        const _: () = {
            const fn _check #impl_generics () #where_clause {
                #check
            }
        };
    }
}

fn mentions_parameter(ty: &Type, generics: &Generics) -> bool {
    mentions(ty, |ident| generics.type_params().any(|param| param.ident == *ident))
}
