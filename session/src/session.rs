//! The session as a whole: one value that owns the credential scheduler, the connection, the
//! registration, the requests in flight, the tokens, what is to be stored, and the end.

mod application;
mod attempt;
mod credentials;
mod incoming;
mod live;
mod normal_form;
mod outgoing;
mod storing;
#[cfg(test)]
mod tests;

use std::{collections::VecDeque, sync::Arc, time::Duration};

use credwire_core::Now;

pub use normal_form::NormalForm;

use crate::{
    Status,
    boot_time::BootTime,
    calls::{Ids, Requests},
    input::{Input, ReplyId},
    output::{Answer, Discarded, Output, Problem, ResumeState, SavedSession, SessionEvent},
    pacing::Pacing,
    registration::Registration,
    retry::{Jitter, Retry},
    scheduler::{
        Abilities, CheckedPolicy, CredentialInfo, CredentialScheduler, CredentialStatus, Demand,
        Generation, OpId, RefreshError,
    },
    settings::Settings,
    tokens::Tokens,
};
use attempt::{Attempt, Way};
use credentials::{Arrived, Waiter};
use storing::Storing;

/// A session with a space. See the [crate](crate) for how to drive it.
///
/// `T` is the type of a token, and `R` the reason of a failure that its owner reports. Both are
/// stored, compared and returned, and never inspected.
#[derive(Clone, Debug)]
pub struct Session<T, R> {
    settings: Arc<Settings>,
    policy: CheckedPolicy,
    seed: u64,
    jitter: Jitter,
    scheduler: CredentialScheduler,
    tokens: Tokens<T>,
    /// The operation that was started last.
    acquiring: Option<OpId>,
    /// A credential that seems to have expired, until the space's time has been read.
    arrived: Option<Arrived<T>>,
    /// Whether the space is being asked for its time.
    reading_time: bool,

    shutdown: Shutdown,
    state: State,
    attempt: Attempt<R>,
    pacing: Pacing,
    /// The time before which the space refuses attempts (`Retry-After`).
    held: BootTime,
    trust: Trust,
    /// For the next resume.
    resume: Option<Arc<ResumeState>>,
    /// The name of the live session at the space.
    protocol: Option<Arc<str>>,
    /// `authorization.project_id` of the live session.
    project: Option<Arc<str>>,
    /// The credential whose claims were read.
    identified: Option<Generation>,
    /// Whether there was a session, and whether one was saved.
    was_up: bool,
    /// The first connect, until it is answered.
    connecting: Option<Connecting>,
    /// The newest reason why there is no session.
    newest_problem: Option<Problem<R>>,

    registration: Registration,
    ids: Ids,
    requests: Requests,
    /// When something last came in, and whether a ping was sent since.
    last_received: BootTime,
    pinged: bool,
    /// The newest failure of a reauthentication that was reported.
    reauth_reported: Option<crate::RpcError>,

    waiters: Vec<(ReplyId, Waiter)>,
    /// A session whose credential has ended, and nothing refreshes it, is to be replaced: the
    /// application asked for it.
    renewal: Option<Retry>,
    storing: Storing<R>,
    /// The session to store when the client closed.
    ended_with: Option<SavedSession<T>>,
    /// Who waits for the session to be left.
    leaving: Vec<ReplyId>,
    status: Status,
    outputs: VecDeque<Output<T, R>>,
}

/// Whether the client runs, and what it waits for if it does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Shutdown {
    /// The client runs.
    None,
    /// The client waits for a resume.
    Suspended,
    /// The client has closed the session and lets an operation finish until then.
    Draining { until: BootTime },
    /// The client has closed.
    Done,
}

/// Where the connection stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum State {
    /// Nothing is to be connected.
    Idle,
    /// The next attempt starts then.
    Waiting { until: BootTime },
    /// The space is asked for its time.
    ReadingTime { since: BootTime },
    /// A credential is awaited.
    Acquiring,
    /// The space is asked who the subscriber is.
    Identifying { used: CredentialInfo, since: BootTime },
    /// A socket is being opened.
    Opening { way: Way, used: CredentialInfo, since: BootTime },
    /// `signalwire.connect` is in flight; the requests time it out.
    Authenticating { way: Way, used: CredentialInfo },
    /// The session is authenticated.
    Live { way: Way, since: BootTime },
}

