//! A provider with scripted answers.

use std::{
    collections::VecDeque,
    future::pending,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{AuthenticateContext, CredentialError, CredentialProvider, SdkCredential, Secret};
use credwire_core::Clock;

/// A scripted answer of a [`ScriptedProvider`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ScriptedReply {
    /// A [made-up token](made_up_token) with this lifetime.
    Lasting(Duration),
    /// This credential.
    Given(SdkCredential),
    /// A transient error.
    Transient,
    /// A transient error with the time after which to ask again.
    RetryAfter(Duration),
    /// A permanent error.
    Permanent,
    /// No answer at all.
    Hang,
    /// A panic.
    Panic,
    /// Another answer after this delay.
    Late(Duration, Box<Self>),
}

/// A provider that returns one [`ScriptedReply`] after the other. The last one is repeated; without
/// any, `authenticate()` fails permanently and there is no `refresh()`.
#[derive(Debug)]
pub struct ScriptedProvider {
    clock: Arc<dyn Clock>,
    authenticate: Script,
    refresh: Option<Script>,
}

type Script = Mutex<VecDeque<ScriptedReply>>;

impl ScriptedProvider {
    /// Creates a provider whose credentials expire by `clock`.
    pub fn new(clock: impl Clock) -> Self {
        Self { clock: Arc::new(clock), authenticate: Mutex::default(), refresh: None }
    }

    /// Sets the answers of `authenticate()`.
    #[must_use]
    pub fn authenticate(mut self, replies: impl IntoIterator<Item = ScriptedReply>) -> Self {
        self.authenticate = Mutex::new(replies.into_iter().collect());
        self
    }

    /// Sets the answers of `refresh()`.
    #[must_use]
    pub fn refresh(mut self, replies: impl IntoIterator<Item = ScriptedReply>) -> Self {
        self.refresh = Some(Mutex::new(replies.into_iter().collect()));
        self
    }

    async fn answer(&self, script: &Script) -> Result<SdkCredential, CredentialError> {
        let mut reply = next(script);
        while let ScriptedReply::Late(delay, then) = reply {
            tokio::time::sleep(delay).await;
            reply = *then;
        }
        match reply {
            ScriptedReply::Lasting(lifetime) => {
                let expiry = self.clock.now().wall.saturating_add(lifetime);
                Ok(SdkCredential::from_token(made_up_token()).with_expiry_at(expiry))
            }
            ScriptedReply::Given(credential) => Ok(credential),
            ScriptedReply::RetryAfter(delay) => {
                Err(CredentialError::transient("a scripted failure").with_retry_after(delay))
            }
            ScriptedReply::Permanent => Err(CredentialError::permanent("a scripted refusal")),
            ScriptedReply::Hang => pending().await,
            #[allow(clippy::panic, reason = "asked for by the test")]
            ScriptedReply::Panic => panic!("a scripted panic"),
            ScriptedReply::Transient | ScriptedReply::Late(..) => {
                Err(CredentialError::transient("a scripted failure"))
            }
        }
    }
}

fn next(script: &Script) -> ScriptedReply {
    let mut script = script.lock().unwrap_or_else(PoisonError::into_inner);
    let last = script.len() <= 1;
    let reply = if last { script.front().cloned() } else { script.pop_front() };
    reply.unwrap_or(ScriptedReply::Permanent)
}

impl CredentialProvider for ScriptedProvider {
    async fn authenticate(
        &self,
        _: &AuthenticateContext,
    ) -> Result<SdkCredential, CredentialError> {
        self.answer(&self.authenticate).await
    }

    fn refresh(
        &self,
    ) -> Option<impl Future<Output = Result<SdkCredential, CredentialError>> + Send> {
        self.refresh.as_ref().map(|script| self.answer(script))
    }
}

/// Returns a made-up token in the form of a real one: its header names a space of the vendor's
/// domain. Each call returns another token.
pub fn made_up_token() -> Secret<String> {
    static COUNT: AtomicU64 = AtomicU64::new(1);
    let header = URL_SAFE_NO_PAD.encode(r#"{"typ":"SAT","ch":"puc.signalwire.com"}"#);
    let serial = URL_SAFE_NO_PAD.encode(COUNT.fetch_add(1, Ordering::Relaxed).to_string());
    Secret::new(format!("{header}..{serial}.made-up.token"))
}
