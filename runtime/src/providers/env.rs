//! A credential in an environment variable.

use std::env::VarError;

use super::text;
use crate::{AuthenticateContext, CredentialError, CredentialProvider, SdkCredential, Secret};

/// Reads the credential from an environment variable: a token, or a credential in JSON (`{"token":
/// "..", "expiry_at": 1760000000000}`).
///
/// An empty variable counts as one that is not set. The environment of a process does not change by
/// itself, so there is no `refresh`: the session ends when the credential expires, unless its SAT
/// carries `sat:refresh`.
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
    /// Creates a provider that reads `variable` at each call.
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
        let value = match std::env::var(&self.variable).map(Secret::new) {
            Ok(value) if value.expose().trim().is_empty() => Err("is not set: it is empty"),
            Ok(value) => Ok(value),
            Err(VarError::NotPresent) => Err("is not set"),
            // The error itself would show the value.
            Err(VarError::NotUnicode(_)) => Err("is not text in UTF-8"),
        };
        let value = value.map_err(|what| CredentialError::permanent(format!("{place} {what}")))?;
        // What is in the environment stays as it is.
        text::credential(&value, &place).map_err(CredentialError::permanent)
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
        assert!(provider.refresh().is_none());

        let error =
            EnvCredentialProvider::new("MADE_UP_SAT").authenticate(&context).await.unwrap_err();
        assert_eq!(error.to_string(), "the environment variable MADE_UP_SAT is not set");
        assert!(!error.is_transient());
    }

    #[tokio::test]
    async fn an_empty_variable_is_as_good_as_none_and_nothing_of_a_value_is_shown() {
        let context = AuthenticateContext::new();
        // Cargo sets both: this package names no homepage, and its description is no token.
        let error = EnvCredentialProvider::new("CARGO_PKG_HOMEPAGE").authenticate(&context).await;
        let error = error.unwrap_err();
        assert!(!error.is_transient() && error.to_string().contains("is not set"), "{error}");
        let error =
            EnvCredentialProvider::new("CARGO_PKG_DESCRIPTION").authenticate(&context).await;
        let error = error.unwrap_err();
        assert!(!error.is_transient() && error.to_string().contains("white space"), "{error}");
        assert!(!error.to_string().contains("credentials and live"), "{error}");
    }
}
