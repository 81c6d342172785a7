//! Commands of handles, as inputs to the session.

use tokio::sync::oneshot;

use super::{
    command::{Command, Waiting, What},
    driver::Driver,
    resume::InitialState,
};
use crate::CredentialProvider as _;
use credwire_session::{Input, ReplyId, scheduler::Abilities};

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
