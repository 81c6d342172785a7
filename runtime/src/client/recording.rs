//! The recording of a client (feature `recording`).

use std::{path::PathBuf, sync::Arc};

use credwire_core::Clock;
use credwire_generated::DynCredentialProvider;
use credwire_session::scheduler::CredentialKind;

use super::{
    ClientBuilder, Error, ErrorKind,
    command::{Command, What},
    events::Events,
    recording_options::RecordingOptions,
    resume::{InitialState, Saved},
};
use crate::{
    CredentialProvider as _,
    cassette::{
        Limits, NewerCredential, Recorded, RecordedCommand, RecordedProvider, RecordedSession,
        Recorder, Setup,
    },
    dpop::DpopKey,
    transport::Transport,
};

/// A recording that is being written.
#[derive(Debug)]
pub(super) struct Recording(Arc<Recorder>);

impl Recording {
    /// The same transport, with what goes through it on record.
    pub(super) fn transport(&self, transport: Arc<dyn Transport>) -> Arc<dyn Transport> {
        Arc::new(Recorded::new(transport, Arc::clone(&self.0)))
    }

    /// The same provider, with its calls and answers on record.
    pub(super) fn provider(
        &self,
        provider: Box<dyn DynCredentialProvider>,
    ) -> Box<dyn DynCredentialProvider> {
        Box::new(RecordedProvider::new(provider, Arc::clone(&self.0)))
    }

    /// Replaces this thumbprint of the client's key from now on.
    pub(super) fn learn_key(&self, thumbprint: &str) {
        self.0.learn_key(thumbprint);
    }

    /// Adds a command. A recording begins with a start of its own.
    pub(super) fn command(&self, command: &Command) {
        let call = command.id.0;
        self.0.command(|redactor| {
            Some(match &command.what {
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

    /// Writes the last line, and waits until it is written.
    pub(super) async fn end(&self) {
        self.0.end().await;
    }

    /// Writes the last line without waiting for it.
    pub(super) fn end_now(&self) {
        self.0.end_now();
    }
}

impl ClientBuilder {
    /// Records the session in a file, a [cassette](crate::recording), without its secrets; an
    /// earlier file of this name is replaced. The file is text, and can be replayed.
    ///
    /// A file that cannot be made is an error of [`connect`](Self::connect). When it cannot be
    /// written later, the session continues without it, and the error is
    /// [reported](super::Client::errors).
    ///
    /// ```
    /// # use credwire::{Client, providers::EnvCredentialProvider};
    /// # let provider = EnvCredentialProvider::new("SAT");
    /// let builder = Client::builder(provider).record("kiosk.jsonl").record_limit(1024 * 1024);
    /// # let _ = builder;
    /// ```
    pub fn record(mut self, path: impl Into<PathBuf>) -> Self {
        self.recording.path = Some(path.into());
        self
    }

    /// Sets the largest size of a recording in bytes, 64 MiB by default. The recording ends there,
    /// and the session continues. See [`record`](Self::record) for an example.
    pub fn record_limit(mut self, bytes: u64) -> Self {
        self.recording.size = bytes;
        self
    }

    /// Sets the largest memory of a recording in bytes, 8 MiB by default: the hashes and
    /// placeholders of the secrets that were replaced, and the lines that a slow disk has not taken
    /// yet. The recording ends there, and the session continues.
    ///
    /// ```
    /// # use credwire::{Client, providers::EnvCredentialProvider};
    /// # let provider = EnvCredentialProvider::new("SAT");
    /// let builder = Client::builder(provider).record("kiosk.jsonl").record_memory(1024 * 1024);
    /// # let _ = builder;
    /// ```
    pub fn record_memory(mut self, bytes: usize) -> Self {
        self.recording.memory = bytes;
        self
    }

    /// Begins the recording, if there is to be one.
    pub(super) fn recording(
        &self,
        initial: &InitialState,
        clock: &Arc<dyn Clock>,
        events: &Arc<Events>,
        seed: u64,
    ) -> Result<Option<Recording>, Error> {
        let RecordingOptions { path, size, memory } = &self.recording;
        let Some(path) = path else { return Ok(None) };
        let key = initial.key.as_deref();
        let setup = |hide: &mut dyn FnMut(&str) -> String| Setup {
            label: self.label.to_string(),
            agent: self.agent.clone(),
            seed,
            can_refresh: self.provider.refresh().is_some(),
            key: key.map(DpopKey::kind),
            domains: self.domains.clone(),
            htu: self.rest.htu,
            request_timeout: self.rest.timeout,
            device_lifetime: self.device_lifetime,
            settings: self.settings,
            policy: self.policy.clone(),
            resume: self.resume,
            stored: initial.saved.as_ref().map(|saved| recorded(saved, hide)),
        };
        let on_end = {
            let (events, clock) = (Arc::clone(events), Arc::clone(clock));
            move |end| {
                let message = "the session goes on, and is recorded no more";
                let error = Error::new(ErrorKind::Recording, message).because(end);
                events.failed(clock.now().wall, error);
            }
        };
        let thumbprint = key.map(DpopKey::thumbprint);
        let clock = Arc::clone(clock);
        let limits = Limits { size: *size, memory: *memory };
        Recorder::begin(path, limits, thumbprint, clock, setup, on_end)
            .map(|recorder| Some(Recording(Arc::new(recorder))))
            .map_err(|error| Error::configuration("the session cannot be recorded", error))
    }
}

/// A saved session in a recording. `hide` replaces the secrets.
pub(super) fn recorded(session: &Saved, hide: &mut dyn FnMut(&str) -> String) -> RecordedSession {
    let credential = &session.credential;
    RecordedSession {
        token: hide(credential.token.secret.expose()),
        bound: credential.kind == CredentialKind::Bound,
        expiry_at: credential.expiry,
        lifetime: credential.token.lifetime,
        authorization_state: session
            .resume
            .as_ref()
            .map(|state| hide(state.authorization_state.expose())),
        protocol: session.resume.as_ref().map(|state| state.protocol.clone()),
        newer: session.newer.as_ref().map(|newer| NewerCredential {
            token: hide(newer.token.secret.expose()),
            bound: newer.kind == CredentialKind::Bound,
            expiry_at: newer.expiry,
            lifetime: newer.token.lifetime,
        }),
    }
}
