//! The state of one credential lifecycle, and what each event does to it. After every event the
//! machine settles (`settle.rs`), which is where operations start.

use std::time::Duration;

use credwire_core::EpochMillis;
use credwire_generated::RefreshMechanism;

use super::{
    action::{Action, Actions, FallbackReason, OpKind, RefreshFailure, Warning},
    event::{Cached, Event, Failure, Generation, OpId, ReauthId},
    held::Held,
    moment::Moment,
    policy::CheckedPolicy,
    retry::{Chance, Retry},
    status::{Outcome, OutcomeResult},
    step::Step,
    warned::Warned,
};
use crate::clock::Now;

/// What the client is able to do; fixed but for a DPoP key that gets lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Abilities {
    /// It has a DPoP key.
    pub dpop: bool,
    /// Its provider has `refresh()`.
    pub refresh: bool,
}

/// The credential lifecycle of one client. See the [module](super) for how to drive it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Arbiter {
    pub(super) policy: CheckedPolicy,
    pub(super) able: Abilities,
    pub(super) chance: Chance,

    pub(super) closed: bool,
    pub(super) suspended: bool,
    pub(super) session_up: bool,

    /// The newest credential.
    pub(super) newest: Option<Held>,
    /// The credential in force on the session, which is that of the stored state as well.
    pub(super) applied: Option<Held>,
    /// Whether the newest SAT carries `sat:refresh`, once that is known, ...
    pub(super) scope: Option<bool>,
    /// ... and the credential since which it is.
    pub(super) scope_since: Generation,

    /// The operation in flight: the only one.
    pub(super) op: Option<Op>,
    /// The reauthentication in flight: the only one.
    pub(super) reauth: Option<Reauth>,
    pub(super) last_id: u32,
    /// When each kind of operation was last started.
    pub(super) last_start: [Moment; 4],
    /// Failures of the selected mechanism (k).
    pub(super) refresh_retry: Retry,
    /// Refreshed credentials in a row that sessions refused.
    pub(super) refused: u32,
    /// Failures of activation in this session (j).
    pub(super) activation_retry: Retry,
    /// Failures of reauthentication (r).
    pub(super) reauth_retry: Retry,
    /// Client Bound SAT was given up, until the next session or `RefreshNow`.
    pub(super) bound_latched: bool,
    /// The provider's `refresh()` was given up, likewise.
    pub(super) developer_latched: bool,

    /// A fresh connect waits for a credential.
    pub(super) need: Option<Need>,
    /// A refresh was asked for before it is due.
    pub(super) forced: bool,
    /// Somebody waits for an answer.
    pub(super) waiting: bool,

    /// When to look again; [`Moment::NEVER`] for not at all.
    pub(super) deadline: Moment,
    /// Server time less wall time, in milliseconds.
    pub(super) skew: i64,

    pub(super) warned: Warned,
    pub(super) armed: RefreshMechanism,
    pub(super) armed_since: EpochMillis,
    pub(super) last_outcome: Option<Outcome>,
    pub(super) fallback: Option<FallbackReason>,
}

/// Which credential a fresh connect waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Need {
    /// Any that has not expired.
    Valid,
    /// One of the provider.
    Unbound,
}

/// An operation in flight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Op {
    pub(super) id: OpId,
    pub(super) kind: OpKind,
    pub(super) started: Moment,
}

/// A reauthentication in flight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Reauth {
    pub(super) id: ReauthId,
    pub(super) generation: Generation,
}

impl Arbiter {
    /// A lifecycle that has not started; send [`Event::Start`] first. `seed` decides the jitter
    /// alone: give each client another one.
    pub fn new(policy: CheckedPolicy, able: Abilities, seed: u64) -> Self {
        Self {
            policy,
            able,
            chance: Chance::new(seed),
            closed: false,
            suspended: false,
            session_up: false,
            newest: None,
            applied: None,
            scope: None,
            scope_since: Generation(0),
            op: None,
            reauth: None,
            last_id: 0,
            last_start: [Moment::PAST; 4],
            refresh_retry: Retry::NONE,
            refused: 0,
            activation_retry: Retry::NONE,
            reauth_retry: Retry::NONE,
            bound_latched: false,
            developer_latched: false,
            need: None,
            forced: false,
            waiting: false,
            deadline: Moment::NEVER,
            skew: 0,
            warned: Warned::default(),
            armed: RefreshMechanism::None,
            armed_since: EpochMillis::new(0),
            last_outcome: None,
            fallback: None,
        }
    }

    /// Takes note of `event` and says what to do about it. Every event is welcome in every state;
    /// one that does not fit changes nothing.
    pub fn on(&mut self, event: Event, now: Now) -> Actions {
        let mut step = Step::new(now, self.skew);
        if self.closed {
            // S0. A caller still gets an answer.
            if let Event::NeedFresh(waiter) | Event::NeedNew(waiter) | Event::RefreshNow(waiter) =
                event
            {
                step.act(Action::Answer { waiter, result: Err(RefreshFailure::Closed) });
            }
            return step.actions;
        }
        self.apply(event, &mut step);
        self.settle(&mut step);
        step.actions
    }

