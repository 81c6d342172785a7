//! A transport and a provider that are recorded.

use std::{
    collections::BTreeMap,
    sync::Arc,
    task::{Context, Poll},
};

use credwire_core::secrecy::{error_chain, names_secret};
use futures_util::{FutureExt as _, future::BoxFuture};
use reqwest::header::HeaderMap;

use super::{
    entry::{
        Kind, ProviderAnswer, ProviderMethod, ReceivedFrame, RecordedCommand, RequestFailure,
        THUMBPRINT, Text,
    },
    recorder::Recorder,
    redactor::Redactor,
};
use crate::{
    AuthenticateContext, CredentialError, CredentialErrorKind, CredentialProvider, SdkCredential,
    Secret,
    space::SpaceHosts,
    transport::{Closed, HttpAnswer, HttpError, HttpRequest, Incoming, Opened, Socket, Transport},
};
use credwire_generated::DynCredentialProvider;

/// Headers that steer a client; no other is recorded.
const HEADERS: [&str; 5] =
    ["content-type", "date", "dpop-nonce", "retry-after", "www-authenticate"];

/// Records what goes through a transport.
#[derive(Debug)]
pub(crate) struct Recorded {
    transport: Arc<dyn Transport>,
    recorder: Arc<Recorder>,
}

impl Recorded {
    pub(crate) fn new(transport: Arc<dyn Transport>, recorder: Arc<Recorder>) -> Self {
        Self { transport, recorder }
    }

    async fn exchanged(&self, request: HttpRequest<'_>) -> Result<HttpAnswer, HttpError> {
        let call = self.recorder.next_call();
        self.recorder.note(|redactor| Kind::Request {
            call,
            method: request.method.to_string(),
            url: redactor.text(&format!("{}{}", request.origin, request.path)),
            bearer: request.bearer.map(|token| redactor.secret(token.expose()).to_string()),
            body: request.body.as_ref().map(|body| content(redactor, body)),
        });
        let result = self.transport.exchange(request).await;
        self.recorder.note(|redactor| match &result {
            Ok(answer) => Kind::Response {
                call,
                status: answer.status.as_u16(),
                headers: headers(redactor, &answer.headers),
                body: content(redactor, &answer.body),
            },
            Err(error) => {
                let (cause, message) = match error {
                    HttpError::Unsendable => (RequestFailure::Unsendable, String::new()),
                    HttpError::TooLarge => (RequestFailure::TooLarge, String::new()),
                    HttpError::Timeout(cause) => (RequestFailure::Timeout, error_chain(&**cause)),
                    HttpError::Network(cause) => (RequestFailure::Network, error_chain(&**cause)),
                };
                Kind::RequestFailed { call, cause, message: redactor.message(&message) }
            }
        });
        result
    }

    async fn opened(&self, hosts: &SpaceHosts) -> Opened {
        let socket = self.recorder.next_socket();
        self.recorder
            .note(|redactor| Kind::Open { socket, url: redactor.text(&hosts.socket_url()) });
        match self.transport.open(hosts).await {
            Ok(inner) => {
                self.recorder.note(|_| Kind::Opened { socket });
                let recorder = Arc::clone(&self.recorder);
                Ok(Box::new(RecordedSocket { inner, recorder, socket }))
            }
            Err(error) => {
                let (message, retry_after) = (error_chain(&error), error.retry_after());
                self.recorder.note(|redactor| Kind::OpenFailed {
                    socket,
                    message: redactor.message(&message),
                    retry_after,
                });
                Err(error)
            }
        }
    }
}

impl Transport for Recorded {
    fn exchange<'a>(
        &'a self,
        request: HttpRequest<'a>,
    ) -> BoxFuture<'a, Result<HttpAnswer, HttpError>> {
        self.exchanged(request).boxed()
    }

    fn open<'a>(&'a self, hosts: &'a SpaceHosts) -> BoxFuture<'a, Opened> {
        self.opened(hosts).boxed()
    }
}

fn content(redactor: &mut Redactor, body: &Secret<Vec<u8>>) -> Text {
    redactor.content(&String::from_utf8_lossy(body.expose()))
}

fn headers(redactor: &mut Redactor, headers: &HeaderMap) -> BTreeMap<String, String> {
    let known = headers.iter().filter(|(name, _)| HEADERS.contains(&name.as_str()));
    let shown = known.map(|(name, value)| {
        let value = String::from_utf8_lossy(value.as_bytes());
        let value = if names_secret(name.as_str()) {
            redactor.secret(&value).to_string()
        } else {
            redactor.text(&value)
        };
        (name.to_string(), value)
    });
    shown.collect()
}

