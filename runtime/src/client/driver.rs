//! The one task of a client: IO in, inputs to the session, outputs to IO.
//!
//! Nothing is decided here. [`Session`] decides; `outputs.rs` carries out what it asks for.

use std::{
    collections::HashMap,
    future::{Future, pending},
    sync::Arc,
    time::Duration,
};

use futures_util::future::BoxFuture;
use tokio::sync::mpsc;

use super::{
    Error,
    command::{Command, Waiting},
    config::Config,
    events::Events,
    operation::{OpError, OpResult, Running},
    problem::Reason,
    saved_session::SavedKey,
    session_writer::SessionWriter,
    token::Token,
};
use crate::{
    client::meter,
    dpop::DpopKey,
    rest::{RestError, SubscriberInfo},
    transport::{Closed, Incoming, Socket},
};
use credwire_core::Now;
use credwire_session::{
    Input, Problem, ReplyId, Session, StoreId,
    scheduler::{Failure, OpKind},
};

/// The session core with the tokens and reasons of a client.
pub(super) type Core = Session<Arc<Token>, Reason>;

/// The state of the task: sockets, requests, files and callers.
pub(super) struct Driver {
    pub(super) config: Arc<Config>,
    pub(super) events: Arc<Events>,
    pub(super) session: Core,
    /// The key for proofs; `None` also once it is lost.
    pub(super) key: Option<Arc<DpopKey>>,
    /// The key as it is stored with the session.
    pub(super) stored_key: Option<SavedKey>,
    commands: mpsc::Receiver<Box<Command>>,
    /// The callers that wait for an answer.
    pub(super) waiting: HashMap<ReplyId, Waiting>,
    pub(super) operation: Option<Running>,
    pub(super) identifying: Option<BoxFuture<'static, Result<SubscriberInfo, RestError>>>,
    pub(super) reading_time: Option<BoxFuture<'static, ()>>,
    pub(super) opening: Option<BoxFuture<'static, Result<Box<dyn Socket>, OpenError>>>,
    pub(super) socket: Option<Box<dyn Socket>>,
    pub(super) closing: Option<BoxFuture<'static, ()>>,
    pub(super) writer: Option<SessionWriter>,
    /// The write that the writer carries out.
    pub(super) writing: Option<StoreId>,
    /// The host of the newest attempt, for messages.
    pub(super) host: String,
}

/// Why a socket was not opened.
pub(super) struct OpenError {
    pub(super) error: Error,
    pub(super) retry_after: Option<Duration>,
}

impl Driver {
    pub(super) fn new(
        config: Arc<Config>,
        events: Arc<Events>,
        session: Core,
        key: (Option<Arc<DpopKey>>, Option<SavedKey>),
        writer: Option<SessionWriter>,
        commands: mpsc::Receiver<Box<Command>>,
    ) -> Self {
        Self {
            config,
            events,
            session,
            key: key.0,
            stored_key: key.1,
            commands,
            waiting: HashMap::new(),
            operation: None,
            identifying: None,
            reading_time: None,
            opening: None,
            socket: None,
            closing: None,
            writer,
            writing: None,
            host: String::new(),
        }
    }

    /// Runs until the client has ended. Dropping the future cancels everything.
    ///
    /// The driver is boxed, because a future holds an argument twice.
    pub(super) async fn run(mut self: Box<Self>) {
        loop {
            self.carry_out();
            if self.session.is_over() && self.closing.is_none() {
                break;
            }
            let deadline = self.session.deadline();
            let wait = deadline.map(|at| at.saturating_sub(self.now().boot));
            let congested = self.socket.as_ref().is_some_and(|socket| socket.is_backlogged());
            tokio::select! {
                command = self.commands.recv(), if !congested => match command {
                    Some(command) => self.command(*command),
                    None => break,
                },
                result = ready(self.operation.as_mut().map(|running| &mut running.task)) => {
                    self.operation_ended(result);
                }
                result = ready(self.identifying.as_mut()) => self.identified(result),
                () = ready(self.reading_time.as_mut()) => {
                    self.reading_time = None;
                    self.report_server_time();
                    self.handle(Input::ServerTimeRead);
                }
                result = ready(self.opening.as_mut()) => self.opened(result),
                incoming = next(self.socket.as_deref_mut()) => self.incoming(incoming),
                () = ready(self.closing.as_mut()) => self.closing = None,
                result = written(self.writer.as_mut()) => self.written(result),
                () = sleep(wait) => {
                    self.report_server_time();
                    self.handle(Input::Tick);
                }
            }
        }
        // Whoever waits for the end finds the whole recording.
        if let Some(recording) = &self.config.recording {
            recording.end().await;
        }
    }

