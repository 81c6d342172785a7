//! The naive machine: whatever can be computed from what happened is computed anew at each step,
//! and nothing is remembered twice.

use std::collections::BTreeSet;

use credwire_core::EpochMillis;
use credwire_session::scheduler::{
    AbortCause, Demand, FallbackReason, OpKind, OutcomeResult, Warning,
};

use crate::input::{Input, Output, Terms, Wait};

const SECOND: i64 = 1000;
const OP_TIMEOUT: i64 = 30 * SECOND;
const CHUNK: i64 = 30 * SECOND;
const RESERVE: i64 = 10 * SECOND;
const LONGEST_HOLD: i64 = 900 * SECOND;
const FARTHEST_CLOCK: i64 = 24 * 3600 * SECOND;
/// Failures after which a mechanism whose credential has expired is given up.
const ATTEMPTS: u32 = 5;
/// Failures of activation that are tried again while `refresh()` can stand in.
const ACTIVATIONS: u32 = 1;
/// Reauthentications without an answer after which the socket is replaced.
const REAUTHS: u32 = 2;

#[derive(Clone, Copy, Debug)]
pub(crate) struct Credential {
    pub(crate) number: u32,
    bound: bool,
    terms: Terms,
    received_wall: i64,
    received_boot: i64,
    /// How long it seemed to last when it came.
    lifetime: Option<i64>,
    /// Nobody accepts it any more, whatever its expiry.
    revoked: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Means {
    Bound,
    Developer,
}

/// Why a mechanism is not in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Off {
    ForThisSession,
    ForThisLineage,
}

/// When something that failed is tried again.
#[derive(Clone, Copy, Debug, Default)]
struct Again {
    failures: u32,
    at: i64,
}

