//! Decoding and checking in one call: places, all violations, and no secret in any message.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use credwire_core::{DecodeErrorKind, FromJson, FromJsonError};
use credwire_generated::{
    AuthenticateContext, CallStatus, JsonRpcResponse, LayoutLayer, SatClaims, SdkCredential,
    SdkWarning,
};
use serde_json::Value;

const TOKEN: &str = "eyJmade.up";

fn refused<T: FromJson>(text: &str) -> FromJsonError {
    match T::from_json(text) {
        Ok(_) => panic!("{text} was read"),
        Err(error) => error,
    }
}

#[test]
fn a_credential_is_read_and_checked_in_one_call() {
    let text = format!(r#"{{"token": "{TOKEN}", "expiry_at": 1.7e12, "more": [1]}}"#);
    let credential = SdkCredential::from_json(&text).unwrap();
    assert_eq!(credential.token.unwrap().expose(), TOKEN);
    let error = refused::<SdkCredential>(r#"{"token": "", "expiry_at": 1700000000}"#);
    let rules: Vec<_> =
        error.violations().unwrap().iter().map(|one| (one.pointer(), one.rule())).collect();
    assert_eq!(rules, [("", "one-of"), ("/expiry_at", "epoch-millis")]);
}

#[test]
fn no_message_repeats_a_token_wherever_it_stands() {
    for (text, pointer) in [
        (format!(r#""{TOKEN}""#), ""),
        (format!(r#"["{TOKEN}"]"#), ""),
        (format!(r#"{{"token": ["{TOKEN}"]}}"#), "/token"),
        (format!(r#"{{"token": "{TOKEN}"#), "/token"),
        (format!(r#"{{"token": {TOKEN}}}"#), "/token"),
        (format!(r#"{{"token": "{TOKEN}"}} {TOKEN}"#), ""),
        (format!(r#"{{"token": "{TOKEN}", "expiry_at": "{TOKEN}"}}"#), "/expiry_at"),
        (format!(r#"{{"token": "{TOKEN}", "token": "{TOKEN}"}}"#), ""),
    ] {
        for error in [refused::<SdkCredential>(&text), {
            SdkCredential::from_json_slice(text.as_bytes()).unwrap_err()
        }] {
            let decode = error.decode().unwrap();
            assert_eq!(decode.pointer(), pointer, "{text}: {error}");
            assert!(!format!("{error} {error:?}").contains("eyJ"), "{text}: {error}");
        }
    }
    for error in [
        refused::<SatClaims>(&format!(r#"{{"expires_at": "{TOKEN}"}}"#)),
        refused::<SatClaims>(&format!(r#"{{"scope": "{TOKEN}"}}"#)),
        refused::<CallStatus>(&format!("\"{TOKEN}\"")),
        refused::<JsonRpcResponse<bool>>(&format!(
            r#"{{"jsonrpc": "{TOKEN}", "id": "1", "result": true}}"#
        )),
        refused::<JsonRpcResponse<bool>>(&format!(
            r#"{{"jsonrpc": "2.0", "id": "1", "result": "{TOKEN}"}}"#
        )),
        refused::<SdkWarning>(&format!(
            r#"{{"source": "{TOKEN}", "code": "credential_refresh_fallback"}}"#
        )),
        refused::<AuthenticateContext>(&format!(r#"{{"fingerprint": "{TOKEN}"}}"#)),
    ] {
        assert!(!format!("{error} {error:?}").contains("eyJ"), "{error}");
    }
}

#[test]
fn a_place_inside_a_union_is_named_whichever_member_comes_first() {
    for (text, pointer) in [
        (r#"{"jsonrpc": "2.0", "id": "1", "result": {"layer_index": -1}}"#, "/result/layer_index"),
        (r#"{"result": {"layer_index": 0.5}, "jsonrpc": "2.0"}"#, "/result/layer_index"),
        (r#"{"jsonrpc": "2.0", "result": [], "id": "1"}"#, "/result"),
    ] {
        let error = refused::<JsonRpcResponse<LayoutLayer>>(text);
        let error = error.decode().unwrap();
        assert_eq!((error.kind(), error.pointer()), (DecodeErrorKind::Type, pointer), "{error}");
    }
    let text = r#"{"message": "m", "reason": "new-one", "source": "CredentialProvider",
        "code": "credential_refresh_fallback"}"#;
    let SdkWarning::CredentialRefreshFallback(warning) = SdkWarning::from_json(text).unwrap()
    else {
        panic!("another warning")
    };
    assert_eq!(warning.reason.as_str(), "new-one");
}

#[test]
fn an_unknown_kind_of_warning_is_kept_whole() {
    let text = r#"{"b": [1, {"c": null}], "code": "later", "a": 1}"#;
    let warning = SdkWarning::from_json(text).unwrap();
    let SdkWarning::Unknown(value) = warning else { panic!("{warning:?}") };
    assert_eq!(value, serde_json::from_str::<Value>(text).unwrap());
}

#[test]
fn a_literal_is_only_its_text() {
    for text in [r#"{"new": null}"#, "null", "0", r#""New""#, r#"["new"]"#] {
        let error = refused::<CallStatus>(text);
        assert_eq!(error.decode().unwrap().kind(), DecodeErrorKind::Type, "{text}: {error}");
    }
    assert!(CallStatus::from_json(r#""new""#).is_ok());
    assert!(CallStatus::from_json("\"\\u006eew\"").is_ok());
}
