//! JSON-RPC 2.0 in text frames.

use std::fmt::Write as _;

use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};
use uuid::Uuid;

use super::RpcError;
use crate::{EpochMillis, Secret, SerializeExposed};

/// What a frame from the server is.
#[derive(Debug)]
pub(super) enum Incoming {
    /// A request; one without an id wants no answer.
    Request { id: Option<Value>, method: String, params: Value },
    /// An answer to the call with this id.
    Answer { id: Uuid, outcome: Result<Value, RpcError> },
}

#[derive(Deserialize)]
struct Raw {
    #[serde(default)]
    id: Option<Value>,
    #[serde(default)]
    method: Option<String>,
    #[serde(default)]
    params: Option<Value>,
    // A null result is a result, so absence is told apart.
    #[serde(default, deserialize_with = "present")]
    result: Option<Value>,
    #[serde(default)]
    error: Option<RawError>,
}

#[derive(Deserialize)]
struct RawError {
    #[serde(default)]
    code: Value,
    #[serde(default)]
    message: Value,
}

fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

/// Reads a frame; `None` for anything that is not a JSON-RPC request or answer of ours.
pub(super) fn read(text: &str) -> Option<Incoming> {
    if !text.trim_start().starts_with('{') {
        return None;
    }
    let raw: Raw = serde_json::from_str(text).ok()?;
    if let Some(method) = raw.method {
        let params = raw.params.unwrap_or_else(|| json!({}));
        return Some(Incoming::Request { id: raw.id, method, params });
    }
    let id = raw.id?.as_str()?.parse().ok()?;
    let outcome = match (raw.result, raw.error) {
        (_, Some(error)) => {
            Err(RpcError::remote(code(&error.code), error.message.as_str().unwrap_or_default()))
        }
        (Some(result), None) => Ok(result),
        (None, None) => return None,
    };
    Some(Incoming::Answer { id, outcome })
}

/// An error code, which arrives as a number or as a numeric string.
fn code(value: &Value) -> i64 {
    match value {
        Value::String(text) => text.trim().parse().unwrap_or(0),
        other => other.as_i64().unwrap_or(0),
    }
}

/// Writes a request around `params`, which are JSON and may hold secrets.
pub(crate) fn request(id: Uuid, method: &str, params: &Secret<String>) -> Secret<String> {
    let (method, params) = (Value::from(method), params.expose());
    // Room for everything, so that no copy with secrets is left behind by a reallocation.
    let mut text = String::with_capacity(128 + method.to_string().len() + params.len());
    // Writing to a String does not fail.
    let _ = write!(text, r#"{{"jsonrpc":"2.0","id":"{id}","method":{method},"params":{params}}}"#);
    Secret::new(text)
}

/// Writes params with their secrets.
pub(crate) fn params(params: &(impl SerializeExposed + ?Sized)) -> Option<Secret<String>> {
    serde_json::to_string(&params.exposed()).ok().map(Secret::new)
}

pub(super) fn acknowledge(id: &Value) -> String {
    json!({ "jsonrpc": "2.0", "id": id, "result": {} }).to_string()
}

pub(super) fn pong(id: &Value, wall: EpochMillis) -> String {
    #[allow(clippy::cast_precision_loss, reason = "milliseconds of this era fit a double")]
    let timestamp = wall.get() as f64 / 1000.0;
    json!({ "jsonrpc": "2.0", "id": id, "result": { "timestamp": timestamp } }).to_string()
}

pub(super) fn unknown_method(id: &Value) -> String {
    let error = json!({ "code": -32601, "message": "Method not found" });
    json!({ "jsonrpc": "2.0", "id": id, "error": error }).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "7f1d3c6e-3b0a-4b58-9a51-0c3e0d1f2a3b";

    fn answer(members: &str) -> Result<Value, RpcError> {
        match read(&format!(r#"{{"jsonrpc":"2.0","id":"{ID}",{members}}}"#)) {
            Some(Incoming::Answer { id, outcome }) if id.to_string() == ID => outcome,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn answers_are_results_or_errors() {
        assert_eq!(answer(r#""result":{"a":1}"#), Ok(json!({"a": 1})));
        assert_eq!(answer(r#""result":null"#), Ok(Value::Null));
        for code in ["-32003", "\"-32003\""] {
            let error = answer(&format!(r#""error":{{"code":{code},"message":"no"}}"#));
            assert_eq!(error, Err(RpcError::remote(-32003, "no")));
        }
        assert_eq!(answer(r#""error":{}"#), Err(RpcError::remote(0, "")));
    }

    #[test]
    fn what_is_not_ours_is_no_frame() {
        for text in [
            "",
            "null",
            "7",
            "\"x\"",
            "{",
            "{}",
            "made up",
            r#"{"id":"x","result":1}"#,
            r#"[{"method":"m"}]"#,
            r#"{"id":7,"result":1}"#,
            r#"{"method":7}"#,
        ] {
            assert!(read(text).is_none(), "{text}");
        }
        assert!(read(&format!(r#"{{"id":"{ID}"}}"#)).is_none());
    }

    #[test]
    fn a_request_is_written_in_the_order_of_the_wire() {
        let id = ID.parse().unwrap();
        assert_eq!(
            request(id, "subscriber.online", &params(&json!({})).unwrap()).expose(),
            &format!(
                r#"{{"jsonrpc":"2.0","id":"{ID}","method":"subscriber.online","params":{{}}}}"#
            )
        );
    }

    #[test]
    fn a_ping_is_answered_in_seconds_with_a_fraction() {
        let text = pong(&json!("x"), EpochMillis::new(1_760_000_000_250));
        assert!(text.contains(r#""timestamp":1760000000.25"#), "{text}");
    }
}