/// What the next attempt may be made with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Trust {
    /// The session may be resumed.
    Resume,
    /// The session was ended for its credential right after a resume: a fresh connect.
    Fresh,
    /// And again: a fresh connect with a credential of the provider.
    Provider,
}

/// The first connect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Connecting {
    reply: ReplyId,
    until: BootTime,
}

impl<T: Clone + PartialEq, R: Clone + PartialEq> Session<T, R> {
    /// Creates a session that has not started; [`Input::Start`] connects. `saved` is the stored
    /// session of an earlier client. `seed` decides jitter and request ids: use another one for
    /// each client.
    pub fn new(
        settings: Settings,
        policy: CheckedPolicy,
        abilities: Abilities,
        seed: u64,
        saved: Option<SavedSession<T>>,
        now: Now,
    ) -> Self {
        let mut session = Self {
            jitter: Jitter::new(seed),
            scheduler: CredentialScheduler::new(policy.clone(), abilities, seed),
            tokens: Tokens::new(),
            acquiring: None,
            arrived: None,
            reading_time: false,
            shutdown: Shutdown::None,
            state: State::Idle,
            attempt: Attempt::new(BootTime::PAST),
            pacing: Pacing::default(),
            held: BootTime::PAST,
            trust: Trust::Resume,
            resume: None,
            protocol: None,
            project: None,
            identified: None,
            was_up: false,
            connecting: None,
            newest_problem: None,
            registration: Registration::new(settings.register),
            ids: Ids::new(seed),
            requests: Requests::default(),
            last_received: BootTime::PAST,
            pinged: false,
            reauth_reported: None,
            waiters: Vec::new(),
            renewal: None,
            storing: Storing::new(),
            ended_with: None,
            leaving: Vec::new(),
            status: Status::Connecting,
            outputs: VecDeque::new(),
            settings: Arc::new(settings),
            policy,
            seed,
        };
        if let Some(saved) = saved {
            session.restore(saved, now);
        }
        session
    }

    /// Keeps what is stored, which belongs to another identity, until there is a session of this
    /// client.
    #[must_use]
    pub fn keeping_the_stored(mut self) -> Self {
        self.storing.hold(true);
        self
    }

