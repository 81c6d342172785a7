//! A folder that generated files share with files of the user.

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    path::Path,
};

use serde::{Deserialize, Serialize};

use super::{Difference, FileSet, portable::unportable, with_path};

/// The file that lists what a run wrote; it is written with the files.
pub const MANIFEST: &str = "MANIFEST.json";

/// How the `generator` of a manifest of ours begins.
const GENERATOR: &str = "credwire";

/// What a manifest has to say of the files beside it.
#[derive(Deserialize, Serialize)]
struct Listing {
    /// The generator and its version.
    generator: String,
    /// Every file beside the manifest that the generator made.
    files: BTreeSet<String>,
}

/// A folder in which files are replaced and removed only when an earlier run made them.
///
/// The earlier run says so in the `MANIFEST.json` that it left. Every other file is the user's: it
/// is never removed, and when it stands where another text belongs, nothing at all is written.
#[derive(Debug)]
pub struct OutputFolder<'a> {
    directory: &'a Path,
    /// What the manifest lists, and the manifest itself.
    listed: BTreeSet<String>,
    /// What may be replaced besides, but not removed.
    replaceable: BTreeSet<String>,
}

impl<'a> OutputFolder<'a> {
    /// Reads what an earlier run wrote in `directory`, which need not be there.
    ///
    /// # Errors
    /// A manifest that is there and cannot be read.
    pub fn open(directory: &'a Path) -> io::Result<Self> {
        // The folder of a path without one.
        let directory = if directory.as_os_str().is_empty() { Path::new(".") } else { directory };
        let mut folder = Self { directory, listed: BTreeSet::new(), replaceable: BTreeSet::new() };
        inside(directory, MANIFEST).map_err(|error| with_path(error, MANIFEST))?;
        match std::fs::read_to_string(directory.join(MANIFEST)) {
            Ok(text) => {
                // A manifest of somebody else lists nothing of ours.
                let listing = serde_json::from_str::<Listing>(&text).ok();
                if let Some(own) = listing.filter(|it| it.generator.starts_with(GENERATOR)) {
                    folder.listed = own.files;
                    folder.listed.insert(MANIFEST.to_owned());
                }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(with_path(error, MANIFEST)),
        }
        Ok(folder)
    }

    /// Permits to replace those files of `set` that are there with a text that is `ours`.
    #[must_use]
    pub fn replacing(mut self, set: &FileSet, ours: impl Fn(&str) -> bool) -> Self {
        let is_ours = |path: &&str| {
            inside(self.directory, path).is_ok()
                && std::fs::read_to_string(self.directory.join(path)).is_ok_and(|text| ours(&text))
        };
        self.replaceable
            .extend(set.iter().map(|(path, _)| path).filter(is_ours).map(str::to_owned));
        self
    }

    /// Compares `set` with the folder, as [`FileSet::check`]; stale is what an earlier run made and
    /// is not in the set. Without a manifest in the set, which adds to the folder then, nothing is.
    ///
    /// # Errors
    /// As [`Self::write`], apart from what only writing can meet.
    pub fn check(&self, set: &FileSet) -> io::Result<Vec<Difference>> {
        let stale = self.stale(set)?;
        let differences = set.check(self.directory, &stale)?;
        self.refuse_foreign(&differences)?;
        Ok(differences)
    }

    /// Writes `set`, as [`FileSet::write`], and removes what [`Self::check`] calls stale.
    ///
    /// # Errors
    /// Nothing is written when a path of the set is none that every system can have, or differs
    /// from another in case only; when it leads out of the folder through a symbolic link; when a
    /// file of the user is in its place; or when any file cannot be written. The error names them.
    pub fn write(&self, set: &FileSet) -> io::Result<()> {
        let stale = self.stale(set)?;
        self.refuse_foreign(&set.check(self.directory, &stale)?)?;
        set.write(self.directory, &stale)
    }

    /// The files of an earlier run that are still there and are not in `set`, all paths checked.
    fn stale(&self, set: &FileSet) -> io::Result<Vec<String>> {
        let paths = || set.iter().map(|(path, _)| path);
        distinct(paths())?;
        let listed = self.listed.iter().map(String::as_str);
        for path in paths().chain(listed) {
            is_path(path)
                .and_then(|()| inside(self.directory, path))
                .map_err(|e| with_path(e, path))?;
        }
        let is_stale = |path: &&String| {
            set.get(MANIFEST).is_some()
                && set.get(path).is_none()
                && self.directory.join(path).symlink_metadata().is_ok()
        };
        Ok(self.listed.iter().filter(is_stale).cloned().collect())
    }

    /// Refuses to replace what no earlier run made.
    fn refuse_foreign(&self, differences: &[Difference]) -> io::Result<()> {
        let foreign: Vec<&str> = differences
            .iter()
            .filter(|difference| difference.kind == super::DifferenceKind::Changed)
            .map(|difference| difference.path.as_str())
            .filter(|path| !self.listed.contains(*path) && !self.replaceable.contains(*path))
            .collect();
        if foreign.is_empty() {
            return Ok(());
        }
        let message = format!(
            "{}: not made by an earlier run, and so not replaced; move it away, or choose another \
             folder",
            foreign.join(", ")
        );
        Err(io::Error::new(io::ErrorKind::AlreadyExists, message))
    }
}

impl FileSet {
    /// Adds the manifest that lists the files of the set, so that a later run of `generator` may
    /// replace and remove them. The name of the generator begins with `credwire`.
    pub fn list(&mut self, generator: &str) {
        let files = self.files.keys().cloned().collect();
        let listing = Listing { generator: generator.to_owned(), files };
        // Texts alone: there is nothing in it that JSON could not hold.
        if let Ok(text) = serde_json::to_string_pretty(&listing) {
            self.insert(MANIFEST, text + "\n");
        }
    }
}

/// Refuses a path that is not one below a folder on every system.
fn is_path(path: &str) -> io::Result<()> {
    match path.split('/').find_map(unportable) {
        None => Ok(()),
        Some(why) => {
            let message = format!("{path:?} is no path of a file: a part of it {why}");
            Err(io::Error::new(io::ErrorKind::InvalidInput, message))
        }
    }
}

/// Refuses paths that are one path where case does not count.
fn distinct<'a>(paths: impl Iterator<Item = &'a str>) -> io::Result<()> {
    let mut seen = BTreeMap::new();
    for path in paths {
        if let Some(other) = seen.insert(path.to_lowercase(), path) {
            let message = format!("{other} and {path} are one file where case does not count");
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
    }
    Ok(())
}

/// Refuses a path that leads out of `directory` through a symbolic link.
fn inside(directory: &Path, path: &str) -> io::Result<()> {
    let mut at = directory.to_owned();
    for part in path.split('/') {
        at.push(part);
        match at.symlink_metadata() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error),
            Ok(found) if found.is_symlink() => {
                let root = directory.canonicalize()?;
                if !at.canonicalize().is_ok_and(|target| target.starts_with(root)) {
                    let message = "a symbolic link leads out of the folder";
                    return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
                }
            }
            Ok(_) => {}
        }
    }
    Ok(())
}
