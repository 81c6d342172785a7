//! The client's key between runs, and stores that fail.

use std::{
    future::pending,
    sync::{Arc, Mutex},
    time::Duration,
};

use credwire::{
    CredentialProvider as _, ErrorKind, Status,
    client::{CredentialKind, OpKind},
    dpop::{DpopKey, FileKeyStore, KeyKind, KeyStore, KeyStoreError, MemoryKeyStore, Pkcs8},
    providers::from_fn,
    sdk::RefreshMechanism,
};
use credwire_sandbox::Fault;
use credwire_tests::live::*;

/// How a store fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failing {
    /// It is locked.
    Locked,
    /// It never answers.
    Hanging,
    /// It can be read but not written.
    ReadOnly,
    /// It holds something that is no key.
    Rotten,
    /// It has a defect.
    Panicking,
}

impl Failing {
    fn locked() -> KeyStoreError {
        let kind = credwire::dpop::KeyStoreErrorKind::Unavailable;
        KeyStoreError::new(kind, "the made-up keychain is locked: unlock it")
    }
}

impl KeyStore for Failing {
    async fn load(&self, _: &str) -> Result<Option<Pkcs8>, KeyStoreError> {
        match self {
            Self::Locked => Err(Self::locked()),
            Self::Hanging => pending().await,
            Self::ReadOnly => Ok(None),
            Self::Rotten => Ok(Some(Pkcs8::new(b"no key at all".to_vec()))),
            Self::Panicking => panic!("made-up panic"),
        }
    }

    async fn store(&self, _: &str, _: &Pkcs8) -> Result<(), KeyStoreError> {
        match self {
            Self::Hanging => pending().await,
            Self::Rotten => panic!("what cannot be read is not overwritten"),
            Self::Panicking => panic!("made-up panic"),
            Self::Locked | Self::ReadOnly => Err(Self::locked()),
        }
    }

    async fn delete(&self, _: &str) -> Result<(), KeyStoreError> {
        Err(Self::locked())
    }
}

#[tokio::test(start_paused = true)]
async fn a_store_that_fails_costs_no_session() {
    for failing in
        [Failing::Locked, Failing::Hanging, Failing::ReadOnly, Failing::Rotten, Failing::Panicking]
    {
        let scene = Scene::new("{}").await;
        let started = scene.now();
        let backend = Backend { scope: true, ..scene.backend() };
        let builder = scene.client(backend).key_store(failing, "made-up-name");
        let client = builder.connect().await.unwrap();
        assert!(scene.now().saturating_since(started) < Duration::from_secs(11), "{failing:?}");
        assert_eq!(credential(&client).kind, Some(CredentialKind::Bound), "{failing:?}");
        let errors = so_far(&mut client.errors());
        assert_eq!(errors.len(), 1, "{failing:?}: {errors:?}");
        assert_eq!(errors[0].kind(), ErrorKind::Key);
        let text = chain(&errors[0]);
        let word = match failing {
            Failing::Locked | Failing::ReadOnly => "locked: unlock it",
            Failing::Hanging => "no answer within 5s",
            Failing::Rotten => "delete it, or restore it: the bytes are no PKCS#8",
            Failing::Panicking => "the key store panicked",
        };
        assert!(text.contains(word), "{text}");
        assert_eq!(client.logout().await.unwrap_err().kind(), ErrorKind::Key);
        assert_eq!(*client.status().borrow(), Status::Closed);
    }
}

#[tokio::test(start_paused = true)]
async fn the_key_lasts_until_logout() {
    let directory = tempfile::TempDir::new().unwrap();
    let scene = Scene::new("{}").await;
    let seen = Arc::new(Mutex::new(Vec::new()));
    let connect = async || {
        let (backend, seen) = (Backend { scope: true, ..scene.backend() }, Arc::clone(&seen));
        let provider = from_fn(move |context| {
            seen.lock().unwrap().push(context.fingerprint.clone().unwrap());
            let backend = backend.clone();
            async move { backend.authenticate(&context).await }
        });
        let builder = scene.client(provider);
        let builder = builder.key_store(FileKeyStore::new(directory.path()), "alice");
        builder.connect().await.unwrap()
    };
    let first = connect().await;
    first.disconnect().await;
    let second = connect().await;
    drop(second);
    connect().await.logout().await.unwrap();
    let last = connect().await;
    assert_eq!(credential(&last).kind, Some(CredentialKind::Bound));
    let seen = seen.lock().unwrap();
    assert_eq!((&seen[0], &seen[0]), (&seen[1], &seen[2]), "one key for three runs");
    assert_ne!(seen[2], seen[3], "and another one after the logout");
}

