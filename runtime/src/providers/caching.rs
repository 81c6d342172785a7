//! One credential for several clients.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Duration,
};

use futures_util::{
    FutureExt as _,
    future::{BoxFuture, Shared, WeakShared},
};
use tracing::Instrument as _;

use crate::{
    AuthenticateContext, CredentialError, CredentialErrorKind, CredentialProvider, SdkCredential,
    clock::SystemClock,
    spawn::{Task, spawn},
};
use credwire_core::{Clock, Now};

/// Lets several clients share the credentials of one provider, and asks it once at a time.
///
/// Pass a clone to each client. A clone keeps track of what it has handed out, so a client that
/// asks again (because its credential was refused, or is due) never gets the same one twice, while
/// another client gets what the first one fetched.
///
/// - Clients that ask at the same time wait for one call. It ends when it has taken as long as the
///   [deadline](Self::deadline), or when all of them have stopped waiting; whoever asks after that
///   makes a call of its own. A panic of the provider is an error of that call alone.
/// - A credential that expires within the [margin](Self::margin), or has no expiry, is returned to
///   those who wait for it and to nobody else.
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
    /// The number of the credential that this clone returned last.
    returned: Mutex<u64>,
}

struct Cache<P> {
    provider: Arc<P>,
    clock: Arc<dyn Clock>,
    margin: Duration,
    deadline: Duration,
    ignore_fingerprints: bool,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Numbers what is fetched; the first is 1.
    fetched: u64,
    /// The newest credential that is not bound to a key.
    held: Option<Numbered>,
    /// Numbers the calls.
    started: u64,
    /// The calls that run.
    flights: HashMap<Question, Flight>,
}

/// A call that runs as long as somebody waits for it.
struct Flight {
    number: u64,
    /// From then on nobody joins it, in monotonic time.
    until: Duration,
    outcome: WeakShared<BoxFuture<'static, Outcome>>,
}

#[derive(Clone)]
struct Numbered {
    number: u64,
    credential: SdkCredential,
    /// When it came, on the monotonic clock.
    fetched: Duration,
}

impl Numbered {
    /// The credential as it is `now`: of a lifetime, what is left.
    fn at(&self, now: Now) -> SdkCredential {
        let mut credential = self.credential.clone();
        let age = now.boot.saturating_sub(self.fetched);
        credential.expires_in = credential.expires_in.map(|lasts| lasts.saturating_sub(age));
        credential
    }
}

type Outcome = Result<Numbered, Arc<CredentialError>>;
type Waiting = Shared<BoxFuture<'static, Outcome>>;

/// What the provider is asked, as far as one answer can do for several clients.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Question {
    /// Whether and to which key the credential may be bound.
    Authenticate {
        fingerprint: Option<String>,
    },
    Refresh,
}

impl Question {
    const fn is_shared(&self) -> bool {
        matches!(self, Self::Authenticate { fingerprint: None } | Self::Refresh)
    }
}

impl<P: CredentialProvider> CachingCredentialProvider<P> {
    /// Shares the credentials that `provider` returns.
    pub fn new(provider: P) -> Self {
        Self::with(Cache {
            provider: Arc::new(provider),
            clock: Arc::new(SystemClock::new()),
            margin: Duration::from_secs(60),
            deadline: Duration::from_secs(30),
            ignore_fingerprints: false,
            state: Mutex::default(),
        })
    }

    /// Sets how long a shared credential must be valid at least; 60 s by default. The returned
    /// cache is empty.
    #[must_use]
    pub fn margin(self, margin: Duration) -> Self {
        Self::with(Cache { margin, ..self.settings() })
    }

    /// Sets the timeout of one call of the provider; 30 s by default. The call then fails with a
    /// transient error. The returned cache is empty.
    #[must_use]
    pub fn deadline(self, deadline: Duration) -> Self {
        Self::with(Cache { deadline, ..self.settings() })
    }

    /// Shares credentials between clients with keys of their own, for a backend that binds none of
    /// them. The returned cache is empty.
    #[must_use]
    pub fn ignore_fingerprints(self) -> Self {
        Self::with(Cache { ignore_fingerprints: true, ..self.settings() })
    }

    /// Sets the clock that expiry is compared with; the machine's by default. The returned cache is
    /// empty.
    #[must_use]
    pub fn clock(self, clock: impl Clock) -> Self {
        Self::with(Cache { clock: Arc::new(clock), ..self.settings() })
    }

    fn with(cache: Cache<P>) -> Self {
        Self { cache: Arc::new(cache), returned: Mutex::new(0) }
    }

    /// The same settings and nothing fetched.
    fn settings(&self) -> Cache<P> {
        Cache {
            provider: Arc::clone(&self.cache.provider),
            clock: Arc::clone(&self.cache.clock),
            margin: self.cache.margin,
            deadline: self.cache.deadline,
            ignore_fingerprints: self.cache.ignore_fingerprints,
            state: Mutex::default(),
        }
    }

