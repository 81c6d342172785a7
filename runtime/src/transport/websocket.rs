//! One WebSocket.

mod tracked;

use std::{
    collections::VecDeque,
    future::poll_fn,
    io,
    mem::MaybeUninit,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use futures_util::{FutureExt as _, Sink as _, SinkExt as _, Stream as _, future::BoxFuture};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Sleep, sleep, timeout},
};
use tokio_rustls::client::TlsStream;
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config,
    tungstenite::{
        self, Message,
        error::ProtocolError,
        protocol::{CloseFrame, Role, WebSocketConfig, frame::coding::CloseCode},
    },
};

use credwire_core::{Clock as _, secrecy::redact};

use super::{Closed, Incoming, OpenError, Socket};
use crate::{Secret, clock::SystemClock, net::Network, response::retry_after, space::SpaceHosts};
use tracked::Tracked;

/// For the closing handshake.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);

/// What a socket holds at most, in bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SocketBounds {
    /// Largest message that is taken; a larger one closes the socket with code 1009.
    pub(crate) message: usize,
    /// Messages that wait to be written; past it nothing is read and the socket is backlogged.
    pub(crate) queue: usize,
}

impl Default for SocketBounds {
    fn default() -> Self {
        Self { message: 1024 * 1024, queue: 1024 * 1024 }
    }
}

/// A WebSocket, over TLS unless it is tested.
pub(super) struct WebSocket<S = TlsStream<TcpStream>> {
    line: Line<S>,
    bounds: SocketBounds,
    outbox: VecDeque<Message>,
    /// Bytes of the messages in the outbox and of the one that is being written.
    queued: usize,
    /// Bytes of the one that is being written.
    writing: usize,
    ending: Option<Ending>,
}

/// A stream of bytes, and what reads and writes messages on it.
///
/// The latter has a buffer for either direction, which keep the size of the largest message. Most
/// sockets wait for something most of the time, so there is none while nothing is under way.
#[allow(clippy::large_enum_variant, reason = "a box would be one more allocation a message")]
enum Line<S> {
    Busy(WebSocketStream<Tracked<S>>),
    /// All that was read is handed on, and all that was queued is written.
    Resting(Tracked<S>),
    /// Between two states.
    Gone,
}

/// A closing handshake under way.
struct Ending {
    closed: Closed,
    step: Step,
    /// The time for it.
    timeout: Pin<Box<Sleep>>,
    /// What still comes in is read and ignored: unread bytes would make the system reset the
    /// connection, and our Close frame would be lost with it.
    drains: bool,
}

#[derive(Clone, Copy)]
enum Step {
    Flush,
    Shutdown,
    Drain,
}

