//! One client and everything around it, simulated event by event.

use std::time::Duration;

use credwire::{
    EpochMillis, Now,
    lifecycle::{
        Abilities, Action, Arbiter, CheckedPolicy, CredentialKind, Event, Failure, Generation,
        Grant, OpId, OpKind, ReauthFailure, ReauthId, Refused, WaiterId,
    },
};
use fastrand::Rng;

use crate::faults::{DAY, Fate, HOUR, MINUTE, Plan, SECOND, Verdict, next};

const EPOCH: i64 = 1_700_000_000_000;
pub(crate) const NEVER: i64 = i64::MAX;
pub(crate) const WAITER: WaiterId = WaiterId(1);

pub(crate) struct Session {
    pub(crate) seed: u64,
    pub(crate) plan: Plan,
    pub(crate) rng: Rng,
    pub(crate) policy: CheckedPolicy,
    pub(crate) arbiter: Arbiter,
    /// True time, in milliseconds.
    pub(crate) time: i64,
    /// How far the wall clock is ahead.
    pub(crate) wall_ahead: i64,
    /// Time asleep that the boot clock did not count.
    pub(crate) uncounted: i64,

    pub(crate) op: Option<Op>,
    pub(crate) reauth: Option<Reauth>,
    pub(crate) link: Link,
    pub(crate) tokens: Vec<Token>,
    pub(crate) last_start: [i64; 4],

    // When the world moves next.
    pub(crate) network_up: bool,
    pub(crate) network_turns: i64,
    pub(crate) socket_drops: i64,
    pub(crate) sleeps: i64,
    pub(crate) clock_steps: i64,
    pub(crate) app_acts: i64,
    pub(crate) reads_info: i64,

    pub(crate) suspended: bool,
    /// The last time anything went wrong, and what was refused for good since.
    pub(crate) last_fault: i64,
    pub(crate) bound_refused: bool,
    pub(crate) refresh_refused: bool,
    pub(crate) tally: Tally,
}

pub(crate) struct Op {
    pub(crate) id: OpId,
    pub(crate) kind: OpKind,
    pub(crate) fate: Fate,
    pub(crate) ends: i64,
}

pub(crate) struct Reauth {
    pub(crate) id: ReauthId,
    pub(crate) generation: Generation,
    pub(crate) verdict: Verdict,
    pub(crate) ends: i64,
}

/// The connection to the space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Link {
    Down {
        again: i64,
    },
    /// A fresh connect waits for a credential.
    Waiting,
    Connecting {
        used: Generation,
        resumes: bool,
        ends: i64,
    },
    Up {
        used: Generation,
    },
}

/// What the server knows of a token.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    pub(crate) generation: Generation,
    pub(crate) expires: i64,
}

/// What happened to one session, or to all.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tally {
    pub(crate) events: u64,
    pub(crate) operations: u64,
    pub(crate) faults: u64,
    pub(crate) reauthentications: u64,
    pub(crate) connects: u64,
    /// Sessions that ended at expiry, and those of them that something could have refreshed had
    /// there not been a fault just then.
    pub(crate) expired: u64,
    pub(crate) lost_to_faults: u64,
}

impl std::ops::Add for Tally {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            events: self.events + other.events,
            operations: self.operations + other.operations,
            faults: self.faults + other.faults,
            reauthentications: self.reauthentications + other.reauthentications,
            connects: self.connects + other.connects,
            expired: self.expired + other.expired,
            lost_to_faults: self.lost_to_faults + other.lost_to_faults,
        }
    }
}

impl Session {
    pub(crate) fn new(seed: u64, policy: CheckedPolicy) -> Self {
        let mut rng = Rng::with_seed(seed);
        let plan = Plan::draw(&mut rng);
        let able = Abilities { dpop: plan.dpop, refresh: plan.refresh };
        let arbiter = Arbiter::new(policy.clone(), able, seed);
        let time = EPOCH;
        Self {
            seed,
            plan,
            policy,
            arbiter,
            time,
            wall_ahead: plan.clock_error,
            uncounted: 0,
            op: None,
            reauth: None,
            link: Link::Down { again: time },
            tokens: Vec::new(),
            last_start: [i64::MIN / 2; 4],
            network_up: true,
            network_turns: time + next(DAY, &mut rng),
            socket_drops: NEVER,
            sleeps: if plan.laptop { time + next(DAY, &mut rng) } else { NEVER },
            clock_steps: time + next(10 * DAY, &mut rng),
            app_acts: time + next(DAY, &mut rng),
            reads_info: NEVER,
            suspended: false,
            last_fault: time,
            bound_refused: false,
            refresh_refused: false,
            tally: Tally::default(),
            rng,
        }
    }