    /// Handles an input. Every input is accepted in every state; one that does not fit changes
    /// nothing. The outputs that follow from it are [polled](Self::poll).
    pub fn handle(&mut self, input: Input<'_, T, R>, now: Now) {
        let boot = BootTime::of(now);
        match input {
            Input::Start(reply) => self.start(reply, now),
            Input::Acquired { id, credential } => self.acquired(id, credential, now),
            Input::NotAcquired { id, failure, is_final, reason } => {
                self.not_acquired(id, failure, is_final, reason, now);
            }
            Input::AcquirePanicked(id) => self.acquire_panicked(id, now),
            Input::ServerTime(time) => self.server_time(time, now),
            Input::ServerTimeRead => self.server_time_read(now),
            Input::Identified(profile) => self.identified(profile, now),
            Input::NotIdentified { refused, retry_after, reason } => {
                self.not_identified(refused, retry_after, reason, now);
            }
            Input::Opened => self.opened(now),
            Input::NotOpened { retry_after, reason } => self.not_opened(retry_after, reason, now),
            Input::Closed { code, reason } => self.closed(code, reason, now),
            Input::Frame(text) => {
                self.received(boot);
                self.read(text, now);
            }
            Input::Binary => {
                self.received(boot);
                self.report(SessionEvent::Discarded(Discarded::Binary));
            }
            Input::Control => self.received(boot),
            Input::Reply(number, reply) => {
                self.received(boot);
                if let Some(purpose) = self.requests.close(number) {
                    self.replied(purpose, reply, now);
                }
            }
            Input::State(state) => self.new_state(state),
            Input::Announced => self.announced(now),
            Input::Call { reply, method, params, timeout } => {
                self.call(reply, method, params, timeout, boot);
            }
            Input::Cancel(reply) => self.requests.cancel(reply),
            Input::Notify { reply, method, params } => self.notify(reply, method, params),
            Input::Register(reply) => self.register(reply),
            Input::Unregister(reply) => self.unregister(reply),
            Input::RefreshNow(reply) => self.refresh_now(reply, now),
            Input::Invalidate => self.invalidate(now),
            Input::SetCredential { reply, credential } => {
                self.set_credential(reply, credential, now);
            }
            Input::Suspend(reply) => {
                self.leaving.push(reply);
                self.suspend(now);
            }
            Input::Resume => self.resume(now),
            Input::Shutdown { patience, reply } => self.shut_down(patience, reply, now),
            Input::Reset { abilities, reply } => self.reset(abilities, reply, now),
            Input::CanRefresh(refresh) => {
                self.schedule(crate::scheduler::SchedulerEvent::CanRefresh(refresh), now);
            }
            Input::KeyLost => {
                self.schedule(crate::scheduler::SchedulerEvent::KeyLost, now);
                if self.shutdown != Shutdown::Done {
                    self.storing.changed();
                }
            }
            Input::Stored { id, result } => self.stored(id, result, boot),
            Input::Tick => self.schedule(crate::scheduler::SchedulerEvent::Tick, now),
        }
        self.advance(now);
    }

    /// Returns the next output; `None` when there is none.
    pub fn poll(&mut self) -> Option<Output<T, R>> {
        self.outputs.pop_front()
    }

    /// Returns when [`Input::Tick`] is due, in boot time. A time in the past means at once.
    pub fn deadline(&self) -> Option<Duration> {
        if self.shutdown == Shutdown::Done {
            return self.storing.write_deadline().boot();
        }
        let step = |since: BootTime| since.after(self.settings.step_timeout);
        let state = match self.state {
            State::Idle | State::Acquiring | State::Authenticating { .. } => BootTime::NEVER,
            State::Waiting { until } => until,
            State::ReadingTime { since }
            | State::Identifying { since, .. }
            | State::Opening { since, .. } => step(since),
            State::Live { .. } => self.silence_ends().min(self.registration_deadline()),
        };
        let draining = match self.shutdown {
            Shutdown::Draining { until } => until,
            _ => BootTime::NEVER,
        };
        // Once its time has come, the scheduler has the demand and its own deadline.
        let renewal = self.renewal.filter(|_| self.scheduler.demand().is_none());
        let renewal = renewal.map_or(BootTime::NEVER, |retry| retry.at);
        let connecting = self.connecting.map_or(BootTime::NEVER, |connecting| connecting.until);
        let others =
            [draining, renewal, connecting, self.requests.deadline(), self.storing.deadline()];
        let own = others.into_iter().fold(state, BootTime::min).boot();
        [own, self.scheduler.deadline()].into_iter().flatten().min()
    }

    /// Returns the status of the client.
    pub fn status(&self) -> Status {
        self.status
    }

    /// Returns the state of the credential.
    pub fn credential_status(&self, now: Now) -> CredentialStatus {
        self.scheduler.status(now)
    }

    /// Returns the token of the newest credential.
    pub fn newest_token(&self) -> Option<&T> {
        self.tokens.get(self.scheduler.newest()?.generation())
    }

    /// Returns whether the mandatory window of the newest credential is open, or it has expired.
    pub fn is_urgent(&self, now: Now) -> bool {
        let newest = self.scheduler.newest();
        newest.is_some_and(|newest| self.scheduler.in_mandatory_window(&newest, now))
    }

    /// Returns whether the client has closed and everything is stored.
    pub fn is_over(&self) -> bool {
        self.shutdown == Shutdown::Done && self.storing.is_idle()
    }

