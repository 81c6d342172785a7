//! The client, with the types of its parameters and results.
//!
//! Types in daily use are at the root of the crate too; the rest is here: the [`Policy`] of
//! credentials, what [`Client::credential_status`] shows, the [history](HistoryEntry) of a session.
//! The [scheduler](credwire_session::scheduler) of the session core documents the rules behind
//! them, and has a table of the [faults of answers](credwire_session::scheduler#faults-of-answers).

mod builder;
mod calls;
mod command;
mod config;
mod diagnostics;
mod driver;
mod error;
mod error_source;
mod event_size;
mod event_stream;
mod events;
mod forget;
mod history;
mod inputs;
mod key_loader;
#[cfg_attr(not(feature = "metrics"), path = "meter_off.rs")]
mod meter;
mod operation;
mod outputs;
mod problem;
#[cfg_attr(not(feature = "recording"), path = "recording_off.rs")]
mod recording;
#[cfg(feature = "recording")]
mod recording_options;
mod resume;
mod saved_session;
mod session_writer;
#[cfg_attr(not(feature = "replay"), path = "stage_off.rs")]
mod stage;
mod start;
mod token;
mod wire;

use std::{
    collections::BTreeMap,
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::sync::{mpsc, oneshot, watch};

pub use credwire_core::Backoff;
pub use credwire_session::{
    Discarded, ResponseFault, RpcError, ServerEvent, ServerMessage, Status,
    scheduler::{
        CredentialKind, CredentialStatus, ExhaustedPolicy, FallbackReason, Gap, Generation, Lead,
        NextAction, OpKind, Outcome, OutcomeResult, Policy, RefreshError, Warning, Window,
    },
};

pub use self::{
    builder::ClientBuilder,
    diagnostics::Diagnostics,
    error::{Error, ErrorKind},
    event_stream::EventStream,
    history::{CredentialOrigin, HistoryEntry, HistoryEvent},
};
pub use crate::{
    net::Proxy,
    rest::{RestError, RestErrorKind},
    resume_policy::ResumePolicy,
};

pub(crate) use credwire_core::secrecy::error_chain as chain;
#[cfg(feature = "replay")]
pub(crate) use stage::Stage;
pub(crate) use token::Acceptance;
#[cfg(feature = "test-support")]
pub(crate) use token::Token;

use command::{Command, What};
use events::Events;
use key_loader::KeyLoader;
use session_writer::SessionItem;

use credwire_core::Clock;
use credwire_generated::SdkWarning;
use credwire_session::ReplyId;

use crate::{CredentialProvider, SdkCredential, dpop::KeyKind, spawn::Task};

/// A session with a space that is kept alive.
///
/// The client authenticates, connects, keeps its credential fresh, reauthenticates the live session
/// with each new one, and reconnects after a drop. [`Client::builder`] starts one.
///
/// Handles are cheap to clone. When the last one is dropped, the client's task ends at once and
/// everything in flight is cancelled, but for a session that is being written to its storage;
/// [`disconnect`](Self::disconnect) closes it in order.
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
#[doc(alias = "SignalWire")]
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
}

struct Shared {
    events: Arc<Events>,
    /// Boxed, because the channel sets aside memory for 32 commands.
    commands: mpsc::Sender<Box<Command>>,
    next_reply: AtomicU64,
    clock: Arc<dyn Clock>,
    /// Which credentials the application may set.
    acceptance: Acceptance,
    device_lifetime: Duration,
    agent: String,
    /// The kind of the client's keys.
    key: Option<KeyKind>,
    key_store: Option<KeyLoader>,
    /// Where the session is stored.
    item: Option<SessionItem>,
    /// Ends the task when the last handle goes.
    _task: Task<()>,
}

impl Client {
    /// Returns a builder of a client that takes its credentials from `provider`.
    pub fn builder(provider: impl CredentialProvider) -> ClientBuilder {
        ClientBuilder::new(provider)
    }

