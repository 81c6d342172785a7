//! Two blocks with the attribute for one type.

use credwire::{
    AuthenticateContext, CredentialError, CredentialProvider, SdkCredential, credential_provider,
};

struct Backend;

#[credential_provider]
impl Backend {
    async fn authenticate(
        &self,
        _context: &AuthenticateContext,
    ) -> Result<SdkCredential, CredentialError> {
        Ok(SdkCredential::from_token("made-up"))
    }
}

#[credential_provider]
impl Backend {
    async fn authenticate(
        &self,
        _context: &AuthenticateContext,
    ) -> Result<SdkCredential, CredentialError> {
        self.ask().await
    }

    async fn ask(&self) -> Result<SdkCredential, CredentialError> {
        Ok(SdkCredential::from_token("made-up"))
    }
}

mod halves {
    use super::*;

    pub struct Backend;

    #[credential_provider]
    impl Backend {
        pub async fn authenticate(
            &self,
            _context: &AuthenticateContext,
        ) -> Result<SdkCredential, CredentialError> {
            Ok(SdkCredential::from_token("made-up"))
        }
    }

    #[credential_provider]
    impl Backend {
        async fn refresh(&self) -> Result<SdkCredential, CredentialError> {
            Ok(SdkCredential::from_token("made-up"))
        }
    }
}

// A type of the same name in another place is another type.
mod other {
    use super::*;

    pub struct Backend;

    #[credential_provider]
    impl Backend {
        async fn authenticate(
            &self,
            _context: &AuthenticateContext,
        ) -> Result<SdkCredential, CredentialError> {
            Ok(SdkCredential::from_token("made-up"))
        }
    }
}

// Code that uses the provider raises no further error.
fn main() {
    takes_a_provider(Backend);
    takes_a_provider(halves::Backend);
    takes_a_provider(other::Backend);
    let _ = Backend.ask();
    let _ = Backend.authenticate(&AuthenticateContext::new());
}

fn takes_a_provider(_: impl CredentialProvider) {}

// Faults: 2
