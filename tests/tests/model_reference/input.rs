//! What both machines are fed, and what both answer, in terms that need no ids.

use credwire::lifecycle::{AbortCause, OpKind, RefreshFailure, Warning};

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
    Start {
        cached: Option<Cache>,
    },
    Restore(Cache),
    NeedFresh,
    NeedNew,
    RefreshNow,
    Scope {
        sat_refresh: bool,
        stale: bool,
    },
    /// The space tells when the credential expires, from now.
    Expiry {
        left: i64,
        stale: bool,
    },
    UpNewest,
    UpApplied,
    UpReplaced,
    Down,
    OpOk(Terms),
    OpSameToken,
    OpTransient {
        retry_after: Option<u64>,
    },
    OpPermanent,
    OpPanic,
    LateOp,
    ReauthOk,
    ReauthLost,
    ReauthRejected,
    LateReauth,
    Tick,
    Invalidate {
        stale: bool,
    },
    RefusedResume,
    RefusedFresh {
        stale: bool,
    },
    Set(Terms),
    Suspend,
    Resume,
    KeyLost,
    /// The server's clock, compared with the wall clock.
    ServerTime(i64),
    Destroy,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Cache {
    pub(crate) bound: bool,
    pub(crate) resumable: bool,
    pub(crate) expires_in: Option<i64>,
}

/// What a credential says of its end, in milliseconds from its receipt.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Terms {
    Nothing,
    Expiry(i64),
    Lifetime(i64),
}

/// An action without ids; generations by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Output {
    Start(OpKind, Option<u32>),
    Abort(AbortCause),
    Reauthenticate { generation: u32, client_bound: bool },
    Commit { generation: u32, bound: bool },
    Revert { applied: u32, generation: u32 },
    PersistApplied(u32),
    DropStoredState,
    ForceReconnect,
    Disconnect,
    Warn(Warning),
    Answer(Result<u32, RefreshFailure>),
    AnswerAll(Result<u32, RefreshFailure>),
}
