//! The outputs of a session.

use std::{borrow::Cow, fmt, sync::Arc, time::Duration};

use credwire_core::{EpochMillis, Secret};
use serde::{Deserialize, Serialize};

use crate::{
    RpcError, ServerEvent, ServerMessage, Status,
    expiry::ExpiryError,
    input::{ReplyId, RequestId, StoreId},
    scheduler::{CredentialKind, OpId, OpKind, RefreshError, Warning},
};

/// What a resume sends besides the credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResumeState {
    /// The authorization state as the space sent it.
    pub authorization_state: Secret<String>,
    /// The name of the session at the space.
    pub protocol: String,
}

/// A credential as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedCredential<T> {
    /// The token.
    pub token: T,
    /// Whether it is bound to the client's key.
    pub kind: CredentialKind,
    /// When it expires, by the space's clock.
    pub expiry: Option<EpochMillis>,
}

/// A session as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedSession<T> {
    /// The credential in force on the session, or one that can start another.
    pub credential: SavedCredential<T>,
    /// What a resume sends. Without it the credential can only start another session.
    pub resume: Option<Arc<ResumeState>>,
    /// A newer credential, which has not been sent to the session yet.
    pub newer: Option<SavedCredential<T>>,
}

/// A text frame for the space.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame<T> {
    /// `signalwire.connect`.
    Connect {
        /// Names the request.
        id: RequestId,
        /// The credential.
        token: T,
        /// Whether a proof of possession goes with it, if there is a key.
        proof: bool,
        /// What to resume.
        resume: Option<Arc<ResumeState>>,
    },
    /// `signalwire.reauthenticate`.
    Reauthenticate {
        /// Names the request.
        id: RequestId,
        /// The credential.
        token: T,
        /// Of the session.
        project: Arc<str>,
    },
    /// `subscriber.online`.
    Online(RequestId),
    /// `subscriber.offline`.
    Offline(RequestId),
    /// A frame that is already text.
    Text(Secret<String>),
}

/// One thing for the owner of the session to do.
#[derive(Clone, Debug)]
pub enum Output<T, R> {
    /// Start an operation and report [`Input::Acquired`](crate::Input::Acquired), `NotAcquired` or
    /// `AcquirePanicked` with its id.
    Acquire {
        /// Its id.
        id: OpId,
        /// What to call.
        kind: OpKind,
        /// The newest credential, which is sent to the device endpoints; the new one has to be for
        /// the same space. `None` for `authenticate()`, whose credential may be for another.
        token: Option<T>,
    },
    /// Drop the operation.
    Abort(OpId),
    /// Ask the space of this token for its time, without showing it; report
    /// [`Input::ServerTimeRead`](crate::Input::ServerTimeRead).
    ReadServerTime(T),
    /// Ask who the subscriber is; report `Identified` or `NotIdentified`.
    Identify(T),
    /// Open a socket to the space of this token; report `Opened` or `NotOpened`.
    Open(T),
    /// Close the socket and drop whatever is in flight on the way to one. Nothing of it is to be
    /// reported any more.
    Close,
    /// Send a text frame.
    SendFrame(Frame<T>),
    /// Send a WebSocket ping.
    Ping,
    /// Store the session in place of what was stored, or forget that; report
    /// [`Input::Stored`](crate::Input::Stored).
    Store {
        /// Names the write.
        id: StoreId,
        /// What to store.
        session: Option<SavedSession<T>>,
    },
    /// Answer a caller.
    Answer(ReplyId, Answer<R>),
    /// Report an event.
    Event(SessionEvent<R>),
    /// The client has ended. What follows is the last write, its failure, and answers to callers who
    /// come too late.
    Ended,
}

/// The answer to a caller.
#[derive(Clone, Debug)]
pub enum Answer<R> {
    /// To [`Input::Start`](crate::Input::Start).
    Started(Result<(), Problem<R>>),
    /// To a call: its result in JSON.
    Called(Result<Secret<String>, RpcError>),
    /// To a notification and to registrations.
    Done(Result<(), RpcError>),
    /// To [`Input::RefreshNow`](crate::Input::RefreshNow) and `SetCredential`.
    Refreshed(Result<(), RefreshError>),
    /// To `Suspend`, `Shutdown` and `Reset`.
    Left,
}

