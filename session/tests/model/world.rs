//! A client and everything around it: its space, its provider, its storage, its clocks.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
    time::Duration,
};

use credwire_core::{EpochMillis, Now};
use credwire_session::{
    Input, Problem, ReplyId, ResumeState, RpcError, SavedCredential, SavedSession, Session,
    StoreId,
    scheduler::{Abilities, CredentialKind, OpId, OpKind},
};

use crate::{
    config::{self, Config, DEADLINE, Expiry, LIFETIME, Record, TICK},
    mutant::Mutation,
    rules::{Rule, Violation},
    token::Token,
};

/// When boot time begins, by the true clock.
const EPOCH: i64 = 1_760_000_000_000;

/// An operation in flight.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Flight {
    pub(crate) id: OpId,
    pub(crate) kind: OpKind,
    /// What it was given.
    pub(crate) token: Option<Token>,
    pub(crate) started: i64,
    /// It never answers.
    pub(crate) hung: bool,
    /// It has, and the session thinks it over.
    pub(crate) answered: bool,
}

/// A write in flight.
#[derive(Clone, Debug)]
pub(crate) struct Writing {
    pub(crate) id: StoreId,
    pub(crate) record: Option<SavedSession<Token>>,
    pub(crate) started: i64,
    pub(crate) hung: bool,
}

/// The socket, as it truly is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Socket {
    None,
    Opening { hung: bool },
    Open { silent: bool },
}

/// A live session, as the space and the client agree on it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Live {
    pub(crate) token: Token,
    pub(crate) since: i64,
    pub(crate) resumed: bool,
    /// The space does not know the registration in this session.
    pub(crate) refused: bool,
}

/// Somebody who waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Waits {
    Start,
    Refresh,
    /// For a credential of the provider.
    Provider,
    Leave,
    Done,
}

/// Everything that the properties look back at.
#[derive(Clone, Debug, Default)]
pub(crate) struct Memory {
    /// The credential that the space refused, if it is the newest.
    pub(crate) refused: Option<u32>,
    pub(crate) key_lost: bool,
    /// A device endpoint refused a token that the newest descends from.
    pub(crate) lineage_refused: bool,
    /// Rotation has failed since the newest credential came.
    pub(crate) rotation_failed: bool,
    /// `refresh()` has failed in this lineage.
    pub(crate) refresh_failed: bool,
    /// An operation has failed since the newest credential came.
    pub(crate) failed: bool,
    /// The notice of the end of the newest credential was given.
    pub(crate) notice: bool,
    /// How often in a row a session ended for its credential at once.
    pub(crate) suspect: u8,
    /// The provider returned a credential since.
    pub(crate) replaced: bool,
    /// The provider returned nothing since there last was a session.
    pub(crate) provider_failed: bool,
    pub(crate) provider_refused: bool,
    /// The session was not resumed, and its credential was bound.
    pub(crate) not_resumed: Option<bool>,
    /// The space does not have `reauthenticate`.
    pub(crate) reauth_unknown: bool,
    /// An unanswered reauthentication in this session.
    pub(crate) reauth_hung: bool,
    /// The newest failure of a registration, and of a write, that was reported.
    pub(crate) registration: Option<RpcError>,
    pub(crate) writing: Option<Problem<()>>,
    /// Until when each operation, the profile and the upgrade are to be left alone.
    pub(crate) hold: [i64; 4],
    pub(crate) hold_identify: i64,
    pub(crate) hold_open: i64,
    pub(crate) was_up: bool,
    /// The newest credential, if it came in this process, which has seen its whole lifetime.
    pub(crate) issued: Option<u32>,
    /// The credential of the application.
    pub(crate) set: Option<u32>,
    /// What happened makes the end of the client right.
    pub(crate) may_end: bool,
    pub(crate) store_failed: bool,
    pub(crate) operation_hung: bool,
    pub(crate) registration_failed: bool,
}

