//! An optional `refresh` that is not the trait's: the compiler tells at its return type.

use credwire::{AuthenticateContext, CredentialError, SdkCredential, credential_provider};

struct Backend;

#[credential_provider]
impl Backend {
    async fn authenticate(
        &self,
        _context: &AuthenticateContext,
    ) -> Result<SdkCredential, CredentialError> {
        Ok(SdkCredential::from_token("made-up"))
    }

    fn refresh(&self) -> Option<impl Future<Output = Result<String, CredentialError>> + Send> {
        Some(async { Ok("made-up".to_owned()) })
    }
}

fn main() {
    takes_a_provider(Backend);
}

// Code that uses the provider raises no further error.
fn takes_a_provider(_: impl credwire::CredentialProvider) {}

// Faults: 1
