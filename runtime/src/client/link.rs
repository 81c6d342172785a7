//! What the session protocol asks for.

use std::sync::Arc;

use tokio::sync::oneshot;

use super::{
    Error, ErrorKind, Status,
    driver::{Caller, Driver},
    token::Token,
    wire,
};
use crate::{
    SessionAuthorization, SignalwireConnect,
    lifecycle::{self, CredentialKind, Generation, RefreshFailure, Refused},
    rest::{RestError, SubscriberInfo},
    session::{Action, Event, RpcError, Stored, frame},
    timeline,
    transport::Socket,
};

impl Driver {
    pub(super) fn link_action(&mut self, action: Action) {
        match action {
            Action::Prepare { resume, renew } => self.prepare(resume, renew),
            Action::Open => self.open(),
            Action::Authenticate { id, resume } => self.authenticate(id, resume.as_ref()),
            Action::Send(text) => {
                if let Some(socket) = &mut self.socket {
                    socket.send(&text);
                }
            }
            Action::Ping => {
                if let Some(socket) = &mut self.socket {
                    socket.ping();
                }
            }
            Action::Close => self.close(),
            Action::Up { resumed, authorization } => self.up(resumed, *authorization),
            Action::Down(why) => {
                let reason = self.loss.take().unwrap_or_else(|| why.to_owned());
                self.lifecycle(lifecycle::Event::SessionDown);
                self.outlet.set_status(Status::Reconnecting);
                if !self.parting {
                    self.outlet.happened(self.now().wall, timeline::Event::Dropped { reason });
                }
            }
            Action::ResumeRefused(error) => {
                let applied = self.arbiter.status(self.now()).kind;
                self.bound_refused = applied == Some(CredentialKind::Bound);
                self.refused("the space did not resume the session", error);
                self.lifecycle(lifecycle::Event::ConnectRejected(Refused::Stored));
            }
            Action::ConnectRefused(error) => {
                self.refused("the space refused the credential", error);
            }
            Action::ConnectFailed(error) => {
                self.refused("the session was not authenticated", error);
            }
            Action::Paused(pause) => {
                tracing::debug!(?pause, "the next attempt comes after a pause")
            }
            Action::GaveUp => self.gave_up(),
            Action::Answer { call, result } => match self.calls.remove(&call) {
                // Whoever asked may have gone.
                Some(Caller::User(reply)) => drop(reply.send(result)),
                Some(Caller::Reauthentication { id, generation }) => {
                    self.reauthenticated(id, generation, result);
                }
                None => {}
            },
            Action::StateChanged => self.persist(),
            Action::Message(message) => self.outlet.messages.send(message),
            Action::Server(event) => self.outlet.events.send(event),
            Action::Registered(result) => self.registered(result),
            Action::Unregistered(result) => tell(&mut self.unregistering, &result),
            Action::Left => self.left(),
        }
    }

    /// Looks for the credential to connect with.
    fn prepare(&mut self, resume: bool, renew: bool) {
        if resume {
            let applied = self.arbiter.applied().filter(|number| self.tokens.contains_key(number));
            self.used = applied;
            let event = if applied.is_some() { Event::Prepared } else { Event::NotResumable };
            return self.session(event);
        }
        let waiter = self.waiter();
        self.connecting = Some(waiter);
        let newest = self.arbiter.newest();
        self.lifecycle(match newest {
            _ if self.bound_refused => lifecycle::Event::NeedNew(waiter),
            Some(generation) if renew => {
                lifecycle::Event::ConnectRejected(Refused::Fresh { generation, waiter })
            }
            _ => lifecycle::Event::NeedFresh(waiter),
        });
    }

    /// A fresh connect has its credential: asks who it belongs to first.
    pub(super) fn credential_ready(&mut self, generation: Generation) {
        let Some(token) = self.tokens.get(&generation).cloned() else {
            return self.session(Event::PrepareFailed { retry: true });
        };
        self.bound_refused = false;
        self.used = Some(generation);
        if self.known == Some(generation) {
            return self.session(Event::Prepared);
        }
        let rest = self.config.rest.clone();
        self.info = Some(Box::pin(async move {
            (generation, rest.subscriber_info(&token.hosts, &token.secret).await)
        }));
    }

