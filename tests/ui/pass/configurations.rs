//! `cfg` on fields and methods: what is compiled out is not called and not shown.
#![allow(clippy::non_minimal_cfg, reason = "a condition that always holds")]

use credwire::{
    AuthenticateContext, CredentialError, CredentialProvider, SdkCredential, credential_provider,
};
use futures_util::FutureExt;

#[credential_provider]
struct Kept {
    #[cfg(all())]
    url: &'static str,
    #[cfg(any())]
    gone: NoSuchType,
}

#[credential_provider]
impl Kept {
    #[cfg(all())]
    async fn authenticate(
        &self,
        _context: &AuthenticateContext,
    ) -> Result<SdkCredential, CredentialError> {
        Ok(SdkCredential::from_token(self.url))
    }

    #[cfg(any())]
    async fn authenticate(&self, _context: &AuthenticateContext) -> NoSuchType {}

    #[cfg(all())]
    async fn refresh(&self) -> Result<SdkCredential, CredentialError> {
        Ok(SdkCredential::from_token("fresh"))
    }
}

#[credential_provider]
struct Generic<T> {
    #[cfg(any())]
    #[credential_provider(public)]
    gone: NoSuchType<T>,
    kept: T,
}

struct Cut;

#[credential_provider]
impl Cut {
    async fn authenticate(
        &self,
        _context: &AuthenticateContext,
    ) -> Result<SdkCredential, CredentialError> {
        Ok(SdkCredential::from_token("made-up"))
    }

    #[cfg(any())]
    async fn refresh(&self) -> NoSuchType {}
}

// The whole block is compiled out, and so is the trait's.
#[credential_provider]
#[cfg(any())]
impl NoSuchType {
    async fn authenticate(&self, _context: &AuthenticateContext) -> NoSuchType {}
}

pub(crate) fn main() {
    let kept = Kept { url: "u" };
    assert_eq!(format!("{kept:?}"), "Kept { url: .. }");
    assert!(CredentialProvider::refresh(&kept).is_some());
    assert!(CredentialProvider::refresh(&Cut).is_none());
    let generic = Generic { kept: 1 };
    assert_eq!((format!("{generic:?}"), generic.kept), ("Generic { kept: .. }".to_owned(), 1));
    let context = AuthenticateContext::new();
    assert!(CredentialProvider::authenticate(&kept, &context).now_or_never().unwrap().is_ok());
}
