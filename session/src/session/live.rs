//! A live session: what begins with it, what keeps it, and how it is lost.

use std::{borrow::Cow, sync::Arc};

use credwire_core::Now;

use super::{Session, Shutdown, State, Trust, Waiter, attempt::Way};
use crate::{
    RpcError, Status,
    boot_time::{BootTime, millis},
    calls::Purpose,
    input::{Authorization, ReplyId, SpaceReply},
    output::{Answer, Frame, Output, Problem, ResumeState, SessionEvent, Step},
    registration::Stage,
    scheduler::{self, Generation, OpKind, ReauthError, ReauthId},
};

/// The space restarts, or is overloaded (RFC 6455, section 7.4, and its registry).
const RESTARTS: [u16; 2] = [1012, 1013];
/// The space ends a session by its policy, such as one whose credential has ended.
const POLICY: u16 = 1008;
/// Codes that applications choose.
const PRIVATE: std::ops::Range<u16> = 4000..5000;

/// Sets a name that seldom changes.
fn rename(name: &mut Option<Arc<str>>, to: &str) {
    if name.as_deref() != Some(to) {
        *name = Some(Arc::from(to));
    }
}

/// Why a session is lost, as far as the next attempt depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Loss {
    Plain,
    /// For its credential.
    Credential,
    /// The space restarts.
    Restart,
}

impl<T: Clone + PartialEq, R: Clone + PartialEq> Session<T, R> {
    /// Handles an answer, or the end of the time for it.
    pub(super) fn replied(&mut self, purpose: Purpose, reply: SpaceReply, now: Now) {
        match (purpose, reply) {
            (Purpose::Call(call), reply) => {
                let result = match reply {
                    SpaceReply::Done(result) => Ok(result),
                    SpaceReply::Failed(error) => Err(error),
                    // A simulated space that mixes its answers up.
                    SpaceReply::Connected { .. } | SpaceReply::Reauthenticated(_) => {
                        Err(RpcError::Malformed)
                    }
                };
                self.answer(call, Answer::Called(result));
            }
            (Purpose::Connect, SpaceReply::Connected { protocol, authorization }) => {
                self.connected(protocol, authorization, now);
            }
            (Purpose::Connect, SpaceReply::Failed(error)) => self.not_connected(error, now),
            (Purpose::Connect, _) => self.not_connected(RpcError::Malformed, now),
            (Purpose::Reauthenticate { id, generation }, reply) => {
                self.reauthenticated(id, generation, reply, now);
            }
            (Purpose::Online, SpaceReply::Failed(error)) => self.not_registered(error, now),
            (Purpose::Online, _) => self.registered(),
            (Purpose::Offline, SpaceReply::Failed(error)) => self.not_unregistered(error, now),
            (Purpose::Offline, _) => self.unregistered(),
        }
    }

    pub(super) fn expire_requests(&mut self, now: Now) {
        while let Some(purpose) = self.requests.expired(BootTime::of(now)) {
            self.replied(purpose, SpaceReply::Failed(RpcError::Timeout), now);
        }
    }

    fn connected(&mut self, protocol: String, authorization: Authorization, now: Now) {
        let State::Authenticating { way, used } = self.state else { return };
        let boot = BootTime::of(now);
        if way == Way::Fresh {
            // The state of the session before.
            self.resume = None;
        }
        self.resume = self.resume.take().map(|state| {
            if state.protocol == protocol {
                return state;
            }
            let authorization_state = state.authorization_state.clone();
            Arc::new(ResumeState { authorization_state, protocol: protocol.clone() })
        });
        rename(&mut self.protocol, &protocol);
        rename(&mut self.project, &authorization.project);
        self.state = State::Live { way, since: boot };
        self.set_status(Status::Connected);
        self.report(match (way, self.was_up) {
            (Way::Resume, _) => SessionEvent::Resumed,
            (Way::Fresh, false) => SessionEvent::Connected,
            (Way::Fresh, true) => SessionEvent::Reconnected,
        });
        self.was_up = true;
        self.newest_problem = None;
        // Who waits for the provider is not answered by this session (W5).
        let asked = self.waiters.iter().any(|(_, waiter)| *waiter == Waiter::Provider);
        self.renewal = asked.then_some(crate::retry::Retry::NONE);
        self.storing.hold(false);
        self.registration.begin(way == Way::Resume);
        if !self.registration.known_to_space {
            // A new session is not registered.
            self.answer_unregistering(&Ok(()));
        }
        let generation = used.generation();
        let sat_refresh = authorization.sat_refresh;
        self.schedule(scheduler::SchedulerEvent::ScopeKnown { generation, sat_refresh }, now);
        self.learn_expiry(generation, Step::Connect, authorization.expiry, now);
        self.schedule(scheduler::SchedulerEvent::SessionUp { used }, now);
        self.storing.changed();
        while let Some(frame) = self.requests.dequeue(boot) {
            self.emit(Output::SendFrame(Frame::Text(frame)));
        }
    }

