//! S1, SessionUp, SessionDown, ReauthOk, ReauthErr, ConnectRejected.

use super::*;

#[test]
fn a_session_that_refuses_every_new_token_is_asked_less_and_less_often() {
    let mut bench = Bench::connected(false, true, HOUR);
    bench.on(Event::RefreshNow(WAITER));
    for wait in [1, 2, 4, 8, 16, 32, 60, 60] {
        bench.ok(HOUR);
        let (id, _) = bench.arbiter.reauthentication().unwrap();
        bench.on(Event::ReauthErr { id, failure: ReauthFailure::Rejected });
        assert_eq!(bench.next_start(), (OpKind::Refresh, wait * SECOND));
    }
    // One that it takes is a new beginning.
    bench.ok(HOUR);
    bench.reauth_ok();
    bench.pass(MINUTE);
    bench.on(Event::RefreshNow(WAITER));
    bench.ok(HOUR);
    let (id, _) = bench.arbiter.reauthentication().unwrap();
    bench.on(Event::ReauthErr { id, failure: ReauthFailure::Rejected });
    assert_eq!(bench.next_start().1, SECOND);
}

/// A session whose developer refresh has just given a newer credential.
fn behind() -> Bench {
    let mut bench = Bench::connected(false, true, HOUR);
    bench.on(Event::RefreshNow(WAITER));
    let actions = bench.ok(HOUR);
    let (id, generation) = (bench.reauth(), bench.newest());
    let expected = Action::Reauthenticate { id, generation, client_bound: false };
    assert_eq!(actions.iter().filter(|action| **action == expected).count(), 1);
    bench
}

#[test]
fn a_refreshed_credential_reaches_the_session_once() {
    let mut bench = behind();
    assert!(!bench.status().applied);
    let generation = bench.newest();
    assert_eq!(bench.reauth_ok(), [Action::PersistApplied { generation }]);
    assert!(bench.status().applied);
    assert_eq!(bench.pass(10 * MINUTE), []);
}

#[test]
fn a_bound_credential_is_sent_as_such() {
    let mut bench = Bench::connected(true, true, HOUR);
    bench.scope(true);
    let actions = bench.ok(15 * MINUTE);
    let (id, generation) = (bench.reauth(), bench.newest());
    assert!(actions.contains(&Action::Reauthenticate { id, generation, client_bound: true }));
}

#[test]
fn a_fresh_connect_is_not_followed_by_a_reauthentication() {
    let mut bench = Bench::authenticated(false, true, HOUR);
    let generation = bench.newest();
    assert_eq!(bench.session_up(), [Action::PersistApplied { generation }]);
}

#[test]
fn reauthentications_do_not_cross_and_the_newest_wins() {
    let mut bench = behind();
    let first = bench.reauth();
    bench.on(Event::SetCredential(bench.grant(HOUR)));
    assert_eq!(bench.reauth(), first, "the second waits for the first");
    let actions = bench.on(Event::ReauthOk { id: first });
    let expected = Action::Reauthenticate {
        id: bench.reauth(),
        generation: bench.newest(),
        client_bound: false,
    };
    assert_eq!(actions, [expected]);
    let late = bench.on(Event::ReauthErr { id: first, failure: ReauthFailure::Rejected });
    assert_eq!(late, []);
}

#[test]
fn a_refusal_of_a_replaced_credential_removes_nothing() {
    let mut bench = behind();
    bench.on(Event::SetCredential(bench.grant(HOUR)));
    let newest = bench.newest();
    bench.reauth_err(ReauthFailure::Rejected);
    assert_eq!(bench.newest(), newest);
    assert!(bench.arbiter.reauthentication().is_some());
}

#[test]
fn a_refused_credential_gives_way_to_the_one_in_force() {
    let mut bench = behind();
    let (refused, applied) = (bench.newest(), bench.arbiter.applied().unwrap());
    let actions = bench.reauth_err(ReauthFailure::Rejected);
    let generation = bench.newest();
    assert_eq!(actions, [Action::Revert { applied, generation }]);
    assert!(generation > refused);
    assert!(bench.status().applied);
    assert_eq!(bench.next_start(), (OpKind::Refresh, SECOND));
}

