//! Several providers, asked in turn.

use std::{
    fmt,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use crate::{
    AuthenticateContext, CredentialError, CredentialErrorKind, CredentialProvider, SdkCredential,
    client::{DynProvider, chain},
};

/// Asks providers in turn and takes the first credential.
///
/// A refresh goes to the provider that gave the credential in use, and to no other: a credential
/// of another kind in the middle of a session would hide that its own source has run dry. When all
/// fail, the error holds the reason of each; it is transient when any of them is.
///
/// ```
/// use credwire::{
///     Client,
///     providers::{ChainCredentialProvider, EnvCredentialProvider, FileCredentialProvider},
/// };
///
/// let chain = ChainCredentialProvider::new("environment", EnvCredentialProvider::new("SAT"))
///     .or("file", FileCredentialProvider::new("/run/secrets/sat"));
/// let builder = Client::builder(chain);
/// # let _ = builder;
/// ```
pub struct ChainCredentialProvider {
    links: Vec<Link>,
    /// The link whose credential is in use.
    answered: Mutex<Option<usize>>,
}

struct Link {
    name: String,
    provider: Box<dyn DynProvider>,
}

impl ChainCredentialProvider {
    /// A chain of `first` alone. The name stands for it in errors and logs.
    pub fn new(name: impl Into<String>, first: impl CredentialProvider) -> Self {
        Self { links: Vec::new(), answered: Mutex::new(None) }.or(name, first)
    }

    /// This chain with `next`, which is asked when those before it gave nothing.
    #[must_use]
    pub fn or(mut self, name: impl Into<String>, next: impl CredentialProvider) -> Self {
        self.links.push(Link { name: name.into(), provider: Box::new(next) });
        self
    }

    fn answered(&self) -> Option<usize> {
        *self.answered.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn took(&self, index: usize) {
        *self.answered.lock().unwrap_or_else(PoisonError::into_inner) = Some(index);
    }
}

impl CredentialProvider for ChainCredentialProvider {
    async fn authenticate(
        &self,
        context: &AuthenticateContext,
    ) -> Result<SdkCredential, CredentialError> {
        let mut refusals = Refusals::default();
        for (index, Link { name, provider }) in self.links.iter().enumerate() {
            match DynProvider::authenticate(&**provider, context).await {
                Ok(credential) => {
                    tracing::debug!(provider = name, "the chain has a credential");
                    self.took(index);
                    return Ok(credential);
                }
                Err(error) => refusals.add(name, &error),
            }
        }
        Err(refusals.error())
    }

    fn can_refresh(&self) -> bool {
        self.links.iter().any(|link| link.provider.can_refresh())
    }

    async fn refresh(&self) -> Result<SdkCredential, CredentialError> {
        if let Some(link) = self.answered().and_then(|index| self.links.get(index)) {
            if !link.provider.can_refresh() {
                let message = format!("the provider `{}` of the chain has no refresh()", link.name);
                return Err(CredentialError::permanent(message));
            }
            return link.provider.refresh().await;
        }
        // The credential in use was restored from storage: nobody knows whose it was.
        let mut refusals = Refusals::default();
        for (index, Link { name, provider }) in self.links.iter().enumerate() {
            if !provider.can_refresh() {
                continue;
            }
            match provider.refresh().await {
                Ok(credential) => {
                    self.took(index);
                    return Ok(credential);
                }
                Err(error) => refusals.add(name, &error),
            }
        }
        Err(refusals.error())
    }
}

impl fmt::Debug for ChainCredentialProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.links.iter().map(|link| &link.name)).finish()
    }
}

/// Why each provider gave nothing.
#[derive(Default)]
struct Refusals {
    reasons: String,
    transient: bool,
    /// The shortest time that one of them asked to wait.
    retry_after: Option<Duration>,
}

