//! Several providers, asked in turn.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tracing::Instrument as _;

use crate::{
    AuthenticateContext, CredentialError, CredentialErrorKind, CredentialProvider, SdkCredential,
    client::chain, clock::timer_now, spawn::spawn,
};
use credwire_generated::DynCredentialProvider;

/// The time for all links together: an operation of a client has 30 s, and what is made of the
/// answers needs a little.
const TIMEOUT: Duration = Duration::from_secs(28);

/// Asks providers in turn and takes the first credential.
///
/// A refresh goes to the provider that returned the credential in use, and to no other: a
/// credential of another kind in the middle of a session would hide that its own source fails.
///
/// Each provider has a share of the [time of the whole](Self::timeout): what is left, divided by
/// the number of those that have not been asked yet, or what [`link_timeout`](Self::link_timeout)
/// sets. One that does not answer within its share is aborted and skipped, and so is one that
/// panics; a warning names it.
///
/// When all fail, the error holds the reason of each. It is permanent when all reasons are, and
/// transient when any of them is: the first provider may be closed for good and the second only
/// busy. A timeout and a panic are transient reasons.
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
    timeout: Duration,
    /// The link whose credential is in use.
    answered: Mutex<Option<usize>>,
}

struct Link {
    name: String,
    provider: Arc<dyn DynCredentialProvider>,
    timeout: Option<Duration>,
}

impl ChainCredentialProvider {
    /// Creates a chain of `first` alone. Errors and logs contain its name.
    pub fn new(name: impl Into<String>, first: impl CredentialProvider) -> Self {
        Self { links: Vec::new(), timeout: TIMEOUT, answered: Mutex::new(None) }.or(name, first)
    }

    /// Appends `next`, which is called when those before it returned nothing.
    #[must_use]
    pub fn or(mut self, name: impl Into<String>, next: impl CredentialProvider) -> Self {
        self.links.push(Link { name: name.into(), provider: Arc::new(next), timeout: None });
        self
    }

    /// Sets the time for all providers together; 28 s by default, which fits into the 30 s that a
    /// client waits for a provider.
    #[must_use]
    pub const fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sets the time for the provider that was added last, in place of its share of what is left.
    /// The time of the whole chain bounds it.
    #[must_use]
    pub fn link_timeout(mut self, timeout: Duration) -> Self {
        if let Some(link) = self.links.last_mut() {
            link.timeout = Some(timeout);
        }
        self
    }

    fn answered(&self) -> Option<usize> {
        *self.answered.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn took(&self, index: usize) {
        *self.answered.lock().unwrap_or_else(PoisonError::into_inner) = Some(index);
    }

    /// Asks the links with these indices in turn and takes the first credential.
    async fn first_of<F>(
        &self,
        indices: Vec<usize>,
        ask: impl Fn(Arc<dyn DynCredentialProvider>) -> F,
    ) -> Result<SdkCredential, CredentialError>
    where
        F: Future<Output = Answer> + Send + 'static,
    {
        let begun = timer_now();
        let mut refusals = Refusals::default();
        for (asked, index) in indices.iter().copied().enumerate() {
            let Some(link) = self.links.get(index) else { continue };
            let left = self.timeout.saturating_sub(begun.elapsed());
            let links = u32::try_from(indices.len() - asked).unwrap_or(u32::MAX);
            let time = link.timeout.unwrap_or(left / links).min(left);
            match link.answer(ask(Arc::clone(&link.provider)), time).await {
                Ok(credential) => {
                    tracing::debug!(provider = link.name, "the chain has a credential");
                    self.took(index);
                    return Ok(credential);
                }
                Err(error) => refusals.add(&link.name, &error),
            }
        }
        Err(refusals.error())
    }
}

impl Link {
    /// The answer of the provider, which runs as a task of its own: a panic stays in it, and
    /// blocking its thread does not delay the chain.
    async fn answer(
        &self,
        answer: impl Future<Output = Answer> + Send + 'static,
        time: Duration,
    ) -> Answer {
        let provider = &self.name;
        match tokio::time::timeout(time, spawn(answer.in_current_span())).await {
            Ok(Some(answer)) => answer,
            Ok(None) => {
                tracing::warn!(provider, "a provider of the chain panicked and is passed over");
                Err(CredentialError::transient("it panicked"))
            }
            Err(_) => {
                tracing::warn!(provider, ?time, "a provider of the chain hangs and is passed over");
                Err(CredentialError::transient(format!("no answer within {time:?}")))
            }
        }
    }
}

impl CredentialProvider for ChainCredentialProvider {
    async fn authenticate(
        &self,
        context: &AuthenticateContext,
    ) -> Result<SdkCredential, CredentialError> {
        let all = (0..self.links.len()).collect();
        self.first_of(all, |provider| {
            let context = context.clone();
            async move { provider.authenticate(&context).await }
        })
        .await
    }

