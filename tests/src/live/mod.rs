//! A client against a space in the same process: a space, a backend that mints for it, and waiting
//! for events.
//!
//! Everything runs on one thread, so with tokio's clock paused the sockets are real and the time
//! is not: hours pass between two answers that take no time at all.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod backend;

use std::{net::IpAddr, sync::Arc, time::Duration};

use credwire::{
    Client, ClientBuilder, CredentialProvider, EpochMillis, EventStream, Status,
    client::{CredentialStatus, HistoryEntry, HistoryEvent, Policy},
    clock::{Clock as _, SimulatedClock, SystemClock},
    dpop::KeyKind,
    sdk::SdkWarning,
};
use credwire_sandbox::{Config, Fault, Space, SpaceOptions};
use futures_util::{FutureExt as _, StreamExt as _};

pub use backend::{Backend, BackendReply};
pub use credwire::secrecy::error_chain as chain;

/// Long enough for short lifetimes; a test that needs it fails.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Long enough for anything that is to happen in simulated time.
const SIMULATED_PATIENCE: Duration = Duration::from_secs(2 * 24 * 3600);

/// The activation of a client-bound session.
pub const TOKEN: &str = "POST /api/fabric/subscriber/devices/token";
/// The rotation of a Client Bound SAT.
pub const REFRESH: &str = "POST /api/fabric/subscriber/devices/refresh";
/// The first request of a session.
pub const INFO: &str = "GET /api/fabric/subscriber/info";
/// The opening of a socket.
pub const UPGRADE: &str = "upgrade /";
/// The call that authenticates a socket.
pub const CONNECT: &str = "rpc signalwire.connect";
/// The call that sends a new credential to a live session.
pub const REAUTHENTICATE: &str = "rpc signalwire.reauthenticate";
/// The call that registers the subscriber.
pub const ONLINE: &str = "rpc subscriber.online";

/// Starts a space whose time follows tokio's clock.
pub async fn space(json: &str) -> Arc<Space> {
    let config = Config::from_json(json).unwrap();
    let clock = credwire_sandbox::SpaceClock::scaled(1.0).unwrap();
    Arc::new(Space::start(SpaceOptions::default().config(config).clock(clock)).await.unwrap())
}

/// Rotates soon: after a tenth of the lifetime.
pub fn quick() -> Policy {
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

/// Returns a builder of a client that reaches the space, with timers that fit short lifetimes.
pub fn reach(builder: ClientBuilder, space: &Space) -> ClientBuilder {
    find(builder, space).clock(SimulatedClock::new(now())).policy(quick())
}

fn find(builder: ClientBuilder, space: &Space) -> ClientBuilder {
    builder
        .add_allowed_domain(space.domain())
        .add_root_certificates(space.ca_pem())
        .add_address("space.test", IpAddr::from([127, 0, 0, 1]))
}

/// A space and a clock that both follow tokio's paused clock, for lifetimes and timers as in
/// production.
#[derive(Debug)]
pub struct Scene {
    /// The space.
    pub space: Arc<Space>,
    /// The clock of the client.
    pub clock: Arc<SimulatedClock>,
}

impl Scene {
    /// Starts a scene with these settings of the space.
    pub async fn new(json: &str) -> Self {
        let config = Config::from_json(json).unwrap();
        let clock = credwire_sandbox::SpaceClock::scaled(1.0).unwrap();
        let start = clock.now();
        let options = SpaceOptions::default().config(config).clock(clock);
        let space = Arc::new(Space::start(options).await.unwrap());
        Self { space, clock: Arc::new(SimulatedClock::new(start)) }
    }

    /// Creates a backend whose time is the space's.
    pub fn backend(&self) -> Backend {
        // The client's clock may go wrong; the backend has one of its own.
        let clock = SimulatedClock::new(self.clock.now().wall);
        Backend { clock: Arc::new(clock), ..Backend::new(&self.space) }
    }

    /// Returns a builder of a client with the default policy and the quick kind of key.
    pub fn client(&self, provider: impl CredentialProvider) -> ClientBuilder {
        find(Client::builder(provider), &self.space)
            .clock(Arc::clone(&self.clock))
            .dpop(Some(KeyKind::P256))
    }

    /// Connects a client.
    pub async fn connect(&self, backend: &Backend) -> Client {
        self.client(backend.clone()).connect().await.unwrap()
    }

    /// Returns the wall time of the client.
    pub fn now(&self) -> EpochMillis {
        self.clock.now().wall
    }
}

/// Lets simulated time pass.
pub async fn pass(time: Duration) {
    tokio::time::sleep(time).await;
}

/// Returns so many minutes.
pub const fn minutes(count: u64) -> Duration {
    Duration::from_secs(60 * count)
}

/// Returns so many hours.
pub const fn hours(count: u64) -> Duration {
    minutes(60 * count)
}

/// Connects a client with timers that fit short lifetimes.
pub async fn connect(backend: &Backend) -> Client {
    let builder = reach(Client::builder(backend.clone()), &backend.space);
    tokio::time::timeout(PATIENCE, builder.connect()).await.expect("in time").unwrap()
}

/// Reads the history up to the `count`-th event that `wanted` accepts; returns all of it.
pub async fn until(
    history: &mut EventStream<HistoryEntry>,
    count: usize,
    wanted: impl Fn(&HistoryEvent) -> bool,
) -> Vec<HistoryEvent> {
    let read = until_within(PATIENCE, history, count, wanted).await;
    read.into_iter().map(|entry| entry.event).collect()
}

/// Reads the history as [`until`], in simulated time and with the times of the events.
pub async fn simulate(
    history: &mut EventStream<HistoryEntry>,
    count: usize,
    wanted: impl Fn(&HistoryEvent) -> bool,
) -> Vec<HistoryEntry> {
    until_within(SIMULATED_PATIENCE, history, count, wanted).await
}

async fn until_within(
    patience: Duration,
    history: &mut EventStream<HistoryEntry>,
    count: usize,
    wanted: impl Fn(&HistoryEvent) -> bool,
) -> Vec<HistoryEntry> {
    let mut seen = Vec::new();
    let mut left = count;
    let reading = async {
        while left > 0 {
            let entry = history.next().await.expect("the history goes on");
            left -= usize::from(wanted(&entry.event));
            seen.push(entry);
        }
    };
    if tokio::time::timeout(patience, reading).await.is_err() {
        panic!("{left} of {count} events are missing after {seen:#?}");
    }
    seen
}

/// Returns what a stream of reports holds so far.
pub fn so_far<T: Clone + Send + Unpin + 'static>(reports: &mut EventStream<T>) -> Vec<T> {
    std::iter::from_fn(|| reports.next().now_or_never().flatten()).collect()
}

