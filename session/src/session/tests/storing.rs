//! What is stored, and that storage heals (W12).

use super::*;

/// The writes in `outputs`.
fn writes(outputs: &[Out]) -> Vec<(StoreId, Option<SavedSession<Token>>)> {
    let writes = outputs.iter().filter_map(|output| match output {
        Output::Store { id, session } => Some((*id, session.clone())),
        _ => None,
    });
    writes.collect()
}

/// A live session whose last write is done; its number may be used again, as a late answer.
fn stored() -> (Script, StoreId) {
    let mut script = Script::live(quiet());
    script.holds_writes = true;
    let (id, _) = writes(&new_state(&mut script, STATE))[0];
    script.on(Input::Stored { id, result: Ok(()) });
    (script, id)
}

fn new_state(script: &mut Script, state: &str) -> Vec<Out> {
    script.event("signalwire.authorization.state", None, &json!({"authorization_state": state}))
}

#[test]
fn a_session_is_stored_with_its_state_and_credential() {
    let (mut script, _) = stored();
    let writes = writes(&new_state(&mut script, "newer"));
    let [(_, Some(session))] = &writes[..] else { panic!("{writes:?}") };
    assert_eq!(session.credential.token, "first");
    let resume = session.resume.as_ref().unwrap();
    assert_eq!(
        (resume.authorization_state.expose().as_str(), &*resume.protocol),
        ("newer", "proto-1")
    );
    assert!(session.newer.is_none());
}

#[test]
fn one_write_at_a_time_and_the_newest_wins() {
    let (mut script, _) = stored();
    let first = writes(&new_state(&mut script, "1"));
    assert_eq!(first.len(), 1);
    for state in ["2", "3", "4"] {
        assert!(writes(&new_state(&mut script, state)).is_empty());
    }
    let next = writes(&script.on(Input::Stored { id: first[0].0, result: Ok(()) }));
    let [(id, Some(session))] = &next[..] else { panic!("{next:?}") };
    assert_eq!(session.resume.as_ref().unwrap().authorization_state.expose(), "4");
    assert!(writes(&script.on(Input::Stored { id: *id, result: Ok(()) })).is_empty());
}

#[test]
fn a_write_that_fails_is_repeated_with_growing_pauses_until_it_is_done() {
    let (mut script, _) = stored();
    let mut id = writes(&new_state(&mut script, "newer"))[0].0;
    let mut reports = 0;
    let mut pauses = Vec::new();
    for _ in 0..7 {
        let outputs = script.on(Input::Stored { id, result: Err("the disk is full") });
        reports += problems(&outputs).len();
        let since = script.now.boot;
        let mut next = Vec::new();
        while next.is_empty() {
            script.on(Input::Control);
            next = writes(&script.wait());
        }
        pauses.push(script.now.boot - since);
        id = next[0].0;
    }
    assert_eq!(reports, 1, "each reason once");
    assert!(
        pauses[0] <= Duration::from_secs(1) && pauses[6] >= Duration::from_secs(15),
        "{pauses:?}"
    );
    assert!(script.on(Input::Stored { id, result: Ok(()) }).is_empty());
    assert!(writes(&script.pass(Duration::from_secs(20))).is_empty());
    // The next failure is news again.
    let id = writes(&new_state(&mut script, "newest"))[0].0;
    let outputs = script.on(Input::Stored { id, result: Err("the disk is full") });
    assert_eq!(problems(&outputs), [Problem::Reason("the disk is full")]);
}

#[test]
fn a_write_that_hangs_is_given_up_and_its_late_answer_ignored() {
    let (mut script, _) = stored();
    let late = writes(&new_state(&mut script, "newer"))[0].0;
    script.pass(Duration::from_secs(20));
    script.on(Input::Control);
    let outputs = script.pass(Duration::from_secs(10));
    assert_eq!(problems(&outputs), [Problem::NotStored]);
    let again = writes(&script.pass(Duration::from_secs(1)));
    assert_eq!(again.len(), 1);
    script.on(Input::Stored { id: late, result: Err("late") });
    assert_eq!(script.session.storing.writing(), Some(again[0].0));
}

#[test]
fn a_late_answer_of_a_write_is_not_taken_for_that_of_the_next() {
    let (mut script, late) = stored();
    let id = writes(&new_state(&mut script, "newer"))[0].0;
    assert!(script.on(Input::Stored { id: late, result: Err("late") }).is_empty());
    assert_eq!(script.session.storing.writing(), Some(id));
}

