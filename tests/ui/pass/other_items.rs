//! Whatever else stands in the block stays in it, as it was written.
#![allow(clippy::needless_arbitrary_self_type, reason = "a receiver may be spelt out")]

use credwire::{
    AuthenticateContext, CredentialError, CredentialProvider, SdkCredential, credential_provider,
};
use futures_util::FutureExt;

mod inner {
    use super::{AuthenticateContext, CredentialError, SdkCredential, credential_provider};

    pub(crate) struct Backend;

    macro_rules! reader {
        ($name:ident) => {
            pub(crate) const fn $name(&self) -> u8 {
                Self::ANSWER
            }
        };
    }

    #[credential_provider]
    impl Backend {
        #![allow(clippy::needless_pass_by_value, reason = "an inner attribute stays")]

        pub(crate) const ANSWER: u8 = {
            const HALF: u8 = 21;
            HALF * 2
        };

        reader! { first }

        reader!(second);

        /// The receiver may be spelt out, and the context taken apart.
        pub(crate) async fn authenticate(
            self: &Self,
            AuthenticateContext { fingerprint, .. }: &AuthenticateContext,
        ) -> Result<SdkCredential, CredentialError> {
            let fingerprint = fingerprint.clone().ok_or_else(|| Self::refused("no fingerprint"))?;
            Ok(SdkCredential::from_token(fingerprint))
        }

        fn refused(why: &'static str) -> CredentialError {
            CredentialError::permanent(why)
        }

        pub(crate) fn generic<const N: usize, T: Into<u64>>(&self, value: T) -> u64 {
            value.into() + N as u64
        }
    }
}

pub(crate) fn main() {
    let backend = inner::Backend;
    assert_eq!((backend.first(), backend.second(), inner::Backend::ANSWER), (42, 42, 42));
    assert_eq!(backend.generic::<2, u8>(1), 3);
    // The method is the user's own as well as the trait's.
    let context = AuthenticateContext::new();
    assert!(backend.authenticate(&context).now_or_never().unwrap().is_err());
    let context = context.with_fingerprint("f");
    let first = CredentialProvider::authenticate(&backend, &context).now_or_never().unwrap();
    assert_eq!(first.unwrap(), SdkCredential::from_token("f"));
}
