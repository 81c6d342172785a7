//! The client's key: from a store, or made for this run.

use std::{sync::Arc, time::Duration};

use super::{Error, ErrorKind};
use crate::{
    DPoPInitError,
    dpop::{
        DpopKey, KeyError, KeyKind, KeyStoreError, KeyStoreErrorKind,
        store::{DynKeyStore, Pkcs8},
    },
    spawn,
};

/// A store that gives no answer within this time is not waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// Where a key is kept.
#[derive(Clone, Debug)]
pub(super) struct Keep {
    pub(super) store: Arc<dyn DynKeyStore>,
    pub(super) name: String,
}

impl Keep {
    async fn load(&self) -> Result<Option<Pkcs8>, KeyStoreError> {
        self.in_time(self.store.load(&self.name)).await
    }

    async fn store(&self, key: &Pkcs8) -> Result<(), KeyStoreError> {
        self.in_time(self.store.store(&self.name, key)).await
    }

    /// Forgets the key.
    pub(super) async fn delete(&self) -> Result<(), Error> {
        self.in_time(self.store.delete(&self.name)).await.map_err(|error| {
            Error::new(ErrorKind::Key, "the stored key was not deleted").because(error)
        })
    }

    async fn in_time<T>(
        &self,
        answer: impl Future<Output = Result<T, KeyStoreError>>,
    ) -> Result<T, KeyStoreError> {
        tokio::time::timeout(PATIENCE, answer).await.unwrap_or_else(|_| {
            let message = format!("the key store gave no answer within {PATIENCE:?}");
            Err(KeyStoreError::new(KeyStoreErrorKind::Unavailable, message))
        })
    }
}

/// The key of a client: the stored one, or a new one, which is stored. What went wrong is told to
/// `report` and costs nothing more than the key, or its place in the store.
pub(super) async fn key(
    kind: KeyKind,
    keep: Option<&Keep>,
    mut report: impl FnMut(Error),
) -> Option<DpopKey> {
    let room = match keep {
        Some(keep) => match stored(keep).await {
            Ok(Some(key)) => return Some(key),
            Ok(None) => true,
            Err(error) => {
                report(error);
                // What cannot be read must not be overwritten: it may be there again next time.
                false
            }
        },
        None => false,
    };
    let key = match DpopKey::generate(kind).await {
        Ok(key) => key,
        Err(error) => {
            let cause =
                DPoPInitError::new().with_message("there is no key pair").with_source(error);
            let error = Error::new(ErrorKind::Key, "sessions are not bound to a key");
            report(error.because(cause));
            return None;
        }
    };
    if let Some(keep) = keep.filter(|_| room)
        && let Err(error) = put(keep, &key).await
    {
        report(error);
    }
    Some(key)
}

async fn stored(keep: &Keep) -> Result<Option<DpopKey>, Error> {
    let failed = || Error::new(ErrorKind::Key, "the stored key is not used; this run has its own");
    let Some(bytes) = keep.load().await.map_err(|error| failed().because(error))? else {
        return Ok(None);
    };
    let read = spawn::blocking(move || DpopKey::from_pkcs8(&bytes)).await;
    read.unwrap_or(Err(KeyError::Parse)).map(Some).map_err(|error| failed().because(error))
}

async fn put(keep: &Keep, key: &DpopKey) -> Result<(), Error> {
    let failed = || Error::new(ErrorKind::Key, "the key is not stored; it ends with this run");
    let bytes = key.to_pkcs8().map_err(|error| failed().because(error))?;
    keep.store(&bytes).await.map_err(|error| failed().because(error))
}
