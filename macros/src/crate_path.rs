//! Where the `credwire` crate is, as seen from the user's code.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, TokenStreamExt};
use syn::{Ident, Path, PathSegment, Token};

/// The path that every path of an expansion starts with: `::credwire`, or what `crate = ".."`
/// names.
#[derive(Clone)]
pub(crate) struct CratePath(Path);

impl CratePath {
    pub(crate) const fn new(path: Path) -> Self {
        Self(path)
    }
}

impl Default for CratePath {
    fn default() -> Self {
        let name = Ident::new("credwire", Span::call_site());
        Self(Path {
            leading_colon: Some(Token![::](Span::call_site())),
            segments: std::iter::once(PathSegment::from(name)).collect(),
        })
    }
}

impl ToTokens for CratePath {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.append_all(std::iter::once(&self.0));
    }
}
