//! The state of the credential scheduler, and what each event does to it. After every event it is
//! scheduled anew (`schedule.rs`), which is where operations start.

use std::time::Duration;

use credwire_core::{EpochMillis, Now};
use credwire_generated::RefreshMechanism;

use super::{
    action::{Action, Actions, FallbackReason, OpKind, OutcomeResult, Warning},
    context::Context,
    credential::{CredentialInfo, TokenInfo},
    event::{Demand, Failure, Saved, SchedulerEvent},
    ids::{Generation, OpId, ReauthId},
    policy::CheckedPolicy,
    status::Outcome,
    warned::Warned,
};
use crate::{
    boot_time::BootTime,
    retry::{Jitter, Retry},
};

/// The mechanisms that a client supports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Abilities {
    /// Whether the client has a DPoP key; `false` once that is lost.
    pub dpop: bool,
    /// Whether the provider has `refresh()`.
    pub refresh: bool,
}

/// Whether a mechanism is in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Mechanism {
    /// It may be selected.
    Usable,
    /// It kept failing; the next session tries it again.
    Exhausted,
    /// It was refused for good; the next credential that does not descend from this one tries it
    /// again.
    Refused,
}

/// The scheduler of one credential lifecycle. See the [module](super) for how to drive it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CredentialScheduler {
    pub(super) policy: CheckedPolicy,
    pub(super) able: Abilities,
    pub(super) jitter: Jitter,

    pub(super) closed: bool,
    pub(super) suspended: bool,
    pub(super) session_up: bool,

    /// The newest credential.
    pub(super) newest: Option<CredentialInfo>,
    /// The credential in force on the session, which is that of the stored state as well.
    pub(super) applied: Option<CredentialInfo>,
    /// Whether the newest SAT carries `sat:refresh`, once it was read.
    pub(super) scope: Option<bool>,
    /// The credential since which the scope is as it is.
    pub(super) scope_since: Generation,

    /// The operation in flight: the only one.
    pub(super) op: Option<Op>,
    /// The reauthentication in flight: the only one.
    pub(super) reauth: Option<Reauth>,
    pub(super) last_id: u32,
    /// When each kind of operation was last started.
    pub(super) last_start: [BootTime; 4],
    /// Until when each endpoint is not asked (`Retry-After`).
    pub(super) hold: [BootTime; 4],
    /// Failures of the selected mechanism (k).
    pub(super) refresh_retry: Retry,
    /// Refreshed credentials in a row that sessions refused.
    pub(super) refused: u32,
    /// Failures of activation in this session (j).
    pub(super) activation_retry: Retry,
    /// Failures of reauthentication in this session (r).
    pub(super) reauth_retry: Retry,
    /// The session does not have the method to take another credential.
    pub(super) reauth_unsupported: bool,
    /// The credential for which a session was replaced because it did not take it.
    pub(super) replaced_for: Generation,
    pub(super) bound: Mechanism,
    pub(super) developer: Mechanism,

    /// What a connection waits for.
    pub(super) demand: Option<Demand>,
    /// A refresh was asked for before it is due.
    pub(super) forced: bool,

    /// When to look again; [`BootTime::NEVER`] for not at all.
    pub(super) deadline: BootTime,
    /// Server time less wall time, in milliseconds.
    pub(super) skew: i64,
    /// Whether the server's time has been learnt and still holds.
    pub(super) server_time_known: bool,

    pub(super) warned: Warned,
    pub(super) armed: RefreshMechanism,
    pub(super) armed_since: EpochMillis,
    pub(super) last_outcome: Option<Outcome>,
    pub(super) fallback: Option<FallbackReason>,
}

/// An operation in flight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Op {
    pub(super) id: OpId,
    pub(super) kind: OpKind,
    pub(super) started: BootTime,
}

/// A reauthentication in flight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Reauth {
    pub(super) id: ReauthId,
    pub(super) generation: Generation,
}

