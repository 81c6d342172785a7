//! A crate that re-exports credwire.

pub use credwire;

/// Makes a provider and what it is asked for: its users depend on this crate alone.
#[macro_export]
macro_rules! login {
    ($name:ident, $request:ident, $url:expr) => {
        #[$crate::credwire::credential_provider(crate = $crate::credwire)]
        pub struct $name {
            session: $crate::credwire::Secret<String>,
        }

        #[$crate::credwire::credential_provider(crate = $crate::credwire)]
        impl $name {
            async fn authenticate(
                &self,
                _context: &$crate::credwire::AuthenticateContext,
            ) -> Result<$crate::credwire::SdkCredential, $crate::credwire::CredentialError> {
                let token = format!("{} of {}", self.session.expose(), $url);
                Ok($crate::credwire::SdkCredential::from_token(token))
            }
        }

        #[derive($crate::credwire::Validate)]
        #[validate(crate = $crate::credwire)]
        pub struct $request {
            #[validate(length(1..))]
            pub name: String,
        }
    };
}
