//! Operations and their tokens: the operations that the scheduler starts, and their results.

use credwire_core::{EpochMillis, Now};

use super::{Session, Shutdown, State};
use crate::{
    boot_time::BootTime,
    calls::Purpose,
    expiry::ExpiryError,
    input::{Acquired, ReplyId},
    output::{Answer, Frame, Output, Problem, SavedSession, SessionEvent, Step},
    retry::Retry,
    scheduler::{
        self, AbortCause, Action, CredentialKind, Failure, Generation, OpId, OpKind, OutcomeResult,
        RefreshError, TokenInfo, Warning,
    },
};

/// A credential that waits for the space's time.
#[derive(Clone, Debug)]
pub(super) struct Arrived<T> {
    pub(super) id: OpId,
    credential: Acquired<T>,
}

/// What a caller waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Waiter {
    /// Any new credential; a failed refresh is an answer too.
    Refresh,
    /// A credential of the provider: nothing else is an answer (W5).
    Provider,
}

impl<T: Clone + PartialEq, R: Clone + PartialEq> Session<T, R> {
    /// Takes over the session of an earlier client.
    pub(super) fn restore(&mut self, saved: SavedSession<T>, now: Now) {
        let SavedSession { credential, resume, newer } = saved;
        let in_force = resume.is_some();
        self.resume = resume;
        let all = [Some((credential, in_force)), newer.map(|newer| (newer, false))];
        for (credential, in_force) in all.into_iter().flatten() {
            let saved = scheduler::Saved { kind: credential.kind, expiry: credential.expiry };
            let event = scheduler::SchedulerEvent::Restore { saved, in_force };
            self.schedule_with(event, Some((credential.token, None)), now);
        }
    }

    /// Passes an event to the scheduler and carries out its actions.
    pub(super) fn schedule(&mut self, event: scheduler::SchedulerEvent, now: Now) {
        self.schedule_with(event, None, now);
    }

    /// The same with the token that the event is about, and the operation that returned it.
    fn schedule_with(
        &mut self,
        event: scheduler::SchedulerEvent,
        mut token: Option<(T, Option<OpKind>)>,
        now: Now,
    ) {
        for action in self.scheduler.on(event, now) {
            match action {
                Action::Start { id, kind } => self.acquire_now(id, kind),
                Action::Abort { id, kind, cause } => self.aborted(id, kind, cause, now),
                Action::Ended { kind, result } => self.operation_ended(kind, result, now),
                Action::Reauthenticate { id, generation } => {
                    self.reauthenticate(id, generation, now);
                }
                Action::Commit { generation, kind } => {
                    if let Some((token, origin)) = token.take() {
                        self.tokens.insert(generation, token, origin);
                        self.committed(kind, origin, now);
                    }
                }
                Action::Revert { applied, generation } => {
                    self.tokens.copy(applied, generation);
                    self.storing.changed();
                }
                Action::Applied { .. } => self.storing.changed(),
                Action::Reconnect => {
                    self.drop_session("replaced: the space did not answer".into(), now);
                }
                Action::Renew => self.renew_session(now),
                Action::Suspend => self.suspend(now),
                Action::Warn(warning) => self.warned(warning),
            }
        }
    }

    fn acquire_now(&mut self, id: OpId, kind: OpKind) {
        if self.operation_kind(id).is_none() {
            // An action before this one ended it, and perhaps the client.
            return;
        }
        self.acquiring = Some(id);
        let token = match kind {
            OpKind::Authenticate => None,
            OpKind::Activate | OpKind::Refresh | OpKind::Rotate => self.newest_token().cloned(),
        };
        self.emit(Output::Acquire { id, kind, token });
    }

    fn aborted(&mut self, id: OpId, kind: OpKind, cause: AbortCause, now: Now) {
        if self.acquiring.take_if(|acquiring| *acquiring == id).is_none() {
            // Its start is not carried out yet, and will not be.
            return;
        }
        self.arrived = self.arrived.take().filter(|arrived| arrived.id != id);
        if self.withdraw(id) {
            return;
        }
        self.emit(Output::Abort(id));
        match cause {
            AbortCause::TimedOut => self.not_refreshed(kind, Problem::TimedOut(kind), now),
            AbortCause::Closed => self.not_refreshed(kind, Problem::Abandoned(kind), now),
            AbortCause::Replaced => {}
        }
    }

