//! One credential, for good.

use crate::{AuthenticateContext, CredentialError, CredentialProvider, SdkCredential};

/// Gives the same credential every time and cannot refresh it: the session ends when it expires,
/// unless its SAT carries `sat:refresh`.
///
/// ```
/// use credwire::{Client, SdkCredential, providers::StaticCredentialProvider};
/// let provider = StaticCredentialProvider::new(SdkCredential::from_token("a SAT"));
/// let builder = Client::builder(provider);
/// # let _ = builder;
/// ```
#[derive(Clone, Debug)]
pub struct StaticCredentialProvider {
    credential: SdkCredential,
}

impl StaticCredentialProvider {
    /// A provider of `credential`.
    pub const fn new(credential: SdkCredential) -> Self {
        Self { credential }
    }
}

impl CredentialProvider for StaticCredentialProvider {
    async fn authenticate(
        &self,
        _: &AuthenticateContext,
    ) -> Result<SdkCredential, CredentialError> {
        Ok(self.credential.clone())
    }
}
