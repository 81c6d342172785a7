//! What the arbiter asks for.

use super::{
    BadAnswer, Error, ErrorKind,
    driver::{Caller, Driver},
    meter,
    operation::{self, OpError, OpResult, Running},
    token::{Acceptance, Token, invalid, unreadable_expiry},
    wire,
};
use crate::{
    EpochMillis, RpcMethod as _, Secret, SignalwireReauthenticate, SignalwireReauthenticateResult,
    dpop::KeyError,
    expiry::Unreadable,
    lifecycle::{
        AbortCause, Action, CredentialKind, Event, Failure, Generation, Grant, OpId, OpKind,
        ReauthFailure, ReauthId, RefreshFailure, WaiterId, Warning,
    },
    session::{self, CallId, RpcError},
    timeline,
};

impl Driver {
    pub(super) fn credential_action(&mut self, action: Action) {
        match action {
            Action::Start { id, kind, using } => self.start(id, kind, using),
            Action::Abort { id, cause } => self.abort(id, cause),
            Action::Reauthenticate { id, generation, .. } => self.reauthenticate(id, generation),
            Action::Commit { generation, kind } => self.commit(generation, kind),
            Action::Revert { applied, generation } => {
                if let Some(token) = self.tokens.get(&applied).cloned() {
                    self.tokens.insert(generation, token);
                }
                if let Some(origin) = self.origin.get(&applied).copied() {
                    self.origin.insert(generation, origin);
                }
                self.persist();
            }
            Action::PersistApplied { .. } | Action::DropStoredState => self.persist(),
            Action::ForceReconnect => self.session(session::Event::Reconnect),
            Action::Disconnect => self.part(),
            Action::Warn(warning) => {
                if warning == Warning::ExpiredOnArrival {
                    self.expired_on_arrival();
                }
                self.outlet.warned(self.now().wall, warning);
            }
            Action::Answer { waiter, result } => self.answer(waiter, result),
            Action::AnswerAll { result } => {
                let waiting: Vec<WaiterId> =
                    self.waiters.keys().copied().chain(self.connecting).collect();
                for waiter in waiting {
                    self.answer(waiter, result);
                }
            }
        }
    }

    fn start(&mut self, id: OpId, kind: OpKind, using: Option<Generation>) {
        let using = using.and_then(|generation| self.tokens.get(&generation).cloned());
        // Only a fresh connect can move to another space.
        let space = match kind {
            OpKind::Authenticate => None,
            _ => self.arbiter.newest().and_then(|newest| self.tokens.get(&newest)),
        };
        let acceptance = Acceptance {
            allowed: self.config.allowed.clone(),
            bound_to: space.map(|token| token.hosts.clone()),
        };
        let task = operation::start(&self.config, self.key.clone(), kind, using, acceptance);
        self.operation = Some(Running::new(id, kind, self.now().boot, task));
    }

    fn abort(&mut self, id: OpId, cause: AbortCause) {
        let Some(running) = self.operation.take_if(|running| running.id == id) else { return };
        match cause {
            AbortCause::TimedOut => {
                self.metered(&running, "timeout");
                let message = format!("{} in time", nothing(running.kind));
                let error = Error::new(kind_of(running.kind), message).transient(true);
                self.op_failed(running.kind, error.answered(BadAnswer::TimedOut));
            }
            AbortCause::Closed => self.abandoned(running.kind),
            AbortCause::Replaced => {}
        }
    }

    /// The client ends before the operation did.
    pub(super) fn abandoned(&mut self, kind: OpKind) {
        let message = format!("{} before the client ended", nothing(kind));
        self.op_failed(kind, Error::new(kind_of(kind), message).answered(BadAnswer::Abandoned));
    }

