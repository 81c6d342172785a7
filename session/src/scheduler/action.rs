//! The outputs of the scheduler.

use std::{error::Error, fmt};

use credwire_core::EpochMillis;

use super::ids::{CredentialKind, Generation, OpId, ReauthId};

/// The operations that acquire a credential; at most one is in flight.
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

impl fmt::Display for OpKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Authenticate => "authenticate",
            Self::Activate => "activate",
            Self::Refresh => "refresh",
            Self::Rotate => "rotate",
        })
    }
}

/// The result of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OutcomeResult {
    /// The operation returned a new credential.
    Committed,
    /// The operation was refused permanently.
    Permanent,
    /// The operation failed with a transient error.
    Transient,
    /// The operation did not finish within its timeout.
    TimedOut,
    /// The operation panicked.
    Panicked,
    /// The operation returned a credential that had already expired, or the old one again.
    Unusable,
}

impl fmt::Display for OutcomeResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Committed => "succeeded",
            Self::Permanent => "refused",
            Self::Transient => "failed",
            Self::TimedOut => "timed out",
            Self::Panicked => "panicked",
            Self::Unusable => "returned an unusable credential",
        })
    }
}

/// The cause for which an operation is aborted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AbortCause {
    /// The operation reached its timeout: [`Policy::op_timeout`](super::Policy::op_timeout), or the
    /// time that leaves the reserve before the credential expires.
    TimedOut,
    /// The result is no longer needed: the application set a credential, or the session cannot be
    /// resumed and the provider is asked.
    Replaced,
    /// The client closed.
    Closed,
}

/// The error of a caller that waits for a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RefreshError {
    /// Nothing can refresh the credential: there is no `refresh()` and no Client Bound SAT.
    NoMechanism,
    /// The operation was refused permanently.
    Permanent,
    /// The operation failed; the schedule repeats it.
    Transient,
    /// The operation did not finish within its timeout; the schedule repeats it.
    TimedOut,
    /// The new credential had already expired, or was the old one again.
    Unusable,
    /// The client is suspended.
    Suspended,
    /// The client was closed.
    Closed,
}

impl fmt::Display for RefreshError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoMechanism => {
                "nothing can refresh the credential: implement refresh(), or mint the SAT with the \
                 sat:refresh scope and the client's fingerprint"
            }
            Self::Permanent => "the refresh was refused for good",
            Self::Transient => "the refresh failed; it is tried again on schedule",
            Self::TimedOut => "the refresh took too long; it is tried again on schedule",
            Self::Unusable => {
                "the refresh returned a credential that is expired or the same as before"
            }
            Self::Suspended => "the client is suspended: resume it first",
            Self::Closed => "the client was closed",
        })
    }
}

impl Error for RefreshError {}

/// The reason for which Client Bound SAT is not, or no longer, the mechanism. The first four are
/// the documented values of `CredentialRefreshFallbackReason`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FallbackReason {
    /// The SAT does not carry `sat:refresh`.
    NoScope,
    /// The client has no DPoP key.
    NoDpopSupport,
    /// Activation was refused or kept failing.
    EndpointFailed,
    /// Activation did not finish within its timeout.
    ActivationTimeout,
    /// Rotation was refused, or kept failing until the reserve before the expiry began.
    RefreshFailed,
}

impl FallbackReason {
    /// Returns the reason as it is written in warnings.
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

/// A warning, issued once for all credentials that descend from one authentication; the expiry is
/// reported once per credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Warning {
    /// The provider's `refresh()` is used in place of a Client Bound SAT.
    Fallback(FallbackReason),
    /// No mechanism refreshes the credential: the session ends when it expires.
    NoRefreshHandler {
        /// The expiry in milliseconds since the Unix epoch.
        expires_at: EpochMillis,
    },
    /// Every mechanism has failed for good; the session lasts until the credential expires.
    RefreshStopped,
    /// The newest credential has expired.
    CredentialExpired,
    /// A new credential had expired when it arrived: a clock is wrong, or it came from a cache.
    ExpiredOnArrival,
    /// A refresh returned the old token again.
    SameToken,
    /// A new credential expires before the one it replaces.
    EarlierExpiry,
    /// Neither the credential in force nor the space states an expiry, so nothing can be scheduled
    /// for it.
    ExpiryUnknown,
    /// The DPoP key is lost; bound tokens are no longer used.
    DpopKeyLost,
}

