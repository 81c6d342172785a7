//! `crate = ".."`: every path of the expansion goes through it. The crate here has types of its
//! own, so an expansion that named `::credwire` anywhere would not type-check.

mod facade {
    pub(crate) mod inner {
        pub(crate) struct AuthenticateContext;
        #[derive(Debug, PartialEq)]
        pub(crate) struct SdkCredential(pub(crate) u8);
        #[derive(Debug, PartialEq)]
        pub(crate) struct CredentialError(pub(crate) u8);

        pub(crate) mod __private {
            pub(crate) mod provider {
                pub(crate) struct MethodError<E>(std::marker::PhantomData<E>);

                impl<E> MethodError<E> {
                    pub(crate) const NAMED: Self = Self(std::marker::PhantomData);

                    pub(crate) fn converted<F>(self, future: F) -> F {
                        future
                    }
                }

                #[allow(dead_code, reason = "for an error that has to be converted")]
                pub(crate) trait OtherError {
                    fn converted(self);
                }
            }
        }

        pub(crate) trait CredentialProvider: Send + Sync + 'static {
            fn authenticate(
                &self,
                context: &AuthenticateContext,
            ) -> impl Future<Output = Result<SdkCredential, CredentialError>> + Send;

            // As the trait of credwire.
            fn refresh(
                &self,
            ) -> Option<impl Future<Output = Result<SdkCredential, CredentialError>> + Send>
            {
                None::<std::future::Ready<Result<SdkCredential, CredentialError>>>
            }
        }
    }
}

use credwire::credential_provider;
use facade::inner::{AuthenticateContext, CredentialError, CredentialProvider, SdkCredential};
use futures_util::FutureExt;

struct Backend;

#[credential_provider(crate = "crate::crate_path::facade::inner")]
impl Backend {
    async fn authenticate(
        &self,
        _context: &AuthenticateContext,
    ) -> Result<SdkCredential, CredentialError> {
        Ok(SdkCredential(1))
    }

    async fn refresh(&self) -> Result<SdkCredential, CredentialError> {
        Err(CredentialError(2))
    }
}

pub(crate) fn main() {
    let first = CredentialProvider::authenticate(&Backend, &AuthenticateContext).now_or_never();
    assert_eq!(first.unwrap(), Ok(SdkCredential(1)));
    let fresh = CredentialProvider::refresh(&Backend).unwrap().now_or_never();
    assert_eq!(fresh.unwrap(), Err(CredentialError(2)));
}
