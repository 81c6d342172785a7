//! Forgetting a session, to begin another one.

use tokio::sync::oneshot;

use super::{Client, Error, command::Command, driver::Driver, keep, resume::Beginning};
use crate::lifecycle::{Abilities, Arbiter, Event};

impl Client {
    /// Leaves the session and forgets it: the credential, the authorization state, the protocol and
    /// the key together, in memory, in the [storage](super::ClientBuilder::storage) and in the [key
    /// store](super::ClientBuilder::key_store). The client has another key afterwards, and is
    /// suspended; [`resume`](Self::resume) asks the provider and begins a session of its own.
    ///
    /// An operation in flight is cancelled. Dropping the future does not take the wish back once it
    /// was sent. [`logout`](Self::logout) forgets as much and ends the client.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`](super::ErrorKind::Storage) or
    /// [`ErrorKind::Key`](super::ErrorKind::Key) when it may still be stored: this client has
    /// forgotten it all the same. [`ErrorKind::Closed`](super::ErrorKind::Closed) when it has ended.
    pub async fn reset(&self) -> Result<(), Error> {
        let shared = &self.shared;
        let deleted = match &shared.key_store {
            Some(keep) => keep.delete().await,
            None => Ok(()),
        };
        let report = |error| shared.outlet.failed(shared.clock.now().wall, error);
        // A key that was not deleted must not come back as the new one.
        let keep = shared.key_store.as_ref().filter(|_| deleted.is_ok());
        let key = match shared.key {
            Some(kind) => keep::key(kind, keep, report).await,
            None => None,
        };
        let is_stored = shared.place.is_some();
        let beginning = Beginning::new(key, is_stored, shared.key_store.is_some(), report);
        self.reset_to(beginning).await?;
        let wiped = match &shared.place {
            Some(place) => place.wipe().await,
            None => Ok(()),
        };
        deleted.and(wiped)
    }

    /// Forgets the session and begins with something else.
    pub(super) async fn reset_to(&self, beginning: Beginning) -> Result<(), Error> {
        let (reply, answer) = oneshot::channel();
        self.send(Command::Reset { beginning: Box::new(beginning), reply }).await;
        answer.await.map_err(|_| Error::closed())
    }
}

impl Driver {
    /// The session is left: forgets it.
    pub(super) fn forget(&mut self, beginning: Beginning) {
        // Whoever waits for a refresh is told, and timers end.
        self.lifecycle(Event::Destroy);
        self.operation = None;
        self.offers.clear();
        self.fallback = None;
        self.tokens.clear();
        self.origin.clear();
        self.reading_clock = None;
        self.expired = None;
        self.used = None;
        self.known = None;
        self.project = None;
        self.bound_refused = false;
        self.was_up = false;
        self.last_error = None;
        self.protocol.forget();

        self.key = beginning.key;
        self.stored_key = beginning.stored_key;
        let able =
            Abilities { dpop: self.key.is_some(), refresh: self.config.provider.can_refresh() };
        self.arbiter = Arbiter::new(self.config.policy.clone(), able, self.config.seed);
        // A start would ask for a credential at once; suspended, it is asked for by a resume.
        self.lifecycle(Event::Suspend);
        self.lifecycle(Event::Start { cached: None });
        self.persist();
    }
}
