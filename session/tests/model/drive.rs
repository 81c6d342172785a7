//! Feeds the session, carries out what it asks for, and checks each thing as it is asked.

use credwire_session::{
    Answer, Frame, Input, Output, Problem, RpcError, SessionEvent, SessionMethod, Status,
    scheduler::{OpId, OpKind, OutcomeResult, Warning},
};

use crate::{
    config::{LIFETIME, OPERATION, RESERVE, RESTART_PAUSE, STEP_TIMEOUT, TICK, ticks},
    rules::Rule,
    ruling::Ruling,
    token::Token,
    world::{Flight, Socket, Waits, World, Writing},
};

impl World {
    /// Gives the session an input and carries out what follows.
    pub(crate) fn feed(&mut self, input: Input<'_, Token, ()>) {
        let auth = |world: &Self, id: OpId| {
            world.op.is_some_and(|op| op.id == id && op.kind == OpKind::Authenticate)
        };
        self.step.authenticated |= match &input {
            Input::Acquired { id, .. }
            | Input::NotAcquired { id, .. }
            | Input::AcquirePanicked(id) => auth(self, *id),
            // A credential of the application stands in for one of the provider.
            Input::SetCredential { .. } => true,
            Input::ServerTimeRead => self.op.is_some_and(|op| op.kind == OpKind::Authenticate),
            _ => false,
        };
        self.step.writes = matches!(input, Input::Stored { .. });
        let input = match self.mutation {
            Some(mutation) => mutation.input(self, input),
            None => Some(input),
        };
        if self.traced {
            println!("      {:>3} < {input:?}", self.boot / TICK);
        }
        if let Some(input) = input {
            let now = self.now();
            self.session.handle(input, now);
        }
        self.drain();
        self.look();
        for id in std::mem::take(&mut self.step.aborted) {
            self.answer_late(id);
        }
        self.step = crate::world::Step::default();
    }

    /// Carries out what the session asks for.
    pub(crate) fn drain(&mut self) {
        let mut outputs = Vec::new();
        while let Some(output) = self.session.poll() {
            outputs.push(output);
        }
        if let Some(mutation) = self.mutation {
            outputs = mutation.outputs(self, outputs);
        }
        for output in outputs {
            if self.traced {
                println!("      {:>3}   > {output:?}", self.boot / TICK);
            }
            self.carry_out(output);
        }
    }

    fn carry_out(&mut self, output: Output<Token, ()>) {
        let starts = matches!(
            output,
            Output::Acquire { .. }
                | Output::ReadServerTime(_)
                | Output::Identify(_)
                | Output::Open(_)
                | Output::SendFrame(_)
        );
        if starts && self.ended {
            self.break_rule(Rule::AfterTheEnd, format!("{output:?}"));
        }
        let reads = matches!(output, Output::ReadServerTime(_));
        if starts && !reads && (self.suspended || self.leaving) {
            self.break_rule(Rule::Suspended, format!("{output:?}"));
        }
        match output {
            Output::Acquire { id, kind, token } => self.acquire(id, kind, token),
            Output::Abort(id) => self.abort(id),
            Output::ReadServerTime(_) => {
                // One that had its time is given up.
                let young = |(_, since): (bool, i64)| self.boot - since < STEP_TIMEOUT * TICK;
                if self.reading.is_some_and(young) {
                    self.break_rule(Rule::OneAtATime, "two readings of the time");
                }
                self.reading = Some((false, self.boot));
                self.reach(Ruling::TimeAsked);
            }
            Output::Identify(token) => {
                if self.identifying.is_some() {
                    self.break_rule(Rule::OneAtATime, "two profiles");
                }
                self.present(&token, "subscriber/info");
                if self.memory.hold_identify > self.boot {
                    self.break_rule(Rule::W3RetryAfter, "subscriber/info");
                }
                self.identifying = Some((token, false));
            }
            Output::Open(_) => {
                if self.socket != Socket::None {
                    self.break_rule(Rule::OneAtATime, "two sockets");
                }
                if self.memory.hold_open > self.boot {
                    self.break_rule(Rule::W3RetryAfter, "upgrade");
                }
                self.socket = Socket::Opening { hung: false };
            }
            Output::Close => self.close_socket(),
            Output::SendFrame(frame) => self.sent(frame),
            Output::Ping => {}
            Output::Store { id, session } => {
                // One that had its time is given up.
                let young = |writing: &Writing| self.boot - writing.started < STEP_TIMEOUT * TICK;
                if self.writing.as_ref().is_some_and(young) {
                    self.break_rule(Rule::OneAtATime, "two writes");
                }
                if self.memory.store_failed {
                    self.reach(Ruling::StoredLater);
                }
                self.stored_newest = false;
                self.writing =
                    Some(Writing { id, record: session, started: self.boot, hung: false });
            }
            Output::Answer(reply, answer) => self.answered(reply, answer),
            Output::Event(event) => self.event(event),
            Output::Ended => {
                if !self.memory.may_end && !self.leaving {
                    self.break_rule(Rule::Ends, "ended for another reason");
                }
                self.ended = true;
            }
        }
    }

