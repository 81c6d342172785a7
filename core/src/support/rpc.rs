//! JSON-RPC 2.0 frames.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{Error, IgnoredAny, MapAccess, Visitor},
};

use super::{
    object::{FromMembers, read_members},
    raw::RawJson,
};
use crate::{
    rpc::RpcMethod,
    secret::{Secret, SerializeExposed},
};

/// A frame that came in; its parts are borrowed from its text.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RpcFrame<'a> {
    /// The other side calls a method.
    Request {
        /// Comes back in the answer; a request without one wants none.
        id: Option<RawJson<'a>>,
        /// The name of the method.
        method: Cow<'a, str>,
        /// What the method takes.
        params: Option<RawJson<'a>>,
    },
    /// The other side answers a call.
    Answer {
        /// The id of the call.
        id: RawJson<'a>,
        /// The result, or what went wrong.
        outcome: Result<RawJson<'a>, RpcFault<'a>>,
    },
}

/// The error of an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RpcFault<'a> {
    /// The code, a number or a number in a string on the wire; 0 when there is none.
    pub code: i64,
    /// The message; empty when there is none.
    pub message: Cow<'a, str>,
    /// The data of the error; `None` when there is none.
    pub data: Option<RawJson<'a>>,
}

impl<'a> RpcFrame<'a> {
    /// Reads a frame. The member `jsonrpc` is not asked for; a method with surrogates that lack
    /// their other half has U+FFFD in their place.
    ///
    /// # Errors
    /// A text that is neither a request nor an answer, with the reason.
    pub fn read(text: &'a str) -> Result<Self, RpcFrameError> {
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let frame: Result<Frame<'a>, _> = read_members(&mut deserializer);
        let frame = frame.and_then(|frame| deserializer.end().map(|()| frame));
        let Frame { id, method, params, result, error } = frame.map_err(|_| why(text))?;
        if let Some(method) = method {
            let Ok(Lossy(method)) = method.read() else { return Err(RpcFrameError::MethodNotText) };
            return Ok(Self::Request { id, method, params });
        }
        let outcome = match (result, error) {
            (_, Some(error)) => Err(RpcFault::read(error)),
            (Some(result), None) => Ok(result),
            (None, None) => return Err(RpcFrameError::NoMethod),
        };
        Ok(Self::Answer { id: id.ok_or(RpcFrameError::NoId)?, outcome })
    }

    /// Reads the parts of a batch (JSON-RPC 2.0, section 6), each to be [read](Self::read) as a
    /// frame. A batch has at least one part.
    ///
    /// # Errors
    /// [`NotJson`](RpcFrameError::NotJson), or [`NoBatch`](RpcFrameError::NoBatch) for anything
    /// but an array with parts.
    pub fn read_batch(text: &'a str) -> Result<Vec<RawJson<'a>>, RpcFrameError> {
        let parts: Result<Vec<RawJson<'a>>, _> = serde_json::from_str(text);
        match parts {
            Ok(parts) if !parts.is_empty() => Ok(parts),
            _ => Err(match why(text) {
                RpcFrameError::NotJson => RpcFrameError::NotJson,
                _ => RpcFrameError::NoBatch,
            }),
        }
    }

    /// Writes the answer to a batch from the answers to its parts; `None` when none of them has
    /// one.
    pub fn batch<'b>(
        answers: impl IntoIterator<Item = &'b Secret<String>>,
    ) -> Option<Secret<String>> {
        let answers: Vec<&str> =
            answers.into_iter().map(|answer| answer.expose().as_str()).collect();
        let length = answers.iter().map(|answer| answer.len() + 1).sum::<usize>() + 1;
        // Room for everything, so that no copy with secrets is left behind by a reallocation.
        let mut text = String::with_capacity(length);
        for answer in &answers {
            text.push(if text.is_empty() { '[' } else { ',' });
            text.push_str(answer);
        }
        text.push(']');
        (!answers.is_empty()).then(|| Secret::new(text))
    }

