//! The stand-ins for network and storage of a replay.

use std::sync::Arc;

#[cfg(feature = "test-support")]
use super::{Client, ClientBuilder, Error, event_stream::EventStream};
use super::{
    events::Events,
    resume::{self, InitialState},
    session_writer::SessionItem,
};
#[cfg(feature = "test-support")]
use crate::timeline::Entry;
use crate::{
    cassette::RecordedSession, dpop::DpopKey, space::AllowedDomains, transport::Transport,
};
#[cfg(feature = "test-support")]
use credwire_session::Settings;

/// What a replay gives a client in place of network and storage.
#[cfg_attr(not(feature = "test-support"), allow(dead_code, reason = "for replays alone"))]
pub(crate) struct Stage {
    transport: Arc<dyn Transport>,
    key: Option<Arc<DpopKey>>,
    stored: Option<RecordedSession>,
    events: Arc<Events>,
}

impl Stage {
    #[cfg(feature = "test-support")]
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
    #[cfg(feature = "test-support")]
    pub(crate) fn history(&self) -> EventStream<Entry> {
        self.events.history.subscribe()
    }

    pub(super) fn set(
        self,
        allowed: &AllowedDomains,
    ) -> (Arc<Events>, Arc<dyn Transport>, Option<SessionItem>, InitialState) {
        // A recorded session was restored, so its token was acceptable.
        let saved = self.stored.and_then(|stored| resume::replayed(stored, allowed).ok());
        let initial = InitialState { key: self.key, stored_key: None, saved, keeps_stored: false };
        (self.events, self.transport, None, initial)
    }
}

#[cfg(feature = "test-support")]
impl Client {
    /// As [`reset`](Self::reset), with this key instead of a new one.
    pub(crate) async fn reset_with(&self, key: Option<Arc<DpopKey>>) -> Result<(), Error> {
        let state = InitialState { key, stored_key: None, saved: None, keeps_stored: false };
        self.reset_to(state).await
    }
}

#[cfg(feature = "test-support")]
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
