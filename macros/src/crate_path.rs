//! Where the `credwire` crate is, as seen from the user's code.

mod manifest;

use std::{
    env,
    path::PathBuf,
    sync::{Mutex, PoisonError},
};

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, TokenStreamExt};
use syn::{Ident, Path, PathSegment, Token};

/// The name of the package, which is its name in the user's code unless that renames it.
const PACKAGE: &str = "credwire";

/// The path that every path of an expansion starts with.
#[derive(Clone)]
pub(crate) struct CratePath(Path);

impl CratePath {
    /// The path that `crate = ".."` names.
    pub(crate) const fn new(path: Path) -> Self {
        Self(path)
    }

    pub(crate) const fn path(&self) -> &Path {
        &self.0
    }

    /// The path by which the crate that is being compiled depends on `credwire`, as far as its
    /// `Cargo.toml` tells; otherwise `::credwire`.
    pub(crate) fn found() -> Self {
        let name = name_of_dependency().unwrap_or_else(|| PACKAGE.to_owned());
        let name = Ident::new(&name, Span::call_site());
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

/// A compiler asks for each annotated item, and a server of macros for one crate after the other:
/// the manifest that was read last is not read again.
fn name_of_dependency() -> Option<String> {
    static LAST: Mutex<Option<(PathBuf, Option<String>)>> = Mutex::new(None);

    let folder = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR")?);
    let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, name)) = last.as_ref().filter(|(of, _)| *of == folder) {
        return name.clone();
    }
    // A name that is no identifier is none that code can use.
    let name =
        manifest::name_of(PACKAGE, &folder).filter(|name| syn::parse_str::<Ident>(name).is_ok());
    *last = Some((folder, name.clone()));
    name
}
