//! A transport and a provider that are recorded.

use std::{
    collections::BTreeMap,
    io,
    sync::Arc,
    task::{Context, Poll},
};

use futures_util::{FutureExt as _, future::BoxFuture};
use reqwest::header::HeaderMap;

use super::{
    entry::{Asked, Given, THUMBPRINT, Text, Unanswered, What, Wish},
    recorder::Recorder,
    redact::Redactor,
    secrecy::names_secret,
};
use crate::{
    AuthenticateContext, CredentialError, CredentialErrorKind, SdkCredential, Secret,
    client::DynProvider,
    space::SpaceHosts,
    transport::{HttpAnswer, HttpError, HttpRequest, Incoming, Socket, Transport},
};

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
        self.recorder.note(|redactor| What::Request {
            call,
            method: request.method.to_string(),
            url: redactor.text(&format!("{}{}", request.origin, request.path)),
            bearer: request.bearer.map(|token| redactor.secret(token.expose())),
            body: request.body.as_ref().map(|body| content(redactor, body)),
        });
        let result = self.transport.exchange(request).await;
        self.recorder.note(|redactor| match &result {
            Ok(answer) => What::Response {
                call,
                status: answer.status.as_u16(),
                headers: headers(redactor, &answer.headers),
                body: content(redactor, &answer.body),
            },
            Err(error) => {
                let (why, message) = match error {
                    HttpError::Unsendable => (Unanswered::Unsendable, String::new()),
                    HttpError::TooLarge => (Unanswered::TooLarge, String::new()),
                    HttpError::Timeout(cause) => (Unanswered::Timeout, cause.to_string()),
                    HttpError::Network(cause) => (Unanswered::Network, cause.to_string()),
                };
                What::Unanswered { call, why, message: redactor.text(&message) }
            }
        });
        result
    }

    async fn opened(&self, hosts: &SpaceHosts) -> io::Result<Box<dyn Socket>> {
        let socket = self.recorder.next_socket();
        self.recorder
            .note(|redactor| What::Open { socket, url: redactor.text(&hosts.socket_url()) });
        match self.transport.open(hosts).await {
            Ok(inner) => {
                self.recorder.note(|_| What::Opened { socket });
                let recorder = Arc::clone(&self.recorder);
                Ok(Box::new(RecordedSocket { inner, recorder, socket }))
            }
            Err(error) => {
                let message = error.to_string();
                self.recorder
                    .note(|redactor| What::NotOpened { socket, message: redactor.text(&message) });
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

    fn open<'a>(&'a self, hosts: &'a SpaceHosts) -> BoxFuture<'a, io::Result<Box<dyn Socket>>> {
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
            redactor.secret(&value)
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
            .note(|redactor| What::Sent { socket, frame: redactor.content(text.expose()) });
        self.inner.send(text);
    }

    fn ping(&mut self) {
        self.recorder.note(|_| What::Ping { socket: self.socket });
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
                Incoming::Text(text) => What::Received { socket, frame: redactor.content(text) },
                Incoming::Other => What::Heard { socket },
                Incoming::Closed(reason) => What::Lost { socket, reason: redactor.text(reason) },
            });
        }
        polled
    }

    fn close(self: Box<Self>) -> BoxFuture<'static, ()> {
        self.recorder.note(|_| What::Close { socket: self.socket });
        self.inner.close()
    }
}

/// Records what a provider is asked and gives. How it came by it stays its own affair.
pub(crate) struct RecordedProvider {
    provider: Box<dyn DynProvider>,
    recorder: Arc<Recorder>,
}

type Answer = Result<SdkCredential, CredentialError>;

impl RecordedProvider {
    pub(crate) fn new(provider: Box<dyn DynProvider>, recorder: Arc<Recorder>) -> Self {
        Self { provider, recorder }
    }

    async fn asked(&self, of: Asked, answer: BoxFuture<'_, Answer>) -> Answer {
        let call = self.recorder.next_call();
        self.recorder.note(|_| What::Ask { call, of });
        let panicking = Panicking { recorder: &self.recorder, call, armed: true };
        let answer = answer.await;
        panicking.disarm();
        self.recorder.note(|redactor| What::Given { call, answer: given(redactor, &answer) });
        answer
    }
}

impl DynProvider for RecordedProvider {
    fn authenticate<'a>(&'a self, context: &'a AuthenticateContext) -> BoxFuture<'a, Answer> {
        self.asked(Asked::Authenticate, self.provider.authenticate(context)).boxed()
    }

    fn can_refresh(&self) -> bool {
        self.provider.can_refresh()
    }

    fn refresh(&self) -> BoxFuture<'_, Answer> {
        self.asked(Asked::Refresh, self.provider.refresh()).boxed()
    }
}

fn given(redactor: &mut Redactor, answer: &Answer) -> Given {
    match answer {
        Ok(credential) => Given::Credential {
            token: credential.token.as_ref().map(|it| redactor.secret(it.expose())),
            authorization_state: credential
                .authorization_state
                .as_ref()
                .map(|it| redactor.secret(it.expose())),
            expiry_at: credential.expiry_at,
        },
        Err(error) => {
            let retry_after = match error.kind() {
                CredentialErrorKind::Transient { retry_after } => retry_after,
                _ => None,
            };
            let message = redactor.text(&error.to_string());
            Given::Error { transient: error.is_transient(), retry_after, message }
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
            self.recorder.note(|_| What::Given { call: self.call, answer: Given::Panic });
        }
    }
}

impl Recorder {
    /// The client has another key.
    pub(crate) fn learn_key(&self, thumbprint: &str) {
        self.redact(|redactor| redactor.learn(thumbprint, THUMBPRINT));
    }

    /// Notes a wish of the application.
    pub(crate) fn wish(&self, wish: impl FnOnce(&mut dyn FnMut(&str) -> Text) -> Wish) {
        self.note(|redactor| What::Wish { wish: wish(&mut |text| redactor.content(text)) });
    }
}
