//! The code of an annotated impl block.
//!
//! The user's block stays as it was written, and the trait's methods call its methods. So every
//! attribute, visibility, return type and span of the user holds, and an error inside a body is
//! reported where it would be without the attribute.

use proc_macro2::{Group, Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Attribute, Meta};

use super::{
    check_impl::{CheckedImpl, Provided, is_repeated},
    error::ErrorConversion,
    lifetimes::bound_to_static,
    raw_impl::RawImpl,
    signature::{Method, cfgs},
};
use crate::crate_path::CratePath;

/// The user's block and the trait's block.
pub(super) fn expand(
    raw: &RawImpl,
    checked: &CheckedImpl,
    error: Option<&ErrorConversion>,
    krate: &CratePath,
) -> TokenStream {
    let block = user_block(raw);
    let trait_block = trait_block(checked, error, krate);
    quote!(#block #trait_block)
}

/// What stands in for an expansion when the block has faults: enough that code which uses the
/// provider raises no further error. It never runs, for nothing is compiled to the end.
pub(super) fn skeleton(raw: &RawImpl, krate: &CratePath) -> TokenStream {
    let block = user_block(raw);
    let (generics, self_ty) = bound_to_static(&raw.header.generics, &raw.header.self_ty);
    let (impl_generics, _, where_clause) = generics.split_for_impl();
    let cfgs = cfgs(&raw.header.attrs);
    quote! {
        #block

        #(#cfgs)*
        impl #impl_generics #krate::CredentialProvider for #self_ty #where_clause {
            async fn authenticate(
                &self,
                _: &#krate::AuthenticateContext,
            ) -> ::core::result::Result<#krate::SdkCredential, #krate::CredentialError> {
                ::core::future::pending().await
            }
        }
    }
}

/// The block as written, without methods that repeat another.
fn user_block(raw: &RawImpl) -> TokenStream {
    let mut content = TokenStream::new();
    for item in &raw.items {
        if let Some(method) = &item.method {
            if is_repeated(raw, method) {
                continue;
            }
            if method.sig.asyncness.is_some() && Method::named(&method.sig.ident).is_some() {
                // The attribute asks for `async` whether or not the body waits for anything.
                content.extend(quote!(#[allow(clippy::unused_async)]));
            }
        }
        item.tokens.to_tokens(&mut content);
    }
    let mut braces = Group::new(raw.braces.delimiter(), content);
    braces.set_span(raw.braces.span());
    let head = &raw.head;
    quote!(#head #braces)
}

fn trait_block(
    checked: &CheckedImpl,
    error: Option<&ErrorConversion>,
    krate: &CratePath,
) -> TokenStream {
    let CheckedImpl { attrs, generics, self_ty, authenticate, refresh } = checked;
    let (impl_generics, _, where_clause) = generics.split_for_impl();
    let authenticate = authenticate.iter().map(|method| {
        let context = Ident::new("context", here(method.context.unwrap_or(method.name)));
        let signature = quote_spanned! {here(method.name)=>
            fn authenticate(&self, #context: &#krate::AuthenticateContext)
        };
        let call = |context: Option<&Ident>| {
            quote_spanned!(here(method.output)=> Self::authenticate(self, #context))
        };
        let (before, call) = match method.choices.as_slice() {
            [] => (TokenStream::new(), call(Some(&context))),
            choices => chosen(choices, &call(Some(&context)), &call(None), here(method.output)),
        };
        let unused = (!method.choices.is_empty()).then(|| quote!(let _ = #context;));
        let result = result(method, krate);
        let attrs = &method.attrs;
        if method.has_the_traits_result && error.is_none() {
            // The user's future itself: another one around it would cost each compilation as much as
            // the user's own.
            return quote_spanned! {here(method.output)=>
                #(#attrs)*
                #signature -> impl ::core::future::Future<Output = #result> + ::core::marker::Send {
                    #unused
                    #before
                    #call
                }
            };
        }
        let converted = converted(method, &call, error, krate);
        quote_spanned! {here(method.output)=>
            #(#attrs)*
            async #signature -> #result {
                #unused
                #before
                #converted
            }
        }
    });
    let refresh = refresh.iter().map(|method| {
        let here_output = here(method.output);
        let signature = quote_spanned!(here(method.name)=> fn refresh(&self));
        let call = quote_spanned!(here_output=> Self::refresh(self));
        let future = if method.returns_option {
            call
        } else if method.has_the_traits_result && error.is_none() {
            quote_spanned!(here_output=> ::core::option::Option::Some(#call))
        } else {
            let converted = converted(method, &call, error, krate);
            quote_spanned!(here_output=> ::core::option::Option::Some(async move { #converted }))
        };
        let result = result(method, krate);
        let attrs = &method.attrs;
        quote_spanned! {here_output=>
            #(#attrs)*
            #signature -> ::core::option::Option<
                impl ::core::future::Future<Output = #result> + ::core::marker::Send,
            > {
                #future
            }
        }
    });
    quote! {
        #(#attrs)*
        impl #impl_generics #krate::CredentialProvider for #self_ty #where_clause {
            #(#authenticate)*
            #(#refresh)*
        }
    }
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

/// The trait's result.
fn result(method: &Provided, krate: &CratePath) -> TokenStream {
    quote_spanned! {here(method.output)=>
        ::core::result::Result<#krate::SdkCredential, #krate::CredentialError>
    }
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