    fn acquire(&mut self, id: OpId, kind: OpKind, token: Option<Token>) {
        if self.op.is_some() {
            self.break_rule(Rule::OneAtATime, format!("{kind:?} beside {:?}", self.op));
        }
        if self.memory.hold[kind as usize] > self.boot {
            self.break_rule(Rule::W3RetryAfter, format!("{kind:?}"));
        }
        if matches!(kind, OpKind::Activate | OpKind::Rotate) {
            if self.memory.lineage_refused {
                self.break_rule(Rule::W7Lineage, format!("{kind:?}"));
            }
            if let Some(token) = token {
                self.present(&token, "devices");
            }
        }
        let newest = self.session.newest_token().copied();
        let left = newest.and_then(|token| Some(token.told? - self.boot));
        match (kind, left) {
            (OpKind::Authenticate, Some(left)) if self.live.is_some() => {
                let renews = self.config.renews && left > 0;
                self.reach(if renews { Ruling::RenewedAtExpiry } else { Ruling::RenewedOnRequest });
            }
            (OpKind::Authenticate, _) if self.memory.not_resumed == Some(true) => {
                self.reach(Ruling::BoundAsksProvider);
            }
            (OpKind::Refresh, Some(left))
                if left > 0 && left <= RESERVE * TICK && self.memory.rotation_failed =>
            {
                self.reach(Ruling::FallbackInReserve);
            }
            _ => {}
        }
        if kind == OpKind::Authenticate && self.memory.was_up && self.memory.provider_refused {
            self.reach(Ruling::AsksAgain);
        }
        if kind != OpKind::Authenticate && self.memory.failed && left == Some(RESERVE * TICK / 2) {
            self.reach(Ruling::LastTry);
        }
        self.op =
            Some(Flight { id, kind, token, started: self.boot, hung: false, answered: false });
    }

    fn abort(&mut self, id: OpId) {
        let Some(op) = self.op.take_if(|op| op.id == id) else {
            return self.break_rule(Rule::OneAtATime, "nothing to abort");
        };
        self.step.authenticated |= op.kind == OpKind::Authenticate;
        if op.hung {
            self.reach(Ruling::OperationTimedOut);
        }
        self.step.aborted.push(id);
    }

    /// What the properties need of an operation that returned nothing.
    fn operation_failed(&mut self, kind: OpKind) {
        self.memory.failed = true;
        match kind {
            OpKind::Authenticate => self.memory.provider_failed = true,
            OpKind::Rotate => self.memory.rotation_failed = true,
            OpKind::Refresh => self.memory.refresh_failed = true,
            OpKind::Activate => {}
        }
    }

