//! The transport that is one.

use std::{io, time::Duration};

use futures_util::{FutureExt as _, future::BoxFuture};
use reqwest::{
    Response,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue},
};

use tokio::sync::Semaphore;

use super::{HttpAnswer, HttpError, HttpRequest, Socket, Transport, websocket::WebSocket};
use crate::{
    Secret,
    net::{Network, TlsError},
    space::SpaceHosts,
};

/// Largest body that is read.
const MAX_BODY: usize = 1024 * 1024;
/// For opening a socket: name, TCP, TLS and the WebSocket handshake.
const OPEN_TIMEOUT: Duration = Duration::from_secs(10);

/// Handshakes under way in this process. When thousands of sessions lose their sockets at once,
/// their handshakes would take each other's time until all of them time out, again and again; so
/// they take turns, and the time of each starts with its turn.
static HANDSHAKES: Semaphore = Semaphore::const_new(64);

/// Requests over HTTPS and sockets over TLS.
#[derive(Debug)]
pub(crate) struct OverNetwork {
    network: Network,
    http: reqwest::Client,
    /// Largest message that is read from a socket.
    max_message: usize,
}

impl OverNetwork {
    /// `timeout` is the time for one request, to the last byte of the answer.
    ///
    /// # Errors
    /// When the HTTP client cannot be built.
    pub(crate) fn new(
        network: Network,
        timeout: Duration,
        max_message: usize,
    ) -> Result<Self, TlsError> {
        let http = network.http(timeout)?;
        Ok(Self { network, http, max_message })
    }

    async fn send(&self, request: HttpRequest<'_>) -> Result<HttpAnswer, HttpError> {
        let url = format!("{}{}", request.origin, request.path);
        let mut builder = self.http.request(request.method.clone(), url);
        if let Some(token) = request.bearer {
            let mut value = HeaderValue::try_from(format!("Bearer {}", token.expose()))
                .map_err(|_| HttpError::Unsendable)?;
            value.set_sensitive(true);
            builder = builder.header(ACCEPT, "application/json").header(AUTHORIZATION, value);
        }
        if let Some(body) = request.body {
            let body = body.expose().clone();
            builder = builder.header(CONTENT_TYPE, "application/json").body(body);
        }
        let response = builder.send().await.map_err(failed)?;
        let (status, headers) = (response.status(), response.headers().clone());
        Ok(HttpAnswer { status, headers, body: read_body(response).await? })
    }
}

impl Transport for OverNetwork {
    fn exchange<'a>(
        &'a self,
        request: HttpRequest<'a>,
    ) -> BoxFuture<'a, Result<HttpAnswer, HttpError>> {
        self.send(request).boxed()
    }

    fn open<'a>(&'a self, hosts: &'a SpaceHosts) -> BoxFuture<'a, io::Result<Box<dyn Socket>>> {
        async {
            // It is never closed, so there is always a turn.
            let _turn = HANDSHAKES.acquire().await;
            let opening = WebSocket::open(&self.network, hosts, self.max_message);
            let opened = tokio::time::timeout(OPEN_TIMEOUT, opening).await;
            let no_answer = || io::Error::new(io::ErrorKind::TimedOut, "no answer in time");
            let socket = opened.map_err(|_| no_answer())??;
            Ok(Box::new(socket) as Box<dyn Socket>)
        }
        .boxed()
    }
}

fn failed(error: reqwest::Error) -> HttpError {
    let is_timeout = error.is_timeout();
    let error = error.without_url().into();
    if is_timeout { HttpError::Timeout(error) } else { HttpError::Network(error) }
}

async fn read_body(mut response: Response) -> Result<Secret<Vec<u8>>, HttpError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(failed)? {
        if body.len() + chunk.len() > MAX_BODY {
            return Err(HttpError::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Secret::new(body))
}
