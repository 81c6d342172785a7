//! What the protocol is told, and what it asks for.

use std::time::Duration;

use serde_json::Value;
use uuid::Uuid;

use super::{CallId, RpcError, ServerMessage};
use crate::{Secret, SessionAuthorization};

/// Everything that can happen to a session.
#[derive(Debug)]
pub(crate) enum Event<'a> {
    /// Be connected.
    Connect,
    /// Be disconnected: close the socket.
    Disconnect,
    /// The credential that [`Action::Prepare`] asked for is at hand.
    Prepared,
    /// No credential goes with the stored state: connect fresh.
    NotResumable,
    /// The space does not take the credential (401 before the socket was opened).
    CredentialRefused,
    /// No credential was to be had.
    PrepareFailed {
        /// Whether to try again; otherwise the session is given up.
        retry: bool,
    },
    /// The socket is open.
    Opened,
    /// The socket could not be opened, or it is gone.
    Closed,
    /// Anything came in that is not a text frame.
    Heard,
    /// A text frame came in.
    Frame(&'a str),
    /// Send a call.
    Call {
        /// The shell's name for it.
        call: CallId,
        /// Its method.
        method: &'a str,
        /// Its params in JSON.
        params: &'a Secret<String>,
        /// Time for the answer; the default without.
        timeout: Option<Duration>,
        /// Whether to keep it for the next session when there is none now.
        queue: bool,
    },
    /// Send a notification, if there is a session.
    Notify {
        /// Its method.
        method: &'a str,
        /// Its params in JSON.
        params: &'a Secret<String>,
    },
    /// Nobody waits for this call any more.
    Cancel(CallId),
    /// Register the subscriber, in later sessions too.
    Register,
    /// Do not have the subscriber registered any more.
    Unregister,
    /// The credential in force on the session is the one to register with.
    Settled,
    /// Give up the socket and connect again.
    Reconnect,
    /// The deadline has come; harmless at any other time.
    Tick,
}

/// What a resume sends besides the credential.
#[derive(Clone, Debug)]
pub(crate) struct Stored {
    pub(crate) authorization_state: Secret<String>,
    pub(crate) protocol: String,
}

/// One thing for the shell to do.
#[derive(Debug)]
pub(crate) enum Action {
    /// Have a credential ready, then report `Prepared`, `NotResumable`, `CredentialRefused` or
    /// `PrepareFailed`.
    Prepare {
        /// The one in force on the session before, for a resume; otherwise the newest.
        resume: bool,
        /// The newest was refused: another one is needed.
        renew: bool,
    },
    /// Open a socket and report `Opened` or `Closed`.
    Open,
    /// Send `signalwire.connect` under this id.
    Authenticate {
        /// The id of the request.
        id: Uuid,
        /// What to resume.
        resume: Option<Stored>,
    },
    /// Send a text frame.
    Send(Secret<String>),
    /// Send a WebSocket ping.
    Ping,
    /// Close the socket; nothing from it is to be reported any more.
    Close,
    /// The session is authenticated.
    Up {
        /// Whether it is the earlier session.
        resumed: bool,
        /// What the space says about it.
        authorization: Box<SessionAuthorization>,
    },
    /// The authenticated session is gone, for this reason as far as the protocol knows it.
    Down(&'static str),
    /// The space refused the stored state, which is dropped.
    ResumeRefused(RpcError),
    /// The space refused a fresh connect.
    ConnectRefused(RpcError),
    /// `signalwire.connect` failed in another way.
    ConnectFailed(RpcError),
    /// The next attempt comes after this pause.
    Paused(Duration),
    /// The session is given up: nothing more is tried until `Connect`.
    GaveUp,
    /// The outcome of a call.
    Answer {
        /// The shell's name for it.
        call: CallId,
        /// Its result in JSON.
        result: Result<Secret<String>, RpcError>,
    },
    /// There is another state to [store](super::Protocol::stored) for a resume.
    StateChanged,
    /// A request of the space that is meant for this session.
    Message(ServerMessage),
    /// An event of the space.
    Server(ServerEvent),
    /// The outcome of `subscriber.online`.
    Registered(Result<(), RpcError>),
    /// The outcome of `subscriber.offline`.
    Unregistered(Result<(), RpcError>),
    /// Disconnected as asked.
    Left,
}

/// An event that the space sent in `signalwire.event`.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ServerEvent {
    /// Its type, such as `call.joined`.
    pub event_type: String,
    /// The channel it came by.
    pub event_channel: Option<String>,
    /// Its own params.
    pub params: Value,
}
