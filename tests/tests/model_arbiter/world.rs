//! One moment of the modelled world: the arbiter, the shell around it, and what an onlooker who
//! sees only events and actions knows.

use std::time::Duration;

use credwire::{
    EpochMillis, Now,
    lifecycle::{
        AbortCause, Action, CredentialKind, CredentialStatus, Event, Generation, OpKind, Refused,
    },
};

use crate::{mutant::Subject, rules::Rule, transitions::Taken};

/// Time is counted in ticks of a second.
pub(crate) const TICK: i64 = 1000;
/// How long every credential lasts.
pub(crate) const LIFETIME: i64 = 4;
/// How long an operation may take.
pub(crate) const OP_TIMEOUT: u8 = 2;
/// The largest difference between the clocks that is believed.
pub(crate) const SKEW_MAX: i64 = 2;
/// The longest sleep.
pub(crate) const CHUNK: i64 = 2;

/// One moment. All times count from it, so that worlds which differ only in their age are equal.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct World {
    pub(crate) subject: Subject,
    pub(crate) shell: Shell,
    pub(crate) seen: Seen,
    /// The rules that were broken, one bit each; nothing follows.
    pub(crate) broken: u16,
    /// How this world came about.
    pub(crate) taken: Taken,
}

/// What a shell keeps: its timer and what it has started.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Shell {
    /// Milliseconds until the timer fires.
    pub(crate) timer: Option<i64>,
    /// The operation that runs, and for how many ticks it has.
    pub(crate) op: Option<(OpKind, u8)>,
    /// Whether a reauthentication is on its way.
    pub(crate) reauth: bool,
    /// Whether a caller waits for a credential.
    pub(crate) waiting: bool,
    pub(crate) up: bool,
    pub(crate) suspended: bool,
    pub(crate) closed: bool,
}

/// What follows from the events and actions alone, computed without a look into the arbiter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Seen {
    pub(crate) dpop: bool,
    /// Kinds of the newest credential and of the one in force.
    pub(crate) kind: Option<CredentialKind>,
    pub(crate) applied_kind: Option<CredentialKind>,
    pub(crate) scope: Option<bool>,
    /// Client Bound SAT, and `refresh()`, may have been given up, and activation put off.
    pub(crate) bound_in_doubt: bool,
    pub(crate) activation_in_doubt: bool,
    pub(crate) developer_in_doubt: bool,
    /// What the server holds for the session.
    pub(crate) server_holds: Holds,
    /// Kinds of operations that started in this tick.
    pub(crate) started: [bool; 4],
    /// How often a clock may still step.
    pub(crate) clock_faults: u8,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) enum Holds {
    #[default]
    Nothing,
    Newest,
    Applied,
    /// A reauthentication was lost, or a credential that has been replaced was taken.
    Unknown,
}

impl World {
    pub(crate) fn new(subject: Subject, dpop: bool, clock_faults: u8) -> Self {
        let seen = Seen { dpop, clock_faults, ..Seen::default() };
        Self { subject, shell: Shell::default(), seen, broken: 0, taken: Taken::default() }
    }

    pub(crate) fn newest(&self) -> Option<Generation> {
        self.subject.arbiter.newest()
    }

    pub(crate) fn applied(&self) -> Option<Generation> {
        self.subject.arbiter.applied()
    }

    /// Whether the session does not hold the newest credential.
    pub(crate) fn behind(&self) -> bool {
        self.newest() != self.applied()
    }

    /// The status at the moment of this world.
    pub(crate) fn status(&self) -> CredentialStatus {
        self.subject.arbiter.status(at(0, 0))
    }

    /// Breaks `rule` unless it `holds`.
    pub(crate) fn expect(&mut self, rule: Rule, holds: bool) {
        self.broken |= u16::from(!holds) << rule as u8;
    }

    /// Delivers `event` after `elapsed` ticks and carries out what the arbiter asks for.
    pub(crate) fn deliver(&mut self, event: Event, elapsed: i64) {
        let before = self.clone();
        let now = at(elapsed, elapsed);
        self.shell.closed |= event == Event::Destroy;
        let actions = self.subject.on(event, now);
        self.taken = Taken::by(&before, event, &actions);
        let asks = matches!(
            event,
            Event::NeedFresh(_)
                | Event::NeedNew(_)
                | Event::RefreshNow(_)
                | Event::ConnectRejected(Refused::Fresh { .. })
        );
        let answered = actions.iter().any(|action| matches!(action, Action::Answer { .. }));
        self.shell.waiting |= asks && !answered;
        for action in actions {
            self.carry_out(action, event, now);
        }
        let deadline = self.subject.deadline(event).map(|at| i64::try_from(at.as_millis()));
        self.shell.timer = deadline.map(|at| (at.unwrap_or(i64::MAX) - elapsed * TICK).max(0));
        self.check_step(&before, event, elapsed);
        self.subject.arbiter = self.subject.arbiter.normal_form(now);
        self.check_state();
        if self.shell.closed {
            // Nothing that was seen before matters any more.
            self.seen = Seen::default();
        }
    }

