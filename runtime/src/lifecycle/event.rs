//! What the arbiter is told.

use std::time::Duration;

use credwire_core::{CredentialErrorKind, EpochMillis};

/// The number of a credential: each commit gets the next one, and a number is never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Generation(pub(super) u32);

impl Generation {
    /// The number itself; the first credential is 1.
    pub const fn get(self) -> u32 {
        self.0
    }
}

/// Names one started operation. A result that carries any other id than the current one is late
/// and changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OpId(pub(super) u32);

impl OpId {
    /// The number itself, for logs.
    pub const fn get(self) -> u32 {
        self.0
    }
}

/// Names one started reauthentication; late results are told apart as with [`OpId`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ReauthId(pub(super) u32);

impl ReauthId {
    /// The number itself, for logs.
    pub const fn get(self) -> u32 {
        self.0
    }
}

/// Names a caller who waits for a credential. The shell chooses the number and keeps the caller's
/// channel; a caller who gives up is the shell's business alone and stops nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct WaiterId(pub u64);

/// Whether a SAT is bound to the client's DPoP key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CredentialKind {
    /// A plain SAT, as the provider gives it.
    Unbound,
    /// A Client Bound SAT, as activation and rotation give it.
    Bound,
}

/// What the arbiter needs to know of a new credential. The token stays with the shell, which has
/// already refused a credential that is empty or breaks a rule of its interface (that is
/// [`Event::OpErr`], transient).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Grant {
    /// When it expires, by the clock of whoever issued it.
    pub expiry: Option<EpochMillis>,
    /// How long it lasts from its receipt. It needs no agreement between clocks, so it takes
    /// precedence over `expiry`.
    pub lifetime: Option<Duration>,
    /// Whether the token is the same as that of the newest credential.
    pub same_token: bool,
}

/// A credential restored from storage. The shell has checked that the resume policy allows it and
/// that the DPoP key of a bound one is present.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Cached {
    /// Whether it is bound to the client's key.
    pub kind: CredentialKind,
    /// When it expires, if that is known.
    pub expiry: Option<EpochMillis>,
    /// Whether it belongs to a stored authorization state and protocol, so that a session can be
    /// resumed with it.
    pub resumable: bool,
}

/// Why an operation failed, as far as the schedule cares.
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
pub enum ReauthFailure {
    /// No answer, or one that says nothing about the token.
    Transient,
    /// The server refused the token.
    Rejected,
}

/// What a refused connect was made with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refused {
    /// A stored authorization state: it is dropped, and a fresh connect may still succeed.
    Stored,
    /// The credential alone: it is no longer good. The caller waits for another.
    Fresh {
        /// The credential that was refused.
        generation: Generation,
        /// Who waits for the next one.
        waiter: WaiterId,
    },
}

/// Everything that can happen to the lifecycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Event {
    /// The client starts, with what storage holds. Ignored when a credential exists.
    Start {
        /// The restored credential; without one the provider is asked.
        cached: Option<Cached>,
    },
    /// Storage holds, besides the credential of [`Start`](Self::Start), a newer one that the
    /// session had not been given yet. Ignored unless that one is to be resumed and the session is
    /// not up.
    Restore(Cached),
    /// A fresh connect needs a credential that is not about to expire.
    NeedFresh(WaiterId),
    /// A fresh connect needs a credential of the provider, whatever the newest one is: the resume
    /// of a client-bound session was refused, and a bound token starts no other session.
    NeedNew(WaiterId),
    /// The scope of the SAT was read. Ignored for a SAT that has been replaced, and when the scope
    /// is known already.
    ScopeKnown {
        /// The credential whose claims were read.
        generation: Generation,
        /// Whether they carry `sat:refresh`.
        sat_refresh: bool,
    },
    /// The space told when a credential expires that did not say so itself. Ignored for a credential
    /// that has been replaced, when the expiry is known already, and when it has passed. Best
    /// before the `SessionUp` or `ReauthOk` that it comes with.
    ExpiryKnown {
        /// The credential.
        generation: Generation,
        /// When it expires, by the space's clock.
        expiry: EpochMillis,
    },
    /// The session is authenticated.
    SessionUp {
        /// The credential that was sent: on a resume the one in force before
        /// ([`Arbiter::applied`](super::Arbiter::applied)), on a fresh connect the newest.
        used: Generation,
    },
    /// The session's socket is gone.
    SessionDown,
    /// An operation gave a credential.
    OpOk {
        /// The operation.
        id: OpId,
        /// The credential.
        grant: Grant,
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
        /// Whether the token was refused.
        failure: ReauthFailure,
    },
    /// The deadline has come. Sending it at any other moment does no harm, so it also serves for
    /// a wake-up after suspend and for a network that came back.
    Tick,
    /// The application wants a refresh now. Latched mechanisms get another chance.
    RefreshNow(WaiterId),
    /// The server no longer takes this credential (401, a notice of expiry). Ignored for any but
    /// the newest.
    Invalidate {
        /// The credential.
        generation: Generation,
    },
    /// The server refused to authenticate a connect.
    ConnectRejected(Refused),
    /// The application supplies a credential itself.
    SetCredential(Grant),
    /// The application disconnects. What is in flight may finish; nothing starts.
    Suspend,
    /// The application connects again.
    Resume,
    /// The DPoP key is lost or does not match: bound tokens are useless from now on.
    KeyLost,
    /// The server's clock was read, as `Date` of an answer gives it. Values beyond
    /// [`Policy::skew_max`](super::Policy::skew_max) are ignored.
    ServerTime(EpochMillis),
    /// The end: whatever is in flight is aborted, and no later event changes anything.
    Destroy,
}
