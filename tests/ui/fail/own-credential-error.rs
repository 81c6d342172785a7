//! An error of the provider's own that has the name of the trait's, and does not convert into it.

use credwire::{AuthenticateContext, SdkCredential, credential_provider};

struct CredentialError;

struct Backend;

#[credential_provider]
impl Backend {
    async fn authenticate(
        &self,
        _context: &AuthenticateContext,
    ) -> Result<SdkCredential, CredentialError> {
        Err(CredentialError)
    }
}

fn main() {}

// Faults: 1
