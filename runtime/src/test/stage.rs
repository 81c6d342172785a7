//! The real session core, and a made-up space that it meets.

use std::{collections::VecDeque, pin::pin, sync::Arc, time::Duration};

use credwire_session::{
    Acquired, Answer, Authorization, Frame, Input, Output, Profile, ReplyId, RequestId, Session,
    SessionEvent, Settings, SpaceReply,
    scheduler::{Abilities, CheckedPolicy, Failure, OpId, OpKind, OutcomeResult},
};

use super::{
    plan::Plan,
    report::{ProviderCall, Report},
};
use crate::{
    AuthenticateContext, CredentialError, CredentialProvider, EpochMillis, Error, ErrorKind,
    SdkCredential, Secret,
    client::{Acceptance, Token},
    clock::SimulatedClock,
    spawn::{Task, spawn},
};
use credwire_core::Clock as _;

/// The thumbprint that `authenticate()` receives when the session is client-bound.
const FINGERPRINT: &str = "made-up-thumbprint-of-43-base64url-letters_";
/// What a space closes a socket with when the credential of its session has ended.
const POLICY: u16 = 1008;

/// A call in flight.
struct Running {
    id: OpId,
    kind: OpKind,
    started: EpochMillis,
    left: Option<Duration>,
    task: Task<Result<SdkCredential, CredentialError>>,
}

/// What the space sends next, of its own or as an answer.
enum Said {
    ServerTime,
    Profile,
    Opened,
    Reply(RequestId, SpaceReply),
    State,
    Stored(credwire_session::StoreId),
    /// The provider was asked for something that it does not have.
    NotProvided(OpId),
}

pub(super) struct Stage<'a, P> {
    provider: Arc<P>,
    clock: Arc<SimulatedClock>,
    session: Session<Arc<Token>, ()>,
    acceptance: Acceptance,
    plan: &'a Plan,
    said: VecDeque<Said>,
    running: Option<Running>,
    /// The tokens that came, and when they end.
    expiries: Vec<(Arc<Token>, Option<EpochMillis>)>,
    /// The end of the credential that the space holds for the session.
    in_force: Option<Option<EpochMillis>>,
    /// Since when there is none that is valid.
    uncovered_since: Option<EpochMillis>,
    /// When the socket is lost.
    drops_at: Option<Duration>,
    ends: Duration,
    report: Report,
}

impl<'a, P: CredentialProvider> Stage<'a, P> {
    pub(super) fn new(
        provider: Arc<P>,
        clock: Arc<SimulatedClock>,
        policy: CheckedPolicy,
        acceptance: Acceptance,
        plan: &'a Plan,
    ) -> Self {
        let now = clock.now();
        let abilities =
            Abilities { dpop: plan.bound.is_some(), refresh: provider.refresh().is_some() };
        // A provider that fails at first is asked again, as long as the simulation lasts.
        let settings =
            Settings { connect_deadline: plan.lasts.saturating_mul(2), ..Settings::default() };
        Self {
            ends: now.boot.saturating_add(plan.lasts),
            session: Session::new(settings, policy, abilities, plan.seed, None, now),
            provider,
            clock,
            acceptance,
            plan,
            said: VecDeque::new(),
            running: None,
            expiries: Vec::new(),
            in_force: None,
            uncovered_since: None,
            drops_at: None,
            report: Report::default(),
        }
    }

