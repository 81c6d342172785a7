//! Methods that take the provider away or change it.

use credwire::{AuthenticateContext, CredentialError, SdkCredential, credential_provider};

struct Backend;

#[credential_provider]
impl Backend {
    async fn authenticate(
        self,
        _context: &AuthenticateContext,
    ) -> Result<SdkCredential, CredentialError> {
        Ok(SdkCredential::from_token("made-up"))
    }

    async fn refresh(&mut self) -> Result<SdkCredential, CredentialError> {
        Ok(SdkCredential::from_token("made-up"))
    }
}

struct Shared;

#[credential_provider]
impl Shared {
    async fn authenticate(
        self: std::sync::Arc<Self>,
        _context: &AuthenticateContext,
    ) -> Result<SdkCredential, CredentialError> {
        Ok(SdkCredential::from_token("made-up"))
    }
}

fn main() {
    takes_a_provider(Shared);
    takes_a_provider(Backend);
}

// Code that uses the provider raises no further error.
fn takes_a_provider(_: impl credwire::CredentialProvider) {}

// Faults: 3
