//! Forgetting a session.

use std::sync::{Arc, Mutex};

use credwire::{
    AuthenticateContext, CredentialError, CredentialProvider, ErrorKind, SdkCredential, Status,
    client::{HistoryEvent, RefreshError},
    dpop::FileKeyStore,
    storage::{MemoryStorage, Storage},
};
use credwire_sandbox::Fault;

use credwire_tests::live::*;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// A storage for client and test.
struct Shared(Arc<MemoryStorage>);

impl Storage for Shared {
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

/// Remembers the fingerprints that it was given.
struct Remembering {
    backend: Backend,
    seen: Arc<Mutex<Vec<String>>>,
}

impl CredentialProvider for Remembering {
    async fn authenticate(
        &self,
        context: &AuthenticateContext,
    ) -> Result<SdkCredential, CredentialError> {
        self.seen.lock().unwrap().extend(context.fingerprint.clone());
        self.backend.authenticate(context).await
    }
}

async fn stored(storage: &MemoryStorage) -> Option<String> {
    storage.get_item("credwire.session.session", "local").await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_reset_forgets_credential_state_and_key_together() {
    let scene = Scene::new("{}").await;
    let seen = Arc::new(Mutex::new(Vec::new()));
    let storage = Arc::new(MemoryStorage::new());
    let backend = Backend { scope: true, ..scene.backend() };
    let provider = Remembering { backend: backend.clone(), seen: Arc::clone(&seen) };
    let builder = scene.client(provider).storage(Shared(Arc::clone(&storage)));
    let client = builder.connect().await.unwrap();
    let mut history = client.history();
    simulate(&mut history, 1, |event| matches!(event, HistoryEvent::Activated)).await;
    pass(minutes(1)).await;
    assert!(stored(&storage).await.is_some());

    client.reset().await.unwrap();
    assert_eq!(*client.status().borrow(), Status::Suspended);
    assert_eq!(stored(&storage).await, None);
    assert_eq!(client.refresh_now().await, Err(RefreshError::Suspended));
    // Nothing is left to refresh.
    pass(hours(1)).await;
    assert_eq!((count(&scene.space, REFRESH), backend.called()), (0, (1, 0)));

    client.resume().await;
    reaches(&client, Status::Online).await;
    simulate(&mut history, 1, |event| matches!(event, HistoryEvent::Activated)).await;
    // A fresh connect with a credential for another key.
    assert_eq!(backend.called().0, 2);
    let keys = seen.lock().unwrap().clone();
    assert!(keys.len() == 2 && keys[0] != keys[1], "{keys:?}");
    assert_eq!(tokens(&scene.space, CONNECT), ["ok", "ok"]);
    let connected = events(&client);
    let connected = connected.iter().filter(|event| **event == HistoryEvent::Connected).count();
    assert_eq!(connected, 2, "no resume and no reconnect");
    assert!(stored(&storage).await.is_some());
    client.disconnect().await;
    assert_eq!(client.reset().await.unwrap_err().kind(), ErrorKind::Closed);
}

#[tokio::test(start_paused = true)]
async fn a_reset_replaces_the_key_in_its_store_and_ends_what_is_in_flight() {
    let scene = Scene::new("{}").await;
    let seen = Arc::new(Mutex::new(Vec::new()));
    let backend = Backend { scope: true, ..scene.backend() };
    let provider = Remembering { backend, seen: Arc::clone(&seen) };
    let folder = tempfile::tempdir().unwrap();
    let store = FileKeyStore::new(folder.path());
    let builder = scene.client(provider).key_store(store.clone(), "k");
    let client = builder.connect().await.unwrap();
    let mut history = client.history();
    simulate(&mut history, 1, |event| matches!(event, HistoryEvent::Activated)).await;
    scene.space.add_fault(Fault::on(REFRESH).silent());
    let (refreshed, reset) = futures_util::future::join(client.refresh_now(), client.reset()).await;
    assert!(refreshed.is_err());
    reset.unwrap();
    client.resume().await;
    reaches(&client, Status::Online).await;
    client.disconnect().await;

    // The next run has the new key.
    let provider =
        Remembering { backend: Backend { scope: true, ..scene.backend() }, seen: seen.clone() };
    scene.client(provider).key_store(store, "k").connect().await.unwrap();
    let keys = seen.lock().unwrap().clone();
    assert!(keys.len() == 3 && keys[0] != keys[1] && keys[1] == keys[2], "{keys:?}");
}
