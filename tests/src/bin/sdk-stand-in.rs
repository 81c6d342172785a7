//! A client that an SDK-shaped object in JavaScript drives (`interop/stand-in/sdk.mjs`), so that
//! whatever harness runs the official SDK can run this client instead.
//!
//! Lines of JSON on standard input are commands and the answers of a provider; lines on standard
//! output are questions to the provider, and what happens. The first line holds the options.
#![allow(clippy::expect_used, clippy::print_stdout, reason = "a tool of tests, on standard output")]

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};

use credwire::{
    AuthenticateContext, Client, ClientBuilder, CredentialError, CredentialProvider, EpochMillis,
    SdkCredential, Status,
    client::Policy,
    clock::{Clock, Now, SystemClock},
    providers::EmbedTokenCredentialProvider,
};
use futures_util::StreamExt as _;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    sync::oneshot,
    task::JoinHandle,
};

/// The harness ends the process.
const FOR_EVER: Duration = Duration::from_secs(24 * 3600);

#[tokio::main]
async fn main() {
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    let mut page: Option<Page> = None;
    while let Some(line) = lines.next_line().await.expect("standard input can be read") {
        let told: Value = serde_json::from_str(&line).expect("lines are JSON");
        match &page {
            None => page = Some(Page::open(&told)),
            Some(page) => page.hear(told),
        }
    }
}

/// What one client has to do with.
struct Page {
    backend: Arc<Backend>,
    clock: Arc<ShiftedClock>,
    client: Arc<Mutex<Option<Client>>>,
    connecting: JoinHandle<()>,
}

impl Page {
    fn open(options: &Value) -> Self {
        let backend = Arc::<Backend>::default();
        let clock = Arc::<ShiftedClock>::default();
        let client = Arc::<Mutex<Option<Client>>>::default();
        let builder = builder(options, &backend, &clock);
        let connected = Arc::clone(&client);
        let connecting = tokio::spawn(async move {
            match builder.connect().await {
                Ok(client) => {
                    *lock(&connected) = Some(client.clone());
                    report(client).await;
                }
                Err(error) => say(&json!({ "event": "error", "error": error.to_string() })),
            }
        });
        Self { backend, clock, client, connecting }
    }

    fn hear(&self, told: Value) {
        if let Some(question) = told["reply"].as_u64() {
            return self.backend.answered(question, told);
        }
        if let Some(millis) = told["clock"].as_i64() {
            self.clock.ahead.store(millis, Ordering::Relaxed);
            return;
        }
        let client = lock(&self.client).clone();
        let Some(client) = client else {
            self.connecting.abort();
            return say(&json!({ "event": "done", "wish": told["wish"] }));
        };
        tokio::spawn(async move {
            let outcome = match told["wish"].as_str() {
                Some("register") => client.register().await.map_err(|error| error.to_string()),
                Some("unregister") => client.unregister().await.map_err(|error| error.to_string()),
                Some("disconnect") => {
                    client.disconnect().await;
                    Ok(())
                }
                other => Err(format!("no such wish: {other:?}")),
            };
            say(&json!({ "event": "done", "wish": told["wish"], "error": outcome.err() }));
        });
    }
}

fn builder(options: &Value, backend: &Arc<Backend>, clock: &Arc<ShiftedClock>) -> ClientBuilder {
    let text = |name: &str| options[name].as_str().unwrap_or_default().to_owned();
    let address: IpAddr = text("address").parse().expect("an IP address");
    let builder = match options["embed"].as_object() {
        Some(embed) => {
            let of = |name: &str| embed[name].as_str().unwrap_or_default().to_owned();
            let provider = EmbedTokenCredentialProvider::builder(of("host"), of("token"))
                .add_root_certificates(text("ca"))
                .add_address(text("domain"), address)
                .build();
            Client::builder(provider.expect("the embed provider can be built"))
        }
        None => {
            let refresh = options["refresh"].as_bool().unwrap_or_default();
            Client::builder(Distant { backend: Arc::clone(backend), refresh })
        }
    };
    let mut builder = builder
        .policy(Policy::sdk())
        .clock(Arc::clone(clock))
        .connect_deadline(FOR_EVER)
        .add_allowed_domain(text("domain"))
        .add_address(text("domain"), address)
        .add_root_certificates(text("ca"));
    if !options["dpop"].as_bool().unwrap_or(true) {
        builder = builder.dpop(None);
    }
    match options["persist"].as_str() {
        Some(path) => builder.persist_session(path),
        None => builder,
    }
}

