//! One credential that does not change.

use std::sync::OnceLock;

use crate::{
    AuthenticateContext, CredentialError, CredentialProvider, SdkCredential, clock::SystemClock,
};
use credwire_core::Clock as _;

/// Returns the same credential every time and cannot refresh it: the session ends when it expires,
/// unless its SAT carries `sat:refresh`.
///
/// The lifetime of a credential with `expires_in` counts from the first time that it is returned.
///
/// ```
/// use credwire::{Client, SdkCredential, providers::StaticCredentialProvider};
/// let provider = StaticCredentialProvider::new(SdkCredential::from_token("a SAT"));
/// let builder = Client::builder(provider);
/// # let _ = builder;
/// ```
#[derive(Clone, Debug)]
pub struct StaticCredentialProvider {
    credential: SdkCredential,
    /// Counts from the time when the credential was first returned.
    since: OnceLock<SystemClock>,
}

impl StaticCredentialProvider {
    /// Creates a provider that returns `credential`.
    pub const fn new(credential: SdkCredential) -> Self {
        Self { credential, since: OnceLock::new() }
    }
}

impl CredentialProvider for StaticCredentialProvider {
    async fn authenticate(
        &self,
        _: &AuthenticateContext,
    ) -> Result<SdkCredential, CredentialError> {
        let mut credential = self.credential.clone();
        let age = self.since.get_or_init(SystemClock::new).now().boot;
        credential.expires_in = credential.expires_in.map(|lasts| lasts.saturating_sub(age));
        Ok(credential)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn a_lifetime_does_not_begin_anew_each_time() {
        let hour = Duration::from_secs(3600);
        let credential = SdkCredential::from_token("made-up").with_expires_in(hour);
        let provider = StaticCredentialProvider::new(credential);
        let context = AuthenticateContext::new();
        let first = provider.authenticate(&context).await.unwrap().expires_in.unwrap();
        let clock = SystemClock::new();
        while clock.now().boot.is_zero() {
            std::hint::spin_loop();
        }
        let second = provider.authenticate(&context).await.unwrap().expires_in.unwrap();
        assert!(second < first && first <= hour, "{first:?}, then {second:?}");
    }
}
