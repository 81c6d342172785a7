//! The keychain of the operating system.

use keyring::{Entry, Error};

use super::{KeyStore, KeyStoreError, KeyStoreErrorKind, Pkcs8};
use crate::spawn;

/// Keeps keys in the keychain of the operating system: Keychain Services on macOS, the Credential
/// Manager on Windows, the Secret Service elsewhere.
#[derive(Clone, Debug)]
pub struct KeychainKeyStore {
    service: String,
    /// Finds the entry of a service and a user name.
    open: fn(&str, &str) -> Result<Entry, Error>,
}

impl KeychainKeyStore {
    /// Keeps keys as secrets of `service`, which should be the name of the application; a key's
    /// name is the user name of its entry.
    pub fn new(service: impl Into<String>) -> Self {
        Self { service: service.into(), open: Entry::new }
    }

    /// Runs `work` on the entry of `name`. The keychain may ask the user, so it gets a thread.
    async fn with<T: Send + 'static>(
        &self,
        name: &str,
        work: impl FnOnce(Entry) -> Result<T, Error> + Send + 'static,
    ) -> Result<Option<T>, KeyStoreError> {
        let (service, name, open) = (self.service.clone(), name.to_owned(), self.open);
        let done = spawn::blocking(move || match open(&service, &name).and_then(work) {
            Ok(value) => Ok(Some(value)),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(refused(&service, &error)),
        });
        done.await.unwrap_or_else(|| {
            let message = format!("the keychain entry of {} cannot be used", self.service);
            Err(KeyStoreError::new(KeyStoreErrorKind::Unavailable, message))
        })
    }
}

/// The error in our words: some of the library's hold what was read.
fn refused(service: &str, error: &Error) -> KeyStoreError {
    let (kind, what) = match error {
        Error::NoStorageAccess(_) => (KeyStoreErrorKind::Unavailable, "is locked: unlock it"),
        Error::NoDefaultStore => {
            (KeyStoreErrorKind::Unavailable, "does not run: start the Secret Service")
        }
        Error::TooLong(..) | Error::Invalid(..) => {
            (KeyStoreErrorKind::Name, "does not take this service or key name")
        }
        Error::Ambiguous(_) | Error::BadEncoding(_) | Error::BadDataFormat(..) => {
            (KeyStoreErrorKind::Corrupt, "holds something else under this name: delete it")
        }
        _ => (KeyStoreErrorKind::Unavailable, "failed"),
    };
    KeyStoreError::new(kind, format!("the keychain of {service} {what}"))
}

impl KeyStore for KeychainKeyStore {
    async fn load(&self, name: &str) -> Result<Option<Pkcs8>, KeyStoreError> {
        self.with(name, |entry| entry.get_secret().map(Pkcs8::new)).await
    }

    async fn store(&self, name: &str, key: &Pkcs8) -> Result<(), KeyStoreError> {
        let key = key.clone();
        self.with(name, move |entry| entry.set_secret(key.expose())).await.map(drop)
    }

    async fn delete(&self, name: &str) -> Result<(), KeyStoreError> {
        self.with(name, |entry| entry.delete_credential()).await.map(drop)
    }
}

#[cfg(test)]
mod tests {
    use keyring_core::mock;

    use super::*;

    /// A store in the keychain of this process, which nothing else uses.
    fn in_memory(service: &str) -> KeychainKeyStore {
        static ONCE: std::sync::Once = std::sync::Once::new();
        ONCE.call_once(|| keyring_core::set_default_store(mock::Store::new().unwrap()));
        KeychainKeyStore {
            open: |service, name| {
                keyring_core::Entry::new(service, name).map(|inner| Entry { inner })
            },
            ..KeychainKeyStore::new(service)
        }
    }

    #[tokio::test]
    async fn a_key_is_kept_replaced_and_deleted_by_service_and_name() {
        let store = in_memory("made-up-app");
        let (first, second) = (Pkcs8::new(vec![0, 159, 1]), Pkcs8::new(b"made-up".to_vec()));
        assert!(store.load("alice").await.unwrap().is_none());
        store.delete("alice").await.unwrap();
        for key in [&first, &second] {
            store.store("alice", key).await.unwrap();
            let found = store.clone().load("alice").await.unwrap().unwrap();
            assert_eq!(found.expose(), key.expose());
        }
        assert!(store.load("bob").await.unwrap().is_none());
        assert!(in_memory("another-app").load("alice").await.unwrap().is_none());
        store.delete("alice").await.unwrap();
        assert!(store.load("alice").await.unwrap().is_none());
    }

    #[tokio::test]
    async fn failures_say_what_to_do_and_nothing_of_what_was_read() {
        let store = in_memory("made-up-locked");
        let key = Pkcs8::new(b"made-up-key".to_vec());
        store.store("alice", &key).await.unwrap();
        let other = || "made-up-cause".into();
        for (error, kind, word) in [
            (Error::NoStorageAccess(other()), KeyStoreErrorKind::Unavailable, "unlock it"),
            (Error::NoDefaultStore, KeyStoreErrorKind::Unavailable, "Secret Service"),
            (Error::PlatformFailure(other()), KeyStoreErrorKind::Unavailable, "failed"),
            (Error::TooLong("user".to_owned(), 3), KeyStoreErrorKind::Name, "key name"),
            (Error::BadEncoding(b"made-up-key".to_vec()), KeyStoreErrorKind::Corrupt, "delete it"),
        ] {
            let entry = keyring_core::Entry::new("made-up-locked", "alice").unwrap();
            entry.as_any().downcast_ref::<mock::Cred>().unwrap().set_error(error);
            let error = store.load("alice").await.unwrap_err();
            let text = format!("{error} {error:?} {}", crate::client::chain(&error));
            assert_eq!(error.kind(), kind, "{text}");
            assert!(text.contains(word) && !text.contains("made-up-key"), "{text}");
            // The failure passes and the key is still there.
            assert_eq!(store.load("alice").await.unwrap().unwrap().expose(), key.expose());
        }
    }
}
