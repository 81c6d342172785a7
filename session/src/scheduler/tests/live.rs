//! S1: the live session and the credential in force on it.

use super::*;

#[test]
fn a_session_that_refuses_every_new_token_is_asked_less_and_less_often() {
    let mut bench = Bench::connected(false, true, HOUR);
    bench.on(SchedulerEvent::RefreshNow);
    for wait in [1, 2, 4, 8, 16, 30, 30] {
        bench.ok(HOUR);
        bench.reauth_err(ReauthError::Rejected);
        assert_eq!(bench.next_start(), (OpKind::Refresh, wait * SECOND));
    }
    // One that it takes is a new beginning.
    bench.ok(HOUR);
    bench.reauth_ok();
    bench.pass(MINUTE);
    bench.on(SchedulerEvent::RefreshNow);
    bench.ok(HOUR);
    bench.reauth_err(ReauthError::Rejected);
    assert_eq!(bench.next_start().1, SECOND);
}

/// A session whose developer refresh has just given a newer credential.
fn behind() -> Bench {
    let mut bench = Bench::connected(false, true, HOUR);
    bench.on(SchedulerEvent::RefreshNow);
    let actions = bench.ok(HOUR);
    let (id, generation) = (bench.reauth(), bench.newest());
    let expected = Action::Reauthenticate { id, generation };
    assert_eq!(actions.iter().filter(|action| **action == expected).count(), 1);
    bench
}

#[test]
fn a_refreshed_credential_reaches_the_session_once() {
    let mut bench = behind();
    assert!(!bench.status().applied);
    let generation = bench.newest();
    assert_eq!(bench.reauth_ok(), [Action::Applied { generation }]);
    assert!(bench.status().applied);
    assert_eq!(bench.pass(10 * MINUTE), []);
}

#[test]
fn a_fresh_connect_is_not_followed_by_a_reauthentication() {
    let mut bench = Bench::authenticated(false, true, HOUR);
    let generation = bench.newest();
    assert_eq!(bench.session_up(), [Action::Applied { generation }]);
}

#[test]
fn reauthentications_do_not_cross_and_the_newest_wins() {
    let mut bench = behind();
    let first = bench.reauth();
    bench.on(SchedulerEvent::SetCredential(bench.info(HOUR)));
    assert_eq!(bench.reauth(), first, "the second waits for the first");
    let actions = bench.on(SchedulerEvent::ReauthOk { id: first });
    let expected = Action::Reauthenticate { id: bench.reauth(), generation: bench.newest() };
    assert_eq!(actions, [expected]);
    let late = bench.on(SchedulerEvent::ReauthErr { id: first, failure: ReauthError::Rejected });
    assert_eq!(late, []);
}

#[test]
fn a_refusal_of_a_replaced_credential_removes_nothing() {
    let mut bench = behind();
    bench.on(SchedulerEvent::SetCredential(bench.info(HOUR)));
    let newest = bench.newest();
    bench.reauth_err(ReauthError::Rejected);
    assert_eq!(bench.newest(), newest);
    assert!(bench.scheduler.reauthentication().is_some());
}

#[test]
fn a_refused_credential_is_replaced_by_the_one_in_force() {
    let mut bench = behind();
    let (refused, applied) = (bench.newest(), bench.applied().unwrap());
    let actions = bench.reauth_err(ReauthError::Rejected);
    let generation = bench.newest();
    assert_eq!(actions, [Action::Revert { applied, generation }]);
    assert!(generation > refused);
    assert!(bench.status().applied);
    assert_eq!(bench.next_start(), (OpKind::Refresh, SECOND));
}

#[test]
fn a_refused_bound_credential_ends_client_bound_sat_for_this_lineage() {
    let mut bench = Bench::connected(true, true, HOUR);
    bench.scope(true);
    bench.ok(15 * MINUTE);
    let actions = bench.reauth_err(ReauthError::Rejected);
    assert_eq!(warnings(&actions), [Warning::Fallback(FallbackReason::RefreshFailed)]);
    assert_eq!(bench.status().mechanism, RefreshMechanism::DeveloperProvidedRefresh);
    assert_eq!(bench.in_flight(), None, "no activation");
    // W7: the next session does not try again; a token of the provider does.
    bench.on(SchedulerEvent::SessionDown);
    bench.session_up();
    assert_eq!(bench.next_start().0, OpKind::Refresh);
    bench.ok(HOUR);
    bench.reauth_ok();
    bench.scope(true);
    assert_eq!(bench.in_flight(), Some(OpKind::Activate));
}