    /// W2 wherever a token is shown.
    fn present(&mut self, token: &Token, to: &str) {
        if self.is_known_to_have_ended(token) {
            let late = (self.boot - token.told.unwrap_or(self.boot)) / TICK;
            self.break_rule(Rule::W2NoDeadToken, format!("to {to}, {late} ticks past its end"));
        }
        if self.memory.refused == Some(token.serial) {
            self.break_rule(Rule::W2NoRefusedToken, format!("refused, and presented to {to}"));
        }
        if self.memory.key_lost && token.bound {
            self.break_rule(Rule::W2NoRefusedToken, format!("its key is lost; to {to}"));
        }
    }

    fn sent(&mut self, frame: Frame<Token>) {
        let method = match frame {
            Frame::Connect { token, resume, .. } => {
                self.connects(token, resume.is_some());
                SessionMethod::Connect
            }
            Frame::Reauthenticate { token, .. } => {
                self.present(&token, "reauthenticate");
                if self.memory.reauth_unknown {
                    self.break_rule(Rule::ReauthUnknown, "asked again");
                }
                if self.memory.set == Some(token.serial) {
                    self.reach(Ruling::CredentialSet);
                }
                self.reauth = Some(token);
                SessionMethod::Reauthenticate
            }
            Frame::Online(_) => {
                if self.memory.registration_failed {
                    self.reach(Ruling::RegistrationRetried);
                }
                SessionMethod::Online
            }
            Frame::Offline(_) => SessionMethod::Offline,
            Frame::Text(_) => return,
        };
        if !matches!(self.socket, Socket::Open { .. }) {
            self.break_rule(Rule::OneAtATime, "sent without a socket");
        }
        self.hung[method as usize] = false;
    }

    fn connects(&mut self, token: Token, resumes: bool) {
        self.present(&token, "connect");
        let memory = &self.memory;
        let held = memory.hold[OpKind::Authenticate as usize] > self.boot - TICK;
        let asked = memory.replaced || memory.provider_failed || held;
        if memory.suspect >= 1 && resumes {
            self.break_rule(Rule::Suspect, "resumed with a credential in doubt");
        } else if memory.suspect >= 2 && !asked {
            self.break_rule(Rule::Suspect, "the provider was not asked");
        } else if memory.suspect >= 2 {
            self.reach(Ruling::SuspectProvider);
        } else if memory.suspect == 1 {
            self.reach(Ruling::SuspectFresh);
        }
        if token.bound && !resumes {
            if self.memory.provider_failed || held {
                self.reach(Ruling::DeviceTokenAsLastResort);
            } else {
                self.break_rule(Rule::DeviceToken, "and the provider was not asked");
            }
        }
        if self.memory.not_resumed == Some(false) && !token.bound && !resumes {
            self.reach(Ruling::UnboundBeginsAnew);
        }
        self.presented = Some((token, resumes));
    }

    /// The socket is gone, and what was to come over it.
    pub(crate) fn close_socket(&mut self) {
        self.socket = Socket::None;
        self.identifying = None;
        self.presented = None;
        self.reauth = None;
        self.live = None;
        self.state_due = false;
        self.hung = [false; 4];
        self.memory.reauth_unknown = false;
    }

