//! FAIL, timeouts, late results, and credentials that are of no use.

use super::*;

#[test]
fn every_failure_says_what_happens_next_or_what_to_do() {
    for (failure, word) in [
        (RefreshFailure::NoMechanism, "implement refresh()"),
        (RefreshFailure::Permanent, "refused for good"),
        (RefreshFailure::Transient, "tried again"),
        (RefreshFailure::TimedOut, "took too long"),
        (RefreshFailure::Unusable, "expired or the same"),
        (RefreshFailure::Suspended, "connect it first"),
        (RefreshFailure::Closed, "closed"),
    ] {
        assert!(failure.to_string().contains(word), "{failure}");
    }
}

#[test]
fn transient_failures_back_off_and_a_success_starts_over() {
    let mut bench = Bench::connected(false, true, HOUR);
    bench.next_start();
    for wait in [1, 2, 4] {
        bench.err(Failure::TRANSIENT);
        assert_eq!(bench.next_start(), (OpKind::Refresh, wait * SECOND));
    }
    assert_eq!(bench.status().attempts, 3);
    bench.ok(HOUR);
    assert_eq!(bench.status().attempts, 0);
    assert_eq!(bench.status().last_outcome.unwrap().result, OutcomeResult::Committed);
}

#[test]
fn backoff_is_at_least_half_and_at_most_a_minute() {
    let mut bench = Bench::with_policy(Policy::default(), false, true);
    bench.authenticate(24 * HOUR);
    bench.on(Event::RefreshNow(WAITER));
    let mut distinct = std::collections::BTreeSet::new();
    for n in 0..40_u32 {
        bench.err(Failure::TRANSIENT);
        let (_, after) = bench.next_start();
        let whole = (SECOND << n.min(6)).min(MINUTE);
        let least = (whole / 2).max(SECOND); // the gap
        assert!((least..=whole).contains(&after), "failure {n}: {after}");
        distinct.insert(after);
    }
    assert!(distinct.len() > 30, "waits are random");
}

#[test]
fn retry_after_is_honoured_up_to_a_quarter_of_an_hour() {
    for (asked, waited) in [(120, 2 * MINUTE), (86_400, 15 * MINUTE), (0, SECOND)] {
        let mut bench = Bench::connected(false, true, 24 * HOUR);
        bench.on(Event::RefreshNow(WAITER));
        bench.err(retry_after(asked));
        // Asking by hand does not go around it.
        bench.on(Event::RefreshNow(WAITER));
        assert_eq!(bench.next_start(), (OpKind::Refresh, waited));
    }
}

#[test]
fn a_permanent_refusal_stops_the_schedule_and_the_session_lasts_until_expiry() {
    let mut bench = Bench::connected(false, true, 10 * MINUTE);
    bench.next_start();
    let actions = bench.err(Failure::Permanent);
    assert_eq!(actions, [Action::Warn(Warning::RefreshStopped)]);
    assert_eq!(bench.status().mechanism, RefreshMechanism::None);
    assert_eq!(warnings(&bench.pass(10 * MINUTE)), [Warning::CredentialExpired]);
    assert_eq!(bench.in_flight(), None);
}

#[test]
fn attempts_are_bounded_only_once_the_credential_has_expired() {
    let mut bench = Bench::connected(false, true, 10 * MINUTE);
    let mut attempts = 0;
    let mut stopped = 0;
    bench.next_start();
    while bench.in_flight().is_some() {
        attempts += 1;
        assert!(attempts < 1000, "it ends");
        let expired = bench.status().expired;
        let actions = bench.err(Failure::TRANSIENT);
        stopped += warnings(&actions).iter().filter(|w| **w == Warning::RefreshStopped).count();
        if stopped == 0 {
            assert!(!expired || attempts < 5);
        }
        bench.run();
    }
    assert!(attempts > 5);
    assert_eq!(stopped, 1);
}

#[test]
fn exhaustion_disconnects_only_where_the_policy_says_so() {
    for (exhausted, expected) in [(ExhaustedPolicy::Continue, 0), (ExhaustedPolicy::Disconnect, 1)]
    {
        let mut bench = Bench::with_policy(Policy { exhausted, ..exact() }, false, true);
        bench.authenticate(HOUR);
        bench.on(Event::RefreshNow(WAITER));
        let actions = bench.err(Failure::Permanent);
        let disconnects = actions.iter().filter(|a| **a == Action::Disconnect).count();
        assert_eq!(disconnects, expected);
    }
}

#[test]
fn lost_rotation_falls_back_to_the_provider() {
    let mut bench = Bench::bound(true, 15 * MINUTE);
    assert_eq!(bench.next_start().0, OpKind::Rotate);
    let actions = bench.err(Failure::Permanent);
    assert_eq!(warnings(&actions), [Warning::Fallback(FallbackReason::RefreshFailed)]);
    assert_eq!(bench.status().fallback, Some(FallbackReason::RefreshFailed));
    assert_eq!(bench.in_flight(), Some(OpKind::Refresh));
    bench.ok(HOUR);
    assert_eq!(bench.status().mechanism, RefreshMechanism::DeveloperProvidedRefresh);
}

#[test]
fn lost_rotation_without_a_provider_refresh_is_retried_past_expiry_and_stops() {
    let mut bench = Bench::bound(false, 15 * MINUTE);
    bench.next_start();
    let mut seen = Vec::new();
    let mut attempts = 0;
    while bench.in_flight().is_some() {
        attempts += 1;
        assert!(attempts < 1000, "it ends");
        let mut actions = bench.err(retry_after(1));
        actions.extend(bench.run());
        assert!(!actions.contains(&Action::Disconnect));
        seen.extend(warnings(&actions));
    }
    assert_eq!(seen, [Warning::CredentialExpired, Warning::RefreshStopped]);
}

