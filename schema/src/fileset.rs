//! A set of text files that belong together: compared and written as one.

mod file_names;
mod output_folder;
mod portable;

use std::{
    collections::BTreeMap,
    fmt,
    io::{self, Write},
    path::{Path, PathBuf},
};

use similar::TextDiff;

pub(crate) use self::file_names::{file_stem, is_of};
pub use self::{
    file_names::FileNames,
    output_folder::{MANIFEST, OutputFolder},
};

/// Text files by path below one directory, `/` between the parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileSet {
    files: BTreeMap<String, String>,
}

/// How one file on disk differs from what it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The path below the directory.
    pub path: String,
    /// What is the matter with the file.
    pub kind: DifferenceKind,
    /// The text on disk; empty where there is none.
    old: String,
}

impl Difference {
    /// Returns a unified diff from the file on disk to what it should be by the `set` that it was compared with.
    #[must_use]
    pub fn diff(&self, set: &FileSet) -> String {
        let path = &self.path;
        TextDiff::from_lines(self.old.as_str(), set.get(path).unwrap_or_default())
            .unified_diff()
            .header(&format!("a/{path}"), &format!("b/{path}"))
            .to_string()
    }
}

/// What is the matter with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DifferenceKind {
    /// It is not there.
    Missing,
    /// Its text differs.
    Changed,
    /// It should not be there.
    Stale,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind {
            DifferenceKind::Missing => "is missing",
            DifferenceKind::Changed => "differs",
            DifferenceKind::Stale => "is stale",
        };
        write!(f, "{} {what}", self.path)
    }
}

impl FileSet {
    /// Adds a file, in the place of one with the same path.
    pub fn insert(&mut self, path: impl Into<String>, text: impl Into<String>) {
        self.files.insert(path.into(), text.into());
    }

    /// Returns the text of a file.
    pub fn get(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// Paths and texts, sorted by path.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &str)> {
        self.files.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// Compares with the files below `directory`, sorted by path. `stale` names files that are
    /// there, relative to the directory, and should not be unless they are in the set.
    ///
    /// # Errors
    /// When a file is there and cannot be read as UTF-8 text.
    pub fn check(&self, directory: &Path, stale: &[String]) -> io::Result<Vec<Difference>> {
        let mut differences = Vec::new();
        for (path, text) in &self.files {
            let (kind, old) = match std::fs::read_to_string(directory.join(path)) {
                Ok(old) if old == *text => continue,
                Ok(old) => (DifferenceKind::Changed, old),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    (DifferenceKind::Missing, String::new())
                }
                Err(error) => return Err(with_path(error, path)),
            };
            differences.push(Difference { path: path.clone(), kind, old });
        }
        for path in stale.iter().filter(|path| !self.files.contains_key(*path)) {
            let old = std::fs::read_to_string(directory.join(path))
                .map_err(|error| with_path(error, path))?;
            differences.push(Difference { path: path.clone(), kind: DifferenceKind::Stale, old });
        }
        differences.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(differences)
    }

    /// Writes every file below `directory`, then removes those of `stale` that are not in the set.
    ///
    /// All texts are first written beside their targets and only then moved into place, so that
    /// an error on the way (a full disk, a missing right) leaves every target as it was.
    ///
    /// # Errors
    /// The first error, with the path it is about.
    pub fn write(&self, directory: &Path, stale: &[String]) -> io::Result<()> {
        let mut staged = Staged::default();
        for (path, text) in &self.files {
            let target = directory.join(path);
            if std::fs::read_to_string(&target).is_ok_and(|old| old == *text) {
                continue;
            }
            staged.add(target, text).map_err(|error| with_path(error, path))?;
        }
        staged.commit()?;
        for path in stale.iter().filter(|path| !self.files.contains_key(*path)) {
            std::fs::remove_file(directory.join(path)).map_err(|error| with_path(error, path))?;
        }
        Ok(())
    }
}

/// Texts that lie beside their targets, and the folders made for them; all of them are removed
/// again unless they are committed.
#[derive(Default)]
struct Staged {
    files: Vec<(PathBuf, PathBuf)>,
    folders: Vec<PathBuf>,
}

impl Staged {
    fn add(&mut self, target: PathBuf, text: &str) -> io::Result<()> {
        let mut name = std::ffi::OsString::from(".");
        name.push(target.file_name().unwrap_or_default());
        name.push(format!(".{}.new", std::process::id()));
        let temporary = target.with_file_name(name);
        if target.is_dir() {
            return Err(io::Error::new(io::ErrorKind::IsADirectory, "a folder is in its place"));
        }
        if let Some(parent) = target.parent() {
            self.create_folder(parent)?;
        }
        // A new file alone: a link of that name could lead anywhere.
        let mut file = std::fs::File::create_new(&temporary)?;
        self.files.push((temporary, target));
        file.write_all(text.as_bytes())?;
        file.sync_data()
    }

    fn create_folder(&mut self, folder: &Path) -> io::Result<()> {
        let missing = folder.ancestors().take_while(|folder| {
            !folder.as_os_str().is_empty() && folder.symlink_metadata().is_err()
        });
        let missing: Vec<PathBuf> = missing.map(Path::to_path_buf).collect();
        self.folders.extend(missing.into_iter().rev());
        std::fs::create_dir_all(folder)
    }

    fn commit(mut self) -> io::Result<()> {
        while let Some((temporary, target)) = self.files.pop() {
            if let Err(error) = std::fs::rename(&temporary, &target) {
                self.files.push((temporary, target.clone()));
                return Err(with_path(error, &target.to_string_lossy()));
            }
        }
        self.folders.clear();
        Ok(())
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        // Nothing is left to do with what cannot be removed; folders that are in use stay.
        for (temporary, _) in &self.files {
            let _ = std::fs::remove_file(temporary);
        }
        for folder in self.folders.iter().rev() {
            let _ = std::fs::remove_dir(folder);
        }
    }
}

fn with_path(error: io::Error, path: &str) -> io::Error {
    io::Error::new(error.kind(), format!("{path}: {error}"))
}
