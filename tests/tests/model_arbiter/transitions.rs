//! The transitions of the lifecycle, event by guard, and how often a run of the checker took each.

use std::{
    collections::BTreeMap,
    hash::{Hash, Hasher},
    sync::{Arc, Mutex},
};

use credwire::lifecycle::{
    AbortCause, Action, CredentialKind, Event, Failure, OpKind, ReauthFailure, RefreshFailure,
    Refused, Warning,
};

use crate::world::{SKEW_MAX, TICK, World};

/// Every transition. What a failure means for its mechanism counts on top of the event's own.
pub(crate) const ALL: &[&str] = &[
    "Start, cached",
    "Start, nothing cached",
    "NeedFresh, answered at once",
    "NeedFresh, joined",
    "NeedFresh, joined in the mandatory window",
    "NeedFresh, suspended",
    "NeedNew, joined",
    "NeedNew, suspended",
    "ScopeKnown, yes",
    "ScopeKnown, no",
    "ScopeKnown, of a replaced credential",
    "ExpiryKnown, learnt",
    "ExpiryKnown, known already",
    "ExpiryKnown, has passed",
    "ExpiryKnown, of a replaced credential",
    "ServerTime, agrees",
    "ServerTime, learnt",
    "ServerTime, not believed",
    "Restore, committed",
    "Restore, ignored",
    "SessionUp, newest",
    "SessionUp, applied",
    "SessionUp, replaced",
    "SessionDown",
    "OpOk, Authenticate",
    "OpOk, Activate",
    "OpOk, Refresh",
    "OpOk, Rotate",
    "OpOk, unusable",
    "OpOk, late",
    "OpErr, Authenticate",
    "OpErr, Activate, for good",
    "OpErr, Activate, for now",
    "OpErr, Refresh, for good",
    "OpErr, Refresh, for now",
    "OpErr, Rotate, for good",
    "OpErr, Rotate, for now",
    "OpErr, late",
    "OpTimeout, Authenticate",
    "OpTimeout, Activate",
    "OpTimeout, Refresh",
    "OpTimeout, Rotate",
    "OpPanic",
    "ReauthOk, newest",
    "ReauthOk, replaced",
    "ReauthOk, late",
    "ReauthErr, lost",
    "ReauthErr, lost once too often",
    "ReauthErr, rejected, bound",
    "ReauthErr, rejected, unbound",
    "ReauthErr, rejected, replaced",
    "ReauthErr, late",
    "Tick",
    "RefreshNow, no mechanism",
    "RefreshNow, joined",
    "RefreshNow, suspended",
    "Invalidate, refresh forced",
    "Invalidate, as expired",
    "Invalidate, of a replaced credential",
    "ConnectRejected, stored state",
    "ConnectRejected, fresh",
    "SetCredential",
    "SetCredential, replacing an operation",
    "SetCredential, expired",
    "Suspend",
    "Suspend, with an operation",
    "Resume",
    "KeyLost, bound",
    "KeyLost, unbound",
    "Destroy",
    "Destroy, with an operation",
    "anything after Destroy",
    "FAIL, falls back to refresh()",
    "FAIL, nothing remains",
];

