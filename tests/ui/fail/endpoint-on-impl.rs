//! An endpoint on an impl block.

use credwire::{AuthenticateContext, CredentialError, SdkCredential, credential_provider};

struct Backend;

#[credential_provider(endpoint = "https://app.example.com/token", refresh)]
impl Backend {
    async fn authenticate(
        &self,
        _context: &AuthenticateContext,
    ) -> Result<SdkCredential, CredentialError> {
        Ok(SdkCredential::from_token("made-up"))
    }
}

fn main() {}

// Faults: 1
