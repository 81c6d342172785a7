//! The stand-ins for network and storage of a replay (feature `replay`).

use std::sync::Arc;

use credwire_session::Settings;

use super::{
    Client, ClientBuilder, Error,
    event_stream::EventStream,
    events::Events,
    history::HistoryEntry,
    resume::{InitialState, Saved, restore},
    saved_session::{SavedCredential, SavedResume, SavedSession},
    session_writer::SessionItem,
};
use crate::{
    Secret, cassette::RecordedSession, dpop::DpopKey, space::AllowedDomains, transport::Transport,
};

/// What a replay passes to a client in place of network and storage.
pub(crate) struct Stage {
    transport: Arc<dyn Transport>,
    key: Option<Arc<DpopKey>>,
    stored: Option<RecordedSession>,
    events: Arc<Events>,
}

impl Stage {
    pub(crate) fn new(
        label: &str,
        transport: Arc<dyn Transport>,
        key: Option<Arc<DpopKey>>,
        stored: Option<RecordedSession>,
    ) -> Self {
        Self {
            transport,
            key,
            stored,
            events: Arc::new(Events::new(Arc::from(label), super::event_stream::LAG_BYTES)),
        }
    }

    /// What happens to the client, also when it never connects.
    pub(crate) fn history(&self) -> EventStream<HistoryEntry> {
        self.events.history.subscribe()
    }

    pub(super) fn set(
        self,
        allowed: &AllowedDomains,
    ) -> (Arc<Events>, Arc<dyn Transport>, Option<SessionItem>, InitialState) {
        // A recorded session was restored, so its token was acceptable.
        let saved = self.stored.and_then(|stored| replayed(stored, allowed).ok());
        let initial = InitialState { key: self.key, stored_key: None, saved, keeps_stored: false };
        (self.events, self.transport, None, initial)
    }
}

impl Client {
    /// As [`reset`](Self::reset), with this key instead of a new one.
    pub(crate) async fn reset_with(&self, key: Option<Arc<DpopKey>>) -> Result<(), Error> {
        let state = InitialState { key, stored_key: None, saved: None, keeps_stored: false };
        self.reset_to(state).await
    }
}

impl ClientBuilder {
    /// Every setting of a recorded session at once.
    pub(crate) fn settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }

    /// As [`connect`](Self::connect), on a stage.
    pub(crate) async fn connect_on(self, stage: Stage) -> Result<Client, Error> {
        self.start(Some(stage)).await
    }
}

/// A saved session read from a recording.
fn replayed(stored: RecordedSession, allowed: &AllowedDomains) -> Result<Saved, Error> {
    let resume = stored.authorization_state.zip(stored.protocol);
    let saved = SavedSession {
        identity: None,
        credential: SavedCredential {
            token: Secret::new(stored.token),
            bound: stored.bound,
            expiry_at: stored.expiry_at,
            lifetime: stored.lifetime,
        },
        resume: resume.map(|(authorization_state, protocol)| SavedResume {
            authorization_state: Secret::new(authorization_state),
            protocol,
        }),
        newer: stored.newer.map(|newer| SavedCredential {
            token: Secret::new(newer.token),
            bound: newer.bound,
            expiry_at: newer.expiry_at,
            lifetime: newer.lifetime,
        }),
        key: None,
    };
    restore(saved, allowed)
}
