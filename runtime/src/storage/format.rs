//! What is in the database of a file.

use redb::{
    Database, DatabaseError, ReadableDatabase as _, ReadableTable as _, TableDefinition, TableError,
};

use super::{StorageError, bounds, error::Source};

/// Facts about the file.
pub(super) const FACTS: TableDefinition<'_, &str, u64> = TableDefinition::new("credwire.facts");
/// Under it, the version of the form of the other tables.
pub(super) const VERSION: &str = "version";
/// The newest version that is understood, and the one that is written.
pub(super) const KNOWN: u64 = 1;
/// The items of the scope `local`.
const ITEMS: TableDefinition<'_, &str, &str> = TableDefinition::new("credwire.local");

/// Why the work on a database was not done.
pub(super) enum Problem {
    /// The database is whole, and the work is not allowed.
    Refused(StorageError),
    /// The database failed.
    Redb(redb::Error),
}

impl<E: Into<redb::Error>> From<E> for Problem {
    fn from(error: E) -> Self {
        Self::Redb(error.into())
    }
}

/// What a database holds, by its own version entry.
pub(super) enum Content {
    /// Items in the form of this version.
    Items,
    /// Items in the form of this later version.
    Newer(u64),
    /// Items that cannot be read.
    Unreadable,
    /// Something of another program.
    Foreign,
}

/// Writes what every database holds from the beginning.
pub(super) fn begin(database: &Database) -> Result<(), redb::Error> {
    let transaction = database.begin_write()?;
    transaction.open_table(FACTS)?.insert(VERSION, KNOWN)?;
    transaction.open_table(ITEMS)?;
    Ok(transaction.commit()?)
}

pub(super) fn content(database: &Database) -> Result<Content, redb::Error> {
    let transaction = database.begin_read()?;
    let version = match transaction.open_table(FACTS) {
        Ok(facts) => facts.get(VERSION)?.map(|version| version.value()),
        Err(TableError::Storage(error)) => return Err(error.into()),
        Err(_) => None,
    };
    Ok(match (version, transaction.open_table(ITEMS)) {
        (None, _) => Content::Foreign,
        (Some(found), _) if found > KNOWN => Content::Newer(found),
        (Some(KNOWN), Ok(_)) => Content::Items,
        (Some(_), Err(TableError::Storage(error))) => return Err(error.into()),
        (Some(_), _) => Content::Unreadable,
    })
}

/// Whether an error shows that the file is damaged or too old, and opening it again is of no use.
pub(super) fn is_damage(error: &redb::Error) -> bool {
    use std::io::ErrorKind::{InvalidData, UnexpectedEof};
    match error {
        redb::Error::Corrupted(_) | redb::Error::UpgradeRequired(_) => true,
        redb::Error::Io(error) => matches!(error.kind(), InvalidData | UnexpectedEof),
        _ => false,
    }
}

/// An error of the database as the cause of one of ours: IO errors without their wrapping.
pub(super) fn cause(error: redb::Error) -> Source {
    match error {
        redb::Error::Io(error) => error.into(),
        error => error.into(),
    }
}

/// Whether an error of opening shows that the file is open elsewhere.
pub(super) const fn is_lock(error: &DatabaseError) -> bool {
    matches!(error, DatabaseError::DatabaseAlreadyOpen | DatabaseError::LockProtocolMismatch)
}

pub(super) fn get(database: &Database, key: &str) -> Result<Option<String>, Problem> {
    let items = database.begin_read()?.open_table(ITEMS)?;
    Ok(items.get(key)?.map(|value| value.value().to_owned()))
}

pub(super) fn set(database: &Database, key: &str, value: &str) -> Result<(), Problem> {
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

pub(super) fn remove(database: &Database, which: impl Fn(&str) -> bool) -> Result<(), Problem> {
    let transaction = database.begin_write()?;
    transaction.open_table(ITEMS)?.retain(|key, _| !which(key))?;
    Ok(transaction.commit()?)
}
