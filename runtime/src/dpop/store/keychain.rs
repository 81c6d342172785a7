//! The keychain of the operating system.

use keyring::{Entry, Error};

use super::{KeyStore, KeyStoreError, KeyStoreErrorKind, Pkcs8};
use crate::spawn;

/// Keeps keys in the keychain of the operating system: Keychain Services on macOS, the Credential
/// Manager on Windows, the Secret Service elsewhere.
#[derive(Clone, Debug)]
pub struct KeychainKeyStore {
    service: String,
}

impl KeychainKeyStore {
    /// Keeps keys as secrets of `service`, which is best the name of the application; a key's name
    /// is the user name of its entry.
    pub fn new(service: impl Into<String>) -> Self {
        Self { service: service.into() }
    }

    /// Runs `work` on the entry of `name`. The keychain may ask the user, so it gets a thread.
    async fn with<T: Send + 'static>(
        &self,
        name: &str,
        work: impl FnOnce(Entry) -> Result<T, Error> + Send + 'static,
    ) -> Result<Option<T>, KeyStoreError> {
        let (service, name) = (self.service.clone(), name.to_owned());
        let done = spawn::blocking(move || match Entry::new(&service, &name).and_then(work) {
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
