//! The diagnostic record of a session.

use credwire_generated::{DiagnosticEvent, DiagnosticEventCategory};
use serde::Serialize;
use serde_json::Value;

use super::{Client, HistoryEntry, HistoryEvent};

/// The diagnostic record of a session, for a report to the operator of the space. It contains no
/// secret, and serializes to the members of the reference's `SessionDiagnostics` that have a
/// meaning here: a client has no media, so there are no calls, devices and codecs to list.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[doc(alias = "SessionDiagnostics")]
#[non_exhaustive]
pub struct Diagnostics {
    /// The version of this crate.
    pub sdk_version: String,
    /// The value of `agent` in `signalwire.connect`, as there is no browser.
    pub user_agent: String,
    /// The recent entries of the [history](Client::history), at most 256.
    pub events: Vec<DiagnosticEvent>,
}

impl Client {
    /// Returns the diagnostic record of this session, without a secret.
    pub fn diagnostics(&self) -> Diagnostics {
        let history = self.shared.events.history.recent();
        Diagnostics {
            sdk_version: env!("CARGO_PKG_VERSION").to_owned(),
            user_agent: self.shared.agent.clone(),
            events: history.iter().map(diagnostic).collect(),
        }
    }
}

fn diagnostic(entry: &HistoryEntry) -> DiagnosticEvent {
    let category = match &entry.event {
        HistoryEvent::Dropped { .. } | HistoryEvent::Resumed | HistoryEvent::Reconnected => {
            DiagnosticEventCategory::Recovery
        }
        HistoryEvent::Warning { .. }
        | HistoryEvent::RefreshFailed { .. }
        | HistoryEvent::Expired
        | HistoryEvent::Error { .. } => DiagnosticEventCategory::Error,
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
