//! `#[credential_provider]`.

mod check_impl;
mod check_struct;
mod endpoint;
mod expand_impl;
mod expand_struct;
mod lifetimes;
mod raw_impl;
mod signature;
#[cfg(test)]
mod tests;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{
    Attribute, Ident, ItemStruct, Path, Token, Visibility,
    ext::IdentExt,
    parse::{ParseStream, Parser},
};

use self::{
    endpoint::{EndpointArgs, Parts},
    raw_impl::RawImpl,
};
use crate::{
    args::Args,
    crate_path::CratePath,
    diagnostic::{Code, Diagnostics},
};

/// Expands `#[credential_provider(args)] item`.
pub(crate) fn expand(args: TokenStream, item: TokenStream) -> TokenStream {
    let mut diagnostics = Diagnostics::default();
    let mut args = Args::parse("`credential_provider`", args, &mut diagnostics);
    let krate = args.crate_path(&mut diagnostics);

    let expansion = match Kind::of.parse2(item.clone()) {
        Ok(Kind::Impl) => {
            EndpointArgs::refuse(&mut args, &mut diagnostics);
            args.finish(&mut diagnostics);
            expand_impl(item, &krate, &mut diagnostics)
        }
        Ok(Kind::Struct) => {
            let endpoint = EndpointArgs::take(&mut args, &mut diagnostics);
            args.finish(&mut diagnostics);
            expand_struct(item, endpoint.as_ref(), &krate, &mut diagnostics)
        }
        Ok(Kind::Other(keyword)) => {
            diagnostics.report(
                Code::UnsupportedItem,
                &keyword,
                format!("the attribute does not go on `{keyword}`"),
                "put the attribute on a struct, and on the impl block that has `authenticate`",
            );
            item
        }
        Err(error) => {
            diagnostics.push(error);
            item
        }
    };
    let errors = diagnostics.into_tokens();
    quote!(#expansion #errors)
}

fn expand_impl(item: TokenStream, krate: &CratePath, diagnostics: &mut Diagnostics) -> TokenStream {
    let raw = match RawImpl::parse(item.clone()) {
        Ok(raw) => raw,
        Err(error) => {
            diagnostics.push(error);
            return item;
        }
    };
    if let Some((path, _)) = &raw.header.trait_ {
        refuse_trait(path, &raw, diagnostics);
        return item;
    }
    let checked = check_impl::check(&raw, diagnostics);
    if diagnostics.is_empty() {
        expand_impl::expand(&raw, &checked, krate)
    } else {
        expand_impl::skeleton(&raw, krate)
    }
}

fn expand_struct(
    item: TokenStream,
    endpoint: Option<&EndpointArgs>,
    krate: &CratePath,
    diagnostics: &mut Diagnostics,
) -> TokenStream {
    let mut parsed: ItemStruct = match syn::parse2(item.clone()) {
        Ok(parsed) => parsed,
        Err(error) => {
            diagnostics.push(error);
            return item;
        }
    };
    let endpoint = endpoint.map(|args| (args, Parts::take(&mut parsed.fields, args, diagnostics)));
    let checked = check_struct::check(parsed, diagnostics);
    let item = &checked.item;
    if diagnostics.is_empty() {
        let written = expand_struct::expand(&checked);
        let asked = endpoint.map(|(args, parts)| endpoint::expand(item, args, &parts, krate));
        quote!(#written #asked)
    } else {
        let written = expand_struct::skeleton(&checked);
        let asked = endpoint.map(|_| endpoint::skeleton(item, krate));
        quote!(#written #asked)
    }
}

fn refuse_trait(path: &Path, raw: &RawImpl, diagnostics: &mut Diagnostics) {
    let ty = crate::text::of(&raw.header.self_ty);
    let is_ours = path.segments.last().is_some_and(|s| s.ident == "CredentialProvider");
    let fix = if is_ours {
        format!("write `impl {ty}`, or keep the trait's block and remove the attribute")
    } else {
        format!("put it on the block `impl {ty}` that has `authenticate`")
    };
    diagnostics.report(
        Code::TraitImpl,
        path,
        "the attribute writes the impl of `CredentialProvider` and goes on an inherent block",
        fix,
    );
}

/// What the attribute stands on.
enum Kind {
    Impl,
    Struct,
    /// Something else, by its keyword.
    Other(Ident),
}

impl Kind {
    fn of(input: ParseStream<'_>) -> syn::Result<Self> {
        input.call(Attribute::parse_outer)?;
        let _: Visibility = input.parse()?;
        // Qualifiers such as `unsafe`, `async` and `extern "C"` stand before the keyword.
        let kind = loop {
            if input.peek(Token![impl]) {
                break Self::Impl;
            }
            if input.peek(Token![struct]) {
                break Self::Struct;
            }
            if let Ok(keyword) = input.call(Ident::parse_any) {
                let name = keyword.to_string();
                let is_qualifier =
                    matches!(&*name, "async" | "auto" | "default" | "extern" | "unsafe");
                let is_const_fn =
                    name == "const" && (input.peek(Token![fn]) || input.peek(Token![unsafe]));
                if !(is_qualifier || is_const_fn) {
                    break Self::Other(keyword);
                }
            } else {
                let _: proc_macro2::TokenTree = input.parse()?;
            }
        };
        let _rest: TokenStream = input.parse()?;
        Ok(kind)
    }
}
