//! S5: the scope, activation, a lost key, and the precedence table.

use super::*;

#[test]
fn each_row_of_the_precedence_table_selects_its_mechanism() {
    use RefreshMechanism::{ClientBoundSat, DeveloperProvidedRefresh, None};
    for (refresh, scope, expected) in [
        (true, true, ClientBoundSat),
        (true, false, DeveloperProvidedRefresh),
        (false, true, ClientBoundSat),
        (false, false, None),
    ] {
        assert_eq!(RefreshMechanism::select(refresh, scope), expected);
        let mut bench = Bench::connected(true, refresh, HOUR);
        bench.scope(scope);
        if bench.in_flight().is_some() {
            bench.ok(15 * MINUTE);
            bench.reauth_ok();
        }
        assert_eq!(bench.status().mechanism, expected);
        assert_eq!(
            bench.status().since,
            EpochMillis::new(if expected == None { 0 } else { START })
        );
    }
}

#[test]
fn activation_needs_a_key_a_scope_and_a_live_session() {
    for (dpop, scope, up, expected) in [
        (true, Some(true), true, Some(OpKind::Activate)),
        (false, Some(true), true, None),
        (true, Some(false), true, None),
        (true, Option::None, true, None),
        (true, Some(true), false, None),
    ] {
        let mut bench = Bench::authenticated(dpop, false, HOUR);
        if let Some(scope) = scope {
            bench.scope(scope);
        }
        if up {
            bench.session_up();
        }
        assert_eq!(bench.in_flight(), expected, "{dpop} {scope:?} {up}");
    }
}

#[test]
fn activation_waits_for_the_refresh_in_flight() {
    let mut bench = Bench::connected(true, true, HOUR);
    bench.on(SchedulerEvent::RefreshNow);
    bench.scope(true);
    assert_eq!(bench.in_flight(), Some(OpKind::Refresh));
    bench.err(Failure::TRANSIENT);
    assert_eq!(bench.in_flight(), Some(OpKind::Activate));
    assert_eq!(bench.scheduler.status(bench.now()).attempts, 1);
}

#[test]
fn warnings_name_why_client_bound_sat_is_not_used() {
    let scope = |dpop, refresh, scope| {
        let mut bench = Bench::connected(dpop, refresh, HOUR);
        let first = warnings(&bench.scope(scope));
        assert_eq!(bench.scope(!scope), [], "the scope is known already");
        first
    };
    let expires_at = EpochMillis::new(START + HOUR);
    assert_eq!(scope(true, true, false), [Warning::Fallback(FallbackReason::NoScope)]);
    assert_eq!(scope(false, true, true), [Warning::Fallback(FallbackReason::NoDpopSupport)]);
    assert_eq!(scope(true, false, false), [Warning::NoRefreshHandler { expires_at }]);
    assert_eq!(scope(false, false, true), [Warning::NoRefreshHandler { expires_at }]);
    assert_eq!(scope(true, true, true), []);
}

#[test]
fn a_warning_is_issued_once_for_all_credentials_of_one_authentication() {
    let mut bench = Bench::connected(true, true, HOUR);
    assert_eq!(bench.scope(false).len(), 1);
    for _ in 0..3 {
        bench.step(MINUTE);
        bench.on(SchedulerEvent::RefreshNow);
        bench.ok(HOUR);
        bench.reauth_ok();
        assert_eq!(bench.scope(false), []);
        bench.on(SchedulerEvent::SessionDown);
        bench.session_up();
    }
    bench.on(SchedulerEvent::SetCredential(bench.info(HOUR)));
    assert_eq!(warnings(&bench.scope(false)).len(), 1, "a new lineage");
}

#[test]
fn the_scope_of_a_replaced_sat_is_ignored() {
    let mut bench = Bench::connected(true, true, HOUR);
    let generation = bench.newest();
    bench.on(SchedulerEvent::SetCredential(bench.info(HOUR)));
    bench.on(SchedulerEvent::ScopeKnown { generation, sat_refresh: true });
    assert_eq!(bench.in_flight(), Option::None);
}

#[test]
fn a_refused_activation_ends_client_bound_sat_for_this_lineage() {
    let mut bench = Bench::connected(true, true, HOUR);
    bench.scope(true);
    let actions = bench.err(Failure::Permanent);
    assert_eq!(warnings(&actions), [Warning::Fallback(FallbackReason::EndpointFailed)]);
    assert_eq!(bench.pass(10 * MINUTE), []);
    // W7: a reconnect does not turn it on again.
    bench.on(SchedulerEvent::SessionDown);
    bench.session_up();
    assert_eq!(bench.in_flight(), Option::None);
    // A token of `refresh()` does, and so does one of `authenticate()`.
    assert_eq!(bench.next_start().0, OpKind::Refresh);
    bench.ok(HOUR);
    bench.reauth_ok();
    bench.scope(true);
    assert_eq!(bench.in_flight(), Some(OpKind::Activate));
    bench.err(Failure::Permanent);
    bench.step(MINUTE);
    bench.authenticate(HOUR);
    bench.reauth_ok();
    bench.scope(true);
    assert_eq!(bench.in_flight(), Some(OpKind::Activate));
}

