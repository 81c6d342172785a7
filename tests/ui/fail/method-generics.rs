//! Generic parameters on the methods.

use credwire::{AuthenticateContext, CredentialError, SdkCredential, credential_provider};

struct Backend;

#[credential_provider]
impl Backend {
    async fn authenticate<'a, const N: usize>(
        &self,
        _context: &'a AuthenticateContext,
    ) -> Result<SdkCredential, CredentialError> {
        Ok(SdkCredential::from_token("made-up"))
    }

    async fn refresh<E: From<CredentialError>>(&self) -> Result<SdkCredential, E> {
        Err(CredentialError::permanent("closed").into())
    }
}

fn main() {
    takes_a_provider(Backend);
}

// Code that uses the provider raises no further error.
fn takes_a_provider(_: impl credwire::CredentialProvider) {}

// Faults: 2
