//! The settings of a running client, which do not change.

use std::{fmt, sync::Arc, time::Duration};

use super::recording::Recording;
use crate::{rest::Rest, space::AllowedDomains, transport::Transport};
use credwire_core::Clock;
use credwire_generated::DynCredentialProvider;

pub(super) struct Config {
    /// Names the client in events and spans.
    pub(super) label: Arc<str>,
    pub(super) provider: Box<dyn DynCredentialProvider>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) transport: Arc<dyn Transport>,
    pub(super) recording: Option<Recording>,
    pub(super) rest: Rest,
    pub(super) allowed: AllowedDomains,
    /// The identity that is stored with sessions.
    pub(super) identity: Option<Arc<str>>,
    /// The value of `agent` in `signalwire.connect`.
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