#[test]
fn a_refused_bound_credential_ends_client_bound_sat_for_this_session() {
    let mut bench = Bench::connected(true, true, HOUR);
    bench.scope(true);
    bench.ok(15 * MINUTE);
    let actions = bench.reauth_err(ReauthFailure::Rejected);
    assert_eq!(warnings(&actions), [Warning::Fallback(FallbackReason::RefreshFailed)]);
    assert_eq!(bench.status().mechanism, RefreshMechanism::DeveloperProvidedRefresh);
    assert_eq!(bench.in_flight(), None, "no activation");
    // The next session tries again.
    bench.on(Event::SessionDown);
    bench.session_up();
    assert_eq!(bench.next_start(), (OpKind::Activate, SECOND));
}

#[test]
fn a_lost_reauthentication_is_repeated_and_then_the_socket_replaced() {
    let mut bench = behind();
    let newest = bench.newest();
    let applied = bench.arbiter.applied().unwrap();
    assert_eq!(bench.reauth_err(ReauthFailure::Transient), []);
    let actions = bench.pass(SECOND);
    assert!(matches!(actions[..], [Action::Reauthenticate { .. }]));
    assert_eq!(bench.reauth_err(ReauthFailure::Transient), [Action::ForceReconnect]);
    assert_eq!(bench.newest(), newest, "the token is kept");
    // The resume uses what was in force, and the newer credential follows.
    let actions = bench.on(Event::SessionUp { used: applied });
    assert!(
        matches!(actions[..], [Action::Reauthenticate { generation, .. }] if generation == newest)
    );
}

#[test]
fn a_drop_retires_the_reauthentication_and_keeps_the_operation() {
    let mut bench = behind();
    let id = bench.reauth();
    bench.step(MINUTE);
    bench.on(Event::RefreshNow(WAITER));
    bench.on(Event::SessionDown);
    assert_eq!(bench.in_flight(), Some(OpKind::Refresh));
    assert_eq!(bench.on(Event::ReauthOk { id }), []);
    assert_eq!(bench.arbiter.reauthentication(), None);
}

#[test]
fn a_credential_replaced_during_a_connect_is_followed_by_the_newer() {
    let mut bench = Bench::authenticated(false, true, HOUR);
    let used = bench.newest();
    bench.on(Event::SetCredential(bench.grant(HOUR)));
    let actions = bench.on(Event::SessionUp { used });
    let generation = bench.newest();
    assert!(
        matches!(actions[..], [Action::Reauthenticate { generation: g, .. }] if g == generation)
    );
    assert_eq!(bench.arbiter.applied(), Some(used));
    assert!(bench.arbiter.holds(used));
}

#[test]
fn a_refused_resume_drops_the_stored_state_only() {
    let mut bench = Bench::connected(false, true, HOUR);
    let generation = bench.newest();
    let actions = bench.on(Event::ConnectRejected(Refused::Stored));
    assert_eq!(actions, [Action::DropStoredState]);
    assert_eq!((bench.arbiter.applied(), bench.newest()), (None, generation));
    assert!(!bench.status().expired);
}

#[test]
fn a_refused_fresh_connect_waits_for_another_credential() {
    let refuse = |bench: &mut Bench| {
        let refused = Refused::Fresh { generation: bench.newest(), waiter: WAITER };
        let actions = bench.on(Event::ConnectRejected(refused));
        assert_eq!(answers(&actions), []);
        let (kind, _) = bench.next_start();
        let actions = bench.ok(HOUR);
        assert_eq!(answers(&actions), [Ok(bench.newest())]);
        kind
    };
    assert_eq!(refuse(&mut Bench::authenticated(false, true, HOUR)), OpKind::Refresh);
    assert_eq!(refuse(&mut Bench::authenticated(false, false, HOUR)), OpKind::Authenticate);

    // A credential that was replaced in the meantime is answered with its successor.
    let mut bench = Bench::authenticated(false, false, HOUR);
    let refused = Refused::Fresh { generation: bench.newest(), waiter: WAITER };
    bench.on(Event::SetCredential(bench.grant(HOUR)));
    let actions = bench.on(Event::ConnectRejected(refused));
    assert_eq!(answers(&actions), [Ok(bench.newest())]);
}

#[test]
fn sessions_are_ignored_while_suspended_and_before_there_is_a_credential() {
    let mut bench = Bench::connected(true, true, HOUR);
    let used = bench.newest();
    bench.on(Event::Suspend);
    assert_eq!(bench.on(Event::SessionUp { used }), []);
    assert!(!bench.status().applied);
    let mut empty = Bench::new(true, true);
    assert_eq!(empty.on(Event::SessionUp { used }), []);
    assert_eq!(empty.arbiter.applied(), None);
}