    pub(super) async fn play(mut self) -> Report {
        self.handle(Input::Start(ReplyId(0)));
        loop {
            while let Some(said) = self.said.pop_front() {
                self.say(said);
            }
            let now = self.clock.now().boot;
            if now >= self.ends {
                self.covered();
                return self.report;
            }
            let next = [self.session.deadline(), self.drops_at, self.expiry(), Some(self.ends)];
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

    fn handle(&mut self, input: Input<'_, Arc<Token>, ()>) {
        self.session.handle(input, self.clock.now());
        while let Some(output) = self.session.poll() {
            self.carry_out(output);
        }
    }

    /// Some time has come.
    fn look(&mut self) {
        let now = self.clock.now().boot;
        self.handle(Input::Tick);
        if self.expiry().is_some_and(|at| at <= now) {
            // The space ends a session whose credential has expired.
            self.report.sessions_lost += 1;
            self.uncovered_since = Some(self.clock.now().wall);
            self.lose(Some(POLICY));
        }
        if self.drops_at.is_some_and(|at| at <= now) {
            self.lose(None);
        }
    }

    /// When the credential in force ends, while a session holds it.
    fn expiry(&self) -> Option<Duration> {
        let expiry = self.in_force.flatten()?;
        let now = self.clock.now();
        Some(now.boot.saturating_add(expiry.saturating_since(now.wall)))
    }

    fn lose(&mut self, code: Option<u16>) {
        self.in_force = None;
        self.drops_at = None;
        self.handle(Input::Closed { code, reason: "ended by the simulation".to_owned() });
    }

    fn carry_out(&mut self, output: Output<Arc<Token>, ()>) {
        match output {
            Output::Acquire { id, kind, .. } => self.start(id, kind),
            Output::Abort(id) => {
                if let Some(running) = self.running.take_if(|running| running.id == id) {
                    self.ended(&running, OutcomeResult::TimedOut, None);
                }
            }
            Output::ReadServerTime(_) => self.said.push_back(Said::ServerTime),
            Output::Identify(_) => self.said.push_back(Said::Profile),
            Output::Open(_) => self.said.push_back(Said::Opened),
            Output::Close => {
                self.said.clear();
                self.in_force = None;
                self.drops_at = None;
            }
            Output::SendFrame(frame) => self.take(frame),
            Output::Store { id, .. } => self.said.push_back(Said::Stored(id)),
            Output::Event(SessionEvent::Warned(warning)) => {
                self.report.warnings.push((self.clock.now().wall, warning));
            }
            Output::Answer(_, Answer::Started(_))
            | Output::Answer(..)
            | Output::Event(_)
            | Output::Ping
            | Output::Ended => {}
        }
    }

    /// The space takes a frame.
    fn take(&mut self, frame: Frame<Arc<Token>>) {
        let authorization = || Authorization {
            project: "made-up-project".to_owned(),
            sat_refresh: self.plan.bound.is_some(),
            expiry: Ok(None),
        };
        let (request, reply, token) = match frame {
            Frame::Connect { id, token, .. } => {
                let protocol = "made-up-protocol".to_owned();
                let authorization = authorization();
                (id, SpaceReply::Connected { protocol, authorization }, Some(token))
            }
            Frame::Reauthenticate { id, token, .. } => {
                (id, SpaceReply::Reauthenticated(Some(authorization())), Some(token))
            }
            Frame::Online(id) | Frame::Offline(id) => {
                (id, SpaceReply::Done(Secret::from("{}")), None)
            }
            Frame::Text(_) => return,
        };
        if let Some(token) = token {
            let found = self.expiries.iter().rev().find(|(known, _)| *known == token);
            self.in_force = Some(found.and_then(|(_, expiry)| *expiry));
            self.covered();
        }
        let connects = matches!(reply, SpaceReply::Connected { .. });
        self.said.push_back(Said::Reply(request, reply));
        if connects {
            self.said.push_back(Said::State);
            let now = self.clock.now().boot;
            self.drops_at = self.plan.drops.map(|time| now.saturating_add(time));
        }
    }

    fn say(&mut self, said: Said) {
        match said {
            Said::ServerTime => {
                self.handle(Input::ServerTime(Some(self.clock.now().wall)));
                self.handle(Input::ServerTimeRead);
            }
            Said::Profile => {
                let sat_refresh = Some(self.plan.bound.is_some());
                self.handle(Input::Identified(Profile { sat_refresh, expiry: Ok(None) }));
            }
            Said::Opened => self.handle(Input::Opened),
            Said::Reply(request, reply) => self.handle(Input::Reply(request, reply)),
            Said::State => self.handle(Input::State(Secret::from("made-up-state"))),
            Said::Stored(id) => self.handle(Input::Stored { id, result: Ok(()) }),
            Said::NotProvided(id) => {
                let failure = Failure::Permanent;
                self.handle(Input::NotAcquired { id, failure, is_final: false, reason: () });
            }
        }
    }

    /// There is a valid credential from now on, or the simulation is over.
    fn covered(&mut self) {
        if let Some(since) = self.uncovered_since.take() {
            self.report.uncovered += self.clock.now().wall.saturating_since(since);
        }
    }

    fn start(&mut self, id: OpId, kind: OpKind) {
        let provider = Arc::clone(&self.provider);
        if kind == OpKind::Refresh && provider.refresh().is_none() {
            self.said.push_back(Said::NotProvided(id));
            return;
        }
        let fingerprint = self.plan.bound.map(|_| FINGERPRINT.to_owned());
        let task = spawn(async move {
            match kind {
                OpKind::Refresh => match provider.refresh() {
                    Some(answer) => answer.await,
                    None => Err(CredentialError::not_provided("refresh")),
                },
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
        let left = self.expiries.last().and_then(|(_, expiry)| *expiry);
        let left = left.map(|expiry| expiry.saturating_since(now.wall));
        self.running = Some(Running { id, kind, started: now.wall, left, task });
    }

    fn answered(&mut self, answer: Option<Result<SdkCredential, CredentialError>>) {
        let Some(running) = self.running.take() else { return };
        let (id, kind) = (running.id, running.kind);
        let acquired = match answer {
            None => {
                self.ended(&running, OutcomeResult::Panicked, None);
                return self.handle(Input::AcquirePanicked(id));
            }
            Some(Err(error)) => {
                let failure = Failure::from(error.kind());
                let result = match failure {
                    Failure::Permanent => OutcomeResult::Permanent,
                    Failure::Transient { .. } => OutcomeResult::Transient,
                };
                let error = Error::new(ErrorKind::Provider, "the provider returned no credential")
                    .because(error);
                self.ended(&running, result, Some(error));
                let (is_final, reason) = (false, ());
                return self.handle(Input::NotAcquired { id, failure, is_final, reason });
            }
            Some(Ok(credential)) => self.acceptance.credential(credential, self.plan.lasts),
        };
        match acquired {
            Err(error) => {
                self.ended(&running, OutcomeResult::Transient, Some(error));
                let (failure, is_final, reason) = (Failure::TRANSIENT, true, ());
                self.handle(Input::NotAcquired { id, failure, is_final, reason });
            }
            Ok(acquired) => {
                let device = matches!(kind, OpKind::Activate | OpKind::Rotate);
                let granted = self.plan.bound.filter(|_| device);
                let Acquired { token, expiry, lifetime, .. } = acquired.credential;
                let lifetime = granted.or(lifetime);
                let now = self.clock.now().wall;
                let ends = lifetime.map(|lifetime| now.saturating_add(lifetime)).or(expiry);
                let before = self.expiries.clone();
                self.expiries.retain(|(known, _)| *known != token);
                self.expiries.push((Arc::clone(&token), ends));
                let newest = self.expiries.len().saturating_sub(8);
                self.expiries.drain(..newest);
                let credential = Acquired { token, expiry, lifetime, assumed: None };
                let generation = self.generation();
                self.handle(Input::Acquired { id, credential });
                let used = self.generation() != generation;
                if !used {
                    self.expiries = before;
                }
                let result = if used { OutcomeResult::Committed } else { OutcomeResult::Unusable };
                self.ended(&running, result, None);
            }
        }
    }

    /// The number of the newest credential.
    fn generation(&self) -> Option<u32> {
        let status = self.session.credential_status(self.clock.now());
        status.generation.map(|generation| generation.get())
    }

    fn ended(&mut self, running: &Running, result: OutcomeResult, error: Option<Error>) {
        let took = self.clock.now().wall.saturating_since(running.started);
        self.report.calls.push(ProviderCall {
            kind: running.kind,
            started: running.started,
            took,
            result,
            error,
            left: running.left,
        });
    }
}
