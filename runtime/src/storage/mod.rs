//! Storage for what a later client resumes.
//!
//! [`Storage`] is the reference's interface: texts by key and scope. [`MemoryStorage`] lasts as
//! long as the process; with the feature `redb`, `RedbStorage` is a file.
//! [`ClientBuilder::storage`](crate::ClientBuilder::storage) takes either, or one of your own, and
//! `ClientBuilder::persist_session` (feature `redb`) opens the file.
//!
//! # Scopes
//! In the reference the scopes name the two storages of a browser. Here [`LOCAL`] outlives the
//! process where the storage does, and [`SESSION`] does not. Any other scope is refused.

mod bounds;
#[cfg(feature = "redb")]
mod database;
#[cfg(feature = "redb")]
mod directory;
mod error;
#[cfg(feature = "redb")]
mod file;
#[cfg(feature = "redb")]
mod format;
mod memory;
#[cfg(feature = "redb")]
mod set_aside;

use futures_util::future::BoxFuture;

#[cfg(feature = "redb")]
pub use database::RedbStorage;
pub use error::StorageError;
pub use memory::MemoryStorage;

pub use credwire_generated::Storage;

/// The scope of items that outlive the process.
pub const LOCAL: &str = "local";
/// The scope of items that end with the process.
pub const SESSION: &str = "session";

/// The scopes of the reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Scope {
    Local,
    Session,
}

impl Scope {
    fn of(name: &str) -> Result<Self, StorageError> {
        match name {
            LOCAL => Ok(Self::Local),
            SESSION => Ok(Self::Session),
            _ => Err(StorageError::UnknownScope { scope: name.to_owned() }),
        }
    }
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// The object-safe mirror of what a client needs of [`Storage`].
pub(crate) trait DynStorage: Send + Sync + 'static {
    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<String>, Failure>>;
    fn set<'a>(&'a self, key: &'a str, value: &'a str) -> BoxFuture<'a, Result<(), Failure>>;
    fn remove<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<(), Failure>>;
}

impl<S: Storage> DynStorage for S {
    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<String>, Failure>> {
        Box::pin(self.get_item(key, LOCAL))
    }

    fn set<'a>(&'a self, key: &'a str, value: &'a str) -> BoxFuture<'a, Result<(), Failure>> {
        Box::pin(self.set_item(key, Some(value), LOCAL))
    }

    fn remove<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<(), Failure>> {
        Box::pin(self.remove_item(key, LOCAL))
    }
}
