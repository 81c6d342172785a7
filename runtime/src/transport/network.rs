//! The transport that is one.

use std::{io, time::Duration};

use futures_util::{FutureExt as _, future::BoxFuture};
use http_body_util::Full;
use hyper::{
    Request,
    body::Bytes,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue},
};

use super::{
    HttpAnswer, HttpError, HttpRequest, Opened, Socket, Transport,
    turns::Turns,
    websocket::{SocketBounds, WebSocket},
};
use crate::{
    Secret,
    net::Network,
    response::{BodyError, read_body},
    space::SpaceHosts,
};

/// Largest body that is read.
const MAX_BODY: usize = 1024 * 1024;
/// For opening a socket: name, TCP, TLS and the WebSocket handshake.
const OPEN_TIMEOUT: Duration = Duration::from_secs(10);

static HANDSHAKES: Turns = Turns::new();

/// Requests over HTTPS and sockets over TLS.
#[derive(Debug)]
pub(crate) struct OverNetwork {
    network: Network,
    /// The time for one request, to the last byte of the answer.
    timeout: Duration,
    bounds: SocketBounds,
}

impl OverNetwork {
    /// `timeout` is the time for one request, to the last byte of the answer.
    pub(crate) const fn new(network: Network, timeout: Duration, bounds: SocketBounds) -> Self {
        Self { network, timeout, bounds }
    }

    async fn send(&self, request: HttpRequest<'_>) -> Result<HttpAnswer, HttpError> {
        let request = to_hyper(request)?;
        let mut head = None;
        let whole = async {
            let response = self.network.request(request).await;
            let (parts, body) =
                response.map_err(|error| HttpError::Network(error.into()))?.into_parts();
            head = Some((parts.status, parts.headers));
            read_body(body, MAX_BODY).await.map_err(|error| match error {
                BodyError::TooLarge => HttpError::TooLarge,
                BodyError::Failed(error) => HttpError::Network(error.into()),
            })
        };
        let body = match tokio::time::timeout(self.timeout, whole).await {
            Ok(read) => read,
            Err(elapsed) => Err(HttpError::Timeout(elapsed.into())),
        };
        match (head, body) {
            (Some((status, headers)), Ok(body)) => Ok(HttpAnswer { status, headers, body }),
            (Some((status, headers)), Err(_)) if !status.is_success() => {
                Ok(HttpAnswer { status, headers, body: Secret::new(Vec::new()) })
            }
            (_, Err(error)) => Err(error),
            // Only a response has a body.
            (None, Ok(_)) => Err(HttpError::Network("no response".into())),
        }
    }
}

fn to_hyper(request: HttpRequest<'_>) -> Result<Request<Full<Bytes>>, HttpError> {
    let mut builder = Request::builder()
        .method(request.method)
        .uri(format!("{}{}", request.origin, request.path))
        .header(ACCEPT, "application/json");
    if let Some(token) = request.bearer {
        let mut value = HeaderValue::try_from(format!("Bearer {}", token.expose()))
            .map_err(|_| HttpError::Unsendable)?;
        value.set_sensitive(true);
        builder = builder.header(AUTHORIZATION, value);
    }
    let body = match request.body {
        None => Full::default(),
        Some(body) => {
            builder = builder.header(CONTENT_TYPE, "application/json");
            Full::new(Bytes::copy_from_slice(body.expose()))
        }
    };
    builder.body(body).map_err(|error| HttpError::Network(error.into()))
}

impl Transport for OverNetwork {
    fn exchange<'a>(
        &'a self,
        request: HttpRequest<'a>,
    ) -> BoxFuture<'a, Result<HttpAnswer, HttpError>> {
        self.send(request).boxed()
    }

    fn open<'a>(&'a self, hosts: &'a SpaceHosts) -> BoxFuture<'a, Opened> {
        async {
            let _turn = HANDSHAKES.take(&hosts.socket_authority()).await;
            let opening = WebSocket::open(&self.network, hosts, self.bounds);
            let opened = tokio::time::timeout(OPEN_TIMEOUT, opening).await;
            let no_answer = || io::Error::new(io::ErrorKind::TimedOut, "no answer in time");
            let socket = opened.map_err(|_| no_answer())??;
            Ok(Box::new(socket) as Box<dyn Socket>)
        }
        .boxed()
    }
}