    fn answered(&mut self, reply: credwire_session::ReplyId, answer: Answer<()>) {
        let Some(at) = self.waiting.iter().position(|(waiting, _)| *waiting == reply) else {
            return self.break_rule(Rule::Replies, format!("{answer:?} to nobody"));
        };
        let (_, waits) = self.waiting.remove(at);
        // Who waits for what is to be stored is told after the end.
        if self.ended && waits != Waits::Leave {
            self.break_rule(Rule::AfterTheEnd, format!("{answer:?}"));
        }
        match (waits, answer) {
            (Waits::Start, Answer::Started(result)) => {
                match result {
                    Ok(()) => {}
                    Err(Problem::Unreachable(_)) => self.reach(Ruling::EndsAtDeadline),
                    Err(Problem::ConnectRefused(_)) => self.reach(Ruling::EndsRefused),
                    Err(Problem::Reason(())) => self.reach(Ruling::EndsFinal),
                    Err(_) => {}
                }
                let due = self.connect_due.take().unwrap_or(self.boot);
                self.memory.may_end |= due <= self.boot;
                if due < self.boot && !self.slept {
                    self.break_rule(Rule::W4Deadline, "answered late");
                }
            }
            (Waits::Refresh, Answer::Refreshed(Ok(()))) if !self.step.committed => {
                self.break_rule(Rule::W5OwnAnswers, "good news without a credential");
            }
            (Waits::Provider, Answer::Refreshed(result)) => {
                let over =
                    self.suspended || self.leaving || self.session.status() == Status::Closed;
                let suspended = self.session.status() == Status::Suspended;
                if !self.step.authenticated && !over && !suspended {
                    let text = format!("{result:?} without an answer of authenticate()");
                    self.break_rule(Rule::W5OwnAnswers, text);
                }
            }
            (Waits::Refresh, Answer::Refreshed(_))
            | (Waits::Done, Answer::Done(_))
            | (Waits::Leave, Answer::Left) => {}
            (waits, answer) => {
                self.break_rule(
                    Rule::Replies,
                    format!("{answer:?} to one who waits for {waits:?}"),
                );
            }
        }
    }

    fn event(&mut self, event: SessionEvent<()>) {
        match event {
            SessionEvent::Status(Status::Suspended)
                if self.config.disconnects && !self.suspended && !self.leaving =>
            {
                self.reach(Ruling::ExhaustedSuspends);
            }
            SessionEvent::Credential { origin, .. } => self.committed(origin),
            SessionEvent::Warned(Warning::CredentialExpired) => self.memory.notice = true,
            SessionEvent::Warned(Warning::ExpiredOnArrival) => self.reach(Ruling::ExpiredOnArrival),
            SessionEvent::Warned(Warning::SameToken) => self.reach(Ruling::SameToken),
            SessionEvent::OperationEnded { kind, result } => self.operation_ended(kind, result),
            SessionEvent::Waiting(pause) if self.step.restarts => {
                self.reach(Ruling::RestartPause);
                if pause < ticks(RESTART_PAUSE) {
                    self.break_rule(Rule::W3RestartPause, format!("{pause:?} after a restart"));
                }
            }
            SessionEvent::Failed(Problem::TimeUnknown) => self.reach(Ruling::TimeUnknown),
            SessionEvent::Failed(Problem::RegistrationRefused(_)) => {
                self.reach(Ruling::RegistrationRefused);
            }
            SessionEvent::Failed(
                Problem::RegistrationFailed(error) | Problem::UnregistrationFailed(error),
            ) => self.registration_failed(error),
            SessionEvent::Failed(problem @ (Problem::Reason(()) | Problem::NotStored))
                if self.step.writes || problem == Problem::NotStored =>
            {
                if self.memory.writing.as_ref() == Some(&problem) {
                    self.break_rule(Rule::W6ReportedOnce, format!("{problem:?} of the storage"));
                }
                self.memory.writing = Some(problem);
            }
            SessionEvent::Dropped(reason)
                if self.memory.reauth_hung && reason.contains("not answer") =>
            {
                self.reach(Ruling::ReauthUnanswered);
            }
            SessionEvent::Dropped(reason) if reason.contains("its credential ends") => {
                self.reach(Ruling::RenewedBeforeTheEnd);
            }
            _ => {}
        }
    }

    fn registration_failed(&mut self, error: RpcError) {
        if self.memory.registration.as_ref() == Some(&error) {
            self.break_rule(Rule::W6ReportedOnce, format!("{error:?} of the registration"));
        }
        self.memory.registration = Some(error);
    }

