//! A simulated world around one session: a provider, a space, a network and a disk that answer by
//! script, on a clock of their own.
//!
//! It checks at every step what must hold whatever happens: no credential that has ended is shown to
//! anybody (W2), one operation and one write at a time, every caller answered once, nothing after
//! the end.

#![allow(dead_code, reason = "each target of tests uses a part")]

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet, VecDeque},
    rc::Rc,
    time::Duration,
};

use credwire_core::{EpochMillis, Now, Secret};
use credwire_generated::RefreshMechanism;
use credwire_session::{
    Acquired, Answer, Authorization, Frame, Input, Output, Problem, Profile, ReplyId, RequestId,
    RpcError, SavedSession, Session, SessionEvent, Settings, SpaceReply, Status, StoreId,
    scheduler::{Abilities, CheckedPolicy, CredentialKind, Failure, OpId, OpKind, Policy, Warning},
};

pub(crate) type Token = u32;
pub(crate) type Reason = &'static str;
pub(crate) type Milliseconds = u64;

pub(crate) const SECOND: Milliseconds = 1000;
pub(crate) const MINUTE: Milliseconds = 60 * SECOND;
pub(crate) const HOUR: Milliseconds = 60 * MINUTE;
pub(crate) const DAY: Milliseconds = 24 * HOUR;

/// Who called `start`.
pub(crate) const STARTED: ReplyId = ReplyId(0);

const START: i64 = 1_760_000_000_000;
/// What an answer takes.
const LATENCY: Milliseconds = 20;
/// Inputs at one moment beyond which nothing can be meant but a loop.
const LOOP: u32 = 1000;

/// What an operation of the provider or of a device endpoint comes to.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Gift {
    /// A new credential that lasts so long.
    New(Milliseconds),
    /// The newest credential again, with a stated lifetime of so long from now.
    Same(Milliseconds),
    /// A new credential that ended so long ago.
    Stale(Milliseconds),
    /// A new credential without an expiry, which lasts so long.
    Silent(Milliseconds),
    Fails(Failure),
    /// It breaks a rule that no later answer will keep.
    Final,
    Panics,
    Hangs,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Identity {
    Told,
    /// A refusal in the space's own form.
    Refused,
    /// Something in between answered.
    Foreign(Option<Duration>),
    Hangs,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Upgrade {
    Opens,
    Fails(Option<Duration>),
    Hangs,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Rpc {
    Agrees,
    /// It agrees and closes the socket so much later, with a code.
    AgreesAndCloses(Milliseconds, Option<u16>),
    Error(i64),
    Malformed,
    Hangs,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Clock {
    Told,
    Nothing,
    Hangs,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Disk {
    Writes,
    Fails(Reason),
    Hangs,
}

/// How one party answers, by the time since the start.
pub(crate) type Plan<A> = Box<dyn FnMut(Milliseconds) -> A>;

pub(crate) fn always<A: Copy + 'static>(answer: A) -> Plan<A> {
    Box::new(move |_| answer)
}

/// One answer `before` this time, and another from then on.
pub(crate) fn until<A: Copy + 'static>(time: Milliseconds, before: A, after: A) -> Plan<A> {
    Box::new(move |at| if at < time { before } else { after })
}

/// These answers in turn; the last one for ever.
pub(crate) fn in_turn<A: Copy + 'static>(answers: &[A]) -> Plan<A> {
    let answers = answers.to_vec();
    let mut turn = 0;
    Box::new(move |_| {
        let answer = answers[turn.min(answers.len() - 1)];
        turn += 1;
        answer
    })
}

/// How everybody answers; all goes well by default.
pub(crate) struct Script {
    pub(crate) authenticate: Plan<Gift>,
    pub(crate) refresh: Plan<Gift>,
    pub(crate) activate: Plan<Gift>,
    pub(crate) rotate: Plan<Gift>,
    pub(crate) identify: Plan<Identity>,
    pub(crate) upgrade: Plan<Upgrade>,
    pub(crate) connect: Plan<Rpc>,
    pub(crate) resume: Plan<Rpc>,
    pub(crate) reauthenticate: Plan<Rpc>,
    pub(crate) online: Plan<Rpc>,
    pub(crate) clock: Plan<Clock>,
    pub(crate) disk: Plan<Disk>,
    /// Whether SATs carry `sat:refresh`.
    pub(crate) scope: bool,
    /// Whether the space closes a session whose credential has ended.
    pub(crate) closes_ended: bool,
}

impl Default for Script {
    fn default() -> Self {
        Self {
            authenticate: always(Gift::New(15 * MINUTE)),
            refresh: always(Gift::New(15 * MINUTE)),
            activate: always(Gift::New(15 * MINUTE)),
            rotate: always(Gift::New(15 * MINUTE)),
            identify: always(Identity::Told),
            upgrade: always(Upgrade::Opens),
            connect: always(Rpc::Agrees),
            resume: always(Rpc::Agrees),
            reauthenticate: always(Rpc::Agrees),
            online: always(Rpc::Agrees),
            clock: always(Clock::Told),
            disk: always(Disk::Writes),
            scope: false,
            closes_ended: true,
        }
    }
}

/// What happened, as far as tests look at it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Note {
    Asked(OpKind),
    Aborted,
    ReadTime,
    Identified,
    Opened,
    Connect { resumes: bool, token: Token },
    Reauthenticate(Token),
    Online,
    Status(Status),
    Reported(Problem<Reason>),
    Warned(Warning),
    Waits(Milliseconds),
    Dropped,
    Stored(bool),
    Answered(u64, String),
    Ended,
}

