//! The recording of a client without the feature `recording`: there is none.

use std::sync::Arc;

use credwire_core::Clock;
use credwire_generated::DynCredentialProvider;

use super::{ClientBuilder, Error, command::Command, events::Events, resume::InitialState};
use crate::transport::Transport;

/// A builder says nothing about a recording.
// With braces, so that `RecordingOptions::default()` is right with and without the feature.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct RecordingOptions {}

/// No client has one.
#[derive(Debug)]
pub(super) enum Recording {}

impl Recording {
    pub(super) fn transport(&self, _: Arc<dyn Transport>) -> Arc<dyn Transport> {
        match *self {}
    }

    pub(super) fn provider(
        &self,
        _: Box<dyn DynCredentialProvider>,
    ) -> Box<dyn DynCredentialProvider> {
        match *self {}
    }

    pub(super) fn learn_key(&self, _: &str) {
        match *self {}
    }

    pub(super) fn command(&self, _: &Command) {
        match *self {}
    }

    pub(super) async fn end(&self) {
        match *self {}
    }

    pub(super) fn end_now(&self) {
        match *self {}
    }
}

impl ClientBuilder {
    #[allow(clippy::unnecessary_wraps, reason = "it is the signature of the recording")]
    pub(super) const fn recording(
        &self,
        _: &InitialState,
        _: &Arc<dyn Clock>,
        _: &Arc<Events>,
        _: u64,
    ) -> Result<Option<Recording>, Error> {
        let RecordingOptions {} = self.recording;
        Ok(None)
    }
}
