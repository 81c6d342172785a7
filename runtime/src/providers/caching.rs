//! One credential for several clients.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Duration,
};

use futures_util::{FutureExt as _, future::Shared};

use crate::{
    AuthenticateContext, Clock, CredentialError, CredentialErrorKind, CredentialProvider,
    SdkCredential,
    clock::SystemClock,
    spawn::{Task, spawn},
};

/// Lets several clients share the credentials of one provider, and asks it once at a time.
///
/// Give each client a clone. A clone remembers what it has handed out, so a client that asks again
/// (because its credential was refused, or is due) never gets the same one twice, while another
/// client gets what the first one fetched.
///
/// - Clients that ask at the same time wait for one call. A client that stops waiting does not
///   abort it.
/// - A credential that ends within the [margin](Self::margin), or does not say when it ends, is
///   handed to those who wait for it and to nobody else.
/// - A credential that was asked for with a fingerprint may be bound to the key of that client and
///   is not shared; see [`ignore_fingerprints`](Self::ignore_fingerprints).
///
/// ```
/// use credwire::{Client, SdkCredential, providers::{CachingCredentialProvider, from_fn}};
///
/// let backend = from_fn(|_| async { Ok(SdkCredential::from_token("a SAT")) });
/// let shared = CachingCredentialProvider::new(backend);
/// let one = Client::builder(shared.clone()).dpop(None);
/// let another = Client::builder(shared).dpop(None);
/// # let _ = (one, another);
/// ```
pub struct CachingCredentialProvider<P> {
    cache: Arc<Cache<P>>,
    /// What this clone has handed out last.
    given: Mutex<u64>,
}

struct Cache<P> {
    provider: Arc<P>,
    clock: Arc<dyn Clock>,
    margin: Duration,
    ignore_fingerprints: bool,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Numbers what is fetched; the first is 1.
    fetched: u64,
    /// The newest credential that is not bound to a key.
    held: Option<Numbered>,
    /// The calls that run, by fingerprint.
    flights: HashMap<Option<String>, Flight>,
}

#[derive(Clone)]
struct Numbered {
    number: u64,
    credential: SdkCredential,
}

type Outcome = Result<Numbered, Arc<CredentialError>>;
type Flight = Shared<Task<Outcome>>;

/// What to ask the provider.
enum Question {
    Authenticate(AuthenticateContext),
    Refresh,
}

impl<P: CredentialProvider> CachingCredentialProvider<P> {
    /// Shares what `provider` gives.
    pub fn new(provider: P) -> Self {
        Self::with(Cache {
            provider: Arc::new(provider),
            clock: Arc::new(SystemClock::new()),
            margin: Duration::from_secs(60),
            ignore_fingerprints: false,
            state: Mutex::default(),
        })
    }

    /// How long a shared credential must last at least; 60 s by default. For a new cache: it
    /// forgets what was fetched before.
    #[must_use]
    pub fn margin(self, margin: Duration) -> Self {
        Self::with(Cache { margin, ..self.settings() })
    }

    /// Shares credentials between clients with keys of their own, for a backend that binds none
    /// of them. For a new cache: it forgets what was fetched before.
    #[must_use]
    pub fn ignore_fingerprints(self) -> Self {
        Self::with(Cache { ignore_fingerprints: true, ..self.settings() })
    }

    /// The clock that expiry is judged by; the machine's by default. For a new cache: it forgets
    /// what was fetched before.
    #[must_use]
    pub fn clock(self, clock: impl Clock) -> Self {
        Self::with(Cache { clock: Arc::new(clock), ..self.settings() })
    }

    fn with(cache: Cache<P>) -> Self {
        Self { cache: Arc::new(cache), given: Mutex::new(0) }
    }

    /// The same settings and nothing fetched.
    fn settings(&self) -> Cache<P> {
        Cache {
            provider: Arc::clone(&self.cache.provider),
            clock: Arc::clone(&self.cache.clock),
            margin: self.cache.margin,
            ignore_fingerprints: self.cache.ignore_fingerprints,
            state: Mutex::default(),
        }
    }