/// What is on its way to the session.
#[derive(Clone, Debug)]
enum Coming {
    Operation(OpId, OpKind, Gift),
    Clock(Clock),
    Identity(Identity),
    Upgrade(Upgrade),
    Connected(RequestId, Rpc, bool, Token),
    Reauthenticated(RequestId, Rpc, Token),
    Registered(RequestId, Rpc),
    Retracted(RequestId),
    Pong,
    Written(StoreId, Disk),
    Closed(Option<u16>),
    /// The credential of the live session may have ended.
    Ending,
}

impl Coming {
    /// Whether it comes by the socket, or on the way to one.
    fn is_of_the_attempt(&self) -> bool {
        !matches!(self, Self::Operation(..) | Self::Clock(_) | Self::Written(..))
    }
}

/// What the world stores of a token.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Truth {
    /// When it ends, by the space's clock.
    pub(crate) ends: i64,
    /// Whether the session received that, and nothing else.
    pub(crate) told: bool,
}

pub(crate) struct World {
    pub(crate) session: Session<Token, Reason>,
    pub(crate) script: Script,
    pub(crate) at: Milliseconds,
    /// Steps of the machine's wall clock.
    pub(crate) wall_off: i64,
    /// How long the machine slept, which its boot time does not count.
    slept: i64,
    /// Whether answers of REST state the space's time.
    pub(crate) tells_time: bool,
    /// Whether presenting an ended credential is an error: not while the clock is wrong.
    pub(crate) checks_ends: bool,
    able: Abilities,
    settings: Settings,
    policy: CheckedPolicy,
    seed: u64,
    coming: BTreeMap<(Milliseconds, u64), (u64, Coming)>,
    serial: u64,
    /// The socket, or the attempt at one; what comes from an earlier one is lost.
    socket: u64,
    /// Whether a socket is open, and the credential of the session on it.
    pub(crate) live: Option<Token>,
    /// The space can resume the session.
    pub(crate) remembers: bool,
    pub(crate) tokens: Vec<Truth>,
    newest: Token,
    pub(crate) stored: Option<SavedSession<Token>>,
    operation: Option<OpId>,
    writing: Option<StoreId>,
    waiting: BTreeSet<ReplyId>,
    last_reply: u64,
    pub(crate) ended: bool,
    pub(crate) logs: bool,
    pub(crate) log: Vec<(Milliseconds, Note)>,
    pub(crate) inputs: u64,
    /// When the newest sockets were opened.
    attempts: VecDeque<Milliseconds>,
    same_moment: (Milliseconds, u32),
}

/// What a client is, but for its world.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    pub(crate) dpop: bool,
    pub(crate) refresh: bool,
    pub(crate) settings: Settings,
    pub(crate) policy: Policy,
    pub(crate) seed: u64,
}

impl Default for Client {
    fn default() -> Self {
        let (settings, policy) = (Settings::default(), Policy::default());
        Self { dpop: false, refresh: false, settings, policy, seed: 1 }
    }
}

