//! The builder of a client.

use std::{fmt, net::IpAddr, sync::Arc, time::Duration};

use tracing::Instrument as _;

#[cfg(feature = "recording")]
use super::recording_options::RecordingOptions;
use super::{Client, Error, ResumePolicy, event_stream::LAG_BYTES, key_loader::KeyLoader};
use credwire_session::{Settings, scheduler::Policy};

use crate::{
    CredentialProvider,
    dpop::{HtuForm, KeyKind, KeyStore},
    net::{Proxy, add_pem},
    rest::RestPolicy,
    storage::DynStorage,
};
use credwire_core::{Backoff, Clock};
use credwire_generated::{DynCredentialProvider, Storage};

/// A builder of a [`Client`], returned by [`Client::builder`]. Nothing is sent before
/// [`connect`](Self::connect).
///
/// # The reference's `SignalWireOptions`
/// | member | here |
/// |---|---|
/// | `persistSession` | `persist_session` (feature `redb`) with the file to use |
/// | `storageImplementation` | [`storage`](Self::storage) |
/// | `skipRegister` | [`register`](Self::register) |
/// | `skipConnection` | a builder is not connected until [`connect`](Self::connect) |
/// | `logLevel`, `logger` | none: the crate reports through `tracing`, and a subscriber chooses what to show and where |
/// | `debug` | none: frames hold credentials and are not logged; [`Client::history`] lists what happened |
/// | `webSocketConstructor` | none: the crate has its own; [`proxy`](Self::proxy), [`add_address`](Self::add_address) and [`add_root_certificates`](Self::add_root_certificates) set how it reaches the space |
/// | `webRTCApiProvider`, `reconnectAttachedCalls` | none: there are no media, so there are no calls to attach to |
/// | `skipDeviceMonitoring`, `savePreferences` | none: there are no cameras, microphones and speakers to watch or to prefer |
#[doc(alias = "SignalWireOptions")]
#[must_use = "a builder does nothing until `connect` is called"]
pub struct ClientBuilder {
    pub(super) provider: Box<dyn DynCredentialProvider>,
    pub(super) label: Arc<str>,
    pub(super) agent: String,
    pub(super) policy: Policy,
    pub(super) domains: Vec<String>,
    pub(super) root_certificates: Vec<u8>,
    pub(super) fixed: Vec<(String, IpAddr)>,
    pub(super) proxy: Proxy,
    pub(super) max_message: usize,
    pub(super) key: Option<KeyKind>,
    pub(super) key_store: Option<KeyLoader>,
    pub(super) storage: Option<Arc<dyn DynStorage>>,
    pub(super) resume: ResumePolicy,
    pub(super) identity: Option<Arc<str>>,
    pub(super) rest: RestPolicy,
    pub(super) settings: Settings,
    pub(super) device_lifetime: Duration,
    pub(super) clock: Option<Arc<dyn Clock>>,
    pub(super) seed: Option<u64>,
    #[cfg(feature = "recording")]
    pub(super) recording: RecordingOptions,
    pub(super) event_lag: usize,
}

impl ClientBuilder {
    pub(super) fn new(provider: impl CredentialProvider) -> Self {
        Self {
            provider: Box::new(provider),
            label: Arc::from("session"),
            agent: concat!("credwire/", env!("CARGO_PKG_VERSION")).to_owned(),
            policy: Policy::default(),
            domains: Vec::new(),
            root_certificates: Vec::new(),
            fixed: Vec::new(),
            proxy: Proxy::default(),
            max_message: 1024 * 1024,
            key: Some(KeyKind::default()),
            key_store: None,
            storage: None,
            resume: ResumePolicy::default(),
            identity: None,
            rest: RestPolicy::default(),
            settings: Settings::default(),
            device_lifetime: Duration::from_secs(900),
            clock: None,
            seed: None,
            #[cfg(feature = "recording")]
            recording: RecordingOptions::default(),
            event_lag: LAG_BYTES,
        }
    }

    /// Sets the name of the client in its history and its `tracing` spans; `session` by default.
    ///
    /// ```
    /// # use credwire::{Client, providers::EnvCredentialProvider};
    /// # let provider = EnvCredentialProvider::new("SAT");
    /// let builder = Client::builder(provider).label("kiosk");
    /// # let _ = builder;
    /// ```
    pub fn label(mut self, label: impl Into<Arc<str>>) -> Self {
        self.label = label.into();
        self
    }

