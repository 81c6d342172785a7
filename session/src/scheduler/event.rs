//! The inputs of the scheduler.

use std::time::Duration;

use credwire_core::{CredentialErrorKind, EpochMillis};

use super::{
    credential::{CredentialInfo, TokenInfo},
    ids::{CredentialKind, Generation, OpId, ReauthId},
};

/// A stored credential, without its token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Saved {
    /// Whether it is bound to the client's key.
    pub kind: CredentialKind,
    /// The expiry in milliseconds since the Unix epoch, by the space's clock; `None` without one.
    pub expiry: Option<EpochMillis>,
}

/// The failure of an operation, as far as the schedule depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Failure {
    /// Another call cannot succeed.
    Permanent,
    /// Another call may succeed.
    Transient {
        /// The least time to wait, from `Retry-After`, capped by
        /// [`Policy::retry_after_max`](super::Policy::retry_after_max).
        retry_after: Option<Duration>,
    },
}

impl Failure {
    /// A transient failure without a time to wait.
    pub const TRANSIENT: Self = Self::Transient { retry_after: None };
}

impl From<CredentialErrorKind> for Failure {
    fn from(kind: CredentialErrorKind) -> Self {
        match kind {
            CredentialErrorKind::Permanent => Self::Permanent,
            CredentialErrorKind::Transient { retry_after } => Self::Transient { retry_after },
            _ => Self::TRANSIENT,
        }
    }
}

/// The error of a reauthentication.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReauthError {
    /// No answer came, so which credential is in force is unknown.
    NoAnswer,
    /// The session returned an error that is not about the token; the credential in force stays.
    Failed,
    /// The space does not have the method.
    Unsupported,
    /// The space refused the token.
    Rejected,
}

/// The credential that a connection waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Demand {
    /// Any credential outside its mandatory window. An operation in flight that may return one is
    /// awaited.
    Fresh,
    /// A credential of the provider: a rotation in flight does not satisfy it.
    Provider,
}

/// An event that the scheduler handles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SchedulerEvent {
    /// Storage holds a credential of an earlier client. The event is ignored while a session is up,
    /// and for a bound credential without the key.
    Restore {
        /// The stored credential.
        saved: Saved,
        /// Whether the credential is in force on the stored session; otherwise it is newer.
        in_force: bool,
    },
    /// A connection waits for a credential; `None` takes the demand back. Repeating it does no
    /// harm.
    Demand(Option<Demand>),
    /// The scope of the SAT was read. The event is ignored for a SAT that has been replaced, and
    /// when its scope was read already.
    ScopeKnown {
        /// The generation of the credential whose claims were read.
        generation: Generation,
        /// Whether the claims carry `sat:refresh`.
        sat_refresh: bool,
    },
    /// The space sent the expiry of a credential that came without one. The event is ignored for a
    /// credential that has been replaced, when it has an expiry already, and when the expiry has
    /// passed. Send it before the `SessionUp` or `ReauthOk` that it comes with.
    ExpiryKnown {
        /// The generation of the credential.
        generation: Generation,
        /// The expiry in milliseconds since the Unix epoch, by the space's clock.
        expiry: EpochMillis,
    },
    /// The session is authenticated.
    SessionUp {
        /// The credential that was sent, as the scheduler described it when the attempt began.
        used: CredentialInfo,
    },
    /// The session's socket was closed or lost.
    SessionDown,
    /// An operation returned a credential.
    OpOk {
        /// The id of the operation.
        id: OpId,
        /// The metadata of the credential.
        info: TokenInfo,
    },
    /// An operation failed.
    OpErr {
        /// The id of the operation.
        id: OpId,
        /// Whether another call may succeed.
        failure: Failure,
    },
    /// An operation panicked, which is a transient failure.
    OpPanic {
        /// The id of the operation.
        id: OpId,
    },
    /// The session accepted the credential.
    ReauthOk {
        /// The id of the reauthentication.
        id: ReauthId,
    },
    /// The session did not accept the credential.
    ReauthErr {
        /// The id of the reauthentication.
        id: ReauthId,
        /// The reason of the failure.
        failure: ReauthError,
    },
    /// The deadline has come. Sending it at any other moment does no harm, so it also serves for
    /// a wake-up after suspend and for a network that came back.
    Tick,
    /// The application refreshes the credential now. Mechanisms that were given up are tried again.
    RefreshNow,
    /// The server no longer accepts this credential (401, a notice of expiry). The event is ignored
    /// for any but the newest.
    Invalidate {
        /// The generation of the credential.
        generation: Generation,
    },
    /// The space refused to begin a session with this credential, or closed one because of it: it
    /// counts as expired. The event is ignored for a credential that has been replaced.
    Refused {
        /// The generation of the credential.
        generation: Generation,
    },
    /// The stored state of the session is gone: no credential is in force any more.
    Detached,
    /// The application supplies a credential itself.
    SetCredential(TokenInfo),
    /// Whether the provider has `refresh()`, as it was just asked.
    CanRefresh(bool),
    /// The application suspends the client. What is in flight may finish; nothing starts.
    Suspend,
    /// The application connects again after a suspend.
    Resume,
    /// The DPoP key is lost or does not match: bound tokens are not used any more.
    KeyLost,
    /// The server's clock was read from the `Date` of an answer; `None` when the last reading is no
    /// longer valid, as after a sleep of the machine. Values beyond
    /// [`Policy::skew_max`](super::Policy::skew_max) are ignored.
    ServerTime(Option<EpochMillis>),
    /// The client closes: whatever is in flight is aborted, and no later event changes anything.
    Destroy,
}