impl World {
    pub(crate) fn new(client: Client, script: Script) -> Self {
        Self::restored(client, script, None, Vec::new())
    }

    /// With what an earlier client stored, and the tokens of then.
    pub(crate) fn restored(
        client: Client,
        script: Script,
        saved: Option<SavedSession<Token>>,
        tokens: Vec<Truth>,
    ) -> Self {
        let able = Abilities { dpop: client.dpop, refresh: client.refresh };
        let policy = client.policy.checked().expect("a policy in range");
        let (settings, seed) = (client.settings, client.seed);
        let session = Session::new(settings, policy.clone(), able, seed, saved.clone(), now(0, 0));
        let newest = u32::try_from(tokens.len()).expect("few tokens");
        Self {
            session,
            script,
            at: 0,
            wall_off: 0,
            slept: 0,
            tells_time: false,
            checks_ends: true,
            able,
            settings,
            policy,
            seed,
            coming: BTreeMap::new(),
            serial: 0,
            socket: 0,
            live: None,
            remembers: saved.is_some(),
            tokens,
            newest,
            stored: saved,
            operation: None,
            writing: None,
            waiting: BTreeSet::new(),
            last_reply: 0,
            ended: false,
            logs: true,
            log: Vec::new(),
            inputs: 0,
            attempts: VecDeque::new(),
            same_moment: (0, 0),
        }
    }

    /// A client that was started, and `time` later.
    pub(crate) fn started(client: Client, script: Script, time: Milliseconds) -> Self {
        let mut world = Self::new(client, script);
        world.start();
        world.run(time);
        world
    }

    pub(crate) fn start(&mut self) {
        self.waiting.insert(STARTED);
        self.give(Input::Start(STARTED));
    }

    /// The process ends without a word, and another one begins with what is stored.
    pub(crate) fn restart(&mut self) {
        self.seed += 1;
        self.coming.clear();
        self.attempts.clear();
        self.waiting.clear();
        (self.operation, self.writing, self.live, self.ended) = (None, None, None, false);
        self.socket += 1;
        let (settings, policy) = (self.settings, self.policy.clone());
        let (saved, now) = (self.stored.clone(), self.now());
        self.session = Session::new(settings, policy, self.able, self.seed, saved, now);
        self.start();
    }

    pub(crate) fn now(&self) -> Now {
        now(self.at, self.slept + self.wall_off)
    }

    /// The space's clock.
    pub(crate) fn space_time(&self) -> i64 {
        START + self.slept + i64::try_from(self.at).expect("a time in range")
    }

    /// The machine sleeps, and its owner notices when it wakes.
    pub(crate) fn sleep(&mut self, time: Milliseconds) {
        self.slept += i64::try_from(time).expect("a time in range");
        self.give(Input::ServerTime(None));
        if let Some(token) = self.live {
            self.watch_end(token);
        }
    }

    /// The machine's wall clock steps, and its owner notices.
    pub(crate) fn step_clock(&mut self, step: i64) {
        self.wall_off += step;
        self.give(Input::ServerTime(None));
    }

    /// The time in a `Date` header.
    fn tell_time(&mut self) {
        let time = EpochMillis::new(self.space_time() / 1000 * 1000);
        self.give(Input::ServerTime(Some(time)));
    }

    pub(crate) fn lives(&self, token: Token) -> bool {
        self.tokens[token as usize].ends > self.space_time()
    }

    fn mint(&mut self, lives: i64) -> Token {
        let token = u32::try_from(self.tokens.len()).expect("few tokens");
        self.tokens.push(Truth { ends: self.space_time() + lives, told: true });
        self.newest = token;
        token
    }

    /// A caller that waits for an answer.
    pub(crate) fn caller(&mut self) -> ReplyId {
        self.last_reply += 1;
        let reply = ReplyId(self.last_reply);
        self.waiting.insert(reply);
        reply
    }

    /// Callers that wait.
    pub(crate) fn waiting(&self) -> &BTreeSet<ReplyId> {
        &self.waiting
    }

    pub(crate) fn give(&mut self, input: Input<'_, Token, Reason>) {
        self.inputs += 1;
        if self.same_moment.0 == self.at {
            self.same_moment.1 += 1;
            assert!(
                self.same_moment.1 < LOOP,
                "a loop at {}: {input:?}\n{:#?}",
                self.at,
                self.session.normal_form(self.now())
            );
        } else {
            self.same_moment = (self.at, 0);
        }
        let now = self.now();
        self.session.handle(input, now);
        while let Some(output) = self.session.poll() {
            self.carry_out(output);
        }
    }

