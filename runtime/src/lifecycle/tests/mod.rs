//! The rules one by one. Times are exact, because this policy asks for no jitter; tests of jitter
//! bring their own policy.

mod activation;
mod clocks;
mod demand;
mod failure;
mod schedule;
mod session;

use std::time::Duration;

use credwire_core::EpochMillis;
use credwire_generated::RefreshMechanism;

use super::*;
use crate::clock::Now;

const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const START: i64 = 1_700_000_000_000;
const WAITER: WaiterId = WaiterId(7);

/// An arbiter and the two clocks, moved by hand.
struct Bench {
    arbiter: Arbiter,
    wall: i64,
    boot: i64,
}

impl Bench {
    fn new(dpop: bool, refresh: bool) -> Self {
        Self::with_policy(exact(), dpop, refresh)
    }

    fn with_policy(policy: Policy, dpop: bool, refresh: bool) -> Self {
        let able = Abilities { dpop, refresh };
        let arbiter = Arbiter::new(policy.checked().unwrap(), able, 1);
        Self { arbiter, wall: START, boot: 50 * SECOND }
    }

    /// A started client with a plain SAT that lasts for `lifetime`.
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

    fn authenticate(&mut self, lifetime: i64) {
        self.on(Event::Start { cached: None });
        assert_eq!(self.in_flight(), Some(OpKind::Authenticate));
        self.ok(lifetime);
    }

    fn now(&self) -> Now {
        let boot = Duration::from_millis(u64::try_from(self.boot).unwrap());
        Now { wall: EpochMillis::new(self.wall), boot }
    }

    fn on(&mut self, event: Event) -> Vec<Action> {
        self.arbiter.on(event, self.now()).collect()
    }

    /// Lets time pass and sends every tick that falls due, operations staying unanswered.
    fn pass(&mut self, millis: i64) -> Vec<Action> {
        let end = self.boot + millis;
        let mut actions = Vec::new();
        while let Some(deadline) = self.deadline().filter(|deadline| *deadline <= end) {
            self.step((deadline - self.boot).max(0));
            actions.extend(self.on(Event::Tick));
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
            actions.extend(self.on(Event::Tick));
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
        self.arbiter.deadline().map(|at| i64::try_from(at.as_millis()).unwrap())
    }

    fn status(&self) -> CredentialStatus {
        self.arbiter.status(self.now())
    }

    fn in_flight(&self) -> Option<OpKind> {
        self.arbiter.operation().map(|(_, kind)| kind)
    }

    fn newest(&self) -> Generation {
        self.arbiter.newest().unwrap()
    }

    fn op(&self) -> OpId {
        self.arbiter.operation().unwrap().0
    }

    fn reauth(&self) -> ReauthId {
        self.arbiter.reauthentication().unwrap().0
    }

    /// A credential that expires `lifetime` from now.
    fn grant(&self, lifetime: i64) -> Grant {
        Grant { expiry: Some(EpochMillis::new(self.wall + lifetime)), ..Grant::default() }
    }

    /// The operation in flight gives a credential that lasts for `lifetime`.
    fn ok(&mut self, lifetime: i64) -> Vec<Action> {
        let grant = self.grant(lifetime);
        self.on(Event::OpOk { id: self.op(), grant })
    }

    /// The operation in flight fails.
    fn err(&mut self, failure: Failure) -> Vec<Action> {
        self.on(Event::OpErr { id: self.op(), failure })
    }

    fn scope(&mut self, sat_refresh: bool) -> Vec<Action> {
        self.on(Event::ScopeKnown { generation: self.newest(), sat_refresh })
    }

    /// A fresh connect with the newest credential.
    fn session_up(&mut self) -> Vec<Action> {
        self.on(Event::SessionUp { used: self.newest() })
    }

    fn reauth_ok(&mut self) -> Vec<Action> {
        self.on(Event::ReauthOk { id: self.reauth() })
    }

    fn reauth_err(&mut self, failure: ReauthFailure) -> Vec<Action> {
        self.on(Event::ReauthErr { id: self.reauth(), failure })
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

fn answers(actions: &[Action]) -> Vec<Result<Generation, RefreshFailure>> {
    let answer = |action: &Action| match action {
        Action::Answer { result, .. } | Action::AnswerAll { result } => Some(*result),
        _ => None,
    };
    actions.iter().filter_map(answer).collect()
}

fn retry_after(seconds: u64) -> Failure {
    Failure::Transient { retry_after: Some(Duration::from_secs(seconds)) }
}

#[test]
fn an_arbiter_is_small() {
    assert!(size_of::<Arbiter>() <= 256, "{} bytes", size_of::<Arbiter>());
}
