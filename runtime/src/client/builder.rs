//! Describing a client.

use std::{
    fmt,
    net::IpAddr,
    path::PathBuf,
    sync::{Arc, atomic::AtomicU64},
    time::Duration,
};

use tokio::sync::{mpsc, oneshot};
use tracing::Instrument as _;

use super::{
    Client, Error, ErrorKind, Shared,
    config::Config,
    driver::Driver,
    keep::Keep,
    keeper::{Keeper, Place, Storing},
    outlet::Outlet,
    provider::DynProvider,
    resume::{self, ResumePolicy},
};
use crate::{
    Clock, CredentialProvider, Storage,
    clock::SystemClock,
    dpop::{HtuForm, KeyKind, KeyStore},
    lifecycle::{Abilities, Arbiter, Policy},
    net::{Network, Proxies, Proxy, Resolver},
    rest::{Rest, RestPolicy},
    session::{Protocol, Settings},
    space::AllowedDomains,
    spawn::spawn,
    transport::{OverNetwork, Transport},
};

/// Wishes of handles that may wait for the task.
const COMMANDS: usize = 64;

/// Describes a [`Client`]; made by [`Client::builder`]. Nothing happens before
/// [`connect`](Self::connect).
///
/// # The reference's `SignalWireOptions`
/// | member | here |
/// |---|---|
/// | `persistSession` | [`persist_session`](Self::persist_session) with the file to use |
/// | `storageImplementation` | [`storage`](Self::storage) |
/// | `skipRegister` | [`register`](Self::register) |
/// | `skipConnection` | a builder is not connected until [`connect`](Self::connect) |
/// | `logLevel`, `logger` | none: the crate reports through `tracing`, and a subscriber chooses what to show and where |
/// | `debug` | none: frames hold credentials and are not logged; [`Client::history`] tells what happened |
/// | `webSocketConstructor` | none: the crate brings its own; [`proxy`](Self::proxy), [`resolve`](Self::resolve) and [`extra_ca`](Self::extra_ca) say how it reaches the space |
/// | `webRTCApiProvider`, `reconnectAttachedCalls` | none: there are no media, so there are no calls to attach to |
/// | `skipDeviceMonitoring`, `savePreferences` | none: there are no cameras, microphones and speakers to watch or to prefer |
#[must_use = "a builder does nothing until `connect` is called"]
pub struct ClientBuilder {
    provider: Box<dyn DynProvider>,
    label: Arc<str>,
    agent: String,
    policy: Policy,
    domains: Vec<String>,
    extra_ca: Vec<u8>,
    fixed: Vec<(String, IpAddr)>,
    proxy: Proxy,
    max_message: usize,
    key: Option<KeyKind>,
    key_store: Option<Keep>,
    storing: Option<Storing>,
    resume: ResumePolicy,
    rest: RestPolicy,
    settings: Settings,
    device_lifetime: Duration,
    clock: Option<Arc<dyn Clock>>,
    seed: Option<u64>,
}

impl ClientBuilder {
    pub(super) fn new(provider: impl CredentialProvider) -> Self {
        Self {
            provider: Box::new(provider),
            label: Arc::from("session"),
            agent: concat!("credwire/", env!("CARGO_PKG_VERSION")).to_owned(),
            policy: Policy::default(),
            domains: Vec::new(),
            extra_ca: Vec::new(),
            fixed: Vec::new(),
            proxy: Proxy::default(),
            max_message: 1024 * 1024,
            key: Some(KeyKind::default()),
            key_store: None,
            storing: None,
            resume: ResumePolicy::default(),
            rest: RestPolicy::default(),
            settings: Settings::default(),
            device_lifetime: Duration::from_secs(900),
            clock: None,
            seed: None,
        }
    }

    /// Names the client in its history and its `tracing` spans; `session` by default.
    pub fn label(mut self, label: impl Into<Arc<str>>) -> Self {
        self.label = label.into();
        self
    }

    /// What `agent` says in `signalwire.connect`; `credwire/<version>` by default.
    pub fn agent(mut self, agent: impl Into<String>) -> Self {
        self.agent = agent.into();
        self
    }

    /// When credentials are refreshed and what failures mean.
    pub fn policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// Allows credentials to be sent to `domain` (`label(.label)*(:port)?`) and all names below
    /// it, besides the vendor's domain. A token names the space that it is for; one that names a
    /// space outside this list is refused before anything is sent.
    pub fn allow_domain(mut self, domain: impl Into<String>) -> Self {
        self.domains.push(domain.into());
        self
    }

