//! Errors of a key store.

use std::{error::Error, fmt, io};

/// The error of a key that could not be loaded, stored or deleted. The message names the place and
/// the fix, never a key.
#[derive(Debug)]
pub struct KeyStoreError {
    kind: KeyStoreErrorKind,
    message: String,
    source: Option<Box<dyn Error + Send + Sync>>,
}

/// The classes of [`KeyStoreError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyStoreErrorKind {
    /// The store cannot be reached: an IO error, a locked keychain, no answer.
    Unavailable,
    /// Others can read or replace the key, so it is not used.
    Insecure,
    /// The stored bytes are not a key.
    Corrupt,
    /// The name cannot be used in this store.
    Name,
}

impl KeyStoreError {
    /// Creates an error of this kind, with a message that names the place and the fix.
    pub fn new(kind: KeyStoreErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), source: None }
    }

    /// Sets the cause, which must not quote a key.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Returns whether the same call may succeed later without any change: the store cannot be
    /// reached for now. Otherwise a person has to act first.
    pub fn is_transient(&self) -> bool {
        use io::ErrorKind::{NotADirectory, PermissionDenied, ReadOnlyFilesystem};
        let cause = self.source.as_ref().and_then(|source| source.downcast_ref::<io::Error>());
        let is_denied = cause.is_some_and(|error| {
            matches!(error.kind(), NotADirectory | PermissionDenied | ReadOnlyFilesystem)
        });
        self.kind == KeyStoreErrorKind::Unavailable && !is_denied
    }

    /// Returns the kind of this error.
    pub const fn kind(&self) -> KeyStoreErrorKind {
        self.kind
    }
}

impl fmt::Display for KeyStoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for KeyStoreError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