struct RecordedSocket {
    inner: Box<dyn Socket>,
    recorder: Arc<Recorder>,
    socket: u64,
}

impl Socket for RecordedSocket {
    fn send(&mut self, text: &Secret<String>) {
        let socket = self.socket;
        self.recorder
            .note(|redactor| Kind::Sent { socket, frame: redactor.content(text.expose()) });
        self.inner.send(text);
    }

    fn ping(&mut self) {
        self.recorder.note(|_| Kind::Ping { socket: self.socket });
        self.inner.ping();
    }

    fn is_backlogged(&self) -> bool {
        self.inner.is_backlogged()
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Incoming> {
        let socket = self.socket;
        let polled = self.inner.poll(cx);
        if let Poll::Ready(incoming) = &polled {
            self.recorder.note(|redactor| match incoming {
                Incoming::Text(text) => {
                    let frame = ReceivedFrame::Text { frame: redactor.content(text) };
                    Kind::Received { socket, frame }
                }
                Incoming::Binary(length) => {
                    Kind::Received { socket, frame: ReceivedFrame::Binary { length: *length } }
                }
                Incoming::Control => Kind::Received { socket, frame: ReceivedFrame::Control },
                Incoming::Closed(Closed { code, reason }) => {
                    Kind::Lost { socket, reason: redactor.message(reason), code: *code }
                }
            });
        }
        polled
    }

    fn close(self: Box<Self>) -> BoxFuture<'static, ()> {
        self.recorder.note(|_| Kind::Close { socket: self.socket });
        self.inner.close()
    }
}

/// Records the calls of a provider and their results. How it acquires a credential is not recorded.
pub(crate) struct RecordedProvider {
    provider: Box<dyn DynCredentialProvider>,
    recorder: Arc<Recorder>,
}

type Answer = Result<SdkCredential, CredentialError>;

impl RecordedProvider {
    pub(crate) fn new(provider: Box<dyn DynCredentialProvider>, recorder: Arc<Recorder>) -> Self {
        Self { provider, recorder }
    }

    async fn asked(
        &self,
        method: ProviderMethod,
        answer: impl Future<Output = Answer> + Send,
    ) -> Answer {
        let call = self.recorder.next_call();
        self.recorder.note(|_| Kind::Asked { call, method });
        let panicking = Panicking { recorder: &self.recorder, call, armed: true };
        let answer = answer.await;
        panicking.disarm();
        self.recorder.note(|redactor| Kind::Answered { call, answer: answered(redactor, &answer) });
        answer
    }
}

impl CredentialProvider for RecordedProvider {
    async fn authenticate(&self, context: &AuthenticateContext) -> Answer {
        self.asked(ProviderMethod::Authenticate, self.provider.authenticate(context)).await
    }

    fn refresh(&self) -> Option<impl Future<Output = Answer> + Send> {
        self.provider.refresh().map(|answer| self.asked(ProviderMethod::Refresh, answer))
    }
}

fn answered(redactor: &mut Redactor, answer: &Answer) -> ProviderAnswer {
    match answer {
        Ok(credential) => ProviderAnswer::Credential {
            token: credential.token.as_ref().map(|it| redactor.secret(it.expose()).to_string()),
            authorization_state: credential
                .authorization_state
                .as_ref()
                .map(|it| redactor.secret(it.expose()).to_string()),
            expiry_at: credential.expiry_at,
            expires_in: credential.expires_in,
        },
        Err(error) => {
            let retry_after = match error.kind() {
                CredentialErrorKind::Transient { retry_after } => retry_after,
                _ => None,
            };
            let message = redactor.message(&error_chain(error));
            ProviderAnswer::Error { transient: error.is_transient(), retry_after, message }
        }
    }
}

/// Notes a panic of the provider while it passes by.
struct Panicking<'a> {
    recorder: &'a Recorder,
    call: u64,
    armed: bool,
}

impl Panicking<'_> {
    fn disarm(mut self) {
        self.armed = false;
    }
}

impl Drop for Panicking<'_> {
    fn drop(&mut self) {
        if self.armed && std::thread::panicking() {
            self.recorder
                .note(|_| Kind::Answered { call: self.call, answer: ProviderAnswer::Panic });
        }
    }
}

impl Recorder {
    /// The client has another key.
    pub(crate) fn learn_key(&self, thumbprint: &str) {
        self.redact(|redactor| drop(redactor.learn(thumbprint, THUMBPRINT)));
    }

    /// Notes a command of the application.
    pub(crate) fn command(&self, command: impl FnOnce(&mut Redactor) -> Option<RecordedCommand>) {
        self.note_some(|redactor| Some(Kind::Command { command: command(redactor)? }));
    }
}