impl Warning {
    /// Returns the stable code, as the reference spells codes.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Fallback(_) => "credential_refresh_fallback",
            Self::NoRefreshHandler { .. } => "credential_no_refresh_handler",
            Self::RefreshStopped => "credential_refresh_stopped",
            Self::CredentialExpired => "credential_expired",
            Self::ExpiredOnArrival => "credential_expired_on_arrival",
            Self::SameToken => "credential_unchanged",
            Self::EarlierExpiry => "credential_expires_earlier",
            Self::ExpiryUnknown => "credential_expiry_unknown",
            Self::DpopKeyLost => "dpop_key_lost",
        }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Fallback(reason) => {
                return write!(
                    f,
                    "the provider's refresh() keeps the session fresh in place of a Client Bound \
                     SAT ({})",
                    reason.as_str()
                );
            }
            Self::NoRefreshHandler { .. } => {
                "nothing refreshes this credential, so the session ends with it: implement \
                 refresh(), or mint the SAT with the sat:refresh scope"
            }
            Self::RefreshStopped => {
                "no way to refresh is left; the session lasts until its credential expires"
            }
            Self::CredentialExpired => "the credential expired before there was another",
            Self::ExpiredOnArrival => {
                "a credential had expired when it arrived: check the clocks, and any cache it came \
                 from"
            }
            Self::SameToken => "the old token was returned again, with the same expiry",
            Self::EarlierExpiry => "a new credential expires before the one that it replaces",
            Self::ExpiryUnknown => {
                "no expiry is known for the credential, so no refresh is scheduled for it"
            }
            Self::DpopKeyLost => "the key is lost, and with it the use of tokens bound to it",
        })
    }
}

/// An output of the scheduler that its owner carries out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Start an operation and report [`SchedulerEvent::OpOk`](super::SchedulerEvent::OpOk), `OpErr` or `OpPanic`
    /// with its id. Activation and rotation present the newest credential.
    Start {
        /// The id of the operation.
        id: OpId,
        /// The operation to call.
        kind: OpKind,
    },
    /// Drop the operation; its id is retired.
    Abort {
        /// The id of the operation.
        id: OpId,
        /// The kind of the operation.
        kind: OpKind,
        /// The cause of the abort.
        cause: AbortCause,
    },
    /// An operation finished, by its result or its timeout.
    Ended {
        /// The kind of the operation.
        kind: OpKind,
        /// The result of the operation.
        result: OutcomeResult,
    },
    /// Send `signalwire.reauthenticate` with the newest credential and report `ReauthOk` or
    /// `ReauthErr` within the call's own timeout.
    Reauthenticate {
        /// The id of the reauthentication.
        id: ReauthId,
        /// The credential to send.
        generation: Generation,
    },
    /// Store the token of the event under this generation. Without this action the token of a
    /// result is dropped.
    Commit {
        /// The new generation.
        generation: Generation,
        /// Whether the credential is bound to the client's key.
        kind: CredentialKind,
    },
    /// The space refused the newest credential: drop its token, and store that of `applied` under
    /// `generation` as well.
    Revert {
        /// The credential in force on the session.
        applied: Generation,
        /// The new generation of the credential in force.
        generation: Generation,
    },
    /// A credential is in force on the session.
    Applied {
        /// The generation of the credential.
        generation: Generation,
    },
    /// Replace the socket: reauthentications stay without an answer.
    Reconnect,
    /// Connect again with another credential: the session accepts no new one and the one in force
    /// is about to expire.
    Renew,
    /// Suspend the client: no mechanism is left, and the policy requires it.
    Suspend,
    /// Issue a warning to the user.
    Warn(Warning),
}

/// The actions that follow from one event, in the order in which they are to be carried out.
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
    const CAPACITY: usize = 14;

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
