//! A space, a backend that mints for it, and waiting for events.

use std::{
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use credwire::{
    AuthenticateContext, Client, ClientBuilder, Clock as _, CredentialError, CredentialProvider,
    EpochMillis, SdkCredential,
    client::Reports,
    clock::SystemClock,
    lifecycle::Policy,
    timeline::{Entry, Event},
};
use credwire_sandbox::{Config, Mint, Options, Space};
use futures_util::StreamExt as _;

/// Long enough for a busy machine; a test that needs it fails.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) const TOKEN: &str = "POST /api/fabric/subscriber/devices/token";
pub(crate) const REFRESH: &str = "POST /api/fabric/subscriber/devices/refresh";
pub(crate) const INFO: &str = "GET /api/fabric/subscriber/info";
pub(crate) const CONNECT: &str = "rpc signalwire.connect";
pub(crate) const REAUTHENTICATE: &str = "rpc signalwire.reauthenticate";

pub(crate) async fn space(json: &str) -> Arc<Space> {
    let config = Config::from_json(json).unwrap();
    Arc::new(Space::start(Options::default().config(config)).await.unwrap())
}

/// Rotates soon: after a tenth of the lifetime.
pub(crate) fn quick() -> Policy {
    let mut policy = Policy::default();
    for lead in [&mut policy.developer_lead, &mut policy.bound_lead] {
        lead.percent = 90;
        lead.min = Duration::from_millis(100);
        lead.jitter_percent = 0;
    }
    policy.gap.min = Duration::from_millis(50);
    policy.gap.max = Duration::from_millis(50);
    policy.backoff.base = Duration::from_millis(100);
    policy.backoff.max = Duration::from_secs(1);
    policy
}

pub(crate) fn reach(builder: ClientBuilder, space: &Space) -> ClientBuilder {
    builder
        .allow_domain(space.domain())
        .extra_ca(space.ca_pem())
        .resolve("space.test", IpAddr::from([127, 0, 0, 1]))
        .policy(quick())
}

/// Mints for the space as an application's backend would.
#[derive(Clone)]
pub(crate) struct Backend {
    pub(crate) space: Arc<Space>,
    /// Whether SATs carry `sat:refresh` and are bound to the client's key.
    pub(crate) scope: bool,
    /// Lifetime of a SAT.
    pub(crate) ttl: Duration,
    pub(crate) can_refresh: bool,
    pub(crate) authenticated: Arc<AtomicU32>,
    pub(crate) refreshed: Arc<AtomicU32>,
}

impl Backend {
    pub(crate) fn new(space: &Arc<Space>) -> Self {
        Self {
            space: Arc::clone(space),
            scope: false,
            ttl: Duration::from_secs(3600),
            can_refresh: false,
            authenticated: Arc::default(),
            refreshed: Arc::default(),
        }
    }

    pub(crate) fn mint(&self, fingerprint: Option<String>) -> SdkCredential {
        let expiry = now().saturating_add(self.ttl);
        let mut mint = Mint::new("alice@example.test");
        mint.expire_at = Some(expiry);
        if self.scope {
            mint.refresh_scope = true;
            mint.fingerprint = fingerprint;
        }
        SdkCredential::from_token(self.space.mint(mint).unwrap()).with_expiry_at(expiry)
    }
}

impl CredentialProvider for Backend {
    async fn authenticate(
        &self,
        context: &AuthenticateContext,
    ) -> Result<SdkCredential, CredentialError> {
        self.authenticated.fetch_add(1, Ordering::Relaxed);
        Ok(self.mint(context.fingerprint.clone()))
    }

    fn can_refresh(&self) -> bool {
        self.can_refresh
    }

    async fn refresh(&self) -> Result<SdkCredential, CredentialError> {
        self.refreshed.fetch_add(1, Ordering::Relaxed);
        // A refresh has no context; the SAT it mints is a plain one.
        Ok(Self { scope: false, ..self.clone() }.mint(None))
    }
}

pub(crate) async fn connect(backend: &Backend) -> Client {
    let builder = reach(Client::builder(backend.clone()), &backend.space);
    tokio::time::timeout(PATIENCE, builder.connect()).await.expect("in time").unwrap()
}

/// Reads the history up to the `count`-th event that `wanted` accepts; gives all of it.
pub(crate) async fn until(
    history: &mut Reports<Entry>,
    count: usize,
    wanted: impl Fn(&Event) -> bool,
) -> Vec<Event> {
    let mut seen = Vec::new();
    let mut left = count;
    let reading = async {
        while left > 0 {
            let entry = history.next().await.expect("the history goes on");
            left -= usize::from(wanted(&entry.event));
            seen.push(entry.event);
        }
    };
    if tokio::time::timeout(PATIENCE, reading).await.is_err() {
        panic!("{left} of {count} events are missing after {seen:#?}");
    }
    seen
}

/// How often the space saw an operation.
pub(crate) fn count(space: &Space, op: &str) -> usize {
    space.log().checks.iter().filter(|check| check.op == op).count()
}

/// The operations the space saw, in order.
pub(crate) fn operations(space: &Space) -> Vec<String> {
    space.log().checks.iter().map(|check| check.op.clone()).collect()
}

pub(crate) fn now() -> EpochMillis {
    SystemClock::new().now().wall
}
