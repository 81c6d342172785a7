//! The settings of a running client, which do not change.

use std::{fmt, sync::Arc, time::Duration};

use crate::{
    Clock, DynCredentialProvider, cassette::Recorder, rest::Rest, space::AllowedDomains,
    transport::Transport,
};

pub(super) struct Config {
    /// Names the client in events and spans.
    pub(super) label: Arc<str>,
    pub(super) provider: Box<dyn DynCredentialProvider>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) transport: Arc<dyn Transport>,
    pub(super) recorder: Option<Arc<Recorder>>,
    pub(super) rest: Rest,
    pub(super) allowed: AllowedDomains,
    /// The identity that is stored with sessions.
    pub(super) identity: Option<Arc<str>>,
    /// What `agent` says in `signalwire.connect`.
    pub(super) agent: String,
    /// Lifetime that activation asks for.
    pub(super) device_lifetime: Duration,
    pub(super) connect_deadline: Duration,
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("label", &self.label)
            .field("allowed", &self.allowed)
            .finish_non_exhaustive()
    }
}
