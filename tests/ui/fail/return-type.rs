//! A credential without a `Result`, and a `Result` without a credential.

use credwire::{AuthenticateContext, CredentialError, SdkCredential, credential_provider};

struct Backend;

#[credential_provider]
impl Backend {
    async fn authenticate(&self, _context: &AuthenticateContext) -> SdkCredential {
        SdkCredential::from_token("made-up")
    }

    async fn refresh(&self) -> Result<String, CredentialError> {
        Ok("made-up".to_owned())
    }
}

fn main() {
    takes_a_provider(Backend);
}

// Code that uses the provider raises no further error.
fn takes_a_provider(_: impl credwire::CredentialProvider) {}

// Faults: 2
