//! Attempts: credentials, sockets, `signalwire.connect`, and what follows when one fails.

use super::*;

#[test]
fn the_first_connect_asks_the_provider_and_then_who_the_subscriber_is() {
    let mut script = Script::new();
    let outputs = script.start();
    assert!(matches!(
        outputs[..],
        [Output::Acquire { kind: OpKind::Authenticate, token: None, .. }]
    ));
    let outputs = script.give("first", HOUR);
    assert!(outputs.iter().any(|output| matches!(output, Output::Identify("first"))));
    let outputs = script.identify();
    assert!(outputs.iter().any(|output| matches!(output, Output::Open("first"))));
    let connect = script.open();
    assert_eq!((connect.token, connect.resumes), ("first", false));
    let outputs = script.accept(connect.id, "proto-1");
    assert!(matches!(started(&outputs), Some(Ok(()))));
    assert_eq!(script.status(), Status::Connected);
}

#[test]
fn a_drop_leads_to_a_resume_with_the_stored_state() {
    let mut script = Script::live(quiet());
    // A session that lasted: the pause is the first.
    script.pass(Duration::from_secs(20));
    let outputs = script.close(None);
    assert!(matches!(outputs[0], Output::Event(SessionEvent::Dropped(_))));
    let pause = paused(&outputs).unwrap();
    assert!(pause <= Duration::from_millis(100), "{pause:?}");
    assert!(opens(&script.wait()), "nobody asks who the subscriber is");
    let outputs = script.on(Input::Opened);
    let resume = outputs.iter().find_map(|output| match output {
        Output::SendFrame(Frame::Connect { resume, .. }) => resume.clone(),
        _ => None,
    });
    let resume = resume.expect("a resume");
    assert_eq!(
        (resume.authorization_state.expose().as_str(), &*resume.protocol),
        (STATE, "proto-1")
    );
    let id = script.connect_in(&outputs).id;
    let outputs = script.accept(id, "proto-1");
    assert!(matches!(
        outputs[..],
        [Output::Event(SessionEvent::Status(_)), Output::Event(SessionEvent::Resumed), ..]
    ));
}

#[test]
fn a_refused_resume_drops_the_state_and_connects_fresh() {
    for code in [json!(-32002), json!(-32003), json!(-32602), json!("-32003")] {
        let mut script = Script::live(quiet());
        script.close(None);
        script.wait();
        let connect = script.open();
        assert!(connect.resumes);
        let outputs = script.refuse(connect.id, &code);
        assert!(closes(&outputs));
        assert!(matches!(problems(&outputs)[..], [Problem::ResumeRefused(_)]));
        assert!(opens(&script.wait()), "with the newest credential that lives: {code}");
        let connect = script.open();
        assert_eq!((connect.token, connect.resumes), ("first", false));
    }
}

#[test]
fn a_first_connect_refused_with_its_own_credential_is_final() {
    for code in [-32002, -32003, -32602] {
        let (mut script, connect) = Script::connecting(quiet());
        let outputs = script.refuse(connect.id, &json!(code));
        assert!(matches!(
            started(&outputs),
            Some(Err(Problem::ConnectRefused(RpcError::Remote { code: refused, .. })))
                if refused == code
        ));
        assert!(closes(&outputs) && matches!(outputs.last(), Some(Output::Ended)));
        assert_eq!((script.status(), script.session.deadline()), (Status::Closed, None));
        assert!(script.session.is_over());
    }
}

#[test]
fn a_first_connect_refused_with_a_saved_credential_asks_the_provider() {
    let saved = saved(CredentialKind::Unbound, 3600, false);
    let mut script = Script::with(quiet(), PLAIN, Some(saved));
    script.start();
    script.identify();
    let connect = script.open();
    assert_eq!(connect.token, "saved");
    let outputs = script.refuse(connect.id, &json!(-32002));
    assert_eq!(started(&outputs), None);
    script.wait();
    assert_eq!(script.op().1, OpKind::Authenticate);
    script.give("new", HOUR);
    script.identify();
    assert_eq!(script.open().token, "new");
}

#[test]
fn after_a_first_session_a_refused_fresh_connect_leads_to_the_provider_again() {
    let mut script = Script::live(quiet());
    script.close(None);
    script.wait();
    let connect = script.open();
    script.refuse(connect.id, &json!(-32003));
    script.wait();
    let connect = script.open();
    assert!(!connect.resumes);
    let mut outputs = script.refuse(connect.id, &json!(-32002));
    for token in ["second", "third", "fourth", "fifth"] {
        assert!(matches!(problems(&outputs)[..], [.., Problem::ConnectRefused(_)]));
        assert_eq!(script.status(), Status::Reconnecting);
        while script.session.scheduler.operation().is_none() {
            script.wait();
        }
        assert_eq!(script.op().1, OpKind::Authenticate);
        script.give(token, HOUR);
        script.identify();
        let connect = script.open();
        assert_eq!(connect.token, token);
        outputs = script.refuse(connect.id, &json!(-32002));
    }
}