    /// Lets `time` pass.
    pub(crate) fn run(&mut self, time: Milliseconds) {
        let end = self.at + time;
        loop {
            let coming = self.coming.keys().next().map(|(at, _)| *at);
            let deadline = self.session.deadline().map(|deadline| {
                // A deadline that has passed is due at once.
                u64::try_from(deadline.as_millis()).expect("a time in range").max(self.at)
            });
            let next = [coming, deadline].into_iter().flatten().min();
            let Some(next) = next.filter(|next| *next <= end) else { break };
            self.at = self.at.max(next);
            match self.coming.first_entry().filter(|entry| entry.key().0 <= next) {
                Some(entry) => {
                    let (socket, coming) = entry.remove();
                    if !coming.is_of_the_attempt() || socket == self.socket {
                        self.arrive(coming);
                    }
                }
                None => self.give(Input::Tick),
            }
        }
        self.at = end;
    }

    /// Lets time pass until something holds, at most `longest`; returns how long it took.
    pub(crate) fn run_until(
        &mut self,
        longest: Milliseconds,
        holds: impl Fn(&Self) -> bool,
    ) -> Option<Milliseconds> {
        let since = self.at;
        while !holds(self) {
            if self.at - since >= longest {
                return None;
            }
            self.run(10);
        }
        Some(self.at - since)
    }

    /// The space drops the socket.
    pub(crate) fn drop_socket(&mut self, code: Option<u16>) {
        if self.live.is_some() {
            self.come(0, Coming::Closed(code));
        }
    }

    /// What W1 asks for: a session with a credential that lives, registered if it is to be, and the
    /// next refresh planned where there is a mechanism.
    pub(crate) fn is_online(&self) -> bool {
        let wanted = if self.settings.register { Status::Online } else { Status::Connected };
        let status = self.session.credential_status(self.now());
        let refreshes = status.mechanism != RefreshMechanism::None && status.expiry.is_some();
        let planned = status.next.is_some() || status.in_flight.is_some();
        // Where our clock is wrong the session goes by what it was told, and where nobody tells the
        // end of a credential it goes on until the space ends it. The newest may have ended before
        // the session took it.
        let lives = self.live.is_some_and(|token| {
            let is_known = self.checks_ends && self.tokens[token as usize].told;
            if is_known { self.lives(token) } else { !(status.applied && status.expired) }
        });
        self.session.status() == wanted && lives && (!refreshes || planned)
    }

    pub(crate) fn note(&mut self, note: Note) {
        if self.logs {
            self.log.push((self.at, note));
        }
    }

    /// How often something happened.
    pub(crate) fn count(&self, what: impl Fn(&Note) -> bool) -> usize {
        self.log.iter().filter(|(_, note)| what(note)).count()
    }

    /// When something happened.
    pub(crate) fn times(&self, what: impl Fn(&Note) -> bool) -> Vec<Milliseconds> {
        self.log.iter().filter(|(_, note)| what(note)).map(|(at, _)| *at).collect()
    }

    pub(crate) fn has(&self, note: &Note) -> bool {
        self.log.iter().any(|(_, noted)| noted == note)
    }

    fn come(&mut self, after: Milliseconds, coming: Coming) {
        self.serial += 1;
        self.coming.insert((self.at + after, self.serial), (self.socket, coming));
    }

    fn show(&self, token: Token, to: &str) {
        let told = self.tokens[token as usize].told;
        let shown = !self.checks_ends || !told || self.lives(token);
        assert!(shown, "at {}: the ended credential {token} is shown to {to}", self.at);
    }

