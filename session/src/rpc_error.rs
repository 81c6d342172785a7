//! Errors of JSON-RPC calls.

use std::{error::Error, fmt};

use credwire_core::secrecy::redact;
use credwire_generated::{RpcErrorCode, SignalwireConnect};

/// A longer word in a server's message may be a token.
const LONGEST_WORD: usize = 40;
const LONGEST_MESSAGE: usize = 200;

/// The error of a call that returned no result.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RpcError {
    /// The server answered with an error.
    Remote {
        /// The JSON-RPC error code; 0 when the server sent no readable one.
        code: i64,
        /// The server's message, cut and without long words, which could be tokens.
        message: String,
    },
    /// No answer came within the timeout. The server may have carried the call out.
    Timeout,
    /// The socket was lost before an answer came. The server may have carried the call out.
    ConnectionLost,
    /// The queue of calls is full; this call was not sent.
    QueueFull,
    /// The client is disconnected or closed; the call was not sent.
    Disconnected,
    /// The caller cancelled the call. If it was sent, the server may have carried it out.
    Aborted,
    /// The params could not be serialized, or the result does not have the form of the method.
    Malformed,
}

impl RpcError {
    pub(crate) fn remote(code: i64, message: &str) -> Self {
        let message = redact(message);
        let words = message.split(|c: char| c.is_whitespace() || c.is_control());
        let mut kept = String::new();
        for word in words.filter(|word| !word.is_empty()) {
            let word = if word.len() > LONGEST_WORD { "..." } else { word };
            if kept.len() + word.len() >= LONGEST_MESSAGE {
                break;
            }
            if !kept.is_empty() {
                kept.push(' ');
            }
            kept.push_str(word);
        }
        Self::Remote { code, message: kept }
    }

    /// Returns whether the same call may succeed later. A call without an answer may have been
    /// carried out, so repeat it only when that does no harm.
    pub const fn is_transient(&self) -> bool {
        matches!(self, Self::Timeout | Self::ConnectionLost | Self::QueueFull)
    }

    /// Returns the server's error code.
    pub const fn code(&self) -> Option<i64> {
        if let Self::Remote { code, .. } = self { Some(*code) } else { None }
    }

    /// Returns whether the server refuses the session or its credential: authentication failed
    /// (-32002), requester validation failed (-32003) or invalid params (-32602).
    pub fn is_refusal(&self) -> bool {
        self.code().is_some_and(|code| SignalwireConnect::ERRORS.contains(&code.into()))
    }

    /// Whether the space does not have the method (-32601).
    pub(crate) fn is_unknown_method(&self) -> bool {
        self.code() == Some(RpcErrorCode::MethodNotFound.into())
    }

    /// Whether the space refuses the credential of the session.
    pub(crate) fn is_credential_error(&self) -> bool {
        self.is_refusal() && self.code() != Some(RpcErrorCode::InvalidParams.into())
    }

    /// Whether the same call never succeeds: the method is unknown, or its params are wrong.
    pub(crate) fn is_final(&self) -> bool {
        self.is_unknown_method() || self.code() == Some(RpcErrorCode::InvalidParams.into())
    }
}

impl fmt::Display for RpcError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Remote { code, message } if message.is_empty() => {
                write!(f, "the space answered with error {code}")
            }
            Self::Remote { code, message } => {
                write!(f, "the space answered with error {code}: {message}")
            }
            Self::Timeout => f.write_str("no answer in time"),
            Self::ConnectionLost => f.write_str("the connection was lost before an answer came"),
            Self::QueueFull => f.write_str("too many calls wait for the session"),
            Self::Disconnected => f.write_str("the client is disconnected"),
            Self::Aborted => f.write_str("the caller ended the wait"),
            Self::Malformed => f.write_str("params or result have not the form of the method"),
        }
    }
}

impl Error for RpcError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_words_are_not_repeated() {
        let error = RpcError::remote(-32002, &format!("bad\ntoken {}", "x".repeat(41)));
        assert_eq!(error.to_string(), "the space answered with error -32002: bad token ***");
        assert!(error.is_refusal() && !error.is_transient());
        let endless = RpcError::remote(1, &"word ".repeat(1000));
        assert!(endless.to_string().len() < 300);
    }
}