    /// Trusts the certificates in this PEM text, besides those that the platform trusts.
    pub fn extra_ca(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.extra_ca = pem.into();
        self
    }

    /// Looks for `domain` (without a port) and all names below it at `address`, as for a space on
    /// this machine.
    pub fn resolve(mut self, domain: impl Into<String>, address: IpAddr) -> Self {
        self.fixed.push((domain.into().to_ascii_lowercase(), address));
        self
    }

    /// How the space is reached: by default through the proxy that the environment names.
    pub fn proxy(mut self, proxy: Proxy) -> Self {
        self.proxy = proxy;
        self
    }

    /// The largest message that is taken from the space, in bytes; 1 MiB by default. A larger one
    /// ends the socket, and the session is resumed on another.
    pub fn max_message(mut self, bytes: usize) -> Self {
        self.max_message = bytes;
        self
    }

    /// The kind of key for proofs of possession, or `None` for a client without a key, whose
    /// sessions are never bound. RSA by default. Without a [key store](Self::key_store) each client
    /// has a key of its own, which ends with it.
    pub fn dpop(mut self, kind: Option<KeyKind>) -> Self {
        self.key = kind;
        self
    }

    /// Keeps the key in `store` under `name`, so that SATs bound to it stay usable in later runs.
    /// A stored key is used whatever its kind; without one a new key is made and stored.
    ///
    /// A store that fails, hangs for more than 5 s or holds something else costs no session: the
    /// error is [reported](Client::errors), and this run has a key of its own, which is not stored.
    /// The key stays in the store until [`Client::logout`].
    pub fn key_store(mut self, store: impl KeyStore, name: impl Into<String>) -> Self {
        self.key_store = Some(Keep { store: Arc::new(store), name: name.into() });
        self
    }

    /// Stores the session in `storage`, so that a later client with the same
    /// [label](Self::label) resumes it without asking the provider.
    ///
    /// The credential in force, the state that the space gave for a resume and, where there is no
    /// [key store](Self::key_store), the key are one item of the scope
    /// [`LOCAL`](crate::storage::LOCAL): a later client finds all of it or nothing. The item is
    /// written at each change, and [`disconnect`](Client::disconnect) waits for the last write.
    /// Clients that run at the same time need labels of their own.
    ///
    /// A storage that fails, or hangs for more than 5 s, costs no session: the error is
    /// [reported](Client::errors). The item stays until [`Client::logout`].
    pub fn storage(mut self, storage: impl Storage) -> Self {
        self.storing = Some(Storing::Storage(Arc::new(storage)));
        self
    }

    /// Stores the session in a file, as [`storage`](Self::storage) with a
    /// [`RedbStorage`](crate::storage::RedbStorage) of its own.
    pub fn persist_session(mut self, path: impl Into<PathBuf>) -> Self {
        self.storing = Some(Storing::File(path.into()));
        self
    }

    /// What to begin with when a session is stored; the session by default.
    pub fn resume_policy(mut self, policy: ResumePolicy) -> Self {
        self.resume = policy;
        self
    }

    /// How proofs name the target of a request.
    pub fn htu_form(mut self, form: HtuForm) -> Self {
        self.rest.htu = form;
        self
    }

    /// The lifetime that is asked for a Client Bound SAT, in whole seconds; 15 min by default.
    pub fn device_lifetime(mut self, lifetime: Duration) -> Self {
        self.device_lifetime = lifetime;
        self
    }

    /// Whether the subscriber is registered (`subscriber.online`) in every session; it is by
    /// default.
    pub fn register(mut self, register: bool) -> Self {
        self.settings.register = register;
        self
    }

    /// How long [`connect`](Self::connect) goes on trying; 30 s by default.
    pub fn connect_deadline(mut self, deadline: Duration) -> Self {
        self.settings.connect_deadline = deadline;
        self
    }

    /// The time for the answer to a call; 5 s by default.
    pub fn call_timeout(mut self, timeout: Duration) -> Self {
        self.settings.call_timeout = timeout;
        self
    }

    /// The time for one try of a REST request, to the last byte of the answer; 9 s by default, so
    /// that three tries fit into the 30 s of an operation.
    pub fn request_timeout(mut self, timeout: Duration) -> Self {
        self.rest.timeout = timeout;
        self
    }

    /// The number of calls that wait while there is no session; 64 by default. More are refused.
    pub fn queue(mut self, calls: usize) -> Self {
        self.settings.queue = calls;
        self
    }