/// Returns the events so far.
pub fn events(client: &Client) -> Vec<HistoryEvent> {
    so_far(&mut client.history()).into_iter().map(|entry| entry.event).collect()
}

/// Returns the warnings so far: their codes, and the reason where there is one.
pub fn warnings(client: &Client) -> Vec<String> {
    let name = |warning: SdkWarning| match &warning {
        SdkWarning::CredentialRefreshFallback(fallback) => fallback.reason.as_str().to_owned(),
        _ => warning.code().to_owned(),
    };
    so_far(&mut client.warnings()).into_iter().map(name).collect()
}

/// Returns how often a warning was issued.
pub fn warned(client: &Client, name: &str) -> usize {
    warnings(client).iter().filter(|warning| *warning == name).count()
}

/// Returns the state of the credential now.
pub fn credential(client: &Client) -> CredentialStatus {
    client.credential_status().borrow().unwrap()
}

/// Waits until the client is in `status`.
pub async fn reaches(client: &Client, wanted: Status) {
    let mut status = client.status();
    let reached = status.wait_for(|status| *status == wanted);
    tokio::time::timeout(PATIENCE, reached).await.expect("in time").expect("the client lives");
}

/// Reads a fault in its JSON form, which has more effects than the methods of [`Fault`].
pub fn fault(json: serde_json::Value) -> Fault {
    serde_json::from_value(json).unwrap()
}

/// Returns the milliseconds of space time at which an operation was asked.
pub fn times(space: &Space, op: &str) -> Vec<i64> {
    let log = space.log();
    let of_op = log.checks.iter().filter(|check| check.op == op);
    of_op.filter_map(|check| check.at.map(EpochMillis::get)).collect()
}

/// Returns the errors so far, each with its causes.
pub fn errors(client: &Client) -> Vec<String> {
    so_far(&mut client.errors()).iter().map(|error| chain(error)).collect()
}

/// Returns how often the space saw an operation.
pub fn count(space: &Space, op: &str) -> usize {
    space.log().checks.iter().filter(|check| check.op == op).count()
}

/// Returns the operations that the space saw, in order.
pub fn operations(space: &Space) -> Vec<String> {
    space.log().checks.iter().map(|check| check.op.clone()).collect()
}

/// Returns the results for the tokens of an operation, in order.
pub fn tokens(space: &Space, op: &str) -> Vec<&'static str> {
    let log = space.log();
    let of_op = log.checks.iter().filter(|check| check.op == op);
    of_op.map(|check| check.token.unwrap_or("none")).collect()
}

/// Returns the machine's time, which simulated time starts from.
pub fn now() -> EpochMillis {
    SystemClock::new().now().wall
}

/// Asserts that nothing in `text` begins or continues like one of the tokens, or is any JOSE token.
pub fn assert_hidden(text: &str, tokens: &[String]) {
    for token in tokens.iter().filter(|token| token.len() >= 16) {
        // The first part is the same in all tokens and no secret, but a token begins with it.
        assert!(!text.contains(&token[..16]), "the beginning of a token");
        for part in token.split('.').filter(|part| part.len() >= 8) {
            for piece in [&part[..8], &part[part.len() - 8..]] {
                assert!(!text.contains(piece), "a piece of a token");
            }
        }
    }
    // A header of any token or proof begins with `{"`.
    assert!(!text.contains("eyJ"), "a JOSE header");
    assert!(!text.contains("authorization_state\":"), "an authorization state");
}