    /// The answer of `subscriber/info`.
    pub(super) fn informed(
        &mut self,
        generation: Generation,
        result: Result<SubscriberInfo, RestError>,
    ) {
        self.tell_server_time();
        match result {
            Ok(info) => {
                self.known = Some(generation);
                self.told_expiry(generation, ErrorKind::Rest, info.expires_at());
                // Without claims the connect's answer tells the scope.
                let ours = self.key.as_ref().map(|key| key.thumbprint());
                if ours.zip(info.bound_to()).is_some_and(|(ours, theirs)| ours != theirs) {
                    let why = "the SAT is bound to another one; mint it with the fingerprint that \
                               authenticate() is given";
                    self.lose_key(why, None);
                }
                if let Some(sat_refresh) = info.sat_refresh() {
                    self.lifecycle(lifecycle::Event::ScopeKnown { generation, sat_refresh });
                }
                self.session(Event::Prepared);
            }
            Err(error) => {
                let (transient, status) = (error.is_transient(), error.status());
                let error =
                    Error::new(ErrorKind::Rest, "the space told nothing about the subscriber")
                        .transient(transient)
                        .because(error);
                self.on_the_way(error);
                self.session(match status {
                    Some(401) => Event::CredentialRefused,
                    _ => Event::PrepareFailed { retry: transient },
                });
            }
        }
    }

    pub(super) fn no_credential(&mut self, failure: RefreshFailure) {
        if let Some(restored) = self.fallback.take() {
            self.go_on_with(restored);
            return self.session(Event::PrepareFailed { retry: true });
        }
        // A client that was connected goes on trying whatever may pass.
        let hopeless = match failure {
            RefreshFailure::Permanent => true,
            _ if self.was_up => false,
            _ => self.last_error.as_ref().is_some_and(|error| !error.is_transient()),
        };
        self.session(Event::PrepareFailed { retry: !hopeless });
    }

    fn connect_token(&self) -> Option<&Token> {
        self.tokens.get(&self.used?)
    }

    fn open(&mut self) {
        let Some(token) = self.connect_token() else {
            return self.session(Event::Closed);
        };
        let (config, hosts) = (Arc::clone(&self.config), token.hosts.clone());
        let host = hosts.socket_authority();
        let span = tracing::info_span!("connect", session = %config.label, host);
        let opening = async move {
            config.transport.open(&hosts).await.map_err(|error| {
                let message = format!("cannot open a socket to {}", hosts.socket_authority());
                Error::new(ErrorKind::Socket, message).transient(true).because(error)
            })
        };
        self.opening = Some(Box::pin(tracing::Instrument::instrument(opening, span)));
    }

    pub(super) fn opened(&mut self, result: Result<Box<dyn Socket>, Error>) {
        match result {
            Ok(socket) => {
                self.socket = Some(socket);
                self.session(Event::Opened);
            }
            Err(error) => {
                self.on_the_way(error);
                self.session(Event::Closed);
            }
        }
    }

    /// Sends `signalwire.connect`. A fresh connect always carries a proof, so that the session can
    /// be bound to the key; a resume does when it is.
    fn authenticate(&mut self, id: uuid::Uuid, resume: Option<&Stored>) {
        let status = self.arbiter.status(self.now());
        let proves = resume.is_none() || status.kind == Some(CredentialKind::Bound);
        let key = self.key.as_deref().filter(|_| proves);
        let proof = wire::proof::<SignalwireConnect>(key, self.config.rest.proof_time());
        let proof = match proof {
            Ok(proof) => proof,
            Err(error) => {
                self.lose_key("it cannot sign", Some(error));
                self.close();
                return self.session(Event::Closed);
            }
        };
        let text = self.connect_token().and_then(|token| {
            let params = wire::connect(&self.config.agent, &token.secret, proof, resume);
            frame::request::<SignalwireConnect>(id, &params)
        });
        if let (Some(text), Some(socket)) = (text, &mut self.socket) {
            socket.send(&text);
        }
    }

    fn up(&mut self, resumed: bool, authorization: SessionAuthorization) {
        let now = self.now();
        let event = match (self.was_up, resumed) {
            (_, true) => timeline::Event::Resumed,
            (false, false) => timeline::Event::Connected,
            (true, false) => timeline::Event::Reconnected,
        };
        self.outlet.set_status(Status::Connected);
        self.outlet.happened(now.wall, event);
        self.was_up = true;
        self.loss = None;
        let sat_refresh = frame::is_refreshable(&authorization);
        let expiry = frame::expires_at(&authorization);
        self.project = Some(authorization.project_id);
        if let Some(generation) = self.used.take() {
            self.lifecycle(lifecycle::Event::ScopeKnown { generation, sat_refresh });
            self.told_expiry(generation, ErrorKind::Rpc, expiry);
            self.lifecycle(lifecycle::Event::SessionUp { used: generation });
        }
    }