    /// Lives for so many milliseconds.
    pub(crate) fn live(&mut self, millis: i64) {
        let end = self.time + millis;
        self.feed(Event::Start { cached: None });
        while let Some(at) = self.next_time().filter(|at| *at <= end) {
            self.time = self.time.max(at);
            self.happen();
            self.check();
        }
    }

    pub(crate) fn now(&self) -> Now {
        let boot = u64::try_from(self.time - EPOCH - self.uncounted).unwrap();
        Now {
            wall: EpochMillis::new(self.time + self.wall_ahead),
            boot: Duration::from_millis(boot),
        }
    }

    /// Feeds the arbiter and does what it asks for.
    pub(crate) fn feed(&mut self, event: Event) {
        self.tally.events += 1;
        for action in self.arbiter.on(event, self.now()) {
            match action {
                Action::Start { id, kind, .. } => self.start(id, kind),
                Action::Abort { id, .. } => {
                    let op = self.op.take().expect("what is aborted runs");
                    assert_eq!(op.id, id, "{self}");
                }
                Action::Reauthenticate { id, generation, .. } => {
                    assert!(self.reauth.is_none(), "one reauthentication at a time: {self}");
                    assert!(matches!(self.link, Link::Up { .. }), "{self}");
                    self.tally.reauthentications += 1;
                    let verdict = Verdict::draw(&mut self.rng);
                    let answers = if verdict == Verdict::Lost { 10 * SECOND } else { 200 };
                    let ends = self.time + answers;
                    self.reauth = Some(Reauth { id, generation, verdict, ends });
                }
                Action::Commit { generation, kind } => self.commit(generation, kind, event),
                Action::Revert { applied, generation } => {
                    let expires = self.expiry_of(applied);
                    self.tokens.push(Token { generation, expires });
                    if let Link::Up { used } = &mut self.link {
                        *used = generation;
                    }
                }
                Action::ForceReconnect => self.disconnected(),
                Action::AnswerAll { result } => self.answered(result.ok()),
                Action::Answer { result, .. } => self.answered(result.ok()),
                Action::PersistApplied { .. }
                | Action::DropStoredState
                | Action::Disconnect
                | Action::Warn(_) => {}
            }
        }
        let arbiter = &self.arbiter;
        self.tokens.retain(|token| arbiter.holds(token.generation));
    }

    fn start(&mut self, id: OpId, kind: OpKind) {
        assert!(self.op.is_none(), "one operation at a time: {self}");
        let boot = self.time - self.uncounted;
        let gap = boot - self.last_start[kind as usize];
        assert!(gap >= SECOND, "{kind:?} after {gap} ms: {self}");
        self.last_start[kind as usize] = boot;
        self.tally.operations += 1;
        let fate = if self.network_up {
            Fate::of_operation(kind, &mut self.rng)
        } else {
            Fate::Failure(Failure::TRANSIENT)
        };
        let takes = if fate == Fate::Hang { HOUR } else { self.rng.i64(20..3 * SECOND) };
        if fate != Fate::Success {
            self.fault();
        }
        self.op = Some(Op { id, kind, fate, ends: self.time + takes });
    }

    /// How long the credentials of such an operation last.
    fn lifetime(&self, kind: CredentialKind) -> i64 {
        match kind {
            CredentialKind::Unbound => self.plan.sat_lifetime,
            CredentialKind::Bound => self.plan.device_lifetime,
        }
    }

    fn commit(&mut self, generation: Generation, kind: CredentialKind, event: Event) {
        let expires = self.time + self.lifetime(kind);
        self.tokens.push(Token { generation, expires });
        let authenticated = !matches!(event, Event::OpOk { .. });
        if authenticated {
            self.nothing_refused();
        }
        if kind == CredentialKind::Unbound {
            self.reads_info = self.time + 300;
        }
    }

