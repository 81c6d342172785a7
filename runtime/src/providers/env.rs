//! A credential in an environment variable.

use std::env::VarError;

use super::text;
use crate::{AuthenticateContext, CredentialError, CredentialProvider, SdkCredential, Secret};

/// Takes the credential from an environment variable: a token, or a credential in JSON
/// (`{"token": "..", "expiry_at": 1760000000000}`).
///
/// The environment of a process does not change by itself, so there is no `refresh`: the session
/// ends when the credential expires, unless its SAT carries `sat:refresh`.
///
/// ```
/// use credwire::{Client, providers::EnvCredentialProvider};
/// let builder = Client::builder(EnvCredentialProvider::new("SAT"));
/// # let _ = builder;
/// ```
#[derive(Clone, Debug)]
pub struct EnvCredentialProvider {
    variable: String,
}

impl EnvCredentialProvider {
    /// A provider of what `variable` holds when it is asked.
    pub fn new(variable: impl Into<String>) -> Self {
        Self { variable: variable.into() }
    }
}

impl CredentialProvider for EnvCredentialProvider {
    async fn authenticate(
        &self,
        _: &AuthenticateContext,
    ) -> Result<SdkCredential, CredentialError> {
        let place = format!("the environment variable {}", self.variable);
        let value = std::env::var(&self.variable).map_err(|error| {
            CredentialError::permanent(match error {
                VarError::NotPresent => format!("{place} is not set"),
                // The error itself would show the value.
                VarError::NotUnicode(_) => format!("{place} is not text in UTF-8"),
            })
        })?;
        text::credential(&Secret::new(value), &place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_variable_is_read_and_a_missing_one_is_named() {
        let context = AuthenticateContext::new();
        // Cargo sets this one for every test; to set another would not be safe.
        let provider = EnvCredentialProvider::new("CARGO_PKG_NAME");
        let credential = provider.authenticate(&context).await.unwrap();
        assert_eq!(credential.token.unwrap().expose(), "credwire");
        assert!(!provider.can_refresh());

        let error =
            EnvCredentialProvider::new("MADE_UP_SAT").authenticate(&context).await.unwrap_err();
        assert_eq!(error.to_string(), "the environment variable MADE_UP_SAT is not set");
        assert!(!error.is_transient());
    }
}