    fn registered(&mut self, result: Result<(), RpcError>) {
        tell(&mut self.registering, &result);
        if !self.protocol.is_live() {
            return;
        }
        let status = match result {
            Ok(()) => Status::Online,
            Err(error) => {
                let transient = error.is_transient();
                let error = Error::new(ErrorKind::Rpc, "the subscriber was not registered")
                    .transient(transient)
                    .because(error);
                self.outlet.failed(self.now().wall, error);
                Status::Connected
            }
        };
        self.is_ready(status);
    }

    /// The first session stands; later ones only change the status.
    pub(super) fn is_ready(&mut self, status: Status) {
        self.outlet.set_status(status);
        if let Some(ready) = self.ready.take() {
            // The builder may have gone; its handle's drop ends this task.
            let _ = ready.send(Ok(()));
        }
    }

    fn refused(&mut self, message: &'static str, error: RpcError) {
        let kind = if error.is_refusal() { ErrorKind::Refused } else { ErrorKind::Rpc };
        let transient = error.is_transient();
        self.on_the_way(Error::new(kind, message).transient(transient).because(error));
    }

    /// Notes an error on the way to a session.
    fn on_the_way(&mut self, error: Error) {
        self.last_error = Some(error.clone());
        self.outlet.failed(self.now().wall, error);
    }

    fn close(&mut self) {
        if self.opening.take().is_some() && !self.parting {
            let host = self.connect_token().map(|token| token.hosts.socket_authority());
            let host = host.unwrap_or_default();
            let message = format!("cannot open a socket to {host}: no answer in time");
            self.on_the_way(Error::new(ErrorKind::Socket, message).transient(true));
        }
        if let Some(socket) = self.socket.take() {
            self.closing = Some(Box::pin(socket.close()));
        }
    }

    /// There will be no session to be registered in.
    fn not_registered(&mut self) {
        tell(&mut self.registering, &Err(RpcError::Disconnected));
        tell(&mut self.unregistering, &Ok(()));
    }

    /// Nothing more is tried.
    fn gave_up(&mut self) {
        self.not_registered();
        self.info = None;
        self.clockless = None;
        self.opening = None;
        let last = self.last_error.take();
        let error = match last {
            Some(error) if !error.is_transient() => error,
            cause => {
                let host = self.newest_token().map(|(_, token)| token.hosts.socket_authority());
                let to = host.map(|host| format!(" to {host}")).unwrap_or_default();
                let message = format!("no session{to} within {:?}", self.config.connect_deadline);
                let error = Error::new(ErrorKind::Unreachable, message).transient(true);
                match cause {
                    Some(cause) => error.because(cause),
                    None => error,
                }
            }
        };
        match self.ready.take() {
            Some(ready) => {
                let _ = ready.send(Err(error));
                self.done = true;
                self.lifecycle(lifecycle::Event::Destroy);
            }
            None => {
                self.outlet.failed(self.now().wall, error);
                self.outlet.set_status(Status::Suspended);
                self.lifecycle(lifecycle::Event::Suspend);
            }
        }
    }

    fn left(&mut self) {
        self.not_registered();
        self.info = None;
        self.clockless = None;
        self.connecting = None;
        self.outlet.set_status(Status::Suspended);
        self.outlet.happened(self.now().wall, timeline::Event::Disconnected);
        if let Some((beginning, reply)) = self.resetting.take() {
            self.forget(*beginning);
            self.forgotten = Some(reply);
        }
        if self.ending.is_some() {
            self.gone = true;
            return self.end_when_idle();
        }
        for reply in self.leaving.drain(..) {
            let _ = reply.send(());
        }
    }
}

/// Tells everybody who waits; some may have gone.
fn tell(waiting: &mut Vec<oneshot::Sender<Result<(), RpcError>>>, result: &Result<(), RpcError>) {
    for reply in waiting.drain(..) {
        let _ = reply.send(result.clone());
    }
}
