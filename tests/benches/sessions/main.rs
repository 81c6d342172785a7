//! Many sessions in one process, which all lose their sockets at once.
//!
//! ```sh
//! cargo bench -p credwire-tests --bench sessions             # 2000 sessions
//! cargo bench -p credwire-tests --bench sessions -- 500
//! ```
//!
//! The space is a process of its own, so that the memory is the clients' alone. Exit status 1 when
//! a session was not resumed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, reason = "a bench")]

mod space;

use std::{
    fs,
    net::IpAddr,
    process::ExitCode,
    sync::Arc,
    time::{Duration, Instant},
};

use credwire::{
    Client, SdkCredential, Status, dpop::KeyKind, providers::StaticCredentialProvider,
    timeline::Event,
};
use futures_util::{StreamExt as _, stream};

use space::Space;

/// As many as are set up at the same time.
const AT_ONCE: usize = 64;
const PATIENCE: Duration = Duration::from_secs(600);

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(at) = arguments.iter().position(|argument| argument == space::MODE) {
        space::serve(arguments[at + 1].parse().expect("a number of tokens"));
        return ExitCode::SUCCESS;
    }
    let count = arguments.iter().find_map(|argument| argument.parse().ok()).unwrap_or(2000);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let run = async { tokio::time::timeout(PATIENCE, run(count)).await };
    runtime.block_on(run).expect("in time")
}

async fn run(count: usize) -> ExitCode {
    let space = Arc::new(Space::start(count).await);
    let start = Instant::now();
    let connecting = stream::iter(space.tokens.clone()).map(|token| connect(&space, token));
    let clients: Vec<Client> = connecting.buffer_unordered(AT_ONCE).collect().await;
    told("connected", clients.len(), start);
    let idle = memory("VmRSS:");

    // Whoever waits for the end of the first session must not miss it.
    let waiting: Vec<_> =
        clients.iter().map(|client| tokio::spawn(resumed(client.clone()))).collect();
    tokio::task::yield_now().await;
    let start = Instant::now();
    space.drop_all().await;
    let mut resumed = 0;
    for waiting in waiting {
        resumed += usize::from(waiting.await.expect("no panic"));
    }
    told("resumed", resumed, start);
    println!(
        "memory of the process with all sessions idle: {idle} MiB, at the peak: {} MiB",
        memory("VmHWM:")
    );
    ExitCode::from(u8::from(resumed != count))
}

async fn connect(space: &Space, token: String) -> Client {
    let provider = StaticCredentialProvider::new(SdkCredential::from_token(token));
    Client::builder(provider)
        .allow_domain(space.domain.as_str())
        .resolve("space.test", IpAddr::from([127, 0, 0, 1]))
        .extra_ca(space.ca.clone())
        .dpop(Some(KeyKind::P256))
        .connect_deadline(PATIENCE)
        .connect()
        .await
        .expect("a session")
}

/// Waits until the session was resumed and the subscriber is registered again. `false` when there
/// is another session instead.
async fn resumed(client: Client) -> bool {
    let mut history = client.history();
    let resumed = loop {
        match history.next().await.map(|entry| entry.event) {
            Some(Event::Resumed) => break true,
            Some(Event::Reconnected) | None => break false,
            Some(_) => {}
        }
    };
    let mut status = client.status();
    resumed && status.wait_for(|status| *status == Status::Online).await.is_ok()
}

fn told(what: &str, count: usize, start: Instant) {
    println!("{what}: {count} sessions in {:.2} s", start.elapsed().as_secs_f64());
}

/// A value of the system's account of this process, in MiB; 0 where there is none.
fn memory(name: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap_or(0) / 1024
}
