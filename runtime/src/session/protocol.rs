//! The state machine of a session.

use std::time::Duration;

use uuid::Uuid;

use super::{
    Action, CallId, Event, RpcError, Settings, Stored,
    backoff::Backoff,
    calls::{Calls, Purpose},
    frame,
    registration::Registration,
};
use crate::{Now, RawJson, RpcFrame, RpcMethod, Secret, SignalwireConnectResult};

/// Where a session stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Link {
    /// Disconnected by wish, or given up.
    Idle,
    /// Between two attempts.
    Pausing { until: Duration, renew: bool },
    /// The shell looks for a credential; its operations have timeouts of their own.
    Preparing { resume: bool },
    /// The shell opens a socket, which has a timeout of its own.
    Opening { resume: bool },
    /// `signalwire.connect` is on its way; [`Calls`] watches over it.
    Authenticating { resume: bool },
    /// The session is authenticated.
    Live { registration: Registration },
}

/// The session protocol. See the [module](super).
pub(crate) struct Protocol {
    settings: Settings,
    pub(super) random: fastrand::Rng,
    pub(super) link: Link,
    pub(super) calls: Calls,
    pub(super) backoff: Backoff,
    /// For the next resume; each is useless without the other.
    pub(super) authorization_state: Option<Secret<String>>,
    pub(super) protocol: Option<String>,
    /// When the first connect fails for good; `None` once a session was up.
    pub(super) give_up: Option<Duration>,
    pub(super) was_live: bool,
    /// The first credential was stored by an earlier client.
    pub(super) restored: bool,
    /// Fresh connects refused in a row.
    pub(super) refusals: u32,
    /// The subscriber is to be registered.
    pub(super) registers: bool,
    /// The space may hold the subscriber of this session for registered.
    pub(super) known_online: bool,
    /// When something last came in, and whether a ping was sent since.
    heard: Duration,
    pinged: bool,
    pub(super) actions: Vec<Action>,
}

impl Protocol {
    /// `random` makes request ids and jitter; seed it well.
    pub(crate) fn new(settings: Settings, random: fastrand::Rng) -> Self {
        Self {
            link: Link::Idle,
            calls: Calls::new(settings.queue),
            backoff: Backoff::new(settings.reconnect.0, settings.reconnect.1),
            authorization_state: None,
            protocol: None,
            give_up: None,
            was_live: false,
            restored: false,
            refusals: 0,
            registers: settings.register,
            known_online: false,
            heard: Duration::ZERO,
            pinged: false,
            actions: Vec::new(),
            settings,
            random,
        }
    }

    /// What the next resume sends.
    pub(crate) fn stored(&self) -> Option<Stored> {
        let authorization_state = self.authorization_state.clone()?;
        Some(Stored { authorization_state, protocol: self.protocol.clone()? })
    }

    /// Whether there is an authenticated session.
    pub(crate) fn is_live(&self) -> bool {
        matches!(self.link, Link::Live { .. })
    }

    /// Goes on with a credential that an earlier client stored, and with its session if there is
    /// one.
    pub(crate) fn restore(&mut self, session: Option<Stored>) {
        self.restored = true;
        if let Some(Stored { authorization_state, protocol }) = session {
            self.authorization_state = Some(authorization_state);
            self.protocol = Some(protocol);
        }
    }

    /// Forgets the session that was left: the next one is a first one.
    pub(crate) fn forget(&mut self) {
        self.forget_state();
        self.restored = false;
        self.was_live = false;
    }

    /// When [`Event::Tick`] is due, in monotonic time.
    pub(crate) fn deadline(&self) -> Option<Duration> {
        let link = match self.link {
            Link::Idle
            | Link::Preparing { .. }
            | Link::Opening { .. }
            | Link::Authenticating { .. } => None,
            Link::Pausing { until, .. } => Some(until),
            Link::Live { .. } => Some(self.silence_ends()),
        };
        let give_up = self.give_up.filter(|_| self.link != Link::Idle);
        [link, give_up, self.calls.deadline()].into_iter().flatten().min()
    }