    /// Writes the answer to what is no request: an error with code -32600 and the id null.
    pub fn invalid_request() -> Secret<String> {
        let error = r#"{"code":-32600,"message":"Invalid Request"}"#;
        Secret::new(format!(r#"{{"error":{error},"id":null,"jsonrpc":"2.0"}}"#))
    }

    /// Writes a request; `params` are JSON and may hold secrets.
    pub fn request(id: impl fmt::Display, method: &str, params: &str) -> Secret<String> {
        use fmt::Write as _;
        let (id, method) = (json_text(&id.to_string()), json_text(method));
        // Room for everything, so that no copy with secrets is left behind by a reallocation.
        let mut text = String::with_capacity(64 + id.len() + method.len() + params.len());
        // Writing to a String does not fail.
        let _ =
            write!(text, r#"{{"jsonrpc":"2.0","id":{id},"method":{method},"params":{params}}}"#);
        Secret::new(text)
    }

    /// Writes a notification, which nobody answers; `params` are JSON and may hold secrets.
    pub fn notification(method: &str, params: &str) -> Secret<String> {
        use fmt::Write as _;
        let method = json_text(method);
        let mut text = String::with_capacity(48 + method.len() + params.len());
        let _ = write!(text, r#"{{"jsonrpc":"2.0","method":{method},"params":{params}}}"#);
        Secret::new(text)
    }

    /// Adds a request to `text`, its secrets in the clear, and allocates only where `text` has no
    /// room. One buffer does for all requests of a connection.
    ///
    /// # Errors
    /// An id or params that are not JSON, as a map with keys that are no text. Then a part of the
    /// request is in `text`.
    pub fn write_request<M: RpcMethod>(
        text: &mut Vec<u8>,
        id: &(impl Serialize + ?Sized),
        params: &M::Params,
    ) -> Result<(), serde_json::Error> {
        text.extend_from_slice(br#"{"jsonrpc":"2.0","id":"#);
        serde_json::to_writer(&mut *text, id)?;
        text.extend_from_slice(br#","method":"#);
        serde_json::to_writer(&mut *text, M::NAME)?;
        text.extend_from_slice(br#","params":"#);
        serde_json::to_writer(&mut *text, &params.exposed())?;
        text.push(b'}');
        Ok(())
    }

    /// Writes an answer with a result, its secrets in the clear.
    ///
    /// # Errors
    /// A result that is not JSON, as a map with keys that are no text.
    pub fn result(
        id: RawJson<'_>,
        result: &impl SerializeExposed,
    ) -> Result<Secret<String>, serde_json::Error> {
        #[derive(Serialize)]
        struct Answer<'a, R> {
            id: RawJson<'a>,
            jsonrpc: &'static str,
            result: R,
        }
        let answer = Answer { id, jsonrpc: "2.0", result: result.exposed() };
        serde_json::to_string(&answer).map(Secret::new)
    }

    /// Writes an answer with an error.
    pub fn error(id: RawJson<'_>, code: impl Into<i64>, message: &str) -> Secret<String> {
        let (id, code, message) = (id.get(), code.into(), json_text(message));
        let error = format!(r#"{{"code":{code},"message":{message}}}"#);
        Secret::new(format!(r#"{{"error":{error},"id":{id},"jsonrpc":"2.0"}}"#))
    }
}

/// A text as a JSON string.
fn json_text(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Why a text is no frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RpcFrameError {
    /// It is not JSON.
    NotJson,
    /// It is an array: a batch, for [`RpcFrame::read_batch`].
    Batch,
    /// It is no batch: not an array, or an empty one.
    NoBatch,
    /// It is JSON, but neither an object nor an array.
    NotAnObject,
    /// One of its members is there twice.
    RepeatedMember,
    /// It is neither a request nor an answer: it has no method, no result and no error.
    NoMethod,
    /// Its method is no text.
    MethodNotText,
    /// It is an answer to no call: it has no id.
    NoId,
}

impl RpcFrameError {
    /// Returns the reason as a word, such as `not-json`, for logs and counters.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotJson => "not-json",
            Self::Batch => "batch",
            Self::NoBatch => "no-batch",
            Self::NotAnObject => "not-an-object",
            Self::RepeatedMember => "repeated-member",
            Self::NoMethod => "no-method",
            Self::MethodNotText => "method-not-text",
            Self::NoId => "no-id",
        }
    }
}

impl fmt::Display for RpcFrameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotJson => "the text is not JSON",
            Self::Batch => "the text is a batch of frames",
            Self::NoBatch => "the text is no batch of frames",
            Self::NotAnObject => "the JSON is no object",
            Self::RepeatedMember => "a member of the frame is there twice",
            Self::NoMethod => "the frame has no method, no result and no error",
            Self::MethodNotText => "the method of the frame is no text",
            Self::NoId => "the answer has no id",
        })
    }
}

impl std::error::Error for RpcFrameError {}

/// Why a text that was not read is no frame.
fn why(text: &str) -> RpcFrameError {
    match serde_json::from_str::<RawJson<'_>>(text) {
        Err(_) => RpcFrameError::NotJson,
        Ok(json) if json.get().starts_with('[') => RpcFrameError::Batch,
        Ok(json) if json.get().starts_with('{') => RpcFrameError::RepeatedMember,
        Ok(_) => RpcFrameError::NotAnObject,
    }
}

/// The text with one U+FFFD for each surrogate, which takes three bytes.
fn lossy(text: &[u8]) -> Cow<'_, str> {
    match String::from_utf8_lossy(text) {
        Cow::Owned(text) => Cow::Owned(text.replace("\u{fffd}\u{fffd}\u{fffd}", "\u{fffd}")),
        borrowed @ Cow::Borrowed(_) => borrowed,
    }
}

/// A text, borrowed where it has no escapes. What is no Unicode in it becomes U+FFFD.
struct Lossy<'a>(Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Lossy<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct LossyText;

        impl<'de> Visitor<'de> for LossyText {
            type Value = Lossy<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }

            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Lossy(Cow::Borrowed(text)))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Lossy(Cow::Owned(text.to_owned())))
            }

            fn visit_borrowed_bytes<E: Error>(self, text: &'de [u8]) -> Result<Self::Value, E> {
                Ok(Lossy(lossy(text)))
            }

            fn visit_bytes<E: Error>(self, text: &[u8]) -> Result<Self::Value, E> {
                Ok(Lossy(Cow::Owned(lossy(text).into_owned())))
            }
        }

        deserializer.deserialize_bytes(LossyText)
    }
}

