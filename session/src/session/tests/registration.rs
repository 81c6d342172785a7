//! `subscriber.online` and `subscriber.offline`.

use super::*;

/// The registrations and their retractions in `outputs`.
fn methods(outputs: &[Out]) -> Vec<&'static str> {
    let methods = outputs.iter().filter_map(|output| match output {
        Output::SendFrame(Frame::Online(_)) => Some("online"),
        Output::SendFrame(Frame::Offline(_)) => Some("offline"),
        _ => None,
    });
    methods.collect()
}

const ME: ReplyId = ReplyId(1);

impl Script {
    /// Agrees to the request of ours in `outputs`.
    fn agree(&mut self, outputs: &[Out]) -> Vec<Out> {
        let id = self.request_id(outputs);
        self.frame(&json!({ "id": id, "result": {} }))
    }

    /// Answers it with an error.
    fn disagree(&mut self, outputs: &[Out], code: i64) -> Vec<Out> {
        let id = self.request_id(outputs);
        self.refuse(id, &json!(code))
    }

    /// A session that is to be registered, and its `subscriber.online`.
    fn registering() -> (Self, Vec<Out>) {
        let (mut script, connect) = Self::connecting(Settings::default());
        let online = script.accept(connect.id, "proto-1");
        assert_eq!(methods(&online), ["online"]);
        (script, online)
    }

    fn registered() -> Self {
        let (mut script, online) = Self::registering();
        let outputs = script.agree(&online);
        assert!(matches!(started(&outputs), Some(Ok(()))));
        assert_eq!(script.status(), Status::Online);
        script.event(
            "signalwire.authorization.state",
            None,
            &json!({"authorization_state": STATE}),
        );
        script
    }

    fn back(&mut self) -> Vec<Out> {
        self.wait();
        let connect = self.open();
        assert!(connect.resumes);
        self.accept(connect.id, "proto-1")
    }
}

#[test]
fn the_first_connect_is_answered_once_the_subscriber_is_registered() {
    let (mut script, online) = Script::registering();
    assert_eq!(started(&online), None);
    assert!(matches!(started(&script.agree(&online)), Some(Ok(()))));
    // And when the space does not take the registration for now: status and errors tell.
    let (mut script, online) = Script::registering();
    let outputs = script.disagree(&online, -32000);
    assert!(matches!(started(&outputs), Some(Ok(()))));
    assert_eq!(script.status(), Status::Connected);
}

#[test]
fn every_session_registers_again() {
    let mut script = Script::registered();
    script.close(None);
    let back = script.back();
    assert_eq!(methods(&back), ["online"]);
    script.agree(&back);
    assert_eq!(script.status(), Status::Online);
}

#[test]
fn a_registration_that_fails_for_now_is_tried_again_with_growing_pauses() {
    for code in [-32000, -32603, -32002] {
        let (mut script, mut online) = Script::registering();
        let mut pauses = Vec::new();
        let mut reports = 0;
        for _ in 0..7 {
            let outputs = script.disagree(&online, code);
            reports += problems(&outputs).len();
            script.on(Input::Control);
            let since = script.now.boot;
            online = Vec::new();
            while methods(&online).is_empty() {
                online = script.wait();
                script.on(Input::Control);
            }
            pauses.push(script.now.boot - since);
        }
        assert_eq!(reports, 1, "each reason once: {code}");
        assert!(pauses[0] <= Duration::from_secs(1), "{pauses:?}");
        assert!(pauses[6] >= Duration::from_secs(15), "{pauses:?}");
        // Another reason is reported; then it is done.
        let outputs = script.disagree(&online, -32001);
        assert_eq!(problems(&outputs).len(), 1);
        script.on(Input::Register(ME));
        while methods(&online).is_empty() || script.status() != Status::Online {
            online = script.wait();
            script.on(Input::Control);
            if !methods(&online).is_empty() {
                assert_eq!(done(&script.agree(&online)), [(1, Ok(()))]);
            }
        }
        assert_eq!(script.status(), Status::Online);
    }
}

#[test]
fn a_registration_without_an_answer_is_tried_again() {
    let (mut script, _) = Script::registering();
    let outputs = script.pass(Duration::from_secs(5));
    assert_eq!(problems(&outputs), [Problem::RegistrationFailed(RpcError::Timeout)]);
    assert_eq!(methods(&script.pass(Duration::from_secs(1))), ["online"]);
}

#[test]
fn only_a_permanent_code_ends_a_registration_and_is_reported() {
    for code in [-32601, -32602] {
        let (mut script, online) = Script::registering();
        let outputs = script.disagree(&online, code);
        assert!(matches!(problems(&outputs)[..], [Problem::RegistrationRefused(_)]), "{code}");
        assert_eq!(methods(&script.pass(Duration::from_secs(20))), [] as [&str; 0]);
        assert_eq!(script.status(), Status::Connected);
        // Whoever asks again is heard.
        assert_eq!(methods(&script.on(Input::Register(ME))), ["online"]);
    }
}

#[test]
fn a_registration_is_taken_back_and_not_renewed_until_it_is_asked_for_again() {
    let mut script = Script::registered();
    let offline = script.on(Input::Unregister(ME));
    assert_eq!(methods(&offline), ["offline"]);
    assert!(script.on(Input::Unregister(ReplyId(2))).is_empty());
    assert_eq!(done(&script.agree(&offline)), [(1, Ok(())), (2, Ok(()))]);
    assert_eq!(script.status(), Status::Connected);
    assert_eq!(done(&script.on(Input::Unregister(ReplyId(3)))), [(3, Ok(()))]);
    script.close(None);
    assert!(methods(&script.back()).is_empty());
    assert_eq!(methods(&script.on(Input::Register(ME))), ["online"]);
}

