//! How requests and frames leave a client: over the network, or through what stands in for it.
//!
//! Everything that a client says to its space goes through one [`Transport`], so that a recorder
//! can stand between it and the network, and a replay in the network's place.

mod network;
mod websocket;

use std::{
    fmt,
    future::poll_fn,
    io,
    task::{Context, Poll},
};

use futures_util::future::BoxFuture;
use reqwest::{Method, StatusCode, header::HeaderMap};
use tokio_tungstenite::tungstenite::Utf8Bytes;

pub(crate) use network::OverNetwork;

use crate::{Secret, space::SpaceHosts};

/// What carries a client's requests and frames.
pub(crate) trait Transport: fmt::Debug + Send + Sync + 'static {
    /// Sends one request and reads the answer to its last byte.
    fn exchange<'a>(
        &'a self,
        request: HttpRequest<'a>,
    ) -> BoxFuture<'a, Result<HttpAnswer, HttpError>>;

    /// Opens the WebSocket of a space.
    fn open<'a>(&'a self, hosts: &'a SpaceHosts) -> BoxFuture<'a, io::Result<Box<dyn Socket>>>;
}

/// One request.
#[derive(Debug)]
pub(crate) struct HttpRequest<'a> {
    pub(crate) method: &'a Method,
    /// `https://` and an authority.
    pub(crate) origin: &'a str,
    pub(crate) path: &'a str,
    pub(crate) bearer: Option<&'a Secret<String>>,
    /// JSON.
    pub(crate) body: Option<Secret<Vec<u8>>>,
}

/// An answer, whatever its status.
#[derive(Debug)]
pub(crate) struct HttpAnswer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Secret<Vec<u8>>,
}

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum HttpError {
    /// The bearer token cannot stand in a header.
    Unsendable,
    /// The answer is larger than anything that is expected.
    TooLarge,
    /// It did not come in time.
    Timeout(Box<dyn std::error::Error + Send + Sync>),
    /// No connection, or it broke.
    Network(Box<dyn std::error::Error + Send + Sync>),
}

/// What came in on a socket.
#[derive(Debug)]
pub(crate) enum Incoming {
    Text(Utf8Bytes),
    /// A pong, a ping or a binary message.
    Other,
    /// The end, in words.
    Closed(String),
}

/// An open WebSocket: reads and writes at the same time, bounded both ways.
pub(crate) trait Socket: Send {
    /// Queues a text frame; it is written while the socket is [polled](Self::poll).
    fn send(&mut self, text: &Secret<String>);

    /// Queues a ping.
    fn ping(&mut self);

    /// Whether so much waits to be written that nothing is read.
    fn is_backlogged(&self) -> bool;

    /// Writes, and reads what came in.
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Incoming>;

    /// Writes what waits, says goodbye and waits a moment for the answer.
    fn close(self: Box<Self>) -> BoxFuture<'static, ()>;
}

impl dyn Socket {
    /// Waits for something to come in, and writes meanwhile. Nothing is lost when the future is
    /// dropped.
    pub(crate) async fn next(&mut self) -> Incoming {
        poll_fn(|cx| self.poll(cx)).await
    }
}
