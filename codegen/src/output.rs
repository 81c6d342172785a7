//! The generated tree as text: checked against a directory or written to it.

use std::{collections::BTreeMap, io, mem, path::Path};

use credwire_schema::{
    diagnostic::{Diagnostic, Place},
    fileset::{Difference, FileSet},
    model::element::Element,
};

use crate::{
    associated::Brought,
    context::Context,
    crate_root, custom_elements,
    emit::Problems,
    generator::Outcome,
    json_schema,
    layout::{ELEMENTS, JSON_SCHEMA, MANIFEST},
    manifest::Manifest,
    print, scope,
    support::SUPPORT,
    wire_schemas,
};

/// Every file of the generated package, apart from its `Cargo.toml` and its tests.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "files lie on disk once they are written"]
pub struct Output {
    files: FileSet,
    left_out: BTreeMap<String, Vec<Diagnostic>>,
}

impl Output {
    pub(crate) fn new(
        cx: &Context<'_>,
        mut outcomes: Vec<Outcome<'_>>,
    ) -> Result<Self, Vec<Diagnostic>> {
        scope::keep_files_apart(&mut outcomes);
        let schemas = wire_schemas::collect(cx, &outcomes);
        let (mut all, mut left_out) = (Vec::new(), BTreeMap::new());
        for outcome in outcomes {
            if !outcome.problems.0.is_empty() {
                left_out.insert(outcome.item.name.clone(), outcome.problems.0);
            }
            all.extend(outcome.modules);
        }
        let mut files = FileSet::default();
        let mut problems = Vec::new();
        let broken = |path: &str, error: &dyn std::fmt::Display| {
            let place = Place::new(path, 1, 1);
            Diagnostic::error("generator", place, format!("the generated code is broken: {error}"))
        };
        let mut names = Problems(Vec::new());
        let brought = Brought::new(cx);
        brought.check(&mut names);
        scope::check(&all, &mut names);
        problems.extend(names.0);
        for module in all.iter_mut().filter(|module| module.has_file()) {
            let made_from = format!("{} from {}", module.generator.source, module.item.name);
            let path = module.path();
            // Taken, so that the tokens of a file are gone once its text is there.
            let body = mem::take(&mut module.emitted.body);
            match print::file(&header(&made_from), body) {
                Ok(text) => files.insert(path, text),
                Err(error) => problems.push(broken(&path, &error)),
            }
        }
        let modules = all.as_slice();
        let mut ties = crate_root::ties(cx, &brought, modules);
        ties.extend(json_schema::ties(&schemas));
        for tie in ties {
            match print::file(&header(&tie.source), tie.tokens) {
                Ok(text) => files.insert(tie.path, text),
                Err(error) => problems.push(broken(&tie.path, &error)),
            }
        }
        for (name, text) in SUPPORT {
            let made_from = format!("codegen/src/support/{name}");
            files.insert(format!("src/{name}"), format!("{}\n{text}", header(&made_from)));
        }
        match json_schema::documents(&schemas) {
            Ok(documents) => {
                documents.into_iter().for_each(|(path, text)| files.insert(path, text));
            }
            Err(error) => problems.push(broken(JSON_SCHEMA, &error)),
        }
        if let Err(error) = self::elements(cx, &mut files) {
            problems.push(broken(ELEMENTS, &error));
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let paths = files.iter().map(|(path, _)| path.to_owned());
        let manifest = Manifest::new(modules, &left_out, paths)?;
        let text = manifest.text().map_err(|error| vec![broken(MANIFEST, &error)])?;
        files.insert(MANIFEST, text);
        Ok(Self { files, left_out })
    }

    /// Returns the items that have no Rust form, by documented name, with the reasons
    /// (`not-expressible`).
    pub fn left_out(&self) -> &BTreeMap<String, Vec<Diagnostic>> {
        &self.left_out
    }

    /// Returns the files, by path in the package.
    pub fn files(&self) -> &FileSet {
        &self.files
    }

    /// Compares with the package in `directory`: files that are missing or changed, and files that
    /// an earlier run made and that are made no more.
    ///
    /// # Errors
    /// When a file is there and cannot be read.
    pub fn check(&self, directory: &Path) -> io::Result<Vec<Difference>> {
        self.files.check(directory, &stale(directory)?)
    }

    /// Writes the package in `directory`, and removes what an earlier run made and this one does
    /// not. Nothing is changed unless every file can be written.
    ///
    /// # Errors
    /// The first error of the file system, with its path.
    pub fn write(&self, directory: &Path) -> io::Result<()> {
        self.files.write(directory, &stale(directory)?)
    }
}

/// The manifest of the custom elements, where there are some.
fn elements(cx: &Context<'_>, files: &mut FileSet) -> Result<(), serde_json::Error> {
    let elements: Vec<&Element> =
        cx.schema.items.values().filter_map(custom_elements::of_item).collect();
    if elements.is_empty() {
        return Ok(());
    }
    let mut text = serde_json::to_string_pretty(&custom_elements::manifest(elements))?;
    text.push('\n');
    files.insert(ELEMENTS, text);
    Ok(())
}

/// Files of the package that are machine-written by their own account.
fn stale(directory: &Path) -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    if directory.join(ELEMENTS).is_file() {
        found.push(ELEMENTS.to_owned());
    }
    let mut folders = vec!["src".to_owned(), JSON_SCHEMA.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = match std::fs::read_dir(directory.join(&folder)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            entries => entries?,
        };
        for entry in entries {
            let entry = entry?;
            let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
            if entry.file_type()?.is_dir() {
                folders.push(path);
            } else if folder == JSON_SCHEMA && path.ends_with(".json")
                || path.ends_with(".rs")
                    && std::fs::read_to_string(entry.path())
                        .is_ok_and(|text| text.starts_with(GENERATED))
            {
                found.push(path);
            }
        }
    }
    Ok(found)
}

const GENERATED: &str = "// @generated by ";

fn header(made_by: &str) -> String {
    format!("{GENERATED}{made_by}; do not edit.\n")
}
