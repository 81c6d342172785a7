//! What is recorded.

use std::{future::Future, path::PathBuf, pin::Pin};

use credwire::{
    Client, client::HistoryEvent, providers::StaticCredentialProvider, storage::MemoryStorage,
};
use credwire_sandbox::{Fault, ServerFrame, SocketAction};
use serde_json::json;

use credwire_tests::live::*;

/// A session to record.
pub(crate) struct SceneToRecord {
    pub(crate) name: &'static str,
    pub(crate) play: fn(PathBuf) -> Pin<Box<dyn Future<Output = ()>>>,
}

/// All of them.
pub(crate) const SCENES: [SceneToRecord; 6] = [
    SceneToRecord { name: "static-token", play: |path| Box::pin(static_token(path)) },
    SceneToRecord { name: "client-bound", play: |path| Box::pin(client_bound(path)) },
    SceneToRecord { name: "drop-and-resume", play: |path| Box::pin(drop_and_resume(path)) },
    SceneToRecord { name: "trouble", play: |path| Box::pin(trouble(path)) },
    SceneToRecord { name: "stored", play: |path| Box::pin(stored(path)) },
    SceneToRecord { name: "refused", play: |path| Box::pin(refused(path)) },
];

async fn settled() {
    pass(std::time::Duration::from_secs(1)).await;
}

async fn static_token(path: PathBuf) {
    let scene = Scene::new("{}").await;
    let provider = StaticCredentialProvider::new(scene.backend().mint(None));
    let client = scene.client(provider).record(path).connect().await.unwrap();
    client.call_raw("subscriber.online", json!({ "made": "up" }), None).await.unwrap();
    client.notify_raw("made.up", json!({})).await.unwrap();
    client.unregister().await.unwrap();
    client.register().await.unwrap();
    let event = r#"{"jsonrpc":"2.0","id":"e-1","method":"signalwire.event","params":{"event_type":"conversation.message","params":{"text":"hello"}}}"#;
    scene.space.sockets(SocketAction::Send(ServerFrame::new(event).unwrap())).unwrap();
    let ping = r#"{"jsonrpc":"2.0","id":"p-1","method":"signalwire.ping","params":{}}"#;
    scene.space.sockets(SocketAction::Send(ServerFrame::new(ping).unwrap())).unwrap();
    settled().await;
    client.disconnect().await;
}

/// Activation, and two rotations a quarter of an hour apart.
async fn client_bound(path: PathBuf) {
    let scene = Scene::new("{}").await;
    let backend = Backend { scope: true, ..scene.backend() };
    let client = scene.client(backend).record(path).connect().await.unwrap();
    let mut history = client.history();
    simulate(&mut history, 3, |event| matches!(event, HistoryEvent::Reauthenticated)).await;
    settled().await;
    client.disconnect().await;
}

async fn drop_and_resume(path: PathBuf) {
    let scene = Scene::new("{}").await;
    let backend = Backend { scope: true, ..scene.backend() };
    let client = scene.client(backend).record(path).connect().await.unwrap();
    let mut history = client.history();
    simulate(&mut history, 1, |event| matches!(event, HistoryEvent::Activated)).await;
    settled().await;
    scene.space.sockets(SocketAction::Drop).unwrap();
    simulate(&mut history, 1, |event| matches!(event, HistoryEvent::Resumed)).await;
    settled().await;
    client.disconnect().await;
}

/// Demanded nonces, a failing provider and space, a forgotten session, commands of all kinds.
async fn trouble(path: PathBuf) {
    let scene = Scene::new(r#"{"nonce":true}"#).await;
    scene.space.add_fault(Fault::on(INFO).status(503));
    scene.space.add_fault(Fault::on(TOKEN).status(403));
    scene.space.add_fault(Fault::on("rpc made.up").silent().forever());
    let backend = Backend { scope: true, can_refresh: true, ..scene.backend() };
    backend.plan([
        BackendReply::Busy(None),
        BackendReply::Panic,
        BackendReply::Fresh,
        BackendReply::Hang,
    ]);
    let client = scene.client(backend).record(path).connect().await.unwrap();
    let mut history = client.history();
    settled().await;
    // The first is answered once the planned failures are over.
    let _ = client.refresh_now().await;
    simulate(&mut history, 1, |event| matches!(event, HistoryEvent::Reauthenticated)).await;
    let lost = client.call_raw("made.up", json!({}), Some(minutes(9)));
    let dropped = async {
        settled().await;
        scene.space.sockets(SocketAction::Forget).unwrap();
        scene.space.sockets(SocketAction::Drop).unwrap();
    };
    assert!(futures_util::future::join(lost, dropped).await.0.is_err());
    simulate(&mut history, 1, |event| matches!(event, HistoryEvent::Reconnected)).await;
    client.suspend().await;
    settled().await;
    client.resume().await;
    reaches(&client, credwire::Status::Online).await;
    drop(
        tokio::time::timeout(minutes(1), client.call_raw("made.up", json!([1]), Some(hours(1))))
            .await,
    );
    client.invalidate().await;
    // Not at a moment when the idle socket is pinged.
    pass(std::time::Duration::from_secs(50)).await;
    client.reset().await.unwrap();
    client.resume().await;
    reaches(&client, credwire::Status::Online).await;
    settled().await;
    // The last handle goes without a word.
    drop(client);
    settled().await;
}

/// A session that a later client goes on with.
async fn stored(path: PathBuf) {
    let scene = Scene::new("{}").await;
    let storage = std::sync::Arc::new(MemoryStorage::new());
    let backend = Backend { scope: true, ..scene.backend() };
    let first = scene.client(backend.clone()).storage(Shared(storage.clone()));
    let first = first.connect().await.unwrap();
    simulate(&mut first.history(), 1, |event| matches!(event, HistoryEvent::Activated)).await;
    settled().await;
    first.disconnect().await;
    let second = scene.client(backend).storage(Shared(storage)).record(path);
    let second: Client = second.connect().await.unwrap();
    pass(minutes(20)).await;
    second.disconnect().await;
}

/// A client that never connects.
async fn refused(path: PathBuf) {
    let scene = Scene::new("{}").await;
    scene.space.add_fault(Fault::on(CONNECT).rpc_error(-32002, "Authentication failed").forever());
    scene.client(scene.backend()).record(path).connect().await.unwrap_err();
    settled().await;
}

/// A storage for several clients.
#[derive(Clone)]
pub(crate) struct Shared(pub(crate) std::sync::Arc<MemoryStorage>);

type Failure = Box<dyn std::error::Error + Send + Sync>;

impl credwire::storage::Storage for Shared {
    async fn clear(&self, scope: &str) -> Result<(), Failure> {
        self.0.clear(scope).await
    }

    async fn get_item(&self, key: &str, scope: &str) -> Result<Option<String>, Failure> {
        self.0.get_item(key, scope).await
    }

    async fn remove_item(&self, key: &str, scope: &str) -> Result<(), Failure> {
        self.0.remove_item(key, scope).await
    }

    async fn set_item(&self, key: &str, value: Option<&str>, scope: &str) -> Result<(), Failure> {
        self.0.set_item(key, value, scope).await
    }
}
