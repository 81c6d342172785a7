//! Everything a client tells the outside.

use std::sync::Arc;

use serde_json::json;
use tokio::sync::watch;

use super::{BadAnswer, Error, Status, error::chain, meter, report::Report};
use crate::{
    CredentialNoRefreshHandlerWarning, CredentialRefreshFallbackWarning, EpochMillis, SdkWarning,
    lifecycle::{CredentialStatus, Warning},
    session::{ServerEvent, ServerMessage},
    timeline::{Entry, Event},
};

/// Recent warnings and errors that late readers still see.
const RECENT: usize = 16;
/// Recent timeline entries that late readers still see.
const HISTORY: usize = 256;

/// The streams and values that outlive the client's task, shared with its handles.
#[derive(Debug)]
pub(super) struct Outlet {
    label: Arc<str>,
    pub(super) warnings: Report<SdkWarning>,
    pub(super) errors: Report<Error>,
    pub(super) messages: Report<ServerMessage>,
    pub(super) events: Report<ServerEvent>,
    pub(super) history: Report<Entry>,
    pub(super) status: watch::Sender<Status>,
    pub(super) credential: watch::Sender<Option<CredentialStatus>>,
}

impl Outlet {
    pub(super) fn new(label: Arc<str>) -> Self {
        Self {
            label,
            warnings: Report::new(RECENT),
            errors: Report::new(RECENT),
            messages: Report::new(0),
            events: Report::new(0),
            history: Report::new(HISTORY),
            status: watch::Sender::new(Status::Connecting),
            credential: watch::Sender::new(None),
        }
    }

    /// Adds to the timeline.
    pub(super) fn happened(&self, at: EpochMillis, event: Event) {
        tracing::debug!(session = %self.label, event = event.label(), "session event");
        meter::happened(&event);
        self.history.send(Entry::new(at, &*self.label, event));
    }

    pub(super) fn failed(&self, at: EpochMillis, error: Error) {
        let (message, answer) = (chain(&error), error.bad_answer().map(BadAnswer::as_str));
        meter::failed(error.kind());
        tracing::warn!(session = %self.label, answer, error = %message, "session error");
        self.history.send(Entry::new(at, &*self.label, Event::Error { message }));
        self.errors.send(error);
    }

    /// A failed attempt to refresh, which the session survives. It is `pressing` when the
    /// credential is about to expire.
    pub(super) fn not_refreshed(&self, at: EpochMillis, error: Error, pressing: bool) {
        let (message, answer) = (chain(&error), error.bad_answer().map(BadAnswer::as_str));
        meter::failed(error.kind());
        let what = "the credential was not refreshed";
        if pressing {
            tracing::warn!(session = %self.label, answer, error = %message, "{what}");
        } else {
            tracing::info!(session = %self.label, answer, error = %message, "{what}");
        }
        let event = Event::RefreshFailed { message };
        self.history.send(Entry::new(at, &*self.label, event));
        self.errors.send(error);
    }

    pub(super) fn warned(&self, at: EpochMillis, warning: Warning) {
        let warning = documented(warning);
        let code = warning.code().to_owned();
        meter::warned(&code);
        tracing::warn!(session = %self.label, code, "{}", message(&warning));
        let event = match code.as_str() {
            "credential_expired" => Event::Expired,
            _ => Event::Warning { code, message: message(&warning).to_owned() },
        };
        self.history.send(Entry::new(at, &*self.label, event));
        self.warnings.send(warning);
    }

    pub(super) fn set_status(&self, status: Status) {
        self.status.send_if_modified(|old| {
            let old = std::mem::replace(old, status);
            if old.is_connected() != status.is_connected() {
                meter::live(status.is_connected());
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
        self.events.close();
        self.history.close();
    }
}

/// A warning in the form of the reference; those it does not know are of the same shape.
fn documented(warning: Warning) -> SdkWarning {
    let (code, message) = match warning {
        Warning::Fallback(reason) => {
            let message = format!(
                "the provider's refresh() keeps the session fresh in place of a Client Bound SAT \
                 ({})",
                reason.as_str()
            );
            return SdkWarning::CredentialRefreshFallback(CredentialRefreshFallbackWarning::new(
                message,
                reason.as_str().into(),
            ));
        }
        Warning::NoRefreshHandler { expires_at } => {
            return SdkWarning::CredentialNoRefreshHandler(CredentialNoRefreshHandlerWarning::new(
                expires_at,
                "nothing refreshes this credential, so the session ends with it: implement \
                 refresh(), or mint the SAT with the sat:refresh scope",
            ));
        }
        Warning::RefreshStopped => (
            "credential_refresh_stopped",
            "no way to refresh is left; the session lasts until its credential expires",
        ),
        Warning::CredentialExpired => {
            ("credential_expired", "the credential expired before there was another")
        }
        Warning::ExpiredOnArrival => (
            "credential_expired_on_arrival",
            "a credential had expired when it arrived: check the clocks, and any cache it came from",
        ),
        Warning::SameToken => {
            ("credential_unchanged", "a refresh gave the old token again, and no later expiry")
        }
        Warning::EarlierExpiry => (
            "credential_expires_earlier",
            "a new credential expires before the one that it replaces",
        ),
        Warning::ExpiryUnknown => (
            "credential_expiry_unknown",
            "nobody says when the credential expires, so no refresh is scheduled for it",
        ),
        Warning::DpopKeyLost => {
            ("dpop_key_lost", "the key is lost, and with it the use of tokens bound to it")
        }
    };
    SdkWarning::Unknown(json!({ "code": code, "source": "CredentialProvider", "message": message }))
}

fn message(warning: &SdkWarning) -> &str {
    match warning {
        SdkWarning::CredentialRefreshFallback(warning) => &warning.message,
        SdkWarning::CredentialNoRefreshHandler(warning) => &warning.message,
        SdkWarning::Unknown(value) => value["message"].as_str().unwrap_or_default(),
    }
}