#[test]
fn nothing_of_an_ended_credential_is_stored() {
    let (mut script, _) = stored();
    script.keep(HOUR);
    let writes = writes(&new_state(&mut script, "newer"));
    assert!(matches!(writes[..], [(_, None)]), "{writes:?}");
}

#[test]
fn a_newer_credential_that_was_not_sent_to_the_session_is_stored_besides() {
    let able = Abilities { dpop: false, refresh: true };
    let mut script = Script::with(quiet(), able, Some(saved(CredentialKind::Unbound, 3600, true)));
    script.start();
    let connect = script.open();
    script.accept(connect.id, "proto-0");
    script.holds_writes = true;
    script.on(Input::RefreshNow(ReplyId(1)));
    let outputs = script.give("newer", 2 * HOUR);
    let [(_, Some(session))] = &writes(&outputs)[..] else { panic!("{outputs:?}") };
    assert_eq!(session.credential.token, "saved");
    assert_eq!(session.newer.as_ref().unwrap().token, "newer");
}

#[test]
fn whoever_resets_is_answered_after_the_write() {
    let (mut script, _) = stored();
    let outputs = script.on(Input::Reset { abilities: PLAIN, reply: ReplyId(9) });
    let [(id, None)] = writes(&outputs)[..] else { panic!("{outputs:?}") };
    let left = |outputs: &[Out]| {
        outputs.iter().any(|it| matches!(it, Output::Answer(ReplyId(9), Answer::Left)))
    };
    assert!(!left(&outputs));
    assert!(left(&script.on(Input::Stored { id, result: Ok(()) })));
}

#[test]
fn a_client_that_ends_writes_its_session_and_is_over_then() {
    let (mut script, _) = stored();
    let id = writes(&new_state(&mut script, "newer"))[0].0;
    new_state(&mut script, "newest");
    script.on(Input::Shutdown { patience: Duration::ZERO, reply: ReplyId(9) });
    assert!(!script.session.is_over());
    let next = writes(&script.on(Input::Stored { id, result: Err("the disk is full") }));
    let [(id, Some(session))] = &next[..] else { panic!("{next:?}") };
    assert_eq!(session.resume.as_ref().unwrap().authorization_state.expose(), "newest");
    script.on(Input::Stored { id: *id, result: Ok(()) });
    assert!(script.session.is_over());
    assert_eq!(script.session.deadline(), None);
    // Nothing that comes later forgets it.
    assert!(script.on(Input::KeyLost).is_empty());
}

#[test]
fn at_the_end_a_disk_that_stays_full_is_tried_twice_more_and_given_up() {
    let (mut script, _) = stored();
    let mut next = writes(&new_state(&mut script, "newer"));
    script.on(Input::Shutdown { patience: Duration::ZERO, reply: ReplyId(9) });
    let mut tries = 0;
    while let Some((id, session)) = next.pop() {
        assert!(session.is_some());
        tries += 1;
        assert!(tries < 10, "it ends");
        next = writes(&script.on(Input::Stored { id, result: Err("the disk is full") }));
    }
    assert_eq!(tries, 3, "the first was in flight");
    assert!(script.session.is_over());
    assert_eq!(script.session.deadline(), None);
}

#[test]
fn a_first_connect_that_fails_forgets_no_saved_session() {
    let saved = saved(CredentialKind::Unbound, 3600, true);
    let mut script = Script::with(quiet(), PLAIN, Some(saved.clone()));
    script.holds_writes = true;
    script.start();
    let mut newest = Some(saved.clone());
    let mut write = |script: &mut Script, outputs: &[Out]| {
        for (id, session) in writes(outputs) {
            newest = session;
            script.on(Input::Stored { id, result: Ok(()) });
        }
    };
    while script.status() != Status::Closed {
        let outputs = script.on(Input::NotOpened { retry_after: None, reason: "no" });
        write(&mut script, &outputs);
        let outputs = script.wait();
        write(&mut script, &outputs);
    }
    assert_eq!(newest, Some(saved));
}

#[test]
fn a_refused_credential_is_not_stored() {
    let (mut script, connect) = Script::connecting(quiet());
    script.holds_writes = true;
    let outputs = script.refuse(connect.id, &json!(-32002));
    assert!(matches!(started(&outputs), Some(Err(_))));
    assert!(matches!(writes(&outputs)[..], [(_, None)]));
}
