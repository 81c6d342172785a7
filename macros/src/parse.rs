//! Parsing of tokens whose end has a place.

use proc_macro2::{Delimiter, Group, Span, TokenStream};
use quote::ToTokens;
use syn::parse::{Parse, ParseStream, Parser};

/// Parses all of `tokens` with `parse`. What ends too soon is reported at its last token, where the
/// parser alone would report the macro as a whole.
pub(crate) fn all_with<T>(
    tokens: TokenStream,
    parse: impl FnOnce(ParseStream<'_>) -> syn::Result<T>,
) -> syn::Result<T> {
    let end = tokens.clone().into_iter().last().map_or_else(Span::call_site, |last| last.span());
    inside(braced(tokens, end), parse)
}

/// Parses all that stands in `braces` with `parse`; it ends where they do.
pub(crate) fn inside<T>(
    braces: Group,
    parse: impl FnOnce(ParseStream<'_>) -> syn::Result<T>,
) -> syn::Result<T> {
    let inside = |input: ParseStream<'_>| {
        let inner;
        syn::braced!(inner in input);
        let parsed = parse(&inner)?;
        if inner.is_empty() { Ok(parsed) } else { Err(inner.error("unexpected token")) }
    };
    inside.parse2(braces.into_token_stream())
}

/// Braces around `tokens` whose end stands at `end`.
pub(crate) fn braced(tokens: TokenStream, end: Span) -> Group {
    let mut braces = Group::new(Delimiter::Brace, tokens);
    braces.set_span(end);
    braces
}

/// Parses all of `tokens`.
pub(crate) fn all<T: Parse>(tokens: TokenStream) -> syn::Result<T> {
    all_with(tokens, |input| input.parse())
}
