//! The client's key: from a store, which may fail, hang or panic, or made for this run.

use std::{sync::Arc, time::Duration};

use super::{Error, ErrorKind};
use crate::{
    dpop::{DpopKey, KeyError, KeyKind, KeyStoreError, KeyStoreErrorKind, store::DynKeyStore},
    spawn::{self, spawn},
};
use credwire_generated::DPoPInitError;

/// A store that does not answer within this time is not waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// Loads and stores the key of one name. Each is one attempt with one outcome.
#[derive(Clone, Debug)]
pub(super) struct KeyLoader {
    pub(super) store: Arc<dyn DynKeyStore>,
    pub(super) name: String,
}

/// The key that a client has.
#[derive(Debug)]
pub(super) struct LoadedKey {
    pub(super) key: Option<DpopKey>,
    /// Whether the key is new and could not be stored for now: [`KeyLoader::put`] may succeed
    /// later.
    #[allow(dead_code, reason = "for the session core, which decides when to try again")]
    pub(super) is_unstored: bool,
}

/// What a store holds under a name.
enum Stored {
    Key(DpopKey),
    Nothing,
    /// Something that is no key, for this reason.
    Damaged(Error),
}

impl KeyLoader {
    /// The stored key, or a new one, which is stored. What goes wrong is passed to `report` and
    /// costs no more than the key, or its place in the store.
    pub(super) async fn load(
        loader: Option<&Self>,
        kind: KeyKind,
        mut report: impl FnMut(Error),
    ) -> LoadedKey {
        let room = match loader {
            None => None,
            Some(loader) => match loader.get().await {
                Ok(Stored::Key(key)) => return LoadedKey { key: Some(key), is_unstored: false },
                Ok(Stored::Nothing) => Some(loader),
                Ok(Stored::Damaged(error)) => {
                    report(error);
                    match loader.set_aside().await {
                        Ok(true) => Some(loader),
                        // What cannot be moved is not overwritten either.
                        Ok(false) => None,
                        Err(error) => {
                            report(error);
                            None
                        }
                    }
                }
                Err(error) => {
                    report(error);
                    // What cannot be read is not overwritten: it may be there again next time.
                    None
                }
            },
        };
        let key = match DpopKey::generate(kind).await {
            Ok(key) => key,
            Err(error) => {
                let cause =
                    DPoPInitError::new().with_message("there is no key pair").with_source(error);
                let error = Error::new(ErrorKind::Key, "sessions are not bound to a key");
                report(error.because(cause));
                return LoadedKey { key: None, is_unstored: false };
            }
        };
        let mut is_unstored = false;
        if let Some(loader) = room
            && let Err(error) = loader.put(&key).await
        {
            is_unstored = error.is_transient();
            report(error);
        }
        LoadedKey { key: Some(key), is_unstored }
    }

    async fn get(&self) -> Result<Stored, Error> {
        const WHAT: &str = "the stored key is not used; this run has its own";
        let loaded = self.in_time(|store, name| async move { store.load(&name).await }).await;
        let bytes = match loaded {
            Ok(Some(bytes)) => bytes,
            Ok(None) => return Ok(Stored::Nothing),
            Err(error) if error.kind() == KeyStoreErrorKind::Corrupt => {
                return Ok(Stored::Damaged(failed(WHAT, error)));
            }
            Err(error) => return Err(failed(WHAT, error)),
        };
        let read = spawn::blocking(move || DpopKey::from_pkcs8(&bytes)).await;
        Ok(match read.unwrap_or(Err(KeyError::Parse)) {
            Ok(key) => Stored::Key(key),
            Err(cause) => {
                let message = format!(
                    "what is stored under the name `{}` is no key: delete it, or restore it",
                    self.name
                );
                let error = KeyStoreError::new(KeyStoreErrorKind::Corrupt, message);
                Stored::Damaged(failed(WHAT, error.with_source(cause)))
            }
        })
    }

    /// Stores `key`.
    pub(super) async fn put(&self, key: &DpopKey) -> Result<(), Error> {
        const WHAT: &str = "the key is not stored; it ends with this run";
        let bytes =
            key.to_pkcs8().map_err(|error| Error::new(ErrorKind::Key, WHAT).because(error))?;
        self.in_time(|store, name| async move { store.store(&name, &bytes).await })
            .await
            .map_err(|error| failed(WHAT, error))
    }

    /// Moves a damaged key out of the way and keeps it; `false` when the store cannot.
    async fn set_aside(&self) -> Result<bool, Error> {
        let moved = self.in_time(|store, name| async move { store.set_aside(&name).await }).await;
        let kept = moved.map_err(|error| failed("the damaged key stays in its place", error))?;
        if let Some(kept) = &kept {
            tracing::warn!(key = self.name, kept, "the stored key was damaged: it is kept aside");
        }
        Ok(kept.is_some())
    }

    /// Deletes the key.
    pub(super) async fn delete(&self) -> Result<(), Error> {
        self.in_time(|store, name| async move { store.delete(&name).await })
            .await
            .map_err(|error| failed("the stored key was not deleted", error))
    }

    /// Runs `attempt` as a task of its own, so that a panic of the store stays in it.
    async fn in_time<T: Send + 'static, F>(
        &self,
        attempt: impl FnOnce(Arc<dyn DynKeyStore>, String) -> F,
    ) -> Result<T, KeyStoreError>
    where
        F: Future<Output = Result<T, KeyStoreError>> + Send + 'static,
    {
        let unavailable = |message| KeyStoreError::new(KeyStoreErrorKind::Unavailable, message);
        let attempt = spawn(attempt(Arc::clone(&self.store), self.name.clone()));
        match tokio::time::timeout(PATIENCE, attempt).await {
            Ok(Some(result)) => result,
            Ok(None) => Err(unavailable("the key store panicked".to_owned())),
            Err(_) => {
                Err(unavailable(format!("the key store returned no answer within {PATIENCE:?}")))
            }
        }
    }
}

fn failed(what: &'static str, error: KeyStoreError) -> Error {
    Error::new(ErrorKind::Key, what).transient(error.is_transient()).because(error)
}