    fn reauthenticated(
        &mut self,
        id: ReauthId,
        generation: Generation,
        reply: SpaceReply,
        now: Now,
    ) {
        let error = match reply {
            SpaceReply::Failed(error) => error,
            SpaceReply::Reauthenticated(authorization) => {
                return self.reauthentication_done(id, generation, authorization, now);
            }
            SpaceReply::Done(_) | SpaceReply::Connected { .. } => {
                return self.reauthentication_done(id, generation, None, now);
            }
        };
        let failure = match &error {
            _ if error.is_refusal() => ReauthError::Rejected,
            _ if error.is_unknown_method() => ReauthError::Unsupported,
            RpcError::Remote { .. } => ReauthError::Failed,
            _ => ReauthError::NoAnswer,
        };
        // Each reason once; a refusal is one of a credential, so each counts.
        let news =
            failure == ReauthError::Rejected || self.reauth_reported.as_ref() != Some(&error);
        if news {
            self.reauth_reported = Some(error.clone());
            let (problem, urgent) = (Problem::ReauthenticationFailed(error), self.is_urgent(now));
            self.report(SessionEvent::NotRefreshed { problem, urgent });
        }
        self.schedule(scheduler::SchedulerEvent::ReauthErr { id, failure }, now);
    }

    fn reauthentication_done(
        &mut self,
        id: ReauthId,
        generation: Generation,
        authorization: Option<Authorization>,
        now: Now,
    ) {
        self.reauth_reported = None;
        if let Some(authorization) = &authorization {
            let expiry = authorization.expiry;
            self.learn_expiry(generation, Step::Reauthenticate, expiry, now);
        }
        let origin = self.tokens.origin(generation);
        self.schedule(scheduler::SchedulerEvent::ReauthOk { id }, now);
        self.report(SessionEvent::Reauthenticated);
        if origin == Some(OpKind::Activate) {
            self.report(SessionEvent::Activated);
        }
        if let Some(authorization) = authorization {
            let sat_refresh = authorization.sat_refresh;
            self.schedule(scheduler::SchedulerEvent::ScopeKnown { generation, sat_refresh }, now);
        }
    }

    /// What a live session does by itself: it registers, and pings a silent socket.
    pub(super) fn advance_live(&mut self, now: Now) {
        let State::Live { .. } = self.state else { return };
        let boot = BootTime::of(now);
        if self.silence_ends() <= boot {
            if self.pinged {
                return self.drop_session("lost: the space is silent".into(), now);
            }
            self.pinged = true;
            self.last_received = boot;
            self.emit(Output::Ping);
        }
        let registers = self.registration.requested && self.registration.stage == Stage::Idle;
        let settled = (registers || self.connecting.is_some()) && self.scheduler.is_settled(now);
        self.registration.settled = settled;
        self.advance_registration(boot);
        if settled && (!self.registration.requested || self.registration.stage == Stage::Registered)
        {
            self.first_session_stands();
        }
    }

    fn advance_registration(&mut self, boot: BootTime) {
        if !self.registration.requested && !self.registration.known_to_space {
            self.answer_unregistering(&Ok(()));
        }
        let registration = &mut self.registration;
        if registration.retry.at > boot {
            return;
        }
        let until = boot.after(self.settings.call_timeout);
        match registration.stage {
            Stage::Idle if registration.requested && registration.settled => {
                registration.stage = Stage::Registering;
                registration.known_to_space = true;
                let number = self.ids.next();
                self.requests.sent(number, Purpose::Online, until);
                self.emit(Output::SendFrame(Frame::Online(number)));
            }
            Stage::Idle | Stage::Registered
                if !registration.requested && registration.known_to_space =>
            {
                registration.stage = Stage::Retracting;
                let number = self.ids.next();
                self.requests.sent(number, Purpose::Offline, until);
                self.emit(Output::SendFrame(Frame::Offline(number)));
            }
            // The pause is over, and what it waits for now has a deadline of its own.
            _ => registration.retry.at = BootTime::PAST,
        }
    }

    pub(super) fn registration_deadline(&self) -> BootTime {
        let at = self.registration.deadline();
        // Without a failure it is done at once, or waits for something that has its own deadline.
        if at == BootTime::PAST { BootTime::NEVER } else { at }
    }

