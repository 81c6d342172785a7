//! Names of files in a directory: whether one leads to an open file, and that a new one lasts.

use std::{
    fs::{self, File},
    io,
    path::Path,
};

/// Whether what was found under a name is `file`.
#[cfg(unix)]
pub(super) fn is_same(found: &fs::Metadata, file: &File) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    file.metadata().is_ok_and(|file| (found.dev(), found.ino()) == (file.dev(), file.ino()))
}

#[cfg(not(unix))]
pub(super) fn is_same(_: &fs::Metadata, _: &File) -> bool {
    true
}

/// Makes the new name last through a loss of power.
#[cfg(unix)]
pub(super) fn sync_directory(path: &Path) -> io::Result<()> {
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    File::open(directory.unwrap_or(Path::new(".")))?.sync_all()
}

#[cfg(not(unix))]
pub(super) fn sync_directory(_: &Path) -> io::Result<()> {
    Ok(())
}