    /// Takes an event and says what is to be done, in this order.
    pub(crate) fn on(&mut self, event: Event<'_>, now: Now) -> Vec<Action> {
        let boot = now.boot;
        match event {
            Event::Connect => {
                if self.link == Link::Idle {
                    if !self.was_live {
                        self.give_up = Some(boot.saturating_add(self.settings.connect_deadline));
                    }
                    self.backoff.reset();
                    self.refusals = 0;
                    self.prepare(false);
                }
            }
            Event::Disconnect => self.disconnect(),
            Event::Prepared => {
                if let Link::Preparing { resume } = self.link {
                    self.link = Link::Opening { resume };
                    self.actions.push(Action::Open);
                }
            }
            Event::NotResumable => {
                if self.link == (Link::Preparing { resume: true }) {
                    self.forget_state();
                    self.prepare(false);
                }
            }
            Event::CredentialRefused => {
                if let Link::Preparing { .. } = self.link {
                    self.refused(boot);
                }
            }
            Event::PrepareFailed { retry } => {
                if let Link::Preparing { .. } = self.link {
                    if retry { self.pause(boot, false) } else { self.fail() }
                }
            }
            Event::Opened => self.opened(boot),
            Event::Closed => self.lost("lost", boot),
            Event::Heard => self.hear(boot),
            Event::Frame(text) => {
                self.hear(boot);
                self.read(text, now);
            }
            Event::Call { call, method, params, timeout, queue } => {
                let timeout = timeout.unwrap_or(self.settings.call_timeout);
                self.call(call, method, params, timeout, queue, boot);
            }
            Event::Cancel(call) => self.calls.cancel(call),
            Event::Notify { method, params } => {
                if self.is_live() {
                    let text = RpcFrame::notification(method, params.expose());
                    self.actions.push(Action::Send(text));
                }
            }
            Event::Register => self.register(),
            Event::Unregister => self.unregister(boot),
            Event::Settled => self.settled(boot),
            Event::Reconnect => {
                if self.has_socket() {
                    self.actions.push(Action::Close);
                    self.lost("replaced: the space did not answer", boot);
                }
            }
            Event::Tick => {}
        }
        self.tick(boot);
        std::mem::take(&mut self.actions)
    }

    pub(super) fn has_socket(&self) -> bool {
        matches!(self.link, Link::Opening { .. } | Link::Authenticating { .. } | Link::Live { .. })
    }

    fn prepare(&mut self, renew: bool) {
        let resume = self.authorization_state.is_some() && self.protocol.is_some() && !renew;
        self.link = Link::Preparing { resume };
        self.actions.push(Action::Prepare { resume, renew });
    }

    fn opened(&mut self, boot: Duration) {
        let Link::Opening { resume } = self.link else { return };
        let resume = self.stored().filter(|_| resume);
        if resume.is_none() {
            self.forget_state();
        }
        self.link = Link::Authenticating { resume: resume.is_some() };
        let id = self.id();
        let deadline = boot.saturating_add(self.settings.authenticate_timeout);
        self.calls.sent(id, Purpose::Connect, deadline);
        self.hear(boot);
        self.actions.push(Action::Authenticate { id, resume });
    }

    fn call(
        &mut self,
        call: CallId,
        method: &str,
        params: &Secret<String>,
        timeout: Duration,
        queue: bool,
        boot: Duration,
    ) {
        let id = self.id();
        let text = RpcFrame::request(id, method, params.expose());
        match self.link {
            Link::Live { .. } => {
                self.calls.sent(id, Purpose::User(call), boot.saturating_add(timeout));
                self.actions.push(Action::Send(text));
            }
            Link::Idle => self.answer(call, Err(RpcError::Disconnected)),
            _ if !queue => self.answer(call, Err(RpcError::ConnectionLost)),
            _ if self.calls.enqueue(id, call, text, timeout, boot) => {}
            _ => self.answer(call, Err(RpcError::QueueFull)),
        }
    }

