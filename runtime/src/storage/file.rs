//! Making and opening the file of a database, so that a crash at any moment leaves none that does
//! not open.

use std::{
    fs::{self, File, OpenOptions},
    io,
    path::{Path, PathBuf},
};

use redb::{Builder, Database, DatabaseError, StorageError as Redb, backends::FileBackend};

use super::StorageError;

/// Memory for pages; what is kept is small.
const CACHE: usize = 1024 * 1024;

/// Opens the database at `path`. Where there is none, makes one and lets `fill` write what every
/// database holds from the beginning.
pub(super) fn open(
    path: &Path,
    fill: impl Fn(&Database) -> Result<(), StorageError>,
) -> Result<Database, StorageError> {
    let failed = |error: io::Error| StorageError::Open { path: path.into(), source: error.into() };
    // Twice: another process may make the file between the look and the making.
    for _ in 0..2 {
        match OpenOptions::new().read(true).write(true).open(path) {
            Ok(file) => {
                // An empty file, as `mktemp` leaves one, is replaced.
                let is_empty = file.metadata().map_err(failed)?.len() == 0;
                if !is_empty {
                    keep_private(path, &file).map_err(failed)?;
                    return database(path, file);
                }
                make(path, true, &fill)?;
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => make(path, false, &fill)?,
            Err(error) => return Err(failed(error)),
        }
    }
    let file = OpenOptions::new().read(true).write(true).open(path).map_err(failed)?;
    database(path, file)
}

fn database(path: &Path, file: File) -> Result<Database, StorageError> {
    let mut builder = Builder::new();
    // Damage is reported in place of being trusted; the file is small, so the check is quick.
    builder.set_cache_size(CACHE).set_check_integrity_on_open(true);
    FileBackend::new(file)
        .and_then(|file| builder.create_with_backend(file))
        .map_err(|error| refused(path, error))
}

fn refused(path: &Path, error: DatabaseError) -> StorageError {
    let path = path.to_owned();
    match error {
        DatabaseError::DatabaseAlreadyOpen => StorageError::InUse { path },
        DatabaseError::Storage(Redb::Io(error)) if error.kind() == io::ErrorKind::InvalidData => {
            StorageError::Foreign { path }
        }
        error => StorageError::Open { path, source: error.into() },
    }
}

/// Makes a database beside `path` and gives it the name when it is whole. When somebody else was
/// quicker, theirs stays.
fn make(
    path: &Path,
    replace: bool,
    fill: &impl Fn(&Database) -> Result<(), StorageError>,
) -> Result<(), StorageError> {
    let failed = |error: io::Error| StorageError::Open { path: path.into(), source: error.into() };
    let draft = draft(path).map_err(failed)?;
    let made = private(&draft).map_err(failed).and_then(|file| {
        let database = database(path, file)?;
        fill(&database)
    });
    let named = made.and_then(|()| {
        if replace {
            return fs::rename(&draft, path).map_err(failed);
        }
        match fs::hard_link(&draft, path) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            // Some file systems have no links.
            Err(_) => fs::rename(&draft, path).map_err(failed),
        }
    });
    // After a rename there is nothing to remove.
    let _ = fs::remove_file(&draft);
    named?;
    sync_directory(path).map_err(failed)
}

fn draft(path: &Path) -> io::Result<PathBuf> {
    let name = path.file_name().ok_or_else(|| io::Error::other("the path names no file"))?;
    let mut draft = std::ffi::OsString::from(".");
    draft.push(name);
    draft.push(format!(".{:016x}", fastrand::u64(..)));
    Ok(path.with_file_name(draft))
}

fn private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(unix)]
fn keep_private(path: &Path, file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    if file.metadata()?.permissions().mode() & 0o077 != 0 {
        tracing::warn!(path = %path.display(), "others could read this file; it is private again");
        file.set_permissions(fs::Permissions::from_mode(0o600))?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn keep_private(_: &Path, _: &File) -> io::Result<()> {
    Ok(())
}

/// Makes the new name last through a loss of power.
#[cfg(unix)]
fn sync_directory(path: &Path) -> io::Result<()> {
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    File::open(directory.unwrap_or(Path::new(".")))?.sync_all()
}

#[cfg(not(unix))]
fn sync_directory(_: &Path) -> io::Result<()> {
    Ok(())
}
