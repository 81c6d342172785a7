//! Errors of credential providers.

use std::{
    convert::Infallible,
    error::Error,
    fmt,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

type Source = Box<dyn Error + Send + Sync + 'static>;

/// The error of a provider that returns no credential, with whether a later call may succeed.
///
/// An error that is not classified should be [transient](Self::transient): the runtime then tries
/// again with backoff while the current credential lasts. A [permanent](Self::permanent) error
/// ends the refresh schedule, as the reference's `CredentialProvider` page describes.
///
/// The text is shown to operators: never put a token or a response body into it.
///
/// ```
/// use credwire_core::CredentialError;
/// let busy = CredentialError::transient("the token service is busy");
/// assert!(busy.is_transient());
/// assert!(!CredentialError::permanent("this account is closed").is_transient());
/// ```
#[derive(Debug)]
pub struct CredentialError {
    kind: CredentialErrorKind,
    reason: Source,
}

/// Whether a later call of the provider may succeed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CredentialErrorKind {
    /// A later call cannot succeed: the refresh schedule stops and the session lasts until the
    /// credential expires.
    Permanent,
    /// A later call may succeed, at the earliest after `retry_after` when the backend named a time.
    Transient {
        /// The least time to wait, from a `Retry-After` header.
        retry_after: Option<Duration>,
    },
}

impl CredentialError {
    /// Creates a permanent error: bad credentials, a closed account, a revoked grant.
    pub fn permanent(reason: impl Into<Source>) -> Self {
        Self { kind: CredentialErrorKind::Permanent, reason: reason.into() }
    }

    /// Creates a transient error: a network failure, a timeout, an overloaded backend.
    pub fn transient(reason: impl Into<Source>) -> Self {
        Self { kind: CredentialErrorKind::Transient { retry_after: None }, reason: reason.into() }
    }

    /// Creates the error of a call to an optional `method` that the provider does not have.
    pub fn not_provided(method: &str) -> Self {
        Self::permanent(format!("the provider has no {method}()"))
    }

    /// Sets the least time to wait before the next call to `delay`; a permanent error stays as it
    /// is.
    #[must_use]
    pub fn with_retry_after(mut self, delay: Duration) -> Self {
        if let CredentialErrorKind::Transient { retry_after } = &mut self.kind {
            *retry_after = Some(delay);
        }
        self
    }

    /// Returns whether a later call may succeed, and after which time.
    pub const fn kind(&self) -> CredentialErrorKind {
        self.kind
    }

    /// Returns whether a later call may succeed.
    pub const fn is_transient(&self) -> bool {
        matches!(self.kind, CredentialErrorKind::Transient { .. })
    }
}

impl fmt::Display for CredentialError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.reason)
    }
}

impl Error for CredentialError {
    // `reason` is what Display prints, so the chain goes on behind it.
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.reason.source()
    }
}

impl From<Infallible> for CredentialError {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

/// The future of a provider's method whose error converts into [`CredentialError`], with the error
/// converted.
///
/// Methods of a trait that `#[credential_provider]` writes return it where a type of the user bears the
/// name of [`CredentialError`]. It is sent between threads when the future is, and dropping it
/// cancels the future.
#[derive(Debug)]
pub struct Converted<F>(Pin<Box<F>>);

impl<F> Converted<F> {
    pub(crate) fn new(future: F) -> Self {
        Self(Box::pin(future))
    }
}

impl<F: Future<Output = Result<C, E>>, C, E: ProviderError> Future for Converted<F> {
    type Output = Result<C, CredentialError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.as_mut().poll(context).map_err(ProviderError::into_credential_error)
    }
}

/// An error that a method of an annotated provider may return: one that converts into
/// [`CredentialError`].
///
/// It is implemented for every type that has a `From` for that; implement `From`, not this trait.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not convert into `credwire::CredentialError`",
    label = "the error of a credential provider converts into that of credwire",
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_not_repeated_in_the_chain() {
        let error = CredentialError::transient(std::io::Error::other("no route"));
        assert_eq!(error.to_string(), "no route");
        assert!(error.source().is_none());
    }

    #[test]
    fn only_transient_errors_carry_a_delay() {
        let delay = Duration::from_secs(7);
        assert_eq!(
            CredentialError::transient("x").with_retry_after(delay).kind(),
            CredentialErrorKind::Transient { retry_after: Some(delay) }
        );
        assert_eq!(
            CredentialError::permanent("x").with_retry_after(delay).kind(),
            CredentialErrorKind::Permanent
        );
    }
}