    /// Sets the value of `agent` in `signalwire.connect`; `credwire/<version>` by default.
    ///
    /// ```
    /// # use credwire::{Client, providers::EnvCredentialProvider};
    /// # let provider = EnvCredentialProvider::new("SAT");
    /// let builder = Client::builder(provider).agent("kiosk/1.0");
    /// # let _ = builder;
    /// ```
    pub fn agent(mut self, agent: impl Into<String>) -> Self {
        self.agent = agent.into();
        self
    }

    /// Sets when credentials are refreshed and what failures mean. It replaces all values,
    /// including that of [`renew_at_expiry`](Self::renew_at_expiry).
    ///
    /// ```
    /// # use credwire::{Client, providers::EnvCredentialProvider};
    /// # let provider = EnvCredentialProvider::new("SAT");
    /// use std::time::Duration;
    /// use credwire::client::Policy;
    ///
    /// let mut policy = Policy::default();
    /// policy.op_timeout = Duration::from_secs(10);
    /// let builder = Client::builder(provider).policy(policy);
    /// # let _ = builder;
    /// ```
    pub fn policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// Allows credentials to be sent to `domain` (`label(.label)*(:port)?`) and all names below
    /// it, besides the vendor's domain. A token names the space that it is for; one that names a
    /// space outside this list is refused before anything is sent.
    ///
    /// ```
    /// # use credwire::{Client, providers::EnvCredentialProvider};
    /// # let provider = EnvCredentialProvider::new("SAT");
    /// let builder = Client::builder(provider).add_allowed_domain("space.example.com");
    /// # let _ = builder;
    /// ```
    pub fn add_allowed_domain(mut self, domain: impl Into<String>) -> Self {
        self.domains.push(domain.into());
        self
    }