    /// Whether such an operation has any prospect.
    fn may_start(&self, kind: OpKind, now: Now) -> bool {
        let bound = self.seen.kind == Some(CredentialKind::Bound);
        match kind {
            OpKind::Authenticate => true,
            OpKind::Refresh => self.subject.refresh,
            OpKind::Rotate => bound && self.seen.dpop,
            OpKind::Activate => {
                let expired = self.subject.arbiter.status(now).expired;
                !bound
                    && self.seen.dpop
                    && self.seen.scope == Some(true)
                    && self.shell.up
                    && !expired
            }
        }
    }

    /// An operation failed: once it was for good, or the credential has expired, the mechanism
    /// may have been given up.
    pub(crate) fn doubt(&mut self, kind: OpKind, permanent: bool, now: Now) {
        let expired = self.subject.arbiter.status(now).expired;
        match kind {
            OpKind::Activate => {
                self.seen.activation_in_doubt = true;
                self.seen.bound_in_doubt |= permanent;
            }
            OpKind::Rotate => self.seen.bound_in_doubt |= permanent || expired,
            OpKind::Refresh => self.seen.developer_in_doubt |= permanent || expired,
            OpKind::Authenticate => {}
        }
    }

    /// Everything that was given up gets another chance.
    pub(crate) fn no_doubt(&mut self) {
        self.seen.bound_in_doubt = false;
        self.seen.activation_in_doubt = false;
        self.seen.developer_in_doubt = false;
    }

    pub(crate) fn session_lost(&mut self) {
        self.shell.up = false;
        self.shell.reauth = false;
        self.seen.server_holds = Holds::Nothing;
    }

    fn carry_out(&mut self, action: Action, event: Event, now: Now) {
        match action {
            Action::Start { kind, using, .. } => {
                self.expect(Rule::I1, self.shell.op.is_none());
                self.expect(Rule::I4, !self.shell.suspended);
                self.expect(Rule::I5, !self.seen.started[kind as usize]);
                self.expect(Rule::I5, self.may_start(kind, now));
                let presents = matches!(kind, OpKind::Activate | OpKind::Rotate);
                self.expect(Rule::I11, using == self.newest().filter(|_| presents));
                self.seen.started[kind as usize] = true;
                self.shell.op = Some((kind, 0));
            }
            Action::Abort { cause, .. } => {
                let fair = match cause {
                    AbortCause::TimedOut => self.shell.op.is_some_and(|(_, age)| age >= OP_TIMEOUT),
                    AbortCause::Replaced => matches!(event, Event::SetCredential(_)),
                    AbortCause::Closed => event == Event::Destroy,
                };
                self.expect(Rule::I5, fair);
                if let (Some((kind, _)), AbortCause::TimedOut) = (self.shell.op, cause) {
                    self.doubt(kind, false, now);
                }
                self.shell.op = None;
            }
            Action::Reauthenticate { generation, client_bound, .. } => {
                let newest = self.newest() == Some(generation);
                let bound = self.seen.kind == Some(CredentialKind::Bound);
                self.expect(Rule::I6, self.shell.up && newest && client_bound == bound);
                self.expect(Rule::I1, !self.shell.reauth);
                self.shell.reauth = true;
            }
            Action::Commit { kind, .. } => {
                self.seen.kind = Some(kind);
                if self.seen.server_holds == Holds::Newest {
                    self.seen.server_holds = Holds::Applied;
                }
                if kind == CredentialKind::Unbound {
                    self.seen.scope = None;
                }
                if matches!(event, Event::Start { .. }) {
                    self.seen.applied_kind = Some(kind);
                }
            }
            Action::Revert { .. } => {
                self.seen.kind = self.seen.applied_kind;
                if self.seen.server_holds == Holds::Applied {
                    self.seen.server_holds = Holds::Newest;
                }
            }
            Action::ForceReconnect => self.session_lost(),
            Action::AnswerAll { .. } => self.shell.waiting = false,
            Action::PersistApplied { .. } => self.seen.applied_kind = self.seen.kind,
            Action::DropStoredState => self.seen.applied_kind = None,
            Action::Disconnect | Action::Warn(_) | Action::Answer { .. } => {}
        }
    }
}

/// The clocks so many ticks from now.
pub(crate) fn at(wall: i64, boot: i64) -> Now {
    let boot = Duration::from_secs(u64::try_from(boot).unwrap_or(0));
    Now { wall: EpochMillis::new(wall * TICK), boot }
}
