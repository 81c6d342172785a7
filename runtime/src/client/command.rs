//! Commands from `Client` handles to the driver task.

use std::time::Duration;

use tokio::sync::oneshot;

use super::{Error, resume::InitialState, token::Acquired};
use crate::Secret;
use credwire_session::{ReplyId, RpcError, scheduler::RefreshError};

/// A command, and the caller that waits for its answer.
#[derive(Debug)]
pub(super) struct Command {
    /// Chosen by the handle; each is used once.
    pub(super) id: ReplyId,
    pub(super) what: What,
}

/// The kinds of commands.
#[derive(Debug)]
pub(super) enum What {
    Start(oneshot::Sender<Result<(), Error>>),
    Call {
        method: String,
        /// In JSON.
        params: Secret<String>,
        timeout: Option<Duration>,
        reply: oneshot::Sender<Result<Secret<String>, RpcError>>,
    },
    /// The caller no longer waits for the call of this id.
    Cancel,
    Notify {
        method: String,
        /// In JSON.
        params: Secret<String>,
        reply: oneshot::Sender<Result<(), RpcError>>,
    },
    Register(oneshot::Sender<Result<(), RpcError>>),
    Unregister(oneshot::Sender<Result<(), RpcError>>),
    RefreshNow(oneshot::Sender<Result<(), RefreshError>>),
    SetCredential {
        acquired: Box<Acquired>,
        reply: oneshot::Sender<Result<(), RefreshError>>,
    },
    Invalidate,
    Suspend(oneshot::Sender<()>),
    Resume,
    /// Forget the session and suspend.
    Reset {
        state: Box<InitialState>,
        reply: oneshot::Sender<()>,
    },
    Shutdown {
        /// For an operation in flight.
        patience: Duration,
        reply: oneshot::Sender<()>,
    },
}

/// The channel of a caller that waits.
#[derive(Debug)]
pub(super) enum Waiting {
    Started(oneshot::Sender<Result<(), Error>>),
    Called(oneshot::Sender<Result<Secret<String>, RpcError>>),
    Done(oneshot::Sender<Result<(), RpcError>>),
    Refreshed(oneshot::Sender<Result<(), RefreshError>>),
    Left(oneshot::Sender<()>),
}
