//! The rules one by one. Times are exact, because this policy asks for no jitter; tests of jitter
//! bring their own policy.

mod activation;
mod clocks;
mod demand;
mod ending;
mod failure;
mod live;
mod schedule;

use std::time::Duration;

use credwire_core::{EpochMillis, Now};
use credwire_generated::RefreshMechanism;

use super::*;

const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const START: i64 = 1_700_000_000_000;

/// A scheduler and the two clocks, moved by hand.
struct Bench {
    scheduler: CredentialScheduler,
    wall: i64,
    boot: i64,
}

impl Bench {
    fn new(dpop: bool, refresh: bool) -> Self {
        Self::with_policy(exact(), dpop, refresh)
    }

    fn with_policy(policy: Policy, dpop: bool, refresh: bool) -> Self {
        let able = Abilities { dpop, refresh };
        let scheduler = CredentialScheduler::new(policy.checked().unwrap(), able, 1);
        Self { scheduler, wall: START, boot: 50 * SECOND }
    }

    /// A scheduler with a plain SAT that lasts for `lifetime`.
    fn authenticated(dpop: bool, refresh: bool, lifetime: i64) -> Self {
        let mut bench = Self::new(dpop, refresh);
        bench.authenticate(lifetime);
        bench
    }

    /// The same with a live session.
    fn connected(dpop: bool, refresh: bool, lifetime: i64) -> Self {
        let mut bench = Self::authenticated(dpop, refresh, lifetime);
        bench.session_up();
        bench
    }

    /// The same with a Client Bound SAT in force, and a plain one of an hour before it.
    fn bound(refresh: bool, lifetime: i64) -> Self {
        let mut bench = Self::connected(true, refresh, HOUR);
        bench.scope(true);
        bench.ok(lifetime);
        bench.reauth_ok();
        assert_eq!(bench.status().mechanism, RefreshMechanism::ClientBoundSat);
        bench
    }

    /// A connection waits for a credential of the provider.
    fn ask(&mut self) -> Vec<Action> {
        self.demand(Demand::Provider)
    }

    fn demand(&mut self, demand: Demand) -> Vec<Action> {
        self.on(SchedulerEvent::Demand(Some(demand)))
    }

    fn authenticate(&mut self, lifetime: i64) {
        self.ask();
        self.run();
        assert_eq!(self.in_flight(), Some(OpKind::Authenticate));
        self.ok(lifetime);
    }

    fn now(&self) -> Now {
        let boot = Duration::from_millis(u64::try_from(self.boot).unwrap());
        Now { wall: EpochMillis::new(self.wall), boot }
    }

    fn on(&mut self, event: SchedulerEvent) -> Vec<Action> {
        self.scheduler.on(event, self.now()).collect()
    }

    /// Lets time pass and sends every tick that falls due, operations staying unanswered.
    fn pass(&mut self, millis: i64) -> Vec<Action> {
        let end = self.boot + millis;
        let mut actions = Vec::new();
        while let Some(deadline) = self.deadline().filter(|deadline| *deadline <= end) {
            self.step((deadline - self.boot).max(0));
            actions.extend(self.on(SchedulerEvent::Tick));
            assert_ne!(self.deadline(), Some(deadline), "a tick moves the deadline");
        }
        self.step(end - self.boot);
        actions
    }

    /// Lets time pass without a tick, as a busy machine does.
    fn step(&mut self, millis: i64) {
        self.wall += millis;
        self.boot += millis;
    }

    /// Lets time pass until an operation starts or nothing is armed any more.
    fn run(&mut self) -> Vec<Action> {
        let mut actions = Vec::new();
        let mut ticks = 0;
        while let (None, Some(deadline)) = (self.in_flight(), self.deadline()) {
            ticks += 1;
            assert!(ticks < 1_000_000, "it ends");
            self.step((deadline - self.boot).max(0));
            actions.extend(self.on(SchedulerEvent::Tick));
        }
        actions
    }

