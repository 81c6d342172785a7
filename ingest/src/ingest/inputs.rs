//! Finds the files that inputs name.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};

use credwire_schema::diagnostic::{Diagnostic, Place};

use super::{
    folder::{is_page, walk},
    index,
};
use crate::{
    dts::package::{EntryPoint, Package},
    ingest::IngestInput,
    source::Source,
};

/// One file or text to read.
#[derive(Debug)]
pub(super) enum Job {
    File(PathBuf),
    /// An entry point of a package.
    Entry(EntryPoint),
    Text(Source),
}

impl Job {
    pub(super) fn name(&self) -> String {
        match self {
            Self::File(path) | Self::Entry(EntryPoint { file: path, .. }) => {
                path.to_string_lossy().replace('\\', "/")
            }
            Self::Text(source) => source.name().to_owned(),
        }
    }

    /// Of an entry point of a package, the module in front of the names that it exports.
    pub(super) fn module(&self) -> Option<String> {
        match self {
            Self::Entry(entry) => Some(entry.module.clone()),
            Self::File(_) | Self::Text(_) => None,
        }
    }

    pub(super) fn source(self) -> Result<Source, Box<Diagnostic>> {
        match self {
            Self::File(path) | Self::Entry(EntryPoint { file: path, .. }) => Source::read(&path),
            Self::Text(source) => Ok(source),
        }
    }
}

/// Returns the paths of a list, one a line; empty lines and `#` comments are left out.
pub fn paths_from_list(list: &str) -> Vec<IngestInput> {
    list.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(IngestInput::from)
        .collect()
}

/// Whether an input stands for more than one file: what is missing there is missing.
pub(super) fn is_tree(inputs: &[IngestInput]) -> bool {
    inputs.iter().any(|input| match input {
        IngestInput::Text { .. } => false,
        IngestInput::Path(path) => path.is_dir() || index::is_index(path) || !path.exists(),
    })
}

/// Resolves inputs to files, each once, sorted by name.
pub(super) fn resolve(inputs: &[IngestInput]) -> (Vec<Job>, Vec<Diagnostic>) {
    let mut jobs: BTreeMap<Arc<str>, Job> = BTreeMap::new();
    let mut diagnostics = Vec::new();
    for input in inputs {
        match input {
            IngestInput::Text { name, text } => {
                jobs.insert(name.as_str().into(), Job::Text(Source::new(name, text.as_str())));
            }
            IngestInput::Path(path) => {
                for job in files(path, &mut diagnostics) {
                    match job {
                        Job::File(file) if index::is_index(&file) => {
                            for page in index::pages(&file, &mut diagnostics) {
                                let page = Job::File(page);
                                jobs.insert(page.name().into(), page);
                            }
                        }
                        // A file that several entry points name has the names of the first.
                        job => drop(jobs.entry(job.name().into()).or_insert(job)),
                    }
                }
            }
        }
    }
    (jobs.into_values().collect(), diagnostics)
}

/// The files that a path names: itself, the entry points of a package of scripts or one of them with
/// the manifest of its custom elements,
/// the pages below a directory, or what a glob matches.
fn files(path: &Path, diagnostics: &mut Vec<Diagnostic>) -> Vec<Job> {
    if let Some(package) = Package::open(path) {
        let mut problems = Vec::new();
        let entries = package.entries(&mut problems);
        let manifest = package.elements(!entries.is_empty(), &mut problems);
        let is_package = !entries.is_empty() || manifest.is_some() || !problems.is_empty();
        diagnostics.extend(problems);
        if is_package {
            let manifest = manifest.map(Job::File);
            return entries.into_iter().map(Job::Entry).chain(manifest).collect();
        }
    } else if !path.is_file()
        && let Some((package, name)) = Package::around(path)
        && let Some(file) = package.subpath(&name)
    {
        return vec![Job::File(file)];
    }
    pages(path, diagnostics).into_iter().map(Job::File).collect()
}

fn pages(path: &Path, diagnostics: &mut Vec<Diagnostic>) -> Vec<PathBuf> {
    let text = path.to_string_lossy();
    if path.is_dir() {
        let found = walk(path, is_page);
        if found.is_empty() {
            diagnostics.push(nothing(&text, "has no pages below it"));
        }
        return found;
    }
    if path.exists() || !text.contains(['*', '?', '[', '{']) {
        return vec![path.to_owned()];
    }
    let matcher = match globset::GlobBuilder::new(&text).literal_separator(true).build() {
        Ok(glob) => glob.compile_matcher(),
        Err(fault) => {
            diagnostics.push(nothing(&text, &format!("is no glob: {fault}")));
            return Vec::new();
        }
    };
    let fixed: PathBuf = path
        .components()
        .take_while(|part| !part.as_os_str().to_string_lossy().contains(['*', '?', '[', '{']))
        .collect();
    let root = if fixed.as_os_str().is_empty() { PathBuf::from(".") } else { fixed };
    let found = walk(&root, |file| matcher.is_match(file.strip_prefix("./").unwrap_or(file)));
    if found.is_empty() {
        diagnostics.push(nothing(&text, "matches no file"));
    }
    found
}

fn nothing(name: &str, message: &str) -> Diagnostic {
    Diagnostic::error("no-input", Place::new(name, 1, 1), message)
        .help("name files, directories or globs of reference pages")
}