impl Refusals {
    fn add(&mut self, name: &str, error: &CredentialError) {
        let reason = chain(error);
        tracing::debug!(provider = name, reason, "a provider of the chain gave no credential");
        let separator = if self.reasons.is_empty() { "" } else { "; " };
        self.reasons.push_str(&format!("{separator}`{name}`: {reason}"));
        self.transient |= error.is_transient();
        if let CredentialErrorKind::Transient { retry_after: Some(delay) } = error.kind() {
            self.retry_after = Some(self.retry_after.map_or(delay, |least| least.min(delay)));
        }
    }

    fn error(self) -> CredentialError {
        let message = format!("no provider of the chain gave a credential: {}", self.reasons);
        match (self.transient, self.retry_after) {
            (false, _) => CredentialError::permanent(message),
            (true, None) => CredentialError::transient(message),
            (true, Some(delay)) => CredentialError::transient(message).with_retry_after(delay),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::providers::from_fn;

    fn fails(error: fn() -> CredentialError) -> impl CredentialProvider {
        from_fn(move |_| async move { Err(error()) })
    }

    fn gives(token: &'static str) -> impl CredentialProvider {
        from_fn(move |_| async move { Ok(SdkCredential::from_token(token)) })
    }

    fn token(credential: SdkCredential) -> String {
        credential.token.unwrap().expose().clone()
    }

    #[tokio::test]
    async fn the_first_that_answers_is_taken_and_refreshed() {
        let refreshing = from_fn(|_| async { Ok(SdkCredential::from_token("made-up-1")) })
            .with_refresh(|| async { Ok(SdkCredential::from_token("made-up-2")) });
        let chain =
            ChainCredentialProvider::new("broken", fails(|| CredentialError::permanent("gone")))
                .or("second", refreshing)
                .or("third", gives("made-up-3"));
        assert!(CredentialProvider::can_refresh(&chain));
        // Nobody has answered yet, as after a restart.
        assert_eq!(token(CredentialProvider::refresh(&chain).await.unwrap()), "made-up-2");
        let context = AuthenticateContext::new();
        let credential = CredentialProvider::authenticate(&chain, &context).await.unwrap();
        assert_eq!(token(credential), "made-up-1");
        assert_eq!(token(CredentialProvider::refresh(&chain).await.unwrap()), "made-up-2");
        assert_eq!(format!("{chain:?}"), r#"["broken", "second", "third"]"#);
    }

    #[tokio::test]
    async fn a_credential_is_refreshed_by_its_own_provider_or_not_at_all() {
        let refreshing = from_fn(|_| async { Ok(SdkCredential::from_token("made-up-1")) })
            .with_refresh(|| async { Ok(SdkCredential::from_token("made-up-2")) });
        let chain =
            ChainCredentialProvider::new("plain", gives("made-up")).or("second", refreshing);
        let context = AuthenticateContext::new();
        CredentialProvider::authenticate(&chain, &context).await.unwrap();
        let error = CredentialProvider::refresh(&chain).await.unwrap_err();
        assert!(!error.is_transient() && error.to_string().contains("`plain`"), "{error}");
    }

    #[tokio::test]
    async fn the_error_holds_every_reason_and_the_best_prospect() {
        let wait = Duration::from_secs(7);
        let chain =
            ChainCredentialProvider::new("one", fails(|| CredentialError::permanent("closed")))
                .or("two", fails(|| CredentialError::transient(std::io::Error::other("no route"))))
                .or(
                    "three",
                    fails(|| {
                        CredentialError::transient("busy").with_retry_after(Duration::from_secs(7))
                    }),
                );
        let context = AuthenticateContext::new();
        let error = CredentialProvider::authenticate(&chain, &context).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "no provider of the chain gave a credential: `one`: closed; `two`: no route; `three`: \
             busy"
        );
        assert_eq!(error.kind(), CredentialErrorKind::Transient { retry_after: Some(wait) });

        let hopeless =
            ChainCredentialProvider::new("one", fails(|| CredentialError::permanent("closed")));
        let error = CredentialProvider::authenticate(&hopeless, &context).await.unwrap_err();
        assert!(!error.is_transient());
    }
}