    /// Trusts the certificates in this PEM text, besides those that the platform trusts
    /// and those added before.
    ///
    /// ```no_run
    /// # use credwire::{Client, providers::EnvCredentialProvider};
    /// # let provider = EnvCredentialProvider::new("SAT");
    /// let builder = Client::builder(provider).add_root_certificates(std::fs::read("/etc/kiosk/ca.pem")?);
    /// # let _ = builder;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn add_root_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        add_pem(&mut self.root_certificates, pem.into());
        self
    }

    /// Resolves `domain` (without a port) and all names below it to `address`, as for a space on
    /// this machine.
    ///
    /// ```
    /// # use credwire::{Client, providers::EnvCredentialProvider};
    /// # let provider = EnvCredentialProvider::new("SAT");
    /// let builder = Client::builder(provider).add_address("space.test", [127, 0, 0, 1].into());
    /// # let _ = builder;
    /// ```
    pub fn add_address(mut self, domain: impl Into<String>, address: IpAddr) -> Self {
        self.fixed.push((domain.into().to_ascii_lowercase(), address));
        self
    }

    /// Sets the proxy to the space; by default the one that the environment names.
    ///
    /// ```
    /// # use credwire::{Client, providers::EnvCredentialProvider};
    /// # let provider = EnvCredentialProvider::new("SAT");
    /// use credwire::client::Proxy;
    ///
    /// let builder = Client::builder(provider).proxy(Proxy::Direct);
    /// # let _ = builder;
    /// ```
    pub fn proxy(mut self, proxy: Proxy) -> Self {
        self.proxy = proxy;
        self
    }

    /// Sets the largest message that is accepted from the space, in bytes; 1 MiB by default. A
    /// larger one closes the socket, and the session is resumed on another.
    ///
    /// ```
    /// # use credwire::{Client, providers::EnvCredentialProvider};
    /// # let provider = EnvCredentialProvider::new("SAT");
    /// let builder = Client::builder(provider).max_message(256 * 1024);
    /// # let _ = builder;
    /// ```
    pub fn max_message(mut self, bytes: usize) -> Self {
        self.max_message = bytes;
        self
    }

    /// Sets the kind of key for proofs of possession, or `None` for a client without a key, whose
    /// sessions are never bound. RSA by default. Without a [key store](Self::key_store) each client
    /// has a key of its own, which ends with it.
    ///
    /// ```
    /// # use credwire::{Client, providers::EnvCredentialProvider};
    /// # let provider = EnvCredentialProvider::new("SAT");
    /// use credwire::dpop::KeyKind;
    ///
    /// let builder = Client::builder(provider).dpop(Some(KeyKind::P256));
    /// # let _ = builder;
    /// ```
    pub fn dpop(mut self, kind: Option<KeyKind>) -> Self {
        self.key = kind;
        self
    }

    /// Keeps the key in `store` under `name`, so that SATs bound to it stay usable in later runs.
    /// A stored key is used whatever its kind; without one a new key is made and stored.
    ///
    /// A store that fails, panics, hangs for more than 5 s or holds something else costs no session:
    /// the error is [reported](Client::errors), and this run has a key of its own. That key is not
    /// stored, unless the store can [set aside](KeyStore::set_aside) what it holds. The key stays
    /// in the store until [`Client::logout`].
    ///
    /// ```
    /// # use credwire::{Client, providers::EnvCredentialProvider};
    /// # let provider = EnvCredentialProvider::new("SAT");
    /// use credwire::dpop::MemoryKeyStore;
    ///
    /// let builder = Client::builder(provider).key_store(MemoryKeyStore::new(), "kiosk");
    /// # let _ = builder;
    /// ```
    pub fn key_store(mut self, store: impl KeyStore, name: impl Into<String>) -> Self {
        self.key_store = Some(KeyLoader { store: Arc::new(store), name: name.into() });
        self
    }

    /// Stores the session in `storage`, so that a later client with the same
    /// [label](Self::label) resumes it without asking the provider.
    ///
    /// The credential in force, the state that the space sent for a resume and, where there is no
    /// [key store](Self::key_store), the key are one item of the scope
    /// [`LOCAL`](crate::storage::LOCAL): a later client finds all of it or nothing. The item is
    /// written at each change, and [`disconnect`](Client::disconnect) waits for the last write.
    /// Clients that run at the same time need labels of their own.
    ///
    /// A storage that fails, or hangs for more than 5 s, costs no session: the error is
    /// [reported](Client::errors). The item stays until [`Client::logout`].
    ///
    /// ```
    /// # use credwire::{Client, providers::EnvCredentialProvider};
    /// # let provider = EnvCredentialProvider::new("SAT");
    /// use credwire::storage::MemoryStorage;
    ///
    /// let builder = Client::builder(provider).storage(MemoryStorage::new());
    /// # let _ = builder;
    /// ```
    pub fn storage(mut self, storage: impl Storage) -> Self {
        self.storage = Some(Arc::new(storage));
        self
    }

    /// Stores the session in a file, as [`storage`](Self::storage) with a
    /// [`RedbStorage`](crate::storage::RedbStorage) of its own. A file that cannot be opened or is
    /// damaged does not keep the client from starting.
    ///
    /// ```
    /// # use credwire::{Client, providers::EnvCredentialProvider};
    /// # let provider = EnvCredentialProvider::new("SAT");
    /// let builder = Client::builder(provider).persist_session("session.db");
    /// # let _ = builder;
    /// ```
    #[cfg(feature = "redb")]
    pub fn persist_session(self, path: impl Into<std::path::PathBuf>) -> Self {
        self.storage(crate::storage::RedbStorage::new(path))
    }

    /// Sets the initial state when a session is stored; the session by default.
    ///
    /// ```
    /// # use credwire::{Client, providers::EnvCredentialProvider};
    /// # let provider = EnvCredentialProvider::new("SAT");
    /// use credwire::client::ResumePolicy;
    ///
    /// let builder = Client::builder(provider).resume_policy(ResumePolicy::PreferProvider);
    /// # let _ = builder;
    /// ```
    pub fn resume_policy(mut self, policy: ResumePolicy) -> Self {
        self.resume = policy;
        self
    }

    /// Sets whose session this is, such as the name of a signed-in user. Its SHA-256 is stored with
    /// the session. A stored session of another identity is not resumed: it is kept until the new
    /// session is up, and replaced then. A client without an identity resumes only sessions without
    /// one.
    ///
    /// ```
    /// # use credwire::{Client, providers::EnvCredentialProvider};
    /// # let provider = EnvCredentialProvider::new("SAT");
    /// let builder = Client::builder(provider).identity("user@example.com");
    /// # let _ = builder;
    /// ```
    pub fn identity(mut self, identity: impl Into<Arc<str>>) -> Self {
        self.identity = Some(identity.into());
        self
    }

    /// Sets whether `authenticate()` is called shortly before the end of a credential that nothing
    /// else refreshes, and the new credential sent to the live session. Off by default: such a
    /// session continues until the space ends it, and `authenticate()` is called then.
    ///
    /// ```
    /// # use credwire::{Client, providers::EnvCredentialProvider};
    /// # let provider = EnvCredentialProvider::new("SAT");
    /// let builder = Client::builder(provider).renew_at_expiry(true);
    /// # let _ = builder;
    /// ```
    pub fn renew_at_expiry(mut self, renew: bool) -> Self {
        self.policy.renew_at_expiry = renew;
        self
    }

    /// Sets the pauses between attempts to connect, from the start of one to the start of the next;
    /// 100 ms to 30 s with equal jitter by default. They start over after a session that lasted at
    /// least 10 s and at least as long as the next pause.
    ///
    /// ```
    /// # use credwire::{Client, providers::EnvCredentialProvider};
    /// # let provider = EnvCredentialProvider::new("SAT");
    /// use std::time::Duration;
    /// use credwire::client::Backoff;
    ///
    /// let pauses = Backoff::new(Duration::from_secs(1), Duration::from_secs(60));
    /// let builder = Client::builder(provider).reconnect(pauses);
    /// # let _ = builder;
    /// ```
    pub fn reconnect(mut self, backoff: Backoff) -> Self {
        self.settings.reconnect = backoff;
        self
    }

    /// Sets how proofs (`htu`, RFC 9449) name the target of a request.
    ///
    /// ```
    /// # use credwire::{Client, providers::EnvCredentialProvider};
    /// # let provider = EnvCredentialProvider::new("SAT");
    /// use credwire::dpop::HtuForm;
    ///
    /// let builder = Client::builder(provider).htu_form(HtuForm::Absolute);
    /// # let _ = builder;
    /// ```
    pub fn htu_form(mut self, form: HtuForm) -> Self {
        self.rest.htu = form;
        self
    }

    /// Sets the lifetime that is requested for a Client Bound SAT, in whole seconds; 15 min by
    /// default.
    ///
    /// ```
    /// # use credwire::{Client, providers::EnvCredentialProvider};
    /// # let provider = EnvCredentialProvider::new("SAT");
    /// let builder = Client::builder(provider).device_lifetime(std::time::Duration::from_secs(300));
    /// # let _ = builder;
    /// ```
    pub fn device_lifetime(mut self, lifetime: Duration) -> Self {
        self.device_lifetime = lifetime;
        self
    }

    /// Sets whether the subscriber is registered (`subscriber.online`) in every session; `true` by
    /// default.
    ///
    /// ```
    /// # use credwire::{Client, providers::EnvCredentialProvider};
    /// # let provider = EnvCredentialProvider::new("SAT");
    /// let builder = Client::builder(provider).register(false);
    /// # let _ = builder;
    /// ```
    pub fn register(mut self, register: bool) -> Self {
        self.settings.register = register;
        self
    }

    /// Sets the deadline of [`connect`](Self::connect); 30 s by default.
    ///
    /// ```
    /// # use credwire::{Client, providers::EnvCredentialProvider};
    /// # let provider = EnvCredentialProvider::new("SAT");
    /// let builder = Client::builder(provider).connect_deadline(std::time::Duration::from_secs(10));
    /// # let _ = builder;
    /// ```
    pub fn connect_deadline(mut self, deadline: Duration) -> Self {
        self.settings.connect_deadline = deadline;
        self
    }

    /// Sets the timeout of a call; 5 s by default.
    ///
    /// ```
    /// # use credwire::{Client, providers::EnvCredentialProvider};
    /// # let provider = EnvCredentialProvider::new("SAT");
    /// let builder = Client::builder(provider).call_timeout(std::time::Duration::from_secs(20));
    /// # let _ = builder;
    /// ```
    pub fn call_timeout(mut self, timeout: Duration) -> Self {
        self.settings.call_timeout = timeout;
        self
    }

    /// Sets the timeout of one try of a REST request, to the last byte of the answer; 9 s by
    /// default, so that three tries fit into the 30 s of an operation.
    ///
    /// ```
    /// # use credwire::{Client, providers::EnvCredentialProvider};
    /// # let provider = EnvCredentialProvider::new("SAT");
    /// let builder = Client::builder(provider).request_timeout(std::time::Duration::from_secs(5));
    /// # let _ = builder;
    /// ```
    pub fn request_timeout(mut self, timeout: Duration) -> Self {
        self.rest.timeout = timeout;
        self
    }

    /// Sets the maximum of calls queued while disconnected; 64 by default. Further calls fail with
    /// [`RpcError::QueueFull`](crate::RpcError::QueueFull), and so do calls past 1 MiB in all.
    ///
    /// ```
    /// # use credwire::{Client, providers::EnvCredentialProvider};
    /// # let provider = EnvCredentialProvider::new("SAT");
    /// let builder = Client::builder(provider).queue(8);
    /// # let _ = builder;
    /// ```
    pub fn queue(mut self, calls: usize) -> Self {
        self.settings.queue = calls;
        self
    }

    /// Sets the silence after which the socket is pinged, 30 s by default. A socket that is still
    /// silent a third of it later counts as lost.
    ///
    /// ```
    /// # use credwire::{Client, providers::EnvCredentialProvider};
    /// # let provider = EnvCredentialProvider::new("SAT");
    /// let builder = Client::builder(provider).idle(std::time::Duration::from_secs(60));
    /// # let _ = builder;
    /// ```
    pub fn idle(mut self, silence: Duration) -> Self {
        self.settings.idle = silence;
        self.settings.ping_timeout = silence / 3;
        self
    }

    /// Sets the clock of the client; the machine's by default.
    ///
    /// ```
    /// # use credwire::{Client, providers::EnvCredentialProvider};
    /// # let provider = EnvCredentialProvider::new("SAT");
    /// use credwire::clock::SystemClock;
    ///
    /// let builder = Client::builder(provider).clock(SystemClock::new());
    /// # let _ = builder;
    /// ```
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Some(Arc::new(clock));
        self
    }

    /// Sets the seed of jitter and request ids, for tests that must repeat.
    ///
    /// ```
    /// # use credwire::{Client, providers::EnvCredentialProvider};
    /// # let provider = EnvCredentialProvider::new("SAT");
    /// let builder = Client::builder(provider).seed(7);
    /// # let _ = builder;
    /// ```
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Sets how far a reader of [`events`](Client::events) and of the client's other streams may
    /// fall behind, in bytes; 4 MiB by default. Past it the reader misses the oldest events, and
    /// [`EventStream::missed`](super::EventStream::missed) counts them.
    ///
    /// ```
    /// # use credwire::{Client, providers::EnvCredentialProvider};
    /// # let provider = EnvCredentialProvider::new("SAT");
    /// let builder = Client::builder(provider).event_lag(256 * 1024);
    /// # let _ = builder;
    /// ```
    pub fn event_lag(mut self, bytes: usize) -> Self {
        self.event_lag = bytes;
        self
    }

    /// Authenticates, connects and registers.
    ///
    /// A space that cannot be reached is tried again with backoff until the connect deadline; a
    /// permanent failure ends the attempt at once. Dropping the future cancels everything.
    ///
    /// # Errors
    /// [`Error`], with [`ErrorKind::InvalidCredentials`](super::ErrorKind::InvalidCredentials) and [`ErrorKind::HostNotAllowed`](super::ErrorKind::HostNotAllowed) before
    /// anything was sent, and [`ErrorKind::Unreachable`](super::ErrorKind::Unreachable) with the host and the cause after the
    /// deadline.
    ///
    /// # Panics
    /// Outside a tokio runtime with IO and time.
    pub async fn connect(self) -> Result<Client, Error> {
        let span = tracing::info_span!("connect", session = %self.label);
        self.start(None).instrument(span).await
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
