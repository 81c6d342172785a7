//! The client: a thin shell around the lifecycle and the session protocol.

mod abort;
mod answer;
mod builder;
mod calls;
mod command;
mod config;
mod credentials;
mod diagnostics;
mod driver;
mod error;
mod forget;
mod keep;
mod keeper;
mod link;
#[cfg_attr(not(feature = "metrics"), path = "meter_off.rs")]
mod meter;
mod operation;
mod outlet;
mod provider;
mod record;
mod report;
mod resume;
mod stage;
mod start;
mod status;
mod token;
mod wire;

use std::{
    fmt,
    sync::{Arc, atomic::AtomicU64},
    time::Duration,
};

use tokio::sync::{mpsc, oneshot, watch};

pub use abort::{AbortController, AbortSignal};
pub use answer::BadAnswer;
pub use builder::ClientBuilder;
pub(crate) use error::chain;
pub use error::{Error, ErrorKind};
pub(crate) use provider::DynProvider;
pub use report::Reports;
pub use resume::ResumePolicy;
pub use status::Status;

use crate::{
    Clock, CredentialProvider, SdkWarning,
    dpop::KeyKind,
    lifecycle::{CredentialStatus, RefreshFailure},
    session::{RpcError, ServerEvent, ServerMessage},
    spawn::Task,
    timeline::Entry,
};
#[cfg(feature = "test-support")]
pub(crate) use stage::Stage;
#[cfg(feature = "test-support")]
pub(crate) use token::{Acceptance, Token};

use command::Command;
use keep::Keep;
use keeper::Place;
use outlet::Outlet;

/// A live session with a space, kept alive.
///
/// The client authenticates, connects, keeps its credential fresh, tells the live session of each
/// new one, and reconnects after a drop. [`Client::builder`] starts one.
///
/// Handles are cheap to clone. When the last one is dropped, the client's task ends at once and
/// everything in flight is cancelled, but for a session that is being written to its storage;
/// [`disconnect`](Self::disconnect) ends it politely.
///
/// # Logs
/// The client reports through `tracing`, which takes the place of the reference's `SDKLogger`: a
/// subscriber chooses what is kept, and where. Spans are `session`, `connect`, `authenticate`,
/// `refresh` and `rpc`; with the feature `metrics` there are numbers besides. No token, proof or
/// authorization state is in any of it. The WebSocket library below writes whole frames through
/// the `log` crate at its level *trace*: a subscriber that collects `log` records must leave out
/// the target `tungstenite` at that level.
///
/// ```no_run
/// use credwire::{
///     AuthenticateContext, Client, CredentialError, CredentialProvider, SdkCredential,
/// };
///
/// struct Backend;
///
/// impl CredentialProvider for Backend {
///     async fn authenticate(
///         &self,
///         _: &AuthenticateContext,
///     ) -> Result<SdkCredential, CredentialError> {
///         Ok(SdkCredential::from_token("a SAT from your backend"))
///     }
/// }
///
/// # async fn example() -> Result<(), credwire::Error> {
/// let client = Client::builder(Backend).connect().await?;
/// client.disconnect().await;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
}

struct Shared {
    outlet: Arc<Outlet>,
    commands: mpsc::Sender<Command>,
    next_call: AtomicU64,
    clock: Arc<dyn Clock>,
    agent: String,
    /// The kind of the client's keys.
    key: Option<KeyKind>,
    key_store: Option<Keep>,
    /// Where the session is stored.
    place: Option<Place>,
    /// Ends the task when the last handle goes.
    _task: Task<()>,
}

impl Client {
    /// Starts to describe a client that takes its credentials from `provider`.
    pub fn builder(provider: impl CredentialProvider) -> ClientBuilder {
        ClientBuilder::new(provider)
    }

    /// Registers the subscriber (`subscriber.online`), in this session and in those that follow
    /// it, so that the space sends calls here. A client does so by itself unless its [builder
    /// says otherwise](ClientBuilder::register).
    ///
    /// Returns once the space has answered, which waits for a session if there is none. Dropping
    /// the future does not take the wish back; [`unregister`](Self::unregister) does.
    ///
    /// # Errors
    /// What the space answered, or [`RpcError::Disconnected`] when the session is left.
    pub async fn register(&self) -> Result<(), RpcError> {
        self.ask(Command::Register).await
    }

    /// Takes the registration back (`subscriber.offline`); the session goes on. Returns once the
    /// space has answered, or knows anyhow because the session has ended.
    ///
    /// # Errors
    /// What the space answered. The client does not register in later sessions all the same.
    pub async fn unregister(&self) -> Result<(), RpcError> {
        self.ask(Command::Unregister).await
    }

    async fn ask(
        &self,
        command: impl FnOnce(oneshot::Sender<Result<(), RpcError>>) -> Command,
    ) -> Result<(), RpcError> {
        let (reply, answer) = oneshot::channel();
        self.send(command(reply)).await;
        answer.await.unwrap_or(Err(RpcError::Disconnected))
    }