#[test]
fn a_permanent_refusal_of_the_provider_ends_only_a_client_without_a_session() {
    let mut script = Script::new();
    script.start();
    let outputs = script.fail(Failure::Permanent, "gone");
    assert_eq!(started(&outputs), Some(Err(Problem::Reason("gone"))));
    assert!(matches!(outputs.last(), Some(Output::Ended)));

    let mut script = Script::live(quiet());
    script.close(None);
    script.wait();
    let connect = script.open();
    script.refuse(connect.id, &json!(-32002));
    script.wait();
    let connect = script.open();
    script.refuse(connect.id, &json!(-32002));
    for _ in 0..5 {
        while script.session.scheduler.operation().is_none() {
            script.wait();
        }
        let outputs = script.fail(Failure::Permanent, "gone");
        assert!(paused(&outputs).is_some());
        assert_eq!(script.status(), Status::Reconnecting);
    }
}

#[test]
fn another_error_or_silence_to_connect_is_tried_again() {
    let (mut script, connect) = Script::connecting(quiet());
    let outputs = script.refuse(connect.id, &json!(-32000));
    assert!(closes(&outputs) && paused(&outputs).is_some());
    assert!(matches!(problems(&outputs)[..], [Problem::ConnectFailed(_)]));
    assert!(opens(&script.wait()));
    script.open();
    assert!(!closes(&script.pass(Duration::from_millis(14_999))));
    let outputs = script.pass(Duration::from_millis(1));
    assert!(closes(&outputs));
    assert_eq!(problems(&outputs), [Problem::ConnectFailed(RpcError::Timeout)]);
}

#[test]
fn an_answer_without_its_members_is_no_session() {
    let (mut script, connect) = Script::connecting(quiet());
    let outputs = script.frame(&json!({ "id": connect.id, "result": { "identity": "i" } }));
    assert!(closes(&outputs));
    assert_eq!(problems(&outputs), [Problem::ConnectFailed(RpcError::Malformed)]);
    assert_eq!(started(&outputs), None, "it is tried again until the deadline");
}

#[test]
fn an_unreachable_space_is_given_up_at_the_deadline() {
    let mut script = Script::new();
    let start = script.now.boot;
    script.start();
    script.give("first", HOUR);
    script.identify();
    let mut attempts = 0;
    let result = loop {
        attempts += 1;
        script.on(Input::NotOpened { retry_after: None, reason: "unreachable" });
        let outputs = script.wait();
        if let Some(result) = started(&outputs) {
            break result;
        }
    };
    assert_eq!(script.now.boot - start, Duration::from_secs(30));
    assert!((8..16).contains(&attempts), "{attempts}");
    let newest = Some(Box::new(Problem::Reason("unreachable")));
    assert_eq!(result, Err(Problem::Unreachable(newest)));
}

#[test]
fn the_pauses_grow_while_sockets_open_and_are_never_authenticated() {
    let mut script = Script::live(quiet());
    let mut longest = Duration::ZERO;
    for _ in 0..8 {
        longest = longest.max(paused(&script.close(None)).expect("a pause"));
        script.wait();
        script.open();
    }
    assert!(longest > Duration::from_secs(1));
}

#[test]
fn a_pause_counts_from_the_start_of_an_attempt() {
    // One that hung has used its pause up.
    let mut script = Script::live(quiet());
    script.close(None);
    assert!(opens(&script.wait()));
    let outputs = script.pass(Duration::from_secs(30));
    assert!(matches!(problems(&outputs)[..], [Problem::NoAnswer(_)]));
    assert_eq!(paused(&outputs), Some(Duration::ZERO));
}

#[test]
fn a_credential_that_ends_on_the_way_is_not_presented() {
    let mut script = Script::new();
    script.start();
    script.give("first", Duration::from_secs(10));
    script.identify();
    script.step(Duration::from_secs(10));
    let outputs = script.on(Input::Opened);
    assert!(closes(&outputs));
    assert!(!outputs.iter().any(|output| matches!(output, Output::SendFrame(_))));
    // Our clock may be wrong: the space is asked for the time first.
    assert!(outputs.iter().any(|output| matches!(output, Output::ReadServerTime("first"))));
    script.on(Input::ServerTime(Some(script.now.wall)));
    script.on(Input::ServerTimeRead);
    assert_eq!(script.op().1, OpKind::Authenticate);
}

#[test]
fn in_the_mandatory_window_a_fresh_connect_waits_for_a_new_credential() {
    // A resume does not: it is the session's own.
    let mut script = Script::live(quiet());
    script.keep(HOUR - Duration::from_secs(10));
    script.close(None);
    assert!(opens(&script.wait()));
    assert!(script.open().resumes);

    // A twentieth of the lifetime, which for a saved one is what is left of it.
    let saved = saved(CredentialKind::Unbound, 20, false);
    let mut script = Script::with(quiet(), PLAIN, Some(saved));
    script.pass(Duration::from_secs(19));
    script.start();
    assert_eq!(script.op().1, OpKind::Authenticate);
}
