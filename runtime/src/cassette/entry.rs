//! The lines of a cassette.

use std::{collections::BTreeMap, time::Duration};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::{
    EpochMillis,
    client::ResumePolicy,
    dpop::{HtuForm, KeyKind},
    lifecycle::Policy,
    session::Settings,
};

/// The version of the form, written as `format`.
pub const FORMAT: &str = "credwire-cassette/1";

/// Stands for the thumbprint of the recorded client's key; a replay has a key of its own.
pub(crate) const THUMBPRINT: &str = "made-up-thumbprint-of-the-client-that-recorded";

/// The first line: what the recorded client was.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Header {
    pub(crate) format: String,
    /// Which program recorded.
    pub(crate) by: String,
    /// Wall time of the offset 0.
    pub(crate) wall: EpochMillis,
    pub(crate) setup: Setup,
}

/// The options of a client that decide what it says and when.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Setup {
    pub(crate) label: String,
    pub(crate) agent: String,
    /// Of jitter and request ids.
    pub(crate) seed: u64,
    pub(crate) can_refresh: bool,
    pub(crate) key: Option<KeyKind>,
    /// Besides the vendor's.
    pub(crate) domains: Vec<String>,
    pub(crate) htu: HtuForm,
    pub(crate) request_timeout: Duration,
    pub(crate) device_lifetime: Duration,
    pub(crate) settings: Settings,
    pub(crate) policy: Policy,
    pub(crate) resume: ResumePolicy,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) stored: Option<StoredSession>,
}

/// The session of an earlier client that the recorded one went on with.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct StoredSession {
    pub(crate) token: String,
    pub(crate) bound: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) expiry_at: Option<EpochMillis>,
    pub(crate) lifetime: Duration,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) authorization_state: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) protocol: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) newer: Option<NewerCredential>,
}

/// A credential that the stored session had not been given yet.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct NewerCredential {
    pub(crate) token: String,
    pub(crate) bound: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) expiry_at: Option<EpochMillis>,
    pub(crate) lifetime: Duration,
}

/// Any other line.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Entry {
    /// Milliseconds of monotonic time since the recording began.
    pub(crate) at: u64,
    /// Wall time.
    pub(crate) wall: EpochMillis,
    #[serde(flatten)]
    pub(crate) what: What,
}

/// What happened. Calls and sockets are numbered from 1.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub(crate) enum What {
    /// The client asked its provider.
    Ask { call: u64, of: Asked },
    /// The provider answered.
    Given {
        call: u64,
        #[serde(flatten)]
        answer: Given,
    },
    /// The client sent an HTTP request.
    Request {
        call: u64,
        method: String,
        url: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        bearer: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        body: Option<Text>,
    },
    /// The space answered it.
    Response {
        call: u64,
        status: u16,
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        headers: BTreeMap<String, String>,
        body: Text,
    },
    /// No answer came.
    Unanswered { call: u64, why: Unanswered, message: String },
    /// The client opens a socket.
    Open { socket: u64, url: String },
    /// The socket is open.
    Opened { socket: u64 },
    /// It could not be opened.
    NotOpened { socket: u64, message: String },
    /// A text frame of the client.
    Sent { socket: u64, frame: Text },
    /// A text frame of the space.
    Received { socket: u64, frame: Text },
    /// A WebSocket ping of the client.
    Ping { socket: u64 },
    /// Anything else that came in: a pong, a ping, a binary frame.
    Heard { socket: u64 },
    /// The socket is gone.
    Lost { socket: u64, reason: String },
    /// The client closes the socket.
    Close { socket: u64 },
    /// The application wants something.
    Wish {
        #[serde(flatten)]
        wish: Wish,
    },
    /// The recording reached its largest size.
    Full,
    /// The client ended.
    End,
}

/// What a provider is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Asked {
    Authenticate,
    Refresh,
}

/// What a provider answers.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "kebab-case")]
pub(crate) enum Given {
    Credential {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        token: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        authorization_state: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        expiry_at: Option<EpochMillis>,
    },
    Error {
        transient: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after: Option<Duration>,
        message: String,
    },
    Panic,
}

/// Why a request has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Unanswered {
    Unsendable,
    TooLarge,
    Timeout,
    Network,
}

/// What an application asks of its client.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "wish", rename_all = "kebab-case")]
pub(crate) enum Wish {
    Call {
        call: u64,
        method: String,
        params: Text,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        timeout: Option<Duration>,
    },
    Cancel {
        call: u64,
    },
    Notify {
        method: String,
        params: Text,
    },
    Register,
    Unregister,
    Refresh,
    Invalidate,
    Suspend,
    Resume,
    Reset,
    Disconnect {
        patience: Duration,
    },
}

/// A body or a frame: JSON where it is an object or an array, otherwise text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Text {
    Json(Value),
    Plain(String),
}

impl Text {
    pub(crate) fn of(text: &str) -> Self {
        match serde_json::from_str(text) {
            Ok(value @ (Value::Object(_) | Value::Array(_))) => Self::Json(value),
            _ => Self::Plain(text.to_owned()),
        }
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Json(value) => value.serialize(serializer),
            Self::Plain(text) => serializer.serialize_str(text),
        }
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Value::deserialize(deserializer)? {
            Value::String(text) => Self::Plain(text),
            value => Self::Json(value),
        })
    }
}
