//! What an idle session holds, in bytes that were allocated for it, beside a bare WebSocket over TLS
//! in the same process. Bytes hang on no machine and no clock; what the system takes for them is in
//! the bench `sessions`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

#[path = "../benches/sessions/bare_socket.rs"]
mod bare_socket;

use std::{future::Future, net::IpAddr, sync::mpsc, thread};

use bare_socket::BareSockets;
use credwire::{Client, SdkCredential, Status, dpop::KeyKind, providers::StaticCredentialProvider};
use credwire_sandbox::{Mint, Space};
use futures_util::StreamExt as _;
use tokio::{
    runtime::{Builder, Runtime},
    sync::oneshot,
};

/// Sessions that are there before any is counted: the first ones set up what all share.
const FIRST: usize = 4;
const COUNTED: usize = 24;
/// What a session may take besides what a bare one does. It was 5763 bytes on 2026-12-01 (x86-64,
/// unoptimised); a quarter more leaves room for other versions of compiler and libraries, and none
/// for a socket that keeps its buffers, which are about as much again.
const BESIDES: i64 = 7 * 1024;

/// A space on a thread of its own, whose allocations are not counted. It ends with this value.
struct Elsewhere {
    domain: String,
    ca: String,
    tokens: Vec<SdkCredential>,
    end: Option<oneshot::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Elsewhere {
    fn start() -> Self {
        let (tell, told) = mpsc::channel();
        let (end, ended) = oneshot::channel();
        let thread = thread::spawn(move || {
            one_thread().block_on(async {
                let space = Space::builder().start().await.unwrap();
                let mint = |number| space.mint(Mint::new(format!("s{number}@example.test")));
                let tokens = (0..FIRST + COUNTED)
                    .map(|number| SdkCredential::from_token(mint(number).unwrap()))
                    .collect();
                tell.send((space.domain().to_owned(), space.ca_pem().to_owned(), tokens)).unwrap();
                // An error is the end as well.
                let _ = ended.await;
            });
        });
        let (domain, ca, tokens) = told.recv().unwrap();
        Self { domain, ca, tokens, end: Some(end), thread: Some(thread) }
    }

    async fn client(&self, credential: SdkCredential) -> Client {
        let client = Client::builder(StaticCredentialProvider::new(credential))
            .add_allowed_domain(self.domain.as_str())
            .add_address("space.test", IpAddr::from([127, 0, 0, 1]))
            .add_root_certificates(self.ca.clone())
            .dpop(Some(KeyKind::P256))
            .connect()
            .await
            .unwrap();
        client.status().wait_for(|status| *status == Status::Online).await.unwrap();
        client
    }
}

impl Drop for Elsewhere {
    fn drop(&mut self) {
        drop(self.end.take());
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }
}

/// All that is counted happens on the thread that counts.
fn one_thread() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

/// Bytes that each session added, one after the other.
fn bytes_each<S, F: Future<Output = S>>(
    runtime: &Runtime,
    mut open: impl FnMut(usize) -> F,
) -> i64 {
    let mut sessions = Vec::with_capacity(FIRST + COUNTED);
    runtime.block_on(async {
        for number in 0..FIRST {
            sessions.push(open(number).await);
        }
    });
    let counted = allocation_counter::measure(|| {
        runtime.block_on(async {
            for number in FIRST..FIRST + COUNTED {
                sessions.push(open(number).await);
            }
        });
    });
    drop(sessions);
    counted.bytes_current / i64::try_from(COUNTED).unwrap()
}

#[test]
fn an_idle_session_allocates_little_more_than_its_socket() {
    let space = Elsewhere::start();
    let runtime = one_thread();
    let sockets = BareSockets::new(&space.domain, &space.ca);
    let bare = bytes_each(&runtime, |_| async {
        let mut socket = sockets.open().await;
        // It reads until the runtime ends.
        drop(tokio::spawn(async move { while let Some(Ok(_)) = socket.next().await {} }));
        tokio::task::yield_now().await;
    });
    let ours = bytes_each(&runtime, |number| space.client(space.tokens[number].clone()));
    println!("an idle session: {ours} bytes, a bare one {bare}");
    for (bytes, whose) in [(bare, "a bare one's"), (ours, "ours")] {
        assert!(bytes > 4096, "{bytes} bytes: the buffer of rustls is counted, {whose}");
    }
    assert!(10 * ours <= 22 * bare, "{ours} bytes, a bare one {bare}");
    assert!(ours - bare <= BESIDES, "{ours} bytes, a bare one {bare}");
}
