//! A storage in a file.

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::Arc,
};

use redb::Database;
use tokio::sync::Mutex;

use super::{
    Failure, MemoryStorage, Scope, StorageError,
    file::{self, Connect, OpenFile},
    format::{self, Problem},
};
use crate::{Secret, spawn};
use credwire_generated::Storage;

/// Keeps items in one file, an embedded database (redb). Clones share the file.
///
/// - What was set is there after a crash of the process or the machine; what was being set is
///   there or not, never in part.
/// - One process at a time has the file open; another gets [`StorageError::InUse`].
/// - The file has mode 0600. Values are in it as they are, and what was removed or replaced may be
///   found in it until its place is used again: protect it as you would a key.
/// - A value may have 256 KiB, everything together 4 MiB.
/// - Items of the scope [`SESSION`](super::SESSION) stay in memory and end with the process.
///
/// A call is one attempt, and a later call can succeed: after a failure, and when the file was
/// removed or replaced meanwhile, the next call opens the file again.
/// [`StorageError::is_transient`] separates failures that pass by themselves from those that need a
/// person. A call that was dropped is carried out or not.
///
/// # What is in the file's place
/// | found | done |
/// |---|---|
/// | nothing, or an empty file | a new file is made |
/// | a file of this crate that is damaged or too old to be read | it is renamed (`<name>.damaged`, `<name>.damaged-2`, ...), a new file is made, and a warning and the [first read](StorageError::SetAside) name it |
/// | a file of a later version, or of another program | it is left alone |
/// | a directory, a pipe, a device, a socket, or a symbolic link to one of them or to nothing | it is left alone |
/// | a symbolic link to a file of this crate | that file is used; it is left alone when it is damaged |
///
/// A file counts as one of this crate when it begins as its databases do or with zeros; on Unix also
/// when it belongs to this user and has mode 0600.
#[derive(Clone)]
pub struct RedbStorage {
    path: Arc<Path>,
    connect: Connect,
    opened: Arc<Mutex<Opened>>,
    session: MemoryStorage,
}

/// What the calls share, one at a time: a disk that hangs holds up one thread and not one for each
/// call.
#[derive(Default)]
struct Opened {
    file: Option<OpenFile>,
    /// Where the file was moved whose items are lost, until a read has reported it.
    set_aside: Option<PathBuf>,
}

impl RedbStorage {
    /// Keeps items in the file at `path`, which the first call opens or creates. Its directory must
    /// exist by then.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self::connected_by(path.into(), Arc::new(file::connect))
    }

    /// Creates a storage as [`new`](Self::new), and opens the file at once.
    ///
    /// # Errors
    /// [`StorageError`] when the file cannot be opened. A damaged file is set aside and is no
    /// error here.
    ///
    /// # Panics
    /// Outside a tokio runtime.
    pub async fn open(path: impl Into<PathBuf>) -> Result<Self, StorageError> {
        let storage = Self::new(path);
        storage.with(|_| Ok(())).await?;
        Ok(storage)
    }

    fn connected_by(path: PathBuf, connect: Connect) -> Self {
        Self { path: path.into(), connect, opened: Arc::default(), session: MemoryStorage::new() }
    }

    /// Runs `work` on a thread for blocking work, with the file open.
    async fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Database) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, StorageError> {
        let failed =
            |path: &Path, source| StorageError::Database { path: path.to_path_buf(), source };
        let mut opened = Arc::clone(&self.opened).lock_owned().await;
        let (path, connect) = (Arc::clone(&self.path), Arc::clone(&self.connect));
        let done = spawn::blocking(move || {
            // A database that fails or panics is not put back, so the next call opens the file.
            let file = match opened.file.take().filter(|file| file.is_at(&path)) {
                Some(file) => file,
                None => file::open(&path, &*connect, &mut opened.set_aside)?,
            };
            let done = match work(&file.database) {
                Ok(value) => Ok(value),
                Err(Problem::Refused(error)) => Err(error),
                Err(Problem::Redb(error)) => return Err(failed(&path, format::cause(error))),
            };
            opened.file = Some(file);
            done
        });
        done.await.unwrap_or_else(|| Err(failed(&self.path, "it panicked".into())))
    }

    /// Reads an item of the file. The first read after items were lost reports it.
    async fn read(&self, key: String) -> Result<Option<String>, StorageError> {
        let value = self.with(move |database| format::get(database, &key)).await?;
        match self.opened.lock().await.set_aside.take() {
            None => Ok(value),
            Some(kept) => Err(StorageError::SetAside { path: self.path.to_path_buf(), kept }),
        }
    }
}

impl Storage for RedbStorage {
    async fn clear(&self, scope: &str) -> Result<(), Failure> {
        match Scope::of(scope)? {
            Scope::Session => self.session.clear(Scope::Session),
            Scope::Local => self.with(|database| format::remove(database, |_| true)).await?,
        }
        Ok(())
    }

    async fn get_item(&self, key: &str, scope: &str) -> Result<Option<String>, Failure> {
        Ok(match Scope::of(scope)? {
            Scope::Session => self.session.get(Scope::Session, key),
            Scope::Local => self.read(key.to_owned()).await?,
        })
    }

    async fn remove_item(&self, key: &str, scope: &str) -> Result<(), Failure> {
        let key = key.to_owned();
        match Scope::of(scope)? {
            Scope::Session => self.session.remove(Scope::Session, &key),
            Scope::Local => {
                self.with(move |database| format::remove(database, |it| it == key)).await?;
            }
        }
        Ok(())
    }

    async fn set_item(&self, key: &str, value: Option<&str>, scope: &str) -> Result<(), Failure> {
        let Some(value) = value else { return self.remove_item(key, scope).await };
        match Scope::of(scope)? {
            Scope::Session => self.session.set(Scope::Session, key, value)?,
            Scope::Local => {
                let (key, value) = (key.to_owned(), Secret::from(value));
                self.with(move |database| format::set(database, &key, value.expose())).await?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for RedbStorage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedbStorage").field("path", &self.path).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
