//! A lock held while waiting: the future cannot move to another thread. The trait stands here, so
//! that the message does not hang on the lines of another crate.

use credwire::credential_provider;

pub mod __private {
    pub mod provider {
        pub struct MethodError<E>(std::marker::PhantomData<E>);

        impl<E> MethodError<E> {
            pub const NAMED: Self = Self(std::marker::PhantomData);

            pub fn converted<F>(self, future: F) -> F {
                future
            }
        }

        pub trait OtherError {}
    }
}

pub struct AuthenticateContext;
pub struct SdkCredential;
pub struct CredentialError;

pub trait CredentialProvider: Send + Sync + 'static {
    fn authenticate(
        &self,
        context: &AuthenticateContext,
    ) -> impl Future<Output = Result<SdkCredential, CredentialError>> + Send;
}

struct Backend {
    calls: std::sync::Mutex<u64>,
}

#[credential_provider(crate = "crate")]
impl Backend {
    async fn authenticate(
        &self,
        _context: &AuthenticateContext,
    ) -> Result<SdkCredential, CredentialError> {
        let mut calls = self.calls.lock().map_err(|_| CredentialError)?;
        std::future::ready(()).await;
        *calls += 1;
        Ok(SdkCredential)
    }
}

fn main() {}

// Faults: 1
