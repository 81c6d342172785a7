//! The history of a session with the time of each event.

use std::{fmt, sync::Arc};

use credwire_core::EpochMillis;
use serde::{Deserialize, Serialize};

/// An event of a session, with its time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct HistoryEntry {
    /// The time in milliseconds since the Unix epoch, by the wall clock.
    pub at: EpochMillis,
    /// The label of the session, chosen by whoever records.
    pub session: Arc<str>,
    /// The event of the session.
    #[serde(flatten)]
    pub event: HistoryEvent,
}

impl HistoryEntry {
    /// Creates an entry for an event of the session called `session`.
    pub fn new(at: EpochMillis, session: impl Into<Arc<str>>, event: HistoryEvent) -> Self {
        Self { at, session: session.into(), event }
    }
}

/// An event in the history of a session. Texts are for operators and contain no secrets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case", rename_all_fields = "camelCase")]
#[non_exhaustive]
pub enum HistoryEvent {
    /// The provider answered `authenticate()`.
    Authenticated,
    /// A credential is the newest one from now on.
    Credential {
        /// The origin of the credential, which decides what it is bound to.
        kind: CredentialOrigin,
        /// The expiry in milliseconds since the Unix epoch; `None` without one.
        expires_at: Option<EpochMillis>,
    },
    /// The space accepted a fresh connect.
    Connected,
    /// The session is bound to the client's key: the Client Bound SAT is armed.
    Activated,
    /// The credential was replaced on schedule.
    Rotated,
    /// The newest credential is in force on the live session.
    Reauthenticated,
    /// The socket was lost.
    Dropped {
        /// The close code or the cause, in words.
        reason: String,
    },
    /// The space resumed the session from its stored state.
    Resumed,
    /// The space accepted a fresh connect after a loss.
    Reconnected,
    /// A warning of the SDK or of the runtime.
    Warning {
        /// The stable code, with the reason when it has one.
        code: String,
        /// The text of the warning.
        message: String,
    },
    /// A refresh failed; the credential stays in use.
    RefreshFailed {
        /// The message of the error.
        message: String,
    },
    /// The credential ended without a successor.
    Expired,
    /// An error was reported.
    Error {
        /// The message of the error.
        message: String,
    },
    /// The client closed the session.
    Disconnected,
}

/// The origin of a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum CredentialOrigin {
    /// The SAT that the provider's `authenticate()` returned.
    Sat,
    /// A SAT that the provider's `refresh()` returned.
    Refreshed,
    /// A Client Bound SAT, which works only with the client's key (DPoP, RFC 9449).
    ClientBound,
}

impl CredentialOrigin {
    /// Every kind, in the order of the legend.
    #[cfg(feature = "timeline")]
    pub(crate) const ALL: [Self; 3] = [Self::Sat, Self::ClientBound, Self::Refreshed];

    /// Returns the origin in words.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sat => "SAT",
            Self::Refreshed => "refreshed SAT",
            Self::ClientBound => "Client Bound SAT",
        }
    }
}

impl HistoryEvent {
    /// Returns the event in a few words.
    pub fn label(&self) -> &str {
        match self {
            Self::Authenticated => "authenticated",
            Self::Credential { kind: CredentialOrigin::Sat, .. } => "SAT received",
            Self::Credential { kind: CredentialOrigin::Refreshed, .. } => "refreshed SAT received",
            Self::Credential { kind: CredentialOrigin::ClientBound, .. } => {
                "Client Bound SAT received"
            }
            Self::Connected => "connected",
            Self::Activated => "activated",
            Self::Rotated => "rotated",
            Self::Reauthenticated => "reauthenticated",
            Self::Dropped { .. } => "socket dropped",
            Self::Resumed => "resumed",
            Self::Reconnected => "reconnected",
            Self::Warning { code, .. } => code,
            Self::RefreshFailed { .. } => "refresh failed",
            Self::Expired => "expired",
            Self::Error { .. } => "error",
            Self::Disconnected => "disconnected",
        }
    }

    /// Returns the details of the event, such as the text of a warning.
    pub fn detail(&self) -> Option<&str> {
        match self {
            Self::Dropped { reason: text }
            | Self::Warning { message: text, .. }
            | Self::RefreshFailed { message: text }
            | Self::Error { message: text } => Some(text),
            _ => None,
        }
    }
}

impl fmt::Display for HistoryEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())?;
        self.detail().map_or(Ok(()), |detail| write!(f, ": {detail}"))
    }
}

impl fmt::Display for HistoryEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.at, self.session, self.event)
    }
}

impl fmt::Display for CredentialOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