    fn carry_out(&mut self, output: Output<Token, Reason>) {
        assert!(
            !self.ended
                || matches!(
                    output,
                    Output::Store { .. }
                        | Output::Answer(..)
                        | Output::Event(SessionEvent::Failed(_))
                ),
            "after the end: {output:?}"
        );
        match output {
            Output::Acquire { id, kind, token } => {
                assert_eq!(self.operation.replace(id), None, "one operation at a time");
                let gift = match kind {
                    OpKind::Authenticate => (self.script.authenticate)(self.at),
                    OpKind::Refresh => (self.script.refresh)(self.at),
                    OpKind::Activate => (self.script.activate)(self.at),
                    OpKind::Rotate => (self.script.rotate)(self.at),
                };
                if let (OpKind::Activate | OpKind::Rotate, Some(token)) = (kind, token) {
                    self.show(token, "a device endpoint");
                }
                self.note(Note::Asked(kind));
                self.come(LATENCY, Coming::Operation(id, kind, gift));
            }
            Output::Abort(id) => {
                // One whose credential waits for the space's time is over for the world.
                assert!(self.operation.take().is_none_or(|running| running == id));
                self.note(Note::Aborted);
            }
            Output::ReadServerTime(_) => {
                let answer = (self.script.clock)(self.at);
                self.note(Note::ReadTime);
                self.come(LATENCY, Coming::Clock(answer));
            }
            Output::Identify(token) => {
                self.show(token, "the REST service");
                let answer = (self.script.identify)(self.at);
                self.note(Note::Identified);
                self.come(LATENCY, Coming::Identity(answer));
            }
            Output::Open(_) => {
                self.socket += 1;
                let answer = (self.script.upgrade)(self.at);
                self.note(Note::Opened);
                self.count_attempt();
                self.come(LATENCY, Coming::Upgrade(answer));
            }
            Output::Close => {
                self.socket += 1;
                self.live = None;
            }
            Output::SendFrame(frame) => self.receive(frame),
            Output::Ping => self.come(LATENCY, Coming::Pong),
            Output::Store { id, session } => {
                assert_eq!(self.writing.replace(id), None, "one write at a time");
                let disk = (self.script.disk)(self.at);
                self.note(Note::Stored(matches!(disk, Disk::Writes)));
                if let Disk::Writes = disk {
                    self.stored = session;
                }
                self.come(LATENCY, Coming::Written(id, disk));
            }
            Output::Answer(reply, answer) => {
                assert!(self.waiting.remove(&reply), "{reply:?} is answered twice: {answer:?}");
                self.note(Note::Answered(reply.0, spelled(&answer)));
            }
            Output::Event(event) => self.tell(event),
            Output::Ended => {
                self.ended = true;
                self.note(Note::Ended);
            }
        }
    }

    /// W3: whatever happens, at most twelve sockets are opened in ten seconds.
    fn count_attempt(&mut self) {
        if self.attempts.len() == 12 {
            let first = self.attempts.pop_front();
            assert!(first.is_none_or(|first| first + 10 * SECOND <= self.at), "a storm");
        }
        self.attempts.push_back(self.at);
    }

    fn receive(&mut self, frame: Frame<Token>) {
        match frame {
            Frame::Connect { id, token, resume, .. } => {
                self.show(token, "the space");
                let resumes = resume.is_some();
                let planned = if resumes {
                    (self.script.resume)(self.at)
                } else {
                    (self.script.connect)(self.at)
                };
                let known = !resumes || self.remembers;
                let answer = match planned {
                    Rpc::Agrees | Rpc::AgreesAndCloses(..) if !known || !self.lives(token) => {
                        Rpc::Error(-32002)
                    }
                    planned => planned,
                };
                self.note(Note::Connect { resumes, token });
                self.come(LATENCY, Coming::Connected(id, answer, resumes, token));
            }
            Frame::Reauthenticate { id, token, .. } => {
                self.show(token, "the session");
                let answer = (self.script.reauthenticate)(self.at);
                self.note(Note::Reauthenticate(token));
                self.come(LATENCY, Coming::Reauthenticated(id, answer, token));
            }
            Frame::Online(id) => {
                let answer = (self.script.online)(self.at);
                self.note(Note::Online);
                self.come(LATENCY, Coming::Registered(id, answer));
            }
            Frame::Offline(id) => self.come(LATENCY, Coming::Retracted(id)),
            Frame::Text(_) => {}
        }
    }

    fn tell(&mut self, event: SessionEvent<Reason>) {
        match event {
            SessionEvent::Status(status) => self.note(Note::Status(status)),
            SessionEvent::Failed(problem) | SessionEvent::NotRefreshed { problem, .. } => {
                self.note(Note::Reported(problem));
            }
            SessionEvent::Warned(warning) => self.note(Note::Warned(warning)),
            SessionEvent::Waiting(pause) => {
                self.note(Note::Waits(u64::try_from(pause.as_millis()).expect("a short pause")));
            }
            SessionEvent::Dropped(_) => self.note(Note::Dropped),
            _ => {}
        }
    }

