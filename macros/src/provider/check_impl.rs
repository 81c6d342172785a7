//! Checks of an annotated impl block. What passes is a [`CheckedImpl`]; the emitter needs no more.

use proc_macro2::Span;
use syn::{
    Attribute, GenericArgument, Generics, PathArguments, ReturnType, Signature, Type, TypePath,
    parse_quote, spanned::Spanned,
};

use super::{
    lifetimes::{refuse_lifetimes, refuse_open_parameters, refuse_unnamed_lifetimes},
    method::Method,
    raw_impl::{RawImpl, RawMethod},
    signature::{self, typed_inputs},
};
use crate::{
    crate_path::CratePath,
    diagnostic::{Code, Diagnostics},
    shape::plain,
};
use credwire_schema::suggest::nearest;

/// A block that can be expanded.
pub(super) struct CheckedImpl {
    /// Attributes that also hold for the trait's block: `cfg` and lint levels.
    pub(super) attrs: Vec<Attribute>,
    pub(super) generics: Generics,
    pub(super) self_ty: Type,
    /// At least one; more when each of them has a `cfg`.
    pub(super) authenticate: Vec<Provided>,
    pub(super) refresh: Vec<Provided>,
}

/// A method of the trait that the block provides.
pub(super) struct Provided {
    /// Attributes that also hold for the trait's method: `cfg` and documentation.
    pub(super) attrs: Vec<Attribute>,
    /// Where its name stands.
    pub(super) name: Span,
    /// Where the type of its context stands, when it has one.
    pub(super) context: Option<Span>,
    /// The conditions of its parameters, of which one is the context where any holds.
    pub(super) choices: Vec<Vec<Attribute>>,
    /// Where its return type stands.
    pub(super) output: Span,
    /// Where the error of its return type stands.
    pub(super) error: Span,
    /// Whether its return type is the trait's, by its names.
    pub(super) has_the_traits_result: bool,
    /// The error of its return type, where its name stands alone and may be that of another type.
    pub(super) bare_error: Option<Type>,
    /// Whether it returns an `Option` with the future itself.
    pub(super) returns_option: bool,
}

/// Checks the whole block and reports every fault; the result is of use when there is none.
pub(super) fn check(
    raw: &RawImpl,
    krate: &CratePath,
    diagnostics: &mut Diagnostics,
) -> CheckedImpl {
    let header = &raw.header;
    refuse_lifetimes(&header.generics, diagnostics);
    refuse_unnamed_lifetimes(&header.self_ty, diagnostics);
    refuse_open_parameters(&header.generics, diagnostics);

    let mut checked = CheckedImpl {
        attrs: header.attrs.iter().filter(|attr| holds_for_both(attr)).cloned().collect(),
        generics: header.generics.clone(),
        self_ty: (*header.self_ty).clone(),
        authenticate: Vec::new(),
        refresh: Vec::new(),
    };
    for method in raw.methods() {
        let Some(known) = method.known else { continue };
        signature::check(known, method, diagnostics);
        match known {
            Method::Authenticate => checked.authenticate.push(provided(method, krate)),
            Method::Refresh => checked.refresh.push(provided(method, krate)),
        }
    }
    check_presence(raw, &checked, diagnostics);
    checked
}

/// The methods that repeat an earlier one of the trait.
pub(super) fn is_repeated(raw: &RawImpl, method: &RawMethod) -> bool {
    let is_other =
        |other: &RawMethod| other.known == method.known && !(is_cfg(other) && is_cfg(method));
    method.known.is_some()
        && raw.methods().take_while(|other| !std::ptr::eq(*other, method)).any(is_other)
}

fn is_cfg(method: &RawMethod) -> bool {
    method.attrs.iter().any(|attr| attr.path().is_ident("cfg"))
}

fn holds_for_both(attr: &Attribute) -> bool {
    ["cfg", "allow", "warn", "deny", "forbid"].iter().any(|name| attr.path().is_ident(name))
}