    /// When [`Event::Tick`] is due, in boot time; at once when that has passed. At most one
    /// [`chunk`](super::Policy::chunk) ahead of the last event.
    pub fn deadline(&self) -> Option<Duration> {
        self.deadline.boot()
    }

    /// The newest credential: what a fresh connect sends, and HTTP requests.
    pub fn newest(&self) -> Option<Generation> {
        self.newest.map(|held| held.generation)
    }

    /// The credential in force on the session or its stored state: what a resume sends.
    pub fn applied(&self) -> Option<Generation> {
        self.applied.map(|held| held.generation)
    }

    /// The credential to store, and how it is to be [restored](Event::Start): the one in force on
    /// the session or its stored state, otherwise the newest while it is good.
    pub fn cached(&self, now: Now) -> Option<(Generation, Cached)> {
        let step = Step::new(now, self.skew);
        let resumable = self.applied.is_some();
        let held = self.applied.or(self.newest.filter(|newest| !newest.is_expired(&step)))?;
        let expiry = held.validity.map(|validity| validity.expires_at(&step));
        Some((held.generation, Cached { kind: held.kind, expiry, resumable }))
    }

    /// The credential to store besides that one, and how it is to be [restored](Event::Restore): the
    /// newest, while the session has not been given it.
    pub fn unapplied(&self, now: Now) -> Option<(Generation, Cached)> {
        let step = Step::new(now, self.skew);
        let newest = self.newest.filter(|newest| !newest.is_expired(&step))?;
        let applied = self.applied.filter(|it| it.generation != newest.generation);
        let expiry = newest.validity.map(|validity| validity.expires_at(&step));
        applied.map(|_| (newest.generation, Cached { kind: newest.kind, expiry, resumable: false }))
    }

    /// Whether the mandatory window of the newest credential is open, or it has expired.
    pub fn insists(&self, now: Now) -> bool {
        let step = Step::new(now, self.skew);
        self.newest.is_some_and(|newest| self.is_too_old(&newest, &step))
    }

    /// Whether the token of this credential is still needed; any other is to be wiped.
    pub fn holds(&self, generation: Generation) -> bool {
        self.newest() == Some(generation) || self.applied() == Some(generation)
    }

    fn apply(&mut self, event: Event, step: &mut Step) {
        match event {
            Event::Start { cached } => self.start(cached, step),
            Event::Restore(newer) => self.restore(&newer, step),
            Event::NeedFresh(waiter) => self.need_fresh(waiter, step),
            Event::NeedNew(waiter) => self.need(Need::Unbound, waiter, step),
            Event::ScopeKnown { generation, sat_refresh } => {
                self.scope_known(generation, sat_refresh, step);
            }
            Event::ExpiryKnown { generation, expiry } => {
                self.expiry_known(generation, expiry, step);
            }
            Event::SessionUp { used } => self.session_up(used, step),
            Event::SessionDown => self.session_down(),
            Event::OpOk { id, grant } => self.op_ok(id, &grant, step),
            Event::OpErr { id, failure } => {
                let result = match failure {
                    Failure::Permanent => OutcomeResult::Permanent,
                    Failure::Transient { .. } => OutcomeResult::Transient,
                };
                self.op_err(id, failure, result, step);
            }
            Event::OpPanic { id } => {
                self.op_err(id, Failure::TRANSIENT, OutcomeResult::Panicked, step);
            }
            Event::ReauthOk { id } => self.reauth_ok(id, step),
            Event::ReauthErr { id, failure } => self.reauth_err(id, failure, step),
            Event::Tick => self.op_watchdog(step),
            Event::RefreshNow(waiter) => self.refresh_now(waiter, step),
            Event::Invalidate { generation } => self.invalidate(generation, step),
            Event::ConnectRejected(refused) => self.connect_rejected(refused, step),
            Event::SetCredential(grant) => self.set_credential(&grant, step),
            Event::Suspend => self.suspend(),
            Event::Resume => self.suspended = false,
            Event::KeyLost => self.key_lost(step),
            Event::ServerTime(time) => self.server_time(time, step),
            Event::Destroy => self.destroy(step),
        }
    }

    /// The operation in flight.
    pub fn operation(&self) -> Option<(OpId, OpKind)> {
        self.op.map(|op| (op.id, op.kind))
    }

    /// The reauthentication in flight, and the credential it carries.
    pub fn reauthentication(&self) -> Option<(ReauthId, Generation)> {
        self.reauth.map(|reauth| (reauth.id, reauth.generation))
    }

    /// Warns that the provider's `refresh()` stands in for Client Bound SAT, or that nothing does.
    pub(super) fn warn_fallback(&mut self, reason: FallbackReason, step: &mut Step) {
        self.fallback = Some(reason);
        if self.developer_able() {
            self.warn(Warning::Fallback(reason), step);
        } else if let Some(validity) = self.newest.and_then(|held| held.validity) {
            self.warn(Warning::NoRefreshHandler { expires_at: validity.expires_at(step) }, step);
        }
    }

    pub(super) fn warn(&mut self, warning: Warning, step: &mut Step) {
        if self.warned.insert(warning) {
            step.act(Action::Warn(warning));
        }
    }

    /// The next id.
    pub(super) fn next_id(&mut self) -> u32 {
        self.last_id = self.last_id.wrapping_add(1);
        self.last_id
    }
}
