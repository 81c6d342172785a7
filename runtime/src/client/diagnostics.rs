//! The diagnostic record of a session, as the reference has it.

use serde_json::Value;

use super::Client;
use crate::{
    DiagnosticEvent, DiagnosticEventCategory, Platform, PlatformCapabilities, SessionDiagnostics,
    SessionDiagnosticsDevices,
    timeline::{Entry, Event},
};

impl Client {
    /// The diagnostic record of this session, in the form of the reference and without a secret.
    ///
    /// | member | here |
    /// |---|---|
    /// | `events` | the recent entries of the [history](Self::history), 256 at most |
    /// | `sdkVersion` | the version of this crate |
    /// | `userAgent` | what `agent` says in `signalwire.connect`: there is no browser |
    /// | `calls` | empty: the client has no media, so there are no calls to rate |
    /// | `capabilities` | none: there are no codecs, devices and screens |
    /// | `devices`, `deviceChanges` | empty: there are no cameras, microphones and speakers |
    ///
    /// `P` is any platform: nothing of it is in the record.
    pub fn diagnostics<P: Platform>(&self) -> SessionDiagnostics<P> {
        let history = &self.shared.events.history;
        let events = history.recent().iter().map(diagnostic).collect();
        let no = false;
        let capabilities =
            PlatformCapabilities::new(Vec::new(), no, no, no, no, no, no, no, Vec::new(), no);
        SessionDiagnostics::new(
            Vec::new(),
            capabilities,
            Vec::new(),
            SessionDiagnosticsDevices::new(Vec::new(), Vec::new(), Vec::new()),
            events,
            env!("CARGO_PKG_VERSION"),
            self.shared.agent.as_str(),
        )
    }
}

fn diagnostic(entry: &Entry) -> DiagnosticEvent {
    let category = match &entry.event {
        Event::Dropped { .. } | Event::Resumed | Event::Reconnected => {
            DiagnosticEventCategory::Recovery
        }
        Event::Warning { .. }
        | Event::RefreshFailed { .. }
        | Event::Expired
        | Event::Error { .. } => DiagnosticEventCategory::Error,
        _ => DiagnosticEventCategory::Connection,
    };
    let event = DiagnosticEvent::new(category, entry.event.label(), entry.at);
    match serde_json::to_value(&entry.event) {
        Ok(Value::Object(mut details)) => {
            // Its name stands above.
            details.remove("event");
            if details.is_empty() { event } else { event.with_details(details) }
        }
        _ => event,
    }
}
