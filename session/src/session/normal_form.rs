//! The session without state that does not decide its behaviour, for comparisons.

use credwire_core::Now;

use super::{Connecting, Session, Shutdown, State, Trust, credentials::Waiter};
use crate::{
    boot_time::{BootTime, millis},
    calls::Purpose,
    pacing::Pacing,
    registration::Stage,
    retry::Retry,
    scheduler::{CredentialInfo, CredentialScheduler, Demand, OpKind},
};

/// The state of a session, with times that count from now, ids and credentials that count from the
/// bottom, and without jitter, texts and whatever is only reported. Two sessions with equal normal
/// forms do the same from then on, as long as no backoff has jitter: a model checker compares
/// states by it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NormalForm {
    scheduler: CredentialScheduler,
    arrived: bool,
    reading_time: bool,
    shutdown: Shutdown,
    state: State,
    started: BootTime,
    course: (Demand, bool, bool, bool),
    pacing: Pacing,
    held: BootTime,
    trust: Trust,
    resume: bool,
    protocol: bool,
    identified: bool,
    was_up: bool,
    connecting: Option<Connecting>,
    registration: (bool, Stage, bool, Retry),
    requests: Vec<(u8, BootTime)>,
    last_received: BootTime,
    pinged: bool,
    waiters: Vec<Waiter>,
    renewal: Option<Retry>,
    storing: (bool, bool, Option<BootTime>, Retry),
    from_provider: bool,
}

impl<T: Clone + PartialEq, R: Clone + PartialEq> Session<T, R> {
    /// Returns the normal form at this moment.
    #[doc(hidden)]
    #[must_use]
    pub fn normal_form(&self, now: Now) -> NormalForm {
        let boot = BootTime::of(now);
        let settings = &self.settings;
        let mut used: Vec<CredentialInfo> = match self.state {
            State::Identifying { used, .. }
            | State::Opening { used, .. }
            | State::Authenticating { used, .. } => vec![used],
            _ => Vec::new(),
        };
        let newest = self.scheduler.newest();
        let scheduler = self.scheduler.normal_form(now, &mut used);
        let used = used.first().copied();
        let recent = |at: BootTime, window: i64| at.recent(boot, window);
        let step = millis(settings.step_timeout);
        let state = match (self.state, used) {
            (State::Waiting { until }, _) => State::Waiting { until: recent(until, 0) },
            (State::ReadingTime { since }, _) => State::ReadingTime { since: recent(since, step) },
            (State::Identifying { since, .. }, Some(used)) => {
                State::Identifying { used, since: recent(since, step) }
            }
            (State::Opening { way, since, .. }, Some(used)) => {
                State::Opening { way, used, since: recent(since, step) }
            }
            (State::Authenticating { way, .. }, Some(used)) => State::Authenticating { way, used },
            (State::Live { way, since }, _) => {
                // Beyond the longest time that anything depends on, all sessions are old.
                let least = millis(settings.lasting).max(millis(settings.reconnect.max));
                State::Live { way, since: recent(since, least.saturating_add(1)) }
            }
            (state, _) => state,
        };
        let limit = settings.requests.plateau();
        let mut requests: Vec<_> =
            self.requests.open().map(|(it, at)| (rank(it), recent(at, 0))).collect();
        requests.sort_unstable();
        let mut waiters: Vec<_> = self.waiters.iter().map(|(_, waiter)| *waiter).collect();
        waiters.sort_unstable();
        let registration = &self.registration;
        let longest = millis(settings.reconnect.max);
        let origin = newest.and_then(|newest| self.tokens.origin(newest.generation()));
        NormalForm {
            scheduler,
            arrived: self.arrived.is_some(),
            reading_time: self.reading_time,
            shutdown: match self.shutdown {
                Shutdown::Draining { until } => Shutdown::Draining { until: recent(until, 0) },
                shutdown => shutdown,
            },
            state,
            started: recent(self.attempt.started, longest),
            course: self.attempt.course(),
            pacing: self.pacing.normal(&settings.reconnect, boot),
            held: recent(self.held, 0),
            trust: self.trust,
            resume: self.resume.is_some(),
            protocol: self.protocol.is_some(),
            identified: newest.is_some_and(|it| self.identified == Some(it.generation())),
            was_up: self.was_up,
            connecting: self.connecting.map(|connecting| Connecting {
                reply: crate::input::ReplyId(0),
                until: recent(connecting.until, 0),
            }),
            registration: (
                registration.requested,
                registration.stage,
                registration.known_to_space,
                registration.retry.normal(boot, limit),
            ),
            requests,
            last_received: recent(self.last_received, millis(settings.idle)),
            pinged: self.pinged,
            waiters,
            renewal: self.renewal.map(|renewal| renewal.normal(boot, limit)),
            storing: self.storing.course(boot, limit),
            from_provider: origin == Some(OpKind::Authenticate),
        }
    }
}

const fn rank(purpose: Purpose) -> u8 {
    match purpose {
        Purpose::Connect => 0,
        Purpose::Reauthenticate { .. } => 1,
        Purpose::Online => 2,
        Purpose::Offline => 3,
        Purpose::Call(_) => 4,
    }
}

/// The requests in flight, for a simulated space that answers them.
impl<T: Clone + PartialEq, R: Clone + PartialEq> Session<T, R> {
    /// Returns the id of the open `signalwire.connect`, `signalwire.reauthenticate`,
    /// `subscriber.online` or `subscriber.offline`.
    #[doc(hidden)]
    #[must_use]
    pub fn open_request(&self, method: crate::SessionMethod) -> Option<crate::RequestId> {
        self.requests.number_of(|purpose| rank(purpose) == method as u8)
    }
}
