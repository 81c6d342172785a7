//! JSON-RPC 2.0 frames.

use std::{borrow::Cow, fmt};

use credwire_core::{RpcMethod, Secret, SerializeExposed};
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{Error, Visitor},
};

use crate::raw::RawJson;

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
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RpcFault<'a> {
    /// The code, a number or a number in a string on the wire; 0 when there is none.
    pub code: i64,
    /// The message; empty when there is none.
    pub message: Cow<'a, str>,
    /// What else is told.
    pub data: Option<RawJson<'a>>,
}

impl<'a> RpcFrame<'a> {
    /// Reads a frame; `None` for a text that is neither a request nor an answer. The member
    /// `jsonrpc` is not asked for.
    pub fn read(text: &'a str) -> Option<Self> {
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let frame: Frame<'a> = crate::object::read(&mut deserializer).ok()?;
        deserializer.end().ok()?;
        let Frame { id, method, params, result, error } = frame;
        if let Some(Text(method)) = method {
            return Some(Self::Request { id, method, params });
        }
        let outcome = match (result, error) {
            (_, Some(Object(error))) => Err(error.into()),
            (Some(result), None) => Ok(result),
            (None, None) => return None,
        };
        Some(Self::Answer { id: id?, outcome })
    }

    /// Writes a request; `params` are JSON and may hold secrets.
    pub fn request(id: impl fmt::Display, method: &str, params: &str) -> Secret<String> {
        use fmt::Write as _;
        let (id, method) = (json_text(&id.to_string()), json_text(method));
        // Room for everything, so that no copy with secrets is left behind by a reallocation.
        let mut text = String::with_capacity(64 + id.len() + method.len() + params.len());
        // Writing to a String does not fail.
        let _ = write!(
            text,
            r#"{{"jsonrpc":"2.0","id":{id},"method":{method},"params":{params}}}"#
        );
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

/// A text, borrowed where it has no escapes.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

#[derive(Deserialize)]
struct Frame<'a> {
    #[serde(borrow, default)]
    id: Option<RawJson<'a>>,
    #[serde(borrow, default)]
    method: Option<Text<'a>>,
    #[serde(borrow, default)]
    params: Option<RawJson<'a>>,
    // A null result is a result, so absence is told apart.
    #[serde(borrow, default, deserialize_with = "crate::presence::optional")]
    result: Option<RawJson<'a>>,
    #[serde(borrow, default)]
    error: Option<Object<Fault<'a>>>,
}

/// Reads an object, where serde's derive would take an array for it.
struct Object<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::object::read(deserializer).map(Self)
    }
}

#[derive(Deserialize)]
struct Fault<'a> {
    #[serde(borrow, default)]
    code: Option<RawJson<'a>>,
    #[serde(borrow, default)]
    message: Option<RawJson<'a>>,
    #[serde(borrow, default)]
    data: Option<RawJson<'a>>,
}

impl<'a> From<Fault<'a>> for RpcFault<'a> {
    fn from(fault: Fault<'a>) -> Self {
        let code = fault.code.and_then(|code| code.read().ok()).map_or(0, |Code(code)| code);
        let message = fault.message.and_then(|message| message.read().ok());
        let message = message.map_or(Cow::Borrowed(""), |Text(message)| message);
        Self { code, message, data: fault.data }
    }
}

struct Code(i64);

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        code(deserializer).map(Self)
    }
}

/// Reads an error code: a whole number, or one in a string.
pub(crate) fn code<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
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
