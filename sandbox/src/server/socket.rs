//! One WebSocket.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt, stream::FuturesUnordered};
use serde_json::Value;
use tokio::{
    io::{AsyncRead, AsyncWrite, AsyncWriteExt},
    sync::mpsc,
};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        self, Message,
        protocol::{CloseFrame, Role, WebSocketConfig},
    },
};

use super::{MAX_BODY, Shared};
use crate::{
    clock::Alarm,
    fault::{Effect, Fault},
    link::{Job, Link, Then, Turn},
    log::Ack,
    sockets::{Command, Leash},
    span::Span,
};

/// How long a client has to answer a close frame.
const CLOSE_PATIENCE: Duration = Duration::from_secs(5);

/// Serves one socket until either side ends it.
pub(super) async fn serve<S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    shared: &Shared,
    host: &str,
    beginning: Beginning,
) {
    let config =
        WebSocketConfig::default().max_message_size(Some(MAX_BODY)).max_frame_size(Some(MAX_BODY));
    let mut stream = WebSocketStream::from_raw_socket(stream, Role::Server, Some(config)).await;
    let Leash { id, commands, cut } = shared.world().sockets.add(host);
    let _registered = Registered { shared, id };
    let conversation = Conversation::new(&mut stream, shared);
    tokio::select! {
        _ = cut => return,
        ended = conversation.run(commands, beginning) => match ended {
            Ok(Ended::Cut) => return,
            Ok(Ended::Closed) => {}
            Err(error) => tracing::debug!(%error, "a socket broke off"),
        },
    }
    if let Err(error) = stream.get_mut().shutdown().await {
        tracing::debug!(%error, "a socket was gone before its end");
    }
}

/// How a socket begins.
pub(super) enum Beginning {
    Usual,
    /// Cut at once.
    Cut,
    /// Open, and nothing is ever read.
    Deaf,
    /// Closed at once.
    Close {
        code: u16,
        reason: String,
    },
}

impl Beginning {
    /// The beginning that a fault of the upgrade requests.
    pub(super) fn of(fault: &Fault) -> Self {
        match &fault.effect {
            Effect::Drop if fault.after => Self::Cut,
            Effect::Silent if fault.after => Self::Deaf,
            Effect::Close { code, reason } => Self::Close { code: *code, reason: reason.clone() },
            _ => Self::Usual,
        }
    }
}

/// Takes the socket off the list, however its task ends.
struct Registered<'a> {
    shared: &'a Shared,
    id: u64,
}

impl Drop for Registered<'_> {
    fn drop(&mut self) {
        self.shared.world().sockets.remove(self.id);
    }
}

enum Ended {
    /// With the closing handshake, or by the other side.
    Closed,
    /// By cutting the connection.
    Cut,
}

struct Conversation<'a, S> {
    stream: &'a mut WebSocketStream<S>,
    shared: &'a Shared,
    link: Link,
    /// Fires when the session's token runs out, where that ends the socket.
    expiry: Alarm,
    /// Fires when the client has not answered a close frame.
    patience: Alarm,
    /// Nothing more is read.
    deaf: bool,
}

impl<'a, S: AsyncRead + AsyncWrite + Unpin> Conversation<'a, S> {
    fn new(stream: &'a mut WebSocketStream<S>, shared: &'a Shared) -> Self {
        let (expiry, patience) = Default::default();
        Self { stream, shared, link: Link::default(), expiry, patience, deaf: false }
    }