fn provided(method: &RawMethod, krate: &CratePath) -> Provided {
    let kept = |attr: &&Attribute| attr.path().is_ident("cfg") || attr.path().is_ident("doc");
    let is_deprecated = method.attrs.iter().any(|attr| attr.path().is_ident("deprecated"));
    // The trait's method calls it whatever the user says about it.
    let allowed = is_deprecated.then(|| parse_quote!(#[allow(deprecated)]));
    let output = match &method.sig.output {
        ReturnType::Default => method.sig.ident.span(),
        ReturnType::Type(_, ty) => ty.span(),
    };
    let arguments = result_arguments(&method.sig.output);
    let context = typed_inputs(&method.sig).next().map(|context| context.ty.span());
    Provided {
        attrs: method.attrs.iter().filter(kept).cloned().chain(allowed).collect(),
        name: method.sig.ident.span(),
        context,
        output,
        choices: typed_inputs(&method.sig)
            .map(|input| signature::cfgs(&input.attrs).cloned().collect::<Vec<_>>())
            .filter(|cfgs| !cfgs.is_empty())
            .collect(),
        has_the_traits_result: matches!(&*arguments, [credential, error]
            if is_ours(credential, "SdkCredential", krate)
                && is_ours(error, "CredentialError", krate)),
        bare_error: arguments.get(1).filter(|error| is_bare(error)).map(|error| (*error).clone()),
        error: arguments.get(1).map_or(output, |error| error.span()),
        returns_option: signature::returns_optional_future(&method.sig),
    }
}

/// The arguments of `Result<..>`.
fn result_arguments(output: &ReturnType) -> Vec<&Type> {
    let ReturnType::Type(_, ty) = output else { return Vec::new() };
    let Type::Path(TypePath { path, .. }) = plain(ty) else { return Vec::new() };
    match path.segments.last().map(|segment| (&segment.ident, &segment.arguments)) {
        Some((name, PathArguments::AngleBracketed(arguments))) if name == "Result" => arguments
            .args
            .iter()
            .filter_map(|argument| match argument {
                GenericArgument::Type(ty) => Some(ty),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// Whether a type is a name without a path.
fn is_bare(ty: &Type) -> bool {
    matches!(plain(ty), Type::Path(TypePath { path, .. }) if path.segments.len() == 1)
}

/// Whether a type is credwire's `name`, by its path: the name alone, or behind the name of the crate.
/// Behind any other module stands a type of the user that has the same name.
fn is_ours(ty: &Type, name: &str, krate: &CratePath) -> bool {
    let Type::Path(TypePath { path, .. }) = plain(ty) else { return false };
    let mut segments = path.segments.iter().rev().map(|segment| &segment.ident);
    let last = krate.path().segments.last().map(|segment| &segment.ident);
    segments.next().is_some_and(|ident| ident == name)
        && segments.next().is_none_or(|module| Some(module) == last || module == "credwire")
}

/// Whether the methods that must be there are, once each, under their right names.
fn check_presence(raw: &RawImpl, checked: &CheckedImpl, diagnostics: &mut Diagnostics) {
    for method in raw.methods().filter(|method| is_repeated(raw, method)) {
        let ident = &method.sig.ident;
        diagnostics.report(
            Code::DuplicateMethod,
            ident,
            format!("`{ident}` is written twice"),
            "keep one of them, or give each its own `#[cfg(..)]`",
        );
    }
    let absent = [
        (Method::Authenticate, checked.authenticate.is_empty()),
        (Method::Refresh, checked.refresh.is_empty()),
    ];
    for (known, _) in absent.into_iter().filter(|(_, absent)| *absent) {
        if let Some(method) = raw.methods().find(|method| is_misspelt(&method.sig, known)) {
            let ident = &method.sig.ident;
            diagnostics.report(
                Code::MisspeltMethod,
                ident,
                format!("`{ident}` is no method of a credential provider"),
                format!(
                    "did you mean `{}`? A helper of that name belongs in an impl block \
                     without the attribute",
                    known.name()
                ),
            );
        } else if known == Method::Authenticate {
            diagnostics.report(
                Code::MissingAuthenticate,
                &raw.header.self_ty,
                format!(
                    "`{}` does not say how to authenticate",
                    crate::text::of(&raw.header.self_ty)
                ),
                format!("add `{} {{ .. }}` to this block", known.signature()),
            );
        }
    }
}

/// Whether a method is very likely meant to be `known`: its name is near, and it is no plain
/// helper.
fn is_misspelt(sig: &Signature, known: Method) -> bool {
    let name = sig.ident.to_string();
    let plain = name.to_lowercase().replace('_', "");
    let near = plain == known.name() || nearest(&plain, [known.name()]).is_some();
    let is_its_own_word = name.contains(known.name());
    near && !is_its_own_word && sig.asyncness.is_some() && sig.receiver().is_some()
}
