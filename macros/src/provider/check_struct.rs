//! Checks of an annotated struct: what it holds, and what may print it.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{
    Attribute, Field, Fields, ItemStruct, Meta, Path, Token, parse::Parser, punctuated::Punctuated,
};

use super::lifetimes::refuse_lifetimes;
use crate::{
    args::Args,
    conditional::{self, Conditional},
    diagnostic::{Code, Diagnostics},
    secrecy::{is_sealed, is_secret_type, mentions, names_secret, sealed},
};

/// A struct that can be expanded: the attribute's own marks are taken off its fields.
pub(super) struct CheckedStruct {
    pub(super) item: ItemStruct,
    /// How `Debug` shows each field, in order.
    pub(super) shown: Vec<Shown>,
}

/// How `Debug` shows a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    /// `***`: a secret, by its name or its type.
    Sealed,
    /// `..`: anything else.
    Hidden,
    /// Its own `Debug`: the field is marked `public`.
    Public,
}

/// Checks the struct. After faults the result leaves out what they are about, so that its code
/// raises no second error.
pub(super) fn check(mut item: ItemStruct, diagnostics: &mut Diagnostics) -> CheckedStruct {
    refuse_lifetimes(&item.generics, diagnostics);
    refuse_display(&mut item, diagnostics);
    refuse_printing(&mut item.attrs, diagnostics);
    // The fields of a tuple struct have no names, so the struct's own name speaks for them.
    let unnamed_is_secret =
        matches!(item.fields, Fields::Unnamed(_)) && is_secret_type(&item.ident);
    let shown = item
        .fields
        .iter_mut()
        .map(|field| {
            let mark = take_mark(field, diagnostics);
            let secret = field.ident.as_ref().map_or(unnamed_is_secret, names_secret);
            if secret && mark == Mark::None {
                refuse_plain(field, diagnostics);
            }
            match (mark, secret || is_sealed(&field.ty)) {
                (Mark::Public, _) => Shown::Public,
                (_, true) => Shown::Sealed,
                (_, false) => Shown::Hidden,
            }
        })
        .collect();
    CheckedStruct { item, shown }
}

fn refuse_plain(field: &Field, diagnostics: &mut Diagnostics) {
    let Some(sealed) = sealed(&field.ty) else { return };
    let fact = field.ident.as_ref().map_or_else(
        || "this struct looks like a secret and holds it in the clear".to_owned(),
        |ident| format!("`{ident}` looks like a secret and is held in the clear"),
    );
    let sealed = crate::text::of(sealed);
    diagnostics.report(
        Code::PlainSecret,
        &field.ty,
        fact,
        format!("write `{sealed}`; if it is no secret, mark it `#[credential_provider(public)]`"),
    );
}

/// What a field is marked as.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    None,
    Public,
    /// Something that was reported. What the field holds is no second fault.
    Unknown,
}

/// Takes `#[credential_provider(public)]` off a field and says what was there.
fn take_mark(field: &mut Field, diagnostics: &mut Diagnostics) -> Mark {
    let is_ours = |attr: &Attribute| {
        attr.path().segments.last().is_some_and(|s| s.ident == "credential_provider")
    };
    let mut mark = Mark::None;
    for attr in field.attrs.extract_if(.., |attr| is_ours(attr)) {
        let tokens = match attr.meta {
            Meta::List(list) => list.tokens,
            Meta::Path(_) | Meta::NameValue(_) => {
                diagnostics.report(
                    Code::InvalidArgument,
                    &attr,
                    "on a field the attribute needs its argument",
                    "write `#[credential_provider(public)]`",
                );
                mark = Mark::Unknown;
                continue;
            }
        };
        let mut args = Args::parse("`credential_provider` on a field", tokens, diagnostics);
        mark = match args.flag("public", diagnostics) {
            Some(_) => Mark::Public,
            None => Mark::Unknown,
        };
        args.finish(diagnostics);
    }
    for Conditional { meta, .. } in conditional::take(&mut field.attrs, &["credential_provider"]) {
        diagnostics.report(
            Code::InvalidArgument,
            &meta,
            "whether a field is shown does not hang on a configuration",
            "write `#[credential_provider(public)]` without `cfg_attr`",
        );
        mark = Mark::Unknown;
    }
    mark
}

/// Refuses derives that print or write out what the struct holds, and takes them off.
fn refuse_printing(attrs: &mut [Attribute], diagnostics: &mut Diagnostics) {
    for attr in attrs {
        if let Meta::List(list) = &mut attr.meta {
            refuse_printing_in(&list.path, &mut list.tokens, diagnostics);
        }
    }
}

/// Refuses `#[display(..)]`, which a derive of `Display` above the attribute leaves behind, and takes it
/// off.
fn refuse_display(item: &mut ItemStruct, diagnostics: &mut Diagnostics) {
    let fields = item.fields.iter_mut().map(|field| &mut field.attrs);
    let found: Vec<Attribute> = std::iter::once(&mut item.attrs)
        .chain(fields)
        .flat_map(|attrs| attrs.extract_if(.., |attr| attr.path().is_ident("display")))
        .collect();
    // A derive that is in sight is reported itself.
    let is_derived = item.attrs.iter().any(|attr| {
        attr.meta.path().is_ident("derive") && mentions(attr, |name| name == "Display")
    });
    // Several are of one derive.
    if let (Some(attr), false) = (found.first(), is_derived) {
        diagnostics.report(
            Code::PrintingDerive,
            attr,
            "a provider holds credentials and must not be printed or serialized",
            "remove this attribute and the derive of `Display`; put what may be written out into a \
             struct of its own",
        );
    }
}

/// Looks for refused derives in the list `path(tokens)`, also behind `cfg_attr`.
fn refuse_printing_in(path: &Path, tokens: &mut TokenStream, diagnostics: &mut Diagnostics) {
    if path.is_ident("derive") {
        let list = Punctuated::<Path, Token![,]>::parse_terminated.parse2(tokens.clone());
        if let Ok(derives) = list {
            let kept: Punctuated<Path, Token![,]> =
                derives.into_iter().filter(|derive| !refuse_derive(derive, diagnostics)).collect();
            *tokens = kept.into_token_stream();
        }
    } else if path.is_ident("cfg_attr") {
        let list = Punctuated::<Meta, Token![,]>::parse_terminated.parse2(tokens.clone());
        if let Ok(mut metas) = list {
            for meta in metas.iter_mut().skip(1) {
                if let Meta::List(inner) = meta {
                    refuse_printing_in(&inner.path, &mut inner.tokens, diagnostics);
                }
            }
            *tokens = metas.into_token_stream();
        }
    }
}

/// Reports a derive that prints or writes out fields.
fn refuse_derive(derive: &Path, diagnostics: &mut Diagnostics) -> bool {
    let Some(name) = derive.segments.last().map(|segment| segment.ident.to_string()) else {
        return false;
    };
    let (fact, fix) = match &*name {
        "Debug" => (
            "`#[credential_provider]` writes a `Debug` that hides what the provider holds",
            "remove this derive; mark fields that may be shown `#[credential_provider(public)]`",
        ),
        "Display" | "Serialize" | "SerializeDisplay" | "Valuable" => (
            "a provider holds credentials and must not be printed or serialized",
            "remove this derive; put what may be written out into a struct of its own",
        ),
        _ => return false,
    };
    diagnostics.report(Code::PrintingDerive, derive, fact, fix);
    true
}
