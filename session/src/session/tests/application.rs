//! What the application asks for: refreshes, credentials, suspend, resume, shutdown, reset.

use super::*;

const ME: ReplyId = ReplyId(1);
const REFRESHING: Abilities = Abilities { dpop: false, refresh: true };

/// A live session whose provider has `refresh()`.
fn refreshing() -> Script {
    let mut script = Script::with(quiet(), REFRESHING, None);
    script.start();
    script.give("first", HOUR);
    script.identify();
    let connect = script.open();
    script.accept(connect.id, "proto-1");
    script.event("signalwire.authorization.state", None, &json!({"authorization_state": STATE}));
    script
}

/// The credential in a `signalwire.reauthenticate`.
fn reauthenticates(outputs: &[Out]) -> Option<Token> {
    outputs.iter().find_map(|output| match output {
        Output::SendFrame(Frame::Reauthenticate { token, .. }) => Some(*token),
        _ => None,
    })
}

fn left(outputs: &[Out]) -> Vec<u64> {
    let left = outputs.iter().filter_map(|output| match output {
        Output::Answer(reply, Answer::Left) => Some(reply.0),
        _ => None,
    });
    left.collect()
}

#[test]
fn a_refresh_by_hand_is_answered_by_its_outcome() {
    let mut script = refreshing();
    script.on(Input::RefreshNow(ME));
    assert_eq!(script.op().1, OpKind::Refresh);
    assert_eq!(refreshed(&script.on(Input::RefreshNow(ReplyId(2)))), []);
    let outputs = script.give("second", HOUR);
    assert_eq!(refreshed(&outputs), [(1, Ok(())), (2, Ok(()))]);
    assert_eq!(reauthenticates(&outputs), Some("second"));

    for (failure, error) in [
        (Failure::TRANSIENT, RefreshError::Transient),
        (Failure::Permanent, RefreshError::Permanent),
    ] {
        let mut script = refreshing();
        script.on(Input::RefreshNow(ME));
        let outputs = script.fail(failure, "no");
        assert_eq!(refreshed(&outputs), [(1, Err(error))]);
        assert_eq!(problems(&outputs), [Problem::Reason("no")]);
    }
    let mut script = refreshing();
    script.on(Input::RefreshNow(ME));
    let id = script.op().0;
    let outputs = script.on(Input::AcquirePanicked(id));
    assert_eq!(refreshed(&outputs), [(1, Err(RefreshError::Transient))]);
    assert_eq!(problems(&outputs), [Problem::Panicked(OpKind::Refresh)]);
    let mut script = refreshing();
    script.on(Input::RefreshNow(ME));
    let outputs = script.pass(Duration::from_secs(30));
    assert_eq!(refreshed(&outputs), [(1, Err(RefreshError::TimedOut))]);
    let mut script = refreshing();
    script.on(Input::RefreshNow(ME));
    let outputs = script.give("first", HOUR);
    assert_eq!(refreshed(&outputs), [(1, Err(RefreshError::Unusable))]);
}

#[test]
fn a_refresh_without_a_mechanism_is_reported_while_the_credential_is_valid() {
    let mut script = Script::live(quiet());
    let outputs = script.on(Input::RefreshNow(ME));
    assert_eq!(refreshed(&outputs), [(1, Err(RefreshError::NoMechanism))]);
}

#[test]
fn who_waits_for_the_provider_is_answered_by_the_provider_alone() {
    // W5: the credential has ended and nothing refreshes it, so a refresh by hand is one of
    // `authenticate()`; what else ends in the meantime is no answer.
    let mut script = Script::live(quiet());
    ended(&mut script);
    let outputs = script.on(Input::RefreshNow(ME));
    assert_eq!(refreshed(&outputs), []);
    assert_eq!(script.op().1, OpKind::Authenticate);
    let outputs = script.fail(Failure::TRANSIENT, "no");
    assert_eq!(refreshed(&outputs), [(1, Err(RefreshError::Transient))]);

    let mut script = Script::live(quiet());
    ended(&mut script);
    script.on(Input::RefreshNow(ME));
    let outputs = script.give("second", HOUR);
    assert_eq!(refreshed(&outputs), [(1, Ok(()))]);
    assert!(closes(&outputs), "a session that outlived its credential is replaced");
}

