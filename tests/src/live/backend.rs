//! A backend that mints for a space, and fails as it is configured.

use std::{
    collections::VecDeque,
    future::pending,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use credwire::{
    AuthenticateContext, CredentialError, CredentialProvider, EpochMillis, SdkCredential,
    clock::{Clock, SimulatedClock, SystemClock},
};
use credwire_sandbox::{Mint, Space};

/// What a backend's `authenticate()` or `refresh()` does.
#[derive(Clone, Debug)]
pub enum BackendReply {
    /// Returns a new SAT.
    Fresh,
    /// Returns a new SAT after a while.
    Late(Duration),
    /// Returns this credential.
    Given(SdkCredential),
    /// Returns the credential that it returned before; a new SAT where there is none.
    Again,
    /// The same, and says that it ends an hour later than it does.
    Prolonged,
    /// Returns a SAT that has expired.
    Ended,
    /// Fails for now, in these words.
    Failing(String),
    /// Fails for now, and may name a time to wait.
    Busy(Option<Duration>),
    /// Fails for good.
    Refused,
    /// Never answers.
    Hang,
    /// Panics.
    Panic,
}

/// Mints for the space as an application's backend would.
#[derive(Clone, Debug)]
pub struct Backend {
    /// The space.
    pub space: Arc<Space>,
    /// The time it mints by.
    pub clock: Arc<dyn Clock>,
    /// Whom it mints for.
    pub reference: String,
    /// The label of the host that its SATs send the client to; the usual one by default.
    pub host: Option<String>,
    /// Whether SATs carry `sat:refresh` and are bound to the client's key.
    pub scope: bool,
    /// Lifetime of a SAT.
    pub ttl: Duration,
    /// Whether it has `refresh()`.
    pub can_refresh: bool,
    /// How often `authenticate()` was called.
    pub authenticated: Arc<AtomicU32>,
    /// How often `refresh()` was called.
    pub refreshed: Arc<AtomicU32>,
    /// When `refresh()` was called, by the backend's clock.
    pub calls: Arc<Mutex<Vec<EpochMillis>>>,
    /// What `authenticate()` does, call by call; [`BackendReply::Fresh`] after the last.
    pub opening: Arc<Mutex<VecDeque<BackendReply>>>,
    /// The same for `refresh()`.
    pub script: Arc<Mutex<VecDeque<BackendReply>>>,
    /// Calls that are running, and the most that ever were.
    pub running: Arc<Mutex<(u32, u32)>>,
    /// Every token that was given, which nothing may show.
    pub given: Arc<Mutex<Vec<String>>>,
    /// The newest credential that was given.
    pub last: Arc<Mutex<Option<SdkCredential>>>,
}

impl Backend {
    /// Creates a backend that mints plain SATs for an hour and has no `refresh()`.
    pub fn new(space: &Arc<Space>) -> Self {
        Self {
            space: Arc::clone(space),
            clock: Arc::new(SimulatedClock::new(SystemClock::new().now().wall)),
            reference: "alice@example.test".to_owned(),
            host: None,
            scope: false,
            ttl: Duration::from_secs(3600),
            can_refresh: false,
            authenticated: Arc::default(),
            refreshed: Arc::default(),
            calls: Arc::default(),
            opening: Arc::default(),
            script: Arc::default(),
            running: Arc::default(),
            given: Arc::default(),
            last: Arc::default(),
        }
    }

    /// Plans what `refresh()` does next.
    pub fn plan(&self, replies: impl IntoIterator<Item = BackendReply>) {
        self.script.lock().unwrap().extend(replies);
    }

    /// Plans what `authenticate()` does next.
    pub fn plan_authenticate(&self, replies: impl IntoIterator<Item = BackendReply>) {
        self.opening.lock().unwrap().extend(replies);
    }

    /// Clears the planned answers, so that every call returns a new SAT.
    pub fn behave(&self) {
        self.opening.lock().unwrap().clear();
        self.script.lock().unwrap().clear();
    }

    /// Returns how often `authenticate()` and `refresh()` were called.
    pub fn called(&self) -> (u32, u32) {
        (self.authenticated.load(Ordering::Relaxed), self.refreshed.load(Ordering::Relaxed))
    }

    /// Returns the times between the calls of `refresh()`.
    pub fn pauses(&self) -> Vec<Duration> {
        let calls = self.calls.lock().unwrap();
        calls.windows(2).map(|pair| pair[1].saturating_since(pair[0])).collect()
    }

    /// Mints a SAT as its `authenticate()` does.
    pub fn mint(&self, fingerprint: Option<String>) -> SdkCredential {
        self.ending(self.clock.now().wall.saturating_add(self.ttl), fingerprint)
    }

    /// A SAT that ends then.
    fn ending(&self, expiry: EpochMillis, fingerprint: Option<String>) -> SdkCredential {
        let mut mint = Mint::new(self.reference.as_str());
        mint.expire_at = Some(expiry);
        mint.host.clone_from(&self.host);
        if self.scope {
            mint.refresh_scope = true;
            mint.fingerprint = fingerprint;
        }
        SdkCredential::from_token(self.space.mint(mint).unwrap()).with_expiry_at(expiry)
    }

    /// Mints a SAT as its `refresh()` does: a refresh has no context, so it is a plain one.
    pub fn plain(&self) -> SdkCredential {
        Self { scope: false, ..self.clone() }.mint(None)
    }
}

impl Backend {
    /// Does what comes next in a script, with `fresh` for a new SAT.
    async fn answer(
        &self,
        script: &Mutex<VecDeque<BackendReply>>,
        fresh: impl Fn() -> SdkCredential,
    ) -> Result<SdkCredential, CredentialError> {
        let _running = Running::start(&self.running);
        let reply = script.lock().unwrap().pop_front().unwrap_or(BackendReply::Fresh);
        let credential = match reply {
            BackendReply::Fresh => fresh(),
            BackendReply::Late(delay) => {
                tokio::time::sleep(delay).await;
                fresh()
            }
            BackendReply::Given(credential) => credential,
            BackendReply::Again => self.before().unwrap_or_else(fresh),
            BackendReply::Prolonged => self.before().map_or_else(fresh, |credential| {
                let expiry = credential.expiry_at.unwrap_or_else(|| self.clock.now().wall);
                credential.with_expiry_at(expiry.saturating_add(Duration::from_secs(3600)))
            }),
            BackendReply::Ended => {
                let past = self.clock.now().wall.get() - 5_000;
                self.ending(EpochMillis::new(past), None)
            }
            BackendReply::Failing(words) => return Err(CredentialError::transient(words)),
            BackendReply::Busy(None) => return Err(CredentialError::transient("made-up outage")),
            BackendReply::Busy(Some(delay)) => {
                return Err(CredentialError::transient("made-up outage").with_retry_after(delay));
            }
            BackendReply::Refused => return Err(CredentialError::permanent("made-up refusal")),
            BackendReply::Hang => pending().await,
            BackendReply::Panic => panic!("made-up panic"),
        };
        let token = credential.token.as_ref().map(|token| token.expose().clone());
        self.given.lock().unwrap().extend(token);
        *self.last.lock().unwrap() = Some(credential.clone());
        Ok(credential)
    }

    /// What was given before.
    fn before(&self) -> Option<SdkCredential> {
        self.last.lock().unwrap().clone()
    }
}

impl CredentialProvider for Backend {
    async fn authenticate(
        &self,
        context: &AuthenticateContext,
    ) -> Result<SdkCredential, CredentialError> {
        self.authenticated.fetch_add(1, Ordering::Relaxed);
        self.answer(&self.opening, || self.mint(context.fingerprint.clone())).await
    }

    fn refresh(
        &self,
    ) -> Option<impl Future<Output = Result<SdkCredential, CredentialError>> + Send> {
        self.can_refresh.then_some(async {
            self.refreshed.fetch_add(1, Ordering::Relaxed);
            self.calls.lock().unwrap().push(self.clock.now().wall);
            self.answer(&self.script, || self.plain()).await
        })
    }
}

/// Counts a call while it runs.
struct Running<'a>(&'a Mutex<(u32, u32)>);

impl<'a> Running<'a> {
    fn start(count: &'a Mutex<(u32, u32)>) -> Self {
        let mut running = count.lock().unwrap();
        running.0 += 1;
        running.1 = running.1.max(running.0);
        Self(count)
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.lock().unwrap().0 -= 1;
    }
}