/// What one input brought.
#[derive(Clone, Debug, Default)]
pub(crate) struct Step {
    pub(crate) authenticated: bool,
    pub(crate) committed: bool,
    pub(crate) unusable: bool,
    pub(crate) restarts: bool,
    pub(crate) writes: bool,
    pub(crate) aborted: Vec<OpId>,
}

/// The whole.
#[derive(Clone, Debug)]
pub(crate) struct World {
    pub(crate) config: Arc<Config>,
    pub(crate) mutation: Option<Mutation>,
    pub(crate) session: Session<Token, ()>,
    /// Boot time in milliseconds.
    pub(crate) boot: i64,
    /// How far the wall clock is ahead.
    pub(crate) offset: i64,
    /// The wall clock was stepped since the space sent its time.
    pub(crate) stepped: bool,
    pub(crate) serial: u32,
    pub(crate) reply: u64,

    pub(crate) op: Option<Flight>,
    /// The space is asked for its time; whether it never answers, and since when.
    pub(crate) reading: Option<(bool, i64)>,
    pub(crate) identifying: Option<(Token, bool)>,
    pub(crate) socket: Socket,
    /// What the connect under way presents, and whether it resumes.
    pub(crate) presented: Option<(Token, bool)>,
    pub(crate) reauth: Option<Token>,
    /// Which requests are never answered.
    pub(crate) hung: [bool; 4],
    pub(crate) writing: Option<Writing>,

    /// The session that the space keeps for a resume, by the credential in force.
    pub(crate) kept: Option<Token>,
    pub(crate) live: Option<Live>,
    /// The space has yet to send the state for a resume.
    pub(crate) state_due: bool,
    /// The client has a state for a resume.
    pub(crate) has_state: bool,

    pub(crate) stored: Option<SavedSession<Token>>,
    /// What is stored is what was last to be stored.
    pub(crate) stored_newest: bool,

    pub(crate) able_refresh: bool,
    pub(crate) wanted: bool,
    pub(crate) suspended: bool,
    pub(crate) leaving: bool,
    pub(crate) ended: bool,
    pub(crate) connect_due: Option<i64>,
    /// The time that has just passed was slept.
    pub(crate) slept: bool,
    pub(crate) waiting: Vec<(ReplyId, Waits)>,

    pub(crate) memory: Memory,
    pub(crate) step: Step,
    pub(crate) rulings: u64,
    pub(crate) violation: Option<Violation>,
    /// Prints what goes in and out.
    pub(crate) traced: bool,
}

impl World {
    /// The world in which a client is about to connect.
    pub(crate) fn new(config: Config, mutation: Option<Mutation>) -> Self {
        let boot = 1000 * TICK;
        let now = Now { wall: EpochMillis::new(EPOCH + boot), boot: duration(boot) };
        let mut world = Self {
            session: session(&config, mutation, None, true, now),
            config: Arc::new(config),
            mutation,
            boot,
            offset: 0,
            stepped: false,
            serial: 0,
            reply: 0,
            op: None,
            reading: None,
            identifying: None,
            socket: Socket::None,
            presented: None,
            reauth: None,
            hung: [false; 4],
            writing: None,
            kept: None,
            live: None,
            state_due: false,
            has_state: false,
            stored: None,
            stored_newest: true,
            able_refresh: config.refresh,
            wanted: true,
            suspended: false,
            leaving: false,
            ended: false,
            connect_due: None,
            slept: false,
            waiting: Vec::new(),
            memory: Memory::default(),
            step: Step::default(),
            rulings: 0,
            violation: None,
            traced: false,
        };
        let left = match config.record {
            Record::Nothing => None,
            Record::Alive => Some(5),
            Record::Ended => Some(-1),
        };
        if let Some(left) = left {
            let token = world.issue(config.dpop, false, left);
            let ended = left <= 0;
            world.kept = Some(token).filter(|_| !ended || !config.closes);
            world.stored = Some(SavedSession {
                credential: SavedCredential {
                    token,
                    kind: kind(token.bound),
                    expiry: token.told.map(|told| EpochMillis::new(EPOCH + told)),
                },
                resume: Some(Arc::new(ResumeState {
                    authorization_state: credwire_core::Secret::from("state"),
                    protocol: "protocol".to_owned(),
                })),
                newer: None,
            });
        }
        world.begin();
        world
    }

