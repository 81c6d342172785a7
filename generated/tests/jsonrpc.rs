//! JSON-RPC messages: the version, generic members, and the response union.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use credwire_core::{Secret, SerializeExposed};
use credwire_generated::{
    JsonRpcErrorResponse, JsonRpcRequest, JsonRpcResponse, JsonRpcSuccessResponse,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Sum {
    terms: Vec<u32>,
}

#[test]
fn a_request_says_its_version_and_leaves_out_absent_params() {
    let plain: JsonRpcRequest = JsonRpcRequest::new("1", "sum");
    let wire = json!({"id": "1", "jsonrpc": "2.0", "method": "sum"});
    assert_eq!(serde_json::to_value(&plain).unwrap(), wire);
    let typed = JsonRpcRequest::new("1", "sum").with_params(Sum { terms: vec![1, 2] });
    let text = serde_json::to_string(&typed).unwrap();
    assert_eq!(serde_json::from_str::<JsonRpcRequest<Sum>>(&text).unwrap(), typed);
    for wrong in [
        json!({"id": "1", "method": "sum"}),
        json!({"id": "1", "jsonrpc": "1.0", "method": "sum"}),
        json!({"id": 1, "jsonrpc": "2.0", "method": "sum"}),
    ] {
        assert!(serde_json::from_value::<JsonRpcRequest>(wrong.clone()).is_err(), "{wrong}");
    }
}

#[test]
fn params_may_hold_secrets_when_they_are_exposed_on_purpose() {
    let secret = Secret::from("made-up");
    let request = JsonRpcRequest::new("1", "login").with_params(secret.exposed());
    assert!(!format!("{request:?}").contains("made-up"));
    assert_eq!(serde_json::to_value(&request).unwrap()["params"], "made-up");
}

#[test]
fn the_member_that_is_present_tells_success_from_error() {
    let success = json!({"id": "1", "jsonrpc": "2.0", "result": {"terms": [3]}});
    let read: JsonRpcResponse<Sum> = serde_json::from_value(success.clone()).unwrap();
    assert_eq!(
        read,
        JsonRpcResponse::Success(JsonRpcSuccessResponse::new("1", Sum { terms: vec![3] }))
    );
    assert_eq!(serde_json::to_value(&read).unwrap(), success);
    let error =
        json!({"error": {"code": -32002, "message": "made-up"}, "id": "1", "jsonrpc": "2.0"});
    let read: JsonRpcResponse<Sum> = serde_json::from_value(error.clone()).unwrap();
    let expected = JsonRpcErrorResponse::new("1").with_error(error["error"].clone());
    assert_eq!(read, JsonRpcResponse::Error(expected));
    assert_eq!(serde_json::to_value(&read).unwrap(), error);
}

#[test]
fn null_is_a_result() {
    let wire = json!({"id": "1", "jsonrpc": "2.0", "result": null});
    let read: JsonRpcResponse = serde_json::from_value(wire.clone()).unwrap();
    assert_eq!(read, JsonRpcResponse::Success(JsonRpcSuccessResponse::new("1", Value::Null)));
    assert_eq!(serde_json::to_value(&read).unwrap(), wire);
}

#[test]
fn neither_and_both_are_refused() {
    let neither = json!({"id": "1", "jsonrpc": "2.0"});
    let error = serde_json::from_value::<JsonRpcResponse>(neither).unwrap_err();
    assert!(error.to_string().contains("`error`"), "{error}");
    let both = json!({"error": {}, "id": "1", "jsonrpc": "2.0", "result": 1});
    let error = serde_json::from_value::<JsonRpcResponse>(both).unwrap_err();
    assert!(error.to_string().contains("must be absent"), "{error}");
    for wire in [json!([]), json!("x"), json!({"result": 1})] {
        assert!(serde_json::from_value::<JsonRpcResponse>(wire.clone()).is_err(), "{wire}");
    }
}

#[test]
fn a_forbidden_member_is_refused_by_each_response() {
    let wire = json!({"error": null, "id": "1", "jsonrpc": "2.0", "result": 1});
    assert!(serde_json::from_value::<JsonRpcSuccessResponse>(wire).is_err());
    let wire = json!({"error": {}, "id": "1", "jsonrpc": "2.0", "result": null});
    assert!(serde_json::from_value::<JsonRpcErrorResponse>(wire).is_err());
}
