//! A day of one session, as its owner would drive it, without the owner: ticks, pings, drops,
//! resumes, refreshes and their outcomes, registrations, writes. No frame is read or written.

use std::{sync::Arc, time::Duration};

use credwire_core::{EpochMillis, Now, Secret};
pub(crate) use credwire_session::scheduler::Abilities;
use credwire_session::{
    Acquired, Authorization, Frame, Input, Output, Profile, ReplyId, RequestId, Session, Settings,
    SpaceReply, StoreId,
    scheduler::{CheckedPolicy, Failure, OpId, OpKind},
};

const DAY: Duration = Duration::from_secs(24 * 3600);
/// The lifetime of every credential.
pub(crate) const LIFETIME: Duration = Duration::from_secs(900);
/// What an answer takes.
const ANSWER: Duration = Duration::from_millis(200);
/// Tokens in turn, made once.
const TOKENS: usize = 4;

type Token = Arc<str>;

/// What waits for its answer.
#[derive(Debug, Default)]
struct Pending {
    operation: Option<(OpId, OpKind)>,
    time: bool,
    identity: bool,
    socket: bool,
    connect: Option<RequestId>,
    request: Option<RequestId>,
    ping: bool,
    write: Option<StoreId>,
}

/// A session, its clock, and whatever its days need, so that a day allocates nothing but what the
/// session does.
pub(crate) struct Day {
    session: Session<Token, ()>,
    now: Now,
    pending: Pending,
    tokens: [Token; TOKENS],
    turn: usize,
    inputs: u64,
    dpop: bool,
    /// The strings that answers to `signalwire.connect` bring are made before the day.
    answers: Vec<(String, Authorization)>,
    replies: u64,
}

impl Day {
    pub(crate) fn new(able: Abilities) -> Self {
        let now = Now { wall: EpochMillis::new(1_760_000_000_000), boot: Duration::ZERO };
        let policy = CheckedPolicy::default();
        let session = Session::new(Settings::default(), policy, able, 1, None, now);
        let tokens = std::array::from_fn(|number| Arc::from(format!("token {number}")));
        let mut day = Self {
            session,
            now,
            pending: Pending::default(),
            tokens,
            turn: 0,
            inputs: 0,
            dpop: able.dpop,
            answers: Vec::new(),
            replies: 0,
        };
        day.make_answers();
        day.give(Input::Start(ReplyId(0)));
        while !day.session.status().is_connected() {
            day.step();
        }
        day.give(Input::State(Secret::from("state")));
        day
    }

    /// Makes the strings of another day.
    pub(crate) fn make_answers(&mut self) {
        while self.answers.len() < 1000 {
            let (project, expiry) = ("project".to_owned(), Ok(None));
            let authorization = Authorization { project, sat_refresh: self.dpop, expiry };
            self.answers.push(("protocol".to_owned(), authorization));
        }
    }

    /// Lets a day pass; returns the number of inputs.
    pub(crate) fn pass(&mut self) -> u64 {
        let (inputs, end) = (self.inputs, self.now.boot + DAY);
        while self.now.boot < end {
            self.step();
        }
        self.inputs - inputs
    }

    fn give(&mut self, input: Input<'_, Token, ()>) {
        self.inputs += 1;
        self.session.handle(input, self.now);
        let pending = &mut self.pending;
        while let Some(output) = self.session.poll() {
            match output {
                Output::Acquire { id, kind, .. } => pending.operation = Some((id, kind)),
                Output::Abort(_) => pending.operation = None,
                Output::ReadServerTime(_) => pending.time = true,
                Output::Identify(_) => pending.identity = true,
                Output::Open(_) => pending.socket = true,
                Output::Close => {
                    (pending.identity, pending.socket, pending.ping) = (false, false, false);
                    (pending.connect, pending.request) = (None, None);
                }
                Output::SendFrame(Frame::Connect { id, .. }) => pending.connect = Some(id),
                Output::SendFrame(Frame::Reauthenticate { id, .. } | Frame::Online(id)) => {
                    pending.request = Some(id);
                }
                Output::Ping => pending.ping = true,
                Output::Store { id, .. } => pending.write = Some(id),
                _ => {}
            }
        }
    }

    /// Time passes, then whatever waits is answered.
    fn step(&mut self) {
        self.turn += 1;
        let Pending { operation, time, identity, socket, connect, request, ping, write } =
            std::mem::take(&mut self.pending);
        let waits = operation.is_some() || time || identity || socket || connect.is_some();
        let waits = waits || request.is_some() || ping || write.is_some();
        let due = self.session.deadline().filter(|_| !waits);
        let time_passes = due.map_or(ANSWER, |due| due.saturating_sub(self.now.boot).max(ANSWER));
        self.now.boot += time_passes;
        self.now.wall = self.now.wall.saturating_add(time_passes);
        self.give(Input::Tick);
        if let Some((id, kind)) = operation {
            self.give(Input::ServerTime(Some(self.now.wall)));
            let fails = self.turn.is_multiple_of(7) && kind != OpKind::Authenticate;
            if fails {
                let (failure, is_final) = (Failure::TRANSIENT, false);
                self.give(Input::NotAcquired { id, failure, is_final, reason: () });
            } else {
                let token = Arc::clone(&self.tokens[self.turn % TOKENS]);
                let expiry = Some(self.now.wall.saturating_add(LIFETIME));
                let credential = Acquired { token, expiry, lifetime: None, assumed: None };
                self.give(Input::Acquired { id, credential });
            }
        }
        if time {
            self.give(Input::ServerTimeRead);
        }
        if identity {
            let sat_refresh = Some(self.dpop);
            self.give(Input::Identified(Profile { sat_refresh, expiry: Ok(None) }));
        }
        if socket {
            self.give(Input::Opened);
        }
        if let Some(id) = connect {
            let (protocol, authorization) = self.answers.pop().expect("enough for a day");
            self.give(Input::Reply(id, SpaceReply::Connected { protocol, authorization }));
        }
        if let Some(id) = request {
            self.give(Input::Reply(id, SpaceReply::Reauthenticated(None)));
        }
        if ping {
            self.give(Input::Control);
        }
        if let Some(id) = write {
            self.give(Input::Stored { id, result: Ok(()) });
        }
        if self.turn.is_multiple_of(101) {
            self.replies += 1;
            self.give(Input::RefreshNow(ReplyId(self.replies)));
        }
        if self.turn.is_multiple_of(503) {
            self.give(Input::Closed { code: None, reason: String::new() });
        }
    }
}
