//! A store in a directory, safe against other users of the machine.
//!
//! All files are reached through a handle of the directory, which was looked at first: nobody can
//! put another directory in its place in between.

use std::{
    fs::{DirBuilder, File},
    io::{self, Read as _, Write as _},
    os::{fd::OwnedFd, unix::fs::DirBuilderExt as _},
    path::{Path, PathBuf},
};

use rustix::{
    fs::{AtFlags, CWD, FileType, Mode, OFlags, fstat, fsync, openat, renameat, unlinkat},
    io::Errno,
    process::geteuid,
};

use super::{KeyStore, KeyStoreError, KeyStoreErrorKind, Pkcs8};
use crate::spawn;

/// A key file is a few kilobytes; more than this is none.
const MAX_SIZE: u64 = 64 * 1024;

/// Keeps each key in a file of its own, `<directory>/<name>.p8`: PKCS#8, DER encoded, with mode
/// 0600.
///
/// A file is replaced in one step: a reader finds the old key or the new one, also after a crash.
/// A key is refused, with [`KeyStoreErrorKind::Insecure`], when others own the file or may read
/// it, when it is no regular file (symbolic links are not followed), or when others may write to
/// the directory. A directory that does not exist is made with mode 0700.
///
/// Names are letters, digits, `-`, `_` and `.`, up to 100 of them, and do not begin with a dot.
///
/// Unix only; elsewhere, use the keychain of the operating system (feature `keychain`).
#[derive(Clone, Debug)]
pub struct FileKeyStore {
    directory: PathBuf,
}

impl FileKeyStore {
    /// A store in `directory`. Nothing is looked at or made yet.
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        Self { directory: directory.into() }
    }

    async fn with<T: Send + 'static>(
        &self,
        name: &str,
        work: impl FnOnce(&Place) -> Result<T, KeyStoreError> + Send + 'static,
    ) -> Result<T, KeyStoreError> {
        let place = Place::new(&self.directory, name)?;
        let path = place.path();
        let done = spawn::blocking(move || work(&place)).await;
        done.unwrap_or_else(|| Err(unavailable(&path, "cannot be used", io::Error::other("panic"))))
    }
}

impl KeyStore for FileKeyStore {
    async fn load(&self, name: &str) -> Result<Option<Pkcs8>, KeyStoreError> {
        self.with(name, Place::load).await
    }

    async fn store(&self, name: &str, key: &Pkcs8) -> Result<(), KeyStoreError> {
        let key = key.clone();
        self.with(name, move |place| place.store(&key)).await
    }

    async fn delete(&self, name: &str) -> Result<(), KeyStoreError> {
        self.with(name, Place::delete).await
    }
}

/// Where one key is.
struct Place {
    directory: PathBuf,
    file: String,
}

impl Place {
    fn new(directory: &Path, name: &str) -> Result<Self, KeyStoreError> {
        let fits = |b: u8| b.is_ascii_alphanumeric() || b"-_.".contains(&b);
        if !(1..=100).contains(&name.len()) || name.starts_with('.') || !name.bytes().all(fits) {
            return Err(KeyStoreError::new(
                KeyStoreErrorKind::Name,
                "a key's name is 1 to 100 letters, digits, `-`, `_` and `.`, and begins with \
                 another than a dot",
            ));
        }
        Ok(Self { directory: directory.to_owned(), file: format!("{name}.p8") })
    }

    fn path(&self) -> PathBuf {
        self.directory.join(&self.file)
    }

