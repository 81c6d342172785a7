//! Renaming a damaged file, so that a new one can be begun and nothing is lost.

use std::{
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
};

use super::{
    StorageError,
    directory::{is_same, sync_directory},
    error::Source,
};

/// How many damaged files are kept beside each other.
const KEPT: usize = 9;

/// The bytes that a database begins with.
const MAGIC: [u8; 9] = *b"redb\x1A\x0A\xA9\x0D\x0A";

/// Whether a file that cannot be read was made by this crate: it begins as a database does, or with
/// the zeros that a crash of the machine leaves, or has the owner and the mode that are given to
/// each new file.
pub(super) fn is_ours(file: &File) -> io::Result<bool> {
    use io::{Read as _, Seek as _};
    let mut file = file;
    let mut begin = Vec::with_capacity(MAGIC.len());
    file.rewind()?;
    file.take(MAGIC.len() as u64).read_to_end(&mut begin)?;
    Ok(MAGIC.starts_with(&begin) || begin.iter().all(|byte| *byte == 0) || is_private(file)?)
}

#[cfg(unix)]
fn is_private(file: &File) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt as _;
    let found = file.metadata()?;
    Ok(found.mode() & 0o7777 == 0o600 && found.uid() == rustix::process::geteuid().as_raw())
}

#[cfg(not(unix))]
fn is_private(_: &File) -> io::Result<bool> {
    Ok(false)
}

/// Renames `file`, which is damaged by `source`, and returns its new name; `None` when it is not
/// at `path` any more.
pub(super) fn rename(
    path: &Path,
    file: &File,
    source: Source,
) -> Result<Option<PathBuf>, StorageError> {
    if is_link(path) {
        let reason = "it is reached through a symbolic link";
        return Err(StorageError::Damaged { path: path.into(), reason, source });
    }
    let failed = |error: io::Error| StorageError::Open { path: path.into(), source: error.into() };
    lock(path, file)?;
    if !is_at(path, file).map_err(failed)? {
        return Ok(None);
    }
    for number in 1..=KEPT {
        let name = name(path, number);
        match link(path, &name) {
            Ok(()) => {
                sync_directory(path).map_err(failed)?;
                return Ok(Some(name));
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(failed(error)),
        }
    }
    let reason = "there is no name left for it beside the other damaged files";
    Err(StorageError::Damaged { path: path.into(), reason, source })
}

/// Removes `file`, which is empty, from `path`.
pub(super) fn remove(path: &Path, file: &File) -> Result<(), StorageError> {
    if is_link(path) {
        let found = "a symbolic link to an empty file";
        return Err(StorageError::NotAFile { path: path.into(), found });
    }
    let failed = |error: io::Error| StorageError::Open { path: path.into(), source: error.into() };
    lock(path, file)?;
    let is_empty = file.metadata().map_err(failed)?.len() == 0;
    if is_empty && is_at(path, file).map_err(failed)? {
        fs::remove_file(path).map_err(failed)?;
    }
    Ok(())
}

/// Keeps other processes from doing the same at the same time; the lock ends with the handle.
fn lock(path: &Path, file: &File) -> Result<(), StorageError> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(StorageError::InUse { path: path.into() }),
        Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => Ok(()),
        Err(TryLockError::Error(error)) => {
            Err(StorageError::Open { path: path.into(), source: error.into() })
        }
    }
}

fn is_link(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|found| found.is_symlink())
}

/// Whether `file` is still the one at `path`.
fn is_at(path: &Path, file: &File) -> io::Result<bool> {
    match fs::symlink_metadata(path) {
        Ok(found) => Ok(is_same(&found, file)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Moves a file to a name that nothing has.
fn link(path: &Path, name: &Path) -> io::Result<()> {
    match fs::hard_link(path, name) {
        Ok(()) => fs::remove_file(path),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(error),
        // Some file systems have no links.
        Err(_) if fs::symlink_metadata(name).is_ok() => Err(io::ErrorKind::AlreadyExists.into()),
        Err(_) => fs::rename(path, name),
    }
}

fn name(path: &Path, number: usize) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".damaged");
    if number > 1 {
        name.push(format!("-{number}"));
    }
    path.with_file_name(name)
}