/// The transition that led to a world. Two worlds that differ in it alone are the same.
#[derive(Clone, Debug, Default)]
pub(crate) struct Taken(pub(crate) Vec<&'static str>);

impl PartialEq for Taken {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Taken {}

impl Hash for Taken {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

/// How often each was taken.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counts(Arc<Mutex<BTreeMap<&'static str, u64>>>);

impl Counts {
    pub(crate) fn add(&self, taken: &Taken) {
        let mut counts = self.0.lock().unwrap();
        for transition in &taken.0 {
            *counts.entry(transition).or_default() += 1;
        }
    }

    pub(crate) fn of(&self, transition: &str) -> u64 {
        self.0.lock().unwrap().get(transition).copied().unwrap_or(0)
    }
}

impl Taken {
    pub(crate) fn by(before: &World, event: Event, actions: &[Action]) -> Self {
        let mut taken = vec![by_event(before, event, actions)];
        let warned = |wanted: fn(&Warning) -> bool| {
            actions.iter().any(|action| matches!(action, Action::Warn(it) if wanted(it)))
        };
        let reason = |warning: &Warning| matches!(warning, Warning::Fallback(reason) if reason.as_str() == "refresh-failed");
        if warned(reason) {
            taken.push("FAIL, falls back to refresh()");
        }
        if warned(|warning| matches!(warning, Warning::RefreshStopped)) {
            taken.push("FAIL, nothing remains");
        }
        Self(taken)
    }
}

fn by_event(before: &World, event: Event, actions: &[Action]) -> &'static str {
    if before.shell.closed {
        return "anything after Destroy";
    }
    let arbiter = &before.subject.arbiter;
    let op = arbiter.operation();
    let reauth = arbiter.reauthentication();
    let does = |wanted: fn(&Action) -> bool| actions.iter().any(wanted);
    let failed = |wanted| {
        actions.iter().any(|action| {
            matches!(action, Action::Answer { result: Err(failure), .. } if *failure == wanted)
        })
    };
    match event {
        Event::Start { .. } => {
            if does(|action| matches!(action, Action::Commit { .. })) {
                "Start, cached"
            } else {
                "Start, nothing cached"
            }
        }
        Event::NeedFresh(_) => {
            if does(|action| matches!(action, Action::Answer { result: Ok(_), .. })) {
                "NeedFresh, answered at once"
            } else if failed(RefreshFailure::Suspended) {
                "NeedFresh, suspended"
            } else if before.newest().is_some() && !before.status().expired {
                "NeedFresh, joined in the mandatory window"
            } else {
                "NeedFresh, joined"
            }
        }
        Event::NeedNew(_) if failed(RefreshFailure::Suspended) => "NeedNew, suspended",
        Event::NeedNew(_) => "NeedNew, joined",
        Event::ScopeKnown { generation, sat_refresh } => {
            if Some(generation) != before.newest() {
                "ScopeKnown, of a replaced credential"
            } else if sat_refresh {
                "ScopeKnown, yes"
            } else {
                "ScopeKnown, no"
            }
        }
        Event::SessionUp { used } if Some(used) == before.newest() => "SessionUp, newest",
        Event::SessionUp { used } if Some(used) == before.applied() => "SessionUp, applied",
        Event::SessionUp { .. } => "SessionUp, replaced",
        Event::SessionDown => "SessionDown",
        Event::OpOk { id, .. } => match op {
            Some((current, _)) if current != id => "OpOk, late",
            None => "OpOk, late",
            _ if !does(|action| matches!(action, Action::Commit { .. })) => "OpOk, unusable",
            Some((_, OpKind::Authenticate)) => "OpOk, Authenticate",
            Some((_, OpKind::Activate)) => "OpOk, Activate",
            Some((_, OpKind::Refresh)) => "OpOk, Refresh",
            Some((_, OpKind::Rotate)) => "OpOk, Rotate",
        },
        Event::OpErr { id, failure } => match (op, failure == Failure::Permanent) {
            (Some((current, _)), _) if current != id => "OpErr, late",
            (None, _) => "OpErr, late",
            (Some((_, OpKind::Authenticate)), _) => "OpErr, Authenticate",
            (Some((_, OpKind::Activate)), true) => "OpErr, Activate, for good",
            (Some((_, OpKind::Activate)), false) => "OpErr, Activate, for now",
            (Some((_, OpKind::Refresh)), true) => "OpErr, Refresh, for good",
            (Some((_, OpKind::Refresh)), false) => "OpErr, Refresh, for now",
            (Some((_, OpKind::Rotate)), true) => "OpErr, Rotate, for good",
            (Some((_, OpKind::Rotate)), false) => "OpErr, Rotate, for now",
        },
        Event::OpPanic { .. } => "OpPanic",
        Event::ReauthOk { id } => match reauth {
            Some((current, sent)) if current == id => {
                if Some(sent) == before.newest() {
                    "ReauthOk, newest"
                } else {
                    "ReauthOk, replaced"
                }
            }
            _ => "ReauthOk, late",
        },
        Event::ReauthErr { id, failure } => match (reauth, failure) {
            (Some((current, _)), _) if current != id => "ReauthErr, late",
            (None, _) => "ReauthErr, late",
            (_, ReauthFailure::Transient) => {
                if does(|action| matches!(action, Action::ForceReconnect)) {
                    "ReauthErr, lost once too often"
                } else {
                    "ReauthErr, lost"
                }
            }
            (Some((_, sent)), _) if Some(sent) != before.newest() => {
                "ReauthErr, rejected, replaced"
            }
            _ if before.seen.kind == Some(CredentialKind::Bound) => "ReauthErr, rejected, bound",
            _ => "ReauthErr, rejected, unbound",
        },
        Event::Tick => {
            let timed_out = |action: &Action| {
                matches!(action, Action::Abort { cause: AbortCause::TimedOut, .. })
            };
            match op.filter(|_| actions.iter().any(timed_out)) {
                None => "Tick",
                Some((_, OpKind::Authenticate)) => "OpTimeout, Authenticate",
                Some((_, OpKind::Activate)) => "OpTimeout, Activate",
                Some((_, OpKind::Refresh)) => "OpTimeout, Refresh",
                Some((_, OpKind::Rotate)) => "OpTimeout, Rotate",
            }
        }
        Event::RefreshNow(_) if failed(RefreshFailure::NoMechanism) => "RefreshNow, no mechanism",
        Event::RefreshNow(_) if failed(RefreshFailure::Suspended) => "RefreshNow, suspended",
        Event::RefreshNow(_) => "RefreshNow, joined",
        Event::Invalidate { generation } => {
            let status = before.status();
            if Some(generation) != before.newest() {
                "Invalidate, of a replaced credential"
            } else if status.mechanism == credwire::RefreshMechanism::None {
                "Invalidate, as expired"
            } else {
                "Invalidate, refresh forced"
            }
        }
        Event::ConnectRejected(Refused::Stored) => "ConnectRejected, stored state",
        Event::ConnectRejected(Refused::Fresh { .. }) => "ConnectRejected, fresh",
        Event::SetCredential(_) => {
            if !does(|action| matches!(action, Action::Commit { .. })) {
                "SetCredential, expired"
            } else if op.is_some() {
                "SetCredential, replacing an operation"
            } else {
                "SetCredential"
            }
        }
        Event::Suspend if op.is_some() => "Suspend, with an operation",
        Event::Suspend => "Suspend",
        Event::Resume => "Resume",
        Event::KeyLost if before.seen.kind == Some(CredentialKind::Bound) => "KeyLost, bound",
        Event::KeyLost => "KeyLost, unbound",
        Event::Destroy if op.is_some() => "Destroy, with an operation",
        Event::Destroy => "Destroy",
        Event::ExpiryKnown { generation, expiry } => {
            if Some(generation) != before.newest() {
                "ExpiryKnown, of a replaced credential"
            } else if before.status().expiry.is_some() {
                "ExpiryKnown, known already"
            } else if expiry.get() < 0 {
                "ExpiryKnown, has passed"
            } else {
                "ExpiryKnown, learnt"
            }
        }
        Event::ServerTime(time) => match time.get() / TICK {
            ticks if !(-2 - SKEW_MAX..=SKEW_MAX).contains(&ticks) => "ServerTime, not believed",
            0 => "ServerTime, agrees",
            _ => "ServerTime, learnt",
        },
        Event::Restore(_) if does(|action| matches!(action, Action::Commit { .. })) => {
            "Restore, committed"
        }
        Event::Restore(_) => "Restore, ignored",
    }
}
