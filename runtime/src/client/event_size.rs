//! How much memory the events of a client take.

use serde_json::Value;

use super::{Error, event_stream::EventSize};
use crate::client::{HistoryEntry, HistoryEvent};
use credwire_generated::SdkWarning;
use credwire_session::{ServerEvent, ServerMessage};

/// About what an event takes besides its texts.
const ENTRY: usize = 128;

impl EventSize for ServerMessage {
    fn event_size(&self) -> usize {
        ENTRY + self.frame_length()
    }
}

impl EventSize for ServerEvent {
    fn event_size(&self) -> usize {
        let channel = self.event_channel.as_ref().map_or(0, String::len);
        ENTRY + self.event_type.len() + channel + tree_size(&self.params)
    }
}

impl EventSize for HistoryEntry {
    fn event_size(&self) -> usize {
        let text = match &self.event {
            HistoryEvent::Dropped { reason } => reason.len(),
            HistoryEvent::Warning { code, message } => code.len() + message.len(),
            HistoryEvent::RefreshFailed { message } | HistoryEvent::Error { message } => {
                message.len()
            }
            _ => 0,
        };
        ENTRY + text
    }
}

impl EventSize for Error {
    fn event_size(&self) -> usize {
        let mut size = ENTRY + self.to_string().len();
        let mut next = std::error::Error::source(self);
        while let Some(cause) = next {
            size += ENTRY + cause.to_string().len();
            next = cause.source();
        }
        size
    }
}

impl EventSize for SdkWarning {
    fn event_size(&self) -> usize {
        ENTRY
            + match self {
                Self::CredentialRefreshFallback(warning) => warning.message.len(),
                Self::CredentialNoRefreshHandler(warning) => warning.message.len(),
                Self::Unknown(value) => tree_size(value),
            }
    }
}

/// About how many bytes a tree of JSON takes.
fn tree_size(value: &Value) -> usize {
    let held = match value {
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(tree_size).sum(),
        Value::Object(members) => {
            members.iter().map(|(name, value)| ENTRY / 2 + name.len() + tree_size(value)).sum()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
    };
    size_of::<Value>() + held
}
