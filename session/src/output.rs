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
    /// The expiry in milliseconds since the Unix epoch, by the space's clock.
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

/// A text frame to send to the space.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame<T> {
    /// `signalwire.connect`.
    Connect {
        /// The id of the request.
        id: RequestId,
        /// The token to authenticate with.
        token: T,
        /// Whether a proof of possession is sent with it, if there is a key.
        proof: bool,
        /// The state to resume.
        resume: Option<Arc<ResumeState>>,
    },
    /// `signalwire.reauthenticate`.
    Reauthenticate {
        /// The id of the request.
        id: RequestId,
        /// The token to authenticate with.
        token: T,
        /// The project of the session.
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
        /// The id of the operation.
        id: OpId,
        /// The operation to call.
        kind: OpKind,
        /// The newest token, which is sent to the device endpoints; the new token has to be for the
        /// same space. `None` for `authenticate()`, whose token may be for another space.
        token: Option<T>,
    },
    /// Drop the operation.
    Abort(OpId),
    /// Request the space of this token to read its time, without sending the token; report
    /// [`Input::ServerTimeRead`](crate::Input::ServerTimeRead).
    ReadServerTime(T),
    /// Request the subscriber's profile with this token; report `Identified` or `NotIdentified`.
    Identify(T),
    /// Open a socket to the space of this token; report `Opened` or `NotOpened`.
    Open(T),
    /// Close the socket and drop whatever is in flight to open one. Nothing of it is reported any
    /// more.
    Close,
    /// Send a text frame.
    SendFrame(Frame<T>),
    /// Send a WebSocket ping.
    Ping,
    /// Store the session in place of the stored one, or delete that; report
    /// [`Input::Stored`](crate::Input::Stored).
    Store {
        /// The id of the write.
        id: StoreId,
        /// The session to store; `None` deletes the stored one.
        session: Option<SavedSession<T>>,
    },
    /// Answer a caller.
    Answer(ReplyId, Answer<R>),
    /// Report an event.
    Event(SessionEvent<R>),
    /// The client has closed. Outputs after it are the last write, its failure, and answers to
    /// callers that come too late.
    Ended,
}

/// The answer to a caller.
#[derive(Clone, Debug)]
pub enum Answer<R> {
    /// The answer to [`Input::Start`](crate::Input::Start).
    Started(Result<(), Problem<R>>),
    /// The answer to a call: its result in JSON.
    Called(Result<Secret<String>, RpcError>),
    /// The answer to a notification and to registrations.
    Done(Result<(), RpcError>),
    /// The answer to [`Input::RefreshNow`](crate::Input::RefreshNow) and `SetCredential`.
    Refreshed(Result<(), RefreshError>),
    /// The answer to `Suspend`, `Shutdown` and `Reset`.
    Left,
}

/// An event of a session, for streams, logs and metrics.
#[derive(Clone, Debug)]
pub enum SessionEvent<R> {
    /// The status changed.
    Status(Status),
    /// The provider's `authenticate()` returned a credential.
    Authenticated,
    /// A new credential was acquired.
    Credential {
        /// Whether the credential is bound to the client's key.
        kind: CredentialKind,
        /// The operation that acquired it; `None` for a saved or supplied one.
        origin: Option<OpKind>,
        /// The expiry in milliseconds since the Unix epoch, by the space's clock.
        expiry: Option<EpochMillis>,
    },
    /// The first session is authenticated.
    Connected,
    /// The earlier session was resumed.
    Resumed,
    /// Another session is authenticated.
    Reconnected,
    /// The new credential is in force on the session.
    Reauthenticated,
    /// The session is bound to the client's key.
    Activated,
    /// The session was lost for this reason.
    Dropped(Cow<'static, str>),
    /// The client closed the session.
    Left,
    /// The next attempt starts after this time.
    Waiting(Duration),
    /// A warning was issued.
    Warned(Warning),
    /// A request failed, and the session continues without it.
    Failed(Problem<R>),
    /// The credential was not refreshed.
    NotRefreshed {
        /// The reason of the failure.
        problem: Problem<R>,
        /// Whether the mandatory window of the credential is open.
        urgent: bool,
    },
    /// An operation finished.
    OperationEnded {
        /// The kind of the operation.
        kind: OpKind,
        /// The result of the operation.
        result: crate::scheduler::OutcomeResult,
    },
    /// A request of the space in this session.
    Message(ServerMessage),
    /// An event of the space that the session does not handle itself.
    Server(ServerEvent),
    /// A message of the space was discarded for this reason.
    Discarded(Discarded),
}

/// The reason for which a message of the space was discarded and reaches no reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Discarded {
    /// The message is binary.
    Binary,
    /// The message is not JSON-RPC.
    NotJsonRpc,
    /// The message is an event of an earlier session.
    Stale,
    /// The message is an event whose params do not have the documented form.
    Malformed,
    /// The message answers no open request.
    Unexpected,
}

impl Discarded {
    /// Returns the reason in words, for logs and metrics.
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

/// The reason of a failure.
#[derive(Clone, Debug, PartialEq)]
pub enum Problem<R> {
    /// The reason that the owner of the session reported.
    Reason(R),
    /// An operation did not finish within its timeout.
    TimedOut(OpKind),
    /// An operation panicked.
    Panicked(OpKind),
    /// The client closed before an operation finished.
    Abandoned(OpKind),
    /// A step of an attempt did not finish within its timeout.
    NoAnswer(Step),
    /// The space's time cannot be read, and the credential has expired by our clock.
    TimeUnknown,
    /// A credential had already expired on arrival.
    ExpiredOnArrival,
    /// A refresh or the provider returned the old token again.
    SameToken,
    /// The space did not resume the session.
    ResumeRefused(RpcError),
    /// The space refused the credential.
    ConnectRefused(RpcError),
    /// The session was not authenticated.
    ConnectFailed(RpcError),
    /// The session did not accept the new credential.
    ReauthenticationFailed(RpcError),
    /// The subscriber was not registered; the request is repeated.
    RegistrationFailed(RpcError),
    /// The subscriber was not registered, and the request is not repeated in this session.
    RegistrationRefused(RpcError),
    /// The subscriber was not unregistered; the request is repeated.
    UnregistrationFailed(RpcError),
    /// The expiry that the space sent for a credential cannot be read.
    UnreadableExpiry(Step, ExpiryError),
    /// The socket was lost before the session was authenticated.
    Lost(Cow<'static, str>),
    /// The session was not stored within the timeout.
    NotStored,
    /// No session was authenticated within the deadline of the first connect; the newest reason is
    /// attached.
    Unreachable(Option<Box<Problem<R>>>),
    /// The client was closed.
    Closed,
}

/// A step of an attempt to connect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// The request for the space's time.
    ServerTime,
    /// The request for the subscriber's profile.
    Identify,
    /// The opening of a socket.
    Open,
    /// `signalwire.connect`.
    Connect,
    /// `signalwire.reauthenticate`.
    Reauthenticate,
}

/// The methods that a session calls on its own.
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
