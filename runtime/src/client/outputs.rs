//! What the session asks for, carried out.

use std::sync::Arc;

use super::{
    Error, ErrorKind, Status,
    driver::{Driver, OpenError},
    operation::{self, Running},
    problem, resume,
    token::Token,
    wire,
};
use crate::{CredentialProvider as _, dpop::KeyError};
use credwire_session::{
    Answer, Frame, Input, Output, Problem, SavedSession, SessionEvent, StoreId,
    scheduler::{CredentialKind, OpId, OpKind},
};

use super::{
    command::Waiting,
    history::{CredentialOrigin, HistoryEvent},
    problem::Reason,
};

impl Driver {
    /// Carries out what the session asked for, in order, and what follows from it.
    pub(super) fn carry_out(&mut self) {
        while let Some(output) = self.session.poll() {
            match output {
                Output::Acquire { id, kind, token } => self.acquire(id, kind, token),
                Output::Abort(id) => {
                    if let Some(running) = self.operation.take_if(|running| running.id == id) {
                        self.metered(&running, "timeout");
                    }
                }
                Output::ReadServerTime(token) => {
                    let rest = self.config.rest.clone();
                    self.reading_time =
                        Some(Box::pin(async move { rest.read_clock(&token.hosts).await }));
                }
                Output::Identify(token) => {
                    self.host = token.hosts.socket_authority();
                    let rest = self.config.rest.clone();
                    self.identifying = Some(Box::pin(async move {
                        rest.subscriber_info(&token.hosts, &token.secret).await
                    }));
                }
                Output::Open(token) => self.open(token),
                Output::Close => self.close(),
                Output::SendFrame(frame) => self.send(frame),
                Output::Ping => {
                    if let Some(socket) = &mut self.socket {
                        socket.ping();
                    }
                }
                Output::Store { id, session } => self.store(id, session),
                // A caller that waits for the end is answered when this task is over.
                Output::Answer(_, Answer::Left) if self.session.status() == Status::Closed => {}
                Output::Answer(reply, answer) => {
                    if let Some(waiting) = self.waiting.remove(&reply) {
                        self.reply(waiting, answer);
                    }
                }
                Output::Event(event) => self.report(event),
                Output::Ended => self.operation = None,
            }
        }
        self.events.set_credential(self.session.credential_status(self.now()));
    }

    fn acquire(&mut self, id: OpId, kind: OpKind, token: Option<Arc<Token>>) {
        let task = operation::start(&self.config, self.key.clone(), kind, token);
        self.operation = Some(Running { id, kind, started: self.now().boot, task });
    }

    fn open(&mut self, token: Arc<Token>) {
        // Making the future starts nothing, so whether there is a `refresh()` is asked each time.
        let can_refresh = self.config.provider.refresh().is_some();
        self.handle(Input::CanRefresh(can_refresh));
        let config = Arc::clone(&self.config);
        let host = token.hosts.socket_authority();
        self.host.clone_from(&host);
        let span = tracing::info_span!("connect", session = %config.label, host);
        let opening = async move {
            config.transport.open(&token.hosts).await.map_err(|error| {
                let message = format!("cannot open a socket to {host}");
                let retry_after = error.retry_after();
                let error = Error::new(ErrorKind::Socket, message).transient(true).because(error);
                OpenError { error, retry_after }
            })
        };
        self.opening = Some(Box::pin(tracing::Instrument::instrument(opening, span)));
    }

    fn close(&mut self) {
        self.identifying = None;
        self.opening = None;
        if let Some(socket) = self.socket.take() {
            self.closing = Some(Box::pin(socket.close()));
        }
    }

    fn send(&mut self, frame: Frame<Arc<Token>>) {
        let id = |request| self.session.wire_id(request);
        let time = self.config.rest.proof_time();
        let text = wire::text(frame, id, &self.config.agent, self.key.as_deref(), time);
        match text {
            Ok(Some(text)) => {
                if let Some(socket) = &mut self.socket {
                    socket.send(&text);
                }
            }
            // Params of ours are JSON.
            Ok(None) => {}
            Err(error) => {
                self.lose_key("it cannot sign", Some(error));
                self.close();
                let reason = "closed: the key cannot sign".to_owned();
                self.handle(Input::Closed { code: None, reason });
            }
        }
    }

