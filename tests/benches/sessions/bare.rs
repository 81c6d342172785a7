//! Bare sessions: each a socket that a task of its own reads, answers pings on, and opens again when
//! it ends. Nothing is sent, kept or checked.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use futures_util::StreamExt as _;
use tokio::sync::{Notify, Semaphore};

use crate::{
    bare_socket::{BareSocket, BareSockets},
    crowd::{AT_ONCE, Crowd},
    space::Place,
};

pub(crate) struct Bare(Arc<Shared>);

struct Shared {
    sockets: BareSockets,
    /// Handshakes under way; clients take turns as well.
    turns: Semaphore,
    sessions: AtomicUsize,
    /// How many were opened again.
    back: AtomicUsize,
    all_back: Notify,
}

impl Crowd for Bare {
    const KIND: &'static str = "bare";
    const NEEDS_TOKENS: bool = false;

    fn new(place: Place) -> Self {
        Self(Arc::new(Shared {
            sockets: BareSockets::new(&place.domain, &place.ca),
            turns: Semaphore::new(AT_ONCE),
            sessions: AtomicUsize::new(0),
            back: AtomicUsize::new(0),
            all_back: Notify::new(),
        }))
    }

    async fn connect(&self, _: usize) {
        let socket = self.0.open().await;
        self.0.sessions.fetch_add(1, Ordering::Relaxed);
        drop(tokio::spawn(live(Arc::clone(&self.0), socket)));
    }

    async fn wait_for_all(&self) {
        self.0.all_back.notified().await;
    }
}

/// Reads for ever.
async fn live(shared: Arc<Shared>, mut socket: BareSocket) {
    loop {
        while let Some(Ok(_)) = socket.next().await {}
        // Boxed, so that the idle task is no larger for it.
        socket = Box::pin(shared.open()).await;
        let back = shared.back.fetch_add(1, Ordering::Relaxed) + 1;
        if back == shared.sessions.load(Ordering::Relaxed) {
            shared.all_back.notify_one();
        }
    }
}

impl Shared {
    async fn open(&self) -> BareSocket {
        let _turn = self.turns.acquire().await.expect("it is never closed");
        self.sockets.open().await
    }
}
