//! Generated code names `crate`, `credwire_core`, `serde`, `serde_json` and `std`. In the crate of a
//! user these are elsewhere.

use proc_macro2::{Delimiter, Group, Ident, Literal, Spacing, TokenStream, TokenTree};
use quote::{ToTokens, quote};

use crate::crate_path::CratePath;

/// The same code for a module of any crate that finds credwire at `krate`.
pub(super) fn relocate(tokens: TokenStream, krate: &CratePath) -> TokenStream {
    let mut relocated = TokenStream::new();
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut index = 0;
    // Whether a path goes on here, so that a name is not its first.
    let mut within_path = false;
    while let Some(token) = tokens.get(index) {
        let rest = tokens.get(index + 1..).unwrap_or_default();
        index += 1;
        match token {
            TokenTree::Ident(name) if !within_path && is_separator(rest) => {
                let (path, taken) = first(name, rest, krate);
                relocated.extend(path);
                index += taken;
            }
            TokenTree::Ident(name) if !within_path && is_macro(name, rest) => {
                relocated.extend(quote!(::std::#name));
            }
            TokenTree::Group(group) => {
                let inner = relocate(group.stream(), krate);
                let mut made = Group::new(group.delimiter(), inner);
                made.set_span(group.span());
                relocated.extend([TokenTree::Group(made)]);
                relocated.extend(serde_crate(group, krate));
            }
            TokenTree::Literal(literal) => relocated.extend([text(literal, krate)]),
            other => relocated.extend([other.clone()]),
        }
        within_path = matches!(token, TokenTree::Punct(punct) if punct.as_char() == ':')
            && matches!(tokens.get(index.wrapping_sub(2)), Some(TokenTree::Punct(before))
                if before.as_char() == ':' && before.spacing() == Spacing::Joint);
    }
    relocated
}

/// Whether `::` comes next.
fn is_separator(rest: &[TokenTree]) -> bool {
    matches!(rest, [TokenTree::Punct(one), TokenTree::Punct(two), ..]
        if one.as_char() == ':' && one.spacing() == Spacing::Joint && two.as_char() == ':')
}

/// Whether a macro of the standard library is called: without a prelude its name alone is none.
fn is_macro(name: &Ident, rest: &[TokenTree]) -> bool {
    ["format", "matches", "vec", "write"].iter().any(|known| name == known)
        && matches!(rest, [TokenTree::Punct(one), TokenTree::Group(_), ..] if one.as_char() == '!')
}

/// What the first name of a path becomes, and how many tokens after it are taken along.
fn first(name: &Ident, rest: &[TokenTree], krate: &CratePath) -> (TokenStream, usize) {
    match name.to_string().as_str() {
        // The types themselves are neighbours.
        "crate" => (TokenStream::new(), 2),
        "credwire_core" => match rest.get(2) {
            Some(TokenTree::Ident(next)) if next == "support" => (quote!(#krate::__private), 3),
            _ => (quote!(#krate), 0),
        },
        "serde" | "serde_json" => (quote!(#krate::__private::#name), 0),
        "std" => (quote!(::std), 0),
        _ => (name.to_token_stream(), 0),
    }
}

/// Paths in the attributes of serde.
fn text(literal: &Literal, krate: &CratePath) -> TokenTree {
    let written = literal.to_string();
    let Some(inner) = written.strip_prefix('"').and_then(|text| text.strip_suffix('"')) else {
        return literal.clone().into();
    };
    let private = format!("{}::__private", shown(krate));
    let text = match inner.strip_prefix("credwire_core::support::") {
        Some(path) => format!("{private}::{path}"),
        None if inner.contains(": serde::Deserialize<'de>") => {
            inner.replace(": serde::", &format!(": {private}::serde::"))
        }
        _ => return literal.clone().into(),
    };
    Literal::string(&text).into()
}

/// After `#[derive(..)]` of serde's traits: where serde is.
fn serde_crate(group: &Group, krate: &CratePath) -> TokenStream {
    let mut inner = group.stream().into_iter();
    let derives = group.delimiter() == Delimiter::Bracket
        && matches!(inner.next(), Some(TokenTree::Ident(name)) if name == "derive")
        && group.stream().to_string().replace(' ', "").contains("serde::");
    if !derives {
        return TokenStream::new();
    }
    let path = format!("{}::__private::serde", shown(krate));
    quote!(#[serde(crate = #path)])
}

fn shown(krate: &CratePath) -> String {
    krate.to_token_stream().to_string().replace(' ', "")
}
