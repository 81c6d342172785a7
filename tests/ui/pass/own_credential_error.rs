//! An error of the provider's own that has the name of the trait's, by its bare name: names are all
//! that a macro sees, and the compiler tells the types apart.

use credwire::{AuthenticateContext, CredentialProvider, SdkCredential, credential_provider};
use futures_util::FutureExt;

struct CredentialError(&'static str);

impl From<CredentialError> for credwire::CredentialError {
    fn from(error: CredentialError) -> Self {
        Self::permanent(error.0)
    }
}

struct Backend;

#[credential_provider]
impl Backend {
    async fn authenticate(
        &self,
        _context: &AuthenticateContext,
    ) -> Result<SdkCredential, CredentialError> {
        std::future::ready(()).await;
        Err(CredentialError("first"))
    }

    async fn refresh(&self) -> Result<SdkCredential, CredentialError> {
        Err(CredentialError("again"))
    }
}

pub(crate) fn main() {
    let context = AuthenticateContext::new();
    let first = CredentialProvider::authenticate(&Backend, &context);
    let first = first.now_or_never().unwrap().unwrap_err();
    assert!(!first.is_transient() && first.to_string().contains("first"), "{first}");
    let fresh = CredentialProvider::refresh(&Backend).unwrap();
    let fresh = fresh.now_or_never().unwrap().unwrap_err();
    assert!(!fresh.is_transient() && fresh.to_string().contains("again"), "{fresh}");
}