    /// The task of the operation ended; without a result it panicked.
    pub(super) fn operation_ended(&mut self, result: Option<OpResult>) {
        let Some(running) = self.operation.take() else { return };
        let (id, kind) = (running.id, running.kind);
        self.metered(
            &running,
            match &result {
                Some(Ok(_)) => "ok",
                Some(Err(OpError { failure: Failure::Permanent, .. })) => "permanent",
                Some(Err(_)) => "transient",
                None => "panic",
            },
        );
        self.tell_server_time();
        match result {
            Some(Ok(mut offer)) => {
                if let Some(flaw) = offer.flaw.take() {
                    self.outlet.failed(self.now().wall, flaw);
                }
                let newest = self.arbiter.newest().and_then(|newest| self.tokens.get(&newest));
                let grant = Grant {
                    expiry: offer.expiry,
                    lifetime: offer.lasts,
                    same_token: newest.is_some_and(|newest| newest.secret == offer.token.secret),
                };
                self.offers.push_back((Some(kind), offer));
                self.lifecycle(Event::OpOk { id, grant });
            }
            Some(Err(OpError { error, failure })) => {
                self.op_failed(kind, error);
                self.lifecycle(Event::OpErr { id, failure });
            }
            None => {
                let error = Error::new(kind_of(kind), format!("{}: it panicked", nothing(kind)));
                self.op_failed(kind, error.transient(true).answered(BadAnswer::Panicked));
                self.lifecycle(Event::OpPanic { id });
            }
        }
        self.end_when_idle();
    }

    fn metered(&self, running: &Running, result: &'static str) {
        let took = self.now().boot.saturating_sub(running.started);
        meter::operated(running.kind, result, took);
    }

    fn op_failed(&mut self, kind: OpKind, error: Error) {
        let now = self.now();
        if kind == OpKind::Authenticate {
            self.last_error = Some(error.clone());
            self.outlet.failed(now.wall, error);
        } else {
            self.outlet.not_refreshed(now.wall, error, self.arbiter.insists(now));
        }
    }

    fn commit(&mut self, generation: Generation, kind: CredentialKind) {
        let Some((origin, offer)) = self.offers.pop_front() else { return };
        self.tokens.insert(generation, offer.token);
        self.origin.extend(origin.map(|origin| (generation, origin)));
        self.fallback = None;
        let now = self.now();
        let credential = match (origin, kind) {
            (_, CredentialKind::Bound) => timeline::CredentialKind::ClientBound,
            (Some(OpKind::Refresh), CredentialKind::Unbound) => timeline::CredentialKind::Refreshed,
            (_, CredentialKind::Unbound) => timeline::CredentialKind::Sat,
        };
        if origin == Some(OpKind::Authenticate) {
            self.outlet.happened(now.wall, timeline::Event::Authenticated);
        }
        let expires_at = self.arbiter.status(now).expiry;
        self.outlet
            .happened(now.wall, timeline::Event::Credential { kind: credential, expires_at });
        if matches!(origin, Some(OpKind::Refresh | OpKind::Rotate)) {
            self.outlet.happened(now.wall, timeline::Event::Rotated);
        }
        self.persist();
    }

    /// A new credential seems to have expired: it is a stale one, or our clock is wrong. Whoever
    /// has not heard from the space yet asks it for the time, without showing the credential.
    fn expired_on_arrival(&mut self) {
        self.last_error = Some(invalid(BadAnswer::Expired, "the credential has expired"));
        let Some((_, offer)) = self.offers.back() else { return };
        if self.config.rest.server_time().is_none() {
            let (rest, hosts) = (self.config.rest.clone(), offer.token.hosts.clone());
            self.expired = offer.expiry;
            self.reading_clock = Some(Box::pin(async move { rest.read_clock(&hosts).await }));
        }
    }

    /// The space's clock was read, or cannot be.
    pub(super) fn clock_read(&mut self) {
        self.reading_clock = None;
        self.tell_server_time();
        let time = self.config.rest.server_time();
        let valid = self.expired.take().zip(time).is_some_and(|(expiry, time)| expiry > time);
        if valid {
            let why = "by this machine's clock it has expired, by the space's it has not";
            self.last_error = Some(invalid(BadAnswer::Expired, why).transient(true));
        }
        if let Some(failure) = self.clockless.take() {
            self.no_credential(failure);
        }
    }

    fn reauthenticate(&mut self, id: ReauthId, generation: Generation) {
        let not_sent = Event::ReauthErr { id, failure: ReauthFailure::Transient };
        let (Some(token), Some(project)) = (self.tokens.get(&generation), &self.project) else {
            return self.lifecycle(not_sent);
        };
        // A SAT can be bound to the key without being a device token, so the proof always goes.
        let key = self.key.as_deref();
        let proof =
            match wire::proof::<SignalwireReauthenticate>(key, self.config.rest.proof_time()) {
                Ok(proof) => proof,
                Err(error) => {
                    self.lose_key("it cannot sign", Some(error));
                    return self.lifecycle(not_sent);
                }
            };
        let params = wire::reauthenticate(project, &token.secret, proof);
        let Some(params) = session::frame::params(&params) else {
            return self.lifecycle(not_sent);
        };
        let call = CallId(self.next_reauth_call);
        self.next_reauth_call -= 1;
        self.calls.insert(call, Caller::Reauthentication { id, generation });
        self.session(session::Event::Call {
            call,
            method: SignalwireReauthenticate::NAME,
            params: &params,
            timeout: None,
            queue: false,
        });
    }