    /// Registers the subscriber (`subscriber.online`), in this session and in those that follow it,
    /// so that the space sends calls here. A client does so by itself unless its [builder disables
    /// it](ClientBuilder::register).
    ///
    /// Returns once the space has answered, which waits for a session if there is none. Dropping
    /// the future does not take the request back; [`unregister`](Self::unregister) does.
    ///
    /// # Errors
    /// What the space answered, or [`RpcError::Disconnected`] when the session is left.
    pub async fn register(&self) -> Result<(), RpcError> {
        self.ask(What::Register).await
    }

    /// Unregisters the subscriber (`subscriber.offline`); the session continues. Returns once the
    /// space has answered, or the session has ended.
    ///
    /// # Errors
    /// What the space answered. The client does not register in later sessions all the same.
    pub async fn unregister(&self) -> Result<(), RpcError> {
        self.ask(What::Unregister).await
    }

    async fn ask(
        &self,
        what: impl FnOnce(oneshot::Sender<Result<(), RpcError>>) -> What,
    ) -> Result<(), RpcError> {
        let (reply, answer) = oneshot::channel();
        self.send(what(reply)).await;
        answer.await.unwrap_or(Err(RpcError::Disconnected))
    }

    /// Refreshes the credential now instead of on schedule. Returns once the new credential is
    /// acquired; it is sent to the live session right after. Dropping the future does not stop the
    /// refresh.
    ///
    /// # Errors
    /// [`RefreshError`], the reason for which there is no new credential.
    pub async fn refresh_now(&self) -> Result<(), RefreshError> {
        let (reply, answer) = oneshot::channel();
        self.send(What::RefreshNow(reply)).await;
        answer.await.unwrap_or(Err(RefreshError::Closed))
    }

    /// Supplies a credential that the application acquired by itself, such as one that was pushed
    /// to it. It counts as an answer of `authenticate()`: it is sent to the live session, and
    /// refreshed from then on. An operation in flight is cancelled. Dropping the future does not
    /// take the credential back.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidCredentials`] or [`ErrorKind::HostNotAllowed`] for a credential that is not used, such as
    /// one that has expired or is for another space; [`ErrorKind::Closed`] when the client has ended.
    pub async fn set_credential(&self, credential: SdkCredential) -> Result<(), Error> {
        let acquired =
            self.shared.acceptance.credential(credential, self.shared.device_lifetime)?;
        let (reply, answer) = oneshot::channel();
        self.send(What::SetCredential { acquired: Box::new(acquired), reply }).await;
        match answer.await.unwrap_or(Err(RefreshError::Closed)) {
            Ok(()) => Ok(()),
            Err(RefreshError::Closed) => Err(Error::closed()),
            Err(_) => Err(token::invalid(ResponseFault::Expired, "the credential has expired")),
        }
    }

    /// Reports that the space no longer accepts the credential, as after a 401 of a REST call made
    /// with it. The credential is refreshed as soon as possible, or replaced by the provider where
    /// nothing refreshes it.
    pub async fn invalidate(&self) {
        self.send(What::Invalidate).await;
    }

    /// Closes the session and lets nothing new start until [`resume`](Self::resume). What is in
    /// flight may finish. Returns when the session is closed.
    pub async fn suspend(&self) {
        let (reply, answer) = oneshot::channel();
        self.send(What::Suspend(reply)).await;
        // An error says that the client has ended, which is as good.
        let _ = answer.await;
    }

    /// Connects again after [`suspend`](Self::suspend), [`reset`](Self::reset), or
    /// [`ExhaustedPolicy::Disconnect`]. Returns at once; [`status`](Self::status) shows the
    /// progress.
    pub async fn resume(&self) {
        self.send(What::Resume).await;
    }

    /// Closes the socket and the client, for all its handles. Returns when that is done, within a
    /// few seconds even if the space is silent. Like the official SDK it sends no
    /// `subscriber.offline`; [`unregister`](Self::unregister) does.
    ///
    /// An operation in flight is cancelled; [`shutdown`](Self::shutdown) lets it finish.
    pub async fn disconnect(&self) {
        self.shutdown(Duration::ZERO).await;
    }

