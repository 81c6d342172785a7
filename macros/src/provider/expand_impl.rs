//! The code of an annotated impl block.
//!
//! The user's block stays as it was written, and the trait's methods call its methods. So every
//! attribute, visibility, return type and span of the user holds, and an error inside a body is
//! reported where it would be without the attribute.

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, TokenStreamExt, quote, quote_spanned};
use syn::{Attribute, Meta, spanned::Spanned};

use super::{
    check_impl::{CheckedImpl, Provided, is_repeated},
    error::ErrorConversion,
    lifetimes::bound_to_static,
    raw_impl::{RawImpl, RawMethod},
    signature::cfgs,
};
use crate::crate_path::CratePath;

/// The user's block and the trait's block.
pub(super) fn expand(
    raw: &RawImpl,
    checked: &CheckedImpl,
    error: Option<&ErrorConversion>,
    krate: &CratePath,
) -> TokenStream {
    let (head, braces) = user_block(raw);
    let CheckedImpl { attrs, generics, self_ty, authenticate, refresh } = checked;
    let (impl_generics, _, where_clause) = generics.split_for_impl();
    let authenticate = authenticate.iter().map(|method| authenticates(method, error, krate));
    let refresh = refresh.iter().map(|method| refreshes(method, error, krate));
    // One stream as far as that goes: each in another is copied.
    quote! {
        #(#head)* #braces

        #(#attrs)*
        impl #impl_generics #krate::CredentialProvider for #self_ty #where_clause {
            #(#authenticate)*
            #(#refresh)*
        }
    }
}

/// What stands in for an expansion when the block has faults: enough that code which uses the
/// provider raises no further error. It never runs, for nothing is compiled to the end.
pub(super) fn skeleton(raw: &RawImpl, krate: &CratePath) -> TokenStream {
    let (head, braces) = user_block(raw);
    let (generics, self_ty) = bound_to_static(&raw.header.generics, &raw.header.self_ty);
    let (impl_generics, _, where_clause) = generics.split_for_impl();
    let cfgs = cfgs(&raw.header.attrs);
    // At the type, for what the compiler says of it once more.
    let trait_block = quote_spanned! {here(raw.header.self_ty.span())=>
        #(#cfgs)*
        impl #impl_generics #krate::CredentialProvider for #self_ty #where_clause {
            async fn authenticate(
                &self,
                _: &#krate::AuthenticateContext,
            ) -> ::core::result::Result<#krate::SdkCredential, #krate::CredentialError> {
                ::core::future::pending().await
            }
        }
    };
    quote!(#(#head)* #braces #trait_block)
}

