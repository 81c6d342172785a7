//! What must hold for any text that comes over the socket of a session.

use credwire_core::Secret;
use credwire_generated::{RawJson, RpcFrame, ServerRequest};
use serde_json::{Value, json};

/// Reads `bytes` as a frame, and its parts as a session does.
///
/// # Panics
/// When something does not hold: the frame is not what the same text is as a JSON value, a part is
/// not borrowed from the text, a frame is another one after it was written and read again. Panics
/// of the code under test are handed on.
pub fn check(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let frame = RpcFrame::read(text).ok();
    assert_eq!(RpcFrame::read(text).ok(), frame, "two results for one text");
    if let Some(frame) = &frame {
        borrowed(text, frame);
        same_after_writing(frame);
        dispatched(frame);
    }
    // Parts that nobody reads may nest deeper than a value.
    if let Ok(value) = serde_json::from_str::<Value>(text) {
        if let Some(frame) = &frame {
            assert!(is_frame(&value), "{text} is no frame");
            same_as(&value, frame);
        }
        // Of members that stand there twice a value keeps the last; a frame is refused for them.
        let once = value.to_string();
        assert_eq!(RpcFrame::read(&once).is_ok(), is_frame(&value), "{once}");
    }
}

/// JSON-RPC 2.0, sections 4 and 5, without the member `jsonrpc`: who answers may be lax.
fn is_frame(value: &Value) -> bool {
    let Value::Object(members) = value else { return false };
    let member = |name: &str| members.get(name).filter(|member| !member.is_null());
    match member("method") {
        Some(method) => method.is_string(),
        None => {
            let outcome = members.contains_key("result") || member("error").is_some();
            member("id").is_some() && outcome
        }
    }
}

fn same_as(value: &Value, frame: &RpcFrame<'_>) {
    let is = |name: &str, part: Option<RawJson<'_>>| {
        let part = part.map_or(Value::Null, |part| part.read().expect("a part of a value"));
        assert_eq!(part, value.get(name).cloned().unwrap_or_default(), "{name}");
    };
    match frame {
        RpcFrame::Request { id, method, params } => {
            is("id", *id);
            is("params", *params);
            assert_eq!(value["method"], method.as_ref());
        }
        RpcFrame::Answer { id, outcome } => {
            is("id", Some(*id));
            match outcome {
                Ok(result) => is("result", Some(*result)),
                Err(fault) => {
                    let error = &value["error"];
                    if let Some(code) = error["code"].as_i64() {
                        assert_eq!(fault.code, code);
                    }
                    assert_eq!(fault.message, error["message"].as_str().unwrap_or_default());
                    let data = fault.data.map_or(Value::Null, |data| data.read().expect("data"));
                    assert_eq!(data, error["data"]);
                }
            }
        }
        _ => panic!("a kind of frame that is not checked"),
    }
}

/// Parts that stay text are in the text of the frame, each one whole value.
fn borrowed(text: &str, frame: &RpcFrame<'_>) {
    let range = text.as_bytes().as_ptr_range();
    let within = |part: &RawJson<'_>| {
        let part = part.get();
        let (start, end) =
            (part.as_bytes().as_ptr_range().start, part.as_bytes().as_ptr_range().end);
        assert!(range.start <= start && end <= range.end, "{part} is not in the frame");
        assert_eq!(part, part.trim(), "space around a part");
    };
    match frame {
        RpcFrame::Request { id, params, .. } => id.iter().chain(params).for_each(within),
        RpcFrame::Answer { id, outcome: Ok(result) } => [id, result].into_iter().for_each(within),
        RpcFrame::Answer { id, outcome: Err(fault) } => {
            [id].into_iter().chain(&fault.data).for_each(within);
        }
        _ => panic!("a kind of frame that is not checked"),
    }
}

fn same_after_writing(frame: &RpcFrame<'_>) {
    match frame {
        RpcFrame::Request { id, method, params } => {
            let given = params.map_or("null", RawJson::get);
            let written = RpcFrame::request("made-up", method, given);
            let again = read(&written);
            let RpcFrame::Request { id: new, method: same, params: passed } = again else {
                panic!("a request became an answer")
            };
            assert_eq!(new.map(RawJson::get), Some("\"made-up\""));
            assert_eq!((&same, passed), (method, params.filter(|_| given != "null")));
            if let Some(id) = id {
                answers(*id);
            }
        }
        RpcFrame::Answer { id, outcome: Err(fault) } => {
            let written = RpcFrame::error(*id, fault.code, &fault.message);
            let RpcFrame::Answer { id: same, outcome: Err(again) } = read(&written) else {
                panic!("an error became something else")
            };
            assert_eq!((same, again.code, &again.message), (*id, fault.code, &fault.message));
        }
        RpcFrame::Answer { id, .. } => answers(*id),
        _ => panic!("a kind of frame that is not checked"),
    }
}

/// An answer to the call with this id has the id as it was written.
fn answers(id: RawJson<'_>) {
    let written = RpcFrame::result(id, &json!({"code": "200"})).expect("JSON");
    let RpcFrame::Answer { id: same, outcome: Ok(result) } = read(&written) else {
        panic!("an answer became something else")
    };
    assert_eq!((same.get(), result.get()), (id.get(), r#"{"code":"200"}"#));
}

fn read(text: &Secret<String>) -> RpcFrame<'_> {
    RpcFrame::read(text.expose()).expect("what was written can be read")
}

/// Requests of a space go to their types, and events to theirs.
fn dispatched(frame: &RpcFrame<'_>) {
    let RpcFrame::Request { method, params, .. } = frame else { return };
    let Ok(request) = ServerRequest::read(method.as_ref(), *params) else { return };
    assert_eq!(request.method(), method.as_ref());
    if let ServerRequest::SignalwireEvent(event) = &request {
        let _ = format!("{:?}", event.payload().map_err(|error| error.classify()));
    }
    let _ = format!("{request:?}");
}