    async fn run(
        mut self,
        mut commands: mpsc::Receiver<Command>,
        beginning: Beginning,
    ) -> tungstenite::Result<Ended> {
        match beginning {
            Beginning::Usual => {}
            Beginning::Cut => return Ok(Ended::Cut),
            Beginning::Deaf => self.deaf = true,
            Beginning::Close { code, reason } => self.obey(Command::Close { code, reason }).await?,
        }
        let (clock, every) = {
            let world = self.shared.world();
            (world.clock, world.config.ping_every.as_wait())
        };
        let mut next_ping = Alarm::default();
        next_ping.set((!every.is_zero()).then(|| clock.sleep(every)));
        // Calls that a fault delays; later ones overtake them.
        let mut delayed = FuturesUnordered::new();
        loop {
            tokio::select! {
                message = self.stream.next(), if !self.deaf => match message {
                    None => return Ok(Ended::Closed),
                    Some(message) => {
                        let Some(job) = self.receive(message?) else { continue };
                        if job.delay.is_zero() {
                            if let Some(end) = self.carry_out(job).await? {
                                return Ok(end);
                            }
                        } else {
                            let delay = clock.sleep(job.delay);
                            delayed.push(async move { delay.await; job });
                        }
                    }
                },
                Some(job) = delayed.next() => {
                    if let Some(end) = self.carry_out(job).await? {
                        return Ok(end);
                    }
                }
                Some(command) = commands.recv() => self.obey(command).await?,
                () = next_ping.wait() => {
                    next_ping.set(Some(clock.sleep(every)));
                    if self.link.protocol.is_some() {
                        self.obey(Command::Ping).await?;
                    }
                }
                () = self.expiry.wait() => {
                    let reason = "token expired".to_owned();
                    self.obey(Command::Close { code: 1008, reason }).await?;
                }
                () = self.patience.wait() => return Ok(Ended::Cut),
            }
        }
    }

    fn receive(&mut self, message: Message) -> Option<Job> {
        let data = match message {
            Message::Text(text) => tungstenite::Bytes::from(text),
            Message::Binary(data) => data,
            Message::Close(frame) => {
                let outcome = frame.map_or(Value::Null, |frame| u16::from(frame.code).into());
                self.shared.world().log.ack(Ack { method: "close".to_owned(), outcome });
                return None;
            }
            _ => return None,
        };
        self.link.receive(&mut self.shared.world(), &data)
    }

    async fn carry_out(&mut self, job: Job) -> tungstenite::Result<Option<Ended>> {
        let Turn { send, then, .. } = {
            let world = &mut *self.shared.world();
            let turn = self.link.carry_out(world, job);
            if let Some(end) = turn.authenticated {
                let left = Span::between(world.now(), end).as_wait();
                let watched = world.config.close_at_expiry;
                self.expiry.set(watched.then(|| world.clock.sleep(left)));
            }
            turn
        };
        for text in send {
            self.send(Message::text(text)).await?;
        }
        match then {
            Then::Go => {}
            Then::Cut => return Ok(Some(Ended::Cut)),
            Then::Deaf => self.deaf = true,
            Then::Close { code, reason } => self.obey(Command::Close { code, reason }).await?,
        }
        Ok(None)
    }

    async fn obey(&mut self, command: Command) -> tungstenite::Result<()> {
        let message = match command {
            Command::Ping => {
                let now = self.shared.world().clock.now();
                let Some(ping) = self.link.ping(now) else { return Ok(()) };
                Message::text(ping)
            }
            Command::Send(frame) => Message::text(self.link.custom(&frame)),
            Command::Text(text) => {
                self.link.raw(&text);
                Message::text(text)
            }
            Command::Binary(bytes) => {
                self.link.raw(&String::from_utf8_lossy(&bytes));
                Message::binary(bytes)
            }
            Command::Close { code, reason } => {
                self.patience.set(Some(tokio::time::sleep(CLOSE_PATIENCE)));
                Message::Close(Some(CloseFrame { code: code.into(), reason: reason.into() }))
            }
        };
        self.send(message).await
    }

    /// Sends, unless the closing handshake has begun.
    async fn send(&mut self, message: Message) -> tungstenite::Result<()> {
        match self.stream.send(message).await {
            Err(tungstenite::Error::Protocol(
                tungstenite::error::ProtocolError::SendAfterClosing,
            )) => Ok(()),
            sent => sent,
        }
    }
}
