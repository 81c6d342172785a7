//! Methods that are not async.

use credwire::{AuthenticateContext, CredentialError, SdkCredential, credential_provider};

struct Backend;

#[credential_provider]
impl Backend {
    fn authenticate(
        &self,
        _context: &AuthenticateContext,
    ) -> Result<SdkCredential, CredentialError> {
        Ok(SdkCredential::from_token("made-up"))
    }

    fn refresh(&self) -> impl Future<Output = Result<SdkCredential, CredentialError>> + Send {
        async { Ok(SdkCredential::from_token("made-up")) }
    }
}

fn main() {
    takes_a_provider(Backend);
}

// Code that uses the provider raises no further error.
fn takes_a_provider(_: impl credwire::CredentialProvider) {}

// Faults: 2