    async fn ask(&self, question: Question) -> Result<SdkCredential, CredentialError> {
        let given = *self.given.lock().unwrap_or_else(PoisonError::into_inner);
        let numbered = match self.cache.look(question, given) {
            Ok(held) => held,
            Err(flight) => match flight.await {
                Some(outcome) => outcome.map_err(shared)?,
                None => return Err(CredentialError::transient("the provider panicked")),
            },
        };
        *self.given.lock().unwrap_or_else(PoisonError::into_inner) = numbered.number;
        Ok(numbered.credential)
    }
}

impl<P: CredentialProvider> Cache<P> {
    /// What is held, when it is new to whoever was `given` another one; otherwise the call to wait
    /// for.
    fn look(self: &Arc<Self>, question: Question, given: u64) -> Result<Numbered, Flight> {
        let key = match &question {
            Question::Authenticate(context) if !self.ignore_fingerprints => {
                context.fingerprint.clone()
            }
            _ => None,
        };
        let mut state = self.lock();
        if key.is_none()
            && let Some(held) = &state.held
            && held.number != given
            && self.lasts(&held.credential)
        {
            return Ok(held.clone());
        }
        if let Some(flight) = state.flights.get(&key) {
            return Err(flight.clone());
        }
        let landing = Landing { cache: Arc::downgrade(self), key: key.clone() };
        let provider = Arc::clone(&self.provider);
        let flight = spawn(async move {
            let answer = match question {
                Question::Authenticate(context) => provider.authenticate(&context).await,
                Question::Refresh => provider.refresh().await,
            };
            landing.take(answer)
        })
        .shared();
        state.flights.insert(key, flight.clone());
        Err(flight)
    }

    fn lasts(&self, credential: &SdkCredential) -> bool {
        let until = self.clock.now().wall.saturating_add(self.margin);
        credential.expiry_at.is_some_and(|expiry| expiry > until)
    }
}

impl<P> Cache<P> {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Ends a call, also when the provider panics. It does not keep the cache alive: when the last
/// clone goes, the calls are aborted.
struct Landing<P> {
    cache: Weak<Cache<P>>,
    key: Option<String>,
}

impl<P> Landing<P> {
    fn take(self, answer: Result<SdkCredential, CredentialError>) -> Outcome {
        let credential = answer.map_err(Arc::new)?;
        let Some(cache) = self.cache.upgrade() else {
            return Ok(Numbered { number: 0, credential });
        };
        let mut state = cache.lock();
        state.fetched += 1;
        let numbered = Numbered { number: state.fetched, credential };
        if self.key.is_none() {
            state.held = Some(numbered.clone());
        }
        Ok(numbered)
    }
}

impl<P> Drop for Landing<P> {
    fn drop(&mut self) {
        if let Some(cache) = self.cache.upgrade() {
            // Dropped outside of the lock: it may be the last handle of the task.
            let flight = cache.lock().flights.remove(&self.key);
            drop(flight);
        }
    }
}

impl<P: CredentialProvider> CredentialProvider for CachingCredentialProvider<P> {
    async fn authenticate(
        &self,
        context: &AuthenticateContext,
    ) -> Result<SdkCredential, CredentialError> {
        self.ask(Question::Authenticate(context.clone())).await
    }

    fn can_refresh(&self) -> bool {
        self.cache.provider.can_refresh()
    }

    async fn refresh(&self) -> Result<SdkCredential, CredentialError> {
        self.ask(Question::Refresh).await
    }
}

impl<P> Clone for CachingCredentialProvider<P> {
    /// A provider for another client, with the same cache.
    fn clone(&self) -> Self {
        Self { cache: Arc::clone(&self.cache), given: Mutex::new(0) }
    }
}

impl<P> fmt::Debug for CachingCredentialProvider<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CachingCredentialProvider")
            .field("margin", &self.cache.margin)
            .finish_non_exhaustive()
    }
}

/// The error of a call that several wait for.
fn shared(error: Arc<CredentialError>) -> CredentialError {
    let kind = error.kind();
    let reason = SharedError(error);
    match kind {
        CredentialErrorKind::Transient { retry_after: Some(delay) } => {
            CredentialError::transient(reason).with_retry_after(delay)
        }
        CredentialErrorKind::Transient { retry_after: None } => CredentialError::transient(reason),
        _ => CredentialError::permanent(reason),
    }
}

#[derive(Debug)]
struct SharedError(Arc<CredentialError>);

impl fmt::Display for SharedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for SharedError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source()
    }
}

#[cfg(test)]
mod tests;