/// What was damaged costs one run its key and no later one.
#[tokio::test(start_paused = true)]
async fn a_damaged_key_file_is_set_aside_and_the_next_key_lasts() {
    let directory = tempfile::TempDir::new().unwrap();
    let path = directory.path().join("alice.p8");
    let scene = Scene::new("{}").await;
    let connect = async || {
        let backend = Backend { scope: true, ..scene.backend() };
        let store = FileKeyStore::new(directory.path());
        scene.client(backend).key_store(store, "alice").connect().await.unwrap()
    };
    connect().await.disconnect().await;
    for (number, damaged) in [b"made-up".to_vec(), Vec::new(), vec![0; 70_000]].iter().enumerate() {
        std::fs::write(&path, damaged).unwrap();
        let client = connect().await;
        let errors = so_far(&mut client.errors());
        assert_eq!((errors.len(), errors[0].kind()), (1, ErrorKind::Key), "{errors:?}");
        assert!(!chain(&errors[0]).contains("made-up"), "{errors:?}");
        client.disconnect().await;
        let suffix = if number == 0 { String::new() } else { format!("-{}", number + 1) };
        let kept = directory.path().join(format!("alice.p8.damaged{suffix}"));
        assert_eq!(&std::fs::read(kept).unwrap(), damaged);
        let stored = std::fs::read(&path).unwrap();
        let client = connect().await;
        assert!(so_far(&mut client.errors()).is_empty());
        client.disconnect().await;
        assert_eq!(std::fs::read(&path).unwrap(), stored, "one key for both runs");
    }

    // A folder is not ours to move: it costs each run its key, until a person removes it.
    std::fs::remove_file(&path).unwrap();
    std::fs::create_dir(&path).unwrap();
    let client = connect().await;
    let errors = so_far(&mut client.errors());
    assert!(chain(&errors[0]).contains("no regular file: remove it"), "{errors:?}");
    client.disconnect().await;
    std::fs::remove_dir(&path).unwrap();
    connect().await.disconnect().await;
    assert!(path.is_file());
}

#[tokio::test(start_paused = true)]
async fn an_unreachable_space_deletes_no_key() {
    let scene = Scene::new("{}").await;
    scene.space.add_fault(Fault::on("upgrade").status(503).forever());
    let store = MemoryKeyStore::new();
    let builder = scene.client(scene.backend()).key_store(store.clone(), "alice");
    assert_eq!(builder.connect().await.unwrap_err().kind(), ErrorKind::Unreachable);
    assert!(KeyStore::load(&store, "alice").await.unwrap().is_some());
}

/// A SAT that is bound to a key which is gone: the session lives by other means, and nothing is
/// proved with the wrong key.
#[tokio::test(start_paused = true)]
async fn a_sat_bound_to_a_lost_key_is_refreshed_by_the_provider() {
    let scene = Scene::new(r#"{"requireProof":false}"#).await;
    let lost = DpopKey::generate(KeyKind::P256).await.unwrap();
    let thumbprint = lost.thumbprint().to_owned();
    let backend = Backend { scope: true, can_refresh: true, ..scene.backend() };
    let (first, second) = (backend.clone(), backend.clone());
    let provider = from_fn(move |_| {
        let credential = first.mint(Some(thumbprint.clone()));
        async move { Ok(credential) }
    })
    .with_refresh(move || {
        let backend = second.clone();
        async move { backend.refresh().unwrap().await }
    });
    let store = MemoryKeyStore::new();
    let client = scene.client(provider).key_store(store, "alice").connect().await.unwrap();
    assert!(warnings(&client).contains(&"dpop_key_lost".to_owned()), "{:?}", warnings(&client));
    let errors = so_far(&mut client.errors());
    assert!(chain(&errors[0]).contains("fingerprint"), "{}", chain(&errors[0]));
    let status = credential(&client);
    assert_eq!(status.mechanism, RefreshMechanism::DeveloperProvidedRefresh);
    assert_eq!(status.next.unwrap().kind, Some(OpKind::Refresh));
    pass(hours(3)).await;
    assert!(backend.called().1 >= 3 && !credential(&client).expired);
    assert_eq!((count(&scene.space, TOKEN), count(&scene.space, REFRESH)), (0, 0));
    let log = scene.space.log();
    let proved = |check: &&credwire_sandbox::Check| {
        matches!(check.proof, Some(credwire_sandbox::ProofOutcome::Checked(_)))
    };
    assert_eq!(log.checks.iter().filter(proved).count(), 0);
}
