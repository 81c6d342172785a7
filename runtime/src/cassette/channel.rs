//! What belongs together, and what it is in words.

use std::fmt;

use serde_json::Value;

use super::entry::{Kind, ProviderMethod, ReceivedFrame, Text};

impl Kind {
    /// Whether the client did it, so that a replay compares it.
    pub(crate) const fn is_of_client(&self) -> bool {
        matches!(
            self,
            Self::Asked { .. }
                | Self::Request { .. }
                | Self::Open { .. }
                | Self::Sent { .. }
                | Self::Ping { .. }
                | Self::Close { .. }
        )
    }

    /// The conversation that it is a part of.
    pub(crate) const fn channel(&self) -> Option<Channel> {
        Some(match self {
            Self::Asked { call, .. } | Self::Answered { call, .. } => Channel::Provider(*call),
            Self::Request { call, .. }
            | Self::Response { call, .. }
            | Self::RequestFailed { call, .. } => Channel::Http(*call),
            Self::Open { socket, .. }
            | Self::Opened { socket }
            | Self::OpenFailed { socket, .. }
            | Self::Sent { socket, .. }
            | Self::Received { socket, .. }
            | Self::Ping { socket }
            | Self::Lost { socket, .. }
            | Self::Close { socket } => Channel::Socket(*socket),
            Self::Command { .. } | Self::Full { .. } | Self::End => return None,
        })
    }

    /// Whether it begins its conversation.
    pub(crate) const fn is_beginning(&self) -> bool {
        matches!(self, Self::Asked { .. } | Self::Request { .. } | Self::Open { .. })
    }
}

/// A conversation of the client: with its provider, or with the space.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Channel {
    Provider(u64),
    Http(u64),
    Socket(u64),
}

/// In a few words.
impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Asked { method: ProviderMethod::Authenticate, .. } => {
                f.write_str("authenticate()")
            }
            Self::Asked { method: ProviderMethod::Refresh, .. } => f.write_str("refresh()"),
            Self::Answered { .. } => f.write_str("the provider's answer"),
            Self::Request { method, url, .. } => write!(f, "{method} {url}"),
            Self::Response { status, .. } => write!(f, "an answer with status {status}"),
            Self::RequestFailed { .. } => f.write_str("no answer"),
            Self::Open { url, .. } => write!(f, "a socket to {url}"),
            Self::Opened { .. } => f.write_str("an open socket"),
            Self::OpenFailed { .. } => f.write_str("a socket that cannot be opened"),
            Self::Sent { frame, .. }
            | Self::Received { frame: ReceivedFrame::Text { frame }, .. } => frame.fmt(f),
            Self::Received { frame: ReceivedFrame::Binary { .. }, .. } => {
                f.write_str("a message of bytes")
            }
            Self::Received { frame: ReceivedFrame::Control, .. } => f.write_str("a ping or pong"),
            Self::Ping { .. } => f.write_str("a WebSocket ping"),
            Self::Lost { .. } => f.write_str("the loss of the socket"),
            Self::Close { .. } => f.write_str("closing the socket"),
            Self::Command { .. } => f.write_str("a command of the application"),
            Self::Full { .. } | Self::End => f.write_str("the end of the recording"),
        }
    }
}

/// What a frame is, by its method where it has one.
impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Json(value) = self else { return f.write_str("text that is no JSON") };
        match value.get("method").and_then(Value::as_str) {
            Some(method) => write!(f, "the request {method}"),
            None if value.get("result").is_some() => f.write_str("a result"),
            None if value.get("error").is_some() => f.write_str("an error"),
            None => f.write_str("JSON"),
        }
    }
}
