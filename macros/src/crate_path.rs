//! Where the `credwire` crate is, as seen from the user's code.

use proc_macro_crate::{Error, FoundCrate, crate_name};
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, TokenStreamExt};
use syn::{Ident, LitStr, Path, PathSegment, Token};

use crate::{
    diagnostic::{Code, Diagnostics},
    keywords,
};

/// The name of the package, which is its name in the user's code unless that renames it.
const PACKAGE: &str = "credwire";

/// The path that every path of an expansion starts with.
#[derive(Clone)]
pub(crate) struct CratePath {
    path: Path,
    is_known: bool,
}

impl CratePath {
    /// The path that `crate = ".."` names.
    pub(crate) const fn new(path: Path) -> Self {
        Self { path, is_known: true }
    }

    /// The path that a string holds, at the place of the string. Names with `::` between them need
    /// no lexer and no parser, which cost as much as the rest of an attribute's arguments.
    pub(crate) fn read(literal: &LitStr) -> Option<Self> {
        let text = literal.value();
        let (leading_colon, names) = match text.strip_prefix("::") {
            Some(names) => (Some(Token![::](literal.span())), names),
            None => (None, &*text),
        };
        let is_name = |name: &str| {
            let mut letters = name.bytes();
            letters.next().is_some_and(|first| first.is_ascii_alphabetic())
                && letters.all(|letter| letter.is_ascii_alphanumeric() || letter == b'_')
        };
        let is_plain = |name: &str| is_name(name) && !keywords::may_be(name);
        if !names.split("::").all(is_plain) {
            return literal.parse().ok().map(Self::new);
        }
        let segment = |name| PathSegment::from(Ident::new(name, literal.span()));
        Some(Self::new(Path { leading_colon, segments: names.split("::").map(segment).collect() }))
    }

    /// What stands for a path that was reported.
    pub(crate) fn unknown() -> Self {
        Self { is_known: false, ..Self::root(PACKAGE) }
    }

    pub(crate) const fn path(&self) -> &Path {
        &self.path
    }

    /// Whether the path leads anywhere. Code that names one that does not is a second error.
    pub(crate) const fn is_known(&self) -> bool {
        self.is_known
    }

    /// The path by which the crate that is being compiled depends on `credwire`, as its
    /// `Cargo.toml` says; a crate that does not depend on it is reported.
    pub(crate) fn found(diagnostics: &mut Diagnostics) -> Self {
        match crate_name(PACKAGE) {
            // A name that is no identifier is none that code can use.
            Ok(FoundCrate::Name(name)) if syn::parse_str::<Ident>(&name).is_ok() => {
                Self::root(&name)
            }
            Err(Error::CrateNotFound { .. }) => {
                diagnostics.report(
                    Code::MissingArgument,
                    TokenStream::new(),
                    "the crate `credwire` is not among the dependencies of this package",
                    "add it to Cargo.toml, or say where another crate re-exports it: \
                     `crate = \"facade::credwire\"`",
                );
                Self::unknown()
            }
            // Examples and tests in `credwire` see it as everybody does, and a build without Cargo
            // has no other name for it.
            _ => Self::root(PACKAGE),
        }
    }

    fn root(name: &str) -> Self {
        let name = Ident::new(name, Span::call_site());
        Self::new(Path {
            leading_colon: Some(Token![::](Span::call_site())),
            segments: std::iter::once(PathSegment::from(name)).collect(),
        })
    }
}

impl ToTokens for CratePath {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.append_all(std::iter::once(&self.path));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{fs, process::Command};

    /// What the line that has the path begins with, in the output of `path_of_this_process`.
    const MARK: &str = "crate path: ";

    /// Not a test of its own: the others run it in a process with the environment of a crate.
    #[test]
    #[ignore = "the other tests run it, each in a process of its own"]
    #[allow(clippy::print_stdout, reason = "the result of the process")]
    fn path_of_this_process() {
        let path = CratePath::found(&mut Diagnostics::default());
        let text = if path.is_known() { path.to_token_stream().to_string() } else { "-".into() };
        println!("\n{MARK}{}", text.replace(' ', ""));
    }

    /// The path of `credwire` in a crate with this manifest, below a workspace with another.
    fn path(manifest: &str, workspace: &str) -> String {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("crates/member");
        fs::create_dir_all(folder.join("src")).unwrap();
        fs::write(folder.join("src/lib.rs"), "").unwrap();
        fs::write(folder.join("Cargo.toml"), manifest).unwrap();
        fs::write(root.path().join("Cargo.toml"), workspace).unwrap();
        let output = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "crate_path::tests::path_of_this_process"])
            .args(["--ignored", "--nocapture"])
            .env("CARGO_MANIFEST_DIR", &folder)
            .env_remove("CARGO_TARGET_TMPDIR")
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let line = text.lines().find_map(|line| line.strip_prefix(MARK));
        line.unwrap_or_else(|| panic!("no path in {text}")).to_owned()
    }

    #[test]
    fn a_dependency_goes_by_its_key() {
        for (manifest, expected) in [
            ("[dependencies]\ncredwire = \"1\"", "::credwire"),
            ("[dependencies]\nmy-wire = { package = \"credwire\", path = \"..\" }", "::my_wire"),
            ("[dependencies.wire]\npackage = \"credwire\"", "::wire"),
            ("[dev-dependencies]\nwire = { package = \"credwire\" }", "::wire"),
            ("[target.'cfg(unix)'.dependencies]\nwire = { package = \"credwire\" }", "::wire"),
            (
                "[dependencies]\na = { package = \"credwire\" }\n\
                 [build-dependencies]\nb = { package = \"credwire\" }",
                "::a",
            ),
            // A renamed build dependency alone is not found; a build script writes `crate = ".."`.
            ("[build-dependencies]\nwire = { package = \"credwire\" }", "-"),
            // Another package may stand under the name of this one.
            ("[dependencies]\ncredwire = { package = \"other\" }", "-"),
            ("[dependencies]\nfacade = \"1\"", "-"),
            ("[package]\nname = \"credwire\"", "::credwire"),
            ("not a manifest", "::credwire"),
        ] {
            assert_eq!(path(manifest, ""), expected, "{manifest}");
        }
    }

    #[test]
    fn an_inherited_dependency_is_renamed_where_it_is_described() {
        let package = "[package]\nname = \"member\"\nversion = \"0.1.0\"\n";
        let rest = "[dependencies]\nserde.workspace = true\nwire = { workspace = true }";
        let member = format!("{package}{rest}");
        let described = "[workspace.dependencies]\nserde = \"1\"\nwire = { package = \"credwire\", version = \"1\" }";
        let workspace = format!("[workspace]\nmembers = [\"crates/*\"]\n{described}");
        assert_eq!(path(&member, &workspace), "::wire");
        assert_eq!(path(&member, "[workspace]\nmembers = [\"crates/*\"]"), "-");
        assert_eq!(path(&format!("{member}\n{described}"), ""), "::wire");
        let pointing = format!("{package}workspace = \"../..\"\n{rest}");
        assert_eq!(path(&pointing, &workspace), "::wire");
    }
}
