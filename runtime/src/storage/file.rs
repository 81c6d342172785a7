//! Making and opening the file of a database, so that a crash at any moment leaves none that does
//! not open, and so that nothing is lost that is in its place.

use std::{
    fs::{self, File, OpenOptions},
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
};

use redb::{Builder, Database, DatabaseError, backends::FileBackend};

use super::{
    StorageError,
    directory::{is_same, sync_directory},
    error::Source,
    format::{self, Content, KNOWN},
    set_aside,
};

/// Memory for pages; what is kept is small.
const CACHE: usize = 1024 * 1024;
/// How often a file may change under our hands, by another process, in one attempt to open it.
const ROUNDS: usize = 4;

/// Makes a database of an open file.
pub(super) type Connect =
    std::sync::Arc<dyn Fn(File) -> Result<Database, DatabaseError> + Send + Sync>;

/// Makes a database of an open file, which is read and written as it is.
pub(super) fn connect(file: File) -> Result<Database, DatabaseError> {
    let mut builder = Builder::new();
    // Damage is reported in place of being trusted; the file is small, so the check is quick.
    builder.set_cache_size(CACHE).set_check_integrity_on_open(true);
    builder.create_with_backend(FileBackend::new(file)?)
}

/// A database and the file that it is in.
pub(super) struct OpenFile {
    pub(super) database: Database,
    handle: File,
}

impl OpenFile {
    /// Whether `path` still leads to the file: what is written to a removed one is lost.
    pub(super) fn is_at(&self, path: &Path) -> bool {
        fs::metadata(path).is_ok_and(|found| is_same(&found, &self.handle))
    }
}

/// Opens the database at `path`, or makes it. A damaged file is renamed, and its new name is left
/// in `kept`.
pub(super) fn open(
    path: &Path,
    connect: &dyn Fn(File) -> Result<Database, DatabaseError>,
    kept: &mut Option<PathBuf>,
) -> Result<OpenFile, StorageError> {
    let failed = |error: io::Error| StorageError::Open { path: path.into(), source: error.into() };
    for _ in 0..ROUNDS {
        let Some(file) = look(path)? else {
            make(path, connect)?;
            continue;
        };
        let handle = file.try_clone().map_err(failed)?;
        if file.metadata().map_err(failed)?.len() == 0 {
            // As `mktemp` leaves one. Nothing is in it, so nothing is kept.
            set_aside::remove(path, &handle)?;
            continue;
        }
        match enter(path, file, connect) {
            Ok(database) => {
                keep_private(path, &handle).map_err(failed)?;
                return Ok(OpenFile { database, handle });
            }
            Err(Refusal::Damaged(source)) => {
                if !set_aside::is_ours(&handle).map_err(failed)? {
                    return Err(StorageError::Foreign { path: path.into() });
                }
                if let Some(name) = set_aside::rename(path, &handle, source)? {
                    tracing::warn!(
                        path = %path.display(),
                        kept = %name.display(),
                        "the file was damaged: it is renamed, and a new one is begun"
                    );
                    *kept = Some(name);
                }
            }
            Err(Refusal::Other(error)) => return Err(error),
        }
    }
    // Other processes make and rename it.
    Err(StorageError::InUse { path: path.into() })
}

/// The file at `path`, unless there is none.
fn look(path: &Path) -> Result<Option<File>, StorageError> {
    let failed = |error: io::Error| StorageError::Open { path: path.into(), source: error.into() };
    let not_a_file = |found| StorageError::NotAFile { path: path.into(), found };
    // Looked at before it is opened: to open a device can have an effect.
    match fs::metadata(path) {
        Ok(found) if !found.is_file() => return Err(not_a_file(kind(&found))),
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return match fs::symlink_metadata(path) {
                Ok(_) => Err(not_a_file("a symbolic link to nothing")),
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
                Err(error) => Err(failed(error)),
            };
        }
        Err(error) => return Err(failed(error)),
    }
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    // Whatever has taken the file's place since then is not waited for.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, no_wait());
    match options.open(path) {
        Ok(file) => {
            let found = file.metadata().map_err(failed)?;
            if found.is_file() { Ok(Some(file)) } else { Err(not_a_file(kind(&found))) }
        }
        // Another process is about to replace it.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed(error)),
    }
}

#[cfg(unix)]
fn no_wait() -> i32 {
    use rustix::fs::OFlags;
    (OFlags::NONBLOCK | OFlags::NOCTTY).bits().cast_signed()
}

fn kind(found: &fs::Metadata) -> &'static str {
    if found.is_dir() {
        return "a directory";
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt as _;
        let kind = found.file_type();
        if kind.is_fifo() {
            return "a named pipe";
        }
        if kind.is_socket() {
            return "a socket";
        }
        if kind.is_block_device() || kind.is_char_device() {
            return "a device";
        }
    }
    "not a regular file"
}

/// Why a file is not used.
enum Refusal {
    /// Its bytes are not those of a database that can be read.
    Damaged(Source),
    Other(StorageError),
}

/// Opens the database in `file`, which has at least one byte.
fn enter(
    path: &Path,
    file: File,
    connect: &dyn Fn(File) -> Result<Database, DatabaseError>,
) -> Result<Database, Refusal> {
    let failed = |error: redb::Error| {
        if format::is_damage(&error) {
            return Refusal::Damaged(format::cause(error));
        }
        let source = format::cause(error);
        Refusal::Other(StorageError::Open { path: path.into(), source })
    };
    // With debug assertions, redb panics at some kinds of damage in place of reporting them.
    let connected = catch_unwind(AssertUnwindSafe(|| connect(file)))
        .map_err(|_| Refusal::Damaged("the database library panicked".into()))?;
    let database = connected.map_err(|error| {
        if format::is_lock(&error) {
            return Refusal::Other(StorageError::InUse { path: path.into() });
        }
        failed(error.into())
    })?;
    match format::content(&database).map_err(failed)? {
        Content::Items => Ok(database),
        Content::Newer(found) => Err(Refusal::Other(StorageError::NewerVersion {
            path: path.into(),
            found,
            known: KNOWN,
        })),
        Content::Unreadable => Err(Refusal::Damaged("its tables are of another form".into())),
        Content::Foreign => Err(Refusal::Other(StorageError::Foreign { path: path.into() })),
    }
}

/// Makes a database beside `path` and renames it when it is whole. When somebody else was
/// quicker, theirs stays.
fn make(
    path: &Path,
    connect: &dyn Fn(File) -> Result<Database, DatabaseError>,
) -> Result<(), StorageError> {
    let failed = |error: io::Error| StorageError::Open { path: path.into(), source: error.into() };
    let draft = draft(path).map_err(failed)?;
    let made = private(&draft).map_err(failed).and_then(|file| {
        let begun = connect(file).map_err(redb::Error::from).and_then(|new| format::begin(&new));
        begun
            .map_err(|error| StorageError::Open { path: path.into(), source: format::cause(error) })
    });
    let named = made.and_then(|()| match fs::hard_link(&draft, path) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        // Some file systems have no links.
        Err(_) => fs::rename(&draft, path).map_err(failed),
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