impl CredentialScheduler {
    /// Creates a scheduler without a credential. `seed` decides the jitter alone: use another one
    /// for each client.
    pub fn new(policy: CheckedPolicy, able: Abilities, seed: u64) -> Self {
        Self {
            policy,
            able,
            jitter: Jitter::new(seed),
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
            last_start: [BootTime::PAST; 4],
            hold: [BootTime::PAST; 4],
            refresh_retry: Retry::NONE,
            refused: 0,
            activation_retry: Retry::NONE,
            reauth_retry: Retry::NONE,
            reauth_unsupported: false,
            replaced_for: Generation(0),
            bound: Mechanism::Usable,
            developer: Mechanism::Usable,
            demand: None,
            forced: false,
            deadline: BootTime::NEVER,
            skew: 0,
            server_time_known: false,
            warned: Warned::default(),
            armed: RefreshMechanism::None,
            armed_since: EpochMillis::new(0),
            last_outcome: None,
            fallback: None,
        }
    }

    /// Handles `event` and returns the actions to carry out. Every event is accepted in every
    /// state; one that does not fit changes nothing.
    pub fn on(&mut self, event: SchedulerEvent, now: Now) -> Actions {
        let mut cx = Context::new(now, self.skew);
        if !self.closed {
            self.apply(event, &mut cx);
            self.schedule(&mut cx);
        }
        cx.actions
    }

    /// Returns when [`SchedulerEvent::Tick`] is due, in boot time; a time in the past means at
    /// once. It is at most one [`chunk`](super::Policy::chunk) ahead of the last event.
    pub fn deadline(&self) -> Option<Duration> {
        self.deadline.boot()
    }

    /// Returns the newest credential.
    pub fn newest(&self) -> Option<CredentialInfo> {
        self.newest
    }

    /// Returns the credential in force on the session or its stored state, which a resume sends.
    pub fn applied(&self) -> Option<CredentialInfo> {
        self.applied
    }

    /// Returns whether a credential has expired, by our clock corrected by the space's.
    pub fn has_ended(&self, credential: &CredentialInfo, now: Now) -> bool {
        credential.is_expired(&Context::new(now, self.skew))
    }

    /// Returns whether a credential has expired, or will within so many milliseconds.
    pub fn ends_within(&self, credential: &CredentialInfo, tolerance: i64, now: Now) -> bool {
        let left = credential.remaining(&Context::new(now, self.skew));
        left.is_some_and(|left| left <= tolerance)
    }

    /// Returns whether a credential may be sent. The space's time is read with a resolution of one
    /// second, so that where our clock is corrected by it, the last second does not count.
    pub fn is_presentable(&self, credential: &CredentialInfo, now: Now) -> bool {
        let margin = if self.skew == 0 { 0 } else { 1000 };
        let left = credential.remaining(&Context::new(now, self.skew));
        left.is_none_or(|left| left > margin)
    }

    /// Returns whether the mandatory window of a credential is open, or it has expired.
    pub fn in_mandatory_window(&self, credential: &CredentialInfo, now: Now) -> bool {
        self.is_too_old(credential, &Context::new(now, self.skew))
    }

    /// Returns whether a new credential would count as expired on arrival.
    pub fn would_have_ended(&self, info: &TokenInfo, now: Now) -> bool {
        let cx = Context::new(now, self.skew);
        super::credential::Validity::of(info, &cx).is_some_and(|it| it.remaining(&cx) <= 0)
    }

    /// Returns for how much longer an endpoint is not called (`Retry-After`).
    pub fn held_for(&self, kind: OpKind, now: Now) -> Option<Duration> {
        let left = self.hold[kind as usize].since(BootTime::of(now));
        u64::try_from(left).ok().filter(|left| *left > 0).map(Duration::from_millis)
    }

    /// Returns whether the server's time is known and still valid.
    pub fn knows_server_time(&self) -> bool {
        self.server_time_known
    }

    /// Returns the form in which a credential is to be [restored](SchedulerEvent::Restore).
    pub fn saved(&self, credential: &CredentialInfo, now: Now) -> Saved {
        let cx = Context::new(now, self.skew);
        let expiry = credential.validity.map(|validity| validity.expires_at(&cx));
        Saved { kind: credential.kind, expiry }
    }

