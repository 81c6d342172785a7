//! Without `refresh` the trait's defaults stand.

use credwire::{
    AuthenticateContext, CredentialError, CredentialProvider, SdkCredential, credential_provider,
};

struct Backend;

#[credential_provider]
impl Backend {
    async fn authenticate(
        &self,
        _: &AuthenticateContext,
    ) -> Result<SdkCredential, CredentialError> {
        Ok(SdkCredential::from_token("made-up"))
    }
}

pub(crate) fn main() {
    assert!(Backend.refresh().is_none());
}
