//! In a crate that demands documentation the macros add nothing to document: only the item that
//! has none by intent is reported.
#![deny(missing_docs)]

use credwire::{
    AuthenticateContext, CredentialError, RpcMethod, SdkCredential, Secret, Validate,
    credential_provider,
};

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

/// Documented.
#[credential_provider(endpoint = "https://app.example.com/token", refresh)]
pub struct Hosted {
    #[header("authorization")]
    session: Secret<String>,
}

/// Documented.
#[derive(serde::Serialize, RpcMethod, Validate)]
#[rpc(method = "example.login", result = ())]
pub struct Login {
    #[validate(length(1..))]
    name: String,
}

pub struct ByIntent;

fn main() {}

// Faults: 1