    fn apply(&mut self, event: SchedulerEvent, cx: &mut Context) {
        match event {
            SchedulerEvent::Restore { saved, in_force } => self.restore(&saved, in_force, cx),
            SchedulerEvent::Demand(demand) => self.demand = demand.filter(|_| !self.suspended),
            SchedulerEvent::ScopeKnown { generation, sat_refresh } => {
                self.scope_known(generation, sat_refresh, cx);
            }
            SchedulerEvent::ExpiryKnown { generation, expiry } => {
                self.expiry_known(generation, expiry, cx);
            }
            SchedulerEvent::SessionUp { used } => self.session_up(used, cx),
            SchedulerEvent::SessionDown => self.session_down(),
            SchedulerEvent::Detached => {
                self.session_down();
                self.applied = None;
            }
            SchedulerEvent::OpOk { id, info } => self.op_ok(id, &info, cx),
            SchedulerEvent::OpErr { id, failure } => {
                let result = match failure {
                    Failure::Permanent => OutcomeResult::Permanent,
                    Failure::Transient { .. } => OutcomeResult::Transient,
                };
                self.op_err(id, failure, result, cx);
            }
            SchedulerEvent::OpPanic { id } => {
                self.op_err(id, Failure::TRANSIENT, OutcomeResult::Panicked, cx);
            }
            SchedulerEvent::ReauthOk { id } => self.reauth_ok(id, cx),
            SchedulerEvent::ReauthErr { id, failure } => self.reauth_err(id, failure, cx),
            SchedulerEvent::Tick => self.op_watchdog(cx),
            SchedulerEvent::RefreshNow => self.refresh_now(),
            SchedulerEvent::Invalidate { generation } => self.invalidate(generation, cx),
            SchedulerEvent::Refused { generation } => self.declare_ended(generation, cx),
            SchedulerEvent::SetCredential(info) => self.set_credential(&info, cx),
            SchedulerEvent::CanRefresh(refresh) => self.able.refresh = refresh,
            SchedulerEvent::Suspend => self.suspend(),
            SchedulerEvent::Resume => self.suspended = false,
            SchedulerEvent::KeyLost => self.key_lost(cx),
            SchedulerEvent::ServerTime(time) => self.server_time(time, cx),
            SchedulerEvent::Destroy => self.destroy(cx),
        }
    }

    /// Returns the operation in flight.
    pub fn operation(&self) -> Option<(OpId, OpKind)> {
        self.op.map(|op| (op.id, op.kind))
    }

    /// What a connection waits for.
    pub(crate) fn demand(&self) -> Option<Demand> {
        self.demand
    }

    /// Returns the reauthentication in flight, and the credential it carries.
    pub fn reauthentication(&self) -> Option<(ReauthId, Generation)> {
        self.reauth.map(|reauth| (reauth.id, reauth.generation))
    }

    /// Returns whether the session was sent the newest credential and did not accept it for now, so
    /// that nothing else waits for that.
    pub fn reauthentication_fails(&self) -> bool {
        self.reauth_unsupported || self.reauth_retry.failures > 0
    }

    /// Returns whether the credential in force on the session is final for now: no activation is
    /// pending, and the newest credential is in force, has expired, or is not accepted by the
    /// session.
    pub fn is_settled(&self, now: Now) -> bool {
        let activates = self.op.is_some_and(|op| op.kind == OpKind::Activate);
        let applied = self.applied.map(|applied| applied.generation);
        let settled = |newest: CredentialInfo| {
            applied == Some(newest.generation)
                || self.reauthentication_fails()
                || self.has_ended(&newest, now)
        };
        !activates && self.newest.is_some_and(settled)
    }

    /// Returns whether a requested refresh is in flight or scheduled.
    pub fn refresh_is_coming(&self) -> bool {
        self.op.is_some()
            || !self.suspended && self.forced && self.mechanism() != RefreshMechanism::None
    }

    /// Warns that the provider's `refresh()` stands in for Client Bound SAT, or that nothing does.
    pub(super) fn warn_fallback(&mut self, reason: FallbackReason, cx: &mut Context) {
        self.fallback = Some(reason);
        if self.developer_able() {
            self.warn(Warning::Fallback(reason), cx);
        } else if let Some(validity) = self.newest.and_then(|credential| credential.validity) {
            self.warn(Warning::NoRefreshHandler { expires_at: validity.expires_at(cx) }, cx);
        }
    }

    pub(super) fn warn(&mut self, warning: Warning, cx: &mut Context) {
        if self.warned.insert(warning) {
            cx.act(Action::Warn(warning));
        }
    }

    /// The next id.
    pub(super) fn next_id(&mut self) -> u32 {
        self.last_id = self.last_id.wrapping_add(1);
        self.last_id
    }

    /// The number of the newest credential; 0 without one.
    pub(super) fn newest_generation(&self) -> Generation {
        self.newest.map_or(Generation(0), |newest| newest.generation)
    }
}
