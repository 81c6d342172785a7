//! A storage that lasts as long as the process.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use super::{Failure, Scope, StorageError, bounds};
use crate::Secret;
use credwire_generated::Storage;

/// Keeps items in memory, for clients that come and go in one process. Clones share their items.
///
/// ```
/// use credwire::{Client, providers::EnvCredentialProvider, storage::MemoryStorage};
/// let storage = MemoryStorage::new();
/// let builder = Client::builder(EnvCredentialProvider::new("SAT")).storage(storage.clone());
/// # let _ = builder;
/// ```
#[derive(Clone, Default)]
pub struct MemoryStorage(Arc<Mutex<Items>>);

type Items = BTreeMap<(Scope, String), Secret<String>>;

impl MemoryStorage {
    /// Creates a storage without items.
    pub fn new() -> Self {
        Self::default()
    }

    fn with<T>(&self, change: impl FnOnce(&mut Items) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn get(&self, scope: Scope, key: &str) -> Option<String> {
        self.with(|items| items.get(&(scope, key.to_owned())).map(|value| value.expose().clone()))
    }

    pub(super) fn set(&self, scope: Scope, key: &str, value: &str) -> Result<(), StorageError> {
        self.with(|items| {
            let others = items.iter().filter(|((s, k), _)| *s != scope || k != key);
            let others = others.map(|((_, key), value)| bounds::size(key, value.expose())).sum();
            bounds::check(key, value, others)?;
            items.insert((scope, key.to_owned()), Secret::from(value));
            Ok(())
        })
    }

    pub(super) fn remove(&self, scope: Scope, key: &str) {
        self.with(|items| items.remove(&(scope, key.to_owned())));
    }

    pub(super) fn clear(&self, scope: Scope) {
        self.with(|items| items.retain(|(kept, _), _| *kept != scope));
    }
}

impl Storage for MemoryStorage {
    async fn clear(&self, scope: &str) -> Result<(), Failure> {
        Self::clear(self, Scope::of(scope)?);
        Ok(())
    }

    async fn get_item(&self, key: &str, scope: &str) -> Result<Option<String>, Failure> {
        Ok(self.get(Scope::of(scope)?, key))
    }

    async fn remove_item(&self, key: &str, scope: &str) -> Result<(), Failure> {
        self.remove(Scope::of(scope)?, key);
        Ok(())
    }

    async fn set_item(&self, key: &str, value: Option<&str>, scope: &str) -> Result<(), Failure> {
        let scope = Scope::of(scope)?;
        match value {
            Some(value) => self.set(scope, key, value)?,
            None => self.remove(scope, key),
        }
        Ok(())
    }
}

impl fmt::Debug for MemoryStorage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStorage").field("items", &self.with(|items| items.len())).finish()
    }
}