    /// The silence after which the socket is pinged, 30 s by default; a third of it later a socket
    /// that is still silent counts as lost.
    pub fn idle(mut self, silence: Duration) -> Self {
        self.settings.idle = silence;
        self.settings.ping_timeout = silence / 3;
        self
    }

    /// The clock to go by; the machine's by default.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Some(Arc::new(clock));
        self
    }

    /// Fixes the randomness of jitter and request ids, for tests that must repeat.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Authenticates, connects and registers.
    ///
    /// A space that cannot be reached is tried again with backoff until the connect deadline;
    /// whatever cannot get better by itself ends the attempt at once. Dropping the future cancels
    /// everything.
    ///
    /// # Errors
    /// [`Error`], with [`ErrorKind::InvalidCredentials`] and [`ErrorKind::ForeignSpace`] before
    /// anything was sent, and [`ErrorKind::Unreachable`] with the host and the cause after the
    /// deadline.
    ///
    /// # Panics
    /// Outside a tokio runtime with IO and time.
    pub async fn connect(self) -> Result<Client, Error> {
        let span = tracing::info_span!("connect", session = %self.label);
        self.start().instrument(span).await
    }

    async fn start(self) -> Result<Client, Error> {
        let mut allowed = AllowedDomains::default();
        for domain in &self.domains {
            allowed.allow(domain).map_err(|error| {
                Error::new(ErrorKind::Configuration, "a domain cannot be allowed").because(error)
            })?;
        }
        let policy = self.policy.checked().map_err(|violations| {
            Error::new(ErrorKind::Configuration, "the policy is out of range").because(violations)
        })?;
        let clock = self.clock.unwrap_or_else(|| Arc::new(SystemClock::new()));
        let setup = |error| {
            Error::new(ErrorKind::Configuration, "the network cannot be set up").because(error)
        };
        let proxies = Proxies::of(&self.proxy).map_err(|error| {
            Error::new(ErrorKind::Configuration, "the proxy cannot be used").because(error)
        })?;
        let resolver = Resolver::new(self.fixed);
        let transport: Arc<dyn Transport> = Arc::new(
            Network::new(&self.extra_ca, resolver, proxies)
                .and_then(|network| OverNetwork::new(network, self.rest.timeout, self.max_message))
                .map_err(setup)?,
        );
        let seed = self.seed.unwrap_or_else(|| fastrand::u64(..));
        let rest = Rest::new(Arc::clone(&transport), Arc::clone(&clock), self.rest, seed);

        let outlet = Arc::new(Outlet::new(Arc::clone(&self.label)));
        let report = |error| outlet.failed(clock.now().wall, error);
        let place = match self.storing {
            None => None,
            Some(storing) => Place::open(storing, &self.label).await.map_err(report).ok(),
        };
        let (place, record) = resume::read(place, report).await;
        let key_store = self.key_store.as_ref();
        let beginning =
            resume::begin(record, place.is_some(), self.key, key_store, &allowed, report).await;
        let able =
            Abilities { dpop: beginning.key.is_some(), refresh: self.provider.can_refresh() };
        let arbiter = Arbiter::new(policy, able, seed);
        let protocol = Protocol::new(self.settings, fastrand::Rng::with_seed(seed));
        let label = Arc::clone(&self.label);
        let config = Arc::new(Config {
            label: self.label,
            provider: self.provider,
            clock,
            transport,
            rest,
            allowed,
            agent: self.agent,
            device_lifetime: self.device_lifetime,
            register: self.settings.register,
            resume: self.resume,
            connect_deadline: self.settings.connect_deadline,
        });

        let (commands, inbox) = mpsc::channel(COMMANDS);
        let (ready, first) = oneshot::channel();
        let keeper = place.clone().map(Keeper::new);
        let machines = (arbiter, protocol);
        let driver =
            Driver::new(config, beginning, keeper, Arc::clone(&outlet), machines, inbox, ready);
        let span = tracing::info_span!(parent: None, "session", session = %label);
        let task = spawn(driver.run().instrument(span));
        first.await.unwrap_or_else(|_| Err(Error::closed()))?;
        let shared = Shared {
            outlet,
            commands,
            next_call: AtomicU64::new(1),
            key_store: self.key_store,
            place,
            _task: task,
        };
        Ok(Client { shared: Arc::new(shared) })
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("label", &self.label)
            .field("domains", &self.domains)
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}
