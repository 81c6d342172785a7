//! `#[credential_provider]`.

mod check_impl;
mod check_struct;
mod endpoint;
mod error;
mod expand_impl;
mod expand_struct;
mod lifetimes;
mod method;
mod raw_impl;
mod signature;
#[cfg(test)]
mod tests;
mod twin;

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use quote::quote;
use syn::{ItemStruct, Path};

use self::{
    endpoint::{EndpointArgs, Parts},
    error::ErrorConversion,
    raw_impl::RawImpl,
};
use crate::{
    args::Args,
    crate_path::CratePath,
    diagnostic::{Code, Diagnostics},
};

/// Expands `#[credential_provider(args)] item`.
pub(crate) fn expand(args: TokenStream, item: TokenStream) -> TokenStream {
    let item = ungrouped(item);
    let kind = Kind::of(&item);
    let mut diagnostics = Diagnostics::default();
    let written = args.clone();
    let mut args = Args::parse("`credential_provider`", args, &mut diagnostics);
    let krate = args.crate_path(&mut diagnostics);

    let expansion = match kind {
        Some(Kind::Impl) => {
            EndpointArgs::refuse(&mut args, &mut diagnostics);
            let error = ErrorConversion::take(&mut args, &mut diagnostics);
            args.finish(&mut diagnostics);
            expand_impl(item, error.as_ref(), &krate, &mut diagnostics)
        }
        Some(Kind::Struct) => {
            // The marks of its fields would otherwise be told as faults of their own.
            args.recover("endpoint", &written);
            let endpoint = EndpointArgs::take(&mut args, &mut diagnostics);
            args.finish(&mut diagnostics);
            expand_struct(item.into_iter().collect(), endpoint.as_ref(), &krate, &mut diagnostics)
        }
        Some(Kind::Other(keyword)) => {
            diagnostics.report(
                Code::UnsupportedItem,
                &keyword,
                format!("the attribute does not go on `{keyword}`"),
                "put the attribute on a struct, and on the impl block that has `authenticate`",
            );
            item.into_iter().collect()
        }
        None => item.into_iter().collect(),
    };
    if diagnostics.is_empty() {
        return expansion;
    }
    let errors = diagnostics.into_tokens();
    quote!(#expansion #errors)
}

/// The tokens of `item` without the invisible group that a `macro_rules!` fragment comes in.
fn ungrouped(item: TokenStream) -> Vec<TokenTree> {
    let trees: Vec<TokenTree> = item.into_iter().collect();
    match trees.as_slice() {
        [TokenTree::Group(group)] if group.delimiter() == Delimiter::None => {
            group.stream().into_iter().collect()
        }
        _ => trees,
    }
}

fn expand_impl(
    item: Vec<TokenTree>,
    error: Option<&ErrorConversion>,
    krate: &CratePath,
    diagnostics: &mut Diagnostics,
) -> TokenStream {
    let mut raw = match RawImpl::parse(item.clone()) {
        Ok(raw) => raw,
        Err(error) => {
            diagnostics.push(error);
            return item.into_iter().collect();
        }
    };
    if let Some((path, _)) = &raw.header.trait_ {
        refuse_trait(path, &raw, diagnostics);
        return raw.tokens();
    }
    if twin::is_second(&raw) {
        let ty = crate::text::of(&raw.header.self_ty);
        diagnostics.report(
            Code::SecondBlock,
            &raw.header.self_ty,
            format!("`{ty}` has a block with this attribute already"),
            "keep `authenticate` and `refresh` in one of them; other methods need no attribute",
        );
        return expand_impl::helpers(&raw);
    }
    refuse_async_trait(&mut raw, diagnostics);
    let checked = check_impl::check(&raw, krate, diagnostics);
    if diagnostics.is_empty() {
        expand_impl::expand(&raw, &checked, error, krate)
    } else if !krate.is_known() || checked.authenticate.is_empty() && !checked.refresh.is_empty() {
        // Another block may have `authenticate`, and a second impl beside its own would be told as
        // another fault.
        raw.tokens()
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
    let mut parsed: ItemStruct = match crate::parse::all(item.clone()) {
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
        let written = expand_struct::expand(&checked, krate);
        let asked = endpoint.map(|(args, parts)| endpoint::expand(item, args, &parts, krate));
        quote!(#written #asked)
    } else {
        let written = expand_struct::skeleton(&checked);
        let asked = endpoint.filter(|_| krate.is_known()).map(|_| endpoint::skeleton(item, krate));
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

/// Refuses `#[async_trait]`, which this attribute takes the place of, and takes it off.
fn refuse_async_trait(raw: &mut RawImpl, diagnostics: &mut Diagnostics) {
    for attr in raw.take_attributes("async_trait") {
        diagnostics.report(
            Code::AsyncTrait,
            &attr,
            "the attribute makes methods of a trait of these async functions by itself",
            "remove `#[async_trait]`",
        );
    }
}

/// What the attribute stands on.
enum Kind {
    Impl,
    Struct,
    /// Something else, by its keyword.
    Other(Ident),
}

impl Kind {
    /// Looks at the keyword of an item; nothing before it is one: attributes and `pub(..)` are
    /// skipped over as trees, and qualifiers such as `unsafe extern "C"` by name.
    fn of(item: &[TokenTree]) -> Option<Self> {
        let mut idents = item.iter().filter_map(|tree| match tree {
            TokenTree::Ident(ident) => Some(ident),
            _ => None,
        });
        let mut keyword = idents.next()?;
        let qualifiers = ["pub", "async", "auto", "default", "extern", "unsafe"];
        loop {
            let next = if keyword == "const" {
                idents
                    .next()
                    .filter(|next| ["fn", "async", "unsafe", "extern"].iter().any(|q| next == q))
            } else if qualifiers.iter().any(|qualifier| keyword == qualifier) {
                idents.next()
            } else {
                None
            };
            match next {
                Some(next) => keyword = next,
                None => break,
            }
        }
        Some(match &*keyword.to_string() {
            "impl" => Self::Impl,
            "struct" => Self::Struct,
            _ => Self::Other(keyword.clone()),
        })
    }
}
