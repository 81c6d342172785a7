//! Attempts to connect: with which credential, in which way, and when the next one comes.

use std::time::Duration;

use credwire_core::Now;

use super::{Connecting, Session, Shutdown, State, Trust};
use crate::{
    RpcError, Status,
    boot_time::{BootTime, millis},
    calls::Purpose,
    input::{Profile, ReplyId},
    output::{Answer, Frame, Output, Problem, SessionEvent, Step},
    scheduler::{self, CredentialInfo, CredentialKind, Demand, OpKind},
};

/// How a session is requested.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Way {
    /// With the stored state and the credential in force.
    Resume,
    /// With a credential alone.
    Fresh,
}

/// One attempt.
#[derive(Clone, Debug)]
pub(super) struct Attempt<R> {
    pub(super) started: BootTime,
    /// What it waits for while it acquires a credential.
    pub(super) demand: Demand,
    /// The provider was called and returned nothing.
    provider_asked: bool,
    /// The provider returned a credential: there is none newer.
    provider_answered: bool,
    /// The reason for which the provider returned nothing, if no later answer will differ.
    pub(super) final_problem: Option<Problem<R>>,
}

impl<R> Attempt<R> {
    pub(super) const fn new(started: BootTime) -> Self {
        Self {
            started,
            demand: Demand::Fresh,
            provider_asked: false,
            provider_answered: false,
            final_problem: None,
        }
    }

    /// What decides about its course.
    pub(super) const fn course(&self) -> (Demand, bool, bool, bool) {
        (self.demand, self.provider_asked, self.provider_answered, self.final_problem.is_some())
    }
}

/// Whether a credential may be presented (W2).
enum Presentable {
    Yes,
    /// It has ended.
    No,
    /// By our clock it has ended, and the space's time has not been read.
    Unclear,
}

impl<T: Clone + PartialEq, R: Clone + PartialEq> Session<T, R> {
    pub(super) fn start(&mut self, reply: ReplyId, now: Now) {
        if self.shutdown != Shutdown::None || self.state != State::Idle {
            return self.answer(reply, Answer::Started(Err(Problem::Closed)));
        }
        let until = BootTime::of(now).after(self.settings.connect_deadline);
        self.connecting = Some(Connecting { reply, until });
        self.begin_attempt(now);
    }

    pub(super) fn begin_attempt(&mut self, now: Now) {
        self.attempt = Attempt::new(BootTime::of(now));
        self.choose(now);
    }

    /// Chooses the way of the attempt under way, and takes its next step.
    fn choose(&mut self, now: Now) {
        let saved_first =
            !self.settings.prefer_provider || self.was_up || self.attempt.provider_asked;
        if self.trust == Trust::Resume && saved_first && self.resume.is_some() {
            match self.scheduler.applied() {
                None => self.detach(now),
                Some(applied) => match self.presentable(&applied, now) {
                    Presentable::Yes => return self.open(Way::Resume, applied, now),
                    Presentable::Unclear => return self.read_time(&applied, now),
                    Presentable::No => self.detach(now),
                },
            }
        }
        let Some(newest) = self.scheduler.newest() else {
            return self.acquire(Demand::Provider, now);
        };
        let unbound = newest.kind() == CredentialKind::Unbound;
        // What the provider did not replace is used as long as it lives, a device token included.
        let fresh = self.attempt.provider_asked || self.attempt.provider_answered;
        if fresh || unbound && saved_first && self.trust != Trust::Provider {
            match self.presentable(&newest, now) {
                Presentable::Unclear => return self.read_time(&newest, now),
                Presentable::Yes if fresh || !self.scheduler.in_mandatory_window(&newest, now) => {
                    return self.identify(newest, now);
                }
                Presentable::Yes | Presentable::No => {}
            }
        }
        let provider = !unbound || self.trust == Trust::Provider || !saved_first;
        self.acquire(if provider { Demand::Provider } else { Demand::Fresh }, now);
    }

    fn presentable(&self, credential: &CredentialInfo, now: Now) -> Presentable {
        if self.scheduler.is_presentable(credential, now) {
            Presentable::Yes
        } else if self.scheduler.knows_server_time() || credential.is_declared_ended() {
            Presentable::No
        } else {
            Presentable::Unclear
        }
    }

    /// The space's time is asked for, for it decides whether a credential has ended.
    fn read_time(&mut self, credential: &CredentialInfo, now: Now) {
        let Some(token) = self.tokens.get(credential.generation()).cloned() else {
            return self.attempt_failed(Some(Problem::TimeUnknown), None, now);
        };
        self.state = State::ReadingTime { since: BootTime::of(now) };
        if !self.reading_time {
            self.reading_time = true;
            self.emit(Output::ReadServerTime(token));
        }
    }

