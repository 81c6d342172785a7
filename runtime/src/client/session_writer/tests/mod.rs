//! Storages that fail for a while.

use std::sync::{Mutex, PoisonError};

use futures_util::future::BoxFuture;

use super::*;
use crate::{
    client::{
        chain,
        saved_session::{SavedCredential, SavedSession},
    },
    storage::{LOCAL, MemoryStorage},
};
use credwire_generated::Storage as _;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// How a storage fails now.
#[derive(Clone, Copy, Debug)]
enum Fault {
    None,
    Full,
    Foreign,
    Hangs,
    Panics,
}

/// A storage in memory that fails as a test configures it.
struct Faulty {
    inner: MemoryStorage,
    fault: Mutex<Fault>,
}

impl Faulty {
    fn new(fault: Fault) -> Arc<Self> {
        Arc::new(Self { inner: MemoryStorage::new(), fault: Mutex::new(fault) })
    }

    fn set_fault(&self, fault: Fault) {
        *self.fault.lock().unwrap_or_else(PoisonError::into_inner) = fault;
    }

    async fn check(&self) -> Result<(), Failure> {
        let fault = *self.fault.lock().unwrap_or_else(PoisonError::into_inner);
        match fault {
            Fault::None => Ok(()),
            Fault::Full => Err("the made-up disk is full".into()),
            Fault::Foreign => Err(StorageError::Foreign { path: "made-up".into() }.into()),
            Fault::Hangs => pending().await,
            Fault::Panics => panic!("made-up panic"),
        }
    }
}

impl DynStorage for Faulty {
    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<String>, Failure>> {
        Box::pin(async move {
            self.check().await?;
            self.inner.get_item(key, LOCAL).await
        })
    }

    fn set<'a>(&'a self, key: &'a str, value: &'a str) -> BoxFuture<'a, Result<(), Failure>> {
        Box::pin(async move {
            self.check().await?;
            self.inner.set_item(key, Some(value), LOCAL).await
        })
    }

    fn remove<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<(), Failure>> {
        Box::pin(async move {
            self.check().await?;
            self.inner.remove_item(key, LOCAL).await
        })
    }
}

fn session(token: &str) -> SavedSession {
    SavedSession {
        identity: None,
        credential: SavedCredential {
            token: Secret::from(token),
            bound: false,
            expiry_at: None,
            lifetime: Duration::from_secs(900),
        },
        resume: None,
        newer: None,
        key: None,
    }
}

async fn stored(item: &SessionItem) -> Option<String> {
    let saved = item.read().await.map_err(|error| error.error).unwrap();
    saved.map(|saved| saved.credential.token.expose().clone())
}

#[tokio::test(start_paused = true)]
async fn each_write_has_one_outcome_and_the_same_session_is_written_when_the_fault_is_gone() {
    for (fault, word, transient) in [
        (Fault::Full, "disk is full", true),
        (Fault::Hangs, "no answer within 5s", true),
        (Fault::Panics, "panicked", true),
        (Fault::Foreign, "choose another file", false),
    ] {
        let storage = Faulty::new(Fault::None);
        let item = SessionItem::new(Arc::clone(&storage) as Arc<dyn DynStorage>, "made-up");
        assert_eq!(stored(&item).await, None);
        let mut writer = SessionWriter::new(item.clone());
        storage.set_fault(fault);
        // The disk is full for ten seconds; whoever decides asks once a second.
        for _ in 0..10 {
            writer.write(Some(&session("made-up-1")));
            let error = writer.written().await.unwrap_err();
            assert!(writer.is_idle());
            assert_eq!((error.kind(), error.is_transient()), (ErrorKind::Storage, transient));
            let text = chain(&error);
            assert!(text.contains(word) && !text.contains("made-up-1"), "{text}");
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        storage.set_fault(Fault::None);
        writer.write(Some(&session("made-up-1")));
        writer.written().await.unwrap();
        assert_eq!(stored(&item).await.as_deref(), Some("made-up-1"));
        // What is stored already is not written again.
        writer.write(Some(&session("made-up-1")));
        assert!(writer.is_idle());
        writer.write(None);
        writer.written().await.unwrap();
        assert_eq!(stored(&item).await, None);
    }
}

#[tokio::test(start_paused = true)]
async fn what_waits_when_a_write_fails_is_asked_for_again() {
    let storage = Faulty::new(Fault::Full);
    let item = SessionItem::new(Arc::clone(&storage) as Arc<dyn DynStorage>, "made-up");
    let mut writer = SessionWriter::new(item.clone());
    writer.write(Some(&session("made-up-1")));
    writer.write(Some(&session("made-up-2")));
    writer.written().await.unwrap_err();
    assert!(writer.is_idle());
    storage.set_fault(Fault::None);
    writer.write(Some(&session("made-up-2")));
    writer.written().await.unwrap();
    assert_eq!(stored(&item).await.as_deref(), Some("made-up-2"));
}

#[tokio::test(start_paused = true)]
async fn an_item_that_could_not_be_read_at_first_is_not_replaced_when_it_is_of_a_later_version() {
    let storage = Faulty::new(Fault::Full);
    let item = SessionItem::new(Arc::clone(&storage) as Arc<dyn DynStorage>, "made-up");
    let later = r#"{"version":3}"#;
    storage.inner.set_item("credwire.session.made-up", Some(later), LOCAL).await.unwrap();
    let refused = item.read().await.unwrap_err();
    assert!(refused.error.is_transient() && !refused.must_stay);
    let mut writer = SessionWriter::new(item.clone());
    writer.write(Some(&session("made-up-1")));
    writer.written().await.unwrap_err();
    storage.set_fault(Fault::None);
    writer.write(Some(&session("made-up-1")));
    let error = writer.written().await.unwrap_err();
    assert!(!error.is_transient() && chain(&error).contains("update this one"), "{error:?}");
    let found = storage.inner.get_item("credwire.session.made-up", LOCAL).await.unwrap();
    assert_eq!(found.as_deref(), Some(later));
    assert!(item.read().await.unwrap_err().must_stay);
}

#[tokio::test(start_paused = true)]
async fn what_is_under_way_is_written_after_the_writer_is_gone() {
    let storage = Faulty::new(Fault::None);
    let item = SessionItem::new(Arc::clone(&storage) as Arc<dyn DynStorage>, "made-up");
    let mut writer = SessionWriter::new(item.clone());
    writer.write(Some(&session("made-up-1")));
    writer.write(Some(&session("made-up-2")));
    drop(writer);
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(stored(&item).await.as_deref(), Some("made-up-2"));
}
