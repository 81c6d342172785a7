//! The world in order: what it does next, and whether the client is back in it.

use credwire_core::Secret;
use credwire_generated::RefreshMechanism;
use credwire_session::{
    Acquired, Authorization, Input, Profile, RpcError, SessionMethod, SpaceReply, Status,
    scheduler::{Failure, OpKind},
};

use crate::{
    config::{Expiry, TICK},
    moves::{ITEMS, Item},
    rules::Rule,
    token::Token,
    world::{Live, Socket, World},
};

impl World {
    /// Does the next thing.
    pub(crate) fn good(&mut self) {
        if let Some(item) = ITEMS.into_iter().find(|item| self.is_waiting(*item)) {
            return self.answer_well(item);
        }
        let ended = self.live.is_some_and(|live| self.has_ended(&live.token));
        if ended && self.config.closes && self.socket == (Socket::Open { silent: false }) {
            return self.lose_socket(Some(1008));
        }
        self.pass(1, true);
    }

    /// Lets time pass.
    pub(crate) fn pass(&mut self, count: i64, hears: bool) {
        self.boot += count * TICK;
        self.slept = count > 1;
        if hears && self.socket == (Socket::Open { silent: false }) {
            self.feed(Input::Control);
        }
        // One thing that is due may make another due at once, but not for ever.
        for _ in 0..8 {
            if !self.is_due() {
                return self.look();
            }
            self.feed(Input::Tick);
        }
        self.break_rule(Rule::W3NoBusyLoop, "the deadline is still now");
    }

    pub(crate) fn is_due(&self) -> bool {
        self.session.deadline().is_some_and(|deadline| deadline <= self.now().boot)
    }

    /// Whether nothing happens any more by itself.
    pub(crate) fn is_stuck(&self) -> bool {
        !self.is_busy() && self.session.deadline().is_none()
    }

    /// Whether something waits for an answer that may come.
    pub(crate) fn is_waiting(&self, item: Item) -> bool {
        let hears = self.socket == Socket::Open { silent: false };
        match item {
            Item::Store => self.writing.as_ref().is_some_and(|writing| !writing.hung),
            Item::Time => self.reading.is_some_and(|(hung, _)| !hung),
            Item::Operation => self.op.is_some_and(|op| !op.hung && !op.answered),
            Item::Identify => self.identifying.is_some_and(|(_, hung)| !hung),
            Item::Open => self.socket == Socket::Opening { hung: false },
            Item::Request(method) => {
                hears && !self.hung[method as usize] && self.session.open_request(method).is_some()
            }
            Item::State => hears && self.live.is_some() && self.state_due,
        }
    }

    /// Answers as a world in order does.
    pub(crate) fn answer_well(&mut self, item: Item) {
        match item {
            Item::Store => {
                if let Some(writing) = self.writing.take() {
                    self.stored = writing.record;
                    self.stored_newest = true;
                    self.memory.store_failed = false;
                    self.memory.writing = None;
                    self.feed(Input::Stored { id: writing.id, result: Ok(()) });
                }
            }
            Item::Time => {
                self.reading = None;
                self.tell_time();
                self.feed(Input::ServerTimeRead);
            }
            Item::Operation => self.operate_well(),
            Item::Identify => self.identify_well(),
            Item::Open => {
                self.socket = Socket::Open { silent: false };
                self.feed(Input::Opened);
            }
            Item::Request(SessionMethod::Connect) => self.connect_well(),
            Item::Request(SessionMethod::Reauthenticate) => self.reauthenticate_well(),
            Item::Request(method) => {
                self.memory.registration = None;
                self.memory.registration_failed = false;
                self.reply(method, SpaceReply::Done(Secret::from("{}")));
            }
            Item::State => {
                self.state_due = false;
                self.has_state = true;
                self.feed(Input::State(Secret::from("state")));
            }
        }
    }

