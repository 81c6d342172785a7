//! How requests and frames leave a client: over the network, or through what stands in for it.
//!
//! Everything that a client sends to its space goes through one [`Transport`], so that a recorder
//! can stand between it and the network, and a replay in the network's place.

mod network;
mod turns;
mod websocket;

use std::{
    fmt,
    future::poll_fn,
    io,
    task::{Context, Poll},
    time::Duration,
};

use futures_util::future::BoxFuture;
use reqwest::{Method, StatusCode, header::HeaderMap};
use tokio_tungstenite::tungstenite::Utf8Bytes;

pub(crate) use network::OverNetwork;
pub(crate) use websocket::SocketBounds;

use crate::{Secret, space::SpaceHosts};

/// An opened socket, or why there is none.
pub(crate) type Opened = Result<Box<dyn Socket>, OpenError>;

/// What carries a client's requests and frames.
pub(crate) trait Transport: fmt::Debug + Send + Sync + 'static {
    /// Sends one request and reads the answer to its last byte.
    fn exchange<'a>(
        &'a self,
        request: HttpRequest<'a>,
    ) -> BoxFuture<'a, Result<HttpAnswer, HttpError>>;

    /// Opens the WebSocket of a space.
    fn open<'a>(&'a self, hosts: &'a SpaceHosts) -> BoxFuture<'a, Opened>;
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
    /// Empty when the status is an error and the body was too large, late or cut: status and
    /// headers stand all the same.
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

/// Why there is no socket: no connection, or another answer to the upgrade than a WebSocket. It is
/// always transient: an answer with a status may come from something other than the space.
#[derive(Debug)]
pub(crate) struct OpenError {
    source: io::Error,
    retry_after: Option<Duration>,
}

impl OpenError {
    /// The error of an upgrade that was answered, perhaps with the time to wait.
    pub(crate) fn new(source: io::Error, retry_after: Option<Duration>) -> Self {
        Self { source, retry_after }
    }

    /// How long the server asked to wait before the next upgrade; at most 15 min.
    pub(crate) const fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }
}

impl From<io::Error> for OpenError {
    fn from(source: io::Error) -> Self {
        Self::new(source, None)
    }
}

/// The words of the source; what caused it follows.
impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.source.fmt(f)
    }
}

impl std::error::Error for OpenError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.source()
    }
}

/// What came in on a socket.
#[derive(Debug)]
pub(crate) enum Incoming {
    Text(Utf8Bytes),
    /// A binary message, with its length in bytes. A space sends none.
    Binary(
        #[cfg_attr(not(feature = "recording"), allow(dead_code, reason = "it is recorded"))] usize,
    ),
    /// A ping, which is answered, or a pong.
    Control,
    /// The end of the socket; nothing comes after it.
    Closed(Closed),
}

/// How a socket ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Closed {
    /// The code of the Close frame that the space sent.
    pub(crate) code: Option<u16>,
    /// The end in words: those of the space without what may be a secret.
    pub(crate) reason: String,
}

/// An open WebSocket: reads and writes at the same time, bounded both ways.
pub(crate) trait Socket: Send {
    /// Queues a text frame; it is written while the socket is [polled](Self::poll). Whoever sends
    /// to a [backlogged](Self::is_backlogged) socket makes the queue longer.
    fn send(&mut self, text: &Secret<String>);

    /// Queues a ping.
    fn ping(&mut self);

    /// Whether so many bytes wait to be written that nothing is read.
    fn is_backlogged(&self) -> bool;

    /// Writes, and reads what came in. A Close frame of the space is answered, and a message
    /// outside the limits is answered with one, before [`Incoming::Closed`] is returned, so that
    /// the socket can be dropped then; a space that does not take the answer gets 1 s.
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Incoming>;

    /// Writes what waits, sends a Close frame and waits a moment for the answer.
    fn close(self: Box<Self>) -> BoxFuture<'static, ()>;
}

impl dyn Socket {
    /// Waits for something to come in, and writes meanwhile. Nothing is lost when the future is
    /// dropped.
    pub(crate) async fn next(&mut self) -> Incoming {
        poll_fn(|cx| self.poll(cx)).await
    }
}
