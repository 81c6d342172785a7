//! The made-up session of a rehearsal, and the real lifecycle in it.

use std::{collections::VecDeque, pin::pin, sync::Arc, time::Duration};

use super::{
    rehearsal::Rehearsal,
    report::{Call, Report},
};
use crate::{
    AuthenticateContext, Clock as _, CredentialError, CredentialProvider, EpochMillis, Error,
    ErrorKind, SdkCredential,
    client::{Acceptance, Token},
    clock::SimulatedClock,
    lifecycle::{
        AbortCause, Action, Arbiter, Event, Failure, Generation, Grant, OpId, OpKind,
        OutcomeResult, Refused, WaiterId,
    },
    spawn::{Task, spawn},
};

/// The thumbprint that `authenticate()` is given when the session is client-bound.
const FINGERPRINT: &str = "made-up-thumbprint-of-43-base64url-letters_";
/// The pause of a client before it connects again.
const RECONNECT: Duration = Duration::from_secs(3);
const CONNECT: WaiterId = WaiterId(1);

/// A call in flight.
struct Running {
    id: OpId,
    kind: OpKind,
    started: EpochMillis,
    left: Option<Duration>,
    task: Task<Result<SdkCredential, CredentialError>>,
}

pub(super) struct Stage<'a, P> {
    provider: Arc<P>,
    clock: Arc<SimulatedClock>,
    arbiter: Arbiter,
    acceptance: Acceptance,
    plan: &'a Rehearsal,
    events: VecDeque<Event>,
    running: Option<Running>,
    /// The newest token and its expiry, as committed.
    newest: Option<(Token, Option<EpochMillis>)>,
    /// What an operation gave, until it is committed.
    offered: Option<(Token, Option<EpochMillis>)>,
    /// The expiry of the credential in force.
    in_force: Option<Option<EpochMillis>>,
    /// Since when there is none that is valid.
    uncovered_since: Option<EpochMillis>,
    up: bool,
    /// When the socket is lost, and when it is back.
    turns: Option<Duration>,
    ends: Duration,
    report: Report,
}

impl<'a, P: CredentialProvider> Stage<'a, P> {
    pub(super) fn new(
        provider: Arc<P>,
        clock: Arc<SimulatedClock>,
        arbiter: Arbiter,
        acceptance: Acceptance,
        plan: &'a Rehearsal,
    ) -> Self {
        Self {
            ends: clock.now().boot.saturating_add(plan.lasts),
            provider,
            clock,
            arbiter,
            acceptance,
            plan,
            events: VecDeque::from([Event::Start { cached: None }, Event::NeedFresh(CONNECT)]),
            running: None,
            newest: None,
            offered: None,
            in_force: None,
            uncovered_since: None,
            up: false,
            turns: None,
            report: Report::default(),
        }
    }

    pub(super) async fn play(mut self) -> Report {
        loop {
            while let Some(event) = self.events.pop_front() {
                for action in self.arbiter.on(event, self.clock.now()) {
                    self.carry_out(action);
                }
            }
            let now = self.clock.now().boot;
            if now >= self.ends {
                self.covered();
                return self.report;
            }
            let next = [self.arbiter.deadline(), self.turns, self.expiry(), Some(self.ends)];
            let next = next.into_iter().flatten().min().unwrap_or(self.ends);
            let sleep = pin!(tokio::time::sleep(next.saturating_sub(now)));
            match &mut self.running {
                Some(running) => tokio::select! {
                    answer = &mut running.task => self.answered(answer),
                    () = sleep => self.look(),
                },
                None => {
                    sleep.await;
                    self.look();
                }
            }
        }
    }

    /// Some time has come.
    fn look(&mut self) {
        let now = self.clock.now().boot;
        self.events.push_back(Event::Tick);
        if self.expiry().is_some_and(|at| at <= now) {
            // The space ends a session whose credential has expired.
            self.report.sessions_lost += 1;
            self.uncovered_since = Some(self.clock.now().wall);
            self.in_force = None;
            self.lose();
            self.events.push_back(Event::ConnectRejected(Refused::Stored));
        }
        if self.turns.is_some_and(|at| at <= now) {
            self.turns = None;
            match (self.up, self.arbiter.applied()) {
                (true, _) => self.lose(),
                (false, Some(used)) => self.connect(used),
                (false, None) => self.events.push_back(Event::NeedFresh(CONNECT)),
            }
        }
    }

    /// When the credential in force ends, while a session holds it.
    fn expiry(&self) -> Option<Duration> {
        let expiry = self.in_force.flatten().filter(|_| self.up)?;
        let now = self.clock.now();
        Some(now.boot.saturating_add(expiry.saturating_since(now.wall)))
    }

    fn lose(&mut self) {
        self.up = false;
        self.turns = Some(self.clock.now().boot.saturating_add(RECONNECT));
        self.events.push_back(Event::SessionDown);
    }

    fn connect(&mut self, used: Generation) {
        self.up = true;
        let now = self.clock.now().boot;
        self.turns = self.plan.drops.map(|time| now.saturating_add(time.max(RECONNECT)));
        let sat_refresh = self.plan.bound.is_some();
        self.events.push_back(Event::ScopeKnown { generation: used, sat_refresh });
        self.events.push_back(Event::SessionUp { used });
    }