impl WebSocket {
    /// Opens the WebSocket of `hosts`.
    pub(super) async fn open(
        network: &Network,
        hosts: &SpaceHosts,
        bounds: SocketBounds,
    ) -> Result<Self, OpenError> {
        let stream = network.connect(&hosts.socket_authority()).await?;
        WebSocket::upgrade(stream, &hosts.socket_url(), bounds).await
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> WebSocket<S> {
    async fn upgrade(stream: S, url: &str, bounds: SocketBounds) -> Result<Self, OpenError> {
        let stream = Tracked::before_upgrade(stream);
        let opened = client_async_with_config(url, stream, Some(config(bounds))).await;
        let (stream, _) = opened.map_err(|error| match error {
            tungstenite::Error::Io(error) => error.into(),
            tungstenite::Error::Http(response) => {
                let message = format!("the upgrade was answered with {}", response.status());
                let server_now = || SystemClock::new().now().wall;
                let retry_after = retry_after(response.headers(), server_now);
                OpenError::new(io::Error::other(message), retry_after)
            }
            other => io::Error::other(other.to_string()).into(),
        })?;
        Ok(Self::new(Line::Busy(stream), bounds))
    }

    const fn new(line: Line<S>, bounds: SocketBounds) -> Self {
        Self { line, bounds, outbox: VecDeque::new(), queued: 0, writing: 0, ending: None }
    }

    /// Has messages read and written again, of which `read` was read already.
    fn wake(&mut self, read: Vec<u8>) {
        // Looked at first: a stream is large, and not moved for nothing.
        if matches!(self.line, Line::Resting(_))
            && let Line::Resting(stream) = std::mem::replace(&mut self.line, Line::Gone)
        {
            let config = Some(config(self.bounds));
            let busy = WebSocketStream::from_partially_read(stream, read, Role::Client, config);
            // Nothing is awaited in it.
            self.line = busy.now_or_never().map_or(Line::Gone, Line::Busy);
        }
    }

    /// Gives the buffers back, if nothing is in them. Reading has to be pending.
    fn rest(&mut self, cx: &mut Context<'_>) -> bool {
        let Line::Busy(stream) = &mut self.line else { return false };
        let is_done = self.ending.is_none()
            && self.queued == 0
            && self.outbox.is_empty()
            && stream.get_ref().is_between_messages()
            && matches!(Pin::new(stream).poll_flush(cx), Poll::Ready(Ok(())));
        if is_done && let Line::Busy(stream) = std::mem::replace(&mut self.line, Line::Gone) {
            self.line = Line::Resting(stream.into_inner());
        }
        is_done
    }

    /// Waits for bytes without a buffer; ready when there are some, or when the stream has ended.
    fn poll_resting(
        stream: &mut Tracked<S>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Vec<u8>, tungstenite::Error>> {
        // TLS may have something to send by itself.
        let flushed = Pin::new(&mut *stream).poll_flush(cx);
        let mut bytes = [MaybeUninit::uninit(); READ_BUFFER];
        let mut buffer = ReadBuf::uninit(&mut bytes);
        match (Pin::new(stream).poll_read(cx, &mut buffer), flushed) {
            (Poll::Ready(Ok(())), _) if buffer.filled().is_empty() => {
                Poll::Ready(Err(ProtocolError::ResetWithoutClosingHandshake.into()))
            }
            (Poll::Ready(Ok(())), _) => Poll::Ready(Ok(buffer.filled().to_vec())),
            (Poll::Ready(Err(error)), _) | (Poll::Pending, Poll::Ready(Err(error))) => {
                Poll::Ready(Err(error.into()))
            }
            (Poll::Pending, _) => Poll::Pending,
        }
    }

    fn queue(&mut self, message: Message) {
        self.queued += message.len();
        self.outbox.push_back(message);
    }

    fn written(&mut self) {
        self.queued -= std::mem::take(&mut self.writing);
    }

    fn poll_write(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), tungstenite::Error>> {
        while !self.outbox.is_empty() {
            ready!(self.busy()?.poll_ready(cx))?;
            self.written();
            if let Some(message) = self.outbox.pop_front() {
                self.writing = message.len();
                self.busy()?.start_send(message)?;
            }
        }
        ready!(self.busy()?.poll_flush(cx))?;
        self.written();
        Poll::Ready(Ok(()))
    }

    /// What reads and writes messages.
    fn busy(&mut self) -> Result<Pin<&mut WebSocketStream<Tracked<S>>>, tungstenite::Error> {
        self.wake(Vec::new());
        match &mut self.line {
            Line::Busy(stream) => Ok(Pin::new(stream)),
            Line::Resting(_) | Line::Gone => Err(tungstenite::Error::AlreadyClosed),
        }
    }

    fn poll_read(&mut self, cx: &mut Context<'_>) -> Poll<Incoming> {
        let read = match self.busy() {
            Ok(stream) => ready!(stream.poll_next(cx)),
            Err(error) => Some(Err(error)),
        };
        match read {
            Some(Ok(Message::Text(text))) => Poll::Ready(Incoming::Text(text)),
            Some(Ok(Message::Binary(bytes))) => Poll::Ready(Incoming::Binary(bytes.len())),
            Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {
                Poll::Ready(Incoming::Control)
            }
            Some(Ok(Message::Close(frame))) => {
                let code = frame.as_ref().map(|frame| u16::from(frame.code));
                let by = code.map(|code| format!(" with code {code}")).unwrap_or_default();
                // The space's own words, at most 123 bytes, without what may be a secret.
                let words =
                    frame.map(|frame| redact(frame.reason.trim()).replace(char::is_control, " "));
                let words = words.filter(|words| !words.is_empty());
                let words = words.map(|words| format!(": {words}")).unwrap_or_default();
                let reason = format!("closed by the space{by}{words}");
                // The answer is queued already.
                self.end(Closed { code, reason }, false);
                self.poll_end(cx)
            }
            None => Poll::Ready(lost("closed by the space".to_owned())),
            Some(Err(error)) => match complaint(&error) {
                None => Poll::Ready(lost(describe(&error))),
                Some(code) => {
                    self.outbox.clear();
                    let frame = CloseFrame { code, reason: tungstenite::Utf8Bytes::default() };
                    // When it cannot be sent, the socket is gone.
                    let close = Message::Close(Some(frame));
                    let _ = self.busy().and_then(|stream| stream.start_send(close));
                    self.end(Closed { code: None, reason: describe(&error) }, true);
                    self.poll_end(cx)
                }
            },
        }
    }

    fn poll_busy(&mut self, cx: &mut Context<'_>) -> Poll<Incoming> {
        let failure = match self.poll_write(cx) {
            Poll::Ready(Err(error)) => Some(error),
            Poll::Ready(Ok(())) | Poll::Pending => None,
        };
        if failure.is_none() && self.queued >= self.bounds.queue {
            return Poll::Pending;
        }
        match (self.poll_read(cx), failure) {
            // What came before the failure is still read: it may say why.
            (Poll::Pending, Some(error)) if self.ending.is_none() => {
                Poll::Ready(lost(describe(&error)))
            }
            (read, _) => read,
        }
    }

    fn end(&mut self, closed: Closed, drains: bool) {
        let timeout = Box::pin(sleep(CLOSE_TIMEOUT));
        self.ending = Some(Ending { closed, step: Step::Flush, timeout, drains });
    }

    /// Goes on with the closing handshake, if there is one.
    fn poll_end(&mut self, cx: &mut Context<'_>) -> Poll<Incoming> {
        let Some(ending) = &mut self.ending else { return Poll::Pending };
        if ending.timeout.as_mut().poll(cx).is_pending()
            && let Line::Busy(stream) = &mut self.line
        {
            // A failure of any step is the end of the handshake as well.
            ready!(ending.step.poll(stream, ending.drains, cx));
        }
        let closed = ending.closed.clone();
        Poll::Ready(Incoming::Closed(closed))
    }

    async fn goodbye(mut self) {
        if self.ending.is_some() {
            poll_fn(|cx| self.poll_end(cx)).await;
            return;
        }
        let goodbye = async {
            for message in std::mem::take(&mut self.outbox) {
                self.busy()?.send(message).await?;
            }
            let stream = self.busy()?.get_mut();
            stream.close(None).await?;
            while poll_fn(|cx| Pin::new(&mut *stream).poll_next(cx)).await.is_some() {}
            Ok::<_, tungstenite::Error>(())
        };
        // Whether the other side is still there does not matter any more.
        let _ = timeout(CLOSE_TIMEOUT, goodbye).await;
    }
}

impl Step {
    /// Takes the steps from this one on; ready when they are done or one of them failed.
    fn poll<S: AsyncRead + AsyncWrite + Unpin>(
        &mut self,
        stream: &mut WebSocketStream<Tracked<S>>,
        drains: bool,
        cx: &mut Context<'_>,
    ) -> Poll<()> {
        loop {
            match self {
                Self::Flush => match ready!(Pin::new(&mut *stream).poll_flush(cx)) {
                    Ok(()) => *self = Self::Shutdown,
                    Err(_) => return Poll::Ready(()),
                },
                Self::Shutdown => match ready!(Pin::new(stream.get_mut()).poll_shutdown(cx)) {
                    Ok(()) if drains => *self = Self::Drain,
                    _ => return Poll::Ready(()),
                },
                Self::Drain => {
                    let mut ignored = [0; 4096];
                    let mut buffer = ReadBuf::new(&mut ignored);
                    let read = ready!(Pin::new(stream.get_mut()).poll_read(cx, &mut buffer));
                    if read.is_err() || buffer.filled().is_empty() {
                        return Poll::Ready(());
                    }
                }
            }
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> Socket for WebSocket<S> {
    fn send(&mut self, text: &Secret<String>) {
        self.queue(Message::text(text.expose().as_str()));
    }

    fn ping(&mut self) {
        self.queue(Message::Ping(Vec::new().into()));
    }

    fn is_backlogged(&self) -> bool {
        self.queued >= self.bounds.queue
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Incoming> {
        if self.ending.is_some() {
            return self.poll_end(cx);
        }
        loop {
            if self.outbox.is_empty()
                && let Line::Resting(stream) = &mut self.line
            {
                match ready!(Self::poll_resting(stream, cx)) {
                    Ok(read) => self.wake(read),
                    Err(error) => return Poll::Ready(lost(describe(&error))),
                }
            }
            let polled = self.poll_busy(cx);
            // At rest it is polled once more, for its waker.
            if polled.is_ready() || !self.rest(cx) {
                return polled;
            }
        }
    }

    fn close(self: Box<Self>) -> BoxFuture<'static, ()> {
        self.goodbye().boxed()
    }
}

fn config(bounds: SocketBounds) -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(0)
        .max_message_size(Some(bounds.message))
        .max_frame_size(Some(bounds.message))
}

/// Bytes that are read at once. Each socket has a buffer of this size, and a larger message gets one
/// of its own.
const READ_BUFFER: usize = 4 * 1024;

/// The end without a Close frame of the space.
fn lost(reason: String) -> Incoming {
    Incoming::Closed(Closed { code: None, reason })
}

/// The close code for what was wrong with what the space sent; `None` when nothing was.
fn complaint(error: &tungstenite::Error) -> Option<CloseCode> {
    match error {
        tungstenite::Error::Capacity(_) => Some(CloseCode::Size),
        tungstenite::Error::Utf8(_) => Some(CloseCode::Invalid),
        tungstenite::Error::Protocol(ProtocolError::ResetWithoutClosingHandshake) => None,
        tungstenite::Error::Protocol(_) => Some(CloseCode::Protocol),
        _ => None,
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
        tungstenite::Error::Utf8(_) => "closed: a message was not UTF-8".to_owned(),
        tungstenite::Error::ConnectionClosed | tungstenite::Error::AlreadyClosed => {
            "closed by the space".to_owned()
        }
        tungstenite::Error::Protocol(error) => format!("lost: {error}"),
        _ => "lost: the WebSocket failed".to_owned(),
    }
}

#[cfg(test)]
mod tests;