    fn arrive(&mut self, coming: Coming) {
        if self.tells_time && matches!(coming, Coming::Identity(Identity::Told)) {
            self.tell_time();
        }
        match coming {
            Coming::Operation(id, kind, gift) => self.operation_ends(id, kind, gift),
            Coming::Clock(Clock::Told) => {
                self.tell_time();
                self.give(Input::ServerTimeRead);
            }
            Coming::Clock(Clock::Nothing) => self.give(Input::ServerTimeRead),
            Coming::Identity(Identity::Told) => {
                let sat_refresh = Some(self.script.scope);
                self.give(Input::Identified(Profile { sat_refresh, expiry: Ok(None) }));
            }
            Coming::Identity(Identity::Refused) => self.give(Input::NotIdentified {
                refused: true,
                retry_after: None,
                reason: "refused",
            }),
            Coming::Identity(Identity::Foreign(retry_after)) => self.give(Input::NotIdentified {
                refused: false,
                retry_after,
                reason: "a page of a proxy",
            }),
            Coming::Upgrade(Upgrade::Opens) => self.give(Input::Opened),
            Coming::Upgrade(Upgrade::Fails(retry_after)) => {
                self.give(Input::NotOpened { retry_after, reason: "no upgrade" });
            }
            Coming::Connected(id, rpc, resumes, token) => self.connected(id, rpc, resumes, token),
            Coming::Reauthenticated(id, rpc, token) => match rpc {
                Rpc::Agrees | Rpc::AgreesAndCloses(..) => {
                    self.live = Some(token);
                    self.watch_end(token);
                    let authorization = Some(self.authorization());
                    self.give(Input::Reply(id, SpaceReply::Reauthenticated(authorization)));
                }
                rpc => self.fails(id, rpc),
            },
            Coming::Registered(id, rpc) => match rpc {
                Rpc::Agrees | Rpc::AgreesAndCloses(..) => {
                    self.give(Input::Reply(id, SpaceReply::Done(Secret::from("{}"))));
                }
                rpc => self.fails(id, rpc),
            },
            Coming::Retracted(id) => {
                self.give(Input::Reply(id, SpaceReply::Done(Secret::from("{}"))))
            }
            Coming::Pong => self.give(Input::Control),
            Coming::Written(id, disk) => {
                let result = match disk {
                    Disk::Writes => Ok(()),
                    Disk::Fails(reason) => Err(reason),
                    // The session gives it up; the next write may begin.
                    Disk::Hangs => return self.writing = None,
                };
                self.writing = None;
                self.give(Input::Stored { id, result });
            }
            Coming::Closed(code) => {
                self.live = None;
                self.socket += 1;
                self.give(Input::Closed { code, reason: "closed".to_owned() });
            }
            Coming::Ending => {
                if self.live.is_some_and(|token| !self.lives(token)) {
                    self.arrive(Coming::Closed(Some(1008)));
                }
            }
            Coming::Clock(Clock::Hangs)
            | Coming::Identity(Identity::Hangs)
            | Coming::Upgrade(Upgrade::Hangs) => {}
        }
    }

    fn operation_ends(&mut self, id: OpId, kind: OpKind, gift: Gift) {
        if self.operation != Some(id) {
            return;
        }
        if !matches!(gift, Gift::Hangs) {
            self.operation = None;
        }
        let told = |lives: Milliseconds| i64::try_from(lives).expect("a time in range");
        let (token, expiry) = match gift {
            Gift::New(lives) => {
                let token = self.mint(told(lives));
                (token, Some(self.tokens[token as usize].ends))
            }
            Gift::Same(lives) => {
                let newest = self.session.newest_token().copied();
                let token = newest.unwrap_or_else(|| self.mint(told(lives)));
                self.tokens[token as usize].told = false;
                (token, Some(self.space_time() + told(lives)))
            }
            Gift::Stale(age) => {
                let token = self.mint(-told(age));
                (token, Some(self.tokens[token as usize].ends))
            }
            Gift::Silent(lives) => {
                let token = self.mint(told(lives));
                self.tokens[token as usize].told = false;
                (token, None)
            }
            Gift::Fails(failure) => {
                let (is_final, reason) = (false, refused_by(kind));
                return self.give(Input::NotAcquired { id, failure, is_final, reason });
            }
            Gift::Final => {
                let (failure, reason) = (Failure::TRANSIENT, "no later answer can differ");
                return self.give(Input::NotAcquired { id, failure, is_final: true, reason });
            }
            Gift::Panics => return self.give(Input::AcquirePanicked(id)),
            Gift::Hangs => return,
        };
        let expiry = expiry.map(EpochMillis::new);
        self.give(Input::Acquired {
            id,
            credential: Acquired { token, expiry, lifetime: None, assumed: None },
        });
    }