#[test]
fn a_reauthentication_without_an_answer_is_repeated_and_then_the_socket_replaced() {
    let mut bench = behind();
    let newest = bench.newest();
    let used = bench.scheduler.applied().unwrap();
    assert_eq!(bench.reauth_err(ReauthError::NoAnswer), []);
    assert!(bench.scheduler.reauthentication_fails());
    let actions = bench.pass(SECOND);
    assert!(matches!(actions[..], [Action::Reauthenticate { .. }]));
    assert_eq!(bench.reauth_err(ReauthError::NoAnswer), [Action::Reconnect]);
    assert_eq!(bench.newest(), newest, "the token is kept");
    // The resume uses what was in force, and the newer credential follows.
    bench.on(SchedulerEvent::SessionUp { used });
    assert_eq!(bench.sent(), Some(newest));
}

#[test]
fn a_space_that_never_answers_a_reauthentication_is_left_once_for_each_credential() {
    let mut bench = behind();
    let mut left = 0;
    let ends = bench.boot + 50 * MINUTE;
    while bench.boot < ends {
        let actions = bench.reauth_err(ReauthError::NoAnswer);
        if actions.contains(&Action::Reconnect) {
            left += 1;
            let used = bench.scheduler.applied().unwrap();
            bench.on(SchedulerEvent::SessionUp { used });
        }
        while bench.sent().is_none() {
            bench.pass(SECOND);
        }
    }
    assert_eq!(left, 1);
}

#[test]
fn an_answer_that_is_not_about_the_token_keeps_the_session() {
    // -32603: what the session holds is as it was, so it is asked less and less often.
    let mut bench = behind();
    for wait in [1, 2, 4, 8, 16, 30, 30] {
        assert_eq!(bench.reauth_err(ReauthError::Failed), []);
        assert!(bench.scheduler.reauthentication_fails());
        assert_eq!(bench.pass(wait * SECOND - 1), []);
        assert!(matches!(bench.pass(1)[..], [Action::Reauthenticate { .. }]));
    }
    bench.reauth_ok();
    assert!(!bench.scheduler.reauthentication_fails() && bench.status().applied);
}

#[test]
fn a_session_that_takes_no_credential_is_replaced_in_the_reserve_before_its_own_ends() {
    // -32601 and -32603 alike; the new credential is used at the next connect.
    for failure in [ReauthError::Unsupported, ReauthError::Failed] {
        let mut bench = Bench::connected(false, true, HOUR);
        let ends = bench.boot + HOUR;
        assert_eq!(bench.next_start(), (OpKind::Refresh, 55 * MINUTE));
        bench.ok(HOUR);
        let mut renewed = Vec::new();
        while bench.boot < ends {
            if bench.sent().is_some() {
                bench.reauth_err(failure);
            }
            let (actions, at) = (bench.pass(SECOND), bench.boot);
            let renewals = actions.iter().filter(|action| **action == Action::Renew);
            renewed.extend(renewals.map(|_| ends - at));
        }
        assert_eq!(renewed, [10 * SECOND], "once for each credential: {failure:?}");
        // A session that begins with the new one is not behind.
        bench.on(SchedulerEvent::SessionDown);
        bench.session_up();
        assert!(bench.status().applied);
    }
}

#[test]
fn a_space_without_the_method_is_not_asked_again_in_this_session() {
    let mut bench = behind();
    bench.reauth_err(ReauthError::Unsupported);
    assert!(bench.scheduler.reauthentication_fails());
    let sends = |actions: &[Action]| {
        actions.iter().any(|action| matches!(action, Action::Reauthenticate { .. }))
    };
    assert!(!sends(&bench.pass(MINUTE)));
    // The next session may have it.
    let used = bench.scheduler.applied().unwrap();
    bench.on(SchedulerEvent::SessionDown);
    assert!(sends(&bench.on(SchedulerEvent::SessionUp { used })));
}

