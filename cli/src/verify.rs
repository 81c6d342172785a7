//! `credwire generate --verify`: what the compiler says to the code that was written.

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
    process::Command,
};

use credwire_schema::{
    diagnostic::{Diagnostic, Place},
    document,
    model::Item,
};
use serde_json::Value;

use crate::outcome::{Failure, Result};

/// Generated code on disk, and the documents that it was made from.
pub(crate) struct Generated {
    /// The folder of the code.
    pub(crate) out: PathBuf,
    /// The folders of the documents.
    pub(crate) schemas: Vec<PathBuf>,
}

impl Generated {
    /// Has `cargo check` judge the package that the code is in. Returns the errors of the compiler,
    /// each with the symbol whose code it is about; none when the package compiles.
    ///
    /// # Errors
    /// When cargo cannot be run, or fails for another reason than an error of the compiler.
    pub(crate) fn check(&self) -> Result<Vec<Diagnostic>> {
        let package = self.package()?;
        let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .args(["check", "--quiet", "--message-format=json"])
            .current_dir(&package)
            .output()
            .map_err(|error| match error.kind() {
                io::ErrorKind::NotFound => {
                    Failure::new("the code is written and not verified: there is no cargo")
                        .help("install Rust from https://rustup.rs, or leave out --verify")
                }
                _ => Failure::new("the code is written and not verified: cannot run cargo")
                    .because(error),
            })?;
        let messages = String::from_utf8_lossy(&output.stdout);
        let mut sources = Sources { generated: self, package: &package, items: None };
        let mut errors: Vec<Diagnostic> =
            messages.lines().filter_map(|line| sources.error(line)).collect();
        errors.dedup();
        if errors.is_empty() && !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            let failure = Failure::new(format!("`cargo check` fails in {}", shown(&package)));
            return Err(failure.because(said.trim().to_owned()));
        }
        Ok(errors)
    }

    /// The folder of the package that the code is in.
    fn package(&self) -> Result<PathBuf> {
        let here = std::env::current_dir()
            .map_err(|error| Failure::new("there is no current folder").because(error))?;
        let out = here.join(&self.out);
        let package = out.ancestors().find(|folder| folder.join("Cargo.toml").is_file());
        package.map(Path::to_owned).ok_or_else(|| {
            Failure::new(format!("no package has {} in it", shown(&out)))
                .help("--verify needs the `Cargo.toml` of a package in that folder or above")
        })
    }
}

/// What messages of the compiler are about.
struct Sources<'a> {
    generated: &'a Generated,
    package: &'a Path,
    /// Every symbol by its name, once the first error asks for one.
    items: Option<BTreeMap<String, Item>>,
}

impl Sources<'_> {
    /// The error in a line of `--message-format=json`.
    fn error(&mut self, line: &str) -> Option<Diagnostic> {
        let message: Value = serde_json::from_str(line).ok()?;
        let message = message.get("message")?;
        if message.get("level")?.as_str()? != "error" {
            return None;
        }
        let text = message.get("message")?.as_str()?;
        let code = message.pointer("/code/code").and_then(Value::as_str);
        let text = code.map_or_else(|| text.to_owned(), |code| format!("{code}: {text}"));
        // The last message counts the others and has no place.
        let spans = message.get("spans")?.as_array()?;
        let primary = |span: &&Value| span.get("is_primary").and_then(Value::as_bool) == Some(true);
        let span = spans.iter().find(primary)?;
        let number = |key: &str| {
            let number = span.get(key).and_then(Value::as_u64);
            number.and_then(|number| u32::try_from(number).ok()).unwrap_or(1)
        };
        let (file, line) = (span.get("file_name")?.as_str()?, number("line_start"));
        let path = self.path(file);
        let help = self.origin(&path, line);
        let place = Place::new(shown(&path), line, number("column_start"));
        let error = Diagnostic::error("not-compiled", place, text);
        Some(match help {
            Some(help) => error.help(help),
            None => error,
        })
    }

    /// Where a file is that the compiler names from the root of a workspace.
    fn path(&self, file: &str) -> PathBuf {
        let mut found = self.package.ancestors().map(|folder| folder.join(file));
        found.find(|path| path.is_file()).unwrap_or_else(|| file.into())
    }

    /// Which symbol a line of generated code comes from.
    fn origin(&mut self, path: &Path, line: u32) -> Option<String> {
        let text = std::fs::read_to_string(path).ok()?;
        if !text.starts_with("// @generated by ") {
            return Some("this is not generated code: mend it where it is".to_owned());
        }
        let above = text.lines().take(usize::try_from(line).ok()?);
        let name = above.filter_map(|line| line.strip_prefix("// From ")?.strip_suffix('.')).last();
        let generated = self.generated;
        let items = self.items.get_or_insert_with(|| items(&generated.schemas));
        Some(match name.map(|name| (name, items.get(name))) {
            Some((name, Some(item))) => {
                format!("it is the code of `{name}`, which was read at {}", item.place)
            }
            Some((name, None)) => format!("it is the code of `{name}`"),
            None => "it is code that all symbols share".to_owned(),
        })
    }
}

/// The symbols of folders of documents, as far as they can be read.
fn items(folders: &[PathBuf]) -> BTreeMap<String, Item> {
    let all = folders.iter().filter_map(|folder| document::load(folder).ok()).flatten();
    all.map(|item| (item.name.clone(), item)).collect()
}

/// A path as short as it can be named from the current folder.
fn shown(path: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    let short = path.strip_prefix(&here).unwrap_or(path).to_string_lossy().replace('\\', "/");
    if short.is_empty() { ".".to_owned() } else { short }
}
