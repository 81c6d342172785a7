//! Storage of key pairs between runs.
//!
//! A SAT or a Client Bound SAT is of use only with the key that it is bound to. A client without a
//! store has a key of its own, which ends with it; with a store it has the same one each time.

mod error;
#[cfg(unix)]
mod file;
#[cfg(feature = "keychain")]
mod keychain;
mod memory;
#[cfg(test)]
#[cfg(unix)]
mod tests;

use std::{fmt, future::Future};

use futures_util::future::BoxFuture;

pub use error::{KeyStoreError, KeyStoreErrorKind};
#[cfg(unix)]
pub use file::FileKeyStore;
#[cfg(feature = "keychain")]
pub use keychain::KeychainKeyStore;
pub use memory::MemoryKeyStore;

use crate::Secret;

/// A private key in PKCS#8 (RFC 5208), DER encoded; overwritten when it is dropped.
pub type Pkcs8 = Secret<Vec<u8>>;

/// Keeps key pairs by name.
///
/// A client calls [`load`](Self::load) when it starts, and [`store`](Self::store) when there was
/// nothing; `logout` [deletes](Self::delete). It waits for each a few seconds at most and continues
/// without the store after that, so a locked or hanging store costs no session.
///
/// The methods run on the client's runtime: move blocking work to a thread for it. When one of
/// their futures is dropped, the store must be left as before or as after.
pub trait KeyStore: fmt::Debug + Send + Sync + 'static {
    /// Loads the key of that name; `None` when there is none.
    ///
    /// # Errors
    /// [`KeyStoreError`] when the store cannot be read, or the key must not be used.
    fn load(&self, name: &str)
    -> impl Future<Output = Result<Option<Pkcs8>, KeyStoreError>> + Send;

    /// Stores `key` under `name`, in place of any other.
    ///
    /// # Errors
    /// [`KeyStoreError`]; what was kept before still is.
    fn store(
        &self,
        name: &str,
        key: &Pkcs8,
    ) -> impl Future<Output = Result<(), KeyStoreError>> + Send;

    /// Deletes the key of that name, if there is one.
    ///
    /// # Errors
    /// [`KeyStoreError`] when the key may still be there.
    fn delete(&self, name: &str) -> impl Future<Output = Result<(), KeyStoreError>> + Send;

    /// Moves what is stored under `name` away without losing it, and returns where it is now. A
    /// client calls it when the stored bytes are not a key, and stores a new key afterwards.
    ///
    /// The default returns `None`: the store keeps damaged keys in their place.
    ///
    /// # Errors
    /// [`KeyStoreError`] when it is still in its place.
    fn set_aside(
        &self,
        name: &str,
    ) -> impl Future<Output = Result<Option<String>, KeyStoreError>> + Send {
        let _ = name;
        std::future::ready(Ok(None))
    }
}

/// The object-safe mirror of [`KeyStore`], for storage behind one pointer.
pub(crate) trait DynKeyStore: fmt::Debug + Send + Sync + 'static {
    fn load<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Option<Pkcs8>, KeyStoreError>>;
    fn store<'a>(
        &'a self,
        name: &'a str,
        key: &'a Pkcs8,
    ) -> BoxFuture<'a, Result<(), KeyStoreError>>;
    fn delete<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<(), KeyStoreError>>;
    fn set_aside<'a>(
        &'a self,
        name: &'a str,
    ) -> BoxFuture<'a, Result<Option<String>, KeyStoreError>>;
}

impl<S: KeyStore> DynKeyStore for S {
    fn load<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Option<Pkcs8>, KeyStoreError>> {
        Box::pin(KeyStore::load(self, name))
    }

    fn store<'a>(
        &'a self,
        name: &'a str,
        key: &'a Pkcs8,
    ) -> BoxFuture<'a, Result<(), KeyStoreError>> {
        Box::pin(KeyStore::store(self, name, key))
    }

    fn delete<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<(), KeyStoreError>> {
        Box::pin(KeyStore::delete(self, name))
    }

    fn set_aside<'a>(
        &'a self,
        name: &'a str,
    ) -> BoxFuture<'a, Result<Option<String>, KeyStoreError>> {
        Box::pin(KeyStore::set_aside(self, name))
    }
}