/// Tells all that the client tells.
async fn report(client: Client) {
    let (mut warnings, mut errors) = (client.warnings(), client.errors());
    let mut status = client.status();
    status.mark_changed();
    loop {
        tokio::select! {
            Some(warning) = warnings.next() => {
                let warning = serde_json::to_value(&warning).expect("warnings are JSON");
                say(&json!({ "event": "warning", "warning": warning }));
            }
            Some(error) = errors.next() => {
                say(&json!({ "event": "error", "error": error.to_string() }));
            }
            changed = status.changed() => {
                let now = *status.borrow_and_update();
                say(&json!({ "event": "status", "connected": now.is_connected(),
                    "registered": now == Status::Online }));
                if changed.is_err() || now == Status::Closed {
                    return;
                }
            }
        }
    }
}

/// The provider on the other side.
struct Distant {
    backend: Arc<Backend>,
    refresh: bool,
}

impl CredentialProvider for Distant {
    async fn authenticate(
        &self,
        context: &AuthenticateContext,
    ) -> Result<SdkCredential, CredentialError> {
        let context = match &context.fingerprint {
            Some(fingerprint) => json!({ "fingerprint": fingerprint }),
            None => json!({}),
        };
        self.backend.ask("authenticate", Some(context)).await
    }

    fn refresh(
        &self,
    ) -> Option<impl Future<Output = Result<SdkCredential, CredentialError>> + Send> {
        self.refresh.then(|| self.backend.ask("refresh", None))
    }
}

/// Questions to the provider that wait for an answer.
#[derive(Default)]
struct Backend {
    last: AtomicU64,
    open: Mutex<HashMap<u64, oneshot::Sender<Value>>>,
}

impl Backend {
    async fn ask(
        &self,
        call: &str,
        context: Option<Value>,
    ) -> Result<SdkCredential, CredentialError> {
        let question = self.last.fetch_add(1, Ordering::Relaxed);
        let (reply, answer) = oneshot::channel();
        lock(&self.open).insert(question, reply);
        say(
            &json!({ "event": "provider", "question": question, "call": call, "context": context }),
        );
        let gone = || CredentialError::transient("the provider is gone");
        let answer = answer.await.map_err(|_| gone())?;
        match answer["error"].as_str() {
            // The SDK tries again whatever a provider throws.
            Some(error) => Err(CredentialError::transient(error)),
            None => serde_json::from_value(answer["credential"].clone())
                .map_err(|_| CredentialError::permanent("this is no credential")),
        }
    }

    fn answered(&self, question: u64, answer: Value) {
        if let Some(reply) = lock(&self.open).remove(&question) {
            // Whoever asked may have given up.
            let _ = reply.send(answer);
        }
    }
}

/// The machine's clock, ahead by what the harness adds to its own.
#[derive(Debug, Default)]
struct ShiftedClock {
    clock: SystemClock,
    ahead: AtomicI64,
}

impl Clock for ShiftedClock {
    fn now(&self) -> Now {
        let now = self.clock.now();
        let wall = now.wall.get().saturating_add(self.ahead.load(Ordering::Relaxed));
        // A harness puts the machine to sleep by a step of the wall clock alone, so this does not
        // count suspends.
        Now { wall: EpochMillis::new(wall), ..now }
    }
}

fn say(line: &Value) {
    println!("{line}");
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
