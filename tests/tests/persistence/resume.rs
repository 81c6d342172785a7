//! A session that is stored by one client and gone on with by the next.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use credwire::{
    Client, ClientBuilder, CredentialError, CredentialProvider as _, ErrorKind, Status,
    client::{CredentialKind, HistoryEvent, ResumePolicy},
    dpop::MemoryKeyStore,
    providers::from_fn,
    storage::{LOCAL, MemoryStorage, RedbStorage, Storage},
};
use credwire_sandbox::{Attempt, Fault, SocketAction, Space};
use credwire_tests::live::*;

const ITEM: &str = "credwire.session.session";

/// The kinds and states of all connects.
fn connects(space: &Space) -> Vec<(Option<Attempt>, Option<&'static str>)> {
    let log = space.log();
    let connects = log.checks.iter().filter(|check| check.op == CONNECT);
    connects.map(|check| (check.kind, check.state)).collect()
}

const FRESH: (Option<Attempt>, Option<&str>) = (Some(Attempt::Fresh), None);
const RESUMED: (Option<Attempt>, Option<&str>) = (Some(Attempt::Resume), Some("ok"));

async fn online(builder: ClientBuilder) -> Client {
    let client = builder.connect().await.unwrap();
    reaches(&client, Status::Online).await;
    client
}

async fn stored(storage: &MemoryStorage) -> Option<String> {
    storage.get_item(ITEM, LOCAL).await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_file_resumes_a_session_without_the_provider() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("session");
    let scene = Scene::new("{}").await;
    let backend = scene.backend();
    let builder = || scene.client(backend.clone()).persist_session(&path);
    for _ in 0..3 {
        let client = online(builder()).await;
        assert!(so_far(&mut client.errors()).is_empty());
        client.disconnect().await;
    }
    assert_eq!(connects(&scene.space), [FRESH, RESUMED, RESUMED]);
    assert_eq!(backend.called(), (1, 0));
    assert_eq!(count(&scene.space, INFO), 1);
}