    /// Takes back the start of an operation that the driver has not polled. An event that starts an
    /// operation and ends the client asks nothing of the provider.
    fn withdraw(&mut self, id: OpId) -> bool {
        let is_start = |output: &Output<T, R>| matches!(output, Output::Acquire { id: started, .. } if *started == id);
        let position = self.outputs.iter().position(is_start);
        position.and_then(|position| self.outputs.remove(position)).is_some()
    }

    /// Reports why an operation returned nothing.
    fn not_refreshed(&mut self, kind: OpKind, problem: Problem<R>, now: Now) {
        if kind == OpKind::Authenticate {
            self.newest_problem = Some(problem.clone());
            self.report(SessionEvent::Failed(problem));
        } else {
            let urgent = self.is_urgent(now);
            self.report(SessionEvent::NotRefreshed { problem, urgent });
        }
    }

    fn warned(&mut self, warning: Warning) {
        let problem = match warning {
            Warning::ExpiredOnArrival => Some(Problem::ExpiredOnArrival),
            Warning::SameToken => Some(Problem::SameToken),
            _ => None,
        };
        if problem.is_some() {
            self.newest_problem = problem;
        }
        self.report(SessionEvent::Warned(warning));
    }

    pub(super) fn acquired(&mut self, id: OpId, credential: Acquired<T>, now: Now) {
        if self.operation_kind(id).is_none() {
            return;
        }
        let ended = self.scheduler.would_have_ended(&self.token_info(&credential), now);
        if ended && !self.scheduler.knows_server_time() && self.arrived.is_none() {
            // It is a stale one, or our clock is wrong. The space is asked for the time, without
            // being shown the credential.
            if !self.reading_time {
                self.reading_time = true;
                self.emit(Output::ReadServerTime(credential.token.clone()));
            }
            self.arrived = Some(Arrived { id, credential });
            return;
        }
        self.take(id, credential, now);
    }

    fn operation_kind(&self, id: OpId) -> Option<OpKind> {
        let (current, kind) = self.scheduler.operation()?;
        (current == id).then_some(kind)
    }

    fn token_info(&self, credential: &Acquired<T>) -> TokenInfo {
        TokenInfo {
            expiry: credential.expiry,
            lifetime: credential.lifetime,
            assumed: credential.assumed,
            same_token: self.newest_token() == Some(&credential.token),
        }
    }

    fn take(&mut self, id: OpId, credential: Acquired<T>, now: Now) {
        let info = self.token_info(&credential);
        let origin = self.operation_kind(id);
        let event = scheduler::SchedulerEvent::OpOk { id, info };
        self.schedule_with(event, Some((credential.token, origin)), now);
    }

    pub(super) fn not_acquired(
        &mut self,
        id: OpId,
        failure: Failure,
        is_final: bool,
        reason: R,
        now: Now,
    ) {
        let Some(kind) = self.operation_kind(id) else { return };
        let problem = Problem::Reason(reason);
        if kind == OpKind::Authenticate && (is_final || failure == Failure::Permanent) {
            self.attempt.final_problem = Some(problem.clone());
        }
        self.not_refreshed(kind, problem, now);
        self.schedule(scheduler::SchedulerEvent::OpErr { id, failure }, now);
    }

    pub(super) fn acquire_panicked(&mut self, id: OpId, now: Now) {
        let Some(kind) = self.operation_kind(id) else { return };
        self.not_refreshed(kind, Problem::Panicked(kind), now);
        self.schedule(scheduler::SchedulerEvent::OpPanic { id }, now);
    }

    pub(super) fn server_time(&mut self, time: Option<EpochMillis>, now: Now) {
        self.schedule(scheduler::SchedulerEvent::ServerTime(time), now);
    }

