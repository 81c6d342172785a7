//! Requests and events of the space, and frames that make no sense.

use super::*;

#[test]
fn requests_of_the_space_are_answered() {
    let mut script = Script::live(quiet());
    let pong = sent(&script.frame(&json!({"id": "x", "method": "signalwire.ping"})));
    assert_eq!(pong[0]["result"]["timestamp"], json!(1_760_000_000.0));
    let unknown = sent(&script.frame(&json!({"id": 7, "method": "made.up"})));
    assert_eq!((&unknown[0]["id"], &unknown[0]["error"]["code"]), (&json!(7), &json!(-32601)));
    let unasked = script.frame(&json!({"method": "made.up"}));
    assert!(matches!(unasked[..], [Output::Event(SessionEvent::Message(_))]));
}

#[test]
fn a_session_that_the_space_announces_to_end_is_left_after_the_acknowledgement() {
    let mut script = Script::live(quiet());
    let outputs = script.frame(&json!({"id": "y", "method": "signalwire.disconnect"}));
    assert_eq!(sent(&outputs)[0]["result"], json!({}));
    assert!(matches!(
        outputs[..],
        [
            Output::Event(SessionEvent::Message(_)),
            Output::SendFrame(_),
            Output::Close,
            Output::Event(SessionEvent::Dropped(_)),
            Output::Event(SessionEvent::Status(Status::Reconnecting)),
            Output::Event(SessionEvent::Waiting(_)),
        ]
    ));
    let pause = paused(&outputs).unwrap();
    assert!(pause >= Duration::from_secs(1), "{pause:?}");
}

#[test]
fn events_of_an_earlier_session_are_counted_and_not_acknowledged() {
    let mut script = Script::live(quiet());
    for (event_type, channel, kept) in [
        ("call.joined", Some("x.proto-1.y"), true),
        ("call.joined", None, true),
        ("call.joined", Some("x.proto-0.y"), false),
        ("call.joined", Some("x.proto-11.y"), false),
        ("conversation.message", Some("x.proto-0.y"), true),
    ] {
        let outputs = script.event(event_type, channel, &json!({"a": 1}));
        let server = |output: &Out| matches!(output, Output::Event(SessionEvent::Server(_)));
        assert_eq!(outputs.iter().any(server), kept, "{event_type} {channel:?}");
        // What was not taken is not acknowledged.
        let acknowledged = sent(&outputs).iter().any(|answer| answer["result"] == json!({}));
        assert_eq!(acknowledged, kept, "{event_type} {channel:?}");
        let stale: &[Discarded] = if kept { &[] } else { &[Discarded::Stale] };
        assert_eq!(discarded(&outputs), stale);
    }
}