#[test]
fn a_refresh_that_comes_in_between_is_no_answer_of_the_provider() {
    // W5: `authenticate()` asked to be left alone, and `refresh()` begins to exist meanwhile.
    let mut script = Script::live(quiet());
    ended(&mut script);
    script.on(Input::RefreshNow(ME));
    let minute = Duration::from_secs(60);
    script.fail(Failure::Transient { retry_after: Some(minute) }, "no");
    assert_eq!(refreshed(&script.on(Input::RefreshNow(ReplyId(2)))), []);
    script.on(Input::CanRefresh(true));
    assert_eq!(script.op().1, OpKind::Refresh);
    let outputs = script.give("second", HOUR);
    assert_eq!(refreshed(&outputs), []);
    let id = script.request_id(&outputs);
    script.frame(&json!({ "id": id, "result": {} }));
    // Nor is another session that begins in the meantime.
    script.close(None);
    assert!(opens(&script.wait()));
    let connect = script.open();
    assert_eq!(refreshed(&script.accept(connect.id, "proto-1")), []);
    let asked = script.keep(minute);
    let authenticates =
        |output: &Out| matches!(output, Output::Acquire { kind: OpKind::Authenticate, .. });
    assert!(asked.iter().any(authenticates), "{asked:?}");
    assert_eq!(refreshed(&script.give("third", HOUR)), [(2, Ok(()))]);
}

/// The credential of a live session ends.
fn ended(script: &mut Script) {
    script.keep(HOUR);
    assert!(script.session.credential_status(script.now).expired);
    assert_eq!(script.status(), Status::Connected, "the space keeps the session");
}

#[test]
fn a_credential_of_the_application_reaches_the_live_session() {
    let mut script = Script::live(quiet());
    let expiry = Some(script.now.wall.saturating_add(2 * HOUR));
    let credential = Acquired { token: "pushed", expiry, lifetime: None, assumed: None };
    let outputs = script.on(Input::SetCredential { reply: ME, credential });
    assert_eq!(refreshed(&outputs), [(1, Ok(()))]);
    assert_eq!(reauthenticates(&outputs), Some("pushed"));
    assert_eq!(script.session.newest_token(), Some(&"pushed"));
}

#[test]
fn an_ended_credential_of_the_application_is_refused() {
    let mut script = Script::live(quiet());
    let expiry = Some(EpochMillis::new(WALL - 1));
    let credential = Acquired { token: "pushed", expiry, lifetime: None, assumed: None };
    let outputs = script.on(Input::SetCredential { reply: ME, credential });
    assert_eq!(refreshed(&outputs), [(1, Err(RefreshError::Unusable))]);
    assert_eq!(script.session.newest_token(), Some(&"first"));
}

#[test]
fn a_credential_of_the_application_answers_who_waits_for_one() {
    // W5 speaks of credentials of the provider; the application's own is one of a person, and
    // is in force from then on.
    let mut script = refreshing();
    script.on(Input::RefreshNow(ME));
    let expiry = Some(script.now.wall.saturating_add(HOUR));
    let credential = Acquired { token: "pushed", expiry, lifetime: None, assumed: None };
    let outputs = script.on(Input::SetCredential { reply: ReplyId(2), credential });
    assert!(outputs.iter().any(|output| matches!(output, Output::Abort(_))));
    assert_eq!(refreshed(&outputs), [(1, Ok(())), (2, Ok(()))]);
}

#[test]
fn suspended_nothing_is_connected_and_a_resume_goes_on_with_the_session() {
    let mut script = Script::live(quiet());
    script.pass(Duration::from_secs(20));
    let outputs = script.on(Input::Suspend(ME));
    assert!(closes(&outputs));
    assert_eq!((left(&outputs), script.status()), (vec![1], Status::Suspended));
    assert_eq!(left(&script.on(Input::Suspend(ReplyId(2)))), [2], "suspended already");
    let outputs = script.pass(Duration::from_secs(600));
    assert!(!opens(&outputs));
    let outputs = script.on(Input::Resume);
    assert!(opens(&outputs), "no attempt failed, so no pause holds");
    let connect = script.open();
    assert!(connect.resumes);
    script.accept(connect.id, "proto-1");
    assert_eq!(script.status(), Status::Connected);
}

#[test]
fn a_resume_is_no_way_around_the_pauses() {
    let mut script = Script::live(quiet());
    let mut opened = 0;
    let end = script.now.boot + Duration::from_secs(10);
    while script.now.boot < end {
        script.on(Input::NotOpened { retry_after: None, reason: "no" });
        script.close(None);
        script.on(Input::Suspend(ME));
        opened += usize::from(opens(&script.on(Input::Resume)));
        opened += usize::from(opens(&script.pass(Duration::from_millis(50))));
    }
    assert!(opened <= 12, "{opened}");
}

#[test]
fn a_refresh_in_flight_may_finish_while_suspended() {
    let mut script = refreshing();
    script.on(Input::RefreshNow(ME));
    assert_eq!(refreshed(&script.on(Input::Suspend(ReplyId(2)))), []);
    assert_eq!(refreshed(&script.on(Input::RefreshNow(ReplyId(3)))), []);
    assert_eq!(refreshed(&script.give("second", HOUR)), [(1, Ok(())), (3, Ok(()))]);
    let outputs = script.on(Input::RefreshNow(ReplyId(4)));
    assert_eq!(refreshed(&outputs), [(4, Err(RefreshError::Suspended))]);
}

