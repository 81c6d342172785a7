//! The code of a provider that asks an endpoint.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ItemStruct;

use super::{
    args::{EndpointArgs, Refresh, Url},
    parts::{Part, Parts, Place},
};
use crate::{crate_path::CratePath, shape::Kind};

/// The trait's impl for the struct. Its variables have names that no constant of the user has: where one
/// is in scope, a variable of its name would be a pattern that compares with it.
pub(crate) fn expand(
    item: &ItemStruct,
    args: &EndpointArgs,
    parts: &Parts,
    krate: &CratePath,
) -> TokenStream {
    let url = match (&args.url, &parts.url) {
        (Url::Literal(url), _) => quote!(#url),
        (Url::Field(_), Some(field)) => {
            quote!(<_ as ::core::convert::AsRef<::core::primitive::str>>::as_ref(&self.#field))
        }
        // Reported before.
        (Url::Field(_), None) | (Url::Unknown, _) => quote!(""),
    };
    let bind = args.fingerprint.then(|| {
        quote! {
            #krate::__private::endpoint::Request::bind(
                &mut __request,
                ::core::option::Option::as_deref(&context.fingerprint),
            )?;
        }
    });
    let authenticate = request(&url, bind.as_ref(), args, parts, krate);
    let refresh = match &args.refresh {
        Refresh::None => None,
        Refresh::Same => Some(quote! {
            <Self as #krate::CredentialProvider>::authenticate(
                self,
                &::core::default::Default::default(),
            )
            .await
        }),
        Refresh::At(url) => Some(request(&quote!(#url), None, args, parts, krate)),
    };
    let result = quote!(::core::result::Result<#krate::SdkCredential, #krate::CredentialError>);
    let refresh = refresh.map(|body| {
        quote! {
            fn refresh(&self) -> ::core::option::Option<
                impl ::core::future::Future<Output = #result> + ::core::marker::Send,
            > {
                ::core::option::Option::Some(async move { #body })
            }
        }
    });
    let name = &item.ident;
    let (impl_generics, ty_generics, where_clause) = item.generics.split_for_impl();
    let context = if args.fingerprint { quote!(context) } else { quote!(_) };
    quote! {
        impl #impl_generics #krate::CredentialProvider for #name #ty_generics #where_clause {
            async fn authenticate(&self, #context: &#krate::AuthenticateContext) -> #result {
                #authenticate
            }

            #refresh
        }
    }
}

/// An impl that is never run, so that code that uses the provider raises no further error.
pub(crate) fn skeleton(item: &ItemStruct, krate: &CratePath) -> TokenStream {
    let name = &item.ident;
    let (impl_generics, ty_generics, where_clause) = item.generics.split_for_impl();
    quote! {
        impl #impl_generics #krate::CredentialProvider for #name #ty_generics #where_clause {
            async fn authenticate(
                &self,
                _: &#krate::AuthenticateContext,
            ) -> ::core::result::Result<#krate::SdkCredential, #krate::CredentialError> {
                ::core::future::pending().await
            }
        }
    }
}

fn request(
    url: &TokenStream,
    bind: Option<&TokenStream>,
    args: &EndpointArgs,
    parts: &Parts,
    krate: &CratePath,
) -> TokenStream {
    let EndpointArgs { method, token, timeout_seconds, permanent, .. } = args;
    let must_expire = args.must_expire;
    let expiry_at = optional(args.expiry_at.as_deref());
    let expires_in = optional(args.expires_in.as_deref());
    let unit = if args.in_seconds { quote!(Seconds) } else { quote!(Millis) };
    let client = parts.client.iter().map(
        |member| quote!(#krate::__private::endpoint::Request::client(&mut __request, &self.#member);),
    );
    let sent = parts.sent.iter().map(|part| send(part, krate));
    quote! {
        let mut __request = #krate::__private::endpoint::Request::new(#method, #url)?;
        #(#client)*
        #(#sent)*
        #bind
        let __answer = #krate::__private::endpoint::AnswerFormat {
            token: #token,
            expiry_at: #expiry_at,
            expires_in: #expires_in,
            expiry: #krate::__private::endpoint::Expiry::#unit,
            must_expire: #must_expire,
            permanent: &[#(#permanent),*],
        };
        let __timeout = ::core::time::Duration::from_secs(#timeout_seconds);
        #krate::__private::endpoint::Request::send(__request, &__answer, __timeout).await
    }
}

fn optional(pointer: Option<&str>) -> TokenStream {
    match pointer {
        Some(pointer) => quote!(::core::option::Option::Some(#pointer)),
        None => quote!(::core::option::Option::None),
    }
}

fn send(part: &Part, krate: &CratePath) -> TokenStream {
    let Part { place, name, mark, member, shape, cfgs } = part;
    // At the mark, so that a type that cannot be sent is reported there.
    let value = quote_spanned!(mark.span().resolved_at(Span::call_site())=> __value);
    // Behind an unknown name may be a secret, and then it is one.
    let is_unknown = shape.kind == Kind::Other && *place != Place::Json;
    let sensitive = shape.is_sealed() || is_unknown;
    let value = if is_unknown && !shape.is_sealed() {
        let provider = quote!(#krate::__private::provider);
        quote_spanned! {mark.span().resolved_at(Span::call_site())=> {
            use #provider::{SentPlain as _, SentSecret as _};
            (&&#provider::Sent(__value)).sent()
        }}
    } else {
        value
    };
    let call = match place {
        Place::Header => quote! {
            #krate::__private::endpoint::Request::header(&mut __request, #name, #value, #sensitive)?;
        },
        Place::Query => {
            quote!(#krate::__private::endpoint::Request::query(&mut __request, #name, #value);)
        }
        Place::Json => {
            quote!(#krate::__private::endpoint::Request::json(&mut __request, #name, #value)?;)
        }
    };
    let call = shape.unwrapped(&quote!(__value), krate, call);
    quote! {
        #(#cfgs)*
        {
            let __value = &self.#member;
            #call
        }
    }
}
