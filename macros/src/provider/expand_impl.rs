//! The code of an annotated impl block.
//!
//! The user's block stays as it was written, and the trait's methods call its methods. So every
//! attribute, visibility, return type and span of the user holds, and an error inside a body is
//! reported where it would be without the attribute.

use proc_macro2::{Group, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

use super::{
    check_impl::{CheckedImpl, Provided, is_repeated},
    lifetimes::bound_to_static,
    raw_impl::RawImpl,
};
use crate::crate_path::CratePath;

/// The user's block and the trait's block.
pub(super) fn expand(raw: &RawImpl, checked: &CheckedImpl, krate: &CratePath) -> TokenStream {
    let block = user_block(raw);
    let trait_block = trait_block(checked, krate);
    quote!(#block #trait_block)
}

/// What stands in for an expansion when the block has faults: enough that code which uses the
/// provider raises no further error. It never runs, for nothing is compiled to the end.
pub(super) fn skeleton(raw: &RawImpl, krate: &CratePath) -> TokenStream {
    let block = user_block(raw);
    let (generics, self_ty) = bound_to_static(&raw.header.generics, &raw.header.self_ty);
    let (impl_generics, _, where_clause) = generics.split_for_impl();
    quote! {
        #block

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
            if method.sig.asyncness.is_some()
                && ["authenticate", "refresh"].iter().any(|name| method.sig.ident == name)
            {
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

fn trait_block(checked: &CheckedImpl, krate: &CratePath) -> TokenStream {
    let CheckedImpl { attrs, generics, self_ty, authenticate, refresh } = checked;
    let (impl_generics, _, where_clause) = generics.split_for_impl();
    let authenticate = authenticate.iter().map(|method| {
        let signature = quote_spanned! {here(method.name)=>
            fn authenticate(&self, context: &#krate::AuthenticateContext)
        };
        let context = quote_spanned!(here(method.context.unwrap_or(method.name))=> context);
        let call = quote_spanned!(here(method.output)=> Self::authenticate(self, #context));
        delegate(method, &signature, &call, krate)
    });
    let refresh = refresh.iter().map(|method| {
        let signature = quote_spanned!(here(method.name)=> fn refresh(&self));
        let call = quote_spanned!(here(method.output)=> Self::refresh(self));
        delegate_optional(method, &signature, &call, krate)
    });
    quote! {
        #(#attrs)*
        impl #impl_generics #krate::CredentialProvider for #self_ty #where_clause {
            #(#authenticate)*
            #(#refresh)*
        }
    }
}

/// A method of the trait that makes `call`. Faults of the return type are found where the user
/// wrote it.
fn delegate(
    method: &Provided,
    signature: &TokenStream,
    call: &TokenStream,
    krate: &CratePath,
) -> TokenStream {
    let attrs = &method.attrs;
    let here_output = here(method.output);
    let result = result(method, krate);
    if method.has_the_traits_result {
        // The user's future itself: another one around it would cost each compilation as much as
        // the user's own.
        return quote_spanned! {here_output=>
            #(#attrs)*
            #signature -> impl ::core::future::Future<Output = #result> + ::core::marker::Send {
                #call
            }
        };
    }
    let converted = converted(method, call, krate);
    quote_spanned! {here_output=>
        #(#attrs)*
        async #signature -> #result {
            #converted
        }
    }
}

/// The same for an optional method, which is there when the block has it.
fn delegate_optional(
    method: &Provided,
    signature: &TokenStream,
    call: &TokenStream,
    krate: &CratePath,
) -> TokenStream {
    let attrs = &method.attrs;
    let here_output = here(method.output);
    let result = result(method, krate);
    let future = if method.returns_option {
        call.clone()
    } else if method.has_the_traits_result {
        quote_spanned!(here_output=> ::core::option::Option::Some(#call))
    } else {
        let converted = converted(method, call, krate);
        quote_spanned!(here_output=> ::core::option::Option::Some(async move { #converted }))
    };
    quote_spanned! {here_output=>
        #(#attrs)*
        #signature -> ::core::option::Option<
            impl ::core::future::Future<Output = #result> + ::core::marker::Send,
        > {
            #future
        }
    }
}

/// The trait's result.
fn result(method: &Provided, krate: &CratePath) -> TokenStream {
    quote_spanned! {here(method.output)=>
        ::core::result::Result<#krate::SdkCredential, #krate::CredentialError>
    }
}

/// What `call` gives, with its error converted into the trait's. It names the credential, which in
/// an async block the compiler would not know when it tells of another type.
fn converted(method: &Provided, call: &TokenStream, krate: &CratePath) -> TokenStream {
    let into = quote_spanned!(here(method.error)=> |error| ::core::convert::Into::into(error));
    quote_spanned! {here(method.output)=>
        ::core::result::Result::<#krate::SdkCredential, _>::map_err(#call.await, #into)
    }
}

/// The place of `span`, with names that cannot meet the user's.
fn here(span: Span) -> Span {
    span.resolved_at(Span::mixed_site())
}
