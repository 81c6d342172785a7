//! Sessions of clients, as an application has them.

use std::{
    net::IpAddr,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use credwire::{
    Client, SdkCredential, Status, client::HistoryEvent, dpop::KeyKind,
    providers::StaticCredentialProvider,
};
use futures_util::future::join_all;

use crate::{crowd::Crowd, space::Place};

/// The name of these.
pub(crate) const KIND: &str = "ours";
/// Longer than the whole run.
const PATIENCE: Duration = Duration::from_secs(600);

pub(crate) struct Ours {
    place: Place,
    clients: Mutex<Vec<Client>>,
}

impl Ours {
    fn clients(&self) -> Vec<Client> {
        self.clients.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Crowd for Ours {
    const KIND: &'static str = KIND;
    const NEEDS_TOKENS: bool = true;

    fn new(mut place: Place) -> Self {
        let clients = Mutex::new(Vec::with_capacity(place.tokens.len()));
        place.tokens.shrink_to_fit();
        Self { place, clients }
    }

    async fn connect(&self, number: usize) {
        let token = self.place.tokens[number].clone();
        let provider = StaticCredentialProvider::new(SdkCredential::from_token(token));
        let client = Client::builder(provider)
            .add_allowed_domain(self.place.domain.as_str())
            .add_address("space.test", IpAddr::from([127, 0, 0, 1]))
            .add_root_certificates(self.place.ca.clone())
            .dpop(Some(KeyKind::P256))
            .connect_deadline(PATIENCE)
            .connect()
            .await
            .expect("a session");
        self.clients.lock().unwrap_or_else(PoisonError::into_inner).push(client);
    }

    async fn wait_for_all(&self) {
        let waiting = self.clients().into_iter().map(|client| tokio::spawn(resumed(client)));
        for resumed in join_all(waiting).await {
            assert!(resumed.expect("no panic"), "a session was not resumed");
        }
    }
}

/// Waits until the session was resumed and the subscriber is registered again. `false` when there
/// is another session instead.
async fn resumed(client: Client) -> bool {
    let mut history = client.history();
    let resumed = loop {
        match history.recv().await.map(|entry| entry.event) {
            Some(HistoryEvent::Resumed) => break true,
            Some(HistoryEvent::Reconnected) | None => break false,
            Some(_) => {}
        }
    };
    let mut status = client.status();
    resumed && status.wait_for(|status| *status == Status::Online).await.is_ok()
}
