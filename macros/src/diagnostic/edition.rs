//! Errors in crates of the first edition, where a path of the user's tokens begins at the crate.

use std::{env, fs, path::Path};

use proc_macro2::{Group, Span, TokenStream, TokenTree};

/// The tokens that the compiler turns into an error.
pub(crate) fn compile_error(error: &syn::Error) -> TokenStream {
    let tokens = error.to_compile_error();
    if is_first_edition() { own(tokens) } else { tokens }
}

/// The same tokens at the same places, in the edition of this crate.
fn own(tokens: TokenStream) -> TokenStream {
    let own = |tree: TokenTree| {
        let span = tree.span().resolved_at(Span::call_site());
        let mut tree = match tree {
            TokenTree::Group(group) => {
                TokenTree::Group(Group::new(group.delimiter(), own(group.stream())))
            }
            tree => tree,
        };
        tree.set_span(span);
        tree
    };
    tokens.into_iter().map(own).collect()
}

/// Whether the crate that is being compiled is of edition 2015, as its `Cargo.toml` says or leaves
/// out. The compiler does not tell.
fn is_first_edition() -> bool {
    env::var_os("CARGO_MANIFEST_DIR")
        .and_then(|folder| fs::read_to_string(Path::new(&folder).join("Cargo.toml")).ok())
        .is_some_and(|manifest| states_first_edition(&manifest))
}

fn states_first_edition(manifest: &str) -> bool {
    let mut section = "";
    let mut is_package = false;
    for line in manifest.lines().map(str::trim) {
        if line.starts_with('[') {
            section = line;
            is_package |= section == "[package]";
        } else if section == "[package]" && line.starts_with("edition") {
            return line.contains("\"2015\"") || line.contains("'2015'");
        }
    }
    is_package
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_edition_is_that_of_the_package() {
        for (manifest, expected) in [
            ("[package]\nname = \"a\"", true),
            ("[package]\nedition = \"2015\"", true),
            ("[package]\nedition = '2021'\n", false),
            ("[package]\nedition.workspace = true", false),
            ("[package]\nname = \"a\"\n[other]\nedition = \"2021\"", true),
            ("[workspace]\n", false),
            ("", false),
        ] {
            assert_eq!(states_first_edition(manifest), expected, "{manifest}");
        }
    }

    #[test]
    fn tokens_stay_what_they_are() {
        let error = syn::Error::new(Span::call_site(), "made up");
        let tokens = error.to_compile_error();
        assert_eq!(own(tokens.clone()).to_string(), tokens.to_string());
    }
}