    fn connected(&mut self, id: RequestId, rpc: Rpc, resumes: bool, token: Token) {
        let closes = match rpc {
            Rpc::Agrees => None,
            Rpc::AgreesAndCloses(after, code) => Some((after, code)),
            rpc => return self.fails(id, rpc),
        };
        self.live = Some(token);
        self.remembers = true;
        self.watch_end(token);
        let authorization = self.authorization();
        let protocol = "protocol".to_owned();
        self.give(Input::Reply(id, SpaceReply::Connected { protocol, authorization }));
        if !resumes && self.live.is_some() {
            self.give(Input::State(Secret::from("state")));
        }
        if let (Some((after, code)), Some(_)) = (closes, self.live) {
            self.come(after, Coming::Closed(code));
        }
    }

    fn authorization(&self) -> Authorization {
        let project = "project".to_owned();
        Authorization { project, sat_refresh: self.script.scope, expiry: Ok(None) }
    }

    fn watch_end(&mut self, token: Token) {
        if self.script.closes_ended {
            let left = self.tokens[token as usize].ends - self.space_time();
            self.come(u64::try_from(left).unwrap_or(0), Coming::Ending);
        }
    }

    fn fails(&mut self, id: RequestId, rpc: Rpc) {
        let error = match rpc {
            Rpc::Error(code) => RpcError::Remote { code, message: "no".to_owned() },
            Rpc::Malformed => RpcError::Malformed,
            _ => return,
        };
        self.give(Input::Reply(id, SpaceReply::Failed(error)));
    }
}

fn now(at: Milliseconds, wall_off: i64) -> Now {
    let wall = START + i64::try_from(at).expect("a time in range") + wall_off;
    Now { wall: EpochMillis::new(wall), boot: Duration::from_millis(at) }
}

const fn refused_by(kind: OpKind) -> Reason {
    match kind {
        OpKind::Authenticate => "authenticate failed",
        OpKind::Refresh => "refresh failed",
        OpKind::Activate => "activation failed",
        OpKind::Rotate => "rotation failed",
    }
}

/// An answer in words that tests compare.
fn spelled(answer: &Answer<Reason>) -> String {
    match answer {
        Answer::Started(Ok(())) | Answer::Refreshed(Ok(())) | Answer::Done(Ok(())) => {
            "done".to_owned()
        }
        Answer::Left => "left".to_owned(),
        Answer::Called(Ok(_)) => "result".to_owned(),
        Answer::Started(Err(problem)) => format!("{problem:?}"),
        Answer::Refreshed(Err(error)) => format!("{error:?}"),
        Answer::Called(Err(error)) | Answer::Done(Err(error)) => format!("{error:?}"),
    }
}

/// A value that a script and its test share.
pub(crate) fn shared<A>(value: A) -> Rc<RefCell<A>> {
    Rc::new(RefCell::new(value))
}

/// A credential at rest whose token ends so many milliseconds from the start.
pub(crate) fn saved(
    kind: CredentialKind,
    ends: i64,
    resumable: bool,
) -> (SavedSession<Token>, Vec<Truth>) {
    let truth = Truth { ends: START + ends, told: true };
    let resume = credwire_session::ResumeState {
        authorization_state: Secret::from("state"),
        protocol: "protocol".to_owned(),
    };
    let credential = credwire_session::SavedCredential {
        token: 0,
        kind,
        expiry: Some(EpochMillis::new(truth.ends)),
    };
    let resume = resumable.then(|| resume.into());
    (SavedSession { credential, resume, newer: None }, vec![truth])
}