#[test]
fn what_makes_no_sense_is_counted_and_changes_nothing() {
    let mut script = Script::live(quiet());
    let status = script.status();
    for (noise, why) in [
        ("", Discarded::NotJsonRpc),
        ("{", Discarded::NotJsonRpc),
        ("\u{0}", Discarded::NotJsonRpc),
        (r#"{"id":null}"#, Discarded::NotJsonRpc),
        (r#"{"method":7}"#, Discarded::NotJsonRpc),
        (r#"{"id":"x","result":1}"#, Discarded::Unexpected),
        (r#"{"id":"00000000-0000-4000-8000-000000000000","error":{}}"#, Discarded::Unexpected),
        (r#"{"method":"signalwire.event"}"#, Discarded::Malformed),
        (r#"{"method":"signalwire.event","params":[]}"#, Discarded::Malformed),
    ] {
        let outputs = script.on(Input::Frame(noise));
        assert_eq!(discarded(&outputs), [why], "{noise:?}");
        assert_eq!((outputs.len(), script.status()), (1, status), "{noise:?}");
    }
}

#[test]
fn what_is_acknowledged_reaches_a_reader_or_is_counted() {
    // Of lone surrogates and numbers beyond a double the rest is read.
    let mut script = Script::live(quiet());
    for params in [r#"{"a":"\ud800"}"#, r#"{"a":1e999}"#] {
        let frame = format!(
            r#"{{"id":"e","method":"signalwire.event","params":{{"event_type":"made.up","params":{params}}}}}"#
        );
        let outputs = script.on(Input::Frame(&frame));
        assert_eq!(sent(&outputs)[0]["result"], json!({}));
        let read = |it: &Output<_, _>| matches!(it, Output::Event(SessionEvent::Server(_)));
        assert!(outputs.iter().any(read) && discarded(&outputs).is_empty());
    }
    let state = script.event("signalwire.authorization.state", None, &json!({}));
    assert_eq!(discarded(&state), [Discarded::Malformed]);
}

#[test]
fn a_batch_is_answered_as_a_batch() {
    let mut script = Script::live(quiet());
    let outputs = script.on(Input::Frame("[]"));
    let refusal = &sent(&outputs)[0];
    assert_eq!((&refusal["error"]["code"], &refusal["id"]), (&json!(-32600), &Value::Null));
    assert_eq!(discarded(&outputs), [Discarded::NotJsonRpc]);

    let batch = r#" [{"id":1,"method":"signalwire.ping"},7,{"method":"made.up"},
        {"id":2,"method":"signalwire.event","params":{"event_type":"made.up"}}]"#;
    let outputs = script.on(Input::Frame(batch));
    let answers = &sent(&outputs)[0];
    assert_eq!(answers.as_array().map(Vec::len), Some(3), "{answers}");
    assert!(answers[0]["result"]["timestamp"].is_number());
    assert_eq!(answers[1]["error"]["code"], json!(-32600));
    assert_eq!((&answers[2]["id"], &answers[2]["result"]), (&json!(2), &json!({})));
    assert_eq!(discarded(&outputs), [Discarded::NotJsonRpc]);
    let read = |it: &&Output<_, _>| matches!(it, Output::Event(SessionEvent::Message(_)));
    assert_eq!(outputs.iter().filter(read).count(), 3);

    // Nothing is owed to a batch of notifications.
    let outputs = script.on(Input::Frame(r#"[{"method":"made.up"}]"#));
    assert!(matches!(outputs[..], [Output::Event(SessionEvent::Message(_))]));
}

#[test]
fn inputs_that_fit_no_state_change_nothing() {
    let mut script = Script::new();
    script.start();
    let late = script.op().0;
    script.give("first", HOUR);
    script.identify();
    let connect = script.open();
    script.accept(connect.id, "proto-1");
    let before = script.session.normal_form(script.now);
    let profile = Profile { sat_refresh: Some(true), expiry: Ok(None) };
    for input in [
        Input::Opened,
        Input::NotOpened { retry_after: None, reason: "late" },
        Input::Identified(profile),
        Input::NotIdentified { refused: true, retry_after: None, reason: "late" },
        Input::ServerTimeRead,
        Input::AcquirePanicked(late),
        Input::NotAcquired {
            id: late,
            failure: Failure::Permanent,
            is_final: true,
            reason: "late",
        },
        Input::Tick,
    ] {
        let outputs = script.on(input);
        assert!(outputs.is_empty(), "{outputs:?}");
        assert_eq!(script.session.normal_form(script.now), before);
    }
    // A session is started once.
    assert!(matches!(started(&script.start()), Some(Err(Problem::Closed))));
    assert_eq!(script.session.normal_form(script.now), before);
}

#[test]
fn a_silent_socket_is_pinged_and_then_given_up() {
    let mut script = Script::live(quiet());
    assert!(matches!(script.pass(Duration::from_secs(30))[..], [Output::Ping]));
    assert!(script.on(Input::Control).is_empty());
    assert!(script.pass(Duration::from_millis(29_999)).is_empty());
    assert!(matches!(script.pass(Duration::from_millis(1))[..], [Output::Ping]));
    assert!(script.pass(Duration::from_millis(9_999)).is_empty());
    let outputs = script.pass(Duration::from_millis(1));
    assert!(matches!(outputs[..2], [Output::Close, Output::Event(SessionEvent::Dropped(_))]));
}

#[test]
fn any_frame_is_a_sign_of_life() {
    let mut script = Script::live(quiet());
    for _ in 0..4 {
        script.pass(Duration::from_secs(29));
        script.on(Input::Frame("noise"));
    }
    assert_eq!(script.status(), Status::Connected);
    assert!(matches!(script.pass(Duration::from_secs(30))[..], [Output::Ping]));
}