    /// Refreshes the credential now instead of on schedule. Returns once the new credential is
    /// there; the live session hears of it right after. Dropping the future does not stop it.
    ///
    /// # Errors
    /// Why there is no new credential.
    pub async fn refresh_now(&self) -> Result<(), RefreshFailure> {
        let (reply, answer) = oneshot::channel();
        self.send(Command::RefreshNow(reply)).await;
        answer.await.unwrap_or(Err(RefreshFailure::Closed))
    }

    /// Tells the client that the space no longer takes its credential, as after a 401 of a REST
    /// call made with it: it is refreshed as soon as possible.
    pub async fn invalidate(&self) {
        self.send(Command::Invalidate).await;
    }

    /// Leaves the session and lets nothing new start until [`resume`](Self::resume). What is in
    /// flight may finish. Returns when the session is left.
    pub async fn suspend(&self) {
        let (reply, answer) = oneshot::channel();
        self.send(Command::Suspend(reply)).await;
        // An error says that the client has ended, which is as good.
        let _ = answer.await;
    }

    /// Connects again after [`suspend`](Self::suspend), or after the client gave up. Returns at
    /// once; [`status`](Self::status) shows how it goes.
    pub async fn resume(&self) {
        self.send(Command::Resume).await;
    }

    /// Leaves the session by closing the socket and ends the client, for all its handles. Returns
    /// when that is done, within a few seconds even if the space is silent. Like the official SDK
    /// it sends no `subscriber.offline`; [`unregister`](Self::unregister) does.
    ///
    /// An operation in flight is cancelled; [`shutdown`](Self::shutdown) lets it finish.
    pub async fn disconnect(&self) {
        self.shutdown(Duration::ZERO).await;
    }

    /// As [`disconnect`](Self::disconnect), but a call of the provider or of the device endpoints
    /// that is in flight gets up to `patience` to finish, so that a backend which replaces its own
    /// tokens at each call is not left in doubt. The key stays in its store.
    pub async fn shutdown(&self, patience: Duration) {
        let (reply, answer) = oneshot::channel();
        self.send(Command::Disconnect { patience, reply }).await;
        let _ = answer.await;
    }

    /// As [`disconnect`](Self::disconnect), and forgets the session: deletes what is
    /// [stored](ClientBuilder::storage) of it, and the key from the [key
    /// store](ClientBuilder::key_store), so that whatever is bound to it can be used by nobody any
    /// more.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`] or [`ErrorKind::Key`] when it may still be there. The client has
    /// ended all the same.
    pub async fn logout(&self) -> Result<(), Error> {
        self.disconnect().await;
        let wiped = match &self.shared.place {
            Some(place) => place.wipe().await,
            None => Ok(()),
        };
        // One failure does not keep the other from being forgotten.
        let deleted = match &self.shared.key_store {
            Some(keep) => keep.delete().await,
            None => Ok(()),
        };
        wiped.and(deleted)
    }

    /// Where the session stands, as a value to look at or to wait on.
    pub fn status(&self) -> watch::Receiver<Status> {
        self.shared.outlet.status.subscribe()
    }

    /// What keeps the credential fresh, since when, and what comes next; `None` before the first
    /// look.
    pub fn credential_status(&self) -> watch::Receiver<Option<CredentialStatus>> {
        self.shared.outlet.credential.subscribe()
    }

    /// Warnings in the form of the reference, the recent ones first.
    pub fn warnings(&self) -> Reports<SdkWarning> {
        self.shared.outlet.warnings.subscribe()
    }

    /// Errors that the session survives, the recent ones first.
    pub fn errors(&self) -> Reports<Error> {
        self.shared.outlet.errors.subscribe()
    }

    /// What the space asks and tells, by the generated types: events, pings and whatever else it
    /// calls, after the client has answered. Those of earlier sessions are left out, and earlier
    /// ones are not repeated.
    ///
    /// A reader that falls behind by more than 256 of them misses the oldest; [`Reports::missed`]
    /// counts them. The client does not wait for a reader.
    pub fn events(&self) -> Reports<ServerMessage> {
        self.shared.outlet.messages.subscribe()
    }

    /// The events of the space that the client does not deal with itself, with their params as
    /// JSON; otherwise as [`events`](Self::events).
    pub fn events_raw(&self) -> Reports<ServerEvent> {
        self.shared.outlet.events.subscribe()
    }

    /// What happened to the session and its credentials, to
    /// [record](crate::timeline::Timeline::push) or to show; the recent entries first.
    pub fn history(&self) -> Reports<Entry> {
        self.shared.outlet.history.subscribe()
    }

    async fn send(&self, command: Command) {
        // A closed channel says that the client has ended; the reply's channel says it too.
        let _ = self.shared.commands.send(command).await;
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("status", &*self.shared.outlet.status.borrow())
            .finish_non_exhaustive()
    }
}
