//! The inputs of a session.

use std::time::Duration;

use credwire_core::{EpochMillis, Secret};

use crate::{
    RpcError,
    expiry::ExpiryError,
    scheduler::{Abilities, Failure, OpId},
};

/// The id of one caller that waits for an answer. The owner of the session chooses the number,
/// which is used once, and keeps the caller's channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReplyId(pub u64);

/// The number of a request to the space.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId(pub(crate) u64);

/// The id of one write to the storage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct StoreId(pub(crate) u32);

/// A credential that an operation returned.
#[derive(Clone, Debug)]
pub struct Acquired<T> {
    /// The token, which the session compares with the one before.
    pub token: T,
    /// The expiry in milliseconds since the Unix epoch, by the issuer's clock.
    pub expiry: Option<EpochMillis>,
    /// The lifetime, counted from receipt. It takes precedence over `expiry`.
    pub lifetime: Option<Duration>,
    /// The lifetime that is assumed without `expiry` and `lifetime`: an activated token lasts as
    /// long as the SAT that it comes from, and any other token this long, until the space sends an
    /// expiry.
    pub assumed: Option<Duration>,
}

/// The subscriber's profile that the space sent, as far as a session needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Whether the token's claims carry `sat:refresh`; `None` when the space does not send the
    /// claims.
    pub sat_refresh: Option<bool>,
    /// The expiry of the token, if the space sent one.
    pub expiry: Result<Option<EpochMillis>, ExpiryError>,
}

/// The authorization that the space sent for an accepted session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authorization {
    /// `authorization.project_id`.
    pub project: String,
    /// Whether the credential carries `sat:refresh`.
    pub sat_refresh: bool,
    /// The expiry of the credential, if the space sent one.
    pub expiry: Result<Option<EpochMillis>, ExpiryError>,
}

/// The answer to a request, by its method.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SpaceReply {
    /// The result of `signalwire.connect`.
    Connected {
        /// The name of the session at the space.
        protocol: String,
        /// The authorization of the session.
        authorization: Authorization,
    },
    /// The result of `signalwire.reauthenticate`; `None` when it has another form.
    Reauthenticated(Option<Authorization>),
    /// The result of any other request, in JSON.
    Done(Secret<String>),
    /// A JSON-RPC error, or no answer within the timeout.
    Failed(RpcError),
}

/// An event that a session handles. `T` is the token and `R` the reason of a failure.
#[derive(Debug)]
pub enum Input<'a, T, R> {
    /// The application connects for the first time.
    Start(ReplyId),
    /// An operation returned a credential.
    Acquired {
        /// The id of the operation.
        id: OpId,
        /// The acquired credential.
        credential: Acquired<T>,
    },
    /// An operation returned no credential.
    NotAcquired {
        /// The id of the operation.
        id: OpId,
        /// Whether another call may succeed.
        failure: Failure,
        /// Whether every later answer of this kind breaks the same rule, such as a token of a
        /// foreign space. The first connect fails with it.
        is_final: bool,
        /// The reason of the failure.
        reason: R,
    },
    /// An operation panicked; its payload is dropped unseen.
    AcquirePanicked(OpId),
    /// The space's time was read from an answer, or an earlier reading is no longer valid.
    ServerTime(Option<EpochMillis>),
    /// [`Output::ReadServerTime`](crate::Output::ReadServerTime) was carried out, successfully or
    /// not.
    ServerTimeRead,
    /// The space returned the subscriber's profile.
    Identified(Profile),
    /// The space did not return the subscriber's profile.
    NotIdentified {
        /// Whether the space refuses the credential in its own form.
        refused: bool,
        /// The least time to wait, from `Retry-After`.
        retry_after: Option<Duration>,
        /// The reason of the failure.
        reason: R,
    },
    /// The socket is open.
    Opened,
    /// The socket could not be opened.
    NotOpened {
        /// The least time to wait, from `Retry-After`.
        retry_after: Option<Duration>,
        /// The reason of the failure.
        reason: R,
    },
    /// The socket was closed or lost.
    Closed {
        /// The code of the close frame (RFC 6455, section 7.4), if one was received.
        code: Option<u16>,
        /// The reason in words.
        reason: String,
    },
    /// A text frame was received.
    Frame(&'a str),
    /// A binary message was received, which the protocol does not have.
    Binary,
    /// A WebSocket ping or pong was received.
    Control,
    /// The answer in a frame, for a simulated space without frames.
    Reply(RequestId, SpaceReply),
    /// An authorization state of the space, for a simulated space.
    State(Secret<String>),
    /// The space announced the end of the session, for a simulated space.
    Announced,

    /// The application sends a call.
    Call {
        /// The caller that waits for the answer.
        reply: ReplyId,
        /// The method of the call.
        method: &'a str,
        /// The params in JSON.
        params: &'a Secret<String>,
        /// The timeout of the answer; `None` selects the default.
        timeout: Option<Duration>,
    },
    /// The caller no longer waits for this call.
    Cancel(ReplyId),
    /// The application sends a notification, if there is a session.
    Notify {
        /// The caller that waits for the outcome.
        reply: ReplyId,
        /// The method of the notification.
        method: &'a str,
        /// The params in JSON.
        params: &'a Secret<String>,
    },
    /// The application registers the subscriber, in later sessions too.
    Register(ReplyId),
    /// The application unregisters the subscriber.
    Unregister(ReplyId),
    /// The application refreshes the credential now.
    RefreshNow(ReplyId),
    /// The space no longer accepts the newest credential, as a 401 elsewhere shows.
    Invalidate,
    /// The application supplies a credential.
    SetCredential {
        /// The caller that waits for the outcome.
        reply: ReplyId,
        /// The credential to use.
        credential: Acquired<T>,
    },
    /// The application closes the session and lets nothing start.
    Suspend(ReplyId),
    /// The application connects again.
    Resume,
    /// The application closes the session and the client.
    Shutdown {
        /// The time within which an operation in flight may finish.
        patience: Duration,
        /// The caller that waits for the end.
        reply: ReplyId,
    },
    /// The application closes the session and deletes it; the client is suspended afterwards.
    Reset {
        /// What the client supports from now on.
        abilities: Abilities,
        /// The caller that waits for the outcome.
        reply: ReplyId,
    },
    /// Whether the provider has `refresh()`, as it was just asked.
    CanRefresh(bool),
    /// The DPoP key is lost or does not match.
    KeyLost,
    /// A write to the storage finished.
    Stored {
        /// The id of the write.
        id: StoreId,
        /// The outcome of the write.
        result: Result<(), R>,
    },
    /// The deadline has come. At any other time this input changes nothing.
    Tick,
}