    /// The attempt's part in the answer.
    pub(super) fn attempt_has_time(&mut self, now: Now) {
        if let State::ReadingTime { .. } = self.state {
            if self.scheduler.knows_server_time() {
                self.choose(now);
            } else {
                self.attempt_failed(Some(Problem::TimeUnknown), None, now);
            }
        }
    }

    /// Waits for a credential; [`credential_came`](Self::credential_came) and
    /// [`provider_failed`](Self::provider_failed) go on.
    fn acquire(&mut self, demand: Demand, now: Now) {
        if self.attempt.provider_asked || self.attempt.provider_answered {
            return self.nothing_to_connect_with(now);
        }
        if self.scheduler.held_for(OpKind::Authenticate, now).is_some() {
            // A `Retry-After` of the provider holds, which is a failure for now.
            self.attempt.provider_asked = true;
            return self.choose(now);
        }
        self.attempt.demand = demand;
        self.state = State::Acquiring;
    }

    fn nothing_to_connect_with(&mut self, now: Now) {
        match self.attempt.final_problem.take() {
            Some(problem) if self.connecting.is_some() && !self.was_up => {
                self.end_first_connect(problem, now);
            }
            _ => {
                let held = self.scheduler.held_for(OpKind::Authenticate, now);
                self.attempt_failed(None, held, now);
            }
        }
    }

    /// An unbound credential was committed.
    pub(super) fn credential_came(&mut self, origin: Option<OpKind>, now: Now) {
        let from_provider = matches!(origin, Some(OpKind::Authenticate) | None);
        if from_provider && self.trust == Trust::Provider {
            self.trust = Trust::Fresh;
        }
        if self.state == State::Acquiring && (from_provider || self.attempt.demand == Demand::Fresh)
        {
            self.attempt.provider_answered = true;
            if from_provider && self.trust == Trust::Resume && self.settings.prefer_provider {
                // The saved session is not resumed.
                self.trust = Trust::Fresh;
            }
            self.choose(now);
        } else if let State::Waiting { .. } = self.state {
            // It may be what the pause was for, as after a `Retry-After` of the provider.
            self.begin_attempt_in_turn(now);
        }
    }

    /// The provider's `authenticate()` returned nothing.
    pub(super) fn provider_failed(&mut self, now: Now) {
        if self.state == State::Acquiring {
            self.attempt.provider_asked = true;
            self.choose(now);
        }
    }

    /// Asks who the subscriber is, unless it was asked for this credential already.
    fn identify(&mut self, newest: CredentialInfo, now: Now) {
        if self.identified == Some(newest.generation()) {
            return self.open(Way::Fresh, newest, now);
        }
        let Some(token) = self.tokens.get(newest.generation()).cloned() else {
            return self.attempt_failed(None, None, now);
        };
        self.state = State::Identifying { used: newest, since: BootTime::of(now) };
        self.emit(Output::Identify(token));
    }

    pub(super) fn identified(&mut self, profile: Profile, now: Now) {
        let State::Identifying { used, .. } = self.state else { return };
        let generation = used.generation();
        self.identified = Some(generation);
        self.learn_expiry(generation, Step::Identify, profile.expiry, now);
        // Without claims the scope is in the answer to the connect.
        if let Some(sat_refresh) = profile.sat_refresh {
            self.schedule(scheduler::SchedulerEvent::ScopeKnown { generation, sat_refresh }, now);
        }
        self.open(Way::Fresh, self.current(used), now);
    }

    pub(super) fn not_identified(
        &mut self,
        refused: bool,
        retry_after: Option<Duration>,
        reason: R,
        now: Now,
    ) {
        let State::Identifying { used, .. } = self.state else { return };
        let problem = Problem::Reason(reason);
        if refused {
            self.refused(used, problem, now);
        } else {
            self.hold(retry_after, now);
            self.attempt_failed(Some(problem), None, now);
        }
    }

    pub(super) fn not_opened(&mut self, retry_after: Option<Duration>, reason: R, now: Now) {
        if let State::Opening { .. } = self.state {
            self.hold(retry_after, now);
            self.attempt_failed(Some(Problem::Reason(reason)), None, now);
        }
    }

    /// Notes a `Retry-After` of the space: whatever begins an attempt waits for it.
    fn hold(&mut self, retry_after: Option<Duration>, now: Now) {
        let asked = retry_after.unwrap_or_default().min(self.settings.retry_after_max);
        self.held = self.held.max(BootTime::of(now).after(asked));
    }

    /// The space refuses to begin a session with a credential.
    fn refused(&mut self, used: CredentialInfo, problem: Problem<R>, now: Now) {
        let generation = used.generation();
        let own = self.tokens.origin(generation) == Some(OpKind::Authenticate);
        self.schedule(scheduler::SchedulerEvent::Refused { generation }, now);
        self.storing.changed();
        if own && self.connecting.is_some() && !self.was_up {
            self.emit(Output::Close);
            self.report(SessionEvent::Failed(problem.clone()));
            return self.end_first_connect(problem, now);
        }
        self.attempt_failed(Some(problem), None, now);
    }