    /// What is held, or the outcome of `call`, or of one like it that runs already.
    async fn ask<F>(
        &self,
        question: Question,
        call: impl FnOnce(Arc<P>) -> F,
    ) -> Result<SdkCredential, CredentialError>
    where
        F: Future<Output = Result<SdkCredential, CredentialError>> + Send + 'static,
    {
        let returned = *self.returned.lock().unwrap_or_else(PoisonError::into_inner);
        let numbered = match self.cache.look(question, returned, call) {
            Ok(held) => held,
            Err(waiting) => waiting.await.map_err(shared)?,
        };
        *self.returned.lock().unwrap_or_else(PoisonError::into_inner) = numbered.number;
        Ok(numbered.at(self.cache.clock.now()))
    }
}

impl<P: CredentialProvider> Cache<P> {
    /// The held credential, when it is new to a clone that returned the one `returned`; otherwise the
    /// call to wait for.
    fn look<F>(
        self: &Arc<Self>,
        question: Question,
        returned: u64,
        call: impl FnOnce(Arc<P>) -> F,
    ) -> Result<Numbered, Waiting>
    where
        F: Future<Output = Result<SdkCredential, CredentialError>> + Send + 'static,
    {
        let now = self.clock.now().boot;
        let mut state = self.lock();
        if question.is_shared()
            && let Some(held) = &state.held
            && held.number != returned
            && self.lasts(held)
        {
            return Ok(held.clone());
        }
        // A handle that turned out to be of no use must not be dropped here: it may be the last
        // one, and to end the call takes the lock.
        if let Some(flight) = state.flights.get(&question)
            && now < flight.until
            && let Some(waiting) = flight.outcome.upgrade()
        {
            return Err(waiting);
        }
        state.started += 1;
        let number = state.started;
        // A task of its own: a panic stays in it, and a provider that blocks its thread does not
        // keep the deadline from passing.
        let task = spawn(call(Arc::clone(&self.provider)).in_current_span());
        let landing = Landing { cache: Arc::downgrade(self), question: question.clone(), number };
        let waiting = landing.wait(task, self.deadline).boxed().shared();
        if let Some(outcome) = waiting.downgrade() {
            let until = now.saturating_add(self.deadline);
            state.flights.insert(question, Flight { number, until, outcome });
        }
        Err(waiting)
    }

    fn lasts(&self, held: &Numbered) -> bool {
        let now = self.clock.now();
        let credential = held.at(now);
        match (credential.expires_in, credential.expiry_at) {
            (Some(left), _) => left > self.margin,
            (None, Some(expiry)) => expiry > now.wall.saturating_add(self.margin),
            (None, None) => false,
        }
    }
}

impl<P> Cache<P> {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Ends a call, also when nobody waits for it any more. It does not keep the cache alive.
struct Landing<P> {
    cache: Weak<Cache<P>>,
    question: Question,
    number: u64,
}

impl<P> Landing<P> {
    /// The outcome of the call that runs as `task`.
    async fn wait(
        self,
        task: Task<Result<SdkCredential, CredentialError>>,
        deadline: Duration,
    ) -> Outcome {
        let answer = match tokio::time::timeout(deadline, task).await {
            Ok(Some(answer)) => answer,
            Ok(None) => Err(CredentialError::transient("the provider panicked")),
            Err(_) => Err(CredentialError::transient(format!(
                "the provider returned no answer within {deadline:?}"
            ))),
        };
        self.take(answer)
    }

    fn take(self, answer: Result<SdkCredential, CredentialError>) -> Outcome {
        let credential = answer.map_err(Arc::new)?;
        let Some(cache) = self.cache.upgrade() else {
            return Ok(Numbered { number: 0, credential, fetched: Duration::ZERO });
        };
        let fetched = cache.clock.now().boot;
        let mut state = cache.lock();
        state.fetched += 1;
        let numbered = Numbered { number: state.fetched, credential, fetched };
        if self.question.is_shared() {
            state.held = Some(numbered.clone());
        }
        Ok(numbered)
    }
}

impl<P> Drop for Landing<P> {
    fn drop(&mut self) {
        if let Some(cache) = self.cache.upgrade() {
            let mut state = cache.lock();
            // After its deadline another call may have taken its place.
            if state.flights.get(&self.question).is_some_and(|it| it.number == self.number) {
                state.flights.remove(&self.question);
            }
        }
    }
}

impl<P: CredentialProvider> CredentialProvider for CachingCredentialProvider<P> {
    async fn authenticate(
        &self,
        context: &AuthenticateContext,
    ) -> Result<SdkCredential, CredentialError> {
        let shares = self.cache.ignore_fingerprints;
        let fingerprint = context.fingerprint.clone().filter(|_| !shares);
        let context = context.clone();
        self.ask(Question::Authenticate { fingerprint }, |provider| async move {
            provider.authenticate(&context).await
        })
        .await
    }

    fn refresh(
        &self,
    ) -> Option<impl Future<Output = Result<SdkCredential, CredentialError>> + Send> {
        let call = |provider: Arc<P>| async move {
            match provider.refresh() {
                Some(answer) => answer.await,
                None => Err(CredentialError::not_provided("refresh")),
            }
        };
        self.cache.provider.refresh().map(|_| self.ask(Question::Refresh, call))
    }
}

impl<P> Clone for CachingCredentialProvider<P> {
    /// A provider for another client, with the same cache.
    fn clone(&self) -> Self {
        Self { cache: Arc::clone(&self.cache), returned: Mutex::new(0) }
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