#[test]
fn a_hanging_operation_is_dropped_and_its_late_result_discarded() {
    let mut bench = Bench::connected(false, true, HOUR);
    bench.next_start();
    let id = bench.op();
    assert_eq!(bench.pass(30 * SECOND - 1), []);
    assert_eq!(bench.pass(1), [Action::Abort { id, cause: AbortCause::TimedOut }]);
    assert_eq!(bench.status().last_outcome.unwrap().result, OutcomeResult::TimedOut);
    let before = bench.arbiter.clone();
    assert_eq!(bench.on(Event::OpOk { id, grant: bench.grant(HOUR) }), []);
    assert_eq!(bench.on(Event::OpErr { id, failure: Failure::Permanent }), []);
    assert_eq!(bench.on(Event::OpPanic { id }), []);
    assert_eq!(bench.arbiter, before);
    assert_eq!(bench.next_start(), (OpKind::Refresh, SECOND));
}

#[test]
fn a_late_result_is_not_taken_for_that_of_the_next_operation() {
    let mut bench = Bench::connected(false, true, HOUR);
    bench.next_start();
    let late = bench.op();
    bench.pass(30 * SECOND);
    bench.next_start();
    let before = bench.arbiter.clone();
    assert_eq!(bench.on(Event::OpOk { id: late, grant: bench.grant(HOUR) }), []);
    assert_eq!(bench.on(Event::OpErr { id: late, failure: Failure::Permanent }), []);
    assert_eq!(bench.arbiter, before);
}

#[test]
fn a_provider_that_always_hangs_is_given_up_after_expiry() {
    let mut bench = Bench::connected(false, true, 10 * MINUTE);
    let mut open = None;
    let mut starts = 0;
    for action in bench.pass(24 * HOUR) {
        match action {
            Action::Start { id, .. } => {
                assert_eq!(open.replace(id), None, "one call at a time");
                starts += 1;
            }
            Action::Abort { id, .. } => assert_eq!(open.take(), Some(id)),
            _ => {}
        }
    }
    assert!((5..20).contains(&starts), "{starts}");
    assert_eq!((bench.in_flight(), bench.deadline()), (None, None));
}

#[test]
fn a_panic_is_a_transient_failure() {
    let mut bench = Bench::connected(false, true, HOUR);
    bench.on(Event::RefreshNow(WAITER));
    let actions = bench.on(Event::OpPanic { id: bench.op() });
    assert_eq!(answers(&actions), [Err(RefreshFailure::Transient)]);
    assert_eq!(bench.status().last_outcome.unwrap().result, OutcomeResult::Panicked);
    assert_eq!(bench.next_start(), (OpKind::Refresh, SECOND));
}

#[test]
fn a_credential_that_expired_on_the_way_is_a_failure() {
    let mut bench = Bench::connected(false, true, HOUR);
    let generation = bench.newest();
    bench.next_start();
    let actions = bench.ok(0);
    assert_eq!(warnings(&actions), [Warning::ExpiredOnArrival]);
    assert_eq!(bench.newest(), generation);
    assert_eq!(bench.status().last_outcome.unwrap().result, OutcomeResult::Unusable);
    assert_eq!(bench.next_start(), (OpKind::Refresh, SECOND));
    assert_eq!(warnings(&bench.ok(0)), [], "warned once");
}

#[test]
fn the_same_token_again_is_a_failure_unless_it_lasts_longer() {
    let mut bench = Bench::connected(false, true, HOUR);
    let expiry = bench.status().expiry;
    let generation = bench.newest();
    bench.on(Event::RefreshNow(WAITER));
    let same = Grant { expiry, same_token: true, ..Grant::default() };
    let actions = bench.on(Event::OpOk { id: bench.op(), grant: same });
    assert_eq!(warnings(&actions), [Warning::SameToken]);
    assert_eq!(answers(&actions), [Err(RefreshFailure::Unusable)]);
    assert_eq!(bench.newest(), generation);

    bench.next_start();
    let longer = Grant { same_token: true, ..bench.grant(2 * HOUR) };
    bench.on(Event::OpOk { id: bench.op(), grant: longer });
    assert_ne!(bench.newest(), generation);
}

#[test]
fn a_token_the_server_no_longer_takes_is_not_taken_again() {
    let mut bench = Bench::authenticated(false, false, HOUR);
    let expiry = bench.status().expiry;
    let refused = Refused::Fresh { generation: bench.newest(), waiter: WAITER };
    bench.on(Event::ConnectRejected(refused));
    assert_eq!(bench.next_start().0, OpKind::Authenticate);
    let same = Grant { expiry, same_token: true, ..Grant::default() };
    let actions = bench.on(Event::OpOk { id: bench.op(), grant: same });
    assert_eq!(answers(&actions), [Err(RefreshFailure::Unusable)]);
    assert!(bench.status().expired);
}

#[test]
fn an_earlier_expiry_is_taken_and_named() {
    let mut bench = Bench::connected(false, true, HOUR);
    bench.on(Event::RefreshNow(WAITER));
    let actions = bench.ok(MINUTE);
    assert_eq!(warnings(&actions), [Warning::EarlierExpiry]);
    // Activation shortens the validity as a rule; that is not worth a warning.
    let mut bench = Bench::connected(true, true, HOUR);
    bench.scope(true);
    assert_eq!(warnings(&bench.ok(15 * MINUTE)), []);
}
