//! The open sockets of a space, and the actions on all of them.

use std::{collections::BTreeMap, convert::Infallible, error::Error, fmt};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::Deserialize;
use serde_json::value::RawValue;
use tokio::sync::{mpsc, oneshot};

/// Commands that wait at one socket; a socket whose client reads too slowly loses further ones.
const QUEUE: usize = 4096;

/// An action on every open socket.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum SocketAction {
    /// Cut each connection without a close frame.
    Drop,
    /// Close each socket with this code and reason.
    Close {
        /// The close code, one that may be sent: see RFC 6455, section 7.4.
        code: u16,
        /// The close reason, at most 123 bytes.
        reason: String,
    },
    /// Send a `signalwire.ping`.
    Ping,
    /// Send this frame.
    Send(ServerFrame),
    /// Send this text as it is, JSON or not, such as a batch.
    Text(String),
    /// Send these bytes as a binary message.
    Binary(Vec<u8>),
    /// Delete sessions and authorization states, so that no resume succeeds. Sockets stay open.
    Forget,
}

/// A JSON object to send as a frame; it gets an `id` where it has none.
#[derive(Clone, Debug)]
pub struct ServerFrame {
    json: String,
    id: Option<String>,
    pub(crate) method: String,
}

impl ServerFrame {
    /// Creates a frame from its JSON text.
    ///
    /// # Errors
    /// When the text is not a JSON object.
    pub fn new(json: &str) -> Result<Self, ActionError> {
        #[derive(Deserialize)]
        struct Known {
            id: Option<serde_json::Value>,
            method: Option<String>,
        }
        let json = json.trim().to_owned();
        let known: Known = serde_json::from_str(&json).map_err(|_| ActionError::Frame)?;
        if !json.starts_with('{') {
            return Err(ActionError::Frame);
        }
        let id = known.id.map(|id| id.as_str().map_or_else(|| id.to_string(), str::to_owned));
        Ok(Self { json, id, method: known.method.unwrap_or_default() })
    }

    /// The text to send and its id: its own, or `fresh`.
    pub(crate) fn with_id(&self, fresh: String) -> (String, String) {
        if let Some(id) = &self.id {
            return (self.json.clone(), id.clone());
        }
        let members = self.json[1..].trim_start();
        let comma = if members.starts_with('}') { "" } else { "," };
        (format!("{{\"id\":\"{fresh}\"{comma}{members}"), fresh)
    }
}

/// The error of a refused action on sockets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ActionError {
    /// The frame is not a JSON object.
    Frame,
    /// The close code may not be sent.
    Code,
    /// The close reason is too long.
    Reason,
    /// The text of a text message is missing.
    Text,
    /// The bytes of a binary message are not base64.
    Binary,
}

impl fmt::Display for ActionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Frame => "`frame` is not a JSON object",
            Self::Code => "`code` cannot be sent; use 1000 to 1003, 1007 to 1014 or 3000 to 4999",
            Self::Reason => "`reason` is longer than 123 bytes",
            Self::Text => "`text` is missing; give the message as a string",
            Self::Binary => "`base64` is missing or not base64; give the message's bytes",
        })
    }
}

impl Error for ActionError {}

/// An action as the control protocol writes it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ActionJson {
    r#do: Verb,
    code: Option<u16>,
    reason: Option<String>,
    frame: Option<Box<RawValue>>,
    text: Option<String>,
    base64: Option<String>,
    /// Only the sockets that were opened at this host.
    pub(crate) host: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Verb {
    Drop,
    Close,
    Ping,
    Send,
    Text,
    Binary,
    Forget,
}

impl TryFrom<ActionJson> for SocketAction {
    type Error = ActionError;

    fn try_from(json: ActionJson) -> Result<Self, ActionError> {
        Ok(match json.r#do {
            Verb::Drop => Self::Drop,
            Verb::Ping => Self::Ping,
            Verb::Forget => Self::Forget,
            Verb::Close => Self::Close {
                code: json.code.unwrap_or(1000),
                reason: json.reason.unwrap_or_default(),
            },
            Verb::Send => {
                let frame = json.frame.ok_or(ActionError::Frame)?;
                Self::Send(ServerFrame::new(frame.get())?)
            }
            Verb::Text => Self::Text(json.text.ok_or(ActionError::Text)?),
            Verb::Binary => {
                let bytes = json.base64.and_then(|text| STANDARD.decode(text).ok());
                Self::Binary(bytes.ok_or(ActionError::Binary)?)
            }
        })
    }
}

/// A command for one socket.
#[derive(Clone, Debug)]
pub(crate) enum Command {
    Close { code: u16, reason: String },
    Ping,
    Send(ServerFrame),
    Text(String),
    Binary(Vec<u8>),
}