    fn carry_out(&mut self, action: Action) {
        match action {
            Action::Start { id, kind, .. } => self.start(id, kind),
            Action::Abort { id, cause } => {
                if let Some(running) = self.running.take_if(|running| running.id == id)
                    && cause == AbortCause::TimedOut
                {
                    self.ended(&running, OutcomeResult::TimedOut, None);
                    self.try_again(running.kind);
                }
            }
            Action::Reauthenticate { id, .. } => self.events.push_back(Event::ReauthOk { id }),
            Action::Commit { .. } => self.newest = self.offered.take(),
            Action::PersistApplied { .. } => {
                self.covered();
                self.in_force = self.newest.as_ref().map(|(_, expiry)| *expiry);
            }
            Action::Warn(warning) => {
                self.report.warnings.push((self.clock.now().wall, warning));
            }
            Action::Answer { result: Ok(generation), .. }
            | Action::AnswerAll { result: Ok(generation) } => {
                if !self.up {
                    self.connect(generation);
                }
            }
            Action::Disconnect => self.events.push_back(Event::Suspend),
            Action::ForceReconnect
            | Action::Revert { .. }
            | Action::DropStoredState
            | Action::Answer { .. }
            | Action::AnswerAll { .. } => {}
        }
    }

    /// There is a valid credential from now on, or the rehearsal is over.
    fn covered(&mut self) {
        if let Some(since) = self.uncovered_since.take() {
            self.report.uncovered += self.clock.now().wall.saturating_since(since);
        }
    }

    fn start(&mut self, id: OpId, kind: OpKind) {
        let provider = Arc::clone(&self.provider);
        let fingerprint = self.plan.bound.map(|_| FINGERPRINT.to_owned());
        let task = spawn(async move {
            match kind {
                OpKind::Refresh => provider.refresh().await,
                OpKind::Authenticate => {
                    let context = AuthenticateContext::new();
                    let context = match fingerprint {
                        Some(fingerprint) => context.with_fingerprint(fingerprint),
                        None => context,
                    };
                    provider.authenticate(&context).await
                }
                // The device endpoints of the made-up space.
                OpKind::Activate | OpKind::Rotate => {
                    Ok(SdkCredential::from_token(super::made_up_token()))
                }
            }
        });
        let now = self.clock.now();
        let left = self.newest.as_ref().and_then(|(_, expiry)| *expiry);
        let left = left.map(|expiry| expiry.saturating_since(now.wall));
        self.running = Some(Running { id, kind, started: now.wall, left, task });
    }

    fn answered(&mut self, answer: Option<Result<SdkCredential, CredentialError>>) {
        let Some(running) = self.running.take() else { return };
        let (id, kind) = (running.id, running.kind);
        let device = matches!(kind, OpKind::Activate | OpKind::Rotate);
        let (result, error, event) = match answer {
            None => (OutcomeResult::Panicked, None, Event::OpPanic { id }),
            Some(Err(error)) => {
                let failure = Failure::from(error.kind());
                let result = match failure {
                    Failure::Permanent => OutcomeResult::Permanent,
                    Failure::Transient { .. } => OutcomeResult::Transient,
                };
                let error = Error::new(ErrorKind::Provider, "the provider gave no credential")
                    .because(error);
                (result, Some(error), Event::OpErr { id, failure })
            }
            Some(Ok(credential)) => {
                let accepted = self.acceptance.credential(credential, self.plan.lasts);
                match accepted {
                    Err(error) => {
                        let failure = Failure::TRANSIENT;
                        (OutcomeResult::Transient, Some(error), Event::OpErr { id, failure })
                    }
                    Ok(offer) => {
                        let lifetime = self.plan.bound.filter(|_| device);
                        let now = self.clock.now().wall;
                        let lasts = lifetime.map(|lifetime| now.saturating_add(lifetime));
                        let expiry = offer.expiry.or(lasts);
                        let newest = self.newest.as_ref();
                        let same_token =
                            newest.is_some_and(|(newest, _)| newest.secret == offer.token.secret);
                        self.offered = Some((offer.token, expiry));
                        let grant = Grant { expiry, lifetime, same_token };
                        (OutcomeResult::Committed, None, Event::OpOk { id, grant })
                    }
                }
            }
        };
        let committed = result == OutcomeResult::Committed;
        for action in self.arbiter.on(event, self.clock.now()) {
            self.carry_out(action);
        }
        // What had expired on arrival, or was the old token again, is still on offer.
        let unused = committed && self.offered.take().is_some();
        self.ended(&running, if unused { OutcomeResult::Unusable } else { result }, error);
        if !committed || unused {
            self.try_again(kind);
        }
    }

    fn ended(&mut self, running: &Running, result: OutcomeResult, error: Option<Error>) {
        let took = self.clock.now().wall.saturating_since(running.started);
        self.report.calls.push(Call {
            kind: running.kind,
            started: running.started,
            took,
            result,
            error,
            left: running.left,
        });
    }

    /// A connect that got no credential asks again after a pause.
    fn try_again(&mut self, kind: OpKind) {
        if kind == OpKind::Authenticate && !self.up {
            self.turns = Some(self.clock.now().boot.saturating_add(RECONNECT));
        }
    }
}