#[tokio::test(start_paused = true)]
async fn a_bound_session_survives_with_its_key_and_rotates_on() {
    let scene = Scene::new(r#"{"resumeNeedsProof":true}"#).await;
    let backend = Backend { scope: true, ..scene.backend() };
    let storage = MemoryStorage::new();
    let builder = || scene.client(backend.clone()).storage(storage.clone());
    let first = online(builder()).await;
    pass(hours(1)).await;
    let rotations = count(&scene.space, REFRESH);
    assert!(rotations > 0);
    // Without a goodbye, as a process that ends.
    drop(first);

    let second = online(builder()).await;
    assert!(events(&second).contains(&HistoryEvent::Resumed));
    assert_eq!(credential(&second).kind, Some(CredentialKind::Bound));
    assert_eq!(connects(&scene.space), [FRESH, RESUMED]);
    pass(hours(1)).await;
    assert!(count(&scene.space, REFRESH) > rotations);
    assert_eq!((count(&scene.space, TOKEN), backend.called()), (1, (1, 0)));
    assert_eq!(*second.status().borrow(), Status::Online);
}

/// A new credential that the live session had not been given when the client ended is there again,
/// and the next client gives it to the session that it resumes.
#[tokio::test(start_paused = true)]
async fn a_credential_that_waited_for_its_session_is_not_lost() {
    for (scope, politely) in [(false, true), (false, false), (true, true), (true, false)] {
        let scene = Scene::new("{}").await;
        let backend = Backend { scope, can_refresh: !scope, ..scene.backend() };
        let storage = MemoryStorage::new();
        let builder = || scene.client(backend.clone()).storage(Slow(storage.clone()));
        let first = online(builder()).await;
        pass(minutes(1)).await;
        scene.space.add_fault(Fault::on(REAUTHENTICATE).silent().forever());
        first.refresh_now().await.unwrap();
        let fresh = credential(&first);
        assert!(!fresh.applied, "the session has not answered");
        if politely {
            first.shutdown(hours(1)).await;
        } else {
            drop(first);
        }
        scene.space.configure(|config| config.faults.clear());
        pass(minutes(1)).await;

        let applied = count(&scene.space, REAUTHENTICATE);
        let (called, rotated) = (backend.called(), count(&scene.space, REFRESH));
        let second = online(builder()).await;
        pass(Duration::from_secs(1)).await;
        assert_eq!(connects(&scene.space), [FRESH, RESUMED], "with the credential of its state");
        let status = credential(&second);
        assert!(status.applied && status.expiry == fresh.expiry, "{status:?}");
        assert_eq!(status.kind, fresh.kind);
        assert_eq!(tokens(&scene.space, REAUTHENTICATE)[applied..], ["ok"]);
        assert_eq!((backend.called(), count(&scene.space, REFRESH)), (called, rotated));
        // And it is the one that is refreshed and resumed from then on.
        pass(hours(2)).await;
        assert!(!credential(&second).expired && *second.status().borrow() == Status::Online);
        drop(second);
        online(builder()).await;
        assert_eq!(connects(&scene.space), [FRESH, RESUMED, RESUMED]);
        assert_eq!(backend.called().0, 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_key_store_and_a_storage_survive_together_or_not_at_all() {
    let scene = Scene::new("{}").await;
    let backend = Backend { scope: true, ..scene.backend() };
    let (storage, keys) = (MemoryStorage::new(), MemoryKeyStore::new());
    let builder = |keys: &MemoryKeyStore| {
        scene.client(backend.clone()).storage(storage.clone()).key_store(keys.clone(), "alice")
    };
    online(builder(&keys)).await.disconnect().await;
    assert!(!stored(&storage).await.unwrap().contains("pkcs8\":\""));
    online(builder(&keys)).await.disconnect().await;
    assert_eq!(connects(&scene.space), [FRESH, RESUMED]);

    let other = online(builder(&MemoryKeyStore::new())).await;
    assert_eq!(connects(&scene.space), [FRESH, RESUMED, FRESH]);
    assert_eq!(backend.called(), (2, 0));
    let errors = so_far(&mut other.errors());
    assert_eq!(errors[0].kind(), ErrorKind::Storage);
    assert!(chain(&errors[0]).contains("the key that it is bound to is not here"), "{errors:?}");
}

#[tokio::test(start_paused = true)]
async fn logout_forgets_the_session() {
    let scene = Scene::new("{}").await;
    let (backend, storage) = (scene.backend(), MemoryStorage::new());
    let builder = || scene.client(backend.clone()).storage(storage.clone());
    online(builder()).await.logout().await.unwrap();
    assert_eq!(stored(&storage).await, None);
    online(builder()).await;
    assert_eq!(connects(&scene.space), [FRESH, FRESH]);
    assert_eq!(backend.called(), (2, 0));
}

#[tokio::test(start_paused = true)]
async fn a_session_that_the_space_forgot_is_replaced() {
    let scene = Scene::new("{}").await;
    let (backend, storage) = (scene.backend(), MemoryStorage::new());
    let builder = || scene.client(backend.clone()).storage(storage.clone());
    online(builder()).await.disconnect().await;
    scene.space.sockets(SocketAction::Forget).unwrap();
    // The token is still good.
    online(builder()).await.disconnect().await;
    assert_eq!(backend.called(), (1, 0));

    scene.space.sockets(SocketAction::Forget).unwrap();
    let refusal = Fault::on(CONNECT).when(Attempt::Fresh).rpc_error(-32002, "refused");
    scene.space.add_fault(refusal);
    // And now it is not.
    online(builder()).await.disconnect().await;
    assert_eq!(backend.called(), (2, 0));
    online(builder()).await;
    assert_eq!(backend.called(), (2, 0));
}

#[tokio::test(start_paused = true)]
async fn a_policy_says_who_is_asked_first() {
    let scene = Scene::new("{}").await;
    let (backend, storage) = (scene.backend(), MemoryStorage::new());
    online(scene.client(backend.clone()).storage(storage.clone())).await.disconnect().await;

    let down = Arc::new(AtomicBool::new(false));
    let builder = || {
        let (backend, down) = (backend.clone(), Arc::clone(&down));
        let provider = from_fn(move |context| {
            let (backend, down) = (backend.clone(), Arc::clone(&down));
            async move {
                if down.load(Ordering::Relaxed) {
                    return Err(CredentialError::permanent("the made-up backend is down"));
                }
                backend.authenticate(&context).await
            }
        });
        let builder = scene.client(provider).storage(storage.clone());
        builder.resume_policy(ResumePolicy::PreferProvider)
    };
    online(builder()).await.disconnect().await;
    assert_eq!((connects(&scene.space), backend.called()), (vec![FRESH, FRESH], (2, 0)));
    down.store(true, Ordering::Relaxed);
    online(builder()).await;
    assert_eq!((connects(&scene.space), backend.called()), (vec![FRESH, FRESH, RESUMED], (2, 0)));
}

/// A storage that takes a second for everything, so that a client can end in between.
#[derive(Debug)]
struct Slow(MemoryStorage);

impl Slow {
    async fn storage(&self) -> &MemoryStorage {
        pass(Duration::from_secs(1)).await;
        &self.0
    }
}

impl Storage for Slow {
    async fn clear(&self, scope: &str) -> Result<(), Failure> {
        self.storage().await.clear(scope).await
    }

    async fn get_item(&self, key: &str, scope: &str) -> Result<Option<String>, Failure> {
        self.storage().await.get_item(key, scope).await
    }

    async fn remove_item(&self, key: &str, scope: &str) -> Result<(), Failure> {
        self.storage().await.remove_item(key, scope).await
    }

    async fn set_item(&self, key: &str, value: Option<&str>, scope: &str) -> Result<(), Failure> {
        self.storage().await.set_item(key, value, scope).await
    }
}

/// How a storage fails.
#[derive(Clone, Copy, Debug)]
enum Failing {
    Full,
    Hanging,
    Panicking,
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

impl Failing {
    async fn answer<T>(self) -> Result<T, Failure> {
        match self {
            Self::Full => Err("the made-up disk is full".into()),
            Self::Hanging => std::future::pending().await,
            Self::Panicking => panic!("made-up panic"),
        }
    }
}

impl Storage for Failing {
    async fn clear(&self, _: &str) -> Result<(), Failure> {
        self.answer().await
    }

    async fn get_item(&self, _: &str, _: &str) -> Result<Option<String>, Failure> {
        self.answer().await
    }

    async fn remove_item(&self, _: &str, _: &str) -> Result<(), Failure> {
        self.answer().await
    }

    async fn set_item(&self, _: &str, _: Option<&str>, _: &str) -> Result<(), Failure> {
        self.answer().await
    }
}

#[tokio::test(start_paused = true)]
async fn a_storage_that_fails_costs_no_session() {
    for (failing, word) in [
        (Failing::Full, "disk is full"),
        (Failing::Hanging, "no answer within 5s"),
        (Failing::Panicking, "panicked"),
    ] {
        let scene = Scene::new("{}").await;
        let backend = Backend { can_refresh: true, ..scene.backend() };
        let client = online(scene.client(backend.clone()).storage(failing)).await;
        pass(hours(3)).await;
        assert_eq!(*client.status().borrow(), Status::Online);
        assert!(backend.called().1 >= 2, "{failing:?}");
        let errors = so_far(&mut client.errors());
        assert!(errors.len() >= 2, "{errors:?}");
        for error in errors {
            assert_eq!(error.kind(), ErrorKind::Storage);
            assert!(chain(&error).contains(word), "{}", chain(&error));
        }
        assert_eq!(client.logout().await.unwrap_err().kind(), ErrorKind::Storage);
        assert_eq!(*client.status().borrow(), Status::Closed);
    }
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_read_is_replaced_and_what_is_newer_is_left_alone() {
    for (text, word, stays) in [
        ("made-up nonsense", "no session", false),
        (r#"{"version":1,"token":"made-up","bound":false,"lifetime":900}"#, "JOSE", false),
        (r#"{"version":3,"anything":"made-up"}"#, "update this one", true),
    ] {
        let scene = Scene::new("{}").await;
        let storage = MemoryStorage::new();
        storage.set_item(ITEM, Some(text), LOCAL).await.unwrap();
        let client = online(scene.client(scene.backend()).storage(storage.clone())).await;
        let errors = so_far(&mut client.errors());
        assert_eq!((errors.len(), errors[0].kind()), (1, ErrorKind::Storage), "{errors:?}");
        let error = chain(&errors[0]);
        assert!(error.contains(word) && !error.contains("made-up"), "{error}");
        client.disconnect().await;
        assert_eq!(stored(&storage).await.unwrap() == text, stays, "{word}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_file_in_use_costs_no_session() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("session");
    let other = RedbStorage::open(&path).await.unwrap();
    let scene = Scene::new("{}").await;
    let backend = Backend { can_refresh: true, ..scene.backend() };
    let client = online(scene.client(backend).persist_session(&path)).await;
    let errors = so_far(&mut client.errors());
    assert!(chain(&errors[0]).contains("is in use already"), "{errors:?}");
    assert_eq!(other.get_item(ITEM, LOCAL).await.unwrap(), None);
    // The lock is tried again at the next change of the session, once no write is under way that
    // finds it held.
    pass(Duration::from_secs(1)).await;
    drop(other);
    client.refresh_now().await.unwrap();
    client.disconnect().await;
    drop(client);
    let storage = RedbStorage::open(&path).await.unwrap();
    assert!(storage.get_item(ITEM, LOCAL).await.unwrap().is_some());
}

/// What was damaged costs one run its session and no later one.
#[tokio::test(start_paused = true)]
async fn a_damaged_file_is_set_aside_and_the_next_session_is_stored() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("session");
    let scene = Scene::new("{}").await;
    let backend = scene.backend();
    let builder = || scene.client(backend.clone()).persist_session(&path);
    online(builder()).await.disconnect().await;
    std::fs::write(&path, [0; 4000]).unwrap();
    let client = online(builder()).await;
    let errors = so_far(&mut client.errors());
    assert_eq!((errors.len(), errors[0].kind()), (1, ErrorKind::Storage), "{errors:?}");
    assert!(chain(&errors[0]).contains("session.damaged"), "{errors:?}");
    client.disconnect().await;
    drop(client);
    let client = online(builder()).await;
    assert!(so_far(&mut client.errors()).is_empty());
    client.disconnect().await;
    assert_eq!(connects(&scene.space), [FRESH, FRESH, RESUMED]);
    assert_eq!(std::fs::read(directory.path().join("session.damaged")).unwrap(), [0; 4000]);
}

#[cfg(unix)]
#[tokio::test(start_paused = true)]
async fn what_is_not_a_file_costs_no_session_and_is_not_replaced() {
    let directory = tempfile::tempdir().unwrap();
    let scene = Scene::new("{}").await;
    let client = online(scene.client(scene.backend()).persist_session(directory.path())).await;
    let errors = so_far(&mut client.errors());
    assert!(!errors.is_empty());
    for error in errors {
        assert_eq!((error.kind(), error.is_transient()), (ErrorKind::Storage, false));
        assert!(chain(&error).contains("a directory: name a regular file"), "{}", chain(&error));
    }
    client.disconnect().await;
    assert!(directory.path().is_dir());
}