/// The block as written, without the methods of the trait: another block has them.
pub(super) fn helpers(raw: &RawImpl) -> TokenStream {
    let is_known = |method: &RawMethod| method.known.is_some();
    let kept = raw.items.iter().filter(|item| !item.method.as_ref().is_some_and(is_known));
    let mut braces =
        Group::new(raw.braces.delimiter(), kept.flat_map(|item| item.tokens.clone()).collect());
    braces.set_span(raw.braces.span());
    let head = &raw.head;
    quote!(#(#head)* #braces)
}

/// The block as written, without methods that repeat another.
fn user_block(raw: &RawImpl) -> (&[TokenTree], Group) {
    let mut content = TokenStream::new();
    for item in &raw.items {
        if let Some(method) = &item.method {
            if is_repeated(raw, method) {
                continue;
            }
            if method.sig.asyncness.is_some() && method.known.is_some() {
                // A fragment of a macro is one group, with its attributes in it.
                let attrs = (2 * method.attrs.len()).min(item.tokens.len());
                content.append_all(&item.tokens[..attrs]);
                content.append_all(asked_for(&item.tokens[attrs..]));
                continue;
            }
        }
        content.append_all(&item.tokens);
    }
    let mut braces = Group::new(raw.braces.delimiter(), content);
    braces.set_span(raw.braces.span());
    (&raw.head, braces)
}

/// A function whose `async` is of the attribute, which asks for it whether or not the body waits for
/// anything: `clippy::unused_async` says nothing of functions that begin in an expansion. A level of
/// the lint would not go together with one that the user forbids.
fn asked_for(function: &[TokenTree]) -> impl Iterator<Item = TokenTree> {
    let is_async = |tree: &TokenTree| matches!(tree, TokenTree::Ident(ident) if ident == "async");
    let before = function.iter().position(is_async).map_or(0, |at| at + 1);
    function.iter().cloned().enumerate().map(move |(index, mut tree)| {
        if index < before && matches!(tree, TokenTree::Ident(_)) {
            tree.set_span(here(tree.span()));
        }
        tree
    })
}

/// The trait's `authenticate`.
fn authenticates(
    method: &Provided,
    error: Option<&ErrorConversion>,
    krate: &CratePath,
) -> TokenStream {
    let attrs = &method.attrs;
    let here_output = here(method.output);
    let name = Ident::new("authenticate", here(method.name));
    let context = Ident::new("context", here(method.context.unwrap_or(method.name)));
    if method.calls_only(error) {
        let call = quote_spanned!(here_output=> Self::authenticate(self, #context));
        let (imported, answer) = answered(method, &call, here_output, krate);
        return quote_spanned! {here_output=>
            #(#attrs)*
            fn #name(&self, #context: &#krate::AuthenticateContext)
            -> impl ::core::future::Future<
                Output = ::core::result::Result<#krate::SdkCredential, #krate::CredentialError>,
            > + ::core::marker::Send {
                #imported
                #answer
            }
        };
    }
    let call =
        |context: Option<&Ident>| quote_spanned!(here_output=> Self::authenticate(self, #context));
    let (before, call) = match method.choices.as_slice() {
        [] => (TokenStream::new(), call(Some(&context))),
        choices => chosen(choices, &call(Some(&context)), &call(None), here_output),
    };
    let unused = (!method.choices.is_empty()).then(|| quote!(let _ = #context;));
    let converted = converted(method, &call, error, krate);
    quote_spanned! {here_output=>
        #(#attrs)*
        async fn #name(&self, #context: &#krate::AuthenticateContext)
        -> ::core::result::Result<#krate::SdkCredential, #krate::CredentialError> {
            #unused
            #before
            #converted
        }
    }
}

/// The trait's `refresh`.
fn refreshes(method: &Provided, error: Option<&ErrorConversion>, krate: &CratePath) -> TokenStream {
    let here_output = here(method.output);
    let name = Ident::new("refresh", here(method.name));
    let call = quote_spanned!(here_output=> Self::refresh(self));
    let mut imported = None;
    let future = if method.returns_option {
        call
    } else if method.calls_only(error) {
        let (import, answer) = answered(method, &call, here_output, krate);
        imported = import;
        quote_spanned!(here_output=> ::core::option::Option::Some(#answer))
    } else {
        let converted = converted(method, &call, error, krate);
        quote_spanned!(here_output=> ::core::option::Option::Some(async move { #converted }))
    };
    let attrs = &method.attrs;
    quote_spanned! {here_output=>
        #(#attrs)*
        fn #name(&self) -> ::core::option::Option<
            impl ::core::future::Future<
                Output = ::core::result::Result<#krate::SdkCredential, #krate::CredentialError>,
            > + ::core::marker::Send,
        > {
            #imported
            #future
        }
    }
}

impl Provided {
    /// Whether the trait's method returns the future of the user's.
    fn calls_only(&self, error: Option<&ErrorConversion>) -> bool {
        self.has_the_traits_result && error.is_none() && self.choices.is_empty()
    }
}

/// What the future `call` is when its error bears the name of the trait's, and what has to be in scope
/// for it: the future itself, since another one around it would cost each compilation as much as the
/// user's own; or one with its error converted, when another type has that name.
fn answered(
    method: &Provided,
    call: &TokenStream,
    here: Span,
    krate: &CratePath,
) -> (Option<TokenStream>, TokenStream) {
    // Behind the name of the crate it is the crate's.
    let Some(error) = &method.bare_error else { return (None, call.clone()) };
    let provider = quote_spanned!(here=> #krate::__private::provider);
    (
        Some(quote_spanned!(here=> use #provider::OtherError as _;)),
        quote_spanned!(here=> #provider::MethodError::<#error>::NAMED.converted(#call)),
    )
}

/// The call of a method whose context is there under one of `choices`, and what stands before it.
fn chosen(
    choices: &[Vec<Attribute>],
    with: &TokenStream,
    without: &TokenStream,
    here: Span,
) -> (TokenStream, TokenStream) {
    let conditions = choices.iter().map(|cfgs| {
        let conditions = cfgs.iter().filter_map(|cfg| match &cfg.meta {
            Meta::List(list) => Some(&list.tokens),
            _ => None,
        });
        quote!(all(#(#conditions),*))
    });
    let any = quote!(any(#(#conditions),*));
    let call = Ident::new("call", here);
    let before = quote_spanned! {here=>
        #[cfg(#any)]
        let #call = #with;
        #[cfg(not(#any))]
        let #call = #without;
    };
    (before, call.to_token_stream())
}

/// What `call` returns, with its error converted into the trait's. It names the credential, which in
/// an async block the compiler would not know when it reports another type.
fn converted(
    method: &Provided,
    call: &TokenStream,
    error: Option<&ErrorConversion>,
    krate: &CratePath,
) -> TokenStream {
    let convert = match error {
        Some(conversion) => conversion.tokens(krate),
        // At the error, so that one that does not convert is reported there.
        None => quote_spanned! {here(method.error)=>
            |error| #krate::__private::provider::ProviderError::into_credential_error(error)
        },
    };
    quote_spanned! {here(method.output)=>
        ::core::result::Result::<#krate::SdkCredential, _>::map_err(#call.await, #convert)
    }
}

/// The place of `span`, with names that cannot meet the user's.
fn here(span: Span) -> Span {
    span.resolved_at(Span::mixed_site())
}
