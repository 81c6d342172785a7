//! Declarations of others as Rust, and what cargo says to it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use credwire_codegen::{CodeLayout, CrateOptions, GeneratedFiles, render_with};
use credwire_ingest::{IngestInput, Options, ingest};
use credwire_schema::{link, model::Schema};

/// The root of the repository.
pub const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// Returns the schema of a file of declarations.
pub fn schema(name: &str, text: &str) -> Schema {
    let input = IngestInput::Text { name: "index.d.ts".to_owned(), text: text.to_owned() };
    let ingested = ingest(&[input], &Options::default());
    assert!(!ingested.has_errors(), "{name}: {:?}", ingested.diagnostics);
    link::link_all(ingested.items, &BTreeMap::new())
        .unwrap_or_else(|told| panic!("{name}: {told:?}"))
}

/// Returns the files that come of a file of declarations.
pub fn generated(name: &str, text: &str, layout: CodeLayout) -> GeneratedFiles {
    let mut options = CrateOptions::new(name);
    options.layout = layout;
    render_with(&schema(name, text), &options).unwrap_or_else(|told| panic!("{name}: {told:?}"))
}

/// Writes files below a folder.
pub fn write(generated: &GeneratedFiles, folder: &Path) {
    for (path, text) in generated.files().iter() {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

/// Where a test makes crates: below the folder that cargo keeps for tests, `CARGO_TARGET_TMPDIR`.
/// What the crates stand on is compiled once for all of them.
#[derive(Debug)]
pub struct Crates {
    folder: PathBuf,
}

impl Crates {
    /// Returns the place for crates below `target`.
    pub fn new(target: &str) -> Self {
        Self { folder: Path::new(target).join("foreign") }
    }

    /// Returns a folder of this name with nothing in it but the lock file of the workspace: a
    /// network is not there.
    pub fn empty(&self, name: &str) -> PathBuf {
        let folder = self.folder.join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder).unwrap();
        }
        fs::create_dir_all(&folder).unwrap();
        fs::copy(Path::new(ROOT).join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
        folder
    }

    /// Runs cargo in a folder, with warnings as errors.
    pub fn cargo(&self, folder: &Path, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO"))
            .args(arguments)
            .args(["--offline", "--quiet"])
            .current_dir(folder)
            .env("CARGO_TARGET_DIR", self.folder.join("target"))
            .env("RUSTFLAGS", "-D warnings")
            .env("RUSTDOCFLAGS", "-D warnings")
            .output()
            .unwrap()
    }
}