    /// What the space tells of the expiry of a credential.
    pub(super) fn told_expiry(
        &mut self,
        generation: Generation,
        kind: ErrorKind,
        told: Result<Option<EpochMillis>, Unreadable>,
    ) {
        match told {
            Ok(Some(expiry)) => self.lifecycle(Event::ExpiryKnown { generation, expiry }),
            Ok(None) => {}
            Err(why) => self.outlet.failed(self.now().wall, unreadable_expiry(kind, why)),
        }
    }

    /// The key is of no use any more: nothing is proved with it from now on.
    pub(super) fn lose_key(&mut self, why: &'static str, cause: Option<KeyError>) {
        if self.key.take().is_none() {
            return;
        }
        let error = Error::new(ErrorKind::Key, format!("the client's key is not used: {why}"));
        let error = match cause {
            Some(cause) => error.because(cause),
            None => error,
        };
        self.outlet.failed(self.now().wall, error);
        self.lifecycle(Event::KeyLost);
        self.persist();
    }

    /// The answer to a reauthentication.
    pub(super) fn reauthenticated(
        &mut self,
        id: ReauthId,
        generation: Generation,
        result: Result<Secret<String>, RpcError>,
    ) {
        let at = self.now().wall;
        match result {
            Ok(result) => {
                let result =
                    serde_json::from_str::<SignalwireReauthenticateResult>(result.expose());
                let authorization = result.ok().map(|result| result.authorization);
                if let Some(authorization) = &authorization {
                    let told = session::frame::expires_at(authorization);
                    self.told_expiry(generation, ErrorKind::Rpc, told);
                }
                self.lifecycle(Event::ReauthOk { id });
                self.outlet.happened(at, timeline::Event::Reauthenticated);
                if self.origin.get(&generation) == Some(&OpKind::Activate) {
                    self.outlet.happened(at, timeline::Event::Activated);
                }
                if let Some(authorization) = authorization {
                    let sat_refresh = session::frame::is_refreshable(&authorization);
                    self.lifecycle(Event::ScopeKnown { generation, sat_refresh });
                }
            }
            Err(error) => {
                let failure = if error.is_refusal() {
                    ReauthFailure::Rejected
                } else {
                    ReauthFailure::Transient
                };
                let transient = error.is_transient();
                let error = Error::new(ErrorKind::Refused, "the session kept its old credential")
                    .transient(transient)
                    .because(error);
                self.outlet.not_refreshed(at, error, self.arbiter.insists(self.now()));
                self.lifecycle(Event::ReauthErr { id, failure });
            }
        }
    }

    fn answer(&mut self, waiter: WaiterId, result: Result<Generation, RefreshFailure>) {
        if self.connecting == Some(waiter) {
            self.connecting = None;
            match result {
                Ok(generation) => self.credential_ready(generation),
                // What this means depends on the space's time.
                Err(failure) if self.reading_clock.is_some() => self.clockless = Some(failure),
                Err(failure) => self.no_credential(failure),
            }
        } else if let Some(reply) = self.waiters.remove(&waiter) {
            // Whoever asked may have gone.
            let _ = reply.send(result.map(drop));
        }
    }

    /// The token that the newest credential stands for.
    pub(super) fn newest_token(&self) -> Option<(Generation, &Token)> {
        let newest = self.arbiter.newest()?;
        Some((newest, self.tokens.get(&newest)?))
    }
}

const fn kind_of(kind: OpKind) -> ErrorKind {
    match kind {
        OpKind::Authenticate => ErrorKind::Provider,
        OpKind::Activate => ErrorKind::Activation,
        OpKind::Refresh | OpKind::Rotate => ErrorKind::Refresh,
    }
}

/// The beginning of a message that says what did not come.
const fn nothing(kind: OpKind) -> &'static str {
    match kind {
        OpKind::Authenticate => "the provider's authenticate() gave no credential",
        OpKind::Refresh => "the provider's refresh() gave no credential",
        OpKind::Activate | OpKind::Rotate => "the space gave no device token",
    }
}
