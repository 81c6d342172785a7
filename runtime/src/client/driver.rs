//! The one task of a client: IO in, events to the machines, actions out.
//!
//! Nothing is decided here. [`Arbiter`] decides about credentials, [`Protocol`] about the session;
//! `credentials.rs` and `link.rs` carry out what they ask for.

use std::{
    collections::{HashMap, VecDeque},
    future::{Future, pending},
    sync::Arc,
    time::Duration,
};

use futures_util::future::BoxFuture;
use tokio::sync::{mpsc, oneshot};

use super::{
    Error, Status,
    command::Command,
    config::Config,
    keeper::Keeper,
    operation::Running,
    outlet::Outlet,
    record::StoredKey,
    resume::{Beginning, Restored, ResumePolicy},
    token::{Offer, Token},
};
use crate::{
    EpochMillis, Now, Secret,
    dpop::DpopKey,
    lifecycle::{self, Arbiter, Generation, OpKind, ReauthId, RefreshFailure, WaiterId},
    rest::{RestError, SubscriberInfo},
    session::{self, CallId, Protocol, RpcError},
    transport::{Incoming, Socket},
};

/// One thing that a machine asked for.
#[derive(Debug)]
pub(super) enum Effect {
    Lifecycle(lifecycle::Action),
    Session(session::Action),
}

/// Who waits for the answer to a call.
pub(super) enum Caller {
    User(oneshot::Sender<Result<Secret<String>, RpcError>>),
    Reauthentication { id: ReauthId, generation: Generation },
}

/// The state of the task.
pub(super) struct Driver {
    pub(super) config: Arc<Config>,
    /// `None` also once it is lost.
    pub(super) key: Option<Arc<DpopKey>>,
    pub(super) outlet: Arc<Outlet>,
    commands: mpsc::Receiver<Command>,
    pub(super) arbiter: Arbiter,
    pub(super) protocol: Protocol,
    effects: VecDeque<Effect>,

    /// Tokens by their number; only those that the arbiter still holds.
    pub(super) tokens: HashMap<Generation, Token>,
    /// The result of an operation, or what was stored, until the arbiter has said what they are.
    pub(super) offers: VecDeque<(Option<OpKind>, Offer)>,
    /// What brought each credential, for the timeline.
    pub(super) origin: HashMap<Generation, OpKind>,

    /// Stores the session, ...
    pub(super) keeper: Option<Keeper>,
    /// ... with the key as it is stored.
    pub(super) stored_key: Option<StoredKey>,
    /// What to begin with, ...
    restored: Option<Restored>,
    /// ... or to go on with when the provider has nothing.
    pub(super) fallback: Option<Restored>,

    pub(super) operation: Option<Running>,
    pub(super) info: Option<BoxFuture<'static, (Generation, Result<SubscriberInfo, RestError>)>>,
    /// The space's clock is being read, because a new credential seems to have expired.
    pub(super) reading_clock: Option<BoxFuture<'static, ()>>,
    /// The expiry of that credential, ...
    pub(super) expired: Option<EpochMillis>,
    /// ... and the outcome of the connect that waits for the reading.
    pub(super) clockless: Option<RefreshFailure>,
    pub(super) opening: Option<BoxFuture<'static, Result<Box<dyn Socket>, Error>>>,
    pub(super) socket: Option<Box<dyn Socket>>,
    pub(super) closing: Option<BoxFuture<'static, ()>>,

    pub(super) waiters: HashMap<WaiterId, oneshot::Sender<Result<(), RefreshFailure>>>,
    pub(super) next_waiter: u64,
    /// The waiter that is the connect itself.
    pub(super) connecting: Option<WaiterId>,
    pub(super) calls: HashMap<CallId, Caller>,
    /// Who waits for the outcome of `subscriber.online`, ...
    pub(super) registering: Vec<oneshot::Sender<Result<(), RpcError>>>,
    /// ... and of `subscriber.offline`.
    pub(super) unregistering: Vec<oneshot::Sender<Result<(), RpcError>>>,
    pub(super) next_reauth_call: u64,