    pub(crate) fn tell_time(&mut self) {
        self.stepped = false;
        let time = self.true_time();
        self.feed(Input::ServerTime(Some(time)));
    }

    /// The operation in flight, which is answered now.
    pub(crate) fn answer_operation(&mut self) -> Option<crate::world::Flight> {
        let op = self.op.as_mut()?;
        op.answered = true;
        Some(*op)
    }

    /// Feeds the result of an operation.
    pub(crate) fn give(&mut self, id: credwire_session::scheduler::OpId, token: Token) {
        let expiry = token.told.map(World::instant);
        self.feed(Input::Acquired {
            id,
            credential: Acquired { token, expiry, lifetime: None, assumed: None },
        });
    }

    fn operate_well(&mut self) {
        let Some(op) = self.answer_operation() else { return };
        let device = matches!(op.kind, OpKind::Activate | OpKind::Rotate);
        if device && op.token.is_none_or(|token| self.has_ended(&token)) {
            let failure = Failure::Permanent;
            return self.feed(Input::NotAcquired {
                id: op.id,
                failure,
                is_final: false,
                reason: (),
            });
        }
        let token = self.issue_for(op.kind);
        self.give(op.id, token);
    }

    fn identify_well(&mut self) {
        let Some((token, _)) = self.identifying.take() else { return };
        if self.has_ended(&token) {
            return self.refuse_identify(&token);
        }
        let expiry = Ok(self.expiry_of(&token));
        let profile = Profile { sat_refresh: Some(self.config.dpop), expiry };
        self.feed(Input::Identified(profile));
    }

    /// The space refuses a credential when it is asked whose it is.
    pub(crate) fn refuse_identify(&mut self, token: &Token) {
        self.note_refusal(token);
        self.feed(Input::NotIdentified { refused: true, retry_after: None, reason: () });
    }

    /// What follows from a refusal in the space's own form.
    pub(crate) fn note_refusal(&mut self, token: &Token) {
        let first = self.connect_due.is_some() && !self.memory.was_up;
        self.memory.may_end |= first && token.provider;
        self.memory.refused = Some(token.serial);
    }

    /// The expiry that the space sends for a credential.
    fn expiry_of(&self, token: &Token) -> Option<credwire_core::EpochMillis> {
        (self.config.expiry != Expiry::Unknown).then(|| World::instant(token.end))
    }

    fn authorization(&self, token: &Token) -> Authorization {
        Authorization {
            project: "project".to_owned(),
            sat_refresh: self.config.dpop,
            expiry: Ok(self.expiry_of(token)),
        }
    }

    fn connect_well(&mut self) {
        let Some((token, resumes)) = self.presented.take() else { return };
        let known = !resumes || self.kept == Some(token);
        if self.has_ended(&token) || !known {
            return self.refuse_connect(&token, resumes);
        }
        if !resumes {
            self.kept = Some(token);
            self.state_due = true;
            self.has_state = false;
        }
        let since = self.boot;
        self.live = Some(Live { token, since, resumed: resumes, refused: false });
        let memory = &mut self.memory;
        memory.was_up = true;
        memory.suspect = 0;
        memory.reauth_hung = false;
        memory.provider_failed = false;
        memory.not_resumed = None;
        memory.refused = None;
        let authorization = self.authorization(&token);
        self.reply(
            SessionMethod::Connect,
            SpaceReply::Connected { protocol: "protocol".to_owned(), authorization },
        );
    }

    /// -32002 to a connect.
    pub(crate) fn refuse_connect(&mut self, token: &Token, resumes: bool) {
        if resumes {
            self.has_state = false;
            self.memory.not_resumed = Some(token.bound);
        } else {
            self.note_refusal(token);
            self.memory.not_resumed = None;
        }
        self.fail(SessionMethod::Connect, -32002);
    }

