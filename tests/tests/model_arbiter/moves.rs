//! The moves of the world, and which of them are possible when.

use credwire::lifecycle::{
    Abilities, Arbiter, CheckedPolicy, CredentialKind, Event, Generation, Grant, OpId, ReauthId,
    WaiterId,
};

use crate::world::{SKEW_MAX, World, at};

pub(crate) const WAITER: WaiterId = WaiterId(1);

/// One move of the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Move {
    /// A tick of time; the timer fires when it is due.
    Pass,
    /// The machine sleeps for three ticks; timers stand still.
    Sleep,
    WallForward,
    WallBack,
    Start(Option<CredentialKind>),
    NeedFresh,
    NeedNew,
    RefreshNow,
    Invalidate,
    InvalidateReplaced,
    Scope(bool),
    ScopeOfReplaced,
    /// The space tells when the newest credential expires: later, or long ago.
    Expiry,
    ExpiryPassed,
    ExpiryOfReplaced,
    /// The space's clock is read: so far ahead of the machine's.
    ServerTime(Ahead),
    /// Storage holds a newer credential than the one in force.
    Restore(CredentialKind),
    /// A fresh connect with the newest credential.
    UpFresh,
    /// A resume with the credential in force.
    UpResumed,
    /// A fresh connect with a credential that was replaced meanwhile.
    UpReplaced,
    Down,
    Op(OpResult),
    LateOp(OpResult),
    ReauthOk,
    /// The answer is lost, or is no answer; the server may have taken the token all the same.
    ReauthLost,
    ReauthRejected,
    LateReauthOk,
    LateReauthRejected,
    RefusedResume,
    RefusedFresh,
    Set,
    SetExpired,
    Suspend,
    Resume,
    KeyLost,
    Destroy,
}

/// How far the space's clock seems to be ahead of the machine's. `Date` is up to two ticks old.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ahead {
    Much,
    Not,
    Behind,
    /// More than anyone believes.
    Absurdly,
}

impl Ahead {
    /// What `Date` says, in ticks.
    pub(crate) const fn ticks(self) -> i64 {
        match self {
            Self::Much => SKEW_MAX,
            Self::Not => 0,
            Self::Behind => -2 - SKEW_MAX,
            Self::Absurdly => 9,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OpResult {
    Ok,
    ExpiredOnArrival,
    SameToken,
    Transient,
    RetryAfter,
    Permanent,
    Panic,
}

const RESULTS: [OpResult; 7] = [
    OpResult::Ok,
    OpResult::ExpiredOnArrival,
    OpResult::SameToken,
    OpResult::Transient,
    OpResult::RetryAfter,
    OpResult::Permanent,
    OpResult::Panic,
];

/// The moves that are possible in `world`.
pub(crate) fn possible(world: &World, moves: &mut Vec<Move>) {
    let shell = &world.shell;
    moves.extend([Move::Pass, Move::NeedFresh, Move::NeedNew, Move::RefreshNow]);
    moves.extend([OpResult::Ok, OpResult::Permanent].map(Move::LateOp));
    moves.extend([Move::LateReauthOk, Move::LateReauthRejected, Move::Set]);
    if shell.closed {
        return;
    }
    moves.extend([Move::Destroy, Move::SetExpired, Move::KeyLost]);
    moves.extend([Move::InvalidateReplaced, Move::ScopeOfReplaced, Move::ExpiryOfReplaced]);
    moves.extend([Ahead::Not, Ahead::Absurdly].map(Move::ServerTime));
    moves.push(if shell.suspended { Move::Resume } else { Move::Suspend });
    if world.seen.clock_faults > 0 {
        moves.extend([Move::Sleep, Move::WallForward, Move::WallBack]);
        moves.extend([Ahead::Much, Ahead::Behind].map(Move::ServerTime));
    }
    if shell.op.is_some() {
        moves.extend(RESULTS.map(Move::Op));
    }
    if shell.reauth {
        moves.extend([Move::ReauthOk, Move::ReauthLost, Move::ReauthRejected]);
    }
    if world.newest().is_none() {
        let kinds = [None, Some(CredentialKind::Unbound), Some(CredentialKind::Bound)];
        moves.extend(kinds.map(Move::Start));
        return;
    }
    moves.extend([Move::Invalidate, Move::Expiry, Move::ExpiryPassed]);
    moves.extend([CredentialKind::Unbound, CredentialKind::Bound].map(Move::Restore));
    if world.seen.scope.is_none() {
        moves.extend([Move::Scope(true), Move::Scope(false)]);
    }
    if shell.up {
        moves.push(Move::Down);
    } else if !shell.suspended {
        moves.extend([Move::UpFresh, Move::UpReplaced, Move::RefusedFresh]);
        if world.applied().is_some() {
            moves.extend([Move::UpResumed, Move::RefusedResume]);
        }
    }
}

/// What was current long ago. Normal forms number from the bottom, so that no current id is ever
/// as high as these, and leave generation 1 out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stale {
    pub(crate) op: OpId,
    pub(crate) reauth: ReauthId,
    pub(crate) generation: Generation,
}

impl Stale {
    pub(crate) fn find() -> Self {
        let able = Abilities { dpop: false, refresh: true };
        let mut arbiter = Arbiter::new(CheckedPolicy::default(), able, 0);
        arbiter.on(Event::SetCredential(Grant::default()), at(0, 0)).for_each(drop);
        let generation = arbiter.newest().unwrap();
        let mut stale = None;
        for day in 1..9 {
            let now = at(day * 86_400, day * 86_400);
            arbiter.on(Event::RefreshNow(WAITER), now).for_each(drop);
            let op = arbiter.operation().unwrap().0;
            arbiter.on(Event::OpOk { id: op, grant: Grant::default() }, now).for_each(drop);
            arbiter.on(Event::SessionUp { used: generation }, now).for_each(drop);
            let reauth = arbiter.reauthentication().unwrap().0;
            stale = Some(Self { op, reauth, generation });
        }
        stale.unwrap()
    }
}
