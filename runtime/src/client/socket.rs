//! One WebSocket: reads and writes at the same time, bounded both ways.

use std::{
    collections::VecDeque,
    future::poll_fn,
    io,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use futures_util::{Sink as _, SinkExt as _, Stream as _};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config,
    tungstenite::{self, Message, Utf8Bytes, protocol::WebSocketConfig},
};

use super::{Error, ErrorKind, config::Config};
use crate::{Secret, space::SpaceHosts};

/// Messages that may wait to be written; beyond it nothing is read, so a flood slows itself down.
const OUTBOX: usize = 1024;
/// For the closing handshake.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);

/// What came in.
#[derive(Debug)]
pub(super) enum Incoming {
    Text(Utf8Bytes),
    /// A pong, a ping or a binary message.
    Other,
    /// The end, in words.
    Closed(String),
}

/// An open WebSocket.
pub(super) struct Socket {
    stream: WebSocketStream<TlsStream<TcpStream>>,
    outbox: VecDeque<Message>,
}

impl Socket {
    /// Opens the WebSocket of `hosts`.
    pub(super) async fn open(config: &Config, hosts: &SpaceHosts) -> Result<Self, Error> {
        let authority = hosts.socket_authority();
        let failed = |error: tungstenite::Error| {
            let message = format!("cannot open a socket to {authority}");
            let error = match error {
                tungstenite::Error::Io(error) => error,
                tungstenite::Error::Http(response) => {
                    io::Error::other(format!("the upgrade was answered with {}", response.status()))
                }
                other => io::Error::other(other.to_string()),
            };
            Error::new(ErrorKind::Socket, message).transient(true).because(error)
        };
        let stream =
            config.network.connect(&authority).await.map_err(|error| failed(error.into()))?;
        let limits = WebSocketConfig::default()
            .read_buffer_size(16 * 1024)
            .write_buffer_size(0)
            .max_message_size(Some(config.max_message))
            .max_frame_size(Some(config.max_message));
        let (stream, _) = client_async_with_config(hosts.socket_url(), stream, Some(limits))
            .await
            .map_err(failed)?;
        Ok(Self { stream, outbox: VecDeque::new() })
    }

    pub(super) fn send(&mut self, text: &Secret<String>) {
        self.outbox.push_back(Message::text(text.expose().as_str()));
    }

    pub(super) fn ping(&mut self) {
        self.outbox.push_back(Message::Ping(Vec::new().into()));
    }

    pub(super) fn is_backlogged(&self) -> bool {
        self.outbox.len() >= OUTBOX
    }

    /// Waits for something to come in, and writes meanwhile. Nothing is lost when the future is
    /// dropped.
    pub(super) async fn next(&mut self) -> Incoming {
        poll_fn(|cx| self.poll(cx)).await
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Incoming> {
        if let Poll::Ready(Err(error)) = self.poll_write(cx) {
            return Poll::Ready(Incoming::Closed(describe(&error)));
        }
        if self.is_backlogged() {
            return Poll::Pending;
        }
        Pin::new(&mut self.stream).poll_next(cx).map(|item| match item {
            Some(Ok(Message::Text(text))) => Incoming::Text(text),
            Some(Ok(Message::Close(Some(frame)))) => {
                Incoming::Closed(format!("closed by the space with code {}", frame.code))
            }
            Some(Ok(Message::Close(None))) | None => {
                Incoming::Closed("closed by the space".to_owned())
            }
            Some(Ok(_)) => Incoming::Other,
            Some(Err(error)) => Incoming::Closed(describe(&error)),
        })
    }

    fn poll_write(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), tungstenite::Error>> {
        while !self.outbox.is_empty() {
            std::task::ready!(Pin::new(&mut self.stream).poll_ready(cx))?;
            if let Some(message) = self.outbox.pop_front() {
                Pin::new(&mut self.stream).start_send(message)?;
            }
        }
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    /// Writes what waits, says goodbye and waits a moment for the answer.
    pub(super) async fn close(mut self) {
        let goodbye = async {
            for message in std::mem::take(&mut self.outbox) {
                self.stream.send(message).await?;
            }
            self.stream.close(None).await?;
            while poll_fn(|cx| Pin::new(&mut self.stream).poll_next(cx)).await.is_some() {}
            Ok::<_, tungstenite::Error>(())
        };
        // Whether the other side is still there does not matter any more.
        let _ = tokio::time::timeout(CLOSE_TIMEOUT, goodbye).await;
    }
}

/// A socket error in words that hold nothing of what was sent.
fn describe(error: &tungstenite::Error) -> String {
    match error {
        // The TLS library's words for it are long, and they are about its own API.
        tungstenite::Error::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            "lost: the connection was cut".to_owned()
        }
        tungstenite::Error::Io(error) => format!("lost: {error}"),
        tungstenite::Error::Capacity(_) => "closed: a message was too large".to_owned(),
        tungstenite::Error::ConnectionClosed | tungstenite::Error::AlreadyClosed => {
            "closed by the space".to_owned()
        }
        tungstenite::Error::Protocol(error) => format!("lost: {error}"),
        _ => "lost: the WebSocket failed".to_owned(),
    }
}