    fn registered(&mut self) {
        let registration = &mut self.registration;
        if registration.stage == Stage::Registering {
            registration.stage = Stage::Registered;
            registration.retry = crate::retry::Retry::NONE;
            registration.reported = None;
            self.answer_registering(&Ok(()));
            if self.registration.requested {
                self.set_status(Status::Online);
            }
        }
    }

    fn not_registered(&mut self, error: RpcError, now: Now) {
        if self.registration.stage != Stage::Registering {
            return;
        }
        if let State::Live { way: Way::Resume, since } = self.state
            && error.is_credential_error()
            && BootTime::of(now).since(since) <= millis(self.settings.suspicion)
        {
            // The space resumed the session and does not take its credential.
            self.emit(Output::Close);
            return self.lost(
                "ended: the space refuses its credential".into(),
                Loss::Credential,
                now,
            );
        }
        self.registration.stage = Stage::Idle;
        self.answer_registering(&Err(error.clone()));
        if error.is_final() {
            // Not in this session. The next one may be another space's.
            self.registration.stage = Stage::Refused;
            self.registration.known_to_space = false;
            self.answer_unregistering(&Ok(()));
            if self.registration.is_news(&error) {
                self.report(SessionEvent::Failed(Problem::RegistrationRefused(error)));
            }
        } else {
            if self.registration.is_news(&error) {
                self.report(SessionEvent::Failed(Problem::RegistrationFailed(error)));
            }
            self.retry_registration(now);
        }
        // The caller that connects has a session; status and errors report the registration.
        self.first_session_stands();
    }

    fn unregistered(&mut self) {
        if self.registration.stage == Stage::Retracting {
            self.registration.stage = Stage::Idle;
            self.registration.known_to_space = false;
            self.registration.retry = crate::retry::Retry::NONE;
            self.registration.reported = None;
            self.answer_unregistering(&Ok(()));
            self.set_status(Status::Connected);
        }
    }

    fn not_unregistered(&mut self, error: RpcError, now: Now) {
        if self.registration.stage != Stage::Retracting {
            return;
        }
        self.registration.stage = Stage::Idle;
        self.answer_unregistering(&Err(error.clone()));
        if error.is_final() {
            self.registration.known_to_space = false;
        } else {
            if self.registration.is_news(&error) {
                self.report(SessionEvent::Failed(Problem::UnregistrationFailed(error)));
            }
            self.retry_registration(now);
        }
    }

    fn retry_registration(&mut self, now: Now) {
        let backoff = &self.settings.requests;
        let retry = &mut self.registration.retry;
        *retry = retry.failed(backoff, &mut self.jitter, BootTime::of(now));
    }

    /// The first connect is answered; later sessions only change the status.
    fn first_session_stands(&mut self) {
        if let Some(connecting) = self.connecting.take() {
            self.answer(connecting.reply, Answer::Started(Ok(())));
        }
    }

    fn answer_registering(&mut self, result: &Result<(), RpcError>) {
        for reply in std::mem::take(&mut self.registration.registering) {
            self.answer(reply, Answer::Done(result.clone()));
        }
    }

    fn answer_unregistering(&mut self, result: &Result<(), RpcError>) {
        for reply in std::mem::take(&mut self.registration.unregistering) {
            self.answer(reply, Answer::Done(result.clone()));
        }
    }

    pub(super) fn register(&mut self, reply: ReplyId) {
        if self.shutdown != Shutdown::None || self.state == State::Idle {
            self.registration.request(true);
            return self.answer(reply, Answer::Done(Err(RpcError::Disconnected)));
        }
        self.registration.request(true);
        if self.registration.stage != Stage::Retracting {
            // What was not begun is not done any more.
            self.answer_unregistering(&Err(RpcError::Aborted));
        }
        if self.registration.stage == Stage::Refused {
            // Another request is tried again at once.
            self.registration.stage = Stage::Idle;
        }
        if self.is_live() && self.registration.stage == Stage::Registered {
            self.answer(reply, Answer::Done(Ok(())));
        } else {
            self.registration.registering.push(reply);
        }
    }

    pub(super) fn unregister(&mut self, reply: ReplyId) {
        self.registration.request(false);
        self.answer_registering(&Err(RpcError::Aborted));
        let at_once = !self.registration.known_to_space || self.state == State::Idle;
        if at_once {
            self.answer(reply, Answer::Done(Ok(())));
        } else {
            // `subscriber.offline` is sent now, or in the next session.
            self.registration.unregistering.push(reply);
        }
    }

    pub(super) fn received(&mut self, boot: BootTime) {
        self.last_received = boot;
        self.pinged = false;
    }