    /// Drops the key: no proof is made with it from now on.
    pub(super) fn lose_key(&mut self, why: &'static str, cause: Option<KeyError>) {
        if self.key.take().is_none() {
            return;
        }
        let error = Error::new(ErrorKind::Key, format!("the client's key is not used: {why}"));
        let error = match cause {
            Some(cause) => error.because(cause),
            None => error,
        };
        self.events.failed(self.now().wall, error);
        self.stored_key = None;
        self.handle(Input::KeyLost);
    }

    fn store(&mut self, id: StoreId, session: Option<SavedSession<Arc<Token>>>) {
        let identity = self.config.identity.clone();
        let saved = session.map(|it| resume::at_rest(it, identity, self.stored_key.as_ref()));
        match &mut self.writer {
            Some(writer) => {
                writer.write(saved.as_ref());
                self.writing = Some(id);
                if writer.is_idle() {
                    // It is stored as it is.
                    self.writing = None;
                    self.handle(Input::Stored { id, result: Ok(()) });
                }
            }
            None => self.handle(Input::Stored { id, result: Ok(()) }),
        }
    }

    /// Whoever asked may have gone.
    fn reply(&self, waiting: Waiting, answer: Answer<Reason>) {
        match (waiting, answer) {
            (Waiting::Started(reply), Answer::Started(result)) => {
                let _ = reply.send(result.map_err(|problem| self.error(problem)));
            }
            (Waiting::Called(reply), Answer::Called(result)) => {
                let _ = reply.send(result);
            }
            (Waiting::Done(reply), Answer::Done(result)) => {
                let _ = reply.send(result);
            }
            (Waiting::Refreshed(reply), Answer::Refreshed(result)) => {
                let _ = reply.send(result);
            }
            (Waiting::Left(reply), Answer::Left) => {
                let _ = reply.send(());
            }
            // The session answers each in its own form.
            _ => {}
        }
    }

    fn error(&self, problem: Problem<Reason>) -> Error {
        problem::error(problem, &self.host, self.config.connect_deadline)
    }

    fn report(&mut self, event: SessionEvent<Reason>) {
        let at = self.now().wall;
        let event = match event {
            SessionEvent::Status(status) => return self.events.set_status(status),
            SessionEvent::Warned(warning) => return self.events.warned(at, warning),
            SessionEvent::Failed(problem) => return self.events.failed(at, self.error(problem)),
            SessionEvent::NotRefreshed { problem, urgent } => {
                return self.events.not_refreshed(at, self.error(problem), urgent);
            }
            SessionEvent::Message(message) => return self.events.messages.send(message),
            SessionEvent::Server(event) => return self.events.server_events.send(event),
            SessionEvent::Discarded(why) => return self.events.discarded(at, why),
            SessionEvent::Waiting(pause) => {
                return tracing::debug!(?pause, "the next attempt comes after a pause");
            }
            SessionEvent::OperationEnded { .. } => return,
            SessionEvent::Credential { kind, origin, expiry } => {
                let kind = match (kind, origin) {
                    (CredentialKind::Bound, _) => CredentialOrigin::ClientBound,
                    (_, Some(OpKind::Refresh)) => CredentialOrigin::Refreshed,
                    _ => CredentialOrigin::Sat,
                };
                let event = HistoryEvent::Credential { kind, expires_at: expiry };
                self.events.happened(at, event);
                if !matches!(origin, Some(OpKind::Refresh | OpKind::Rotate)) {
                    return;
                }
                HistoryEvent::Rotated
            }
            SessionEvent::Authenticated => HistoryEvent::Authenticated,
            SessionEvent::Connected => HistoryEvent::Connected,
            SessionEvent::Resumed => HistoryEvent::Resumed,
            SessionEvent::Reconnected => HistoryEvent::Reconnected,
            SessionEvent::Reauthenticated => HistoryEvent::Reauthenticated,
            SessionEvent::Activated => HistoryEvent::Activated,
            SessionEvent::Dropped(reason) => HistoryEvent::Dropped { reason: reason.into_owned() },
            SessionEvent::Left => HistoryEvent::Disconnected,
        };
        self.events.happened(at, event);
    }
}
