//! A block without `authenticate`.

use credwire::{AuthenticateContext, CredentialError, SdkCredential, credential_provider};

struct Backend;

#[credential_provider]
impl Backend {
    fn url(&self) -> &'static str {
        "https://example.com"
    }
}

struct Split;

#[credential_provider]
impl Split {
    async fn authenticate(
        &self,
        _context: &AuthenticateContext,
    ) -> Result<SdkCredential, CredentialError> {
        Ok(SdkCredential::from_token("made-up"))
    }
}

// Both methods belong in one block.
#[credential_provider]
impl Split {
    async fn refresh(&self) -> Result<SdkCredential, CredentialError> {
        Ok(SdkCredential::from_token("made-up"))
    }
}

fn main() {
    takes_a_provider(Backend);
    takes_a_provider(Split);
    let _ = Backend.url();
}

// Code that uses the provider raises no further error.
fn takes_a_provider(_: impl credwire::CredentialProvider) {}

// Faults: 2