    fn committed(&mut self, origin: Option<OpKind>) {
        let newest = self.session.newest_token().map(|token| token.serial);
        self.memory.issued = newest.filter(|_| origin.is_some());
        let memory = &mut self.memory;
        self.step.committed = true;
        memory.notice = false;
        memory.failed = false;
        memory.rotation_failed = false;
        if origin.is_none_or(|kind| matches!(kind, OpKind::Authenticate | OpKind::Refresh)) {
            memory.refused = None;
            memory.lineage_refused = false;
        }
        if origin.is_none_or(|kind| kind == OpKind::Authenticate) {
            memory.refresh_failed = false;
            memory.provider_failed = false;
            memory.provider_refused = false;
            memory.replaced = true;
        }
    }

    fn operation_ended(&mut self, kind: OpKind, result: OutcomeResult) {
        let device = matches!(kind, OpKind::Activate | OpKind::Rotate);
        if device && result == OutcomeResult::Permanent {
            self.memory.lineage_refused = true;
            self.reach(Ruling::LineageRefused);
        }
        if kind == OpKind::Authenticate && result == OutcomeResult::Permanent {
            self.memory.provider_refused = true;
        }
        if result != OutcomeResult::Committed {
            self.operation_failed(kind);
        }
        self.step.unusable |= result == OutcomeResult::Unusable;
        // One that was aborted is gone already.
        self.op.take_if(|op| op.kind == kind && op.answered);
    }

    /// An operation that was given up answers after all.
    fn answer_late(&mut self, id: OpId) {
        if self.is_due() {
            // The next input does more than it says.
            return;
        }
        let (before, now) = (self.session.normal_form(self.now()), self.now());
        let mut session = self.session.clone();
        let token = Token {
            serial: u32::MAX,
            bound: false,
            provider: false,
            end: self.boot + LIFETIME * TICK,
            told: None,
        };
        let credential =
            credwire_session::Acquired { token, expiry: None, lifetime: None, assumed: None };
        session.handle(Input::Acquired { id, credential }, now);
        if session.poll().is_some() || session.normal_form(now) != before {
            self.break_rule(Rule::LateAnswer, "it was taken");
        }
    }

    /// The properties of the state that an input leaves.
    pub(crate) fn look(&mut self) {
        if self.ended {
            let waits = self.waiting.iter().any(|(_, waits)| *waits != Waits::Leave);
            if waits {
                self.break_rule(Rule::Replies, "the client ended, and somebody waits");
            }
            return;
        }
        if self.is_due() {
            return;
        }
        if self.connect_due.is_some_and(|due| due < self.boot) {
            self.break_rule(Rule::W4Deadline, "connect() is not answered");
        }
        if let Some(op) = self.op
            && self.boot - op.started > OPERATION * TICK
        {
            self.break_rule(Rule::W9Operation, format!("{:?} has no deadline", op.kind));
        }
        if self.suspended || self.leaving {
            return;
        }
        self.look_at_the_end();
    }

    /// W9.
    fn look_at_the_end(&mut self) {
        let newest = self.session.newest_token().copied();
        let Some((newest, told)) = newest.and_then(|token| Some((token, token.told?))) else {
            return;
        };
        if self.stepped || self.session.status() == Status::Suspended {
            return;
        }
        if told <= self.boot {
            if !self.memory.notice {
                self.break_rule(Rule::W9Notice, "the credential has ended, and nobody was told");
            }
            if self.live.is_some_and(|live| live.token == newest) {
                self.reach(Ruling::KeptPastTheEnd);
            }
            return;
        }
        let reserve = told - RESERVE * TICK;
        let whole = self.memory.issued == Some(newest.serial);
        let nears = reserve <= self.boot && newest.bound && whole;
        let Some(op) = self.op.filter(|_| nears) else { return };
        let memory = &self.memory;
        let helps = self.able_refresh && !memory.refresh_failed;
        if op.kind == OpKind::Rotate && helps && self.offset == 0 {
            if op.started < reserve {
                self.break_rule(Rule::W9Operation, "rotation hangs on in the reserve");
            } else if memory.rotation_failed {
                self.break_rule(Rule::W9Fallback, "rotation goes on in the reserve");
            }
        }
    }

    pub(crate) const fn reach(&mut self, ruling: Ruling) {
        self.rulings |= ruling.bit();
    }
}
