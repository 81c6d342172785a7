//! The code of an annotated struct: itself, a `Debug` that hides, and a check of its bounds.

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::{
    Attribute, Field, GenericParam, Generics, ItemStruct, Member, Type, TypeParam, TypeParamBound,
    WherePredicate, ext::IdentExt, parse_quote, spanned::Spanned,
};

use super::check_struct::{CheckedStruct, Shown};
use crate::{crate_path::CratePath, secrecy::mentions};

/// The struct, its `Debug`, and the check that it can be moved into a task.
pub(super) fn expand(checked: &CheckedStruct, krate: &CratePath) -> TokenStream {
    let kept = skeleton(checked);
    let allowed = allowed(&checked.item);
    let assertion = assertion(checked, krate);
    let refusal = refuse_serialized(checked, krate);
    let assertion = (!assertion.is_empty()).then(|| quote!(#allowed #assertion));
    let refusal = (!refusal.is_empty()).then(|| quote!(#allowed #refusal));
    quote!(#kept #assertion #refusal)
}

/// Fails to compile at the struct's name when it is serialized: a derive above the attribute is out
/// of its sight.
fn refuse_serialized(checked: &CheckedStruct, krate: &CratePath) -> TokenStream {
    let ItemStruct { ident, generics, .. } = &checked.item;
    let Some(arguments) = instance(generics) else { return TokenStream::new() };
    let provider = quote!(#krate::__private::provider);
    quote_spanned! {ident.span().resolved_at(Span::mixed_site())=>
        const _: () = {
            use #provider::NotSerialized as _;
            #provider::refuse_serialized(#provider::Serialized::<#ident<#(#arguments),*>>::IS);
        };
    }
}

/// Arguments for the parameters of a struct, when some are known to fit: `()` implements whatever a
/// derive asks of a parameter. Of any other generic struct nothing is known before it is used.
fn instance(generics: &Generics) -> Option<Vec<TokenStream>> {
    let fits = |bound: &TypeParamBound| match bound {
        TypeParamBound::Lifetime(_) => true,
        TypeParamBound::Trait(bound) => bound.path.segments.last().is_some_and(|last| {
            let name = last.ident.to_string();
            last.arguments.is_none() && OF_THE_EMPTY_TUPLE.contains(&&*name)
        }),
        _ => false,
    };
    let where_fits = |predicate: &WherePredicate| match predicate {
        WherePredicate::Lifetime(_) => true,
        WherePredicate::Type(bound) => {
            let is_param = |param: &TypeParam| matches!(&bound.bounded_ty, Type::Path(path) if path.path.is_ident(&param.ident));
            generics.type_params().any(is_param) && bound.bounds.iter().all(fits)
        }
        _ => false,
    };
    if !generics.where_clause.iter().flat_map(|clause| &clause.predicates).all(where_fits) {
        return None;
    }
    let argument = |param: &GenericParam| match param {
        GenericParam::Lifetime(_) => Some(quote!('static)),
        GenericParam::Type(param) => param.bounds.iter().all(fits).then(|| quote!(())),
        GenericParam::Const(param) => match &*crate::text::of(&param.ty) {
            "bool" => Some(quote!(false)),
            "char" => Some(quote!('0')),
            _ => Some(quote!(0)),
        },
    };
    generics.params.iter().map(argument).collect()
}

/// Traits that `()` implements.
const OF_THE_EMPTY_TUPLE: &[&str] = &[
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "Eq",
    "Hash",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Send",
    "Serialize",
    "Sized",
    "Sync",
    "Unpin",
];

/// What an expansion may use whatever the user says about it: the struct, and its fields.
fn allowed(item: &ItemStruct) -> Option<TokenStream> {
    let is_deprecated =
        |attrs: &[Attribute]| attrs.iter().any(|it| it.path().is_ident("deprecated"));
    (is_deprecated(&item.attrs) || item.fields.iter().any(|field| is_deprecated(&field.attrs)))
        .then(|| quote!(#[allow(deprecated)]))
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
            #builder::field(&mut __output, #label #value);
        }
    });
    let name = &item.ident;
    let text = name.unraw().to_string();
    let allowed = allowed(item);
    let generics = with_debug_bounds(&item.generics, &fields);
    let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
    quote! {
        #[automatically_derived]
        #allowed
        impl #impl_generics ::core::fmt::Debug for #name #ty_generics #where_clause {
            fn fmt(&self, __formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                let mut __output = ::core::fmt::Formatter::#start(__formatter, #text);
                #(#calls)*
                #builder::finish(&mut __output)
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
    // A function has no `Self`.
    let whole = quote!(#name #ty_generics);
    let parameters = named_for_self(impl_generics.to_token_stream(), &whole);
    let predicates = named_for_self(where_clause.to_token_stream(), &whole);
    let provider = quote!(#krate::__private::provider);
    let it = Ident::new("__provider", name.span().resolved_at(Span::mixed_site()));
    let check = quote_spanned! {name.span().resolved_at(Span::call_site())=>
        let _: &(dyn ::core::marker::Send + 'static) = #it;
        let _: &dyn ::core::marker::Sync = (&&#provider::Threads(#it)).shared();
    };
    // Only type-checked, which the name says to the compiler; a level of a lint would not go
    // together with one that the user forbids.
    quote! {
        const _: () = {
            fn _check #parameters (#it: &#whole) #predicates {
                use #provider::{NotSent as _, SentToo as _};
                #check
            }
        };
    }
}

/// The same with `whole` for each `Self`.
fn named_for_self(tokens: TokenStream, whole: &TokenStream) -> TokenStream {
    let named = |tree: TokenTree| match tree {
        TokenTree::Ident(ident) if ident == "Self" => whole.clone(),
        TokenTree::Group(group) => {
            let mut named = Group::new(group.delimiter(), named_for_self(group.stream(), whole));
            named.set_span(group.span());
            named.into_token_stream()
        }
        other => other.into_token_stream(),
    };
    tokens.into_iter().map(named).collect()
}

fn mentions_parameter(ty: &Type, generics: &Generics) -> bool {
    mentions(ty, |ident| generics.type_params().any(|param| param.ident == *ident))
}
