//! What the methods of an annotated provider return, as the trait asks for it.

use std::marker::PhantomData;

use serde::Serialize;
use zeroize::Zeroize;

use crate::{CredentialError, Secret};

/// An error of a provider's own that converts into [`CredentialError`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not convert into `CredentialError`",
    label = "the error of a credential provider converts into `CredentialError`",
    note = "implement `From<{Self}>` for it, or say what it becomes on the attribute: \
            `#[credential_provider(error = CredentialError::transient)]`",
    note = "`error = anyhow` and `error = eyre` stand for the errors of those crates"
)]
pub trait ProviderError {
    /// Converts the error.
    fn into_credential_error(self) -> CredentialError;
}

#[diagnostic::do_not_recommend]
impl<E: Into<CredentialError>> ProviderError for E {
    fn into_credential_error(self) -> CredentialError {
        self.into()
    }
}

/// Compiles for what can be moved into the task of a client.
pub const fn is_send_and_static<P: Send + 'static>() {}

/// Asks whether a type that can be moved can be shared as well: `(&&Threads::<T>::of()).is_shared()`,
/// with [`SentToo`] and [`NotSent`] in scope. Of a type that can be neither the first alone is reported.
#[derive(Debug)]
pub struct Threads<P>(PhantomData<P>);

impl<P> Threads<P> {
    /// Returns the question.
    #[must_use]
    pub const fn of() -> Self {
        Self(PhantomData)
    }
}

/// The question for a type that can be moved, which is tried first.
pub trait SentToo<P> {
    /// Compiles for what can be shared.
    fn is_shared(&self)
    where
        P: Sync,
    {
    }
}

impl<P: Send> SentToo<P> for &Threads<P> {}

/// The question for any other type, which was reported already.
pub trait NotSent {
    /// Compiles.
    fn is_shared(&self) {}
}

impl<P> NotSent for Threads<P> {}

/// Asks whether a type is serialized: `Serialized::<T>::IS`, with [`NotSerialized`] in scope.
#[derive(Debug)]
pub struct Serialized<T: ?Sized>(PhantomData<T>);

/// The answer for types that are not, which that of [`Serialized`] itself goes before.
pub trait NotSerialized {
    /// Whether the type is serialized.
    const IS: bool = false;
}

impl<T: ?Sized> NotSerialized for Serialized<T> {}

impl<T: Serialize + ?Sized> Serialized<T> {
    /// Whether the type is serialized.
    pub const IS: bool = true;
}

/// Fails to compile for a provider that is serialized.
#[track_caller]
pub const fn refuse_serialized(is_serialized: bool) {
    assert!(
        !is_serialized,
        "a provider holds credentials and must not be printed or serialized [printing-derive]\n\
         help: remove `Serialize`; put what may be written out into a struct of its own"
    );
}

/// A value that is sent and whose type is behind a name: `(&&Sent(value)).sent()` exposes it when it
/// is a secret.
#[derive(Debug)]
pub struct Sent<'a, T: ?Sized>(pub &'a T);

/// The answer for a [`Secret`], which is tried first.
pub trait SentSecret<'a, T> {
    /// Returns the value in the clear.
    fn sent(&self) -> &'a T;
}

impl<'a, T: Zeroize + 'static> SentSecret<'a, T> for &Sent<'a, Secret<T>> {
    fn sent(&self) -> &'a T {
        self.0.expose()
    }
}

/// The answer for any other value.
pub trait SentPlain<'a, T: ?Sized> {
    /// Returns the value.
    fn sent(&self) -> &'a T;
}

impl<'a, T: ?Sized> SentPlain<'a, T> for Sent<'a, T> {
    fn sent(&self) -> &'a T {
        self.0
    }
}