#[test]
fn activation_that_kept_failing_is_tried_again_in_the_next_session() {
    let mut bench = Bench::connected(true, true, HOUR);
    bench.scope(true);
    bench.err(Failure::TRANSIENT);
    bench.next_start();
    bench.err(Failure::TRANSIENT);
    assert_eq!(bench.pass(10 * MINUTE), []);
    bench.on(SchedulerEvent::SessionDown);
    bench.session_up();
    assert_eq!(bench.in_flight(), Some(OpKind::Activate));
}

#[test]
fn activation_is_retried_once_while_refresh_can_stand_in() {
    let mut bench = Bench::connected(true, true, HOUR);
    bench.scope(true);
    assert_eq!(warnings(&bench.err(Failure::TRANSIENT)), []);
    assert_eq!(bench.next_start(), (OpKind::Activate, SECOND));
    let actions = bench.err(Failure::TRANSIENT);
    assert_eq!(warnings(&actions), [Warning::Fallback(FallbackReason::EndpointFailed)]);
    assert_eq!(bench.next_start().0, OpKind::Refresh);
}

#[test]
fn without_refresh_activation_is_retried_until_expiry() {
    let mut bench = Bench::connected(true, false, 10 * MINUTE);
    bench.scope(true);
    let mut attempts = 0;
    let mut seen = Vec::new();
    while bench.in_flight() == Some(OpKind::Activate) {
        attempts += 1;
        assert!(attempts < 1000, "it ends");
        seen.extend(warnings(&bench.err(Failure::TRANSIENT)));
        seen.extend(warnings(&bench.run()));
    }
    assert!(attempts >= 10, "{attempts}");
    assert_eq!(seen, [Warning::CredentialExpired]);
    assert_eq!(bench.deadline(), Option::None);
}

#[test]
fn a_timeout_of_activation_is_a_reason_of_its_own() {
    let mut bench = Bench::connected(true, true, HOUR);
    bench.scope(true);
    let actions = bench.pass(30 * SECOND);
    assert_eq!(warnings(&actions), [Warning::Fallback(FallbackReason::ActivationTimeout)]);
    // Without refresh() nothing stands in, and saying so would be wrong.
    let mut bench = Bench::connected(true, false, HOUR);
    bench.scope(true);
    assert_eq!(warnings(&bench.pass(30 * SECOND)), []);
}

#[test]
fn an_activation_that_succeeds_in_the_end_is_no_fallback() {
    let mut bench = Bench::connected(true, true, HOUR);
    bench.scope(true);
    bench.pass(30 * SECOND);
    bench.next_start();
    bench.ok(15 * MINUTE);
    assert_eq!(bench.status().fallback, Option::None);
    assert_eq!(bench.status().mechanism, RefreshMechanism::ClientBoundSat);
}

#[test]
fn an_activation_survives_a_drop_and_reaches_the_next_session() {
    let mut bench = Bench::connected(true, true, HOUR);
    let used = bench.held();
    bench.scope(true);
    bench.on(SchedulerEvent::SessionDown);
    bench.ok(15 * MINUTE);
    assert_eq!(bench.sent(), Option::None);
    bench.on(SchedulerEvent::SessionUp { used });
    assert_eq!(bench.sent(), Some(bench.newest()));
}

#[test]
fn a_lost_key_makes_bound_credentials_useless() {
    let mut bench = Bench::bound(true, 15 * MINUTE);
    let actions = bench.on(SchedulerEvent::KeyLost);
    assert_eq!(warnings(&actions), [Warning::DpopKeyLost, Warning::CredentialExpired]);
    assert_eq!(bench.in_flight(), Some(OpKind::Refresh));
    bench.ok(HOUR);
    assert_eq!(warnings(&bench.scope(true)), [Warning::Fallback(FallbackReason::NoDpopSupport)]);
}

#[test]
fn a_bound_credential_is_not_waited_for_once_its_key_is_lost() {
    for suspended in [false, true] {
        not_waited_for_once_its_key_is_lost(suspended);
    }
}

fn not_waited_for_once_its_key_is_lost(suspended: bool) {
    let mut bench = Bench::connected(true, true, HOUR);
    let generation = bench.newest();
    bench.scope(true);
    let (id, info) = (bench.op(), bench.info(15 * MINUTE));
    if suspended {
        bench.on(SchedulerEvent::Suspend);
    }
    let actions = bench.on(SchedulerEvent::KeyLost);
    assert_eq!(warnings(&actions), [Warning::DpopKeyLost]);
    assert!(actions.iter().any(|it| matches!(it, Action::Abort { id: gone, .. } if *gone == id)));
    bench.on(SchedulerEvent::OpOk { id, info });
    assert_eq!(bench.newest(), generation);
    assert!(!bench.status().expired, "the plain credential is as good as before");
}
