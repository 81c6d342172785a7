//! The stand-ins of a replay without the feature `replay`: there are none.

use std::sync::Arc;

use super::{events::Events, resume::InitialState, session_writer::SessionItem};
use crate::{space::AllowedDomains, transport::Transport};

/// No client starts on one.
pub(crate) enum Stage {}

impl Stage {
    pub(super) fn set(
        self,
        _: &AllowedDomains,
    ) -> (Arc<Events>, Arc<dyn Transport>, Option<SessionItem>, InitialState) {
        match self {}
    }
}
