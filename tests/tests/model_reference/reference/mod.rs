//! The contract of the lifecycle once more, as plainly as it can be said: everything is kept,
//! nothing is packed, and each rule is a paragraph. It shares no code with the arbiter.

use std::collections::{BTreeMap, BTreeSet};

use credwire::{
    EpochMillis,
    lifecycle::{FallbackReason, OpKind, RefreshFailure, Warning},
};

use crate::input::{Output, Terms, Wait};

mod events;
mod session;

const SECOND: i64 = 1000;
const OP_TIMEOUT: i64 = 30 * SECOND;
const CHUNK: i64 = 30 * SECOND;
const JMAX: u32 = 1;

#[derive(Clone, Copy, Debug)]
pub(crate) struct Credential {
    pub(crate) number: u32,
    pub(crate) bound: bool,
    terms: Terms,
    received_wall: i64,
    received_boot: i64,
    /// How long it seemed to last when it came.
    lifetime: Option<i64>,
    revoked: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mechanism {
    Bound,
    Developer,
}

#[derive(Clone, Debug)]
pub(crate) struct Reference {
    pub(crate) dpop: bool,
    pub(crate) refresh: bool,
    pub(crate) wall: i64,
    pub(crate) boot: i64,
    skew: i64,
    pub(crate) dead: bool,
    pub(crate) suspended: bool,
    pub(crate) up: bool,
    pub(crate) newest: Option<Credential>,
    pub(crate) applied: Option<Credential>,
    scope: Option<bool>,
    scope_since: u32,
    /// The operation in flight and when it started.
    pub(crate) op: Option<(OpKind, i64)>,
    /// The number of the credential that is being sent to the session.
    pub(crate) reauth: Option<u32>,
    last_start: BTreeMap<&'static str, i64>,
    pub(crate) k: u32,
    retry_at: i64,
    /// Refreshed credentials in a row that sessions refused.
    refused: u32,
    j: u32,
    act_at: i64,
    r: u32,
    rea_at: i64,
    bound_off: bool,
    developer_off: bool,
    need: bool,
    need_unbound: bool,
    forced: bool,
    waiting: bool,
    warned: BTreeSet<String>,
    pub(crate) deadline: Option<i64>,
    /// How many operations and reauthentications were ever started.
    ops: u32,
    reauths: u32,
    /// What the last step asked for.
    pub(crate) outputs: Vec<Output>,
}

impl Reference {
    pub(crate) fn new(dpop: bool, refresh: bool) -> Self {
        Self {
            dpop,
            refresh,
            wall: 1_700_000_000_000,
            boot: 1_000_000,
            skew: 0,
            dead: false,
            suspended: false,
            up: false,
            newest: None,
            applied: None,
            scope: None,
            scope_since: 0,
            op: None,
            reauth: None,
            last_start: BTreeMap::new(),
            k: 0,
            retry_at: 0,
            refused: 0,
            j: 0,
            act_at: 0,
            r: 0,
            rea_at: 0,
            bound_off: false,
            developer_off: false,
            need: false,
            need_unbound: false,
            forced: false,
            waiting: false,
            warned: BTreeSet::new(),
            deadline: None,
            ops: 0,
            reauths: 0,
            outputs: Vec::new(),
        }
    }

    pub(crate) fn pass(&mut self, wait: Wait) {
        let (wall, boot) = match wait {
            Wait::Deadline => {
                let left = self.deadline.map_or(0, |deadline| (deadline - self.boot).max(0));
                (left, left)
            }
            Wait::Millis(millis) => (millis, millis),
            Wait::Asleep(millis) => (millis, 0),
            Wait::Step(millis) => (millis, 0),
        };
        self.wall += wall;
        self.boot += boot;
    }

    /// Whether an operation, and a reauthentication, ended before whose result can come late.
    pub(crate) fn late(&self) -> (bool, bool) {
        let (op, reauth) = (u32::from(self.op.is_some()), u32::from(self.reauth.is_some()));
        (self.ops > op, self.reauths > reauth)
    }