    pub(super) fn silence_ends(&self) -> BootTime {
        let settings = &self.settings;
        self.last_received.after(if self.pinged { settings.ping_timeout } else { settings.idle })
    }

    /// The socket is gone.
    pub(super) fn closed(&mut self, code: Option<u16>, reason: String, now: Now) {
        let loss = match code {
            Some(code) if RESTARTS.contains(&code) => Loss::Restart,
            Some(code) if code == POLICY || PRIVATE.contains(&code) => Loss::Credential,
            _ => Loss::Plain,
        };
        self.lost(reason.into(), loss, now);
    }

    /// The space announced that it ends the session.
    pub(super) fn announced(&mut self, now: Now) {
        if self.is_live() {
            self.emit(Output::Close);
            self.lost("ended by the space".into(), Loss::Restart, now);
        }
    }

    /// Closes the socket and connects again.
    pub(super) fn drop_session(&mut self, reason: Cow<'static, str>, now: Now) {
        if self.is_live() {
            self.emit(Output::Close);
            self.lost(reason, Loss::Plain, now);
        }
    }

    /// Replaces a session that takes no new credential by one that begins with it.
    pub(super) fn renew_session(&mut self, now: Now) {
        if self.is_live() {
            self.emit(Output::Close);
            self.lost("replaced: its credential ends".into(), Loss::Plain, now);
            self.trust = Trust::Fresh;
        }
    }

    fn lost(&mut self, reason: Cow<'static, str>, loss: Loss, now: Now) {
        let boot = BootTime::of(now);
        let (way, since) = match self.state {
            State::Live { way, since } => (way, since),
            State::Opening { .. } | State::Authenticating { .. } => {
                let restarts = (loss == Loss::Restart).then_some(self.settings.restart_pause);
                if let Some(pause) = restarts {
                    self.pacing.at_least(&self.settings.reconnect, millis(pause));
                }
                // The space restarts now, however long the attempt has taken.
                return self.attempt_failed(Some(Problem::Lost(reason)), restarts, now);
            }
            _ => return,
        };
        // Before the scheduler forgets which credential was in force.
        let lasted = boot.since(since);
        let applied = self.scheduler.applied();
        let tolerance = millis(self.settings.expiry_tolerance);
        let to_expiry = applied.is_some_and(|it| self.scheduler.ends_within(&it, tolerance, now));
        let suspicious = loss == Loss::Credential && lasted <= millis(self.settings.suspicion);

        if self.connecting.is_some() {
            self.newest_problem = Some(Problem::Lost(reason.clone()));
        }
        self.report(SessionEvent::Dropped(reason));
        self.schedule(scheduler::SchedulerEvent::SessionDown, now);
        for call in self.requests.lose_sent() {
            self.answer(call, Answer::Called(Err(RpcError::ConnectionLost)));
        }
        if self.registration.requested {
            // A later request has revoked what was on its way, so no session will send it again.
            self.answer_unregistering(&Err(RpcError::ConnectionLost));
        }
        self.registration.stage = Stage::Idle;
        self.renewal = None;
        self.trust = match (suspicious, way) {
            (true, Way::Resume) => Trust::Fresh,
            (true, Way::Fresh) => Trust::Provider,
            (false, _) => Trust::Resume,
        };
        // W3: pauses start over after a session that lasted.
        let least = self.pacing.lasting(&self.settings.reconnect, millis(self.settings.lasting));
        let expected = to_expiry && lasted >= millis(self.settings.lasting_to_expiry);
        let lasting = lasted >= least || expected;
        if lasting {
            self.pacing.start_over();
        }
        if loss == Loss::Restart {
            self.pacing.at_least(&self.settings.reconnect, millis(self.settings.restart_pause));
        }
        // A lost network is not met by all clients in step; an attempt that failed has had its time.
        let from = if lasting || loss == Loss::Restart { boot } else { self.attempt.started };
        let until =
            self.pacing.failed(&self.settings.reconnect, &mut self.jitter, from, BootTime::of(now));
        self.set_status(Status::Reconnecting);
        self.wait_until(until, None, now);
    }

    /// Leaves the session by closing its socket; nothing is connected any more.
    pub(super) fn leave(&mut self) {
        if self.has_socket() || matches!(self.state, State::Identifying { .. }) {
            self.emit(Output::Close);
        }
        self.state = State::Idle;
        self.registration.stage = Stage::Idle;
        self.registration.known_to_space = false;
        self.renewal = None;
        for call in self.requests.lose_all() {
            self.answer(call, Answer::Called(Err(RpcError::Disconnected)));
        }
        self.answer_registering(&Err(RpcError::Disconnected));
        self.answer_unregistering(&Ok(()));
    }
}
