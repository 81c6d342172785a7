//! W9: what the end of a credential asks for. The reserve is 10 s and at most a quarter of the
//! lifetime.

use super::*;

/// Fails whatever starts until the clock shows `until`; returns what started, and how long before
/// `ends`.
fn fail_all(bench: &mut Bench, ends: i64, until: i64, failure: Failure) -> Vec<(OpKind, i64)> {
    let mut starts = Vec::new();
    while bench.boot < until {
        if let Some(kind) = bench.in_flight() {
            starts.push((kind, ends - bench.boot));
            bench.err(failure);
        }
        if bench.in_flight().is_none() {
            bench.pass(1);
        }
    }
    starts
}

#[test]
fn a_failing_rotation_makes_way_for_refresh_when_the_reserve_begins() {
    for (lifetime, reserve) in [(15 * MINUTE, 10 * SECOND), (MINUTE, 10 * SECOND)] {
        let mut bench = Bench::bound(true, lifetime);
        let ends = bench.boot + lifetime;
        let starts = fail_all(&mut bench, ends, ends - reserve - 1, Failure::TRANSIENT);
        assert!(starts.iter().all(|(kind, _)| *kind == OpKind::Rotate), "{starts:?}");
        let actions = bench.pass(1);
        assert_eq!(warnings(&actions), [Warning::Fallback(FallbackReason::RefreshFailed)]);
        assert_eq!((bench.in_flight(), ends - bench.boot), (Some(OpKind::Refresh), reserve));
        bench.ok(HOUR);
        assert!(!bench.status().expired);
    }
    // A credential of seconds is rotated in the reserve, and its first failure is enough.
    let mut bench = Bench::bound(true, 20 * SECOND);
    assert_eq!(bench.next_start(), (OpKind::Rotate, 15 * SECOND));
    bench.err(Failure::TRANSIENT);
    assert_eq!(bench.in_flight(), Some(OpKind::Refresh));
}

#[test]
fn a_rotation_that_is_not_failing_is_not_given_up() {
    let policy = Policy { bound_lead: Policy::sdk().bound_lead, ..exact() };
    let mut bench = Bench::with_policy(policy, true, true);
    bench.authenticate(HOUR);
    bench.session_up();
    bench.scope(true);
    // Its lead is all of the lifetime, and the reserve begins while it is in flight.
    bench.ok(20 * SECOND);
    assert_eq!(bench.in_flight(), Some(OpKind::Rotate));
    bench.pass(14 * SECOND);
    assert_eq!(bench.in_flight(), Some(OpKind::Rotate));
    bench.ok(15 * MINUTE);
    assert_eq!(bench.status().mechanism, RefreshMechanism::ClientBoundSat);
}

#[test]
fn an_operation_that_hangs_is_given_up_when_the_reserve_begins() {
    // It starts 12 s before the end, where its own 30 s would end after that of the credential.
    let mut bench = Bench::bound(true, MINUTE);
    assert_eq!(bench.next_start(), (OpKind::Rotate, 48 * SECOND));
    let (id, kind) = (bench.op(), OpKind::Rotate);
    assert_eq!(bench.pass(2 * SECOND - 1), []);
    let actions = bench.pass(1);
    assert_eq!(actions[0], Action::Abort { id, kind, cause: AbortCause::TimedOut });
    assert_eq!(bench.in_flight(), Some(OpKind::Refresh), "there is another way");
}

#[test]
fn a_retry_after_beyond_the_reserve_holds_its_endpoint_and_not_the_fallback() {
    let mut bench = Bench::bound(true, MINUTE);
    bench.next_start();
    bench.err(retry_after(600));
    assert_eq!(bench.next_start(), (OpKind::Refresh, 2 * SECOND));
    // And the other way round: with nothing else, the end is noticed on time.
    let mut bench = Bench::connected(false, true, MINUTE);
    let ends = bench.boot + MINUTE;
    bench.next_start();
    bench.err(retry_after(600));
    let actions = bench.pass(ends - bench.boot - 1);
    assert_eq!(actions, [], "the endpoint is left alone");
    assert_eq!(warnings(&bench.pass(1)), [Warning::CredentialExpired]);
}

#[test]
fn with_no_other_way_there_is_a_last_try_at_half_of_the_reserve() {
    for (dpop, kind) in [(true, OpKind::Rotate), (false, OpKind::Refresh)] {
        let mut bench =
            if dpop { Bench::bound(false, HOUR) } else { Bench::connected(false, true, HOUR) };
        let ends = bench.boot + HOUR;
        let starts = fail_all(&mut bench, ends, ends, Failure::TRANSIENT);
        assert!(starts.contains(&(kind, 5 * SECOND)), "{starts:?}");
        assert!(starts.len() < 20, "{starts:?}");
        assert!(bench.status().expired);
    }
}

