//! The lines of a cassette.

use std::{collections::BTreeMap, time::Duration};

use credwire_core::repair_json;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use credwire_session::{Settings, scheduler::Policy};

use crate::{
    EpochMillis,
    dpop::{HtuForm, KeyKind},
    resume_policy::ResumePolicy,
};

/// The version of the format, written as `format`.
pub const FORMAT: &str = "credwire-cassette/2";

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

/// The options of a client that decide what it sends and when.
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
    pub(crate) stored: Option<RecordedSession>,
}

/// The session of an earlier client that the recorded one went on with.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct RecordedSession {
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

/// A credential that was not sent to the stored session yet.
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
    pub(crate) kind: Kind,
}

/// What happened. Calls and sockets are numbered from 1.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub(crate) enum Kind {
    /// The client called its provider.
    Asked { call: u64, method: ProviderMethod },
    /// The provider answered.
    Answered {
        call: u64,
        #[serde(flatten)]
        answer: ProviderAnswer,
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
    RequestFailed { call: u64, cause: RequestFailure, message: String },
    /// The client opens a socket.
    Open { socket: u64, url: String },
    /// The socket is open.
    Opened { socket: u64 },
    /// It could not be opened.
    OpenFailed {
        socket: u64,
        message: String,
        /// How long the server asked to wait.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after: Option<Duration>,
    },
    /// A text frame of the client.
    Sent { socket: u64, frame: Text },
    /// A frame of the space.
    Received {
        socket: u64,
        #[serde(flatten)]
        frame: ReceivedFrame,
    },
    /// A WebSocket ping of the client.
    Ping { socket: u64 },
    /// The socket is gone.
    Lost {
        socket: u64,
        reason: String,
        /// The code of the space's Close frame.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        code: Option<u16>,
    },
    /// The client closes the socket.
    Close { socket: u64 },
    /// The application sent a command.
    Command {
        #[serde(flatten)]
        command: RecordedCommand,
    },
    /// The recording reached this bound.
    Full { bound: Bound },
    /// The client ended.
    End,
}

/// A frame by its type.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub(crate) enum ReceivedFrame {
    Text {
        frame: Text,
    },
    /// A message of bytes, of which only the length is recorded.
    Binary {
        length: usize,
    },
    /// A ping or a pong.
    Control,
}

/// A bound of a recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Bound {
    /// The size of the file.
    Size,
    /// What is remembered while recording.
    Memory,
}

/// A method of a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ProviderMethod {
    Authenticate,
    Refresh,
}

/// What a provider answers.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "kebab-case")]
pub(crate) enum ProviderAnswer {
    Credential {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        token: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        authorization_state: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        expiry_at: Option<EpochMillis>,
        /// How long it lasts from the answer.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        expires_in: Option<Duration>,
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
pub(crate) enum RequestFailure {
    Unsendable,
    TooLarge,
    Timeout,
    Network,
}

/// A command of the application to its client.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "kebab-case")]
pub(crate) enum RecordedCommand {
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
    SetCredential {
        token: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        expiry_at: Option<EpochMillis>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        lifetime: Option<Duration>,
    },
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
        // A short look spares most texts the parser.
        if !text.trim_start().starts_with(['{', '[']) {
            return Self::Plain(text.to_owned());
        }
        match serde_json::from_str(text) {
            Ok(value @ (Value::Object(_) | Value::Array(_))) => Self::Json(value),
            _ => Self::Plain(text.to_owned()),
        }
    }

    /// As [`of`](Self::of), also for JSON with parts that no reader takes as they are.
    pub(crate) fn repaired(text: &str) -> Self {
        match Self::of(text) {
            Self::Plain(text) => Self::of(&repair_json(&text)),
            json @ Self::Json(_) => json,
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
