//! Forgetting a session before another one begins.

use tokio::sync::oneshot;

use super::{Client, Error, command::What, key_loader::KeyLoader, resume::InitialState};

impl Client {
    /// Closes the session and deletes it: the credential, the authorization state, the protocol and
    /// the key together, in memory, in the [storage](super::ClientBuilder::storage) and in the [key
    /// store](super::ClientBuilder::key_store). The client has another key afterwards, and is
    /// suspended; [`resume`](Self::resume) asks the provider and begins another session.
    ///
    /// An operation in flight is cancelled. Dropping the future does not stop that once it has
    /// begun. [`logout`](Self::logout) deletes as much and closes the client.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`](super::ErrorKind::Storage) or
    /// [`ErrorKind::Key`](super::ErrorKind::Key) when it may still be stored; this client does not
    /// use it all the same. [`ErrorKind::Closed`](super::ErrorKind::Closed) when the client has
    /// closed.
    pub async fn reset(&self) -> Result<(), Error> {
        let shared = &self.shared;
        let deleted = match &shared.key_store {
            Some(loader) => loader.delete().await,
            None => Ok(()),
        };
        let report = |error| shared.events.failed(shared.clock.now().wall, error);
        // A key that was not deleted must not come back as the new one.
        let loader = shared.key_store.as_ref().filter(|_| deleted.is_ok());
        let key = match shared.key {
            Some(kind) => KeyLoader::load(loader, kind, report).await.key,
            None => None,
        };
        let is_stored = shared.item.is_some();
        let state = InitialState::new(key, is_stored, shared.key_store.is_some(), report);
        self.reset_to(state).await?;
        let wiped = match &shared.item {
            Some(item) => item.remove().await,
            None => Ok(()),
        };
        deleted.and(wiped)
    }

    /// Forgets the session and begins with something else.
    pub(super) async fn reset_to(&self, state: InitialState) -> Result<(), Error> {
        let (reply, answer) = oneshot::channel();
        self.send(What::Reset { state: Box::new(state), reply }).await;
        answer.await.map_err(|_| Error::closed())
    }
}