#[test]
fn a_suspend_before_the_first_session_ends_the_wait_for_it() {
    let mut script = Script::new();
    script.start();
    let outputs = script.on(Input::Suspend(ME));
    assert_eq!(started(&outputs), Some(Err(Problem::Closed)));
    assert_eq!(left(&outputs), [1]);
}

#[test]
fn a_shutdown_leaves_at_once_and_lets_an_operation_finish() {
    let mut script = refreshing();
    script.on(Input::RefreshNow(ME));
    let patience = Duration::from_secs(5);
    let outputs = script.on(Input::Shutdown { patience, reply: ReplyId(2) });
    assert!(closes(&outputs) && left(&outputs).is_empty());
    let outputs = script.give("second", HOUR);
    assert_eq!(refreshed(&outputs), [(1, Ok(()))]);
    assert_eq!(left(&outputs), [2]);
    assert!(matches!(outputs.last(), Some(Output::Ended | Output::Store { .. })));
    assert_eq!(script.status(), Status::Closed);

    let mut script = refreshing();
    script.on(Input::RefreshNow(ME));
    script.on(Input::Shutdown { patience, reply: ReplyId(2) });
    let outputs = script.pass(patience);
    assert_eq!(refreshed(&outputs), [(1, Err(RefreshError::Closed))]);
    assert!(outputs.iter().any(|output| matches!(output, Output::Abort(_))));
    assert_eq!(problems(&outputs), [Problem::Abandoned(OpKind::Refresh)]);
    assert_eq!(left(&outputs), [2]);
}

#[test]
fn after_the_end_everybody_is_answered_and_nothing_happens() {
    let mut script = Script::live(quiet());
    script.on(Input::Shutdown { patience: Duration::ZERO, reply: ME });
    while let Some(id) = script.session.storing.writing() {
        script.on(Input::Stored { id, result: Ok(()) });
    }
    assert!(script.session.is_over());
    assert_eq!(called(&script.call(2)), [(2, Err(RpcError::Disconnected))]);
    let outputs = script.on(Input::Register(ReplyId(3)));
    assert_eq!(done(&outputs), [(3, Err(RpcError::Disconnected))]);
    assert_eq!(done(&script.on(Input::Unregister(ReplyId(4)))), [(4, Ok(()))]);
    let outputs = script.on(Input::RefreshNow(ReplyId(5)));
    assert_eq!(refreshed(&outputs), [(5, Err(RefreshError::Closed))]);
    let credential = Acquired { token: "t", expiry: None, lifetime: None, assumed: None };
    let outputs = script.on(Input::SetCredential { reply: ReplyId(6), credential });
    assert_eq!(refreshed(&outputs), [(6, Err(RefreshError::Closed))]);
    assert_eq!(left(&script.on(Input::Suspend(ReplyId(7)))), [7]);
    let outputs = script.on(Input::Shutdown { patience: HOUR, reply: ReplyId(8) });
    assert_eq!(left(&outputs), [8]);
    assert_eq!(left(&script.on(Input::Reset { abilities: PLAIN, reply: ReplyId(9) })), [9]);
    assert_eq!(started(&script.start()), Some(Err(Problem::Closed)));
    for input in [Input::Resume, Input::Invalidate, Input::KeyLost, Input::Tick, Input::Control] {
        let outputs = script.on(input);
        assert!(outputs.is_empty(), "{outputs:?}");
    }
    assert_eq!(script.session.deadline(), None);
}

#[test]
fn a_reset_forgets_the_session_and_its_tokens() {
    let mut script = refreshing();
    script.on(Input::RefreshNow(ME));
    let outputs = script.on(Input::Reset { abilities: PLAIN, reply: ReplyId(2) });
    assert_eq!(refreshed(&outputs), [(1, Err(RefreshError::Closed))]);
    assert_eq!(script.session.newest_token(), None);
    assert_eq!(script.status(), Status::Suspended);
    script.on(Input::Resume);
    assert_eq!(script.op().1, OpKind::Authenticate);
    script.give("other", HOUR);
    script.identify();
    assert!(!script.open().resumes);
}

#[test]
fn a_warning_of_the_old_token_names_the_problem() {
    let mut script = refreshing();
    script.on(Input::RefreshNow(ME));
    let outputs = script.give("first", Duration::from_secs(600));
    assert!(
        outputs
            .iter()
            .any(|it| matches!(it, Output::Event(SessionEvent::Warned(Warning::SameToken))))
    );
    assert!(outputs.iter().any(|it| matches!(
        it,
        Output::Event(SessionEvent::OperationEnded { result: OutcomeResult::Unusable, .. })
    )));
}
