//! What a client reports about itself, for timelines and operators.

use std::{fmt, sync::Arc, time::Duration};

use crate::{EpochMillis, RefreshMechanism, SdkWarning};

/// Something that happened in one client. Holds no secret.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Event {
    /// When it happened, by the client's wall clock.
    pub at: EpochMillis,
    /// The label of the client, as given to its builder.
    pub session: Arc<str>,
    /// What happened.
    pub what: EventKind,
}

impl Event {
    /// An event of the client labelled `session`.
    pub fn new(at: EpochMillis, session: impl Into<Arc<str>>, what: EventKind) -> Self {
        Self { at, session: session.into(), what }
    }
}

/// The kinds of [`Event`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum EventKind {
    /// A provider or device endpoint was asked for a credential.
    OperationStarted {
        /// What was asked.
        operation: Operation,
    },
    /// It gave none.
    OperationFailed {
        /// What was asked.
        operation: Operation,
        /// Whether asking again can help.
        transient: bool,
        /// The error and its sources, without secrets.
        reason: String,
    },
    /// A new credential is in the client's hands.
    CredentialObtained {
        /// Where it came from.
        operation: Operation,
        /// Number of this credential in this client; increases with every new one.
        generation: u64,
        /// When it ends, if known.
        expires_at: Option<EpochMillis>,
        /// Whether it is bound to the client's key (Client Bound SAT).
        bound: bool,
    },
    /// The live session runs on this credential from now on.
    CredentialApplied {
        /// Its number.
        generation: u64,
    },
    /// The space refused a new credential for the live session.
    CredentialRefused {
        /// Its number.
        generation: u64,
        /// The error, without secrets.
        reason: String,
    },
    /// The credential in use ended before a new one came.
    CredentialExpired,
    /// The mechanism that keeps the credential fresh is now this one.
    MechanismSelected {
        /// The mechanism.
        mechanism: RefreshMechanism,
    },
    /// A socket is being opened.
    SocketOpening {
        /// `host` or `host:port`.
        host: String,
        /// Attempt since the last authenticated session, from 1.
        attempt: u32,
    },
    /// The socket is open.
    SocketOpened,
    /// The socket is gone.
    SocketClosed {
        /// What happened: a close code, an IO error, a wish of the client.
        reason: String,
    },
    /// The next attempt to connect comes after a pause.
    ReconnectScheduled {
        /// The pause.
        after: Duration,
    },
    /// `signalwire.connect` succeeded.
    SessionUp {
        /// Number of this authenticated session in this client.
        epoch: u64,
        /// Whether the space resumed the earlier session.
        resumed: bool,
    },
    /// The space refused to resume the earlier session; a fresh one follows.
    ResumeRefused {
        /// JSON-RPC error code.
        code: i64,
    },
    /// The subscriber is registered (`subscriber.online`).
    Online,
    /// The subscriber is no longer registered (`subscriber.offline`).
    Offline,
    /// A warning as the reference documents it.
    Warning(SdkWarning),
    /// The client ended.
    Closed,
}

/// The four ways to a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Operation {
    /// `authenticate` of the provider.
    Authenticate,
    /// `refresh` of the provider.
    Refresh,
    /// `devices/token`: the first Client Bound SAT of a session.
    Activate,
    /// `devices/refresh`: the next Client Bound SAT.
    Rotate,
}

impl Operation {
    /// A stable lower-case name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Authenticate => "authenticate",
            Self::Refresh => "refresh",
            Self::Activate => "activate",
            Self::Rotate => "rotate",
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