    // Derived.

    /// Milliseconds left by the clock that leaves less; `None` when unknown.
    pub(crate) fn remaining(&self, credential: Credential) -> Option<i64> {
        let age_by_wall = self.wall - credential.received_wall;
        let age_by_boot = self.boot - credential.received_boot;
        let age = age_by_wall.max(age_by_boot);
        match credential.terms {
            _ if credential.revoked => Some(-1),
            Terms::Nothing => None,
            Terms::Lifetime(lifetime) => Some(lifetime - age),
            Terms::Expiry(expires_in) => Some(expires_in - self.skew - age),
        }
    }

    /// When it expires by the server's clock.
    pub(crate) fn expiry(&self, credential: Credential) -> Option<i64> {
        match credential.terms {
            Terms::Nothing if credential.revoked => None,
            Terms::Nothing => None,
            Terms::Lifetime(lifetime) => Some(credential.received_wall + lifetime + self.skew),
            Terms::Expiry(expires_in) => Some(credential.received_wall + expires_in),
        }
    }

    pub(crate) fn expired(&self) -> bool {
        let remaining = self.newest.and_then(|newest| self.remaining(newest));
        remaining.is_some_and(|remaining| remaining <= 0)
    }

    pub(crate) fn mechanism(&self) -> Option<Mechanism> {
        let newest = self.newest?;
        if newest.bound && self.dpop && !self.bound_off {
            Some(Mechanism::Bound)
        } else if self.developer_possible() {
            Some(Mechanism::Developer)
        } else {
            None
        }
    }

    fn developer_possible(&self) -> bool {
        self.refresh && !self.developer_off
    }

    fn activation_possible(&self) -> bool {
        self.newest.is_some_and(|newest| !newest.bound)
            && self.dpop
            && self.scope == Some(true)
            && !self.bound_off
            && !self.expired()
    }

    fn wants_activation(&self) -> bool {
        self.up && self.activation_possible() && (self.j <= JMAX || !self.developer_possible())
    }

    fn behind(&self) -> bool {
        self.newest.map(|newest| newest.number) != self.applied.map(|applied| applied.number)
    }

    fn backoff(n: u32) -> i64 {
        (SECOND * 2_i64.pow((n - 1).min(20))).min(60 * SECOND)
    }

    fn gap(&self, kind: OpKind) -> i64 {
        match kind {
            OpKind::Authenticate | OpKind::Activate => SECOND,
            OpKind::Refresh | OpKind::Rotate if self.k > 0 => SECOND,
            OpKind::Refresh | OpKind::Rotate => {
                let lifetime = self.newest.and_then(|newest| newest.lifetime);
                lifetime.map_or(30 * SECOND, |it| (it / 4).clamp(SECOND, 30 * SECOND))
            }
        }
    }

    fn say(&mut self, output: Output) {
        self.outputs.push(output);
    }

    fn warn(&mut self, warning: Warning) {
        let code = match warning {
            Warning::NoRefreshHandler { .. } => "NoRefreshHandler".to_owned(),
            other => format!("{other:?}"),
        };
        if self.warned.insert(code) {
            self.say(Output::Warn(warning));
        }
    }

    fn fallback(&mut self, reason: FallbackReason) {
        if self.developer_possible() {
            self.warn(Warning::Fallback(reason));
        } else if let Some(expiry) = self.newest.and_then(|newest| self.expiry(newest)) {
            self.warn(Warning::NoRefreshHandler { expires_at: EpochMillis::new(expiry) });
        }
    }

    fn answer_all(&mut self, result: Result<u32, RefreshFailure>) {
        if self.waiting {
            self.waiting = false;
            self.say(Output::AnswerAll(result));
        }
    }

