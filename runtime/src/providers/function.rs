//! Providers from closures.

use std::{fmt, future::Future};

use crate::{AuthenticateContext, CredentialError, CredentialProvider, SdkCredential};

/// Creates a provider from an async closure; [`FnCredentialProvider::with_refresh`] adds `refresh`.
///
/// ```
/// use credwire::{CredentialProvider as _, SdkCredential, providers::from_fn};
///
/// let provider = from_fn(|_| async { Ok(SdkCredential::from_token("a SAT")) });
/// assert!(provider.refresh().is_none());
/// let provider = provider.with_refresh(|| async { Ok(SdkCredential::from_token("another")) });
/// assert!(provider.refresh().is_some());
/// ```
pub const fn from_fn<A, F>(authenticate: A) -> FnCredentialProvider<A, WithoutRefresh>
where
    A: Fn(AuthenticateContext) -> F + Send + Sync + 'static,
    F: Future<Output = Result<SdkCredential, CredentialError>> + Send,
{
    FnCredentialProvider { authenticate, refresh: WithoutRefresh }
}

/// A provider created by [`from_fn`].
#[derive(Clone, Copy)]
pub struct FnCredentialProvider<A, R> {
    authenticate: A,
    refresh: R,
}

/// Stands for the `refresh` that a [`FnCredentialProvider`] does not have.
#[derive(Clone, Copy, Debug)]
pub struct WithoutRefresh;

/// Holds the `refresh` of a [`FnCredentialProvider`].
#[derive(Clone, Copy)]
pub struct WithRefresh<R>(R);

impl<A> FnCredentialProvider<A, WithoutRefresh> {
    /// Adds `refresh` to this provider.
    pub fn with_refresh<R, F>(self, refresh: R) -> FnCredentialProvider<A, WithRefresh<R>>
    where
        R: Fn() -> F + Send + Sync + 'static,
        F: Future<Output = Result<SdkCredential, CredentialError>> + Send,
    {
        FnCredentialProvider { authenticate: self.authenticate, refresh: WithRefresh(refresh) }
    }
}

impl<A, F> CredentialProvider for FnCredentialProvider<A, WithoutRefresh>
where
    A: Fn(AuthenticateContext) -> F + Send + Sync + 'static,
    F: Future<Output = Result<SdkCredential, CredentialError>> + Send,
{
    fn authenticate(
        &self,
        context: &AuthenticateContext,
    ) -> impl Future<Output = Result<SdkCredential, CredentialError>> + Send {
        (self.authenticate)(context.clone())
    }
}

impl<A, F, R, G> CredentialProvider for FnCredentialProvider<A, WithRefresh<R>>
where
    A: Fn(AuthenticateContext) -> F + Send + Sync + 'static,
    F: Future<Output = Result<SdkCredential, CredentialError>> + Send,
    R: Fn() -> G + Send + Sync + 'static,
    G: Future<Output = Result<SdkCredential, CredentialError>> + Send,
{
    fn authenticate(
        &self,
        context: &AuthenticateContext,
    ) -> impl Future<Output = Result<SdkCredential, CredentialError>> + Send {
        (self.authenticate)(context.clone())
    }

    fn refresh(
        &self,
    ) -> Option<impl Future<Output = Result<SdkCredential, CredentialError>> + Send> {
        // The function is called by whoever waits: to ask whether it is there must start nothing.
        Some(async { (self.refresh.0)().await })
    }
}

impl<A, R> fmt::Debug for FnCredentialProvider<A, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FnCredentialProvider").finish_non_exhaustive()
    }
}

impl<R> fmt::Debug for WithRefresh<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WithRefresh").finish_non_exhaustive()
    }
}