/// The members of a frame, as they stand there. Names may be odd as long as nobody reads them.
#[derive(Default)]
struct Frame<'a> {
    id: Option<RawJson<'a>>,
    method: Option<RawJson<'a>>,
    params: Option<RawJson<'a>>,
    result: Option<RawJson<'a>>,
    error: Option<RawJson<'a>>,
}

impl<'de: 'a, 'a> FromMembers<'de> for Frame<'a> {
    fn from_members<A: MapAccess<'de>>(mut members: A) -> Result<Self, A::Error> {
        let mut frame = Self::default();
        let mut seen = [false; 5];
        while let Some(Lossy(name)) = members.next_key()? {
            let (index, member) = match name.as_ref() {
                "id" => (0, &mut frame.id),
                "method" => (1, &mut frame.method),
                "params" => (2, &mut frame.params),
                "result" => (3, &mut frame.result),
                "error" => (4, &mut frame.error),
                _ => {
                    members.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            if seen.get(index).copied().unwrap_or_default() {
                return Err(A::Error::custom("a member is there twice"));
            }
            if let Some(seen) = seen.get_mut(index) {
                *seen = true;
            }
            let value: RawJson<'a> = members.next_value()?;
            // A null result is a result, so absence is told apart.
            *member = (name == "result" || value.get() != "null").then_some(value);
        }
        Ok(frame)
    }
}

impl<'a> RpcFault<'a> {
    /// Reads an error. What is odd in it counts as absent.
    fn read(error: RawJson<'a>) -> Self {
        struct Members<'a>(RpcFault<'a>);

        impl<'de: 'a, 'a> FromMembers<'de> for Members<'a> {
            fn from_members<A: MapAccess<'de>>(mut members: A) -> Result<Self, A::Error> {
                let mut fault = RpcFault::default();
                while let Some(Lossy(name)) = members.next_key()? {
                    let value: RawJson<'a> = members.next_value()?;
                    match name.as_ref() {
                        "code" => fault.code = value.read().map_or(0, |Code(code)| code),
                        "message" => {
                            fault.message =
                                value.read().map(|Lossy(message)| message).unwrap_or_default();
                        }
                        "data" => fault.data = Some(value).filter(|data| data.get() != "null"),
                        _ => {}
                    }
                }
                Ok(Self(fault))
            }
        }

        let mut deserializer = serde_json::Deserializer::from_str(error.get());
        let fault = read_members(&mut deserializer);
        fault.map(|Members(fault)| fault).unwrap_or_default()
    }
}

struct Code(i64);

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        code(deserializer).map(Self)
    }
}

/// Reads an error code: a whole number, or one in a string.
///
/// # Errors
/// Anything else.
pub fn code<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    deserializer.deserialize_any(WholeNumber)
}

struct WholeNumber;

impl Visitor<'_> for WholeNumber {
    type Value = i64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an error code: a whole number, or one in a string")
    }

    fn visit_i64<E: Error>(self, code: i64) -> Result<i64, E> {
        Ok(code)
    }

    fn visit_u64<E: Error>(self, code: u64) -> Result<i64, E> {
        i64::try_from(code).map_err(|_| E::custom("an error code is too large"))
    }

    fn visit_str<E: Error>(self, code: &str) -> Result<i64, E> {
        code.trim().parse().map_err(|_| E::custom("an error code is no whole number"))
    }
}
