//! Arguments of an attribute: each taken by name, the rest refused with a suggestion.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::{
    Expr, ExprLit, Lit, LitStr, Meta, Token,
    parse::{Parse, Parser},
    punctuated::Punctuated,
    spanned::Spanned,
};

use crate::{
    crate_path::CratePath,
    diagnostic::{Code, Diagnostics},
    suggest::nearest,
};

/// The arguments in the parentheses of one attribute. [`Args::finish`] must come last: it refuses
/// what nobody took.
#[must_use]
pub(crate) struct Args {
    attribute: &'static str,
    left: Vec<Meta>,
    known: Vec<&'static str>,
}

impl Args {
    /// Reads `tokens`, the inside of the parentheses of an attribute that messages call
    /// `attribute`.
    pub(crate) fn parse(
        attribute: &'static str,
        tokens: TokenStream,
        diagnostics: &mut Diagnostics,
    ) -> Self {
        let parsed = Punctuated::<Meta, Token![,]>::parse_terminated.parse2(tokens);
        let left = parsed.map(|metas| metas.into_iter().collect()).unwrap_or_else(|error| {
            diagnostics.push(syn::Error::new(
                error.span(),
                format!(
                    "the arguments of {attribute} cannot be read: {error} [{}]\n\
                     help: write `name` or `name = \"value\"`, with commas between them",
                    Code::InvalidArgument.as_str()
                ),
            ));
            Vec::new()
        });
        Self { attribute, left, known: Vec::new() }
    }

    /// Takes the argument `name`; a second one of that name is refused.
    pub(crate) fn take(
        &mut self,
        name: &'static str,
        diagnostics: &mut Diagnostics,
    ) -> Option<Meta> {
        self.known.push(name);
        let mut first = None;
        for meta in self.left.extract_if(.., |meta| meta.path().is_ident(name)) {
            if first.is_none() {
                first = Some(meta);
            } else {
                diagnostics.report(
                    Code::DuplicateArgument,
                    meta,
                    format!("`{name}` is given twice"),
                    "keep one of them",
                );
            }
        }
        first
    }

    /// Takes the argument `name`, which stands alone.
    pub(crate) fn flag(
        &mut self,
        name: &'static str,
        diagnostics: &mut Diagnostics,
    ) -> Option<Span> {
        let meta = self.take(name, diagnostics)?;
        if !matches!(meta, Meta::Path(_)) {
            diagnostics.report(
                Code::InvalidArgument,
                &meta,
                format!("`{name}` takes no value"),
                format!("write `{name}` alone"),
            );
        }
        Some(meta.span())
    }

    /// Takes the argument `name = ".."`.
    pub(crate) fn string(
        &mut self,
        name: &'static str,
        diagnostics: &mut Diagnostics,
    ) -> Option<LitStr> {
        let meta = self.take(name, diagnostics)?;
        let literal = string_value(&meta).cloned();
        if literal.is_none() {
            diagnostics.report(
                Code::InvalidArgument,
                &meta,
                format!("`{name}` takes a string"),
                format!("write `{name} = \"..\"`"),
            );
        }
        literal
    }

    /// Takes the argument `name = ".."` whose string holds Rust: `what`, such as `example`.
    pub(crate) fn parsed<T: Parse>(
        &mut self,
        name: &'static str,
        what: &str,
        example: &str,
        diagnostics: &mut Diagnostics,
    ) -> Option<T> {
        let literal = self.string(name, diagnostics)?;
        match literal.parse() {
            Ok(value) => Some(value),
            Err(_) => {
                diagnostics.report(
                    Code::InvalidArgument,
                    &literal,
                    format!("`{name}` must hold {what}"),
                    format!("write `{name} = \"{example}\"`"),
                );
                None
            }
        }
    }

    /// Takes `crate = ".."`.
    pub(crate) fn crate_path(&mut self, diagnostics: &mut Diagnostics) -> CratePath {
        self.parsed("crate", "the path of the credwire crate", "::credwire", diagnostics)
            .map(CratePath::new)
            .unwrap_or_default()
    }

    /// Refuses every argument that was not taken.
    pub(crate) fn finish(self, diagnostics: &mut Diagnostics) {
        for meta in self.left {
            let written = meta.path().to_token_stream().to_string();
            let fix = match nearest(&written, self.known.iter().copied()) {
                Some(name) => format!("did you mean `{name}`?"),
                None => format!("known here: {}", listed(&self.known)),
            };
            diagnostics.report(
                Code::UnknownArgument,
                meta.path(),
                format!("{} has no argument `{written}`", self.attribute),
                fix,
            );
        }
    }
}

/// The string of `name = "string"`.
fn string_value(meta: &Meta) -> Option<&LitStr> {
    let Meta::NameValue(pair) = meta else { return None };
    match &pair.value {
        Expr::Lit(ExprLit { lit: Lit::Str(literal), .. }) => Some(literal),
        _ => None,
    }
}

fn listed(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    fn messages(tokens: TokenStream) -> Vec<String> {
        let mut diagnostics = Diagnostics::default();
        let mut args = Args::parse("`sample`", tokens, &mut diagnostics);
        args.crate_path(&mut diagnostics);
        args.flag("public", &mut diagnostics);
        args.finish(&mut diagnostics);
        diagnostics.messages()
    }

    #[test]
    fn known_arguments_pass() {
        for tokens in [quote!(), quote!(public), quote!(crate = "a::b", public,)] {
            assert_eq!(messages(tokens), Vec::<String>::new());
        }
    }

    #[test]
    fn every_fault_is_reported() {
        let found = messages(quote!(crat = "x", colour, public = 1, public));
        assert_eq!(
            found,
            [
                "`public` is given twice [duplicate-argument]\nhelp: keep one of them",
                "`public` takes no value [invalid-argument]\nhelp: write `public` alone",
                "`sample` has no argument `crat` [unknown-argument]\nhelp: did you mean `crate`?",
                "`sample` has no argument `colour` [unknown-argument]\n\
                 help: known here: `crate`, `public`",
            ]
        );
    }

    #[test]
    fn a_path_that_is_no_path_is_refused() {
        assert_eq!(
            messages(quote!(crate = "a b")),
            ["`crate` must hold the path of the credwire crate [invalid-argument]\n\
              help: write `crate = \"::credwire\"`"]
        );
        assert_eq!(
            messages(quote!(crate)),
            ["`crate` takes a string [invalid-argument]\nhelp: write `crate = \"..\"`"]
        );
    }

    #[test]
    fn text_that_is_no_list_is_refused_once() {
        let found = messages(quote!(public public));
        assert_eq!(found.len(), 1);
        assert!(found[0].contains("[invalid-argument]"), "{found:?}");
    }
}
