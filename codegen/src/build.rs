//! Code made by the build script of a package.

use std::{
    env, fmt,
    path::{Path, PathBuf},
};

use credwire_schema::{diagnostic::Diagnostic, document, fileset::OutputFolder, overlay::Overlay};

use crate::{
    options::{CodeLayout, CrateOptions},
    render::render_with,
};

/// Starts to make code in a build script.
///
/// In `build.rs`:
///
/// ```no_run
/// fn main() -> Result<(), credwire_codegen::BuildError> {
///     credwire_codegen::build().schemas("schemas").title("Acme Talk").out_dir()
/// }
/// ```
///
/// In the crate, wherever the types belong:
///
/// ```text
/// pub mod talk {
///     include!(concat!(env!("OUT_DIR"), "/credwire/mod.rs"));
/// }
/// ```
///
/// The crate depends on `credwire` or, with less behind it, on `credwire-core`; see
/// [`Build::support`].
#[must_use = "code is made by `out_dir`"]
pub fn build() -> Build {
    let mut options = CrateOptions::new(env::var("CARGO_PKG_NAME").unwrap_or_default());
    options.layout = CodeLayout::Included;
    options.schemars = false;
    Build { schemas: Vec::new(), overlay: None, folder: "credwire".to_owned(), options }
}

/// What a build script makes code of; see [`build()`].
#[derive(Clone, Debug)]
#[must_use = "code is made by `out_dir`"]
pub struct Build {
    schemas: Vec<PathBuf>,
    overlay: Option<PathBuf>,
    folder: String,
    options: CrateOptions,
}

impl Build {
    /// Adds a folder of schema documents, from the folder of `Cargo.toml`.
    pub fn schemas(mut self, folder: impl Into<PathBuf>) -> Self {
        self.schemas.push(folder.into());
        self
    }

    /// Sets the overlay that the documents were written with, from the folder of `Cargo.toml`.
    pub fn overlay(mut self, file: impl Into<PathBuf>) -> Self {
        self.overlay = Some(file.into());
        self
    }

    /// Sets the title of the reference; the name of the package by default.
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.options.title = title.into();
        self
    }

    /// Sets the address below which the reference is published, for links in rustdoc.
    pub fn link(mut self, address: impl Into<String>) -> Self {
        self.options.link = Some(address.into());
        self
    }

    /// Sets the crate that the code finds everything in, such as `credwire`. Without it the
    /// code names `credwire_core`, `serde`, `serde_json` and `futures_core`, as far as it needs them.
    pub fn support(mut self, path: impl Into<String>) -> Self {
        self.options.support = Some(path.into());
        self
    }

    /// Sets the folder below `OUT_DIR`, where there is more than one; `credwire` by default.
    pub fn folder(mut self, name: impl Into<String>) -> Self {
        self.folder = name.into();
        self
    }

    /// Makes the code in `OUT_DIR`, and has cargo run the script again when a document changes.
    /// What is left out, or less than it is documented, is a warning of cargo.
    ///
    /// # Errors
    /// Documents or an overlay that cannot be used, and files that cannot be written.
    pub fn out_dir(self) -> Result<(), BuildError> {
        let Some(out) = env::var_os("OUT_DIR") else {
            return Err(BuildError("OUT_DIR is not set: call this in a build script".to_owned()));
        };
        for path in self.schemas.iter().chain(&self.overlay) {
            tell(&format!("rerun-if-changed={}", path.display()));
        }
        for left_out in self.write(&Path::new(&out).join(&self.folder))? {
            tell(&format!("warning={left_out}"));
        }
        Ok(())
    }

    /// Makes the code in `folder`; returns what is left out or less than it is documented.
    fn write(&self, folder: &Path) -> Result<Vec<String>, BuildError> {
        let overlay = match &self.overlay {
            Some(path) => Overlay::load(path).map_err(|problem| BuildError::of(&[*problem]))?,
            None => Overlay::default(),
        };
        let output = document::load_schemas(&self.schemas, &overlay)
            .and_then(|schema| render_with(&schema, &self.options))
            .map_err(|problems| BuildError::of(&problems))?;
        OutputFolder::open(folder)
            .and_then(|out| out.write(output.files()))
            .map_err(|error| BuildError(format!("{}: {error}", folder.display())))?;
        let reasons = output.left_out().values().flatten().chain(output.simplified());
        Ok(reasons.map(|reason| format!("{}: {}", reason.place, reason.message)).collect())
    }
}

#[allow(clippy::print_stdout, reason = "how a build script speaks to cargo")]
fn tell(directive: &str) {
    println!("cargo::{directive}");
}

/// Why a build script made no code: every problem, a line or more each.
///
/// `Debug` prints the same text as `Display`, since it is what cargo shows of a failed script.
#[derive(Clone, PartialEq, Eq)]
pub struct BuildError(String);

impl BuildError {
    fn of(problems: &[Diagnostic]) -> Self {
        Self(problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for BuildError {}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_build_makes_a_module_of_the_documents_and_says_what_it_cannot() {
        let folder = tempfile::tempdir().unwrap();
        let schemas = folder.path().join("schemas");
        fs::create_dir(&schemas).unwrap();
        let document = r#"{"format": "credwire-schema/1", "name": "Lamp", "rust": "Lamp",
            "kind": "interface", "properties": [{"name": "shade", "type": {"ref": {"name": "Glow"}}}]}"#;
        fs::write(schemas.join("Lamp.json"), "{").unwrap();
        let out = folder.path().join("out");
        let broken = build().schemas(&schemas).write(&out).unwrap_err();
        assert!(broken.to_string().contains("Lamp.json"), "{broken}");
        assert_eq!(format!("{broken:?}"), broken.to_string());
        assert!(!out.exists());
        fs::write(schemas.join("Lamp.json"), document).unwrap();
        let told = build().schemas(&schemas).write(&folder.path().join("opaque")).unwrap();
        assert!(told.len() == 1 && told[0].contains("`Glow`"), "{told:?}");
        let overlay = folder.path().join("overlay.toml");
        fs::write(&overlay, "[externals]\ndata = [\"Glow\"]\n").unwrap();
        let build = build().schemas(&schemas).overlay(&overlay).title("Acme").support("credwire");
        assert_eq!(build.write(&out).unwrap(), [""; 0]);
        let text = fs::read_to_string(out.join("data.rs")).unwrap();
        assert!(
            text.contains("from Acme") && text.contains("credwire::__private::serde_json::Value"),
            "{text}"
        );
        assert!(fs::read_to_string(out.join("mod.rs")).unwrap().contains("mod data;"));
    }
}
