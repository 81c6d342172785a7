//! Keeps the record of a session in a storage, which may fail or hang.

use std::{fmt, future::pending, path::PathBuf, sync::Arc, time::Duration};

use super::{
    Error, ErrorKind,
    record::{Record, Unusable},
};
use crate::{
    Secret,
    spawn::{self, Task, spawn},
    storage::{DynStorage, RedbStorage},
};

/// A storage that gives no answer within this time is not waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// Where a session is to be stored.
pub(super) enum Storing {
    Storage(Arc<dyn DynStorage>),
    /// A database that is opened when the client starts.
    File(PathBuf),
}

/// One item of a storage.
#[derive(Clone)]
pub(super) struct Place {
    storage: Arc<dyn DynStorage>,
    key: Arc<str>,
}

impl Place {
    /// The place for the client with this label.
    pub(super) async fn open(storing: Storing, label: &str) -> Result<Self, Error> {
        let storage = match storing {
            Storing::Storage(storage) => storage,
            Storing::File(path) => Arc::new(RedbStorage::open(path).await.map_err(|error| {
                failed("the session is neither resumed nor stored").because(error)
            })?),
        };
        Ok(Self { storage, key: Arc::from(format!("credwire.session.{label}")) })
    }

    /// What is there. With an error of the kind [`Unusable::Newer`] it must stay there.
    pub(super) async fn read(&self) -> Result<Option<Record>, Refused> {
        let what = "the stored session is not resumed";
        let place = self.clone();
        let text = in_time(what, async move { place.storage.get(&place.key).await }).await;
        let Some(text) = text.map_err(Refused::failed)? else { return Ok(None) };
        Record::read(&Secret::new(text)).map(Some).map_err(|unusable| match unusable {
            Unusable::Unreadable => Refused::failed(
                failed(what)
                    .because(Fact("what is stored is no session; it is replaced".to_owned())),
            ),
            Unusable::Newer(version) => Refused {
                error: failed(what).because(Fact(format!(
                    "it is of version {version}, which a later program wrote: update this one, or \
                     choose another storage or label"
                ))),
                is_newer: true,
            },
        })
    }

    /// Forgets what is there.
    pub(super) async fn wipe(&self) -> Result<(), Error> {
        let place = self.clone();
        in_time("the stored session may still be there", async move {
            place.storage.remove(&place.key).await
        })
        .await
    }

    async fn change(self, record: Option<Secret<String>>) -> Result<(), Error> {
        match record {
            None => self.wipe().await,
            Some(text) => {
                in_time("the session is not stored as it is now", async move {
                    self.storage.set(&self.key, text.expose()).await
                })
                .await
            }
        }
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Place").field("key", &self.key).finish_non_exhaustive()
    }
}

/// Why nothing was read.
pub(super) struct Refused {
    pub(super) error: Error,
    /// Whether a later version of this crate wrote it, so that it must not be replaced.
    pub(super) is_newer: bool,
}

impl Refused {
    fn failed(error: Error) -> Self {
        Self { error, is_newer: false }
    }
}

/// Writes the newest state of a record, one write at a time. What is replaced before its turn is
/// never written.
pub(super) struct Keeper {
    place: Place,
    /// What the storage holds after all writes, as far as that is known.
    newest: Option<Option<Secret<String>>>,
    waiting: Option<Option<Secret<String>>>,
    writing: Option<Task<Result<(), Error>>>,
}

impl Keeper {
    pub(super) fn new(place: Place) -> Self {
        Self { place, newest: None, waiting: None, writing: None }
    }

    /// Stores `record`, or forgets what is stored.
    pub(super) fn keep(&mut self, record: Option<&Record>) {
        let record = match record.map(Record::write) {
            Some(None) => return,
            Some(Some(text)) => Some(text),
            None => None,
        };
        if self.newest.as_ref() == Some(&record) {
            return;
        }
        self.newest = Some(record.clone());
        self.waiting = Some(record);
        self.go_on();
    }

    fn go_on(&mut self) {
        if self.writing.is_none()
            && let Some(record) = self.waiting.take()
        {
            self.writing = Some(spawn(self.place.clone().change(record)));
        }
    }

    pub(super) const fn is_idle(&self) -> bool {
        self.writing.is_none()
    }

    /// Waits for the write under way; for ever without one. Nothing is lost when the future is
    /// dropped.
    pub(super) async fn written(&mut self) -> Result<(), Error> {
        let Some(writing) = &mut self.writing else { return pending().await };
        let result = writing.await.unwrap_or_else(|| {
            Err(failed("the session is not stored as it is now")
                .because(Fact("the storage panicked".to_owned())))
        });
        self.writing = None;
        if result.is_err() {
            // The next change is written in full; to wait for a storage that hangs helps nobody.
            self.waiting = None;
            self.newest = None;
        }
        self.go_on();
        result
    }
}

/// What is under way is written to its end, as far as the runtime lives on: the next client finds
/// the newest credential.
impl Drop for Keeper {
    fn drop(&mut self) {
        if let Some(writing) = self.writing.take() {
            let rest = self.waiting.take().map(|record| self.place.clone().change(record));
            spawn::to_the_end(async move {
                writing.await;
                if let Some(rest) = rest {
                    // Nobody is left who could be told.
                    let _ = rest.await;
                }
            });
        }
    }
}

async fn in_time<T: Send + 'static>(
    what: &'static str,
    answer: impl Future<Output = Result<T, Box<dyn std::error::Error + Send + Sync>>> + Send + 'static,
) -> Result<T, Error> {
    // A task of its own, so that a panic of the storage stays in it.
    match tokio::time::timeout(PATIENCE, spawn(answer)).await {
        Ok(Some(Ok(value))) => Ok(value),
        Ok(Some(Err(error))) => Err(failed(what).because(Boxed(error))),
        Ok(None) => Err(failed(what).because(Fact("the storage panicked".to_owned()))),
        Err(_) => {
            let fact = format!("the storage gave no answer within {PATIENCE:?}");
            Err(failed(what).because(Fact(fact)))
        }
    }
}

fn failed(what: &'static str) -> Error {
    Error::new(ErrorKind::Storage, what).transient(true)
}

/// The cause of an error, in words.
#[derive(Debug)]
pub(super) struct Fact(pub(super) String);

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Fact {}

/// The error of a storage.
#[derive(Debug)]
struct Boxed(Box<dyn std::error::Error + Send + Sync>);

impl fmt::Display for Boxed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Boxed {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source()
    }
}
