//! What the methods of an annotated provider return, as the trait asks for it.

use std::marker::PhantomData;

use serde::Serialize;

use crate::CredentialError;

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

/// Awaits a method and converts its error.
///
/// # Errors
/// That of the method.
pub async fn deliver<T, E: ProviderError>(
    method: impl Future<Output = Result<T, E>>,
) -> Result<T, CredentialError> {
    method.await.map_err(E::into_credential_error)
}

/// Awaits a method and converts its error with `convert`.
///
/// # Errors
/// That of the method.
pub async fn deliver_with<T, E>(
    method: impl Future<Output = Result<T, E>>,
    convert: impl FnOnce(E) -> CredentialError,
) -> Result<T, CredentialError> {
    method.await.map_err(convert)
}

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