#[test]
fn a_drop_retires_the_reauthentication_and_keeps_the_operation() {
    let mut bench = behind();
    let id = bench.reauth();
    bench.step(MINUTE);
    bench.on(SchedulerEvent::RefreshNow);
    bench.on(SchedulerEvent::SessionDown);
    assert_eq!(bench.in_flight(), Some(OpKind::Refresh));
    assert_eq!(bench.on(SchedulerEvent::ReauthOk { id }), []);
    assert_eq!(bench.scheduler.reauthentication(), None);
}

#[test]
fn a_credential_replaced_during_a_connect_is_followed_by_the_newer() {
    let mut bench = Bench::authenticated(false, true, HOUR);
    let used = bench.held();
    bench.on(SchedulerEvent::SetCredential(bench.info(HOUR)));
    bench.on(SchedulerEvent::SessionUp { used });
    assert_eq!(bench.sent(), Some(bench.newest()));
    assert_eq!(bench.applied(), Some(used.generation()));
}

#[test]
fn what_was_learnt_of_a_credential_during_a_connect_is_not_forgotten() {
    let mut bench = Bench::new(false, true);
    bench.ask();
    bench.on(SchedulerEvent::OpOk { id: bench.op(), info: TokenInfo::default() });
    let used = bench.held();
    let expiry = EpochMillis::new(START + HOUR);
    bench.on(SchedulerEvent::ExpiryKnown { generation: used.generation(), expiry });
    bench.on(SchedulerEvent::SessionUp { used });
    let applied = bench.scheduler.applied().unwrap();
    assert_eq!(bench.scheduler.saved(&applied, bench.now()).expiry, Some(expiry));
}

#[test]
fn a_session_that_cannot_be_resumed_leaves_the_newest_credential() {
    let mut bench = Bench::connected(false, true, HOUR);
    let generation = bench.newest();
    assert_eq!(bench.on(SchedulerEvent::Detached), []);
    assert_eq!((bench.applied(), bench.newest()), (None, generation));
    assert!(!bench.status().expired);
}

#[test]
fn a_refused_credential_counts_as_expired() {
    let mut bench = Bench::authenticated(false, true, HOUR);
    let actions = bench.on(SchedulerEvent::Refused { generation: bench.newest() });
    assert_eq!(warnings(&actions), [Warning::CredentialExpired]);
    assert!(bench.is_too_old() && bench.status().expired);
    // What the space says of it afterwards does not bring it back.
    let (generation, expiry) = (bench.newest(), EpochMillis::new(START + HOUR));
    bench.on(SchedulerEvent::ExpiryKnown { generation, expiry });
    bench.on(SchedulerEvent::ServerTime(Some(EpochMillis::new(START - HOUR))));
    assert!(bench.status().expired);
}

#[test]
fn sessions_are_ignored_while_suspended() {
    let mut bench = Bench::connected(true, true, HOUR);
    let used = bench.held();
    bench.on(SchedulerEvent::Suspend);
    assert_eq!(bench.on(SchedulerEvent::SessionUp { used }), []);
    assert!(!bench.status().applied);
}

#[test]
fn a_mechanism_that_kept_failing_gets_another_chance_in_the_next_session() {
    let mut bench = Bench::connected(false, true, 10 * MINUTE);
    bench.next_start();
    while bench.in_flight().is_some() {
        bench.err(Failure::TRANSIENT);
        bench.run();
    }
    assert_eq!(bench.status().mechanism, RefreshMechanism::None);
    bench.on(SchedulerEvent::SessionDown);
    bench.authenticate(HOUR);
    bench.session_up();
    assert_eq!(bench.status().mechanism, RefreshMechanism::DeveloperProvidedRefresh);
}

#[test]
fn a_refused_refresh_stays_refused_until_the_provider_authenticates() {
    let mut bench = Bench::connected(false, true, HOUR);
    bench.on(SchedulerEvent::RefreshNow);
    bench.err(Failure::Permanent);
    bench.on(SchedulerEvent::SessionDown);
    bench.session_up();
    assert_eq!(bench.status().mechanism, RefreshMechanism::None);
    bench.authenticate(HOUR);
    assert_eq!(bench.status().mechanism, RefreshMechanism::DeveloperProvidedRefresh);
}
