//! Any error that converts into `CredentialError` will do, also behind an alias.

use std::fmt;

use credwire::{
    AuthenticateContext, CredentialError, CredentialProvider, SdkCredential, credential_provider,
};
use futures_util::FutureExt;

#[derive(Debug)]
struct Busy;

impl fmt::Display for Busy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("busy")
    }
}

impl std::error::Error for Busy {}

impl From<Busy> for CredentialError {
    fn from(busy: Busy) -> Self {
        Self::transient(busy)
    }
}

type Answer<T = SdkCredential> = Result<T, Busy>;

struct Backend;

#[credential_provider]
impl Backend {
    async fn authenticate(&self, _context: &AuthenticateContext) -> Result<SdkCredential, Busy> {
        let token: String = self.fetch()?;
        Ok(SdkCredential::from_token(token))
    }

    async fn refresh(&self) -> Answer {
        self.fetch().map(SdkCredential::from_token)
    }

    fn fetch(&self) -> Answer<String> {
        Err(Busy)
    }
}

pub(crate) fn main() {
    let context = AuthenticateContext::new();
    let first = CredentialProvider::authenticate(&Backend, &context).now_or_never().unwrap();
    let fresh = CredentialProvider::refresh(&Backend).unwrap().now_or_never().unwrap();
    for error in [first.unwrap_err(), fresh.unwrap_err()] {
        assert!(error.is_transient());
        assert_eq!(error.to_string(), "busy");
    }
}
