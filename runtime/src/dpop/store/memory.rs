//! A store that lasts as long as the process.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use super::{KeyStore, KeyStoreError, Pkcs8};

/// Keeps keys in memory, for clients that start and end in one process. Clones share their keys.
#[derive(Clone, Default)]
pub struct MemoryKeyStore(Arc<Mutex<HashMap<String, Pkcs8>>>);

impl MemoryKeyStore {
    /// Creates a store without keys.
    pub fn new() -> Self {
        Self::default()
    }

    fn with<T>(&self, change: impl FnOnce(&mut HashMap<String, Pkcs8>) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl KeyStore for MemoryKeyStore {
    async fn load(&self, name: &str) -> Result<Option<Pkcs8>, KeyStoreError> {
        Ok(self.with(|keys| keys.get(name).cloned()))
    }

    async fn store(&self, name: &str, key: &Pkcs8) -> Result<(), KeyStoreError> {
        self.with(|keys| keys.insert(name.to_owned(), key.clone()));
        Ok(())
    }

    async fn delete(&self, name: &str) -> Result<(), KeyStoreError> {
        self.with(|keys| keys.remove(name));
        Ok(())
    }
}

impl fmt::Debug for MemoryKeyStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryKeyStore").field("keys", &self.with(|keys| keys.len())).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn clones_share_their_keys() {
        let store = MemoryKeyStore::new();
        let key = Pkcs8::new(vec![1, 2, 3]);
        store.clone().store("a", &key).await.unwrap();
        assert_eq!(store.load("a").await.unwrap(), Some(key));
        assert_eq!(store.load("b").await.unwrap(), None);
        store.delete("a").await.unwrap();
        assert_eq!(store.clone().load("a").await.unwrap(), None);
    }
}