    /// The credential in its newest state at the scheduler.
    fn current(&self, used: CredentialInfo) -> CredentialInfo {
        let newer = [self.scheduler.newest(), self.scheduler.applied()].into_iter().flatten();
        newer.into_iter().find(|it| it.generation() == used.generation()).unwrap_or(used)
    }

    fn open(&mut self, way: Way, used: CredentialInfo, now: Now) {
        let Some(token) = self.tokens.get(used.generation()).cloned() else {
            return self.attempt_failed(None, None, now);
        };
        self.state = State::Opening { way, used, since: BootTime::of(now) };
        self.emit(Output::Open(token));
    }

    pub(super) fn opened(&mut self, now: Now) {
        let State::Opening { way, used, .. } = self.state else { return };
        let used = self.current(used);
        let token = self.tokens.get(used.generation()).cloned();
        let lives = self.scheduler.is_presentable(&used, now);
        let (Some(token), true) = (token, lives) else {
            // It ended on the way: the next attempt is made with another.
            return self.attempt_failed(None, None, now);
        };
        let resume = self.resume.clone().filter(|_| way == Way::Resume);
        // A fresh connect always carries a proof, so that the session can be bound to the key; a
        // resume does when it is.
        let proof = way == Way::Fresh || used.kind() == CredentialKind::Bound;
        self.state = State::Authenticating { way, used };
        let id = self.ids.next();
        let boot = BootTime::of(now);
        self.requests.sent(id, Purpose::Connect, boot.after(self.settings.authenticate_timeout));
        self.received(boot);
        self.emit(Output::SendFrame(Frame::Connect { id, token, proof, resume }));
    }

    /// A failed `signalwire.connect`.
    pub(super) fn not_connected(&mut self, error: RpcError, now: Now) {
        let State::Authenticating { way, used } = self.state else { return };
        if !error.is_refusal() {
            self.attempt_failed(Some(Problem::ConnectFailed(error)), None, now);
        } else if way == Way::Resume {
            self.detach(now);
            self.attempt_failed(Some(Problem::ResumeRefused(error)), None, now);
        } else {
            self.refused(used, Problem::ConnectRefused(error), now);
        }
    }

    /// The stored state cannot be resumed any more.
    pub(super) fn detach(&mut self, now: Now) {
        self.resume = None;
        self.protocol = None;
        self.schedule(scheduler::SchedulerEvent::Detached, now);
        self.storing.changed();
    }

    /// The attempt ended without a session: the next one comes after a pause that counts from its
    /// start, and not before `provider_held`, the `Retry-After` of the provider.
    pub(super) fn attempt_failed(
        &mut self,
        problem: Option<Problem<R>>,
        provider_held: Option<Duration>,
        now: Now,
    ) {
        if self.has_socket() || matches!(self.state, State::Identifying { .. }) {
            self.emit(Output::Close);
        }
        if let Some(number) = self.requests.number_of(|purpose| purpose == Purpose::Connect) {
            self.requests.close(number);
        }
        if let Some(problem) = problem {
            self.newest_problem = Some(problem.clone());
            self.report(SessionEvent::Failed(problem));
        }
        let from = self.attempt.started;
        let until =
            self.pacing.failed(&self.settings.reconnect, &mut self.jitter, from, BootTime::of(now));
        self.wait_until(until, provider_held, now);
    }

    pub(super) fn wait_until(
        &mut self,
        until: BootTime,
        provider_held: Option<Duration>,
        now: Now,
    ) {
        let boot = BootTime::of(now);
        let held = boot.after(provider_held.unwrap_or_default()).max(self.held);
        let until = until.max(held);
        self.state = State::Waiting { until };
        let pause = u64::try_from(until.since(boot)).unwrap_or(0);
        self.report(SessionEvent::Waiting(Duration::from_millis(pause)));
        if self.shutdown == Shutdown::None && self.connecting.is_none() {
            self.set_status(Status::Reconnecting);
        }
    }

    /// Starts the next attempt, and ends steps that have no answer.
    pub(super) fn advance_attempt(&mut self, now: Now) {
        let boot = BootTime::of(now);
        let timeout = millis(self.settings.step_timeout);
        let over = |since: BootTime| since.plus(timeout) <= boot;
        let step = match self.state {
            State::Waiting { until } if until <= boot => return self.begin_attempt(now),
            State::ReadingTime { since } if over(since) => {
                self.reading_time = false;
                Step::ServerTime
            }
            State::Identifying { since, .. } if over(since) => Step::Identify,
            State::Opening { since, .. } if over(since) => Step::Open,
            _ => return,
        };
        self.attempt_failed(Some(Problem::NoAnswer(step)), None, now);
    }
}