    fn reauthenticate_well(&mut self) {
        let Some(token) = self.reauth.take() else { return };
        if self.has_ended(&token) {
            return self.refuse_reauthentication(&token);
        }
        if let Some(live) = &mut self.live {
            live.token = token;
        }
        self.kept = Some(token);
        let authorization = self.authorization(&token);
        self.reply(SessionMethod::Reauthenticate, SpaceReply::Reauthenticated(Some(authorization)));
    }

    /// -32002 to a reauthentication.
    pub(crate) fn refuse_reauthentication(&mut self, token: &Token) {
        // That of one that was replaced since says nothing of its successor.
        if self.session.newest_token() == Some(token) {
            self.memory.lineage_refused |= token.bound;
            self.memory.failed = true;
            self.memory.refresh_failed |= !token.bound;
        }
        self.reach(crate::ruling::Ruling::ReauthRefused);
        self.fail(SessionMethod::Reauthenticate, -32002);
    }

    /// An error to a request.
    pub(crate) fn fail(&mut self, method: SessionMethod, code: i64) {
        self.reply(method, SpaceReply::Failed(RpcError::Remote { code, message: String::new() }));
    }

    pub(crate) fn reply(&mut self, method: SessionMethod, reply: SpaceReply) {
        if let Some(request) = self.session.open_request(method) {
            self.feed(Input::Reply(request, reply));
        }
    }

    /// The socket goes, with this code.
    pub(crate) fn lose_socket(&mut self, code: Option<u16>) {
        let credential = code == Some(1008);
        if let Some(live) = self.live {
            let early = self.boot - live.since <= crate::config::SUSPICION * TICK;
            self.memory.suspect = match (credential && early, live.resumed) {
                (true, true) => 1,
                (true, false) => 2,
                (false, _) => 0,
            };
            self.memory.replaced = false;
        }
        self.close_socket();
        self.step.restarts = matches!(code, Some(1012 | 1013));
        self.feed(Input::Closed { code, reason: "gone".to_owned() });
    }

    /// What is missing for the client to be back, if anything is.
    pub(crate) fn missing(&self) -> Option<(Rule, &'static str)> {
        let status = self.session.status();
        let w1 = |what| Some((Rule::W1ComesBack, what));
        let Some(live) = self.live else { return w1("a session") };
        let wanted = self.wanted && !live.refused;
        let online = if wanted { status == Status::Online } else { status == Status::Connected };
        if !online {
            return w1(if wanted { "the registration" } else { "its absence" });
        }
        let credential = self.session.credential_status(self.now());
        let ended = credential.expired || self.has_ended(&live.token);
        if ended {
            // The one exception: nothing refreshes it, and the space keeps the session.
            let kept =
                credential.mechanism == RefreshMechanism::None || credential.expiry.is_none();
            if self.config.closes || !kept || credential.in_flight.is_some() {
                return w1("a credential that lives");
            }
        } else if !credential.applied {
            return w1("a credential in force");
        }
        let plans = credential.next.is_some() || credential.in_flight.is_some();
        let due = credential.mechanism != RefreshMechanism::None && credential.expiry.is_some();
        if due && !plans {
            return w1("a next refresh");
        }
        if !self.waiting.is_empty() {
            return Some((Rule::Replies, "an answer to somebody who waits"));
        }
        if self.writing.is_some() || !self.stored_newest {
            return Some((Rule::Storage, "a write that has ended"));
        }
        if !ended && !self.is_stored(&live.token) {
            return Some((Rule::Storage, "a record of the session as it is"));
        }
        None
    }

    /// Whether a record written now would be the one that was written.
    fn is_stored(&self, in_force: &Token) -> bool {
        let record = self.stored.as_ref();
        if !self.has_state {
            let newest = self.session.newest_token().filter(|token| !token.bound);
            let stored = record.map(|record| (record.credential.token, record.resume.is_some()));
            return stored == newest.map(|newest| (*newest, false));
        }
        record.is_some_and(|record| {
            record.resume.is_some()
                && record.credential.token == *in_force
                && record.newer.is_none()
        })
    }
}