#[test]
fn the_last_try_has_until_the_end_and_a_try_before_it_until_then() {
    let mut bench = Bench::bound(false, HOUR);
    let ends = bench.boot + HOUR;
    fail_all(&mut bench, ends, ends - 9 * SECOND, Failure::TRANSIENT);
    // Whatever hangs in the reserve makes way for the last try.
    while bench.in_flight().is_none() {
        bench.pass(1);
    }
    let started = ends - bench.boot;
    let mut aborts = Vec::new();
    while bench.boot < ends {
        let actions = bench.pass(1);
        let aborted = actions.iter().any(|action| matches!(action, Action::Abort { .. }));
        aborts.extend(aborted.then_some(ends - bench.boot));
    }
    assert!(started <= 9 * SECOND);
    assert!(aborts.iter().all(|at| *at == 5 * SECOND), "{started} {aborts:?}");
    assert!(bench.status().expired);
}

#[test]
fn a_last_try_of_activation_comes_before_the_sat_ends() {
    let mut bench = Bench::connected(true, false, HOUR);
    let ends = bench.boot + HOUR;
    bench.scope(true);
    let starts = fail_all(&mut bench, ends, ends, Failure::TRANSIENT);
    assert!(starts.contains(&(OpKind::Activate, 5 * SECOND)), "{starts:?}");
}

#[test]
fn the_notice_of_expiry_comes_on_time_whatever_hangs() {
    for (dpop, refresh) in [(true, true), (true, false), (false, true), (false, false)] {
        let mut bench = if dpop {
            Bench::bound(refresh, MINUTE)
        } else {
            Bench::connected(false, refresh, MINUTE)
        };
        let noticed = |actions: &[Action]| warnings(actions).contains(&Warning::CredentialExpired);
        assert!(!noticed(&bench.pass(MINUTE - 1)), "{dpop} {refresh}");
        assert!(noticed(&bench.pass(1)), "{dpop} {refresh}");
    }
}

#[test]
fn an_ended_bound_token_is_presented_to_nobody() {
    // After a sleep of the machine.
    for refresh in [true, false] {
        let mut bench = Bench::bound(refresh, 15 * MINUTE);
        bench.wall += HOUR;
        let actions = bench.on(SchedulerEvent::Tick);
        let rotates =
            |action: &Action| matches!(action, Action::Start { kind: OpKind::Rotate, .. });
        assert!(!actions.iter().any(rotates));
        assert_eq!(bench.in_flight(), refresh.then_some(OpKind::Refresh));
    }
}

#[test]
fn a_credential_that_nothing_refreshes_is_renewed_by_the_provider_where_the_policy_requires_it() {
    let renewing = || {
        let policy = Policy { renew_at_expiry: true, ..exact() };
        let mut bench = Bench::with_policy(policy, false, false);
        bench.authenticate(HOUR);
        bench.session_up();
        bench
    };
    let mut bench = renewing();
    assert_eq!(bench.next_start(), (OpKind::Authenticate, 55 * MINUTE));
    bench.ok(HOUR);
    assert_eq!(bench.sent(), Some(bench.newest()), "the live session is given the new token");
    bench.reauth_ok();

    // It is asked with growing pauses, and its `Retry-After` is honoured.
    bench.next_start();
    for wait in [1, 2, 4] {
        bench.err(Failure::TRANSIENT);
        assert_eq!(bench.next_start(), (OpKind::Authenticate, wait * SECOND));
    }
    bench.err(retry_after(60));
    assert_eq!(bench.next_start(), (OpKind::Authenticate, MINUTE));
    // Past the end the session is the space's to keep: nothing is asked any more.
    let left = bench.status().expiry.unwrap().get() - bench.wall;
    let actions = bench.pass(left);
    assert_eq!(warnings(&actions), [Warning::CredentialExpired]);
    bench.pass(MINUTE);
    assert_eq!(bench.in_flight(), None);

    // Without a session it would be asked for nobody.
    let mut bench = renewing();
    bench.on(SchedulerEvent::SessionDown);
    bench.run();
    assert_eq!(bench.in_flight(), None);
    // Off by default.
    let mut bench = Bench::connected(false, false, HOUR);
    bench.run();
    assert_eq!(bench.in_flight(), None);
}