    fn has_socket(&self) -> bool {
        matches!(
            self.state,
            State::Opening { .. } | State::Authenticating { .. } | State::Live { .. }
        )
    }

    fn is_live(&self) -> bool {
        matches!(self.state, State::Live { .. })
    }

    fn emit(&mut self, output: Output<T, R>) {
        self.outputs.push_back(output);
    }

    fn report(&mut self, event: SessionEvent<R>) {
        self.outputs.push_back(Output::Event(event));
    }

    fn answer(&mut self, reply: ReplyId, answer: Answer<R>) {
        self.outputs.push_back(Output::Answer(reply, answer));
    }

    fn set_status(&mut self, status: Status) {
        if self.status != status {
            self.status = status;
            self.report(SessionEvent::Status(status));
        }
    }

    /// Does whatever is due, in the order in which one thing follows from another.
    fn advance(&mut self, now: Now) {
        let boot = BootTime::of(now);
        self.expire_requests(now);
        self.connect_deadline(now);
        self.advance_attempt(now);
        self.advance_live(now);
        self.demand_credential(now);
        self.answer_waiters();
        self.finish(now);
        self.store_when_due(now, boot);
        self.forget_tokens();
    }

    /// Passes the current demand for a credential to the scheduler.
    fn demand_credential(&mut self, now: Now) {
        let boot = BootTime::of(now);
        let demand = match self.state {
            State::Acquiring => Some(self.attempt.demand),
            State::Live { .. } => {
                self.renewal.filter(|renewal| renewal.at <= boot).map(|_| Demand::Provider)
            }
            _ => None,
        };
        if demand != self.scheduler.demand() {
            self.schedule(crate::scheduler::SchedulerEvent::Demand(demand), now);
        }
    }

    /// The first connect does not outlast its deadline.
    fn connect_deadline(&mut self, now: Now) {
        let Some(connecting) = self.connecting.filter(|it| it.until <= BootTime::of(now)) else {
            return;
        };
        if self.is_live() {
            self.connecting = None;
            self.answer(connecting.reply, Answer::Started(Ok(())));
        } else {
            let newest = self.newest_problem.take().map(Box::new);
            self.end_first_connect(Problem::Unreachable(newest), now);
        }
    }

    /// The first connect failed for good, and the client with it.
    fn end_first_connect(&mut self, problem: Problem<R>, now: Now) {
        if let Some(connecting) = self.connecting.take() {
            self.answer(connecting.reply, Answer::Started(Err(problem)));
            self.end(now);
        }
    }

    /// The client ends.
    fn end(&mut self, now: Now) {
        self.leave();
        self.ended_with = self.saved(now);
        self.shutdown = Shutdown::Done;
        self.schedule(crate::scheduler::SchedulerEvent::Destroy, now);
        for (reply, _) in std::mem::take(&mut self.waiters) {
            self.answer(reply, Answer::Refreshed(Err(RefreshError::Closed)));
        }
        if let Some(connecting) = self.connecting.take() {
            self.answer(connecting.reply, Answer::Started(Err(Problem::Closed)));
        }
        for reply in std::mem::take(&mut self.leaving) {
            self.answer(reply, Answer::Left);
        }
        self.set_status(Status::Closed);
        self.emit(Output::Ended);
    }

    /// Ends a client that has left its session, once nothing is in flight.
    fn finish(&mut self, now: Now) {
        if let Shutdown::Draining { until } = self.shutdown
            && (self.scheduler.operation().is_none() || until <= BootTime::of(now))
        {
            self.end(now);
        }
    }

    /// Drops the tokens that are not needed any more.
    fn forget_tokens(&mut self) {
        let used = match self.state {
            State::Identifying { used, .. }
            | State::Opening { used, .. }
            | State::Authenticating { used, .. } => Some(used),
            _ => None,
        };
        let needed = [self.scheduler.newest(), self.scheduler.applied(), used];
        self.tokens.keep(|generation| {
            needed.iter().flatten().any(|credential| credential.generation() == generation)
        });
    }
}