    pub(super) fn server_time_read(&mut self, now: Now) {
        if !std::mem::take(&mut self.reading_time) {
            return;
        }
        if let Some(Arrived { id, credential }) = self.arrived.take() {
            if self.scheduler.knows_server_time() {
                self.take(id, credential, now);
            } else if let Some(kind) = self.operation_kind(id) {
                self.not_refreshed(kind, Problem::TimeUnknown, now);
                let failure = Failure::TRANSIENT;
                self.schedule(scheduler::SchedulerEvent::OpErr { id, failure }, now);
            }
        }
        self.attempt_has_time(now);
    }

    fn committed(&mut self, kind: CredentialKind, origin: Option<OpKind>, now: Now) {
        if origin == Some(OpKind::Authenticate) {
            self.report(SessionEvent::Authenticated);
        }
        let expiry = self.scheduler.status(now).expiry;
        self.report(SessionEvent::Credential { kind, origin, expiry });
        self.storing.changed();
        let from_provider = origin == Some(OpKind::Authenticate);
        self.answer_waiting(|waiter| {
            // A credential of the application stands in for one of the provider.
            let is_answered = waiter == Waiter::Refresh || from_provider || origin.is_none();
            is_answered.then_some(Ok(()))
        });
        if kind == CredentialKind::Unbound {
            if from_provider && self.renewal.take().is_some() && self.is_live() {
                return self.renew_session(now);
            }
            self.credential_came(origin, now);
        }
    }

    /// An operation ended, with or without a credential.
    fn operation_ended(&mut self, kind: OpKind, result: OutcomeResult, now: Now) {
        self.report(SessionEvent::OperationEnded { kind, result });
        if result == OutcomeResult::Committed {
            return;
        }
        let asked = match kind {
            OpKind::Authenticate => Some(Waiter::Provider),
            OpKind::Refresh | OpKind::Rotate => Some(Waiter::Refresh),
            OpKind::Activate => None,
        };
        self.answer_waiting(|waiter| (Some(waiter) == asked).then(|| Err(refresh_error(result))));
        if kind == OpKind::Authenticate {
            if let Some(renewal) = self.renewal {
                let backoff = &self.settings.requests;
                let next = renewal.failed(backoff, &mut self.jitter, BootTime::of(now));
                // A credential that lives by now needs none.
                self.renewal = self.has_no_living_credential(now).then_some(next);
            }
            self.provider_failed(now);
        }
    }

    fn reauthenticate(&mut self, id: scheduler::ReauthId, generation: Generation, now: Now) {
        // An action before this one may have ended the session.
        if !self.is_live() || self.scheduler.reauthentication() != Some((id, generation)) {
            return;
        }
        let (Some(token), Some(project)) =
            (self.tokens.get(generation).cloned(), self.project.clone())
        else {
            return;
        };
        let number = self.ids.next();
        let until = BootTime::of(now).after(self.settings.call_timeout);
        self.requests.sent(number, Purpose::Reauthenticate { id, generation }, until);
        self.emit(Output::SendFrame(Frame::Reauthenticate { id: number, token, project }));
    }

    /// The expiry that the space sent for a credential.
    pub(super) fn learn_expiry(
        &mut self,
        generation: Generation,
        step: Step,
        expiry: Result<Option<EpochMillis>, ExpiryError>,
        now: Now,
    ) {
        match expiry {
            Ok(Some(expiry)) => {
                self.schedule(scheduler::SchedulerEvent::ExpiryKnown { generation, expiry }, now);
            }
            Ok(None) => {}
            Err(why) => self.report(SessionEvent::Failed(Problem::UnreadableExpiry(step, why))),
        }
    }

