//! Reading and writing a saved session in a storage, which may fail, hang or panic. Each is one
//! attempt with one outcome; when to try again is not decided here.

use std::{
    fmt,
    future::pending,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use super::{
    Error, ErrorKind,
    saved_session::{SavedSession, Unusable},
};
use crate::{
    Secret,
    spawn::{self, Task, spawn},
    storage::{DynStorage, StorageError},
};

/// A storage that does not answer within this time is not waited for.
const PATIENCE: Duration = Duration::from_secs(5);

const NOT_RESUMED: &str = "the stored session is not resumed";
const NOT_STORED: &str = "the session is not stored as it is now";

/// The item of a storage that holds the session of one client.
#[derive(Clone)]
pub(super) struct SessionItem {
    storage: Arc<dyn DynStorage>,
    key: Arc<str>,
    /// Whether it was seen that the item may be replaced.
    is_replaceable: Arc<AtomicBool>,
}

impl SessionItem {
    /// The item of the client with this label. Nothing is read yet.
    pub(super) fn new(storage: Arc<dyn DynStorage>, label: &str) -> Self {
        let key = Arc::from(format!("credwire.session.{label}"));
        Self { storage, key, is_replaceable: Arc::default() }
    }

    /// What is there.
    pub(super) async fn read(&self) -> Result<Option<SavedSession>, ReadError> {
        let item = self.clone();
        in_time(NOT_RESUMED, async move { Ok(item.look(NOT_RESUMED).await) })
            .await
            .unwrap_or_else(|error| Err(ReadError { error, must_stay: false }))
    }

    async fn look(&self, what: &'static str) -> Result<Option<SavedSession>, ReadError> {
        let text = self
            .storage
            .get(&self.key)
            .await
            .map_err(|error| ReadError { error: refused(what, error), must_stay: false })?;
        let read = text.map(|text| SavedSession::from_text(&Secret::new(text))).transpose();
        if let Err(Unusable::Newer(version)) = read {
            let error = failed(what).transient(false).because(Fact(format!(
                "the stored one is of version {version}, which a later program wrote: update this \
                 one, or choose another storage or label"
            )));
            return Err(ReadError { error, must_stay: true });
        }
        self.is_replaceable.store(true, Ordering::Relaxed);
        read.map_err(|_| {
            let fact = "what is stored is no session; it is replaced";
            ReadError { error: failed(what).because(Fact(fact.to_owned())), must_stay: false }
        })
    }

    /// Removes what is there.
    pub(super) async fn remove(&self) -> Result<(), Error> {
        const WHAT: &str = "the stored session may still be there";
        let item = self.clone();
        in_time(WHAT, async move {
            item.storage.remove(&item.key).await.map_err(|error| refused(WHAT, error))
        })
        .await
    }

    async fn write(self, session: Option<Secret<String>>) -> Result<(), Error> {
        let Some(text) = session else { return self.remove().await };
        in_time(NOT_STORED, async move {
            // Where the item could not be read at the start, a later version may have written it.
            let is_replaceable = || self.is_replaceable.load(Ordering::Relaxed);
            if !is_replaceable()
                && let Err(ReadError { error, .. }) = self.look(NOT_STORED).await
                && !is_replaceable()
            {
                return Err(error);
            }
            let set = self.storage.set(&self.key, text.expose()).await;
            set.map_err(|error| refused(NOT_STORED, error))
        })
        .await
    }
}

impl fmt::Debug for SessionItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionItem").field("key", &self.key).finish_non_exhaustive()
    }
}

/// Why nothing was read.
#[derive(Debug)]
pub(super) struct ReadError {
    pub(super) error: Error,
    /// Whether a later version of this crate wrote the item, so that it is not replaced.
    pub(super) must_stay: bool,
}

/// Writes the newest state of a session, one write at a time. What is replaced before its turn is
/// never written. A write that failed is not repeated: its outcome is returned, and the same
/// session can be written again.
pub(super) struct SessionWriter {
    item: SessionItem,
    /// What the storage holds after all writes, as far as that is certain.
    newest: Option<Option<Secret<String>>>,
    waiting: Option<Option<Secret<String>>>,
    writing: Option<Task<Result<(), Error>>>,
}

impl SessionWriter {
    pub(super) const fn new(item: SessionItem) -> Self {
        Self { item, newest: None, waiting: None, writing: None }
    }

    /// Begins to store `session`, or to remove what is stored, unless that is done already.
    pub(super) fn write(&mut self, session: Option<&SavedSession>) {
        let session = match session.map(SavedSession::to_text) {
            Some(None) => return,
            Some(Some(text)) => Some(text),
            None => None,
        };
        if self.newest.as_ref() == Some(&session) {
            return;
        }
        self.newest = Some(session.clone());
        self.waiting = Some(session);
        self.go_on();
    }

    fn go_on(&mut self) {
        if self.writing.is_none()
            && let Some(session) = self.waiting.take()
        {
            self.writing = Some(spawn(self.item.clone().write(session)));
        }
    }

    pub(super) const fn is_idle(&self) -> bool {
        self.writing.is_none()
    }

    /// Waits for the write under way and returns its outcome; for ever without one. Nothing is lost
    /// when the future is dropped.
    pub(super) async fn written(&mut self) -> Result<(), Error> {
        let Some(writing) = &mut self.writing else { return pending().await };
        let result = writing.await.unwrap_or_else(|| Err(panicked(NOT_STORED)));
        self.writing = None;
        if result.is_err() {
            // The next write has to be attempted whatever it holds; what waits would only fail
            // after this one, and is older than what will be asked for then.
            self.waiting = None;
            self.newest = None;
        }
        self.go_on();
        result
    }
}

/// What is under way is written to its end, as far as the runtime goes on: the next client finds
/// the newest credential.
impl Drop for SessionWriter {
    fn drop(&mut self) {
        if let Some(writing) = self.writing.take() {
            let rest = self.waiting.take().map(|session| self.item.clone().write(session));
            spawn::to_the_end(async move {
                writing.await;
                if let Some(rest) = rest {
                    // Nobody is left to whom the outcome could be returned.
                    let _ = rest.await;
                }
            });
        }
    }
}

/// Runs `attempt` as a task of its own, so that a panic of the storage stays in it.
async fn in_time<T: Send + 'static>(
    what: &'static str,
    attempt: impl Future<Output = Result<T, Error>> + Send + 'static,
) -> Result<T, Error> {
    match tokio::time::timeout(PATIENCE, spawn(attempt)).await {
        Ok(Some(result)) => result,
        Ok(None) => Err(panicked(what)),
        Err(_) => {
            let fact = format!("the storage returned no answer within {PATIENCE:?}");
            Err(failed(what).because(Fact(fact)))
        }
    }
}

/// The error of a storage as one of ours. Errors of other storages than those of this crate count
/// as transient.
fn refused(what: &'static str, error: Box<dyn std::error::Error + Send + Sync>) -> Error {
    let transient = error.downcast_ref::<StorageError>().is_none_or(StorageError::is_transient);
    failed(what).transient(transient).because(Boxed(error))
}

fn panicked(what: &'static str) -> Error {
    failed(what).because(Fact("the storage panicked".to_owned()))
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

#[cfg(test)]
mod tests;
