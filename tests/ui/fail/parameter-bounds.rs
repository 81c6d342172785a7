//! Type parameters that may borrow.

use credwire::{AuthenticateContext, CredentialError, SdkCredential, credential_provider};

struct Backend<A, B, C>(A, B, C);

#[credential_provider]
impl<A, B: Clone, C> Backend<A, B, C>
where
    C: Send,
{
    async fn authenticate(
        &self,
        _context: &AuthenticateContext,
    ) -> Result<SdkCredential, CredentialError> {
        Ok(SdkCredential::from_token("made-up"))
    }
}

fn main() {
    takes_a_provider(Backend(1, 2, 3));
}

// Code that uses the provider raises no further error.
fn takes_a_provider(_: impl credwire::CredentialProvider) {}

// Faults: 3
