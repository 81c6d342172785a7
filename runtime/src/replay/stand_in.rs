//! The recorded provider and the recorded space.

use std::{
    io,
    sync::Arc,
    task::{Context, Poll},
};

use futures_util::{FutureExt as _, future::BoxFuture};
use reqwest::{
    StatusCode,
    header::{HeaderMap, HeaderName, HeaderValue},
};

use super::script::Script;
use crate::{
    AuthenticateContext, CredentialError, CredentialProvider, SdkCredential, Secret,
    cassette::{
        channel::Channel,
        entry::{Kind, ProviderAnswer, ProviderMethod, ReceivedFrame, RequestFailure},
    },
    space::SpaceHosts,
    transport::{
        Closed, HttpAnswer, HttpError, HttpRequest, Incoming, OpenError, Opened, Socket, Transport,
    },
};

/// Returns what the recorded provider returned.
pub(super) struct Provider {
    pub(super) script: Arc<Script>,
    pub(super) can_refresh: bool,
}

impl Provider {
    async fn asked(&self, method: ProviderMethod) -> Result<SdkCredential, CredentialError> {
        let Some(channel) = self.script.begin(&Kind::Asked { call: 0, method }) else {
            return std::future::pending().await;
        };
        let Kind::Answered { answer, .. } = self.script.answered(channel).await else {
            return std::future::pending().await;
        };
        match answer.clone() {
            ProviderAnswer::Credential { token, authorization_state, expiry_at, expires_in } => {
                // As it was, valid or not.
                let mut credential = SdkCredential::from_token("");
                credential.token = token.map(Secret::new);
                credential.authorization_state = authorization_state.map(Secret::new);
                credential.expiry_at = expiry_at;
                credential.expires_in = expires_in;
                Ok(credential)
            }
            ProviderAnswer::Error { transient: true, retry_after, message } => {
                let error = CredentialError::transient(message);
                Err(match retry_after {
                    Some(delay) => error.with_retry_after(delay),
                    None => error,
                })
            }
            ProviderAnswer::Error { message, .. } => Err(CredentialError::permanent(message)),
            // As the recorded provider did; without a message, for there is no fault here.
            ProviderAnswer::Panic => std::panic::resume_unwind(Box::new("recorded")),
        }
    }
}

impl CredentialProvider for Provider {
    async fn authenticate(
        &self,
        _: &AuthenticateContext,
    ) -> Result<SdkCredential, CredentialError> {
        self.asked(ProviderMethod::Authenticate).await
    }

    fn refresh(
        &self,
    ) -> Option<impl Future<Output = Result<SdkCredential, CredentialError>> + Send> {
        self.can_refresh.then(|| self.asked(ProviderMethod::Refresh))
    }
}

/// Answers as the recorded space did.
pub(super) struct Space {
    pub(super) script: Arc<Script>,
}

impl Space {
    async fn answered(&self, request: HttpRequest<'_>) -> Result<HttpAnswer, HttpError> {
        let body =
            request.body.map(|body| self.script.of_client(&String::from_utf8_lossy(body.expose())));
        let found = Kind::Request {
            call: 0,
            method: request.method.to_string(),
            url: format!("{}{}", request.origin, request.path),
            bearer: request.bearer.map(|token| token.expose().clone()),
            body,
        };
        let Some(channel) = self.script.begin(&found) else {
            return std::future::pending().await;
        };
        match self.script.answered(channel).await {
            Kind::Response { status, headers, body, .. } => {
                let headers = headers.iter().filter_map(|(name, value)| {
                    let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
                    Some((name, HeaderValue::from_str(value).ok()?))
                });
                Ok(HttpAnswer {
                    status: StatusCode::from_u16(*status).unwrap_or_default(),
                    headers: headers.collect::<HeaderMap>(),
                    body: Secret::new(self.script.to_client(body).into_bytes()),
                })
            }
            Kind::RequestFailed { cause: failure, message, .. } => {
                let cause = io::Error::other(message.clone()).into();
                Err(match failure {
                    RequestFailure::Unsendable => HttpError::Unsendable,
                    RequestFailure::TooLarge => HttpError::TooLarge,
                    RequestFailure::Timeout => HttpError::Timeout(cause),
                    RequestFailure::Network => HttpError::Network(cause),
                })
            }
            _ => std::future::pending().await,
        }
    }

    async fn opened(&self, hosts: &SpaceHosts) -> Opened {
        let found = Kind::Open { socket: 0, url: hosts.socket_url() };
        let Some(channel) = self.script.begin(&found) else {
            return std::future::pending().await;
        };
        match self.script.answered(channel).await {
            Kind::Opened { .. } => {
                let script = Arc::clone(&self.script);
                Ok(Box::new(PlayedSocket { script, channel, incoming: None }))
            }
            Kind::OpenFailed { message, retry_after, .. } => {
                Err(OpenError::new(io::Error::other(message.clone()), *retry_after))
            }
            _ => std::future::pending().await,
        }
    }
}

impl std::fmt::Debug for Space {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Space").finish_non_exhaustive()
    }
}

impl Transport for Space {
    fn exchange<'a>(
        &'a self,
        request: HttpRequest<'a>,
    ) -> BoxFuture<'a, Result<HttpAnswer, HttpError>> {
        self.answered(request).boxed()
    }

    fn open<'a>(&'a self, hosts: &'a SpaceHosts) -> BoxFuture<'a, Opened> {
        self.opened(hosts).boxed()
    }
}

struct PlayedSocket {
    script: Arc<Script>,
    channel: Channel,
    incoming: Option<BoxFuture<'static, Incoming>>,
}

impl PlayedSocket {
    fn number(&self) -> u64 {
        if let Channel::Socket(number) = self.channel { number } else { 0 }
    }
}

impl Socket for PlayedSocket {
    fn send(&mut self, text: &Secret<String>) {
        let frame = self.script.of_client(text.expose());
        self.script.go_on(self.channel, &Kind::Sent { socket: self.number(), frame });
    }

    fn ping(&mut self) {
        self.script.go_on(self.channel, &Kind::Ping { socket: self.number() });
    }

    fn is_backlogged(&self) -> bool {
        false
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Incoming> {
        let (script, channel) = (&self.script, self.channel);
        let incoming =
            self.incoming.get_or_insert_with(|| next(Arc::clone(script), channel).boxed());
        let polled = incoming.poll_unpin(cx);
        if polled.is_ready() {
            self.incoming = None;
        }
        polled
    }

    fn close(self: Box<Self>) -> BoxFuture<'static, ()> {
        self.script.go_on(self.channel, &Kind::Close { socket: self.number() });
        std::future::ready(()).boxed()
    }
}

async fn next(script: Arc<Script>, channel: Channel) -> Incoming {
    match script.answered(channel).await {
        Kind::Received { frame: ReceivedFrame::Text { frame }, .. } => {
            Incoming::Text(script.to_client(frame).into())
        }
        Kind::Received { frame: ReceivedFrame::Binary { length }, .. } => Incoming::Binary(*length),
        Kind::Received { frame: ReceivedFrame::Control, .. } => Incoming::Control,
        Kind::Lost { reason, code, .. } => {
            Incoming::Closed(Closed { code: *code, reason: reason.clone() })
        }
        _ => std::future::pending().await,
    }
}
