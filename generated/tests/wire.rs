//! JSON-RPC over the socket: frames, methods, requests of the space and error codes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use credwire_core::{RpcMethod, SerializeExposed as _};
use credwire_generated::{
    Acknowledgement, RawJson, RpcErrorCode, RpcFault, RpcFrame, RpcFrameError, ServerRequest,
    SignalwireConnect, SignalwireConnectParams, SignalwireConnectParamsAuthentication,
    SignalwireConnectParamsVersion, SignalwireConnectResult, SignalwireEventParams,
    SignalwireEventPayload, SignalwirePingResult, SubscriberOnline, SubscriberOnlineParams,
};

fn raw(text: &str) -> RawJson<'_> {
    serde_json::from_str(text).unwrap()
}

fn request(text: &str) -> ServerRequest<'_> {
    match RpcFrame::read(text) {
        Ok(RpcFrame::Request { method, params, .. }) => {
            ServerRequest::read(method, params).unwrap()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn params_go_out_in_the_order_of_the_wire_and_no_secret_is_shown() {
    let params = SignalwireConnectParams::new(
        SignalwireConnectParamsVersion::new(4, 0, 0),
        true,
        SignalwireConnectParamsAuthentication::new("made-up-token"),
        "a/1",
        Vec::new(),
        Vec::new(),
        Vec::new(),
    )
    .with_dpop_token("made-up-proof")
    .with_authorization_state("made-up-state")
    .with_protocol("p");
    assert!(!format!("{params:?}").contains("made-up"));
    let text = serde_json::to_string(&params.exposed()).unwrap();
    let frame = RpcFrame::request("7", SignalwireConnect::NAME, &text);
    assert_eq!(
        frame.expose(),
        concat!(
            r#"{"jsonrpc":"2.0","id":"7","method":"signalwire.connect","params":{"#,
            r#""version":{"major":4,"minor":0,"revision":0},"event_acks":true,"#,
            r#""authentication":{"jwt_token":"made-up-token"},"agent":"a/1","contexts":[],"#,
            r#""eventing":[],"topics":[],"dpop_token":"made-up-proof","#,
            r#""authorization_state":"made-up-state","protocol":"p"}}"#
        )
    );
    assert_eq!(serde_json::from_str::<SignalwireConnectParams>(&text).unwrap(), params);
    // Written in one go it is the same, behind what was there.
    let mut buffer = b"before".to_vec();
    RpcFrame::write_request::<SignalwireConnect>(&mut buffer, "7", &params).unwrap();
    assert_eq!(buffer.strip_prefix(b"before"), Some(frame.expose().as_bytes()));
}

#[test]
fn a_result_needs_what_clients_depend_on_and_no_more() {
    let least = r#"{"identity":"i","protocol":"p","authorization":{"project_id":"x"},"more":1}"#;
    let read: SignalwireConnectResult = serde_json::from_str(least).unwrap();
    assert_eq!((read.authorization.project_id.as_str(), read.authorization.scope), ("x", None));
    for missing in [r#"{"identity":"i","protocol":"p"}"#, r#"{"identity":"i"}"#, "[]", "null"] {
        assert!(serde_json::from_str::<SignalwireConnectResult>(missing).is_err(), "{missing}");
    }
}

#[test]
fn requests_of_the_space_are_told_apart() {
    let text = r#"{"id":7,"method":"signalwire.event","params":{"event_type":"call.joined",
        "event_channel":"c","params":{"deep":[1,{"a":null}]}}}"#;
    let ServerRequest::SignalwireEvent(event) = request(text) else { panic!() };
    assert_eq!(event.event_channel, Some(Some("c".to_owned())));
    let SignalwireEventPayload::Unknown(Some(payload)) = event.payload().unwrap() else { panic!() };
    assert_eq!(payload.get(), r#"{"deep":[1,{"a":null}]}"#);

    let ping = request(r#"{"id":"a","method":"signalwire.ping"}"#);
    assert!(matches!(&ping, ServerRequest::SignalwirePing(params) if params.timestamp.is_none()));
    assert_eq!(ping.method(), "signalwire.ping");
    let end = request(r#"{"id":"a","method":"signalwire.disconnect","params":{"why":1}}"#);
    assert!(matches!(end, ServerRequest::SignalwireDisconnect(_)));
    let other = request(r#"{"id":"a","method":"made\u002eup","params":[1]}"#);
    assert_eq!(other.method(), "made.up");
    assert!(
        matches!(other, ServerRequest::Unknown { params: Some(params), .. } if params.get() == "[1]")
    );
    assert!(ServerRequest::read("signalwire.event", Some(raw("{}"))).is_err());
}

#[test]
fn the_payload_of_a_known_event_is_typed_and_sealed() {
    let params = r#"{"event_type":"signalwire.authorization.state",
        "params":{"authorization_state":"made-up-state"}}"#;
    let event: SignalwireEventParams<RawJson<'_>> = serde_json::from_str(params).unwrap();
    assert!(!format!("{event:?}").contains("made-up"));
    let payload = event.payload().unwrap();
    assert!(!format!("{payload:?}").contains("made-up"));
    let SignalwireEventPayload::SignalwireAuthorizationState(state) = payload else { panic!() };
    assert_eq!(state.authorization_state.expose(), "made-up-state");

    let wrong = r#"{"event_type":"signalwire.authorization.state","params":{"state":"made-up"}}"#;
    let event: SignalwireEventParams<RawJson<'_>> = serde_json::from_str(wrong).unwrap();
    let error = event.payload().unwrap_err().to_string();
    assert!(!error.contains("made-up"), "{error}");
}

#[test]
fn answers_are_results_or_errors() {
    let read = |text| match RpcFrame::read(text) {
        Ok(RpcFrame::Answer { id, outcome }) => (id.get(), outcome),
        other => panic!("{other:?}"),
    };
    assert_eq!(read(r#"{"id":"7","result":null}"#), (r#""7""#, Ok(raw("null"))));
    let (id, outcome) = read(r#" {"result":1,"error":{"code":" -32003","message":"no"},"id":7} "#);
    let RpcFault { code, message, data, .. } = outcome.unwrap_err();
    assert_eq!((id, code, message.as_ref(), data), ("7", -32003, "no", None));
    for odd in ["{}", r#"{"code":1.5,"message":[]}"#, r#"{"code":"x"}"#, r#"{"code":1e300}"#] {
        let text = format!(r#"{{"id":"7","error":{odd}}}"#);
        let Ok(RpcFrame::Answer { outcome: Err(fault), .. }) = RpcFrame::read(&text) else {
            panic!("{odd}");
        };
        assert_eq!((fault.code, fault.message.as_ref()), (0, ""), "{odd}");
    }
}

#[test]
fn what_is_no_frame_is_refused_with_its_reason() {
    let deep = format!(r#"{{"id":{}"#, "[".repeat(100_000));
    for (text, reason) in [
        ("", RpcFrameError::NotJson),
        ("{", RpcFrameError::NotJson),
        (&*deep, RpcFrameError::NotJson),
        (r#"{"method":"m"} x"#, RpcFrameError::NotJson),
        ("null", RpcFrameError::NotAnObject),
        ("7", RpcFrameError::NotAnObject),
        ("\"x\"", RpcFrameError::NotAnObject),
        ("[]", RpcFrameError::Batch),
        (r#" [{"method":"m"}]"#, RpcFrameError::Batch),
        ("{}", RpcFrameError::NoMethod),
        (r#"{"id":"7"}"#, RpcFrameError::NoMethod),
        (r#"{"id":"7","error":null}"#, RpcFrameError::NoMethod),
        (r#"{"method":7}"#, RpcFrameError::MethodNotText),
        (r#"{"result":1}"#, RpcFrameError::NoId),
        (r#"{"id":null,"result":1}"#, RpcFrameError::NoId),
        (r#"{"method":"a","method":"b"}"#, RpcFrameError::RepeatedMember),
        (r#"{"id":1,"method":"a","id":2}"#, RpcFrameError::RepeatedMember),
    ] {
        assert_eq!(RpcFrame::read(text), Err(reason), "{text:.40}");
    }
}

/// Whatever stands in the parts that nobody reads, a request can be answered and an answer finds
/// its call.
#[test]
fn odd_frames_are_read() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    for odd in [r#""\ud800""#, "1e999", "[1e999,{\"\\udc00\":-1E400}]", &deep] {
        let text = format!(r#"{{"\ud800":{odd},"id":{odd},"method":"m","params":{odd}}}"#);
        let Ok(RpcFrame::Request { id: Some(id), params: Some(params), .. }) =
            RpcFrame::read(&text)
        else {
            panic!("{odd:.40}");
        };
        assert_eq!((id.get(), params.get()), (odd, odd));
        let answer = RpcFrame::result(id, &Acknowledgement::new()).unwrap();
        assert!(answer.expose().contains(odd), "{odd:.40}");
        let text = format!(r#"{{"id":"7","result":{odd},"x":"\ud800"}}"#);
        assert!(matches!(RpcFrame::read(&text), Ok(RpcFrame::Answer { outcome: Ok(_), .. })));
        let text = format!(r#"{{"id":"7","error":{odd}}}"#);
        assert!(matches!(RpcFrame::read(&text), Ok(RpcFrame::Answer { outcome: Err(_), .. })));
        let text =
            format!(r#"{{"id":"7","error":{{"code":-1,"message":"a\ud800b","data":{odd}}}}}"#);
        let Ok(RpcFrame::Answer { outcome: Err(fault), .. }) = RpcFrame::read(&text) else {
            panic!("{odd:.40}");
        };
        assert_eq!((fault.code, &*fault.message), (-1, "a\u{fffd}b"));
    }
    let Ok(RpcFrame::Request { method, .. }) = RpcFrame::read(r#"{"method":"a\ud800b"}"#) else {
        panic!("no request");
    };
    assert_eq!(method, "a\u{fffd}b");
    let odd = raw(r#"{"text":"\ud800","size":1e999}"#);
    assert!(odd.read::<serde_json::Value>().is_err());
    let read: serde_json::Value = serde_json::from_str(&odd.repaired()).unwrap();
    assert_eq!(read, serde_json::json!({ "text": "\u{fffd}", "size": f64::MAX }));
}

#[test]
fn a_batch_is_read_and_answered_as_one() {
    let parts = RpcFrame::read_batch(r#" [{"id":1,"method":"a"}, 7, {"method":"\ud800"}, []] "#);
    let parts = parts.unwrap();
    let texts: Vec<&str> = parts.iter().map(|part| part.get()).collect();
    assert_eq!(texts, [r#"{"id":1,"method":"a"}"#, "7", r#"{"method":"\ud800"}"#, "[]"]);
    for (text, reason) in [
        ("[]", RpcFrameError::NoBatch),
        ("{}", RpcFrameError::NoBatch),
        ("[1", RpcFrameError::NotJson),
    ] {
        assert_eq!(RpcFrame::read_batch(text).unwrap_err(), reason, "{text}");
    }
    let answers = [
        RpcFrame::error(raw("1"), RpcErrorCode::MethodNotFound, "no"),
        RpcFrame::invalid_request(),
    ];
    let batch = RpcFrame::batch(&answers).unwrap();
    let read = RpcFrame::read_batch(batch.expose()).unwrap();
    assert!(read.iter().zip(&answers).all(|(part, answer)| part.get() == answer.expose()));
    let invalid: serde_json::Value = read[1].read().unwrap();
    assert_eq!((&invalid["error"]["code"], &invalid["id"]), (&(-32600).into(), &().into()));
    assert!(RpcFrame::batch([]).is_none());
}

#[test]
fn answers_are_written_around_the_id_as_it_came() {
    let pong = RpcFrame::result(raw("7"), &SignalwirePingResult::new(1_760_000_000.25)).unwrap();
    assert_eq!(pong.expose(), r#"{"id":7,"jsonrpc":"2.0","result":{"timestamp":1760000000.25}}"#);
    let empty = RpcFrame::result(raw(r#""a\"b""#), &Acknowledgement::new()).unwrap();
    assert_eq!(empty.expose(), r#"{"id":"a\"b","jsonrpc":"2.0","result":{}}"#);
    let error = RpcFrame::error(raw("null"), RpcErrorCode::MethodNotFound, "no \"x\"");
    assert_eq!(
        error.expose(),
        r#"{"error":{"code":-32601,"message":"no \"x\""},"id":null,"jsonrpc":"2.0"}"#
    );
}

#[test]
fn error_codes_are_open_and_may_be_strings() {
    for (text, code) in [
        ("-32601", RpcErrorCode::MethodNotFound),
        ("\"-32002\"", RpcErrorCode::AuthenticationFailed),
        ("5", RpcErrorCode::Other(5)),
    ] {
        let read: RpcErrorCode = serde_json::from_str(text).unwrap();
        assert_eq!((read, RpcErrorCode::from(read.get())), (code, code));
        assert_eq!(serde_json::to_string(&read).unwrap(), text.replace('"', ""));
    }
    for text in ["\"no\"", "1.5", "null", "18446744073709551615", "{}"] {
        assert!(serde_json::from_str::<RpcErrorCode>(text).is_err(), "{text}");
    }
    assert!(SignalwireConnect::ERRORS.contains(&RpcErrorCode::RequesterValidationFailed));
    assert!(!SignalwireConnect::ERRORS.contains(&RpcErrorCode::MethodNotFound));
}

#[test]
fn methods_are_types() {
    fn call<M: RpcMethod>(params: &M::Params) -> (&'static str, String) {
        (M::NAME, serde_json::to_string(&params.exposed()).unwrap())
    }
    let called = call::<SubscriberOnline>(&SubscriberOnlineParams::new());
    assert_eq!(called, ("subscriber.online", "{}".to_owned()));
}
