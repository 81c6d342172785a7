//! Type, lifetime and constant parameters, with bounds in every place.
#![allow(clippy::multiple_bound_locations, reason = "each place must be carried over")]

use std::fmt;

use credwire::{
    AuthenticateContext, CredentialError, CredentialProvider, SdkCredential, credential_provider,
};
use futures_util::FutureExt;

trait Source: Send + Sync + 'static {
    type Region: fmt::Debug + Send + Sync;

    fn token(&self) -> String;
}

#[credential_provider]
struct Backend<T: Source, const N: usize = 3>
where
    T: Clone,
{
    source: T,
    #[credential_provider(public)]
    region: T::Region,
}

#[credential_provider]
impl<T: Source, const N: usize> Backend<T, N>
where
    T: Clone,
{
    async fn authenticate(
        &self,
        _context: &AuthenticateContext,
    ) -> Result<SdkCredential, CredentialError> {
        Ok(SdkCredential::from_token(format!("{}{N}", self.source.token())))
    }
}

#[derive(Clone)]
struct Fixed;

impl Source for Fixed {
    type Region = u8;

    fn token(&self) -> String {
        "made-up".to_owned()
    }
}

struct Lent<'a>(&'a str);

#[credential_provider]
impl<'a: 'static> Lent<'a> {
    async fn authenticate(
        &self,
        _context: &AuthenticateContext,
    ) -> Result<SdkCredential, CredentialError> {
        Ok(SdkCredential::from_token(self.0))
    }
}

struct Named<'a>(&'a str);

#[credential_provider]
impl Named<'static> {
    async fn authenticate(
        &self,
        _context: &AuthenticateContext,
    ) -> Result<SdkCredential, CredentialError> {
        Ok(SdkCredential::from_token(self.0))
    }
}

pub(crate) fn main() {
    let backend = Backend::<_, 7> { source: Fixed, region: 1 };
    assert_eq!(format!("{backend:?}"), "Backend { source: .., region: 1 }");
    assert_eq!(backend.region, 1);
    assert_eq!(token(&backend), "made-up7");
    assert_eq!(token(&Lent("lent")), "lent");
    assert_eq!(token(&Named("named")), "named");
}

fn token(provider: &impl CredentialProvider) -> String {
    let context = AuthenticateContext::new();
    let credential = provider.authenticate(&context).now_or_never().unwrap().unwrap();
    credential.token.unwrap().expose().clone()
}