    pub(crate) fn op_ends(&mut self) {
        let Some(Op { id, kind, fate, .. }) = self.op.take() else { return };
        let before = self.arbiter.newest();
        let bound = matches!(kind, OpKind::Activate | OpKind::Rotate);
        let of = if bound { CredentialKind::Bound } else { CredentialKind::Unbound };
        let lifetime = self.lifetime(of);
        let expires = |left: i64| Some(EpochMillis::new(self.time + left));
        let grant = if bound && self.plan.relative {
            let lifetime = Duration::from_millis(lifetime.unsigned_abs());
            Grant { lifetime: Some(lifetime), ..Grant::default() }
        } else {
            Grant { expiry: expires(lifetime), ..Grant::default() }
        };
        let event = match fate {
            Fate::Success => Event::OpOk { id, grant },
            Fate::ExpiredOnArrival => {
                Event::OpOk { id, grant: Grant { expiry: expires(-HOUR), ..Grant::default() } }
            }
            Fate::SameToken => {
                let expiry = self.arbiter.status(self.now()).expiry;
                Event::OpOk { id, grant: Grant { expiry, same_token: true, ..grant } }
            }
            Fate::Failure(failure) => Event::OpErr { id, failure },
            Fate::Panic | Fate::Hang => Event::OpPanic { id },
        };
        match (fate, kind) {
            (Fate::Success, OpKind::Authenticate) => self.nothing_refused(),
            (Fate::Failure(Failure::Permanent), OpKind::Refresh) => self.refresh_refused = true,
            (Fate::Failure(Failure::Permanent), _) if bound => self.bound_refused = true,
            _ => {}
        }
        if bound && fate == Fate::Success {
            self.feed(Event::ServerTime(EpochMillis::new(self.time / SECOND * SECOND)));
        }
        self.feed(event);
        if fate == Fate::Success && self.arbiter.newest() == before {
            // It looked expired: a clock is wrong, so a shell asks the server for the time.
            self.fault();
            self.reads_info = self.time + SECOND;
        }
    }

    pub(crate) fn reauth_ends(&mut self) {
        let Some(Reauth { id, generation, verdict, .. }) = self.reauth.take() else { return };
        let failure = match verdict {
            Verdict::Taken if self.expiry_of(generation) > self.time => {
                self.link = Link::Up { used: generation };
                return self.feed(Event::ReauthOk { id });
            }
            Verdict::Lost => ReauthFailure::Transient,
            Verdict::Taken | Verdict::Refused => ReauthFailure::Rejected,
        };
        self.fault();
        let bound = self.arbiter.status(self.now()).kind == Some(CredentialKind::Bound);
        self.bound_refused |= bound && failure == ReauthFailure::Rejected;
        self.feed(Event::ReauthErr { id, failure });
    }

    /// A connect is made, with stored state if there is any.
    pub(crate) fn connect(&mut self) {
        let ends = self.time + 200;
        if let Some(used) = self.arbiter.applied() {
            self.link = Link::Connecting { used, resumes: true, ends };
        } else {
            self.link = Link::Waiting;
            self.feed(Event::NeedFresh(WAITER));
        }
    }

    fn answered(&mut self, generation: Option<Generation>) {
        if self.link == Link::Waiting {
            self.link = match generation {
                Some(used) => Link::Connecting { used, resumes: false, ends: self.time + 200 },
                None => Link::Down { again: self.time + self.rng.i64(SECOND..10 * SECOND) },
            };
        }
    }

    pub(crate) fn connected(&mut self, used: Generation, resumes: bool) {
        self.tally.connects += 1;
        if self.expiry_of(used) > self.time {
            self.link = Link::Up { used };
            self.nothing_refused();
            self.socket_drops = self.time + next(8 * HOUR, &mut self.rng);
            self.reads_info = self.time + 300;
            self.feed(Event::SessionUp { used });
        } else if resumes {
            self.link = Link::Down { again: self.time + 100 };
            self.feed(Event::ConnectRejected(Refused::Stored));
        } else {
            self.link = Link::Waiting;
            let refused = Refused::Fresh { generation: used, waiter: WAITER };
            self.feed(Event::ConnectRejected(refused));
        }
    }

    /// The socket is gone.
    pub(crate) fn disconnected(&mut self) {
        self.reauth = None;
        self.socket_drops = NEVER;
        self.link = Link::Down { again: self.time + self.rng.i64(50..3 * SECOND) };
    }

    pub(crate) fn nothing_refused(&mut self) {
        self.bound_refused = false;
        self.refresh_refused = false;
    }

    pub(crate) fn fault(&mut self) {
        self.tally.faults += 1;
        self.last_fault = self.time;
    }

    pub(crate) fn expiry_of(&self, generation: Generation) -> i64 {
        let token = self.tokens.iter().find(|token| token.generation == generation);
        token.map_or(i64::MIN, |token| token.expires)
    }

    /// Whether anything could refresh this client's credential, as far as the world knows.
    pub(crate) fn refreshable(&self) -> bool {
        let bound = self.plan.dpop && self.plan.scope && !self.bound_refused;
        bound || self.plan.refresh && !self.refresh_refused
    }
}

impl std::fmt::Display for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let status = self.arbiter.status(self.now());
        let day = (self.time - EPOCH) as f64 / DAY as f64;
        let quiet = (self.time - self.last_fault) / MINUTE;
        write!(
            f,
            "session {} on day {day:.4}, {quiet} min after the last fault: {:?}, {:?}, {status:?}",
            self.seed, self.plan, self.link
        )
    }
}
