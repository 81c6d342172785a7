//! What a client reports: streams of events, its status, logs and metrics.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use credwire_core::secrecy::{error_chain, redact};
use serde_json::json;
use tokio::sync::watch;

use super::{Error, ErrorKind, ResponseFault, Status, event_stream::EventSender, meter};
use crate::{
    EpochMillis,
    client::{HistoryEntry, HistoryEvent},
};
use credwire_generated::{
    CredentialNoRefreshHandlerWarning, CredentialRefreshFallbackWarning, SdkWarning,
};
use credwire_session::{
    Discarded, ServerEvent, ServerMessage,
    scheduler::{CredentialStatus, Warning},
};

/// Recent warnings and errors that late readers still see.
const RECENT: usize = 16;
/// Recent timeline entries that late readers still see.
const HISTORY: usize = 256;

/// The streams and values that outlive the client's task, shared with its handles.
#[derive(Debug)]
pub(super) struct Events {
    label: Arc<str>,
    pub(super) warnings: EventSender<SdkWarning>,
    pub(super) errors: EventSender<Error>,
    pub(super) messages: EventSender<ServerMessage>,
    pub(super) server_events: EventSender<ServerEvent>,
    pub(super) history: EventSender<HistoryEntry>,
    discarded: Mutex<BTreeMap<Discarded, u64>>,
    pub(super) status: watch::Sender<Status>,
    pub(super) credential: watch::Sender<Option<CredentialStatus>>,
}

impl Events {
    /// Streams whose readers may fall behind by so many bytes.
    pub(super) fn new(label: Arc<str>, lag_bytes: usize) -> Self {
        Self {
            label,
            warnings: EventSender::new(RECENT, lag_bytes),
            errors: EventSender::new(RECENT, lag_bytes),
            messages: EventSender::new(0, lag_bytes),
            server_events: EventSender::new(0, lag_bytes),
            history: EventSender::new(HISTORY, lag_bytes),
            discarded: Mutex::default(),
            status: watch::Sender::new(Status::Connecting),
            credential: watch::Sender::new(None),
        }
    }

    /// Counts a message that was discarded. A message that cannot be read is an error, once for
    /// each reason; an answer to no open request and an event of an earlier session are not.
    pub(super) fn discarded(&self, at: EpochMillis, why: Discarded) {
        let reason = why.as_str();
        meter::discarded(reason);
        tracing::debug!(session = %self.label, reason, "a message of the space is discarded");
        let mut counts = self.discarded.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(why).or_default();
        *count += 1;
        let is_first = *count == 1;
        drop(counts);
        if is_first && !matches!(why, Discarded::Stale | Discarded::Unexpected) {
            let message =
                format!("a message of the space is discarded ({reason}); further ones are counted");
            self.failed(at, Error::new(ErrorKind::Rpc, message));
        }
    }

    /// The number of messages that were discarded, by reason.
    pub(super) fn discards(&self) -> BTreeMap<Discarded, u64> {
        self.discarded.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Adds to the timeline.
    pub(super) fn happened(&self, at: EpochMillis, event: HistoryEvent) {
        tracing::debug!(session = %self.label, event = event.label(), "session event");
        meter::happened(&event);
        self.add(at, event);
    }

    /// Adds to the timeline, whose texts hold no secrets.
    fn add(&self, at: EpochMillis, mut event: HistoryEvent) {
        let text = match &mut event {
            HistoryEvent::Dropped { reason: text }
            | HistoryEvent::Warning { message: text, .. }
            | HistoryEvent::RefreshFailed { message: text }
            | HistoryEvent::Error { message: text } => Some(text),
            _ => None,
        };
        if let Some(text) = text
            && let Cow::Owned(redacted) = redact(text)
        {
            *text = redacted;
        }
        self.history.send(HistoryEntry::new(at, &*self.label, event));
    }

    pub(super) fn failed(&self, at: EpochMillis, error: Error) {
        let (message, answer) =
            (error_chain(&error), error.response_fault().map(ResponseFault::as_str));
        meter::failed(error.kind());
        tracing::warn!(session = %self.label, answer, error = %message, "session error");
        self.add(at, HistoryEvent::Error { message });
        self.errors.send(error);
    }

    /// A failed attempt to refresh, which the session survives. It is `pressing` when the
    /// credential is about to expire.
    pub(super) fn not_refreshed(&self, at: EpochMillis, error: Error, pressing: bool) {
        let (message, answer) =
            (error_chain(&error), error.response_fault().map(ResponseFault::as_str));
        meter::failed(error.kind());
        let what = "the credential was not refreshed";
        if pressing {
            tracing::warn!(session = %self.label, answer, error = %message, "{what}");
        } else {
            tracing::info!(session = %self.label, answer, error = %message, "{what}");
        }
        self.add(at, HistoryEvent::RefreshFailed { message });
        self.errors.send(error);
    }

    pub(super) fn warned(&self, at: EpochMillis, warning: Warning) {
        let warning = documented(warning);
        let code = warning.code().to_owned();
        meter::warned(&code);
        tracing::warn!(session = %self.label, code, "{}", message(&warning));
        let event = match code.as_str() {
            "credential_expired" => HistoryEvent::Expired,
            _ => HistoryEvent::Warning { code, message: message(&warning).to_owned() },
        };
        self.add(at, event);
        self.warnings.send(warning);
    }

    pub(super) fn set_status(&self, status: Status) {
        self.status.send_if_modified(|old| {
            let old = std::mem::replace(old, status);
            if old != status {
                meter::moved(old, status);
            }
            old != status
        });
    }

    pub(super) fn set_credential(&self, status: CredentialStatus) {
        let status = Some(status);
        self.credential.send_if_modified(|old| std::mem::replace(old, status) != status);
    }

    /// Ends every stream.
    pub(super) fn close(&self) {
        self.set_status(Status::Closed);
        self.warnings.close();
        self.errors.close();
        self.messages.close();
        self.server_events.close();
        self.history.close();
    }
}

/// A warning in the form of the reference; warnings that it does not list have the same shape.
fn documented(warning: Warning) -> SdkWarning {
    let message = warning.to_string();
    match warning {
        Warning::Fallback(reason) => SdkWarning::CredentialRefreshFallback(
            CredentialRefreshFallbackWarning::new(message, reason.as_str().into()),
        ),
        Warning::NoRefreshHandler { expires_at } => SdkWarning::CredentialNoRefreshHandler(
            CredentialNoRefreshHandlerWarning::new(expires_at, message),
        ),
        _ => SdkWarning::Unknown(json!({
            "code": warning.code(), "source": "CredentialProvider", "message": message,
        })),
    }
}

fn message(warning: &SdkWarning) -> &str {
    match warning {
        SdkWarning::CredentialRefreshFallback(warning) => &warning.message,
        SdkWarning::CredentialNoRefreshHandler(warning) => &warning.message,
        SdkWarning::Unknown(value) => value["message"].as_str().unwrap_or_default(),
    }
}
