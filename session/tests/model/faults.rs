//! The moves of the adversary.

use std::time::Duration;

use credwire_session::{
    Input, RpcError, SessionMethod, SpaceReply,
    scheduler::{Abilities, CredentialKind, Failure, OpId, OpKind},
};

use crate::{
    config::{LIFETIME, RETRY_AFTER, STEP, TICK, ticks},
    moves::{
        ClockFault, ITEMS, Item, Move, OpAnswer, RestAnswer, RpcAnswer, Silence, SocketFault,
        StoreAnswer, User,
    },
    rules::Rule,
    ruling::Ruling,
    world::{Socket, Waits, World},
};

impl World {
    /// Whether the move is possible.
    pub(crate) fn allows(&self, r#move: Move) -> bool {
        if self.ended {
            let restarts = r#move == Move::User(User::Restart) && !self.memory.key_lost;
            let stores = matches!(r#move, Move::Store(_)) && self.is_waiting(Item::Store);
            return restarts || stores || r#move == Move::Good;
        }
        match r#move {
            Move::Good => true,
            Move::Operation(answer) => {
                let again = matches!(answer, OpAnswer::Same | OpAnswer::SameLater);
                let device = |kind| matches!(kind, OpKind::Activate | OpKind::Rotate);
                let bound = self.session.newest_token().map(|token| token.bound);
                let possible = !again || bound == self.op.map(|op| device(op.kind));
                self.is_waiting(Item::Operation)
                    && possible
                    && self.op.is_some_and(|op| answer.suits(op.kind))
            }
            Move::Time(_) => self.is_waiting(Item::Time),
            Move::Identify(_) => self.is_waiting(Item::Identify),
            Move::Open(_) => self.is_waiting(Item::Open),
            Move::Request(method, _) => self.is_waiting(Item::Request(method)),
            Move::Store(_) => self.is_waiting(Item::Store),
            Move::Socket(fault) => match (self.socket, fault) {
                (Socket::Open { silent }, SocketFault::Silent) => !silent,
                (Socket::Open { silent }, SocketFault::Announced) => !silent && self.live.is_some(),
                (Socket::Open { .. }, _) => true,
                _ => false,
            },
            Move::User(user) => self.may(user),
            Move::Clock(fault) => match fault {
                ClockFault::Delay => self.is_busy(),
                ClockFault::Sleep | ClockFault::Told | ClockFault::Withdrawn => true,
                ClockFault::Forward => self.offset <= 0,
                ClockFault::Back => self.offset >= 0,
            },
            Move::Early(item) => {
                let first = ITEMS.into_iter().find(|first| self.is_waiting(*first));
                first != Some(item) && self.is_waiting(item)
            }
        }
    }

    /// Whether anything waits for an answer.
    pub(crate) fn is_busy(&self) -> bool {
        ITEMS.into_iter().any(|item| self.is_waiting(item))
    }

    fn may(&self, user: User) -> bool {
        match user {
            User::Suspend => !self.suspended && !self.leaving,
            User::Register => !self.wanted && !self.leaving,
            User::Unregister => self.wanted && !self.leaving,
            User::RefreshNow => self.waiting.len() < 2,
            User::KeyLost => self.config.dpop && !self.memory.key_lost,
            User::CanRefresh => self.config.refresh,
            User::Restart => !self.memory.key_lost,
            User::Shutdown | User::Reset => !self.leaving,
            User::Resume | User::Invalidate | User::SetCredential => true,
        }
    }

