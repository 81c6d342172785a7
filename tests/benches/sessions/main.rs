//! Many sessions in one process, which all lose their sockets at once.
//!
//! ```sh
//! cargo bench -p credwire-tests --bench sessions             # 2000 sessions
//! cargo bench -p credwire-tests --bench sessions -- 500
//! ```
//!
//! The space is a process of its own, so that memory and CPU time are the clients' alone. The memory
//! of a session is what the process grows by from the first 250 idle sessions to all of them: what
//! sessions share, and what the program itself takes, is no part of it. Exit status 1 when a session
//! was not resumed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, reason = "a bench")]

mod space;

use std::{
    fs,
    net::IpAddr,
    process::ExitCode,
    time::{Duration, Instant},
};

use cpu_time::ProcessTime;
use credwire::{
    Client, SdkCredential, Status, client::HistoryEvent, dpop::KeyKind,
    providers::StaticCredentialProvider,
};
use futures_util::{StreamExt as _, stream};

use space::Space;

/// As many as are set up at the same time.
const AT_ONCE: usize = 64;
/// Sessions that are there before growth is measured.
const FIRST: usize = 250;
/// Until connections that REST calls left behind are closed.
const SETTLING: Duration = Duration::from_secs(8);
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
    let space = Space::start(count).await;
    let spent = Spent::begin();
    let mut clients = Vec::with_capacity(count);
    let mut first = 0;
    for tokens in [&space.tokens[..FIRST.min(count)], &space.tokens[FIRST.min(count)..]] {
        first = memory("VmRSS:");
        let connecting = stream::iter(tokens).map(|token| connect(&space, token.clone()));
        clients.extend(connecting.buffer_unordered(AT_ONCE).collect::<Vec<_>>().await);
        tokio::time::sleep(SETTLING).await;
    }
    spent.tell("connected", clients.len());
    let idle = memory("VmRSS:");

    // Whoever waits for the end of the first session must not miss it.
    let waiting: Vec<_> =
        clients.iter().map(|client| tokio::spawn(resumed(client.clone()))).collect();
    tokio::task::yield_now().await;
    let spent = Spent::begin();
    space.drop_all().await;
    let mut resumed = 0;
    for waiting in waiting {
        resumed += usize::from(waiting.await.expect("no panic"));
    }
    spent.tell("resumed", resumed);
    tokio::time::sleep(SETTLING).await;
    let again = memory("VmRSS:");
    println!(
        "memory of the process: {} MiB with all sessions idle, {} MiB at the peak",
        idle / 1024,
        memory("VmHWM:") / 1024
    );
    if let Some(grown) = count.checked_sub(FIRST).filter(|grown| *grown > 0) {
        let each = |now: u64| now.saturating_sub(first) as f64 / grown as f64;
        println!("an idle session: {:.1} KiB, {:.1} KiB once resumed", each(idle), each(again));
    }
    ExitCode::from(u8::from(resumed != count))
}

async fn connect(space: &Space, token: String) -> Client {
    let provider = StaticCredentialProvider::new(SdkCredential::from_token(token));
    Client::builder(provider)
        .add_allowed_domain(space.domain.as_str())
        .add_address("space.test", IpAddr::from([127, 0, 0, 1]))
        .add_root_certificates(space.ca.clone())
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
            Some(HistoryEvent::Resumed) => break true,
            Some(HistoryEvent::Reconnected) | None => break false,
            Some(_) => {}
        }
    };
    let mut status = client.status();
    resumed && status.wait_for(|status| *status == Status::Online).await.is_ok()
}

/// What a step takes, with its quiet times.
struct Spent {
    wall: Instant,
    cpu: ProcessTime,
}

impl Spent {
    fn begin() -> Self {
        Self { wall: Instant::now(), cpu: ProcessTime::now() }
    }

    fn tell(&self, what: &str, count: usize) {
        let (wall, cpu) = (self.wall.elapsed().as_secs_f64(), self.cpu.elapsed().as_secs_f64());
        println!("{what}: {count} sessions, {wall:.2} s, {cpu:.3} s of CPU time");
    }
}

/// A value of the system's account of this process, in KiB; 0 where there is none.
fn memory(name: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse().unwrap_or(0)
}
