//! The inputs of a session.

use std::time::Duration;

use credwire_core::{EpochMillis, Secret};

use crate::{
    RpcError,
    expiry::ExpiryError,
    scheduler::{Abilities, Failure, OpId},
};

/// Names one caller who waits for an answer. The owner of the session chooses the number, which is
/// used once, and keeps the caller's channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReplyId(pub u64);

/// The number of a request to the space.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId(pub(crate) u64);

/// Names one write to the storage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct StoreId(pub(crate) u32);

/// A credential that an operation gave.
#[derive(Clone, Debug)]
pub struct Acquired<T> {
    /// The token; the session compares it with the one before.
    pub token: T,
    /// When it expires, by the clock of whoever issued it.
    pub expiry: Option<EpochMillis>,
    /// How long it lasts from its receipt, which takes precedence.
    pub lifetime: Option<Duration>,
    /// The lifetime that is assumed where neither is given: an activated token lasts as long as the
    /// SAT that it comes from, and any other this long, until the space says when it ends.
    pub assumed: Option<Duration>,
}

/// What the space says of the subscriber, as far as a session needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Whether the token's claims carry `sat:refresh`; `None` when
    /// the space does not send the claims.
    pub sat_refresh: Option<bool>,
    /// When the token expires, if the space says so.
    pub expiry: Result<Option<EpochMillis>, ExpiryError>,
}

/// What the space says of a session that it takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authorization {
    /// `authorization.project_id`.
    pub project: String,
    /// Whether the credential carries `sat:refresh`.
    pub sat_refresh: bool,
    /// When the credential expires, if the space says so.
    pub expiry: Result<Option<EpochMillis>, ExpiryError>,
}

/// The answer to a request, by what was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SpaceReply {
    /// To `signalwire.connect`.
    Connected {
        /// The name of the session at the space.
        protocol: String,
        /// About its credential.
        authorization: Authorization,
    },
    /// To `signalwire.reauthenticate`; `None` when the result has another form.
    Reauthenticated(Option<Authorization>),
    /// To anything else: the result in JSON.
    Done(Secret<String>),
    /// An error, or no answer in time.
    Failed(RpcError),
}

/// Everything that can happen to a session. `T` is the token and `R` the reason of a failure.
#[derive(Debug)]
pub enum Input<'a, T, R> {
    /// Connect for the first time.
    Start(ReplyId),
    /// An operation gave a credential.
    Acquired {
        /// The operation.
        id: OpId,
        /// The credential.
        credential: Acquired<T>,
    },
    /// An operation gave no credential.
    NotAcquired {
        /// The operation.
        id: OpId,
        /// Whether asking again may help.
        failure: Failure,
        /// Whether the answer breaks a rule that no later answer of the kind will keep, such as a
        /// token of a foreign space: the first connect ends with it.
        is_final: bool,
        /// Why.
        reason: R,
    },
    /// An operation panicked; its payload is dropped unseen.
    AcquirePanicked(OpId),
    /// The space's time was read from an answer, or what was read before no longer holds.
    ServerTime(Option<EpochMillis>),
    /// [`Output::ReadServerTime`](crate::Output::ReadServerTime) was carried out, with whatever success.
    ServerTimeRead,
    /// The space answered who the subscriber is.
    Identified(Profile),
    /// The space did not answer who the subscriber is.
    NotIdentified {
        /// Whether it refuses the credential in its own form.
        refused: bool,
        /// The least time to wait, from `Retry-After`.
        retry_after: Option<Duration>,
        /// Why.
        reason: R,
    },
    /// The socket is open.
    Opened,
    /// The socket could not be opened.
    NotOpened {
        /// The least time to wait, from `Retry-After`.
        retry_after: Option<Duration>,
        /// Why.
        reason: R,
    },
    /// The socket is gone.
    Closed {
        /// The code of the close frame (RFC 6455, section 7.4), if one came.
        code: Option<u16>,
        /// Why, in words.
        reason: String,
    },
    /// A text frame came in.
    Frame(&'a str),
    /// A binary message came in, which the wire does not have.
    Binary,
    /// A WebSocket control frame came in: a ping or a pong.
    Control,
    /// The answer that a frame holds, for a simulated space that has no frames.
    Reply(RequestId, SpaceReply),
    /// An authorization state of the space, for a simulated space.
    State(Secret<String>),
    /// The space announced that it ends the session, for a simulated space.
    Announced,

    /// Send a call.
    Call {
        /// Who waits.
        reply: ReplyId,
        /// Its method.
        method: &'a str,
        /// Its params in JSON.
        params: &'a Secret<String>,
        /// Time for the answer; the default without.
        timeout: Option<Duration>,
    },
    /// The caller no longer waits for this call.
    Cancel(ReplyId),
    /// Send a notification, if there is a session.
    Notify {
        /// Who waits.
        reply: ReplyId,
        /// Its method.
        method: &'a str,
        /// Its params in JSON.
        params: &'a Secret<String>,
    },
    /// Register the subscriber, in later sessions too.
    Register(ReplyId),
    /// Take the registration of the subscriber back.
    Unregister(ReplyId),
    /// Refresh the credential now.
    RefreshNow(ReplyId),
    /// The space no longer takes the newest credential, as a 401 elsewhere shows.
    Invalidate,
    /// Use this credential, which the application supplies.
    SetCredential {
        /// Who waits.
        reply: ReplyId,
        /// The credential.
        credential: Acquired<T>,
    },
    /// Leave the session and start nothing.
    Suspend(ReplyId),
    /// Connect again.
    Resume,
    /// Leave the session and end.
    Shutdown {
        /// Time for an operation in flight.
        patience: Duration,
        /// Who waits.
        reply: ReplyId,
    },
    /// Leave the session and forget it; suspended afterwards.
    Reset {
        /// What the client is able to do from now on.
        abilities: Abilities,
        /// Who waits.
        reply: ReplyId,
    },
    /// Whether the provider has `refresh()`, asked anew.
    CanRefresh(bool),
    /// The DPoP key is lost or does not match.
    KeyLost,
    /// A write to the storage ended.
    Stored {
        /// Which.
        id: StoreId,
        /// How.
        result: Result<(), R>,
    },
    /// The deadline has come. At any other time this input changes nothing.
    Tick,
}
