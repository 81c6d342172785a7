//! What handles of a client wish for.

use std::time::Duration;

use tokio::sync::oneshot;

use super::{
    Status,
    driver::{Caller, Driver},
    resume::Beginning,
};
use crate::{
    Secret,
    cassette::{Text, Wish},
    lifecycle::{self, RefreshFailure},
    session::{self, CallId, RpcError},
};

/// A wish of a handle.
#[derive(Debug)]
pub(super) enum Command {
    Call {
        id: CallId,
        method: String,
        /// In JSON.
        params: Secret<String>,
        timeout: Option<Duration>,
        reply: oneshot::Sender<Result<Secret<String>, RpcError>>,
    },
    Cancel(CallId),
    Notify {
        method: String,
        /// In JSON.
        params: Secret<String>,
        reply: oneshot::Sender<Result<(), RpcError>>,
    },
    Register(oneshot::Sender<Result<(), RpcError>>),
    Unregister(oneshot::Sender<Result<(), RpcError>>),
    RefreshNow(oneshot::Sender<Result<(), RefreshFailure>>),
    Invalidate,
    Suspend(oneshot::Sender<()>),
    Resume,
    /// Forget the session.
    Reset {
        beginning: Box<Beginning>,
        reply: oneshot::Sender<()>,
    },
    Disconnect {
        /// For an operation in flight.
        patience: Duration,
        reply: oneshot::Sender<()>,
    },
}

impl Command {
    /// As it stands in a recording. `show` takes the secrets out of JSON.
    fn recorded(&self, show: &mut dyn FnMut(&str) -> Text) -> Wish {
        match self {
            Self::Call { id, method, params, timeout, .. } => Wish::Call {
                call: id.0,
                method: method.clone(),
                params: show(params.expose()),
                timeout: *timeout,
            },
            Self::Cancel(id) => Wish::Cancel { call: id.0 },
            Self::Notify { method, params, .. } => {
                Wish::Notify { method: method.clone(), params: show(params.expose()) }
            }
            Self::Register(_) => Wish::Register,
            Self::Unregister(_) => Wish::Unregister,
            Self::RefreshNow(_) => Wish::Refresh,
            Self::Invalidate => Wish::Invalidate,
            Self::Suspend(_) => Wish::Suspend,
            Self::Resume => Wish::Resume,
            Self::Reset { .. } => Wish::Reset,
            Self::Disconnect { patience, .. } => Wish::Disconnect { patience: *patience },
        }
    }
}

impl Driver {
    pub(super) fn command(&mut self, command: Command) {
        if let Some(recorder) = &self.config.recorder {
            recorder.wish(|show| command.recorded(show));
        }
        match command {
            Command::Call { id, method, params, timeout, reply } => {
                self.calls.insert(id, Caller::User(reply));
                self.session(session::Event::Call {
                    call: id,
                    method: &method,
                    params: &params,
                    timeout,
                    queue: true,
                });
            }
            Command::Cancel(id) => {
                self.calls.remove(&id);
                self.session(session::Event::Cancel(id));
            }
            Command::Notify { method, params, reply } => {
                let live = self.protocol.is_live();
                self.session(session::Event::Notify { method: &method, params: &params });
                let _ = reply.send(if live { Ok(()) } else { Err(RpcError::ConnectionLost) });
            }
            Command::Register(reply) => {
                self.registering.push(reply);
                self.session(session::Event::Register);
            }
            Command::Unregister(reply) => {
                self.unregistering.push(reply);
                self.session(session::Event::Unregister);
            }
            Command::RefreshNow(reply) => {
                let waiter = self.waiter();
                self.waiters.insert(waiter, reply);
                self.lifecycle(lifecycle::Event::RefreshNow(waiter));
            }
            Command::Invalidate => {
                if let Some(generation) = self.arbiter.newest() {
                    self.lifecycle(lifecycle::Event::Invalidate { generation });
                }
            }
            Command::Suspend(reply) => {
                self.leaving.push(reply);
                self.part();
            }
            Command::Resume => {
                self.parting = false;
                self.outlet.set_status(Status::Reconnecting);
                self.lifecycle(lifecycle::Event::Resume);
                self.session(session::Event::Connect);
            }
            Command::Reset { beginning, reply } => {
                if let (Some(recorder), Some(key)) = (&self.config.recorder, &beginning.key) {
                    recorder.learn_key(key.thumbprint());
                }
                self.resetting = Some((beginning, reply));
                self.part();
            }
            Command::Disconnect { patience, reply } => {
                self.leaving.push(reply);
                self.ending = Some(self.now().boot.saturating_add(patience));
                self.part();
            }
        }
    }
}
