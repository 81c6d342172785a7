//! In a crate that demands documentation the macros add nothing to document: only the item that
//! has none by intent is reported.
#![deny(missing_docs)]

use credwire::{AuthenticateContext, CredentialError, SdkCredential, Secret, credential_provider};

/// Documented.
#[credential_provider]
pub struct Backend {
    session: Secret<String>,
}

#[credential_provider]
impl Backend {
    async fn authenticate(
        &self,
        _context: &AuthenticateContext,
    ) -> Result<SdkCredential, CredentialError> {
        Ok(SdkCredential::from_token(self.session.expose().as_str()))
    }
}

pub struct ByIntent;

fn main() {}