    /// A process begins with what is stored.
    pub(crate) fn begin(&mut self) {
        let now = self.now();
        let record = self.stored.clone();
        self.has_state = record.as_ref().is_some_and(|record| record.resume.is_some());
        self.session = session(&self.config, self.mutation, record, self.able_refresh, now);
        self.op = None;
        self.reading = None;
        self.identifying = None;
        self.socket = Socket::None;
        self.presented = None;
        self.reauth = None;
        self.hung = [false; 4];
        self.writing = None;
        self.live = None;
        self.state_due = false;
        self.stored_newest = true;
        self.stepped = self.offset != 0;
        self.wanted = true;
        self.suspended = false;
        self.leaving = false;
        self.ended = false;
        self.waiting.clear();
        self.memory = Memory::default();
        self.drain();
        let until = self.boot + DEADLINE * TICK;
        self.connect_due = Some(until);
        let reply = self.wait(Waits::Start);
        self.feed(Input::Start(reply));
    }

    pub(crate) fn now(&self) -> Now {
        let wall = EpochMillis::new(EPOCH + self.boot + self.offset);
        Now { wall, boot: duration(self.boot) }
    }

    /// The true time of this moment.
    pub(crate) fn true_time(&self) -> EpochMillis {
        EpochMillis::new(EPOCH + self.boot)
    }

    /// A time of this world as an instant.
    pub(crate) fn instant(boot: i64) -> EpochMillis {
        EpochMillis::new(EPOCH + boot)
    }

    /// A new token that lasts so many ticks.
    pub(crate) fn issue(&mut self, bound: bool, provider: bool, lasts: i64) -> Token {
        self.serial += 1;
        let end = self.boot + lasts * TICK;
        let told = (self.config.expiry == Expiry::Issuer).then_some(end);
        Token { serial: self.serial, bound, provider, end, told }
    }

    /// A new token as a service in order returns it.
    pub(crate) fn issue_for(&mut self, kind: OpKind) -> Token {
        let bound = matches!(kind, OpKind::Activate | OpKind::Rotate);
        self.issue(bound, kind == OpKind::Authenticate, LIFETIME)
    }

    /// Notes somebody who waits.
    pub(crate) fn wait(&mut self, waits: Waits) -> ReplyId {
        self.reply += 1;
        let reply = ReplyId(self.reply);
        self.waiting.push((reply, waits));
        reply
    }

    pub(crate) fn break_rule(&mut self, rule: Rule, text: impl Into<String>) {
        if self.violation.is_none() {
            self.violation = Some(Violation { rule, text: text.into() });
        }
    }

    /// Whether the token has truly ended.
    pub(crate) fn has_ended(&self, token: &Token) -> bool {
        token.end <= self.boot
    }

    /// Whether the client has to know that it has: it was told when, and its clock is right or was
    /// corrected.
    pub(crate) fn is_known_to_have_ended(&self, token: &Token) -> bool {
        !self.stepped && token.told.is_some_and(|told| told <= self.boot)
    }

    /// Whether nothing more has to happen by itself: a person is waited for.
    pub(crate) fn is_exempt(&self) -> bool {
        let suspended = self.session.status() == credwire_session::Status::Suspended;
        self.ended || self.suspended || self.leaving || self.config.disconnects && suspended
    }

