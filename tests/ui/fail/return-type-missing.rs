//! Methods that return nothing, or an option.

use credwire::{AuthenticateContext, SdkCredential, credential_provider};

struct Backend;

#[credential_provider]
impl Backend {
    async fn authenticate(&self, _context: &AuthenticateContext) {}

    async fn refresh(&self) -> Option<SdkCredential> {
        None
    }
}

fn main() {
    takes_a_provider(Backend);
}

// Code that uses the provider raises no further error.
fn takes_a_provider(_: impl credwire::CredentialProvider) {}

// Faults: 2