    fn join(&mut self) {
        if self.suspended && self.op.is_none() {
            self.say(Output::Answer(Err(RefreshFailure::Suspended)));
        } else {
            self.waiting = true;
        }
    }

    // Settling.

    fn settle(&mut self) {
        self.deadline = None;
        if self.dead {
            return;
        }
        if !self.suspended && self.expired() {
            self.warn(Warning::CredentialExpired);
        }
        let endless = self
            .newest
            .is_some_and(|newest| matches!(newest.terms, Terms::Nothing) && !newest.revoked);
        if self.up && !self.behind() && endless && self.mechanism().is_some() {
            self.warn(Warning::ExpiryUnknown);
        }
        let mut times = Vec::new();
        // S1
        if self.up && self.behind() && self.reauth.is_none() {
            let newest = self.newest.unwrap();
            if self.boot >= self.rea_at {
                self.reauth = Some(newest.number);
                self.reauths += 1;
                let client_bound = newest.bound;
                self.say(Output::Reauthenticate { generation: newest.number, client_bound });
            } else {
                times.push(self.rea_at);
            }
        }
        if self.op.is_none() && !self.suspended {
            // S4 to S6
            let mut candidates = Vec::new();
            if self.need {
                candidates.push((OpKind::Authenticate, self.boot));
            }
            if self.wants_activation() {
                candidates.push((OpKind::Activate, self.act_at));
            }
            if let (Some(mechanism), Some(newest)) = (self.mechanism(), self.newest) {
                let kind = match mechanism {
                    Mechanism::Bound => OpKind::Rotate,
                    Mechanism::Developer => OpKind::Refresh,
                };
                if self.k > 0 {
                    candidates.push((kind, self.retry_at));
                } else if self.forced {
                    candidates.push((kind, self.boot));
                } else if let Some(remaining) = self.remaining(newest) {
                    let lifetime = newest.lifetime.unwrap_or(0);
                    let lead = (lifetime / 5).clamp(5 * SECOND, 300 * SECOND);
                    candidates.push((kind, self.boot + (remaining - lead).max(0)));
                }
            } else if let Some(remaining) = self.newest.and_then(|newest| self.remaining(newest))
                && remaining > 0
            {
                times.push(self.boot + remaining);
            }
            for (kind, at) in &mut candidates {
                if let Some(last) = self.last_start.get(name(*kind)) {
                    *at = (*at).max(last + self.gap(*kind));
                }
            }
            // S7
            if let Some((kind, _)) = candidates.iter().find(|(_, at)| *at <= self.boot) {
                let kind = *kind;
                self.op = Some((kind, self.boot));
                self.ops += 1;
                self.last_start.insert(name(kind), self.boot);
                if kind != OpKind::Activate {
                    self.forced = false;
                }
                let presents = matches!(kind, OpKind::Activate | OpKind::Rotate);
                let using = self.newest.filter(|_| presents).map(|newest| newest.number);
                self.say(Output::Start(kind, using));
                times.retain(|time| Some(*time) == Some(self.rea_at));
            } else {
                times.extend(candidates.into_iter().map(|(_, at)| at));
            }
        }
        // S2
        if let Some((_, started)) = self.op {
            times.push(started + OP_TIMEOUT);
        }
        let comes = self.need || self.forced && self.mechanism().is_some();
        if self.op.is_none() && (self.suspended || !comes) {
            let failure = if self.suspended {
                RefreshFailure::Suspended
            } else {
                RefreshFailure::NoMechanism
            };
            self.answer_all(Err(failure));
        }
        // S8
        self.deadline = times.into_iter().min().map(|time| time.min(self.boot + CHUNK));
    }
}

fn name(kind: OpKind) -> &'static str {
    match kind {
        OpKind::Authenticate => "authenticate",
        OpKind::Activate => "activate",
        OpKind::Refresh => "refresh",
        OpKind::Rotate => "rotate",
    }
}