    /// What distinguishes this world from others, for comparisons.
    pub(crate) fn key(&self) -> u64 {
        let mut state = DefaultHasher::new();
        self.session.normal_form(self.now()).hash(&mut state);
        (self.offset, self.stepped, self.able_refresh, self.wanted).hash(&mut state);
        (self.suspended, self.leaving, self.ended, self.has_state, self.state_due).hash(&mut state);
        let op = self.op.map(|op| (op.kind as u8, op.hung, op.answered, self.since(op.started)));
        let reading = self.reading.map(|(hung, since)| (hung, self.since(since)));
        (op, reading, self.identifying.map(|it| it.1)).hash(&mut state);
        (self.socket, self.hung, self.presented.map(|it| it.1)).hash(&mut state);
        self.writing.as_ref().map(|it| (it.hung, self.since(it.started))).hash(&mut state);
        (self.stored_newest, self.live.is_some()).hash(&mut state);
        self.live.map(|live| (self.since(live.since), live.resumed)).hash(&mut state);
        for (_, waits) in &self.waiting {
            waits.hash(&mut state);
        }
        let memory = &self.memory;
        (memory.suspect, memory.replaced, memory.key_lost, memory.was_up).hash(&mut state);
        (memory.reauth_unknown, memory.lineage_refused, memory.may_end).hash(&mut state);
        (memory.rotation_failed, memory.refresh_failed, memory.notice).hash(&mut state);
        let newest = self.session.newest_token().map(|token| token.serial);
        (memory.issued.is_some() && memory.issued == newest).hash(&mut state);
        let hold = memory.hold.map(|hold| self.left(hold));
        (hold, self.left(memory.hold_identify), self.left(memory.hold_open)).hash(&mut state);
        self.connect_due.map(|due| self.left(due)).hash(&mut state);
        // Tokens count by which is which, and by what is left of them.
        let record = self.stored.as_ref();
        let written = self.writing.as_ref().and_then(|writing| writing.record.as_ref());
        let tokens = [
            self.session.newest_token().copied(),
            self.live.map(|live| live.token),
            self.kept,
            record.map(|record| record.credential.token),
            record.and_then(|record| record.newer.as_ref()).map(|newer| newer.token),
            written.map(|record| record.credential.token),
            written.and_then(|record| record.newer.as_ref()).map(|newer| newer.token),
            self.presented.map(|it| it.0),
            self.reauth,
            self.identifying.map(|it| it.0),
        ];
        let refused = memory.refused;
        for (at, token) in tokens.iter().enumerate() {
            let same = token.map(|token| {
                let first = tokens.iter().position(|it| *it == Some(token)).unwrap_or(at);
                let told = token.told.map(|told| told - token.end);
                let refused = refused == Some(token.serial);
                (first, self.left(token.end), told, token.bound, token.provider, refused)
            });
            same.hash(&mut state);
        }
        let resumes = |record: Option<&SavedSession<Token>>| record.map(|it| it.resume.is_some());
        (resumes(record), resumes(written)).hash(&mut state);
        state.finish()
    }

    fn left(&self, until: i64) -> i64 {
        (until - self.boot).max(0)
    }

    fn since(&self, from: i64) -> i64 {
        (self.boot - from).min(4 * TICK)
    }
}

/// A session with the times of the model.
fn session(
    config: &Config,
    mutation: Option<Mutation>,
    record: Option<SavedSession<Token>>,
    refresh: bool,
    now: Now,
) -> Session<Token, ()> {
    let (mut settings, mut policy) = (config::settings(), config::policy(config));
    let mut record = record;
    if let Some(mutation) = mutation {
        mutation.set(&mut settings, &mut policy);
        mutation.restore(&mut record);
    }
    let abilities = Abilities { dpop: config.dpop, refresh: refresh && config.refresh };
    Session::new(settings, config::checked(policy), abilities, 7, record, now)
}

pub(crate) const fn kind(bound: bool) -> CredentialKind {
    if bound { CredentialKind::Bound } else { CredentialKind::Unbound }
}

fn duration(millis: i64) -> Duration {
    Duration::from_millis(u64::try_from(millis).expect("boot time is not negative"))
}
