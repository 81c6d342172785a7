//! What stands in the place of the network and of what is stored, for a replay.

use std::sync::Arc;

#[cfg(feature = "test-support")]
use super::{Client, ClientBuilder, Error, report::Reports};
use super::{
    keeper::Place,
    outlet::Outlet,
    resume::{Beginning, Restored},
};
use crate::{cassette::StoredSession, dpop::DpopKey, space::AllowedDomains, transport::Transport};
#[cfg(feature = "test-support")]
use crate::{session::Settings, timeline::Entry};

/// Where a client plays instead of the network.
#[cfg_attr(not(feature = "test-support"), allow(dead_code, reason = "for replays alone"))]
pub(crate) struct Stage {
    transport: Arc<dyn Transport>,
    key: Option<Arc<DpopKey>>,
    stored: Option<StoredSession>,
    outlet: Arc<Outlet>,
}

impl Stage {
    #[cfg(feature = "test-support")]
    pub(crate) fn new(
        label: &str,
        transport: Arc<dyn Transport>,
        key: Option<Arc<DpopKey>>,
        stored: Option<StoredSession>,
    ) -> Self {
        Self { transport, key, stored, outlet: Arc::new(Outlet::new(Arc::from(label))) }
    }

    /// What happens to the client, also when it never connects.
    #[cfg(feature = "test-support")]
    pub(crate) fn history(&self) -> Reports<Entry> {
        self.outlet.history.subscribe()
    }

    pub(super) fn set(
        self,
        allowed: &AllowedDomains,
    ) -> (Arc<Outlet>, Arc<dyn Transport>, Option<Place>, Beginning) {
        // A recorded session was restored, so its token was acceptable.
        let restored = self.stored.and_then(|stored| Restored::replayed(stored, allowed).ok());
        let beginning = Beginning { key: self.key, stored_key: None, restored };
        (self.outlet, self.transport, None, beginning)
    }
}

#[cfg(feature = "test-support")]
impl Client {
    /// As [`reset`](Self::reset), with this key instead of a new one.
    pub(crate) async fn reset_with(&self, key: Option<Arc<DpopKey>>) -> Result<(), Error> {
        self.reset_to(Beginning { key, stored_key: None, restored: None }).await
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
