//! Folders of files that commands make: what changes in them, and the change itself.

use std::{
    io::{self, Write},
    path::PathBuf,
};

use credwire_schema::{
    document,
    fileset::{Difference, DifferenceKind, FileSet, MANIFEST, OutputFolder},
};
use serde_json::{Value, json};

use crate::{
    outcome::{Failure, Result},
    report,
};

/// The files of a folder, compared with what is there.
pub(crate) struct Output {
    folder: PathBuf,
    kind: Kind,
    files: FileSet,
    differences: Vec<Difference>,
}

/// What the files of a folder are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Schema documents. Those that no manifest lists are known by their format.
    Schemas,
    /// Generated code.
    Code,
    /// Sources that are not named one by one.
    Sources,
}

impl Output {
    /// Compares `files` with those of `folder`.
    ///
    /// # Errors
    /// Files that cannot be read, and files of the user where one of these belongs.
    pub(crate) fn compare(folder: PathBuf, kind: Kind, files: FileSet) -> Result<Self> {
        let mut output = Self { folder, kind, files, differences: Vec::new() };
        output.differences = output
            .open()
            .and_then(|folder| folder.check(&output.files))
            .map_err(|error| output.failed(error))?;
        Ok(output)
    }

    /// Whether the folder is as it should be.
    pub(crate) fn is_up_to_date(&self) -> bool {
        self.differences.is_empty()
    }

    /// The paths of all files.
    pub(crate) fn paths(&self) -> impl Iterator<Item = PathBuf> {
        self.files.iter().map(|(path, _)| self.folder.join(path))
    }

    /// Writes the files.
    ///
    /// # Errors
    /// What was not there when the files were compared, and a folder that cannot be written.
    pub(crate) fn write(&self) -> Result<()> {
        if self.is_up_to_date() {
            return Ok(());
        }
        let written = self.open().and_then(|folder| folder.write(&self.files));
        written.map_err(|error| self.failed(error))
    }

    /// Writes unified diffs.
    pub(crate) fn show_differences(&self, out: &mut impl Write) -> io::Result<()> {
        self.differences.iter().try_for_each(|difference| {
            write!(out, "{difference}\n{}", difference.diff(&self.files))
        })
    }

    /// Notes what has changed, or what would when it was only `checked`.
    pub(crate) fn report(&self, checked: bool) {
        let what = if self.kind == Kind::Schemas { "schema" } else { "file" };
        // A folder of schemas is counted by what it describes.
        let counts = |path: &str| self.kind != Kind::Schemas || path != MANIFEST;
        let files = self.files.iter().filter(|(path, _)| counts(path)).count();
        let changes: Vec<_> = self.differences.iter().filter(|it| counts(&it.path)).collect();
        let total = report::counted(files, what);
        let (folder, changed) = (self.shown(), changes.len());
        if self.kind != Kind::Sources {
            for difference in changes {
                let place = self.folder.join(&difference.path);
                report::note(&format!("{}: {}", place.display(), verb(difference.kind, checked)));
            }
        }
        report::note(&if self.kind == Kind::Code && changed == 0 {
            format!("{folder}: {total}, up to date")
        } else if checked {
            format!("{folder}: {changed} of {total} out of date")
        } else {
            format!("{folder}: {total}, {changed} changed")
        });
    }

    /// The differences as JSON.
    pub(crate) fn to_json(&self) -> impl Iterator<Item = Value> {
        let folder = self.shown();
        self.differences.iter().map(move |difference| {
            let kind = match difference.kind {
                DifferenceKind::Missing => "missing",
                DifferenceKind::Changed => "changed",
                DifferenceKind::Stale => "stale",
            };
            let diff = difference.diff(&self.files);
            json!({ "folder": folder, "path": difference.path, "kind": kind, "diff": diff })
        })
    }

    /// The folder as people name it.
    pub(crate) fn shown(&self) -> String {
        let shown = self.folder.to_string_lossy().replace('\\', "/");
        if shown.is_empty() { ".".to_owned() } else { shown }
    }

    fn open(&self) -> io::Result<OutputFolder<'_>> {
        let folder = OutputFolder::open(&self.folder)?;
        Ok(match self.kind {
            Kind::Schemas => folder.replacing(&self.files, document::is_document),
            Kind::Code | Kind::Sources => folder,
        })
    }

    fn failed(&self, error: io::Error) -> Failure {
        Failure::new(format!("nothing is written to {}", self.shown())).because(error)
    }
}

fn verb(kind: DifferenceKind, checked: bool) -> &'static str {
    match (kind, checked) {
        (DifferenceKind::Missing, true) => "is missing",
        (DifferenceKind::Changed, true) => "differs",
        (DifferenceKind::Stale, true) => "should not be there",
        (DifferenceKind::Missing, false) => "written",
        (DifferenceKind::Changed, false) => "updated",
        (DifferenceKind::Stale, false) => "removed",
    }
}
