//! An error of the provider's own that has the name of the trait's: names are all that a macro sees,
//! so the compiler tells them apart, at the return type.

use credwire::{AuthenticateContext, SdkCredential, credential_provider};

struct CredentialError;

impl From<CredentialError> for credwire::CredentialError {
    fn from(_: CredentialError) -> Self {
        Self::permanent("made-up")
    }
}

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
