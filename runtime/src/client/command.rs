//! Commands from `Client` handles to the driver task.

use std::time::Duration;

use tokio::sync::oneshot;

use super::{Error, driver::Driver, resume::InitialState, token::Acquired};
use crate::{CredentialProvider as _, Secret};
use credwire_session::{
    Input, ReplyId, RpcError,
    scheduler::{Abilities, RefreshError},
};

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

impl Driver {
    pub(super) fn command(&mut self, command: Command) {
        if let Some(recording) = &self.config.recording {
            recording.command(&command);
        }
        let Command { id, what } = command;
        match what {
            What::Start(reply) => {
                self.waiting.insert(id, Waiting::Started(reply));
                self.handle(Input::Start(id));
            }
            What::Call { method, params, timeout, reply } => {
                self.waiting.insert(id, Waiting::Called(reply));
                let (method, params) = (&*method, &params);
                self.handle(Input::Call { reply: id, method, params, timeout });
            }
            What::Cancel => {
                self.waiting.remove(&id);
                self.handle(Input::Cancel(id));
            }
            What::Notify { method, params, reply } => {
                self.waiting.insert(id, Waiting::Done(reply));
                self.handle(Input::Notify { reply: id, method: &method, params: &params });
            }
            What::Register(reply) => {
                self.waiting.insert(id, Waiting::Done(reply));
                self.handle(Input::Register(id));
            }
            What::Unregister(reply) => {
                self.waiting.insert(id, Waiting::Done(reply));
                self.handle(Input::Unregister(id));
            }
            What::RefreshNow(reply) => {
                self.waiting.insert(id, Waiting::Refreshed(reply));
                self.handle(Input::RefreshNow(id));
            }
            What::SetCredential { acquired, reply } => {
                self.waiting.insert(id, Waiting::Refreshed(reply));
                let credential = acquired.credential;
                self.handle(Input::SetCredential { reply: id, credential });
            }
            What::Invalidate => self.handle(Input::Invalidate),
            What::Suspend(reply) => {
                self.waiting.insert(id, Waiting::Left(reply));
                self.handle(Input::Suspend(id));
            }
            What::Resume => self.handle(Input::Resume),
            What::Reset { state, reply } => self.reset(id, *state, reply),
            What::Shutdown { patience, reply } => {
                self.waiting.insert(id, Waiting::Left(reply));
                self.handle(Input::Shutdown { patience, reply: id });
            }
        }
    }

    fn reset(&mut self, id: ReplyId, state: InitialState, reply: oneshot::Sender<()>) {
        let InitialState { key, stored_key, .. } = state;
        if let (Some(recording), Some(key)) = (&self.config.recording, &key) {
            recording.learn_key(key.thumbprint());
        }
        self.waiting.insert(id, Waiting::Left(reply));
        self.key = key;
        self.stored_key = stored_key;
        let refresh = self.config.provider.refresh().is_some();
        let abilities = Abilities { dpop: self.key.is_some(), refresh };
        self.handle(Input::Reset { abilities, reply: id });
    }
}