#[derive(Debug)]
struct Handle {
    /// The `Host` header of the upgrade.
    host: String,
    commands: mpsc::Sender<Command>,
    /// Dropping it cuts the connection.
    _alive: oneshot::Sender<Infallible>,
}

/// The socket's end of its handle.
pub(crate) struct Leash {
    pub(crate) id: u64,
    pub(crate) commands: mpsc::Receiver<Command>,
    /// Resolves when the connection has to be cut.
    pub(crate) cut: oneshot::Receiver<Infallible>,
}

/// The open sockets.
#[derive(Debug, Default)]
pub(crate) struct Sockets {
    opened: u64,
    open: BTreeMap<u64, Handle>,
}

impl Sockets {
    pub(crate) fn add(&mut self, host: &str) -> Leash {
        let (sender, commands) = mpsc::channel(QUEUE);
        let (alive, cut) = oneshot::channel();
        self.opened += 1;
        self.open
            .insert(self.opened, Handle { host: host.to_owned(), commands: sender, _alive: alive });
        Leash { id: self.opened, commands, cut }
    }

    pub(crate) fn remove(&mut self, id: u64) {
        self.open.remove(&id);
    }

    /// How many sockets there are, of one host or of all.
    pub(crate) fn count(&self, host: Option<&str>) -> usize {
        self.of(host).count()
    }

    fn of(&self, host: Option<&str>) -> impl Iterator<Item = &Handle> {
        self.open.values().filter(move |handle| handle.is_at(host))
    }

    /// Cuts the sockets of one host, or of all.
    pub(crate) fn cut(&mut self, host: Option<&str>) {
        self.open.retain(|_, handle| !handle.is_at(host));
    }

    pub(crate) fn tell(&self, host: Option<&str>, command: &Command) {
        for handle in self.of(host) {
            if handle.commands.try_send(command.clone()).is_err() {
                tracing::warn!("a socket is gone or reads too slowly; it misses a command");
            }
        }
    }
}

impl Handle {
    /// Whether it was opened at `host`, with or without a port; every socket is at none.
    fn is_at(&self, host: Option<&str>) -> bool {
        let name = self.host.split(':').next();
        host.is_none_or(|host| self.host == host || name == Some(host))
    }
}

/// The longest reason of a close frame, in bytes.
pub(crate) const MAX_REASON: usize = 123;

/// Whether a close frame may carry `code` (RFC 6455, section 7.4, and the IANA registry).
pub(crate) const fn is_close_code(code: u16) -> bool {
    matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_gets_an_id_unless_it_has_one() {
        let fresh = || "fresh".to_owned();
        for (json, sent, id) in [
            (r#"{"method":"a","b":1}"#, r#"{"id":"fresh","method":"a","b":1}"#, "fresh"),
            ("{ }", r#"{"id":"fresh"}"#, "fresh"),
            (r#"{"method":"a","id":"own"}"#, r#"{"method":"a","id":"own"}"#, "own"),
            (r#"{"id":7}"#, r#"{"id":7}"#, "7"),
        ] {
            let frame = ServerFrame::new(json).unwrap();
            assert_eq!(frame.with_id(fresh()), (sent.to_owned(), id.to_owned()));
        }
        for json in ["[]", "7", "\"{}\"", "{", ""] {
            assert_eq!(ServerFrame::new(json).unwrap_err(), ActionError::Frame, "{json}");
        }
    }

    #[tokio::test]
    async fn dropping_all_cuts_every_socket() {
        let mut sockets = Sockets::default();
        let (one, mut two) = (sockets.add("a.test:1"), sockets.add("b.test:1"));
        sockets.tell(None, &Command::Ping);
        assert!(matches!(two.commands.recv().await, Some(Command::Ping)));
        sockets.remove(one.id);
        assert_eq!(sockets.count(None), 1);
        sockets.cut(None);
        assert!(two.cut.await.is_err());
    }

    #[tokio::test]
    async fn a_host_names_its_own_sockets() {
        let mut sockets = Sockets::default();
        let (mut one, mut two) = (sockets.add("a.test:1"), sockets.add("b.test:1"));
        sockets.tell(Some("a.test"), &Command::Ping);
        assert!(matches!(one.commands.recv().await, Some(Command::Ping)));
        assert!(two.commands.try_recv().is_err());
        sockets.cut(Some("b.test:1"));
        assert!(two.cut.await.is_err());
        let hosts = [None, Some("a.test"), Some("b.test"), Some("test")];
        assert_eq!(hosts.map(|host| sockets.count(host)), [1, 1, 0, 0]);
    }
}
