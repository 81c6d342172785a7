//! What generators give: code, and reports of what has no Rust form.

use credwire_schema::diagnostic::{Diagnostic, Place};
use proc_macro2::TokenStream;
use syn::{Ident, ext::IdentExt as _};

use crate::{
    names,
    printer::{self, PrintError},
    relocate::{Locations, relocate},
    ty::{Inexpressible, Ty},
};

/// The code of one item.
#[derive(Default)]
pub(crate) struct Emitted {
    /// The public names in it.
    pub(crate) exports: Vec<Ident>,
    pub(crate) body: TokenStream,
    /// What it adds to the trait of the SDK, by name.
    pub(crate) sdk: Vec<(Ident, TokenStream)>,
}

impl Emitted {
    pub(crate) fn new(exports: Vec<Ident>, body: TokenStream) -> Self {
        Self { exports, body, sdk: Vec::new() }
    }
}

/// Code while the code of other items is made.
pub(crate) enum Code {
    Tokens(TokenStream),
    /// As it stands in the file.
    Text(Result<String, PrintError>),
}

/// What becomes of the tokens of an item.
pub(crate) enum Keep<'a> {
    Tokens,
    /// Text for the given places: tokens take many times its memory.
    Text(Option<&'a Locations>),
}

impl Keep<'_> {
    pub(crate) fn code(&self, tokens: TokenStream) -> Code {
        match self {
            Self::Tokens => Code::Tokens(tokens),
            Self::Text(_) => Code::Text(self.text(tokens)),
        }
    }

    /// The text of tokens.
    ///
    /// # Errors
    /// When they are no Rust that the printer knows, which would be a mistake of a generator.
    pub(crate) fn text(&self, tokens: TokenStream) -> Result<String, PrintError> {
        printer::print(match self {
            Self::Text(Some(locations)) => relocate(tokens, locations),
            _ => tokens,
        })
    }
}

/// A source file of the package.
pub(crate) struct SourceFile {
    pub(crate) path: String,
    /// What made it, which the header of the file names.
    pub(crate) source: String,
    /// What is in it before the code of items.
    pub(crate) start: TokenStream,
    /// The code of items, each below a comment with the documented name of its item.
    pub(crate) items: Vec<(String, Result<String, PrintError>)>,
}

/// What the generators could not express.
#[derive(Default)]
pub(crate) struct Problems {
    /// Why there is no code.
    pub(crate) errors: Vec<Diagnostic>,
    /// What is less in Rust than it is documented.
    pub(crate) simplified: Vec<Diagnostic>,
    /// How many types of members, parameters and results are any JSON value, or not there, for want of a Rust form.
    pub(crate) untyped: usize,
    /// Whether the item holds secrets and is generic: what a type parameter stands for cannot be asked
    /// whether it may be written as it is.
    pub(crate) generic_secrets: bool,
}

impl Problems {
    pub(crate) fn len(&self) -> usize {
        self.errors.len()
    }

    /// What was made of the item or member at `place`; the reason why nothing was is kept here.
    pub(crate) fn expressed<T>(
        &mut self,
        place: &Place,
        path: &str,
        result: Result<T, Inexpressible>,
    ) -> Option<T> {
        result.map_err(|Inexpressible(what)| self.inexpressible(place, path, &what)).ok()
    }

    /// The type of the member at `place`; any JSON value where it has no Rust form.
    pub(crate) fn or_json(
        &mut self,
        place: &Place,
        path: &str,
        result: Result<Ty, Inexpressible>,
    ) -> Ty {
        result.unwrap_or_else(|Inexpressible(what)| {
            self.untyped += 1;
            self.simplify(place, path, &format!("is any JSON value: {what}"));
            Ty::Json
        })
    }

    /// What was made of the member at `place`; without it the member alone is left out.
    pub(crate) fn or_none<T>(
        &mut self,
        place: &Place,
        path: &str,
        result: Result<T, Inexpressible>,
    ) -> Option<T> {
        let left_out = |Inexpressible(what): Inexpressible| {
            self.untyped += 1;
            self.simplify(place, path, &format!("is left out: {what}"));
        };
        result.map_err(left_out).ok()
    }

    pub(crate) fn simplify(&mut self, place: &Place, path: &str, how: &str) {
        self.simplified.push(
            Diagnostic::warning("simplified", place.clone(), format!("`{path}` {how}"))
                .help("correct the type in the overlay, or teach the generator this form"),
        );
    }

    /// The Rust name of the member at `place`: numbered from 2 where `other` has the same, whose documented name
    /// is given.
    pub(crate) fn distinct(
        &mut self,
        place: &Place,
        path: &str,
        mut ident: Ident,
        other: &dyn Fn(&Ident) -> Option<String>,
    ) -> Ident {
        let base = ident.unraw().to_string();
        let mut number = 2;
        while let Some(other) = other(&ident) {
            if number == 2 {
                let how = format!("is numbered: `{other}` is `{base}` in Rust as well");
                self.simplify(place, path, &how);
            }
            ident = names::numbered(&base, number);
            number += 1;
        }
        ident
    }

    pub(crate) fn inexpressible(&mut self, place: &Place, path: &str, what: &str) {
        let message = format!("`{path}` has no Rust form: {what}");
        self.errors.push(
            Diagnostic::error("not-expressible", place.clone(), message)
                .help("correct the type in the overlay, or teach the generator this form"),
        );
    }

    /// Two documented names that are one in Rust.
    pub(crate) fn collision(
        &mut self,
        rust: &Ident,
        first: (&str, &Place),
        second: (&str, &Place),
    ) {
        let ((other, there), (documented, here)) = (first, second);
        let message =
            format!("`{documented}` (here) and `{other}` (at {there}) are both `{rust}` in Rust");
        self.errors.push(
            Diagnostic::error("name-collision", here.clone(), message)
                .help("rename one of them in the overlay"),
        );
    }
}
