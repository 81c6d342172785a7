//! One WebSocket over TLS.

use std::{
    collections::VecDeque,
    future::poll_fn,
    io,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use futures_util::{FutureExt as _, Sink as _, SinkExt as _, Stream as _, future::BoxFuture};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config,
    tungstenite::{self, Message, protocol::WebSocketConfig},
};

use super::{Incoming, Socket};
use crate::{Secret, net::Network, space::SpaceHosts};

/// Messages that may wait to be written; beyond it nothing is read, so a flood slows itself down.
const OUTBOX: usize = 1024;
/// For the closing handshake.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);

/// A WebSocket over TLS.
pub(super) struct WebSocket {
    stream: WebSocketStream<TlsStream<TcpStream>>,
    outbox: VecDeque<Message>,
}

impl WebSocket {
    /// Opens the WebSocket of `hosts`.
    pub(super) async fn open(
        network: &Network,
        hosts: &SpaceHosts,
        max_message: usize,
    ) -> io::Result<Self> {
        let stream = network.connect(&hosts.socket_authority()).await?;
        let limits = WebSocketConfig::default()
            .read_buffer_size(16 * 1024)
            .write_buffer_size(0)
            .max_message_size(Some(max_message))
            .max_frame_size(Some(max_message));
        let opened = client_async_with_config(hosts.socket_url(), stream, Some(limits)).await;
        let (stream, _) = opened.map_err(|error| match error {
            tungstenite::Error::Io(error) => error,
            tungstenite::Error::Http(response) => {
                io::Error::other(format!("the upgrade was answered with {}", response.status()))
            }
            other => io::Error::other(other.to_string()),
        })?;
        Ok(Self { stream, outbox: VecDeque::new() })
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

    async fn goodbye(mut self) {
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

impl Socket for WebSocket {
    fn send(&mut self, text: &Secret<String>) {
        self.outbox.push_back(Message::text(text.expose().as_str()));
    }

    fn ping(&mut self) {
        self.outbox.push_back(Message::Ping(Vec::new().into()));
    }

    fn is_backlogged(&self) -> bool {
        self.outbox.len() >= OUTBOX
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

    fn close(self: Box<Self>) -> BoxFuture<'static, ()> {
        self.goodbye().boxed()
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
