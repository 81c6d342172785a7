//! The generated tree as text: checked against a directory or written to it.

use std::{collections::BTreeMap, io, mem, ops::Range, path::Path};

use credwire_schema::{
    diagnostic::{Diagnostic, Place},
    fileset::{Difference, FileSet, MANIFEST, OutputFolder},
    model::{Schema, element::Element},
};

use crate::{
    associated::Brought,
    context::Context,
    crate_root, custom_elements,
    emit::{Keep, Problems, SourceFile},
    generator::Outcomes,
    json_schema,
    layout::{CARGO_TOML, ELEMENTS, JSON_SCHEMA},
    manifest::Manifest,
    modules,
    options::{CodeLayout, CrateOptions},
    package::{self, Dependency},
    print, wire_schemas,
};

/// Every file of a generated package or module.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "files lie on disk once they are written"]
pub struct GeneratedFiles {
    files: FileSet,
    left_out: BTreeMap<String, Vec<Diagnostic>>,
    simplified: Vec<Diagnostic>,
    /// Where the code of each item is, by its documented name: the file, and the place in it.
    rust: BTreeMap<String, Vec<(String, Range<usize>)>>,
    dependencies: Vec<Dependency>,
}

/// The code of one item in a file of the package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ItemCode<'a> {
    /// The path of the file in the package.
    pub file: &'a str,
    /// The code of the item alone.
    pub text: &'a str,
}

impl GeneratedFiles {
    pub(crate) fn new(
        cx: &Context<'_>,
        mut outcomes: Outcomes<'_>,
        documents: &Schema,
        options: &CrateOptions,
        keep: &Keep<'_>,
    ) -> Result<Self, Vec<Diagnostic>> {
        let schemas = wire_schemas::collect(cx, &outcomes);
        let has_schemars = options.schemars && !schemas.is_empty();
        let mut left_out = BTreeMap::new();
        let mut simplified = cx.schema.simplified.clone();
        for (item, outcome) in &mut outcomes {
            let problems = mem::take(&mut outcome.problems);
            simplified.extend(problems.simplified);
            if !problems.errors.is_empty() {
                left_out.insert(item.name.clone(), problems.errors);
            }
        }
        let mut files = FileSet::default();
        let mut rust: BTreeMap<String, Vec<(String, Range<usize>)>> = BTreeMap::new();
        let mut problems = Vec::new();
        let broken = |path: &str, error: &dyn std::fmt::Display| {
            let place = Place::new(path, 1, 1);
            Diagnostic::error("generator", place, format!("the generated code is broken: {error}"))
        };
        let mut names = Problems::default();
        let brought = Brought::new(cx);
        brought.check(&mut names);
        problems.extend(names.errors);
        let mut sources = modules::files(cx, &mut outcomes, keep);
        let of_items = sources.len();
        sources.extend(crate_root::files(cx, &brought, &outcomes, options, has_schemars));
        if has_schemars {
            sources.push(json_schema::file(&schemas, keep));
        }
        for (index, SourceFile { path, source, start, items }) in sources.into_iter().enumerate() {
            let path = options.path(&path);
            let mut printed = Vec::new();
            for (item, text) in items {
                match text {
                    Ok(text) => printed.push((item, text)),
                    Err(error) => problems.push(broken(&path, &error)),
                }
            }
            match keep.text(start) {
                Ok(start) => {
                    let (text, ranges) = print::file(&options.header(&source), &start, printed);
                    files.insert(path.clone(), text);
                    if index < of_items {
                        for (item, range) in ranges {
                            rust.entry(item).or_default().push((path.to_string(), range));
                        }
                    }
                }
                Err(error) => problems.push(broken(&path, &error)),
            }
        }
        match json_schema::documents(&schemas) {
            Ok(documents) => {
                documents.into_iter().for_each(|(path, text)| files.insert(path, text));
            }
            Err(error) => problems.push(broken(JSON_SCHEMA, &error)),
        }
        if options.custom_elements
            && let Err(error) = self::elements(cx, &mut files)
        {
            problems.push(broken(ELEMENTS, &error));
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let dependencies = package::dependencies(&files);
        if let CodeLayout::Package(package) = &options.layout {
            files.insert(
                CARGO_TOML,
                package::manifest(package, &options.title(), has_schemars, &files),
            );
        }
        let paths = files.iter().map(|(path, _)| path.to_owned());
        let manifest = Manifest::new(&outcomes, documents, &left_out, options, paths)?;
        let text = manifest.text().map_err(|error| vec![broken(MANIFEST, &error)])?;
        files.insert(MANIFEST, text);
        simplified.sort_by(|a, b| (&a.place, &a.message).cmp(&(&b.place, &b.message)));
        simplified.dedup();
        Ok(Self { files, left_out, simplified, rust, dependencies })
    }

    /// Returns the items that have no Rust form, by documented name, with the reasons
    /// (`not-expressible`).
    pub fn left_out(&self) -> &BTreeMap<String, Vec<Diagnostic>> {
        &self.left_out
    }

    /// Returns what is less in Rust than it is documented: members that are any JSON value, names
    /// that are numbered, types of others, each with its place.
    pub fn simplified(&self) -> &[Diagnostic] {
        &self.simplified
    }

    /// Returns the code of an item, by file. What functions and constants add to the trait of the SDK is in
    /// [`SDK_FILE`](crate::SDK_FILE) alone.
    pub fn code(&self, documented_name: &str) -> Vec<ItemCode<'_>> {
        let places = self.rust.get(documented_name).into_iter().flatten();
        places
            .filter_map(|(file, range)| {
                Some(ItemCode { file, text: self.files.get(file)?.get(range.clone())? })
            })
            .collect()
    }

    /// Returns the packages that the code names besides `credwire-core`.
    pub fn dependencies(&self) -> &[Dependency] {
        &self.dependencies
    }

    /// Returns the files, by path in the package.
    pub fn files(&self) -> &FileSet {
        &self.files
    }

    /// Returns the files alone, without a copy of them.
    pub fn into_files(self) -> FileSet {
        self.files
    }

    /// Compares with the package in `directory`: files that are missing or changed, and files that
    /// an earlier run made, by its `MANIFEST.json`, and that are made no more.
    ///
    /// # Errors
    /// When a file is there and cannot be read, and when a file that no earlier run made stands
    /// where another text belongs.
    pub fn check(&self, directory: &Path) -> io::Result<Vec<Difference>> {
        OutputFolder::open(directory)?.check(&self.files)
    }

    /// Writes the package in `directory`, and removes what an earlier run made, by its
    /// `MANIFEST.json`, and this one does not. Nothing is changed unless every file can be written.
    ///
    /// # Errors
    /// The first error of the file system, with its path, and the files that no earlier run made
    /// and that would have to be replaced; see [`OutputFolder`].
    pub fn write(&self, directory: &Path) -> io::Result<()> {
        OutputFolder::open(directory)?.write(&self.files)
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