impl Again {
    fn fail(&mut self, boot: i64) {
        self.failures += 1;
        self.at = boot + (SECOND * 2_i64.pow((self.failures - 1).min(20))).min(30 * SECOND);
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Reference {
    pub(crate) dpop: bool,
    pub(crate) refresh: bool,
    pub(crate) renews: bool,
    pub(crate) suspends: bool,
    pub(crate) wall: i64,
    pub(crate) boot: i64,
    skew: i64,
    pub(crate) time_known: bool,
    dead: bool,
    pub(crate) suspended: bool,
    pub(crate) up: bool,
    pub(crate) newest: Option<Credential>,
    pub(crate) applied: Option<Credential>,
    /// Every credential as it came.
    first: Option<Credential>,
    scope: Option<bool>,
    scope_since: u32,
    /// The operation in flight and when it started.
    pub(crate) op: Option<(OpKind, i64)>,
    /// The number of the credential that is being sent to the session.
    pub(crate) reauth: Option<u32>,
    /// Every start and every hold that ever was.
    starts: Vec<(OpKind, i64)>,
    holds: Vec<(OpKind, i64)>,
    pub(crate) k: u32,
    retry_at: i64,
    /// Refreshed credentials in a row that sessions refused.
    refused: u32,
    activation: Again,
    reauths: Again,
    unsupported: bool,
    /// The credential for which a session was given up.
    left_for: u32,
    bound_off: Option<Off>,
    developer_off: Option<Off>,
    demand: Option<Demand>,
    forced: bool,
    warned: BTreeSet<String>,
    pub(crate) deadline: Option<i64>,
    started_reauths: u32,
    /// What the last step asked for.
    pub(crate) outputs: Vec<Output>,
}

impl Reference {
    pub(crate) fn new(dpop: bool, refresh: bool, renews: bool, suspends: bool) -> Self {
        Self {
            dpop,
            refresh,
            renews,
            suspends,
            wall: 1_700_000_000_000,
            boot: 1_000_000,
            skew: 0,
            time_known: false,
            dead: false,
            suspended: false,
            up: false,
            newest: None,
            applied: None,
            first: None,
            scope: None,
            scope_since: 0,
            op: None,
            reauth: None,
            starts: Vec::new(),
            holds: Vec::new(),
            k: 0,
            retry_at: 0,
            refused: 0,
            activation: Again::default(),
            reauths: Again::default(),
            unsupported: false,
            left_for: 0,
            bound_off: None,
            developer_off: None,
            demand: None,
            forced: false,
            warned: BTreeSet::new(),
            deadline: None,
            started_reauths: 0,
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

    pub(crate) fn step(&mut self, input: Input) {
        self.outputs.clear();
        if !self.dead {
            self.take(input);
            self.settle();
        }
    }

    // What is derived.

    /// Whether an operation, and a reauthentication, ended before whose result can come late.
    pub(crate) fn late(&self) -> (bool, bool) {
        let in_flight = (usize::from(self.op.is_some()), u32::from(self.reauth.is_some()));
        (self.starts.len() > in_flight.0, self.started_reauths > in_flight.1)
    }

    /// Milliseconds left by the clock that leaves less; `None` when unknown.
    fn remaining(&self, credential: Credential) -> Option<i64> {
        let by_wall = self.wall - credential.received_wall;
        let age = by_wall.max(self.boot - credential.received_boot);
        match credential.terms {
            _ if credential.revoked => Some(-1),
            Terms::Nothing => None,
            Terms::Lifetime(lifetime) => Some(lifetime - age),
            Terms::Expiry(left) => Some(left - self.skew - age),
        }
    }

    /// When it expires by the server's clock.
    pub(crate) fn expiry(&self, credential: Credential) -> Option<i64> {
        match credential.terms {
            Terms::Nothing => None,
            Terms::Lifetime(lifetime) => Some(credential.received_wall + lifetime + self.skew),
            Terms::Expiry(left) => Some(credential.received_wall + left),
        }
    }

    fn has_ended(&self, credential: Credential) -> bool {
        self.remaining(credential).is_some_and(|remaining| remaining <= 0)
    }

    pub(crate) fn expired(&self) -> bool {
        self.newest.is_some_and(|newest| self.has_ended(newest))
    }

    /// The mandatory window: a twentieth of the lifetime before expiry, at most 10 s.
    pub(crate) fn is_too_old(&self, credential: Credential) -> bool {
        let window = (credential.lifetime.unwrap_or(0) / 20).min(10 * SECOND);
        self.remaining(credential).is_some_and(|remaining| remaining <= window)
    }

    /// The last moments of a credential: the reserve, half of it, the end.
    fn last_moments(&self, credential: Credential) -> Option<[i64; 3]> {
        let remaining = self.remaining(credential).filter(|_| !credential.revoked)?;
        let (end, reserve) =
            (self.boot + remaining, RESERVE.min(credential.lifetime.unwrap_or(0) / 4));
        Some([end - reserve, end - reserve / 2, end])
    }

    pub(crate) fn mechanism(&self) -> Option<Means> {
        let newest = self.newest?;
        if newest.bound && self.dpop && self.bound_off.is_none() {
            Some(Means::Bound)
        } else {
            self.has_developer().then_some(Means::Developer)
        }
    }

    fn has_developer(&self) -> bool {
        self.refresh && self.developer_off.is_none()
    }

    fn activation_possible(&self) -> bool {
        self.newest.is_some_and(|newest| !newest.bound)
            && self.dpop
            && self.scope == Some(true)
            && self.bound_off.is_none()
            && !self.unsupported
            && !self.expired()
    }

    pub(crate) fn held_for(&self, kind: OpKind) -> i64 {
        // The newest word of an endpoint counts.
        let newest = self.holds.iter().rev().find(|(held, _)| *held == kind);
        newest.map_or(0, |(_, until)| (until - self.boot).max(0))
    }

    fn last_start(&self, kind: OpKind) -> Option<i64> {
        self.starts.iter().rev().find(|(started, _)| *started == kind).map(|(_, at)| *at)
    }

    pub(crate) fn refresh_comes(&self) -> bool {
        let waits = !self.suspended && self.forced && self.mechanism().is_some();
        self.op.is_some() || waits
    }

    pub(crate) fn reauthentication_fails(&self) -> bool {
        self.unsupported || self.reauths.failures > 0
    }

    fn rotation_fails(&self) -> bool {
        self.k > 0 || self.held_for(OpKind::Rotate) > 0
    }

    /// The least time after the start before.
    fn gap(&self, kind: OpKind) -> i64 {
        let newest = self.newest.and_then(|newest| newest.lifetime);
        match kind {
            OpKind::Authenticate | OpKind::Activate => SECOND,
            OpKind::Refresh | OpKind::Rotate if self.k > 0 => SECOND,
            OpKind::Refresh | OpKind::Rotate => {
                newest.map_or(30 * SECOND, |it| (it / 4).clamp(SECOND, 30 * SECOND))
            }
        }
    }

    // What is said.

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
        if self.has_developer() {
            self.warn(Warning::Fallback(reason));
        } else if let Some(expiry) = self.newest.and_then(|newest| self.expiry(newest)) {
            self.warn(Warning::NoRefreshHandler { expires_at: EpochMillis::new(expiry) });
        }
    }

    fn abort(&mut self, cause: AbortCause) {
        if let Some((kind, _)) = self.op.take() {
            self.say(Output::Abort(kind, cause));
        }
    }

    // What happens.

    fn held(&mut self) -> impl Iterator<Item = &mut Credential> {
        [&mut self.newest, &mut self.applied].into_iter().flatten()
    }

    fn number(&self, stale: bool) -> u32 {
        if stale { 1 } else { self.newest.map_or(0, |newest| newest.number) }
    }

    fn take(&mut self, input: Input) {
        match input {
            Input::Restore { bound, in_force, expires_in } => {
                if !self.up && (self.dpop || !bound) {
                    self.commit(bound, expires_in.map_or(Terms::Nothing, Terms::Expiry));
                    if in_force {
                        self.applied = self.newest;
                    }
                }
            }
            Input::Demand(demand) => self.demand = if self.suspended { None } else { demand },
            Input::Scope { sat_refresh, stale } => {
                let number = self.number(stale);
                let Some(newest) = self.newest.filter(|_| self.scope.is_none()) else { return };
                if number < self.scope_since {
                    return;
                }
                self.scope = Some(sat_refresh);
                if !newest.bound && !sat_refresh {
                    self.fallback(FallbackReason::NoScope);
                } else if !newest.bound && !self.dpop {
                    self.fallback(FallbackReason::NoDpopSupport);
                }
            }
            Input::Expiry { left, stale } => self.expiry_known(self.number(stale), left),
            Input::UpNewest => self.session_up(self.newest),
            Input::UpApplied => self.session_up(self.applied.or(self.newest)),
            Input::UpFirst => self.session_up(self.first),
            Input::Down => self.session_down(),
            Input::Detached => {
                self.session_down();
                self.applied = None;
            }
            Input::OpOk { terms, same_token } => self.op_ok(terms, same_token),
            Input::OpSame => {
                let expiry = self.newest.and_then(|newest| self.expiry(newest));
                let terms = expiry.map_or(Terms::Nothing, |at| Terms::Expiry(at - self.wall));
                self.op_ok(terms, true);
            }
            Input::OpTransient { retry_after } => {
                if let (Some(wait), Some((kind, _))) = (retry_after, self.op) {
                    let wait = (i64::try_from(wait).unwrap() * SECOND).min(LONGEST_HOLD);
                    self.holds.push((kind, self.boot + wait));
                }
                self.op_failed(false, OutcomeResult::Transient);
            }
            Input::OpPermanent => self.op_failed(true, OutcomeResult::Permanent),
            Input::OpPanic => self.op_failed(false, OutcomeResult::Panicked),
            Input::LateOp | Input::LateReauth => {}
            Input::ReauthOk => self.reauth_ok(),
            Input::ReauthNoAnswer => self.reauth_without_answer(),
            Input::ReauthFailed => {
                self.reauth = None;
                self.reauths.fail(self.boot);
            }
            Input::ReauthUnsupported => {
                self.reauth = None;
                self.unsupported = true;
            }
            Input::ReauthRejected => self.reauth_rejected(),
            Input::Tick => {
                if let Some((kind, started)) = self.op
                    && self.boot >= self.has_until(kind, started)
                {
                    self.say(Output::Abort(kind, AbortCause::TimedOut));
                    self.op_failed(false, OutcomeResult::TimedOut);
                }
            }
            Input::RefreshNow => {
                self.bound_off = None;
                self.developer_off = None;
                self.forced |= !self.suspended && self.mechanism().is_some();
            }
            Input::Invalidate { stale } => {
                let number = self.number(stale);
                if self.newest.is_none_or(|newest| newest.number != number) {
                } else if self.mechanism().is_some() {
                    self.forced = true;
                } else {
                    self.revoke(|credential| credential.number == number);
                }
            }
            Input::Refused { stale } => {
                let number = self.number(stale);
                self.revoke(|credential| credential.number == number);
            }
            Input::Set(terms) => {
                if !self.arrived_ended(terms) {
                    self.abort(AbortCause::Replaced);
                    self.begin_lineage();
                    self.commit(false, terms);
                }
            }
            Input::CanRefresh(refresh) => self.refresh = refresh,
            Input::Suspend => {
                self.suspended = true;
                self.demand = None;
                self.forced = false;
                self.session_down();
            }
            Input::Resume => self.suspended = false,
            Input::KeyLost => {
                self.dpop = false;
                // What it gives could not be proved.
                if matches!(self.op, Some((OpKind::Activate | OpKind::Rotate, _))) {
                    self.abort(AbortCause::Replaced);
                }
                self.revoke(|credential| credential.bound);
                self.warn(Warning::DpopKeyLost);
            }
            Input::ServerTime(None) => self.time_known = false,
            Input::ServerTime(Some(ahead)) => {
                self.time_known = true;
                let skew = self.skew.clamp(ahead, ahead + 2 * SECOND);
                if skew.abs() <= FARTHEST_CLOCK {
                    self.skew = skew;
                    // From here on, age counts from now.
                    let (wall, boot) = (self.wall, self.boot);
                    for credential in self.held() {
                        if let Terms::Expiry(left) = &mut credential.terms {
                            *left -= wall - credential.received_wall;
                            (credential.received_wall, credential.received_boot) = (wall, boot);
                        }
                    }
                }
            }
            Input::Destroy => {
                self.abort(AbortCause::Closed);
                let outputs = std::mem::take(&mut self.outputs);
                let fresh = Self::new(self.dpop, self.refresh, self.renews, self.suspends);
                let (wall, boot) = (self.wall, self.boot);
                *self = Self { dead: true, outputs, wall, boot, ..fresh };
            }
        }
    }

    fn revoke(&mut self, which: impl Fn(&Credential) -> bool) {
        let (wall, boot) = (self.wall, self.boot);
        for credential in self.held().filter(|credential| which(credential)) {
            credential.revoked = true;
            credential.lifetime = Some(0);
            if let Terms::Nothing = credential.terms {
                // From now on it has an expiry: this moment, by our own clock.
                credential.terms = Terms::Lifetime(0);
                (credential.received_wall, credential.received_boot) = (wall, boot);
            }
        }
    }

    fn expiry_known(&mut self, number: u32, left: i64) {
        let (wall, boot, lives) = (self.wall, self.boot, left - self.skew);
        for credential in self.held() {
            let unknown = matches!(credential.terms, Terms::Nothing) && !credential.revoked;
            if credential.number == number && unknown && lives > 0 {
                credential.terms = Terms::Expiry(left);
                credential.lifetime = Some(lives);
                (credential.received_wall, credential.received_boot) = (wall, boot);
            }
        }
    }

    fn arrived_ended(&mut self, terms: Terms) -> bool {
        let left = match terms {
            Terms::Nothing => return false,
            Terms::Lifetime(lifetime) => lifetime,
            Terms::Expiry(left) => left - self.skew,
        };
        if left <= 0 {
            self.warn(Warning::ExpiredOnArrival);
        }
        left <= 0
    }

    fn op_ok(&mut self, terms: Terms, same_token: bool) {
        let Some((kind, _)) = self.op else { return };
        if self.arrived_ended(terms) {
            return self.op_failed(false, OutcomeResult::Unusable);
        }
        if same_token {
            let old = self.newest.and_then(|newest| self.expiry(newest));
            // Only the first word on when a token ends is news.
            if old.is_some() || matches!(terms, Terms::Nothing) {
                self.warn(Warning::SameToken);
                return self.op_failed(false, OutcomeResult::Unusable);
            }
        }
        let bound = matches!(kind, OpKind::Activate | OpKind::Rotate);
        if bound && !self.dpop {
            return self.op_failed(true, OutcomeResult::Unusable);
        }
        self.op = None;
        match kind {
            OpKind::Authenticate => self.begin_lineage(),
            OpKind::Activate => self.activation = Again::default(),
            OpKind::Refresh => self.bound_off = None,
            OpKind::Rotate => {}
        }
        self.commit(bound, terms);
        self.say(Output::Ended(kind, OutcomeResult::Committed));
    }

    fn begin_lineage(&mut self) {
        self.bound_off = None;
        self.developer_off = None;
        self.activation = Again::default();
        self.warned.clear();
        self.refused = 0;
    }

    fn commit(&mut self, bound: bool, terms: Terms) {
        let previous = self.newest;
        let number = previous.map_or(1, |newest| newest.number + 1);
        let lifetime = match terms {
            Terms::Nothing => None,
            Terms::Lifetime(lifetime) => Some(lifetime),
            Terms::Expiry(left) => Some((left - self.skew).max(0)),
        };
        let (received_wall, received_boot) = (self.wall, self.boot);
        let revoked = false;
        let new =
            Credential { number, bound, terms, received_wall, received_boot, lifetime, revoked };
        self.newest = Some(new);
        self.first = self.first.or(Some(new));
        if !bound || previous.is_none() {
            self.scope = None;
            self.scope_since = number;
        }
        (self.k, self.retry_at) = (0, 0);
        self.reauths = Again::default();
        self.forced = false;
        if !bound {
            self.demand = None;
        }
        self.say(Output::Commit { generation: number, bound });
        self.warned.remove("CredentialExpired");
        self.warned.remove("RefreshStopped");
        let ends = |credential: Option<Credential>| credential.and_then(|it| self.expiry(it));
        let earlier = match (ends(previous.filter(|old| old.bound == bound)), ends(Some(new))) {
            (Some(old), Some(new)) => new < old,
            _ => false,
        };
        if earlier {
            self.warn(Warning::EarlierExpiry);
        }
    }

    fn op_failed(&mut self, for_good: bool, result: OutcomeResult) {
        let Some((kind, _)) = self.op.take() else { return };
        match kind {
            OpKind::Authenticate if self.demand.is_some() => self.demand = None,
            OpKind::Authenticate => self.count_failure(),
            OpKind::Activate if for_good => {
                self.bound_off = Some(Off::ForThisLineage);
                self.fallback(FallbackReason::EndpointFailed);
            }
            OpKind::Activate => {
                self.activation.fail(self.boot);
                if self.has_developer() && result == OutcomeResult::TimedOut {
                    self.fallback(FallbackReason::ActivationTimeout);
                } else if self.has_developer() && self.activation.failures > ACTIVATIONS {
                    self.fallback(FallbackReason::EndpointFailed);
                }
            }
            OpKind::Refresh => self.mechanism_failed(Means::Developer, for_good),
            OpKind::Rotate => self.mechanism_failed(Means::Bound, for_good),
        }
        self.say(Output::Ended(kind, result));
    }

    fn count_failure(&mut self) {
        let mut again = Again { failures: self.k, at: 0 };
        again.fail(self.boot);
        (self.k, self.retry_at) = (again.failures, again.at);
    }

    fn mechanism_failed(&mut self, means: Means, for_good: bool) {
        if for_good {
            return self.turn_off(means, Off::ForThisLineage);
        }
        self.count_failure();
        if self.expired() && self.k >= ATTEMPTS {
            self.turn_off(means, Off::ForThisSession);
        }
    }

    fn turn_off(&mut self, means: Means, off: Off) {
        (self.k, self.retry_at) = (0, 0);
        match means {
            Means::Bound => {
                self.bound_off = Some(off);
                if self.has_developer() {
                    self.fallback(FallbackReason::RefreshFailed);
                }
            }
            Means::Developer => self.developer_off = Some(off),
        }
        if self.mechanism().is_none() && !self.activation_possible() {
            self.forced = false;
            self.warn(Warning::RefreshStopped);
            if self.suspends {
                self.say(Output::Suspend);
            }
        }
    }

    fn session_up(&mut self, used: Option<Credential>) {
        let (false, Some(used)) = (self.suspended, used) else { return };
        self.session_down();
        self.up = true;
        for off in [&mut self.bound_off, &mut self.developer_off] {
            *off = off.filter(|off| *off == Off::ForThisLineage);
        }
        self.activation = Again::default();
        let known = self.held().find(|known| known.number == used.number).copied();
        self.applied = Some(known.unwrap_or(used));
        self.say(Output::Applied(used.number));
    }

    fn session_down(&mut self) {
        self.up = false;
        self.reauth = None;
        self.reauths = Again::default();
        self.unsupported = false;
    }

    fn reauth_ok(&mut self) {
        let sent = self.reauth.take();
        self.reauths = Again::default();
        if let Some(sent) = sent.filter(|sent| self.newest.is_some_and(|it| it.number == *sent)) {
            self.refused = 0;
            self.applied = self.newest;
            self.say(Output::Applied(sent));
        }
    }

    fn reauth_without_answer(&mut self) {
        let Some(sent) = self.reauth.take() else { return };
        self.reauths.fail(self.boot);
        if self.reauths.failures >= REAUTHS && self.left_for != sent {
            self.left_for = sent;
            self.session_down();
            self.say(Output::Reconnect);
        }
    }

    fn reauth_rejected(&mut self) {
        let Some(sent) = self.reauth.take() else { return };
        let (newest, applied) = (self.newest.unwrap(), self.applied.unwrap());
        if sent != newest.number {
            return;
        }
        let generation = newest.number + 1;
        self.newest = Some(Credential { number: generation, ..applied });
        self.applied = self.newest;
        self.reauths = Again::default();
        self.say(Output::Revert { applied: applied.number, generation });
        if newest.bound {
            self.mechanism_failed(Means::Bound, true);
        } else {
            self.k = self.k.max(self.refused);
            self.mechanism_failed(Means::Developer, false);
            self.refused = self.k;
        }
    }

    // What follows.

    /// Until when an operation may take.
    fn has_until(&self, kind: OpKind, started: i64) -> i64 {
        let longest = started + OP_TIMEOUT;
        match (kind, self.demand) {
            (OpKind::Authenticate, Some(_)) => longest,
            // A connection waits, and the provider can be asked.
            (_, Some(_)) => started + RESERVE,
            (_, None) => {
                let moments = self.newest.and_then(|newest| self.last_moments(newest));
                let ahead = moments.and_then(|[reserve, last, _]| {
                    [reserve, last].into_iter().find(|moment| started < *moment)
                });
                ahead.map_or(longest, |moment| longest.min(moment))
            }
        }
    }

    /// When something that failed is tried again: not later than the last moment for it.
    fn try_again(&self, kind: OpKind, again: Again) -> i64 {
        let moments = self.newest.and_then(|newest| self.last_moments(newest));
        match moments {
            Some([_, last, _])
                if again.failures > 0 && self.last_start(kind).is_none_or(|at| at < last) =>
            {
                again.at.min(last)
            }
            _ => again.at,
        }
    }

    fn settle(&mut self) {
        self.deadline = None;
        if self.dead {
            return;
        }
        if !self.suspended {
            self.make_way();
        }
        if !self.suspended && self.expired() {
            self.warn(Warning::CredentialExpired);
        }
        let applied = self.applied.map(|applied| applied.number);
        let in_force = self.newest.filter(|newest| self.up && applied == Some(newest.number));
        let endless = in_force.is_some_and(|it| matches!(it.terms, Terms::Nothing) && !it.revoked);
        if endless && self.mechanism().is_some() {
            self.warn(Warning::ExpiryUnknown);
        }
        let mut times = Vec::new();
        self.send_newest(&mut times);
        if self.op.is_none() && !self.suspended {
            let candidates = self.candidates(&mut times);
            match candidates.iter().find(|(_, at)| *at <= self.boot) {
                Some((kind, _)) => self.start(*kind),
                None => times.extend(candidates.into_iter().map(|(_, at)| at)),
            }
        }
        if let Some((kind, started)) = self.op {
            times.push(self.has_until(kind, started));
        }
        if let (Some(newest), false) = (self.newest, self.suspended)
            && let Some(moments) = self.last_moments(newest)
        {
            let failing = self.rotation_fails() || self.activation.failures > 0;
            let counts = if failing { &moments[..] } else { &moments[2..] };
            times.extend(counts.iter().filter(|moment| **moment > self.boot));
        }
        self.deadline = times.into_iter().min().map(|time| time.min(self.boot + CHUNK));
    }

    fn make_way(&mut self) {
        let device = matches!(self.op, Some((OpKind::Activate | OpKind::Rotate, _)));
        if device && self.demand == Some(Demand::Provider) {
            self.abort(AbortCause::Replaced);
        }
        if self.op.is_some() || self.mechanism() != Some(Means::Bound) {
            return;
        }
        let moments = self.newest.and_then(|newest| self.last_moments(newest));
        let in_reserve = moments.is_some_and(|[reserve, ..]| reserve <= self.boot);
        let makes_way = in_reserve && self.rotation_fails() && self.has_developer();
        if makes_way || self.expired() {
            self.turn_off(Means::Bound, Off::ForThisSession);
        }
    }

    /// The session is given the newest credential, or is replaced before its own ends.
    fn send_newest(&mut self, times: &mut Vec<i64>) {
        let (Some(newest), Some(applied)) = (self.newest, self.applied) else { return };
        let behind = self.up && newest.number != applied.number && self.reauth.is_none();
        if !behind || self.has_ended(newest) {
            return;
        }
        if self.reauthentication_fails() && self.left_for != newest.number {
            let moment = match self.last_moments(applied) {
                Some([reserve, ..]) => Some(reserve),
                None => applied.revoked.then_some(self.boot),
            };
            if moment.is_some_and(|moment| moment <= self.boot) {
                self.left_for = newest.number;
                return self.say(Output::Renew);
            }
            times.extend(moment);
        }
        if self.unsupported {
        } else if self.boot < self.reauths.at {
            times.push(self.reauths.at);
        } else {
            times.clear();
            self.reauth = Some(newest.number);
            self.started_reauths += 1;
            self.say(Output::Reauthenticate(newest.number));
        }
    }

    /// What could start, in the order in which it takes precedence, and when. The notice of expiry
    /// is among the times.
    fn candidates(&self, times: &mut Vec<i64>) -> Vec<(OpKind, i64)> {
        let mut candidates = Vec::new();
        if self.demand.is_some() {
            candidates.push((OpKind::Authenticate, self.boot));
        }
        let tries_left = self.activation.failures <= ACTIVATIONS || !self.has_developer();
        if self.up && self.activation_possible() && tries_left {
            let kind = OpKind::Activate;
            candidates.push((kind, self.try_again(kind, self.activation)));
        }
        if let Some(newest) = self.newest {
            let remaining = self.remaining(newest);
            let kind = match self.mechanism() {
                Some(Means::Bound) => Some(OpKind::Rotate),
                Some(Means::Developer) => Some(OpKind::Refresh),
                None => {
                    let lives = remaining.filter(|remaining| *remaining > 0);
                    let renews = self.renews && self.up && lives.is_some();
                    if !renews {
                        times.extend(lives.map(|left| self.boot + left));
                    }
                    renews.then_some(OpKind::Authenticate)
                }
            };
            if let Some(kind) = kind {
                if self.k > 0 {
                    let again = Again { failures: self.k, at: self.retry_at };
                    candidates.push((kind, self.try_again(kind, again)));
                } else if self.forced {
                    candidates.push((kind, self.boot));
                } else if let Some(remaining) = remaining {
                    let lifetime = newest.lifetime.unwrap_or(0);
                    let lead = (lifetime / 5).clamp(5 * SECOND, 300 * SECOND);
                    candidates.push((kind, self.boot + (remaining - lead).max(0)));
                }
            }
        }
        for (kind, at) in &mut candidates {
            let after = self.last_start(*kind).map_or(*at, |last| last + self.gap(*kind));
            *at = (*at).max(after).max(self.boot + self.held_for(*kind));
        }
        candidates
    }

    fn start(&mut self, kind: OpKind) {
        self.op = Some((kind, self.boot));
        self.starts.push((kind, self.boot));
        if kind != OpKind::Activate {
            self.forced = false;
        }
        self.say(Output::Start(kind));
    }
}