    pub(super) fn refresh_now(&mut self, reply: ReplyId, now: Now) {
        match self.shutdown {
            Shutdown::None => {}
            Shutdown::Suspended if self.scheduler.operation().is_none() => {
                return self.answer(reply, Answer::Refreshed(Err(RefreshError::Suspended)));
            }
            Shutdown::Suspended => {}
            Shutdown::Draining { .. } | Shutdown::Done => {
                return self.answer(reply, Answer::Refreshed(Err(RefreshError::Closed)));
            }
        }
        // Before the event goes to the scheduler, whose answer may come at once.
        self.waiters.push((reply, Waiter::Refresh));
        self.schedule(scheduler::SchedulerEvent::RefreshNow, now);
        if !self.scheduler.refresh_is_coming() && self.has_no_living_credential(now) {
            self.renew(now);
            for (_, waiter) in self.waiters.iter_mut().filter(|(waiting, _)| *waiting == reply) {
                *waiter = Waiter::Provider;
            }
        }
    }

    fn has_no_living_credential(&self, now: Now) -> bool {
        let newest = self.scheduler.newest();
        newest.is_none_or(|newest| self.scheduler.has_ended(&newest, now))
    }

    /// The application requests a session with a valid credential.
    fn renew(&mut self, now: Now) {
        if self.is_live() && self.renewal.is_none() {
            self.renewal = Some(Retry::NONE);
        }
        self.demand_credential(now);
    }

    /// A session whose credential has ended with nothing to refresh it is replaced.
    pub(super) fn renew_if_ended(&mut self, now: Now) {
        let refreshes = self.scheduler.refresh_is_coming()
            || self.scheduler.status(now).mechanism != credwire_generated::RefreshMechanism::None;
        if !refreshes && self.has_no_living_credential(now) {
            self.renew(now);
        }
    }

    pub(super) fn invalidate(&mut self, now: Now) {
        if let Some(newest) = self.scheduler.newest() {
            let generation = newest.generation();
            self.schedule(scheduler::SchedulerEvent::Invalidate { generation }, now);
            self.renew_if_ended(now);
        }
    }

    pub(super) fn set_credential(&mut self, reply: ReplyId, credential: Acquired<T>, now: Now) {
        let info = self.token_info(&credential);
        let result = match self.shutdown {
            Shutdown::Draining { .. } | Shutdown::Done => Err(RefreshError::Closed),
            _ if self.scheduler.would_have_ended(&info, now) => Err(RefreshError::Unusable),
            _ => Ok(()),
        };
        if result.is_ok() {
            let event = scheduler::SchedulerEvent::SetCredential(info);
            self.schedule_with(event, Some((credential.token, None)), now);
        }
        self.answer(reply, Answer::Refreshed(result));
    }

    /// Answers those for whom nothing is in flight and nothing will start, as after a suspend.
    pub(super) fn answer_waiters(&mut self) {
        if self.waiters.is_empty() || self.scheduler.operation().is_some() {
            return;
        }
        let suspended = self.shutdown == Shutdown::Suspended;
        let coming = self.scheduler.refresh_is_coming() && !suspended;
        let connects = !suspended && self.state != State::Idle;
        let error = if suspended { RefreshError::Suspended } else { RefreshError::NoMechanism };
        self.answer_waiting(|waiter| {
            let comes = match waiter {
                Waiter::Refresh => coming,
                Waiter::Provider => connects,
            };
            (!comes).then_some(Err(error))
        });
    }

    /// Answers those who wait for a credential and for whom there is an answer.
    fn answer_waiting(&mut self, answer: impl Fn(Waiter) -> Option<Result<(), RefreshError>>) {
        let Self { waiters, outputs, .. } = self;
        waiters.retain(|&(reply, waiter)| match answer(waiter) {
            Some(result) => {
                outputs.push_back(Output::Answer(reply, Answer::Refreshed(result)));
                false
            }
            None => true,
        });
    }
}

const fn refresh_error(result: OutcomeResult) -> RefreshError {
    match result {
        OutcomeResult::Permanent => RefreshError::Permanent,
        OutcomeResult::TimedOut => RefreshError::TimedOut,
        OutcomeResult::Unusable => RefreshError::Unusable,
        OutcomeResult::Committed | OutcomeResult::Transient | OutcomeResult::Panicked => {
            RefreshError::Transient
        }
    }
}