    fn load(&self) -> Result<Option<Pkcs8>, KeyStoreError> {
        let Some(directory) = self.directory()? else { return Ok(None) };
        let path = self.path();
        // A pipe in its place would make a blocking open wait.
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
        let file = match openat(&directory, &self.file, flags, Mode::empty()) {
            Ok(file) => file,
            Err(Errno::NOENT) => return Ok(None),
            Err(Errno::LOOP) => {
                return Err(insecure(&path, "is a symbolic link: put the file itself there"));
            }
            Err(error) => return Err(unavailable(&path, "cannot be opened", error)),
        };
        let found = fstat(&file).map_err(|error| unavailable(&path, "cannot be read", error))?;
        if FileType::from_raw_mode(found.st_mode) != FileType::RegularFile {
            return Err(insecure(&path, "is no regular file: remove it"));
        }
        if found.st_uid != geteuid().as_raw() {
            return Err(insecure(&path, "belongs to another user: remove it"));
        }
        if found.st_mode & 0o077 != 0 {
            return Err(insecure(
                &path,
                "can be read or written by others: chmod 600, or remove it",
            ));
        }
        // Room for all of it, so that no outgrown copy is left behind unwiped.
        let size = u64::try_from(found.st_size).unwrap_or(0).min(MAX_SIZE);
        let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0) + 64);
        let read = File::from(file).take(MAX_SIZE + 1).read_to_end(&mut bytes);
        let key = Pkcs8::new(bytes);
        read.map_err(|error| unavailable(&path, "cannot be read", error))?;
        if key.expose().len() as u64 > MAX_SIZE {
            let message = format!("{} is too large for a key: remove it", path.display());
            return Err(KeyStoreError::new(KeyStoreErrorKind::Corrupt, message));
        }
        Ok(Some(key))
    }

    fn store(&self, key: &Pkcs8) -> Result<(), KeyStoreError> {
        let path = self.path();
        let failed = |error: io::Error| unavailable(&path, "cannot be written", error);
        let directory = match self.directory()? {
            Some(directory) => directory,
            None => {
                let made = DirBuilder::new().recursive(true).mode(0o700).create(&self.directory);
                made.map_err(failed)?;
                self.directory()?.ok_or_else(|| failed(io::ErrorKind::NotFound.into()))?
            }
        };
        // Beside the file, so that the rename stays within the file system. The dot keeps the name
        // apart from those of keys.
        let draft = format!(".{}.{:016x}", self.file, fastrand::u64(..));
        let flags =
            OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let owner = Mode::RUSR | Mode::WUSR;
        let file =
            openat(&directory, &draft, flags, owner).map_err(|error| failed(error.into()))?;
        let written = write(file, key).and_then(|()| {
            renameat(&directory, &draft, &directory, &self.file)?;
            Ok(fsync(&directory)?)
        });
        written.map_err(|error| {
            // After the rename there is no draft any more, and nothing to remove.
            let _ = unlinkat(&directory, &draft, AtFlags::empty());
            failed(error)
        })
    }

    fn delete(&self) -> Result<(), KeyStoreError> {
        let Some(directory) = self.directory()? else { return Ok(()) };
        match unlinkat(&directory, &self.file, AtFlags::empty()) {
            Ok(()) | Err(Errno::NOENT) => Ok(()),
            Err(error) => Err(unavailable(&self.path(), "cannot be removed", error)),
        }
    }

    /// A handle of the directory, if there is one and only its owner may write to it.
    fn directory(&self) -> Result<Option<OwnedFd>, KeyStoreError> {
        let path = &self.directory;
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let directory = match openat(CWD, path, flags, Mode::empty()) {
            Ok(directory) => directory,
            Err(Errno::NOENT) => return Ok(None),
            Err(error) => return Err(unavailable(path, "is no directory to keep keys in", error)),
        };
        let found = fstat(&directory)
            .map_err(|error| unavailable(path, "is no directory to keep keys in", error))?;
        if found.st_mode & 0o022 != 0 {
            return Err(insecure(path, "can be written by others: chmod 700"));
        }
        if ![geteuid().as_raw(), 0].contains(&found.st_uid) {
            return Err(insecure(path, "belongs to another user: choose one of your own"));
        }
        Ok(Some(directory))
    }
}

fn write(file: OwnedFd, key: &Pkcs8) -> io::Result<()> {
    let mut file = File::from(file);
    file.write_all(key.expose())?;
    file.sync_all()
}

fn insecure(path: &Path, what: &str) -> KeyStoreError {
    KeyStoreError::new(KeyStoreErrorKind::Insecure, format!("{} {what}", path.display()))
}

fn unavailable(path: &Path, what: &str, error: impl Into<io::Error>) -> KeyStoreError {
    let message = format!("{} {what}", path.display());
    KeyStoreError::new(KeyStoreErrorKind::Unavailable, message).with_source(error.into())
}