    fn refresh(
        &self,
    ) -> Option<impl Future<Output = Result<SdkCredential, CredentialError>> + Send> {
        self.refreshing().next().is_some().then(|| self.refreshed())
    }
}

impl ChainCredentialProvider {
    /// The links that a refresh goes to. Where the credential in use was restored from storage, the
    /// link that returned it is unknown.
    fn refreshing(&self) -> impl Iterator<Item = (usize, &Link)> {
        let answered = self.answered();
        self.links.iter().enumerate().filter(move |(index, link)| {
            answered.is_none_or(|answered| answered == *index) && link.provider.refresh().is_some()
        })
    }

    async fn refreshed(&self) -> Result<SdkCredential, CredentialError> {
        let ask = |provider: Arc<dyn DynCredentialProvider>| async move {
            match provider.refresh() {
                Some(answer) => answer.await,
                None => Err(CredentialError::not_provided("refresh")),
            }
        };
        if let Some(link) = self.answered().and_then(|index| self.links.get(index)) {
            let time = link.timeout.unwrap_or(self.timeout).min(self.timeout);
            return link.answer(ask(Arc::clone(&link.provider)), time).await;
        }
        let able = self.refreshing().map(|(index, _)| index).collect();
        self.first_of(able, ask).await
    }
}

type Answer = Result<SdkCredential, CredentialError>;

impl fmt::Debug for ChainCredentialProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.links.iter().map(|link| &link.name)).finish()
    }
}