    /// Takes the outcome of one of our calls.
    pub(super) fn conclude(
        &mut self,
        purpose: Purpose,
        outcome: Result<RawJson<'_>, RpcError>,
        boot: Duration,
    ) {
        match purpose {
            Purpose::User(call) => {
                let result = outcome.map(|result| Secret::from(result.get()));
                self.answer(call, result);
            }
            Purpose::Connect => self.connected(outcome, boot),
            Purpose::Online => self.answered_online(outcome.map(drop)),
            Purpose::Offline => self.answered_offline(outcome.map(drop)),
        }
    }

    fn connected(&mut self, outcome: Result<RawJson<'_>, RpcError>, boot: Duration) {
        let Link::Authenticating { resume } = self.link else { return };
        let established = outcome.and_then(|result| {
            result.read::<SignalwireConnectResult>().map_err(|_| RpcError::Malformed)
        });
        match established {
            Ok(established) => {
                self.protocol = Some(established.protocol);
                self.give_up = None;
                self.was_live = true;
                self.refusals = 0;
                self.backoff.reset();
                let authorization = Box::new(established.authorization);
                self.actions.push(Action::Up { resumed: resume, authorization });
                self.begin(resume, boot);
                while let Some(frame) = self.calls.dequeue(boot) {
                    self.actions.push(Action::Send(frame));
                }
            }
            Err(error) if error.is_refusal() && resume => {
                self.forget_state();
                self.actions.push(Action::Close);
                self.actions.push(Action::ResumeRefused(error));
                self.lost("lost", boot);
            }
            Err(error) if error.is_refusal() => {
                self.actions.push(Action::Close);
                self.actions.push(Action::ConnectRefused(error));
                self.refused(boot);
            }
            Err(error) => {
                let hopeless = error == RpcError::Malformed && !self.was_live;
                self.actions.push(Action::Close);
                self.actions.push(Action::ConnectFailed(error));
                if hopeless { self.fail() } else { self.lost("lost", boot) }
            }
        }
    }

    /// Does what is due.
    fn tick(&mut self, boot: Duration) {
        while let Some(purpose) = self.calls.expired(boot) {
            self.conclude(purpose, Err(RpcError::Timeout), boot);
        }
        if self.link != Link::Idle && self.give_up.is_some_and(|at| at <= boot) {
            if self.has_socket() {
                self.actions.push(Action::Close);
            }
            return self.fail();
        }
        match self.link {
            Link::Pausing { until, renew } if until <= boot => self.prepare(renew),
            Link::Live { .. } if self.silence_ends() <= boot => {
                if self.pinged {
                    self.actions.push(Action::Close);
                    self.lost("lost: the space is silent", boot);
                } else {
                    self.pinged = true;
                    self.heard = boot;
                    self.actions.push(Action::Ping);
                }
            }
            _ => {}
        }
    }

    fn hear(&mut self, boot: Duration) {
        self.heard = boot;
        self.pinged = false;
    }

    fn silence_ends(&self) -> Duration {
        let patience = if self.pinged { self.settings.ping_timeout } else { self.settings.idle };
        self.heard.saturating_add(patience)
    }

    pub(super) fn forget_state(&mut self) {
        self.authorization_state = None;
        self.protocol = None;
    }

    /// Sends a call of our own.
    pub(super) fn send<M: RpcMethod>(
        &mut self,
        params: &M::Params,
        purpose: Purpose,
        boot: Duration,
    ) {
        let id = self.id();
        // Params of ours are JSON.
        let Some(text) = frame::request::<M>(id, params) else { return };
        self.calls.sent(id, purpose, boot.saturating_add(self.settings.call_timeout));
        self.actions.push(Action::Send(text));
    }

    pub(super) fn answer(&mut self, call: CallId, result: Result<Secret<String>, RpcError>) {
        self.actions.push(Action::Answer { call, result });
    }

    fn id(&mut self) -> Uuid {
        uuid::Builder::from_random_bytes(self.random.u128(..).to_ne_bytes()).into_uuid()
    }
}
