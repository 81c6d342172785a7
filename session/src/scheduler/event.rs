//! The inputs of the scheduler.

use std::time::Duration;

use credwire_core::{CredentialErrorKind, EpochMillis};

use super::{
    credential::{CredentialInfo, TokenInfo},
    ids::{CredentialKind, Generation, OpId, ReauthId},
};

/// A credential at rest, without its token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Saved {
    /// Whether it is bound to the client's key.
    pub kind: CredentialKind,
    /// When it expires, if an expiry was given, by the space's clock.
    pub expiry: Option<EpochMillis>,
}

/// Why an operation failed, as far as the schedule depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Failure {
    /// Asking again cannot help.
    Permanent,
    /// Asking again may help.
    Transient {
        /// The least time to wait, from `Retry-After`; capped by
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

/// Why a reauthentication failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReauthError {
    /// No answer came, so which credential is in force is unknown.
    NoAnswer,
    /// An error that is not about the token; the credential in force stays.
    Failed,
    /// The space does not have the method.
    Unsupported,
    /// The space refused the token.
    Rejected,
}

/// Which credential a connection waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Demand {
    /// Any that is outside its mandatory window. An operation in flight that may give one is awaited.
    Fresh,
    /// One that the provider gives: a rotation in flight does not satisfy it.
    Provider,
}

/// Everything that can happen to the lifecycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SchedulerEvent {
    /// Storage holds a credential of an earlier client. Ignored while a session is up, and for a
    /// bound one without the key.
    Restore {
        /// The credential.
        saved: Saved,
        /// Whether it is the one in force on the stored session; otherwise it is newer than that.
        in_force: bool,
    },
    /// What the connection waits for; `None` takes the demand back. Harmless to repeat.
    Demand(Option<Demand>),
    /// The scope of the SAT was read. Ignored for a SAT that has been replaced, and when its
    /// scope was read already.
    ScopeKnown {
        /// The credential whose claims were read.
        generation: Generation,
        /// Whether they carry `sat:refresh`.
        sat_refresh: bool,
    },
    /// The space sent the expiry of a credential that came without one. Ignored for a credential
    /// that has been replaced, when it has an expiry already, and when the expiry has passed. Send
    /// it before the `SessionUp` or `ReauthOk` that it comes with.
    ExpiryKnown {
        /// The credential.
        generation: Generation,
        /// When it expires, by the space's clock.
        expiry: EpochMillis,
    },
    /// The session is authenticated.
    SessionUp {
        /// The credential that was sent, as the scheduler described it when the attempt began.
        used: CredentialInfo,
    },
    /// The session's socket is gone.
    SessionDown,
    /// An operation gave a credential.
    OpOk {
        /// The operation.
        id: OpId,
        /// The credential.
        info: TokenInfo,
    },
    /// An operation failed.
    OpErr {
        /// The operation.
        id: OpId,
        /// Whether asking again may help.
        failure: Failure,
    },
    /// An operation panicked; that is a transient failure.
    OpPanic {
        /// The operation.
        id: OpId,
    },
    /// The session took the credential.
    ReauthOk {
        /// The reauthentication.
        id: ReauthId,
    },
    /// The session did not take the credential.
    ReauthErr {
        /// The reauthentication.
        id: ReauthId,
        /// Why.
        failure: ReauthError,
    },
    /// The deadline has come. Sending it at any other moment does no harm, so it also serves for
    /// a wake-up after suspend and for a network that came back.
    Tick,
    /// The application asks for a refresh now. Mechanisms that were given up are tried again.
    RefreshNow,
    /// The server no longer takes this credential (401, a notice of expiry). Ignored for any but
    /// the newest.
    Invalidate {
        /// The credential.
        generation: Generation,
    },
    /// The space refused to begin a session with this credential, or ended one for its sake: it
    /// counts as expired. Ignored for a credential that has been replaced.
    Refused {
        /// The credential.
        generation: Generation,
    },
    /// The stored state of the session is gone: no credential is in force any more.
    Detached,
    /// The application supplies a credential itself.
    SetCredential(TokenInfo),
    /// Whether the provider has `refresh()`, asked anew.
    CanRefresh(bool),
    /// The application suspends the client. What is in flight may finish; nothing starts.
    Suspend,
    /// The application connects again.
    Resume,
    /// The DPoP key is lost or does not match: bound tokens are not used any more.
    KeyLost,
    /// The server's clock was read, as `Date` of an answer gives it; `None` when what was read no
    /// longer holds, as after a sleep of the machine. Values beyond
    /// [`Policy::skew_max`](super::Policy::skew_max) are ignored.
    ServerTime(Option<EpochMillis>),
    /// The end: whatever is in flight is aborted, and no later event changes anything.
    Destroy,
}