    /// What starts next, and after how long.
    fn next_start(&mut self) -> (OpKind, i64) {
        let since = self.boot;
        self.run();
        (self.in_flight().expect("something starts"), self.boot - since)
    }

    fn deadline(&self) -> Option<i64> {
        self.scheduler.deadline().map(|at| i64::try_from(at.as_millis()).unwrap())
    }

    fn status(&self) -> CredentialStatus {
        self.scheduler.status(self.now())
    }

    fn in_flight(&self) -> Option<OpKind> {
        self.scheduler.operation().map(|(_, kind)| kind)
    }

    /// The newest credential, as an attempt to connect remembers it.
    fn held(&self) -> CredentialInfo {
        self.scheduler.newest().unwrap()
    }

    fn newest(&self) -> Generation {
        self.held().generation()
    }

    fn applied(&self) -> Option<Generation> {
        self.scheduler.applied().map(|applied| applied.generation())
    }

    /// Whether a connect waits for a newer credential.
    fn is_too_old(&self) -> bool {
        self.scheduler.in_mandatory_window(&self.held(), self.now())
    }

    fn op(&self) -> OpId {
        self.scheduler.operation().unwrap().0
    }

    fn reauth(&self) -> ReauthId {
        self.scheduler.reauthentication().unwrap().0
    }

    /// The credential on its way to the session.
    fn sent(&self) -> Option<Generation> {
        self.scheduler.reauthentication().map(|(_, generation)| generation)
    }

    /// A credential that expires `lifetime` from now.
    fn info(&self, lifetime: i64) -> TokenInfo {
        TokenInfo { expiry: Some(EpochMillis::new(self.wall + lifetime)), ..TokenInfo::default() }
    }

    /// The operation in flight returns a credential that lasts for `lifetime`.
    fn ok(&mut self, lifetime: i64) -> Vec<Action> {
        let info = self.info(lifetime);
        self.on(SchedulerEvent::OpOk { id: self.op(), info })
    }

    /// The operation in flight fails.
    fn err(&mut self, failure: Failure) -> Vec<Action> {
        self.on(SchedulerEvent::OpErr { id: self.op(), failure })
    }

    fn scope(&mut self, sat_refresh: bool) -> Vec<Action> {
        self.on(SchedulerEvent::ScopeKnown { generation: self.newest(), sat_refresh })
    }

    /// A fresh connect with the newest credential.
    fn session_up(&mut self) -> Vec<Action> {
        self.on(SchedulerEvent::SessionUp { used: self.held() })
    }

    fn reauth_ok(&mut self) -> Vec<Action> {
        self.on(SchedulerEvent::ReauthOk { id: self.reauth() })
    }

    fn reauth_err(&mut self, failure: ReauthError) -> Vec<Action> {
        self.on(SchedulerEvent::ReauthErr { id: self.reauth(), failure })
    }
}

/// The default policy without jitter.
fn exact() -> Policy {
    let mut policy = Policy::default();
    policy.developer_lead.jitter_percent = 0;
    policy.bound_lead.jitter_percent = 0;
    policy.backoff.jitter_percent = 0;
    policy
}

fn warnings(actions: &[Action]) -> Vec<Warning> {
    let warning = |action: &Action| match action {
        Action::Warn(warning) => Some(*warning),
        _ => None,
    };
    actions.iter().filter_map(warning).collect()
}

/// How operations ended.
fn results(actions: &[Action]) -> Vec<OutcomeResult> {
    let result = |action: &Action| match action {
        Action::Ended { result, .. } => Some(*result),
        _ => None,
    };
    actions.iter().filter_map(result).collect()
}

fn retry_after(seconds: u64) -> Failure {
    Failure::Transient { retry_after: Some(Duration::from_secs(seconds)) }
}

#[test]
fn a_scheduler_is_small() {
    // 48 bytes more than before it kept a hold for each endpoint.
    assert!(size_of::<CredentialScheduler>() <= 304, "{} bytes", size_of::<CredentialScheduler>());
}