/// What happened, for streams, logs and metrics.
#[derive(Clone, Debug)]
pub enum SessionEvent<R> {
    /// The status changed.
    Status(Status),
    /// The provider's `authenticate()` gave a credential.
    Authenticated,
    /// There is a new credential.
    Credential {
        /// Whether it is bound.
        kind: CredentialKind,
        /// The operation that gave it; `None` for one that was saved or set.
        origin: Option<OpKind>,
        /// When it expires, by the space's clock.
        expiry: Option<EpochMillis>,
    },
    /// The first session is up.
    Connected,
    /// The earlier session was resumed.
    Resumed,
    /// Another session is up.
    Reconnected,
    /// The new credential is in force on the session.
    Reauthenticated,
    /// The session is bound to the client's key.
    Activated,
    /// The session was lost, for this reason.
    Dropped(Cow<'static, str>),
    /// The session was left.
    Left,
    /// The next attempt starts after this time.
    Waiting(Duration),
    /// A warning.
    Warned(Warning),
    /// Something failed, and the session goes on without it.
    Failed(Problem<R>),
    /// The credential was not refreshed.
    NotRefreshed {
        /// Why.
        problem: Problem<R>,
        /// Whether the credential is about to expire.
        urgent: bool,
    },
    /// An operation ended.
    OperationEnded {
        /// Which.
        kind: OpKind,
        /// How.
        result: crate::scheduler::OutcomeResult,
    },
    /// A request of the space in this session.
    Message(ServerMessage),
    /// An event of the space that the session does not handle itself.
    Server(ServerEvent),
    /// A message of the space was discarded, for this reason.
    Discarded(Discarded),
}

/// Why a message of the space was discarded: no reader gets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Discarded {
    /// It is a binary message.
    Binary,
    /// It is not JSON-RPC.
    NotJsonRpc,
    /// It is an event of an earlier session.
    Stale,
    /// It is an event whose params do not have the documented form.
    Malformed,
    /// It is an answer to no open request.
    Unexpected,
}

impl Discarded {
    /// The reason in words, for logs and metrics.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Binary => "binary",
            Self::NotJsonRpc => "not-json-rpc",
            Self::Stale => "stale",
            Self::Malformed => "malformed",
            Self::Unexpected => "unexpected",
        }
    }
}

impl fmt::Display for Discarded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What went wrong.
#[derive(Clone, Debug, PartialEq)]
pub enum Problem<R> {
    /// The reason that the owner of the session reported.
    Reason(R),
    /// An operation had no answer in time.
    TimedOut(OpKind),
    /// An operation panicked.
    Panicked(OpKind),
    /// The client ended before an operation did.
    Abandoned(OpKind),
    /// A step of an attempt had no answer in time.
    NoAnswer(Step),
    /// The space's time cannot be read, and by our clock the credential has expired.
    TimeUnknown,
    /// A credential had expired when it came.
    ExpiredOnArrival,
    /// A refresh or the provider gave the old token again.
    SameToken,
    /// The space did not resume the session.
    ResumeRefused(RpcError),
    /// The space refused the credential.
    ConnectRefused(RpcError),
    /// The session was not authenticated.
    ConnectFailed(RpcError),
    /// The session did not take the new credential.
    ReauthenticationFailed(RpcError),
    /// The subscriber was not registered; it is tried again.
    RegistrationFailed(RpcError),
    /// The subscriber was not registered, and will not be in this session.
    RegistrationRefused(RpcError),
    /// The registration was not taken back; it is tried again.
    UnregistrationFailed(RpcError),
    /// The expiry that the space sent for a credential cannot be read.
    UnreadableExpiry(Step, ExpiryError),
    /// The socket was lost while the session was set up.
    Lost(Cow<'static, str>),
    /// The session was not stored in time.
    NotStored,
    /// No session within the deadline of the first connect, with the newest reason.
    Unreachable(Option<Box<Problem<R>>>),
    /// The client was closed.
    Closed,
}

/// A step on the way to a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// Asking for the space's time.
    ServerTime,
    /// Asking who the subscriber is.
    Identify,
    /// Opening a socket.
    Open,
    /// `signalwire.connect`.
    Connect,
    /// `signalwire.reauthenticate`.
    Reauthenticate,
}

/// The methods that a session calls by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SessionMethod {
    /// `signalwire.connect`.
    Connect,
    /// `signalwire.reauthenticate`.
    Reauthenticate,
    /// `subscriber.online`.
    Online,
    /// `subscriber.offline`.
    Offline,
}
