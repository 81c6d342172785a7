//! Commands from `Client` handles to the driver task.

use std::time::Duration;

use tokio::sync::oneshot;

use super::{Error, driver::Driver, resume::InitialState, token::Acquired};
use crate::{
    CredentialProvider as _, Secret,
    cassette::{RecordedCommand, Recorder},
    lifecycle::{Abilities, RefreshError},
    session::RpcError,
};
use credwire_session::{Input, ReplyId};

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

impl Command {
    /// Adds the command to a recording, which begins with a start of its own.
    fn record(&self, recorder: &Recorder) {
        let call = self.id.0;
        recorder.command(|redactor| {
            Some(match &self.what {
                What::Start(_) => return None,
                What::Call { method, params, timeout, .. } => RecordedCommand::Call {
                    call,
                    method: method.clone(),
                    params: redactor.content(params.expose()),
                    timeout: *timeout,
                },
                What::Cancel => RecordedCommand::Cancel { call },
                What::Notify { method, params, .. } => RecordedCommand::Notify {
                    method: method.clone(),
                    params: redactor.content(params.expose()),
                },
                What::Register(_) => RecordedCommand::Register,
                What::Unregister(_) => RecordedCommand::Unregister,
                What::RefreshNow(_) => RecordedCommand::Refresh,
                What::SetCredential { acquired, .. } => RecordedCommand::SetCredential {
                    token: redactor.secret(acquired.credential.token.secret.expose()).to_string(),
                    expiry_at: acquired.credential.expiry,
                    lifetime: acquired.credential.lifetime,
                },
                What::Invalidate => RecordedCommand::Invalidate,
                What::Suspend(_) => RecordedCommand::Suspend,
                What::Resume => RecordedCommand::Resume,
                What::Reset { .. } => RecordedCommand::Reset,
                What::Shutdown { patience, .. } => {
                    RecordedCommand::Disconnect { patience: *patience }
                }
            })
        });
    }
}

impl Driver {
    pub(super) fn command(&mut self, command: Command) {
        if let Some(recorder) = &self.config.recorder {
            command.record(recorder);
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
        if let (Some(recorder), Some(key)) = (&self.config.recorder, &key) {
            recorder.learn_key(key.thumbprint());
        }
        self.waiting.insert(id, Waiting::Left(reply));
        self.key = key;
        self.stored_key = stored_key;
        let refresh = self.config.provider.refresh().is_some();
        let abilities = Abilities { dpop: self.key.is_some(), refresh };
        self.handle(Input::Reset { abilities, reply: id });
    }
}
