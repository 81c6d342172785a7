//! What both machines are fed, and what both answer, in terms that need no ids.

use credwire_session::scheduler::{AbortCause, Demand, OpKind, OutcomeResult, Warning};

/// One step: time passes, then something happens.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) wait: Wait,
    pub(crate) input: Input,
}

/// How time passes before a step.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Wait {
    /// Until the deadline, if there is one.
    Deadline,
    /// So many milliseconds.
    Millis(i64),
    /// The machine sleeps that long, and its boot clock does not count it.
    Asleep(i64),
    /// The wall clock steps.
    Step(i64),
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Input {
    Restore {
        bound: bool,
        in_force: bool,
        expires_in: Option<i64>,
    },
    Demand(Option<Demand>),
    Scope {
        sat_refresh: bool,
        stale: bool,
    },
    /// The space sends the expiry of the credential, from now.
    Expiry {
        left: i64,
        stale: bool,
    },
    UpNewest,
    UpApplied,
    UpFirst,
    Down,
    Detached,
    OpOk {
        terms: Terms,
        same_token: bool,
    },
    /// The newest token again, with the expiry that it has.
    OpSame,
    OpTransient {
        retry_after: Option<u64>,
    },
    OpPermanent,
    OpPanic,
    LateOp,
    ReauthOk,
    ReauthNoAnswer,
    ReauthFailed,
    ReauthUnsupported,
    ReauthRejected,
    LateReauth,
    Tick,
    RefreshNow,
    Invalidate {
        stale: bool,
    },
    Refused {
        stale: bool,
    },
    Set(Terms),
    CanRefresh(bool),
    Suspend,
    Resume,
    KeyLost,
    /// The server's clock, compared with the wall clock; or it is unknown again.
    ServerTime(Option<i64>),
    Destroy,
}

/// The stated lifetime of a credential, in milliseconds from its receipt.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Terms {
    Nothing,
    Expiry(i64),
    Lifetime(i64),
}

/// An action without ids; generations by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Output {
    Start(OpKind),
    Abort(OpKind, AbortCause),
    Ended(OpKind, OutcomeResult),
    Reauthenticate(u32),
    Commit { generation: u32, bound: bool },
    Revert { applied: u32, generation: u32 },
    Applied(u32),
    Reconnect,
    Renew,
    Suspend,
    Warn(Warning),
}