    /// Closes the client as [`disconnect`](Self::disconnect), but lets a call of the provider or of
    /// the device endpoints that is in flight finish within `patience`, so that a backend which
    /// replaces its own tokens at each call completes the replacement. The key stays in its store.
    pub async fn shutdown(&self, patience: Duration) {
        let (reply, answer) = oneshot::channel();
        self.send(What::Shutdown { patience, reply }).await;
        let _ = answer.await;
    }

    /// Closes the client as [`disconnect`](Self::disconnect), and deletes the session: what is
    /// [stored](ClientBuilder::storage) of it, and the key in the [key
    /// store](ClientBuilder::key_store), so that credentials bound to it can be used by nobody any
    /// more.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`] or [`ErrorKind::Key`] when it may still be there. The client has
    /// ended all the same.
    pub async fn logout(&self) -> Result<(), Error> {
        self.disconnect().await;
        let wiped = match &self.shared.item {
            Some(item) => item.remove().await,
            None => Ok(()),
        };
        // One failure does not keep the other from being forgotten.
        let deleted = match &self.shared.key_store {
            Some(keep) => keep.delete().await,
            None => Ok(()),
        };
        wiped.and(deleted)
    }

    /// Returns the status of the session, as a value to read or to wait on.
    pub fn status(&self) -> watch::Receiver<Status> {
        self.shared.events.status.subscribe()
    }

    /// Returns the state of the credential: the mechanism that refreshes it, since when, and the
    /// next action; `None` before the first input.
    pub fn credential_status(&self) -> watch::Receiver<Option<CredentialStatus>> {
        self.shared.events.credential.subscribe()
    }

    /// Returns the warnings in the form of the reference, the recent ones first.
    pub fn warnings(&self) -> EventStream<SdkWarning> {
        self.shared.events.warnings.subscribe()
    }

    /// Returns the errors that the session survives, the recent ones first.
    pub fn errors(&self) -> EventStream<Error> {
        self.shared.events.errors.subscribe()
    }

    /// Returns the requests of the space in the generated types: events, pings and any other call,
    /// after the client has answered. Those of earlier sessions are left out, and earlier ones are
    /// not repeated.
    ///
    /// A reader that falls behind by more than 256 of them, or by more bytes than
    /// [`ClientBuilder::event_lag`] allows, misses the oldest; [`EventStream::missed`] counts them.
    /// The client does not wait for a reader.
    pub fn events(&self) -> EventStream<ServerMessage> {
        self.shared.events.messages.subscribe()
    }

    /// Returns the events of the space that the client does not handle itself, with their params as
    /// JSON; otherwise as [`events`](Self::events).
    pub fn events_raw(&self) -> EventStream<ServerEvent> {
        self.shared.events.server_events.subscribe()
    }

    /// Returns the number of messages of the space that were discarded, by reason: messages that
    /// cannot be read, events of an earlier session, answers to no open request. Each reason of the
    /// first kind is also [reported](Self::errors) once. [`EventStream::missed`] counts what a slow
    /// reader misses.
    pub fn discarded(&self) -> BTreeMap<Discarded, u64> {
        self.shared.events.discards()
    }

    /// Returns the history of the session and its credentials, to keep or to show; the recent
    /// entries first. The feature `timeline` draws it.
    pub fn history(&self) -> EventStream<HistoryEntry> {
        self.shared.events.history.subscribe()
    }

    /// The name of a caller, which is used once.
    fn reply_id(&self) -> ReplyId {
        ReplyId(self.shared.next_reply.fetch_add(1, Ordering::Relaxed))
    }

    async fn send(&self, what: What) {
        let command = Box::new(Command { id: self.reply_id(), what });
        // A closed channel says that the client has ended; the reply's channel says it too.
        let _ = self.shared.commands.send(command).await;
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("status", &*self.shared.events.status.borrow())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn handles_streams_and_errors_cross_threads() {
        fn crosses<T: Send + Sync + 'static>() {}
        crosses::<Client>();
        crosses::<EventStream<HistoryEntry>>();
        crosses::<Error>();
        crosses::<RpcError>();
        crosses::<RefreshError>();
        crosses::<CredentialStatus>();
    }
}