    pub(super) fn now(&self) -> Now {
        self.config.clock.now()
    }

    pub(super) fn handle(&mut self, input: Input<'_, Arc<Token>, Reason>) {
        self.session.handle(input, self.config.clock.now());
    }

    /// Passes the space's time on, by the `Date` of its answers. Our wall clock may have been
    /// stepped since the last input.
    fn report_server_time(&mut self) {
        self.handle(Input::ServerTime(self.config.rest.server_time()));
    }

    /// The task of the operation ended; without a result it panicked.
    fn operation_ended(&mut self, result: Option<OpResult>) {
        let Some(running) = self.operation.take() else { return };
        let label = match &result {
            Some(Ok(_)) => "ok",
            Some(Err(OpError { failure: Failure::Permanent, .. })) => "permanent",
            Some(Err(_)) => "transient",
            None => "panic",
        };
        self.metered(&running, label);
        self.report_server_time();
        let id = running.id;
        match result {
            Some(Ok(acquired)) => {
                if let Some(flaw) = acquired.flaw {
                    self.events.failed(self.now().wall, flaw);
                }
                self.handle(Input::Acquired { id, credential: acquired.credential });
            }
            Some(Err(OpError { error, failure, is_final })) => {
                let reason = Reason(error);
                self.handle(Input::NotAcquired { id, failure, is_final, reason });
            }
            None => self.handle(Input::AcquirePanicked(id)),
        }
    }

    pub(super) fn metered(&self, running: &Running, result: &'static str) {
        let took = self.now().boot.saturating_sub(running.started);
        meter::operated(running.kind, result, took);
    }

    /// The answer of `subscriber/info`.
    fn identified(&mut self, result: Result<SubscriberInfo, RestError>) {
        self.identifying = None;
        self.report_server_time();
        match result {
            Ok(info) => {
                let ours = self.key.as_ref().map(|key| key.thumbprint());
                if ours.zip(info.bound_to()).is_some_and(|(ours, theirs)| ours != theirs) {
                    let why = "the SAT is bound to another one; mint it with the fingerprint that \
                               authenticate() is given";
                    self.lose_key(why, None);
                }
                self.handle(Input::Identified(info.profile()));
            }
            Err(error) => {
                let (refused, retry_after) = (error.is_refusal(), error.retry_after());
                let reason = Reason::not_identified(error);
                self.handle(Input::NotIdentified { refused, retry_after, reason });
            }
        }
    }

    fn opened(&mut self, result: Result<Box<dyn Socket>, OpenError>) {
        self.opening = None;
        match result {
            Ok(socket) => {
                self.socket = Some(socket);
                self.handle(Input::Opened);
            }
            Err(OpenError { error, retry_after }) => {
                self.handle(Input::NotOpened { retry_after, reason: Reason(error) });
            }
        }
    }

    fn incoming(&mut self, incoming: Incoming) {
        match incoming {
            Incoming::Text(text) => self.handle(Input::Frame(&text)),
            Incoming::Binary(_) => self.handle(Input::Binary),
            Incoming::Control => self.handle(Input::Control),
            Incoming::Closed(Closed { code, reason }) => {
                self.socket = None;
                self.handle(Input::Closed { code, reason });
            }
        }
    }

    fn written(&mut self, result: Result<(), Error>) {
        if let Some(id) = self.writing.take() {
            self.handle(Input::Stored { id, result: result.map_err(Reason) });
        }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        if let Some(running) = self.operation.take() {
            self.metered(&running, "abandoned");
            self.abandoned(running.kind);
        }
        if let Some(recording) = &self.config.recording {
            recording.end_now();
        }
        self.events.close();
    }
}

impl Driver {
    /// The client ends before an operation did.
    fn abandoned(&self, kind: OpKind) {
        let error = super::problem::error(Problem::Abandoned(kind), "", Duration::ZERO);
        self.events.failed(self.now().wall, error);
    }
}

/// Waits for the future in the slot; for ever without one.
async fn ready<F: Future + Unpin>(slot: Option<F>) -> F::Output {
    match slot {
        Some(future) => future.await,
        None => pending().await,
    }
}

async fn written(writer: Option<&mut SessionWriter>) -> Result<(), Error> {
    match writer {
        Some(writer) => writer.written().await,
        None => pending().await,
    }
}

async fn next(socket: Option<&mut (dyn Socket + 'static)>) -> Incoming {
    match socket {
        Some(socket) => socket.next().await,
        None => pending().await,
    }
}

async fn sleep(wait: Option<Duration>) {
    match wait {
        Some(wait) => tokio::time::sleep(wait).await,
        None => pending().await,
    }
}
