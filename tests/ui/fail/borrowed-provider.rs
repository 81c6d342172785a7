//! A provider that borrows.

use credwire::{AuthenticateContext, CredentialError, SdkCredential, credential_provider};

#[credential_provider]
struct Borrowing<'a> {
    url: &'a str,
}

#[credential_provider]
impl<'a> Borrowing<'a> {
    async fn authenticate(
        &self,
        _context: &AuthenticateContext,
    ) -> Result<SdkCredential, CredentialError> {
        Ok(SdkCredential::from_token("made-up"))
    }
}

struct Anonymous<'a>(&'a str);

#[credential_provider]
impl Anonymous<'_> {
    async fn authenticate(
        &self,
        _context: &AuthenticateContext,
    ) -> Result<SdkCredential, CredentialError> {
        Ok(SdkCredential::from_token("made-up"))
    }
}

fn main() {}

// Faults: 3
