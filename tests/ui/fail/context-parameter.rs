//! `authenticate` with a wrong context and one parameter too many.

use credwire::{AuthenticateContext, CredentialError, SdkCredential, credential_provider};

struct Backend;

#[credential_provider]
impl Backend {
    async fn authenticate(
        &self,
        _context: AuthenticateContext,
        _attempt: u32,
    ) -> Result<SdkCredential, CredentialError> {
        Ok(SdkCredential::from_token("made-up"))
    }
}

fn main() {
    takes_a_provider(Backend);
}

// Code that uses the provider raises no further error.
fn takes_a_provider(_: impl credwire::CredentialProvider) {}

// Faults: 2