    /// The credential that the connect under way was made with.
    pub(super) used: Option<Generation>,
    /// The credential whose claims were read.
    pub(super) known: Option<Generation>,
    /// `authorization.project_id` of the session.
    pub(super) project: Option<String>,
    /// The bound session could not be resumed, so the next credential is the provider's.
    pub(super) bound_refused: bool,
    pub(super) was_up: bool,
    /// Why the socket went away, until it is reported.
    pub(super) loss: Option<String>,
    /// The newest error on the way to a session.
    pub(super) last_error: Option<Error>,
    /// Told once about the first session.
    pub(super) ready: Option<oneshot::Sender<Result<(), Error>>>,
    pub(super) leaving: Vec<oneshot::Sender<()>>,
    /// The session is forgotten once it is left, ...
    pub(super) resetting: Option<(Box<Beginning>, oneshot::Sender<()>)>,
    /// ... and so is what is stored of it.
    pub(super) forgotten: Option<oneshot::Sender<()>>,
    /// The session is left by wish, ...
    pub(super) parting: bool,
    /// ... for good, once what is in flight is done or this moment of boot time has come, ...
    pub(super) ending: Option<Duration>,
    /// ... the socket is closed, ...
    pub(super) gone: bool,
    /// ... and all is done.
    pub(super) done: bool,
}

impl Driver {
    pub(super) fn new(
        config: Arc<Config>,
        beginning: Beginning,
        keeper: Option<Keeper>,
        outlet: Arc<Outlet>,
        machines: (Arbiter, Protocol),
        commands: mpsc::Receiver<Command>,
        ready: oneshot::Sender<Result<(), Error>>,
    ) -> Self {
        let Beginning { key, stored_key, restored } = beginning;
        let prefers_cache = config.resume == ResumePolicy::PreferCache;
        let (restored, fallback) = if prefers_cache { (restored, None) } else { (None, restored) };
        Self {
            config,
            key,
            outlet,
            commands,
            arbiter: machines.0,
            protocol: machines.1,
            effects: VecDeque::new(),
            tokens: HashMap::new(),
            offers: VecDeque::new(),
            origin: HashMap::new(),
            keeper,
            stored_key,
            restored,
            fallback,
            operation: None,
            info: None,
            reading_clock: None,
            expired: None,
            clockless: None,
            opening: None,
            socket: None,
            closing: None,
            waiters: HashMap::new(),
            next_waiter: 0,
            connecting: None,
            calls: HashMap::new(),
            registering: Vec::new(),
            unregistering: Vec::new(),
            next_reauth_call: u64::MAX,
            used: None,
            known: None,
            project: None,
            bound_refused: false,
            was_up: false,
            loss: None,
            last_error: None,
            ready: Some(ready),
            leaving: Vec::new(),
            resetting: None,
            forgotten: None,
            parting: false,
            ending: None,
            gone: false,
            done: false,
        }
    }

    /// Runs until the client is disconnected for good. Dropping the future cancels everything.
    pub(super) async fn run(mut self) {
        match self.restored.take() {
            Some(restored) => self.go_on_with(restored),
            None => self.lifecycle(lifecycle::Event::Start { cached: None }),
        }
        self.session(session::Event::Connect);
        loop {
            self.carry_out();
            let is_stored = self.keeper.as_ref().is_none_or(Keeper::is_idle);
            if self.done && self.closing.is_none() && is_stored {
                break;
            }
            if is_stored && let Some(reply) = self.forgotten.take() {
                // Whoever asked may have gone.
                let _ = reply.send(());
            }
            let wait = self.wait();
            let congested = self.socket.as_ref().is_some_and(|socket| socket.is_backlogged());
            tokio::select! {
                command = self.commands.recv(), if !congested && !self.done => match command {
                    Some(command) => self.command(command),
                    None => break,
                },
                result = ready(self.operation.as_mut().map(|running| &mut running.task)) => {
                    self.operation_ended(result);
                }
                (generation, result) = ready(self.info.as_mut()) => {
                    self.info = None;
                    self.informed(generation, result);
                }
                () = ready(self.reading_clock.as_mut()) => self.clock_read(),
                result = ready(self.opening.as_mut()) => {
                    self.opening = None;
                    self.opened(result);
                }
                incoming = next(self.socket.as_deref_mut()) => self.incoming(incoming),
                () = ready(self.closing.as_mut()) => self.closing = None,
                result = written(self.keeper.as_mut()) => self.written(result),
                () = sleep(wait) => {
                    self.tell_server_time();
                    self.lifecycle(lifecycle::Event::Tick);
                    self.session(session::Event::Tick);
                    self.end_when_idle();
                }
            }
        }
    }

