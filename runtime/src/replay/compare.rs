//! What is the same: everything but what chance makes.

use std::collections::HashMap;

use serde_json::Value;

use crate::cassette::{
    entry::{Kind, Text},
    placeholder,
};

/// Times that a client writes may differ by so many seconds.
const SECONDS: f64 = 10.0;
/// The longest value that is shown.
const SHOWN: usize = 60;

/// What was recorded and what was found, in words.
pub(super) type Words = (String, String);

/// The ids of the requests that the recorded client sent, and what they are now.
#[derive(Debug, Default)]
pub(super) struct Ids(HashMap<String, Value>);

impl Ids {
    /// Notes the id of a request that was sent again.
    pub(super) fn learn(&mut self, recorded: &Kind, found: &Kind) {
        if let (
            Kind::Sent { frame: Text::Json(recorded), .. },
            Kind::Sent { frame: Text::Json(found), .. },
        ) = (recorded, found)
            && recorded.get("method").is_some()
            && let (Some(Value::String(id)), Some(now)) = (recorded.get("id"), found.get("id"))
        {
            self.0.insert(id.clone(), now.clone());
        }
    }

    /// A recorded frame of the space for the client that is here now.
    pub(super) fn to_client(&self, text: &Text) -> String {
        match text {
            Text::Plain(text) => text.clone(),
            Text::Json(value) => {
                let mut value = value.clone();
                let is_answer = value.get("method").is_none();
                if is_answer
                    && let Some(id) = value.get_mut("id")
                    && let Some(now) = id.as_str().and_then(|id| self.0.get(id))
                {
                    *id = now.clone();
                }
                value.to_string()
            }
        }
    }
}

/// Whether what the client begins is of the kind that was recorded, so that the rest can be
/// compared.
pub(super) fn is_same_kind(recorded: &Kind, found: &Kind) -> bool {
    match (recorded, found) {
        (Kind::Asked { method, .. }, Kind::Asked { method: found, .. }) => method == found,
        (Kind::Open { .. }, Kind::Open { .. }) => true,
        (
            Kind::Request { method, url, .. },
            Kind::Request { method: found_method, url: found_url, .. },
        ) => method == found_method && url == found_url,
        _ => false,
    }
}

/// What differs, if anything does.
pub(super) fn differs(recorded: &Kind, found: &Kind) -> Option<Words> {
    let words = |(expected, found): Words| (format!("{recorded} with {expected}"), found);
    match (recorded, found) {
        (Kind::Asked { .. }, Kind::Asked { .. })
        | (Kind::Ping { .. }, Kind::Ping { .. })
        | (Kind::Close { .. }, Kind::Close { .. }) => None,
        (Kind::Open { url, .. }, Kind::Open { url: found_url, .. }) => {
            (url != found_url).then(|| (recorded.to_string(), found.to_string()))
        }
        (
            Kind::Request { bearer, body, .. },
            Kind::Request { bearer: found_bearer, body: found_body, .. },
        ) => {
            if bearer != found_bearer {
                let shown = |bearer: &Option<String>| match bearer {
                    Some(token) => format!("the bearer token {}", cut(token)),
                    None => "no bearer token".to_owned(),
                };
                return Some(words((shown(bearer), shown(found_bearer))));
            }
            match (body, found_body) {
                (None, None) => None,
                (Some(body), Some(found)) => text(body, found).map(words),
                (Some(_), None) => Some(words(("a body".to_owned(), "none".to_owned()))),
                (None, Some(_)) => Some(words(("no body".to_owned(), "one".to_owned()))),
            }
        }
        (Kind::Sent { frame, .. }, Kind::Sent { frame: found_frame, .. }) => {
            text(frame, found_frame).map(|(expected, found)| {
                // Frames of other kinds are distinguished by their names alone.
                let (recorded_kind, found_kind) = (frame.to_string(), found_frame.to_string());
                if recorded_kind == found_kind {
                    words((expected, found))
                } else {
                    (recorded_kind, found_kind)
                }
            })
        }
        _ => Some((recorded.to_string(), found.to_string())),
    }
}

fn text(recorded: &Text, found: &Text) -> Option<Words> {
    let (Text::Json(recorded), Text::Json(found)) = (recorded, found) else {
        return (recorded != found).then(|| (recorded.to_string(), found.to_string()));
    };
    if recorded.get("method").is_some() && found.get("method").is_some() {
        // The id of a request is its sender's choice.
        return value(&without_id(recorded), &without_id(found), &mut String::new());
    }
    value(recorded, found, &mut String::new())
}

fn without_id(frame: &Value) -> Value {
    let mut frame = frame.clone();
    if let Value::Object(members) = &mut frame {
        members.remove("id");
    }
    frame
}

