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
    fs::{
        AtFlags, CWD, FileType, Mode, OFlags, fstat, fsync, linkat, openat, renameat, statat,
        unlinkat,
    },
    io::Errno,
    process::geteuid,
};

use super::{KeyStore, KeyStoreError, KeyStoreErrorKind, Pkcs8};
use crate::spawn;

/// A key file is a few kilobytes; more than this is none.
const MAX_SIZE: u64 = 64 * 1024;

/// How many damaged files are kept for one name.
const KEPT: usize = 9;

/// Keeps each key in a file of its own, `<directory>/<name>.p8`: PKCS#8, DER encoded, with mode
/// 0600.
///
/// A file is replaced in one step: a reader finds the old key or the new one, also after a crash.
/// A key is refused, with [`KeyStoreErrorKind::Insecure`], when others own the file or may read
/// it, when it is no regular file (symbolic links are not followed), or when others may write to
/// the directory. A directory that does not exist is made with mode 0700. What is not a regular
/// file of this user is never replaced or removed; a file that holds no key is renamed
/// (`<name>.p8.damaged`) and kept.
///
/// Names are letters, digits, `-`, `_` and `.`, up to 100 of them, and do not begin with a dot.
///
/// Unix only; elsewhere, use the keychain of the operating system (feature `keychain`).
#[derive(Clone, Debug)]
pub struct FileKeyStore {
    directory: PathBuf,
}

impl FileKeyStore {
    /// Creates a store in `directory`. Nothing is read or created yet.
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        Self { directory: directory.into() }
    }

    async fn with<T: Send + 'static>(
        &self,
        name: &str,
        work: impl FnOnce(&KeyFile) -> Result<T, KeyStoreError> + Send + 'static,
    ) -> Result<T, KeyStoreError> {
        let file = KeyFile::new(&self.directory, name)?;
        let path = file.path();
        let done = spawn::blocking(move || work(&file)).await;
        done.unwrap_or_else(|| Err(unavailable(&path, "cannot be used", io::Error::other("panic"))))
    }
}

impl KeyStore for FileKeyStore {
    async fn load(&self, name: &str) -> Result<Option<Pkcs8>, KeyStoreError> {
        self.with(name, KeyFile::load).await
    }

    async fn store(&self, name: &str, key: &Pkcs8) -> Result<(), KeyStoreError> {
        let key = key.clone();
        self.with(name, move |file| file.store(&key)).await
    }

    async fn delete(&self, name: &str) -> Result<(), KeyStoreError> {
        self.with(name, KeyFile::delete).await
    }

    async fn set_aside(&self, name: &str) -> Result<Option<String>, KeyStoreError> {
        self.with(name, KeyFile::set_aside).await
    }
}

/// The file of one key.
struct KeyFile {
    directory: PathBuf,
    file: String,
}

impl KeyFile {
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
        let written = write(file, key).map_err(failed).and_then(|()| {
            self.check_replaceable(&directory)?;
            renameat(&directory, &draft, &directory, &self.file)
                .and_then(|()| fsync(&directory))
                .map_err(|error| failed(error.into()))
        });
        if written.is_err() {
            // After the rename there is no draft any more, and nothing to remove.
            let _ = unlinkat(&directory, &draft, AtFlags::empty());
        }
        written
    }

    /// Whether there is nothing in the file's place that is not ours to replace or remove. A
    /// symbolic link counts as ours: what it points to is left alone.
    fn check_replaceable(&self, directory: &OwnedFd) -> Result<(), KeyStoreError> {
        let path = self.path();
        let found = match statat(directory, &self.file, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(found) => found,
            Err(Errno::NOENT) => return Ok(()),
            Err(error) => return Err(unavailable(&path, "cannot be looked at", error)),
        };
        match FileType::from_raw_mode(found.st_mode) {
            FileType::Symlink => Ok(()),
            FileType::RegularFile if found.st_uid == geteuid().as_raw() => Ok(()),
            FileType::RegularFile => Err(insecure(&path, "belongs to another user: remove it")),
            _ => Err(insecure(&path, "is no regular file: remove it")),
        }
    }

    /// Renames a file of ours to a name that nothing has.
    fn set_aside(&self) -> Result<Option<String>, KeyStoreError> {
        let Some(directory) = self.directory()? else { return Ok(None) };
        let path = self.path();
        self.check_replaceable(&directory)?;
        for number in 1..=KEPT {
            let suffix = if number == 1 { String::new() } else { format!("-{number}") };
            let name = format!("{}.damaged{suffix}", self.file);
            let moved = linkat(&directory, &self.file, &directory, &name, AtFlags::empty())
                .and_then(|()| unlinkat(&directory, &self.file, AtFlags::empty()))
                .and_then(|()| fsync(&directory));
            match moved {
                Ok(()) => return Ok(Some(path.with_file_name(name).display().to_string())),
                Err(Errno::EXIST) => {}
                Err(Errno::NOENT) => return Ok(None),
                Err(error) => return Err(unavailable(&path, "cannot be renamed", error)),
            }
        }
        let what = "is damaged, as are all files that were renamed before: remove them";
        let message = format!("{} {what}", path.display());
        Err(KeyStoreError::new(KeyStoreErrorKind::Corrupt, message))
    }

    fn delete(&self) -> Result<(), KeyStoreError> {
        let Some(directory) = self.directory()? else { return Ok(()) };
        self.check_replaceable(&directory)?;
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