/// Why each provider returned nothing.
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
        // The reason is in the error, which is redacted before it is logged; here it would not be.
        let transient = error.is_transient();
        tracing::debug!(
            provider = name,
            transient,
            "a provider of the chain returned no credential"
        );
        let separator = if self.reasons.is_empty() { "" } else { "; " };
        self.reasons.push_str(&format!("{separator}`{name}`: {reason}"));
        self.transient |= error.is_transient();
        if let CredentialErrorKind::Transient { retry_after: Some(delay) } = error.kind() {
            self.retry_after = Some(self.retry_after.map_or(delay, |least| least.min(delay)));
        }
    }

    fn error(self) -> CredentialError {
        let message = format!("no provider of the chain returned a credential: {}", self.reasons);
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

    fn returns(token: &'static str) -> impl CredentialProvider {
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
                .or("third", returns("made-up-3"));
        // Nobody has answered yet, as after a restart.
        assert_eq!(token(chain.refresh().unwrap().await.unwrap()), "made-up-2");
        let context = AuthenticateContext::new();
        let credential = chain.authenticate(&context).await.unwrap();
        assert_eq!(token(credential), "made-up-1");
        assert_eq!(token(chain.refresh().unwrap().await.unwrap()), "made-up-2");
        assert_eq!(format!("{chain:?}"), r#"["broken", "second", "third"]"#);
    }

    #[tokio::test]
    async fn a_credential_is_refreshed_by_its_own_provider_or_not_at_all() {
        let refreshing = from_fn(|_| async { Ok(SdkCredential::from_token("made-up-1")) })
            .with_refresh(|| async { Ok(SdkCredential::from_token("made-up-2")) });
        let chain =
            ChainCredentialProvider::new("plain", returns("made-up")).or("second", refreshing);
        let context = AuthenticateContext::new();
        chain.authenticate(&context).await.unwrap();
        assert!(chain.refresh().is_none());
    }

    /// A provider that never answers, and reports when it is aborted.
    fn hangs() -> (impl CredentialProvider, tokio::sync::oneshot::Receiver<()>) {
        let (alive, gone) = tokio::sync::oneshot::channel();
        let alive = Mutex::new(Some(alive));
        let provider = from_fn(move |_| {
            let alive = alive.lock().unwrap().take();
            async move {
                std::future::pending::<()>().await;
                drop(alive);
                Err(CredentialError::permanent("never"))
            }
        });
        (provider, gone)
    }

    #[tokio::test(start_paused = true)]
    async fn a_link_that_hangs_or_panics_is_passed_over() {
        let begun = timer_now();
        let (hanging, gone) = hangs();
        let chain = ChainCredentialProvider::new("hanging", hanging)
            .or("panicking", from_fn(|_| async { panic!("made-up panic") }))
            .or("last", returns("made-up"));
        let context = AuthenticateContext::new();
        let credential = CredentialProvider::authenticate(&chain, &context).await.unwrap();
        assert_eq!(token(credential), "made-up");
        assert_eq!(begun.elapsed().as_secs(), 9, "a third of 28 s");
        assert!(gone.await.is_err(), "the one that hung was aborted");
    }

    #[tokio::test(start_paused = true)]
    async fn all_shares_fit_into_the_time_of_the_whole_and_each_reason_is_reported() {
        let hanging = |name: &str| ChainCredentialProvider::new(name, hangs().0);
        let hangs = || hangs().0;
        let panics = || from_fn(|_| async { panic!("made-up panic") });
        let second = Duration::from_secs(1);
        for (chain, took, reasons) in [
            (hanging("1"), 28 * second, vec!["`1`: no answer within 28s"]),
            (
                hanging("1").timeout(6 * second).or("2", hangs()),
                6 * second,
                vec!["`2`: no answer within 3s"],
            ),
            // What a quick failure leaves goes to the others.
            (
                ChainCredentialProvider::new("1", fails(|| CredentialError::permanent("closed")))
                    .or("2", panics())
                    .or("3", hangs()),
                28 * second,
                vec!["`1`: closed", "`2`: it panicked", "`3`: no answer within 28s"],
            ),
            (
                hanging("1").link_timeout(second).or("2", hangs()).link_timeout(50 * second),
                28 * second,
                vec!["`1`: no answer within 1s", "`2`: no answer within 27s"],
            ),
        ] {
            let begun = timer_now();
            let context = AuthenticateContext::new();
            let error = CredentialProvider::authenticate(&chain, &context).await.unwrap_err();
            assert_eq!(begun.elapsed().as_secs(), took.as_secs());
            let text = error.to_string();
            assert!(error.is_transient(), "{text}");
            assert!(reasons.iter().all(|reason| text.contains(reason)), "{text}");
            assert!(!text.contains("made-up"), "a panic's words are not shown: {text}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_refresh_that_hangs_ends_in_time_and_is_asked_of_no_other_link() {
        let hanging = from_fn(|_| async { Ok(SdkCredential::from_token("made-up")) })
            .with_refresh(|| async { std::future::pending().await });
        let other = from_fn(|_| async { Ok(SdkCredential::from_token("made-up-1")) })
            .with_refresh(|| async { Ok(SdkCredential::from_token("made-up-2")) });
        let chain = ChainCredentialProvider::new("hanging", hanging).or("other", other);
        let context = AuthenticateContext::new();
        // After a restart any link may do.
        assert_eq!(token(CredentialProvider::refresh(&chain).unwrap().await.unwrap()), "made-up-2");
        CredentialProvider::authenticate(&chain, &context).await.unwrap();
        let error = CredentialProvider::refresh(&chain).unwrap().await.unwrap_err();
        assert!(error.is_transient() && error.to_string().contains("within 28s"), "{error}");
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_link_that_blocks_its_thread_is_passed_over() {
        let (release, blocked) = std::sync::mpsc::channel::<()>();
        let blocked = Mutex::new(blocked);
        let blocked = Arc::new(blocked);
        let blocking = from_fn(move |_| {
            let blocked = Arc::clone(&blocked);
            async move {
                let _ = blocked.lock().unwrap().recv();
                Err(CredentialError::permanent("late"))
            }
        });
        let chain = ChainCredentialProvider::new("blocking", blocking)
            .link_timeout(Duration::ZERO)
            .or("last", returns("made-up"));
        let context = AuthenticateContext::new();
        let credential = CredentialProvider::authenticate(&chain, &context).await.unwrap();
        assert_eq!(token(credential), "made-up");
        drop(release);
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
        let error = chain.authenticate(&context).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "no provider of the chain returned a credential: `one`: closed; `two`: no route; `three`: \
             busy"
        );
        assert_eq!(error.kind(), CredentialErrorKind::Transient { retry_after: Some(wait) });

        let chain =
            ChainCredentialProvider::new("one", fails(|| CredentialError::permanent("closed")));
        let error = chain.authenticate(&context).await.unwrap_err();
        assert!(!error.is_transient());
    }
}