    /// Ends the client once it has left the session and nothing is in flight.
    pub(super) fn end_when_idle(&mut self) {
        let over = |until: Duration| self.operation.is_none() || until <= self.now().boot;
        if self.gone && !self.done && self.ending.is_some_and(over) {
            // Whoever waits for the end hears of it when this task is over.
            self.done = true;
            self.lifecycle(lifecycle::Event::Destroy);
        }
    }

    pub(super) fn now(&self) -> Now {
        self.config.clock.now()
    }

    /// Tells the arbiter. Whoever hears of an event finds the status that goes with it.
    pub(super) fn lifecycle(&mut self, event: lifecycle::Event) {
        let now = self.config.clock.now();
        self.effects.extend(self.arbiter.on(event, now).map(Effect::Lifecycle));
        self.outlet.set_credential(self.arbiter.status(now));
    }

    /// Tells the arbiter the space's time, as far as it is known. Our wall clock may have been
    /// stepped since it was told last.
    pub(super) fn tell_server_time(&mut self) {
        if let Some(time) = self.config.rest.server_time() {
            self.lifecycle(lifecycle::Event::ServerTime(time));
        }
    }

    /// Tells the protocol.
    pub(super) fn session(&mut self, event: session::Event<'_>) {
        let actions = self.protocol.on(event, self.config.clock.now());
        self.effects.extend(actions.into_iter().map(Effect::Session));
    }

    /// Carries out what the machines asked for, in order, and what follows from it.
    fn carry_out(&mut self) {
        loop {
            while let Some(effect) = self.effects.pop_front() {
                match effect {
                    Effect::Lifecycle(action) => self.credential_action(action),
                    Effect::Session(action) => self.link_action(action),
                }
            }
            // What was not committed is not wanted.
            self.offers.clear();
            let (arbiter, used) = (&self.arbiter, self.used);
            self.tokens.retain(|number, _| arbiter.holds(*number) || used == Some(*number));
            self.origin.retain(|number, _| arbiter.holds(*number));

            let status = self.arbiter.status(self.now());
            if status.applied && status.in_flight != Some(OpKind::Activate) {
                self.settled();
            }
            if self.effects.is_empty() {
                return;
            }
        }
    }

    /// The credential in force is the one to go on with: registers, once.
    fn settled(&mut self) {
        self.session(session::Event::Settled);
        if !self.protocol.registers() {
            self.is_ready(Status::Connected);
        }
    }

    /// The time until a machine wants to look again.
    fn wait(&self) -> Option<Duration> {
        let ending = self.ending.filter(|_| self.gone);
        let deadlines = [self.arbiter.deadline(), self.protocol.deadline(), ending];
        let next = deadlines.into_iter().flatten().min()?;
        Some(next.saturating_sub(self.now().boot))
    }

    /// Leaves the session politely and lets nothing new start.
    pub(super) fn part(&mut self) {
        self.parting = true;
        self.lifecycle(lifecycle::Event::Suspend);
        self.session(session::Event::Disconnect);
    }

    fn incoming(&mut self, incoming: Incoming) {
        match incoming {
            Incoming::Text(text) => self.session(session::Event::Frame(&text)),
            Incoming::Other => self.session(session::Event::Heard),
            Incoming::Closed(reason) => {
                self.loss = Some(reason);
                self.socket = None;
                self.session(session::Event::Closed);
            }
        }
    }

    pub(super) fn waiter(&mut self) -> WaiterId {
        self.next_waiter += 1;
        WaiterId(self.next_waiter)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        if let Some(running) = self.operation.take() {
            self.abandoned(running.kind);
        }
        if let Some(recorder) = &self.config.recorder {
            recorder.end();
        }
        self.outlet.close();
    }
}

/// Waits for the future in the slot; for ever without one.
async fn ready<F: Future + Unpin>(slot: Option<F>) -> F::Output {
    match slot {
        Some(future) => future.await,
        None => pending().await,
    }
}

async fn written(keeper: Option<&mut Keeper>) -> Result<(), Error> {
    match keeper {
        Some(keeper) => keeper.written().await,
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