/// Compares what stands at `path`, a JSON pointer (RFC 6901).
fn value(recorded: &Value, found: &Value, path: &mut String) -> Option<Words> {
    let at = |path: &str, value: &Value| format!("{path} = {}", cut(&value.to_string()));
    match (recorded, found) {
        (Value::Object(recorded), Value::Object(found)) => {
            for (name, expected) in recorded {
                let length = step(path, name);
                let differs = match found.get(name) {
                    Some(found) => value(expected, found, path),
                    None => Some((at(path, expected), format!("no {path}"))),
                };
                if differs.is_some() {
                    return differs;
                }
                path.truncate(length);
            }
            let (name, more) = found.iter().find(|(name, _)| !recorded.contains_key(*name))?;
            step(path, name);
            Some((format!("no {path}"), at(path, more)))
        }
        (Value::Array(recorded), Value::Array(found)) if recorded.len() == found.len() => {
            recorded.iter().zip(found).enumerate().find_map(|(index, (recorded, found))| {
                let length = step(path, &index.to_string());
                let differs = value(recorded, found, path);
                path.truncate(length);
                differs
            })
        }
        (Value::String(one), Value::String(other)) => {
            match (placeholder::proof(one), placeholder::proof(other)) {
                (Some(one), Some(other)) => {
                    let length = step(path, "(proof)");
                    let differs = value(&one, &other, path);
                    path.truncate(length);
                    differs
                }
                _ => (one != other).then(|| (at(path, recorded), at(path, found))),
            }
        }
        (Value::Number(one), Value::Number(other)) if is_time(path) => {
            let apart = one.as_f64().zip(other.as_f64()).map(|(one, other)| (one - other).abs());
            let differs = apart.is_none_or(|apart| apart > SECONDS);
            differs.then(|| (at(path, recorded), at(path, found)))
        }
        _ => (recorded != found).then(|| (at(path, recorded), at(path, found))),
    }
}

/// Goes down to a member; returns the length to come back to.
fn step(path: &mut String, name: &str) -> usize {
    let length = path.len();
    path.push('/');
    path.push_str(&name.replace('~', "~0").replace('/', "~1"));
    length
}

/// Whether the seconds of a clock stand there: in a pong, or in a proof.
fn is_time(path: &str) -> bool {
    path == "/result/timestamp" || path.ends_with("/(proof)/claims/iat")
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn sent(frame: Value) -> Kind {
        Kind::Sent { socket: 1, frame: Text::Json(frame) }
    }

    fn compared(recorded: Value, found: Value) -> Option<Words> {
        differs(&sent(recorded), &sent(found))
    }

    #[test]
    fn ids_of_requests_may_differ_and_their_answers_follow() {
        let mut ids = Ids::default();
        let frame = |id: &str| sent(json!({ "id": id, "method": "m", "params": {} }));
        assert_eq!(differs(&frame("then"), &frame("now")), None);
        ids.learn(&frame("then"), &frame("now"));
        let answer = |id: &str| Text::Json(json!({ "id": id, "result": { "id": "then" } }));
        assert_eq!(
            Text::of(&ids.to_client(&answer("then"))),
            Text::Json(json!({ "id": "now", "result": { "id": "then" } }))
        );
        assert_eq!(Text::of(&ids.to_client(&answer("other"))), answer("other"));
    }

    #[test]
    fn what_differs_is_named_with_its_place() {
        let frame = |params: Value| json!({ "id": "x", "method": "m", "params": params });
        for (recorded, found, expected, actual) in [
            (
                json!({ "a/b": [1, 2] }),
                json!({ "a/b": [1, 3] }),
                "/params/a~1b/1 = 2",
                "/params/a~1b/1 = 3",
            ),
            (json!({ "a": 1 }), json!({}), "/params/a = 1", "no /params/a"),
            (json!({}), json!({ "a": null }), "no /params/a", "/params/a = null"),
        ] {
            let (expected_words, found_words) = compared(frame(recorded), frame(found)).unwrap();
            assert!(expected_words.ends_with(expected), "{expected_words}");
            assert_eq!(found_words, actual);
        }
        let (expected, found) =
            compared(frame(json!({})), json!({ "id": "s", "result": {} })).unwrap();
        assert_eq!((expected.as_str(), found.as_str()), ("the request m", "a result"));
    }

    #[test]
    fn times_may_be_seconds_apart_and_no_more() {
        let pong = |time: f64| json!({ "id": "s", "result": { "timestamp": time } });
        assert_eq!(compared(pong(1000.5), pong(1009.0)), None);
        assert!(compared(pong(1000.5), pong(1011.0)).is_some());
    }
}