#[test]
fn a_registration_that_could_not_be_taken_back_is_in_the_resumed_session() {
    let mut script = Script::registered();
    script.close(None);
    assert!(script.on(Input::Unregister(ME)).is_empty());
    let up = script.back();
    assert_eq!(methods(&up), ["offline"]);
    assert_eq!(done(&script.agree(&up)), [(1, Ok(()))]);
}

#[test]
fn a_retraction_that_fails_for_now_is_tried_again() {
    let mut script = Script::registered();
    let offline = script.on(Input::Unregister(ME));
    let outputs = script.disagree(&offline, -32000);
    assert!(matches!(problems(&outputs)[..], [Problem::UnregistrationFailed(_)]));
    let again = script.pass(Duration::from_secs(1));
    assert_eq!(methods(&again), ["offline"]);
    script.agree(&again);
    assert_eq!(script.status(), Status::Connected);
}

#[test]
fn what_is_asked_for_during_a_retraction_is_done_after_it() {
    let mut script = Script::registered();
    let offline = script.on(Input::Unregister(ME));
    assert!(script.on(Input::Register(ReplyId(2))).is_empty());
    let outputs = script.agree(&offline);
    assert_eq!(done(&outputs), [(1, Ok(()))]);
    assert_eq!(methods(&outputs), ["online"]);
    assert_eq!(done(&script.agree(&outputs)), [(2, Ok(()))]);
    assert_eq!(done(&script.on(Input::Register(ReplyId(3)))), [(3, Ok(()))]);
}

#[test]
fn what_is_taken_back_during_a_registration_is_taken_back_after_it() {
    let (mut script, online) = Script::registering();
    script.on(Input::Register(ME));
    let outputs = script.on(Input::Unregister(ReplyId(2)));
    assert_eq!(done(&outputs), [(1, Err(RpcError::Aborted))]);
    let outputs = script.agree(&online);
    assert_eq!(methods(&outputs), ["offline"]);
    assert_eq!(done(&script.agree(&outputs)), [(2, Ok(()))]);
    assert_eq!(script.status(), Status::Connected);
}

#[test]
fn without_a_session_to_come_a_registration_is_kept_and_reported_as_not_done() {
    let mut script = Script::registered();
    script.on(Input::Unregister(ME));
    script.on(Input::Suspend(ReplyId(2)));
    let outputs = script.on(Input::Register(ReplyId(3)));
    assert_eq!(done(&outputs), [(3, Err(RpcError::Disconnected))]);
    script.on(Input::Resume);
    while script.status() != Status::Connected {
        if !opens(&script.wait()) {
            continue;
        }
        let connect = script.open();
        let outputs = script.accept(connect.id, "proto-1");
        assert_eq!(methods(&outputs), ["online"]);
    }
}

#[test]
fn a_session_whose_newer_credential_has_ended_is_registered_all_the_same() {
    // `refresh()` gave one that ended before that of the session, and gives none any more.
    let able = Abilities { dpop: false, refresh: true };
    let mut state = saved(CredentialKind::Unbound, 3600, true);
    let expiry = Some(EpochMillis::new(WALL + 60_000));
    state.newer = Some(SavedCredential { token: "newer", kind: CredentialKind::Unbound, expiry });
    let mut script = Script::with(Settings::default(), able, Some(state));
    script.step(Duration::from_secs(60));
    script.start();
    let connect = script.open();
    assert_eq!((connect.token, connect.resumes), ("saved", true));
    let outputs = script.accept(connect.id, "proto-0");
    assert_eq!(methods(&outputs), ["online"]);
}

#[test]
fn whoever_takes_a_registration_back_is_answered_whatever_comes_of_it() {
    // It is asked for again before the session that would be told.
    let mut script = Script::registered();
    script.close(None);
    script.on(Input::Unregister(ME));
    let outputs = script.on(Input::Register(ReplyId(2)));
    assert_eq!(done(&outputs), [(1, Err(RpcError::Aborted))]);
    let back = script.back();
    assert_eq!(done(&script.agree(&back)), [(2, Ok(()))]);
    // The session that comes is another one, in which nobody is registered.
    script.close(None);
    script.on(Input::Unregister(ME));
    script.wait();
    let connect = script.open();
    script.refuse(connect.id, &json!(-32002));
    script.wait();
    let connect = script.open();
    assert!(!connect.resumes);
    let outputs = script.accept(connect.id, "proto-2");
    assert_eq!((done(&outputs), methods(&outputs)), (vec![(1, Ok(()))], vec![]));
    // The registration before it is refused for good.
    let (mut script, online) = Script::registering();
    script.on(Input::Unregister(ME));
    assert_eq!(done(&script.disagree(&online, -32601)), [(1, Ok(()))]);
}

#[test]
fn a_registration_whose_pause_is_over_waits_for_the_credential_without_a_deadline() {
    // The owner of the session would tick without end.
    let (mut script, online) = Script::registering();
    script.disagree(&online, -32000);
    let expiry = Some(script.now.wall.saturating_add(HOUR));
    let credential = Acquired { token: "pushed", expiry, lifetime: None, assumed: None };
    script.on(Input::SetCredential { reply: ME, credential });
    for _ in 0..3 {
        script.step(Duration::from_secs(1));
        assert!(methods(&script.on(Input::Tick)).is_empty());
        let deadline = script.session.deadline().unwrap();
        assert!(deadline > script.now.boot, "{deadline:?}");
    }
}
