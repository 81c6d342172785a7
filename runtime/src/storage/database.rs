//! A storage in a file.

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::Arc,
};

use redb::{Database, ReadableDatabase as _, ReadableTable as _, TableDefinition, TableError};

use super::{Failure, MemoryStorage, Scope, StorageError, bounds, file};
use crate::{Secret, Storage, spawn};

/// Facts about the file.
const FACTS: TableDefinition<'_, &str, u64> = TableDefinition::new("credwire.facts");
/// Under it, the version of the form of the other tables.
const VERSION: &str = "version";
/// The newest version that is understood, and the one that is written.
const KNOWN: u64 = 1;
/// The items of the scope `local`.
const ITEMS: TableDefinition<'_, &str, &str> = TableDefinition::new("credwire.local");

/// Keeps items in one file, an embedded database (redb). Clones share it.
///
/// - What was set is there after a crash of the process or the machine; what was being set is
///   there or not, never in part. The file always opens.
/// - One process at a time has the file open; another gets [`StorageError::InUse`].
/// - The file has mode 0600. Values are in it as they are, and what was removed or replaced may be
///   found in it until its place is used again: protect it as you would a key.
/// - A value may have 256 KiB, everything together 4 MiB.
/// - Items of the scope [`SESSION`](super::SESSION) stay in memory and end with the process.
///
/// A call that was dropped is carried out or not.
#[derive(Clone)]
pub struct RedbStorage {
    path: Arc<Path>,
    database: Arc<Database>,
    session: MemoryStorage,
}

impl RedbStorage {
    /// Opens the file at `path`, or makes it. Its directory must exist.
    ///
    /// # Errors
    /// [`StorageError`] when the file cannot be opened, is in use, is something else, or is of a
    /// later version. The file is left as it was.
    ///
    /// # Panics
    /// Outside a tokio runtime.
    pub async fn open(path: impl Into<PathBuf>) -> Result<Self, StorageError> {
        let path: Arc<Path> = path.into().into();
        let opening = Arc::clone(&path);
        let opened = spawn::blocking(move || open(&opening)).await;
        let database = opened.unwrap_or_else(|| Err(broken(&path)))?;
        Ok(Self { path, database: Arc::new(database), session: MemoryStorage::new() })
    }

    /// Runs `work` on a thread for blocking work.
    async fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Database) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, StorageError> {
        let database = Arc::clone(&self.database);
        match spawn::blocking(move || work(&database)).await {
            Some(Ok(value)) => Ok(value),
            Some(Err(Problem::Refused(error))) => Err(error),
            Some(Err(Problem::Redb(error))) => {
                let source = Box::new(error);
                Err(StorageError::Database { path: self.path.to_path_buf(), source })
            }
            None => Err(broken(&self.path)),
        }
    }
}

/// Why the work on a database was not done.
enum Problem {
    Refused(StorageError),
    Redb(redb::Error),
}

impl<E: Into<redb::Error>> From<E> for Problem {
    fn from(error: E) -> Self {
        Self::Redb(error.into())
    }
}

fn broken(path: &Path) -> StorageError {
    StorageError::Database { path: path.into(), source: "it panicked".into() }
}

fn open(path: &Path) -> Result<Database, StorageError> {
    let failed =
        |error: redb::Error| StorageError::Open { path: path.into(), source: error.into() };
    let database = file::open(path, |new| begin(new).map_err(failed))?;
    match version(&database).map_err(failed)? {
        None => Err(StorageError::Foreign { path: path.into() }),
        Some(found) if found > KNOWN => {
            Err(StorageError::NewerVersion { path: path.into(), found, known: KNOWN })
        }
        Some(_) => Ok(database),
    }
}

fn begin(database: &Database) -> Result<(), redb::Error> {
    let transaction = database.begin_write()?;
    transaction.open_table(FACTS)?.insert(VERSION, KNOWN)?;
    transaction.open_table(ITEMS)?;
    Ok(transaction.commit()?)
}

fn version(database: &Database) -> Result<Option<u64>, redb::Error> {
    match database.begin_read()?.open_table(FACTS) {
        Ok(facts) => Ok(facts.get(VERSION)?.map(|version| version.value())),
        Err(
            TableError::TableDoesNotExist(_)
            | TableError::TableTypeMismatch { .. }
            | TableError::TableIsMultimap(_),
        ) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn get(database: &Database, key: &str) -> Result<Option<String>, Problem> {
    let items = database.begin_read()?.open_table(ITEMS)?;
    Ok(items.get(key)?.map(|value| value.value().to_owned()))
}

fn set(database: &Database, key: &str, value: &str) -> Result<(), Problem> {
    let transaction = database.begin_write()?;
    {
        let mut items = transaction.open_table(ITEMS)?;
        let mut others = 0_usize;
        for item in items.iter()? {
            let (other, value) = item?;
            if other.value() != key {
                others = others.saturating_add(bounds::size(other.value(), value.value()));
            }
        }
        bounds::check(key, value, others).map_err(Problem::Refused)?;
        items.insert(key, value)?;
    }
    Ok(transaction.commit()?)
}

fn remove(database: &Database, which: impl Fn(&str) -> bool) -> Result<(), Problem> {
    let transaction = database.begin_write()?;
    transaction.open_table(ITEMS)?.retain(|key, _| !which(key))?;
    Ok(transaction.commit()?)
}

impl Storage for RedbStorage {
    async fn clear(&self, scope: &str) -> Result<(), Failure> {
        match Scope::of(scope)? {
            Scope::Session => self.session.clear(Scope::Session),
            Scope::Local => self.with(|database| remove(database, |_| true)).await?,
        }
        Ok(())
    }

    async fn get_item(&self, key: &str, scope: &str) -> Result<Option<String>, Failure> {
        let key = key.to_owned();
        Ok(match Scope::of(scope)? {
            Scope::Session => self.session.get(Scope::Session, &key),
            Scope::Local => self.with(move |database| get(database, &key)).await?,
        })
    }

    async fn remove_item(&self, key: &str, scope: &str) -> Result<(), Failure> {
        let key = key.to_owned();
        match Scope::of(scope)? {
            Scope::Session => self.session.remove(Scope::Session, &key),
            Scope::Local => self.with(move |database| remove(database, |it| it == key)).await?,
        }
        Ok(())
    }

    async fn set_item(&self, key: &str, value: Option<&str>, scope: &str) -> Result<(), Failure> {
        let Some(value) = value else { return self.remove_item(key, scope).await };
        match Scope::of(scope)? {
            Scope::Session => self.session.set(Scope::Session, key, value)?,
            Scope::Local => {
                let (key, value) = (key.to_owned(), Secret::from(value));
                self.with(move |database| set(database, &key, value.expose())).await?;
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
