//! Generated code names `crate`, `credwire_core`, `futures_core`, `serde`, `serde_json` and `std`. In
//! the crate of a user these are elsewhere.

use proc_macro2::{Delimiter, Group, Ident, Literal, Spacing, TokenStream, TokenTree};
use quote::{ToTokens, quote};

/// Where generated code finds what it names.
#[derive(Clone, Debug)]
pub struct Locations {
    /// The path of the module with the generated types; empty where they are neighbours.
    pub types: TokenStream,
    /// The path of a crate that re-exports what the code stands on, `credwire` for one; without it
    /// the crates themselves are named.
    pub support: Option<TokenStream>,
}

/// Returns the same code for another place.
#[must_use]
pub fn relocate(tokens: TokenStream, locations: &Locations) -> TokenStream {
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
                let (path, taken) = first(name, rest, locations);
                relocated.extend(path);
                index += taken;
            }
            TokenTree::Ident(name)
                if locations.support.is_some() && !within_path && is_macro(name, rest) =>
            {
                relocated.extend(quote!(::std::#name));
            }
            TokenTree::Group(group) => {
                let inner = relocate(group.stream(), locations);
                let mut made = Group::new(group.delimiter(), inner);
                made.set_span(group.span());
                relocated.extend([TokenTree::Group(made)]);
                if let Some(support) = &locations.support {
                    relocated.extend(serde_crate(group, support));
                }
            }
            TokenTree::Literal(literal) => {
                let support = locations.support.as_ref();
                relocated.extend([
                    support.map_or_else(|| literal.clone().into(), |path| text(literal, path))
                ]);
            }
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
fn first(name: &Ident, rest: &[TokenTree], locations: &Locations) -> (TokenStream, usize) {
    let Locations { types, support } = locations;
    match (name.to_string().as_str(), support) {
        ("crate", _) if types.is_empty() => (TokenStream::new(), 2),
        ("crate", _) => (types.clone(), 0),
        ("credwire_core", Some(support)) => match rest.get(2) {
            Some(TokenTree::Ident(next)) if next == "support" => (quote!(#support::__private), 3),
            _ => (support.clone(), 0),
        },
        ("futures_core" | "serde" | "serde_json", Some(support)) => {
            (quote!(#support::__private::#name), 0)
        }
        ("std", Some(_)) => (quote!(::std), 0),
        _ => (name.to_token_stream(), 0),
    }
}

/// Paths in the attributes of serde.
fn text(literal: &Literal, support: &TokenStream) -> TokenTree {
    let written = literal.to_string();
    let Some(inner) = written.strip_prefix('"').and_then(|text| text.strip_suffix('"')) else {
        return literal.clone().into();
    };
    let private = format!("{}::__private", shown(support));
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
fn serde_crate(group: &Group, support: &TokenStream) -> TokenStream {
    let mut inner = group.stream().into_iter();
    let derives = group.delimiter() == Delimiter::Bracket
        && matches!(inner.next(), Some(TokenTree::Ident(name)) if name == "derive")
        && group.stream().to_string().replace(' ', "").contains("serde::");
    if !derives {
        return TokenStream::new();
    }
    let path = format!("{}::__private::serde", shown(support));
    quote!(#[serde(crate = #path)])
}

fn shown(support: &TokenStream) -> String {
    support.to_string().replace(' ', "")
}