    /// Makes the move.
    pub(crate) fn make(&mut self, r#move: Move) {
        match r#move {
            Move::Good => self.good(),
            Move::Operation(answer) => self.operate_badly(answer),
            Move::Time(Silence::Unavailable) => {
                self.reading = None;
                self.feed(Input::ServerTimeRead);
            }
            Move::Time(Silence::Hang) => {
                self.reading = self.reading.map(|(_, since)| (true, since))
            }
            Move::Identify(answer) => self.identify_badly(answer),
            Move::Open(answer) => self.open_badly(answer),
            Move::Request(method, answer) => self.reply_badly(method, answer),
            Move::Store(StoreAnswer::Fails) => {
                if let Some(writing) = self.writing.take() {
                    self.memory.store_failed = true;
                    self.feed(Input::Stored { id: writing.id, result: Err(()) });
                }
            }
            Move::Store(StoreAnswer::Hang) => {
                self.memory.store_failed = true;
                if let Some(writing) = &mut self.writing {
                    writing.hung = true;
                }
            }
            Move::Socket(fault) => self.break_socket(fault),
            Move::User(user) => self.command(user),
            Move::Clock(fault) => self.turn_clock(fault),
            Move::Early(item) => self.answer_well(item),
        }
    }

    fn operate_badly(&mut self, answer: OpAnswer) {
        if answer == OpAnswer::Hang {
            self.memory.operation_hung = true;
            if let Some(op) = &mut self.op {
                op.hung = true;
            }
            return;
        }
        let Some(op) = self.answer_operation() else { return };
        let first = self.connect_due.is_some() && !self.memory.was_up;
        let mut not = |failure: Failure, is_final: bool| {
            let authenticates = op.kind == OpKind::Authenticate;
            if authenticates && (is_final || failure == Failure::Permanent) {
                self.memory.may_end |= first;
                self.memory.provider_refused = true;
            }
            self.feed(Input::NotAcquired { id: op.id, failure, is_final, reason: () });
        };
        match answer {
            OpAnswer::Transient => not(Failure::TRANSIENT, false),
            OpAnswer::RetryAfter => {
                let retry_after = Some(ticks(RETRY_AFTER));
                not(Failure::Transient { retry_after }, false);
                self.memory.hold[op.kind as usize] = self.boot + RETRY_AFTER * TICK;
                self.reach(Ruling::RetryAfter);
            }
            OpAnswer::Permanent => {
                not(Failure::Permanent, false);
                self.memory.lineage_refused |= matches!(op.kind, OpKind::Activate | OpKind::Rotate);
            }
            OpAnswer::Final => not(Failure::TRANSIENT, true),
            OpAnswer::Panic => self.feed(Input::AcquirePanicked(op.id)),
            OpAnswer::Expired => {
                let token = self.issue(false, op.kind == OpKind::Authenticate, -1);
                self.give(op.id, token);
            }
            OpAnswer::Same | OpAnswer::SameLater => self.give_again(answer, op.id),
            OpAnswer::Hang => {}
        }
    }

    /// The newest token again.
    fn give_again(&mut self, answer: OpAnswer, id: OpId) {
        let Some(mut token) = self.session.newest_token().copied() else { return };
        let ended = self.is_known_to_have_ended(&token);
        let again = answer == OpAnswer::Same;
        token.provider |= self.op.is_some_and(|op| op.kind == OpKind::Authenticate);
        if !again {
            token.told = token.told.map(|told| told.max(self.boot) + LIFETIME * TICK);
        }
        let serial = self.serial;
        let generation = self.session.credential_status(self.now()).generation;
        self.give(id, token);
        // Its answer may wait for the time.
        let newest = self.session.credential_status(self.now()).generation;
        let taken = newest.is_some() && newest != generation;
        if taken && (again || ended) && self.serial == serial {
            self.break_rule(Rule::SameToken, "it was taken");
        }
    }

    fn identify_badly(&mut self, answer: RestAnswer) {
        let Some((token, _)) = self.identifying.take() else { return };
        match answer {
            RestAnswer::Refused => self.refuse_identify(&token),
            RestAnswer::Hang => self.identifying = Some((token, true)),
            RestAnswer::Fails | RestAnswer::RetryAfter => {
                let again = answer == RestAnswer::RetryAfter;
                let retry_after = again.then(|| ticks(RETRY_AFTER));
                if again {
                    self.memory.hold_identify = self.boot + RETRY_AFTER * TICK;
                    self.reach(Ruling::RetryAfter);
                }
                self.feed(Input::NotIdentified { refused: false, retry_after, reason: () });
            }
        }
    }

    fn open_badly(&mut self, answer: RestAnswer) {
        if answer == RestAnswer::Hang {
            self.socket = Socket::Opening { hung: true };
            return;
        }
        self.socket = Socket::None;
        let again = answer == RestAnswer::RetryAfter;
        if again {
            self.memory.hold_open = self.boot + RETRY_AFTER * TICK;
            self.reach(Ruling::RetryAfter);
        }
        let retry_after = again.then(|| ticks(RETRY_AFTER));
        self.feed(Input::NotOpened { retry_after, reason: () });
    }

    fn reply_badly(&mut self, method: SessionMethod, answer: RpcAnswer) {
        if answer == RpcAnswer::Hang {
            self.memory.reauth_hung |= method == SessionMethod::Reauthenticate;
            self.hung[method as usize] = true;
            return;
        }
        match method {
            SessionMethod::Connect => {
                let Some((token, resumes)) = self.presented.take() else { return };
                match answer {
                    RpcAnswer::Refused => self.refuse_connect(&token, resumes),
                    RpcAnswer::Malformed => {
                        self.reply(method, SpaceReply::Failed(RpcError::Malformed));
                    }
                    _ => self.fail(method, -32603),
                }
            }
            SessionMethod::Reauthenticate => {
                let Some(token) = self.reauth.take() else { return };
                match answer {
                    RpcAnswer::Refused => self.refuse_reauthentication(&token),
                    RpcAnswer::Unknown => {
                        self.memory.reauth_unknown = true;
                        self.reach(Ruling::ReauthUnknown);
                        self.fail(method, -32601);
                    }
                    _ => self.fail(method, -32603),
                }
            }
            SessionMethod::Online | SessionMethod::Offline => self.register_badly(method, answer),
        }
    }

    fn register_badly(&mut self, method: SessionMethod, answer: RpcAnswer) {
        let code = match answer {
            RpcAnswer::Unknown => -32601,
            RpcAnswer::Refused => -32002,
            _ => -32000,
        };
        // A session that is ended for it puts its credential in doubt.
        let doubts = method == SessionMethod::Online && answer == RpcAnswer::Refused;
        if let Some(live) = self.live.filter(|live| doubts && live.resumed)
            && self.boot - live.since <= crate::config::SUSPICION * TICK
        {
            self.memory.suspect = 1;
            self.memory.replaced = false;
        }
        if method == SessionMethod::Online {
            if answer == RpcAnswer::Unknown
                && let Some(live) = &mut self.live
            {
                live.refused = true;
            }
            self.memory.registration_failed = true;
        }
        self.fail(method, code);
    }

    fn break_socket(&mut self, fault: SocketFault) {
        match fault {
            SocketFault::Drop => self.lose_socket(None),
            SocketFault::Forget => {
                self.kept = None;
                self.lose_socket(None);
            }
            SocketFault::Policy => self.lose_socket(Some(1008)),
            SocketFault::Restart => self.lose_socket(Some(1012)),
            SocketFault::Announced => {
                self.step.restarts = true;
                self.memory.suspect = 0;
                self.feed(Input::Announced);
            }
            SocketFault::Silent => self.socket = Socket::Open { silent: true },
        }
    }

    fn command(&mut self, user: User) {
        match user {
            User::Suspend => {
                self.suspended = true;
                self.memory.suspect = 0;
                let reply = self.wait(Waits::Leave);
                self.connect_due = None;
                self.feed(Input::Suspend(reply));
                let waits = self.waiting.iter().any(|(waiting, _)| *waiting == reply);
                if waits && self.mutation.is_none() {
                    self.break_rule(Rule::Replies, "suspended, and who asked for it waits");
                }
            }
            User::Resume => {
                self.suspended = false;
                self.feed(Input::Resume);
            }
            User::RefreshNow => {
                self.memory.lineage_refused = false;
                self.memory.refresh_failed = false;
                let status = self.session.credential_status(self.now());
                let bound = status.kind == Some(CredentialKind::Bound);
                let rotates = bound && self.config.dpop && !self.memory.key_lost;
                let refreshes = status.kind.is_some() && self.able_refresh && self.config.refresh;
                let none = !rotates && !refreshes && self.op.is_none();
                let provider = none && (status.expired || status.kind.is_none());
                let reply = self.wait(if provider { Waits::Provider } else { Waits::Refresh });
                self.feed(Input::RefreshNow(reply));
            }
            User::Invalidate => self.feed(Input::Invalidate),
            User::SetCredential => {
                let token = self.issue(false, false, LIFETIME);
                self.memory.set = Some(token.serial);
                let reply = self.wait(Waits::Refresh);
                let expiry = token.told.map(World::instant);
                let credential =
                    credwire_session::Acquired { token, expiry, lifetime: None, assumed: None };
                self.feed(Input::SetCredential { reply, credential });
            }
            User::Shutdown => {
                self.leaving = true;
                self.connect_due = None;
                let reply = self.wait(Waits::Leave);
                let patience: Duration = ticks(2);
                self.feed(Input::Shutdown { patience, reply });
            }
            User::Reset => self.reset(),
            User::Register | User::Unregister => {
                self.wanted = user == User::Register;
                self.memory.registration = None;
                if let Some(live) = &mut self.live {
                    live.refused = false;
                }
                let reply = self.wait(Waits::Done);
                self.feed(if self.wanted {
                    Input::Register(reply)
                } else {
                    Input::Unregister(reply)
                });
            }
            User::Restart => self.begin(),
            User::KeyLost => {
                self.memory.key_lost = true;
                self.feed(Input::KeyLost);
            }
            User::CanRefresh => {
                self.able_refresh = !self.able_refresh;
                let able = self.able_refresh;
                self.feed(Input::CanRefresh(able));
            }
        }
    }

    fn reset(&mut self) {
        self.suspended = true;
        self.connect_due = None;
        let reply = self.wait(Waits::Leave);
        let key_lost = self.memory.key_lost;
        let abilities =
            Abilities { dpop: self.config.dpop && !key_lost, refresh: self.able_refresh };
        self.feed(Input::Reset { abilities, reply });
        // What is on its way is of no use to the next session.
        self.reading = None;
        self.has_state = false;
        self.stepped = self.offset != 0;
        let memory = std::mem::take(&mut self.memory);
        self.memory.key_lost = key_lost;
        self.memory.store_failed = memory.store_failed;
        self.memory.writing = memory.writing;
    }

    fn turn_clock(&mut self, fault: ClockFault) {
        match fault {
            ClockFault::Delay => self.pass(1, false),
            ClockFault::Sleep => self.pass(LIFETIME / 2, true),
            ClockFault::Forward | ClockFault::Back => {
                let by = if fault == ClockFault::Forward { STEP } else { -STEP };
                self.offset += by * TICK;
                self.stepped = true;
                self.feed(Input::ServerTime(None));
                self.feed(Input::Tick);
            }
            ClockFault::Told => self.tell_time(),
            ClockFault::Withdrawn => self.feed(Input::ServerTime(None)),
        }
    }
}
