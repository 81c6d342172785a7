//! What the arbiter asks for.

use std::{error::Error, fmt};

use credwire_core::EpochMillis;

use super::event::{CredentialKind, Generation, OpId, ReauthId, WaiterId};

/// The operations; at most one is in flight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OpKind {
    /// The provider's `authenticate()`.
    Authenticate,
    /// `POST devices/token`: turns an unbound SAT into a Client Bound SAT.
    Activate,
    /// The provider's `refresh()`.
    Refresh,
    /// `POST devices/refresh`: rotates a Client Bound SAT.
    Rotate,
}

/// Why an operation is aborted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AbortCause {
    /// It took longer than [`Policy::op_timeout`](super::Policy::op_timeout).
    TimedOut,
    /// The application set a credential.
    Replaced,
    /// The lifecycle ended.
    Closed,
}

/// Why a caller who waited for a credential gets none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RefreshFailure {
    /// Nothing can refresh the credential: there is no `refresh()` and no Client Bound SAT.
    NoMechanism,
    /// The operation was refused for good.
    Permanent,
    /// The operation failed; the schedule tries again by itself.
    Transient,
    /// The operation took too long; the schedule tries again by itself.
    TimedOut,
    /// The new credential had expired already, or was the old one again.
    Unusable,
    /// The client is disconnected.
    Suspended,
    /// The client was closed.
    Closed,
}

impl fmt::Display for RefreshFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoMechanism => {
                "nothing can refresh the credential: implement refresh(), or mint the SAT with the \
                 sat:refresh scope and the client's fingerprint"
            }
            Self::Permanent => "the refresh was refused for good",
            Self::Transient => "the refresh failed; it is tried again on schedule",
            Self::TimedOut => "the refresh took too long; it is tried again on schedule",
            Self::Unusable => "the refresh gave a credential that is expired or the same as before",
            Self::Suspended => "the client is disconnected: connect it first",
            Self::Closed => "the client was closed",
        })
    }
}

impl Error for RefreshFailure {}

/// Why Client Bound SAT is not, or no longer, the mechanism. The first four are the documented
/// values of `CredentialRefreshFallbackReason`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FallbackReason {
    /// The SAT does not carry `sat:refresh`.
    NoScope,
    /// The client has no DPoP key.
    NoDpopSupport,
    /// Activation was refused or kept failing.
    EndpointFailed,
    /// Activation took too long.
    ActivationTimeout,
    /// Rotation was refused, or kept failing until the credential had expired.
    RefreshFailed,
}

impl FallbackReason {
    /// The reason as warnings spell it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoScope => "no-scope",
            Self::NoDpopSupport => "no-dpop-support",
            Self::EndpointFailed => "endpoint-failed",
            Self::ActivationTimeout => "activation-timeout",
            Self::RefreshFailed => "refresh-failed",
        }
    }
}

/// What a user should know; each once for all credentials that descend from one authentication,
/// the expiry once per credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Warning {
    /// The provider's `refresh()` is used in place of a Client Bound SAT.
    Fallback(FallbackReason),
    /// Nothing will refresh the credential: the session ends when it expires.
    NoRefreshHandler {
        /// When that is.
        expires_at: EpochMillis,
    },
    /// Every mechanism has given up; the session lasts until the credential expires.
    RefreshStopped,
    /// The newest credential has expired.
    CredentialExpired,
    /// A new credential had expired when it arrived: a clock is wrong, or it came from a cache.
    ExpiredOnArrival,
    /// A refresh gave the old token again, and no later expiry.
    SameToken,
    /// A new credential expires before the one it replaces.
    EarlierExpiry,
    /// Neither the credential in force nor the space says when it expires, so nothing can be
    /// scheduled for it.
    ExpiryUnknown,
    /// The DPoP key is lost; bound tokens are no longer used.
    DpopKeyLost,
}

/// One thing for the shell to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Start an operation and report [`Event::OpOk`](super::Event::OpOk), `OpErr` or `OpPanic`
    /// with its id.
    Start {
        /// Its id.
        id: OpId,
        /// What to call.
        kind: OpKind,
        /// The credential to present, where the operation needs one (activation and rotation).
        using: Option<Generation>,
    },
    /// Drop the operation's future; its id is retired.
    Abort {
        /// The operation.
        id: OpId,
        /// Why.
        cause: AbortCause,
    },
    /// Send `signalwire.reauthenticate` and report `ReauthOk` or `ReauthErr` within the call's
    /// own timeout.
    Reauthenticate {
        /// Its id.
        id: ReauthId,
        /// The credential to send.
        generation: Generation,
        /// Whether the token is bound, so that a DPoP proof goes with it.
        client_bound: bool,
    },
    /// File the token of the event under this generation, and store the credential. Without this
    /// action the token of a result is to be wiped.
    Commit {
        /// The new generation.
        generation: Generation,
        /// Whether it is bound; the scope of an unbound one is to be read again.
        kind: CredentialKind,
    },
    /// The server refused the newest credential: wipe it, and file the token of `applied` under
    /// `generation` as well.
    Revert {
        /// The credential in force on the session.
        applied: Generation,
        /// The number it has from now on.
        generation: Generation,
    },
    /// This credential is in force on the session: store it with the authorization state and the
    /// protocol, in one piece.
    PersistApplied {
        /// The credential.
        generation: Generation,
    },
    /// Wipe the stored authorization state and protocol; the next connect is a fresh one.
    DropStoredState,
    /// Close the socket and connect again. The session counts as down already.
    ForceReconnect,
    /// Disconnect, because the policy says so once no mechanism is left; report
    /// [`Event::Suspend`](super::Event::Suspend).
    Disconnect,
    /// Tell the user.
    Warn(Warning),
    /// Answer this one waiter.
    Answer {
        /// The waiter.
        waiter: WaiterId,
        /// The newest credential, or why there is none.
        result: Result<Generation, RefreshFailure>,
    },
    /// Answer every waiter that has not been answered yet.
    AnswerAll {
        /// The newest credential, or why there is none.
        result: Result<Generation, RefreshFailure>,
    },
}

/// The actions for one event, in the order in which they are to be carried out.
#[derive(Clone, Debug, Default)]
#[must_use = "actions are requests; what is not carried out is lost"]
pub struct Actions {
    // One event causes a bounded number of actions; the model and the property tests check that
    // the bound is never reached.
    items: [Option<Action>; Self::CAPACITY],
    len: u8,
    next: u8,
}

impl Actions {
    const CAPACITY: usize = 10;

    pub(super) fn push(&mut self, action: Action) {
        debug_assert!(usize::from(self.len) < Self::CAPACITY, "room for every action");
        if let Some(slot) = self.items.get_mut(usize::from(self.len)) {
            *slot = Some(action);
            self.len += 1;
        }
    }
}

impl Iterator for Actions {
    type Item = Action;

    fn next(&mut self) -> Option<Action> {
        let action = self.items.get_mut(usize::from(self.next))?.take()?;
        self.next += 1;
        Some(action)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = usize::from(self.len - self.next);
        (left, Some(left))
    }
}

impl ExactSizeIterator for Actions {}
