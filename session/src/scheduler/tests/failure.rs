//! FAIL, what an endpoint asks for, timeouts, late results, and credentials that are of no use.

use super::*;

#[test]
fn every_failure_states_what_happens_next_or_what_to_do() {
    for (failure, word) in [
        (RefreshError::NoMechanism, "implement refresh()"),
        (RefreshError::Permanent, "refused for good"),
        (RefreshError::Transient, "tried again"),
        (RefreshError::TimedOut, "took too long"),
        (RefreshError::Unusable, "expired or the same"),
        (RefreshError::Suspended, "resume it first"),
        (RefreshError::Closed, "closed"),
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
fn pauses_are_at_least_half_and_at_most_half_a_minute() {
    let mut bench = Bench::with_policy(Policy::default(), false, true);
    bench.authenticate(24 * HOUR);
    bench.on(SchedulerEvent::RefreshNow);
    let mut distinct = std::collections::BTreeSet::new();
    for n in 0..40_u32 {
        bench.err(Failure::TRANSIENT);
        let (_, after) = bench.next_start();
        let whole = (SECOND << n.min(5)).min(30 * SECOND);
        let least = (whole / 2).max(SECOND); // the gap
        assert!((least..=whole).contains(&after), "failure {n}: {after}");
        distinct.insert(after);
    }
    assert!(distinct.len() > 30, "pauses are random");
}

#[test]
fn retry_after_is_honoured_up_to_a_quarter_of_an_hour() {
    for (asked, waited) in
        [(120, 2 * MINUTE), (86_400, 15 * MINUTE), (u64::MAX, 15 * MINUTE), (0, SECOND)]
    {
        let mut bench = Bench::connected(false, true, 24 * HOUR);
        bench.on(SchedulerEvent::RefreshNow);
        bench.err(retry_after(asked));
        // Asking by hand does not go around it.
        bench.on(SchedulerEvent::RefreshNow);
        assert_eq!(bench.next_start(), (OpKind::Refresh, waited));
    }
}

#[test]
fn a_hold_is_one_endpoints_and_no_others() {
    // `refresh()` asked to be left alone; a connection may still ask `authenticate()`.
    let mut bench = Bench::authenticated(false, true, 24 * HOUR);
    bench.on(SchedulerEvent::RefreshNow);
    bench.err(retry_after(600));
    let held = |bench: &Bench, kind| bench.scheduler.held_for(kind, bench.now());
    assert_eq!(held(&bench, OpKind::Refresh), Some(Duration::from_secs(600)));
    assert_eq!(held(&bench, OpKind::Authenticate), None);
    bench.authenticate(24 * HOUR);
    // A new credential does not shorten it.
    bench.on(SchedulerEvent::RefreshNow);
    let since_then = 59 * SECOND + 10 * MINUTE - 60 * SECOND;
    assert_eq!(bench.next_start(), (OpKind::Refresh, since_then));
    assert_eq!(held(&bench, OpKind::Refresh), None);
}

#[test]
fn the_provider_that_asked_to_be_left_alone_is() {
    let mut bench = Bench::new(false, false);
    bench.ask();
    bench.err(retry_after(120));
    bench.ask();
    assert_eq!(bench.next_start(), (OpKind::Authenticate, 2 * MINUTE));
}

#[test]
fn a_permanent_refusal_stops_the_schedule_and_the_session_lasts_until_expiry() {
    let mut bench = Bench::connected(false, true, 10 * MINUTE);
    bench.next_start();
    let actions = bench.err(Failure::Permanent);
    let (kind, result) = (OpKind::Refresh, OutcomeResult::Permanent);
    assert_eq!(actions, [Action::Warn(Warning::RefreshStopped), Action::Ended { kind, result }]);
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
fn exhaustion_suspends_only_where_the_policy_requires_it() {
    for (exhausted, expected) in [(ExhaustedPolicy::Continue, 0), (ExhaustedPolicy::Disconnect, 1)]
    {
        let mut bench = Bench::with_policy(Policy { exhausted, ..exact() }, false, true);
        bench.authenticate(HOUR);
        bench.on(SchedulerEvent::RefreshNow);
        let actions = bench.err(Failure::Permanent);
        let suspends = actions.iter().filter(|a| **a == Action::Suspend).count();
        assert_eq!(suspends, expected);
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
fn lost_rotation_without_a_provider_refresh_is_retried_until_expiry_and_stops() {
    // An ended bound token is presented to nobody.
    let mut bench = Bench::bound(false, 15 * MINUTE);
    let ends = bench.boot + 15 * MINUTE;
    bench.next_start();
    let mut seen = Vec::new();
    let mut attempts = 0;
    let mut newest = 0;
    while bench.in_flight().is_some() {
        attempts += 1;
        assert!(attempts < 1000, "it ends");
        newest = bench.boot;
        let mut actions = bench.err(retry_after(1));
        actions.extend(bench.run());
        assert!(!actions.contains(&Action::Suspend));
        seen.extend(warnings(&actions));
    }
    assert_eq!(seen, [Warning::RefreshStopped, Warning::CredentialExpired]);
    assert_eq!((newest, bench.boot), (ends - 5 * SECOND, ends), "a last try, and notice on time");
}

#[test]
fn a_hanging_operation_is_dropped_and_its_late_result_discarded() {
    let mut bench = Bench::connected(false, true, HOUR);
    bench.next_start();
    let id = bench.op();
    assert_eq!(bench.pass(30 * SECOND - 1), []);
    let (kind, result) = (OpKind::Refresh, OutcomeResult::TimedOut);
    let abort = Action::Abort { id, kind, cause: AbortCause::TimedOut };
    assert_eq!(bench.pass(1), [abort, Action::Ended { kind, result }]);
    assert_eq!(bench.status().last_outcome.unwrap().result, OutcomeResult::TimedOut);
    let before = bench.scheduler.clone();
    assert_eq!(bench.on(SchedulerEvent::OpOk { id, info: bench.info(HOUR) }), []);
    assert_eq!(bench.on(SchedulerEvent::OpErr { id, failure: Failure::Permanent }), []);
    assert_eq!(bench.on(SchedulerEvent::OpPanic { id }), []);
    assert_eq!(bench.scheduler, before);
    assert_eq!(bench.next_start(), (OpKind::Refresh, SECOND));
}

#[test]
fn a_late_result_is_not_taken_for_that_of_the_next_operation() {
    let mut bench = Bench::connected(false, true, HOUR);
    bench.next_start();
    let late = bench.op();
    bench.pass(30 * SECOND);
    bench.next_start();
    let before = bench.scheduler.clone();
    assert_eq!(bench.on(SchedulerEvent::OpOk { id: late, info: bench.info(HOUR) }), []);
    assert_eq!(bench.on(SchedulerEvent::OpErr { id: late, failure: Failure::Permanent }), []);
    assert_eq!(bench.scheduler, before);
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
    bench.on(SchedulerEvent::RefreshNow);
    let actions = bench.on(SchedulerEvent::OpPanic { id: bench.op() });
    assert_eq!(results(&actions), [OutcomeResult::Panicked]);
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
fn the_same_token_again_is_a_failure_with_any_expiry() {
    let mut bench = Bench::connected(false, true, HOUR);
    let expiry = bench.status().expiry;
    let generation = bench.newest();
    bench.on(SchedulerEvent::RefreshNow);
    let same = TokenInfo { expiry, same_token: true, ..TokenInfo::default() };
    let actions = bench.on(SchedulerEvent::OpOk { id: bench.op(), info: same });
    assert_eq!(warnings(&actions), [Warning::SameToken]);
    assert_eq!(results(&actions), [OutcomeResult::Unusable]);
    assert_eq!(bench.newest(), generation);

    bench.next_start();
    let longer = TokenInfo { same_token: true, ..bench.info(2 * HOUR) };
    let actions = bench.on(SchedulerEvent::OpOk { id: bench.op(), info: longer });
    assert_eq!(results(&actions), [OutcomeResult::Unusable]);
    assert_eq!(bench.newest(), generation);
}

#[test]
fn an_expired_token_is_not_accepted_again_with_any_expiry() {
    let refused =
        |bench: &mut Bench| bench.on(SchedulerEvent::Refused { generation: bench.newest() });
    let expired = |bench: &mut Bench| {
        bench.step(HOUR);
        Vec::new()
    };
    for end in [refused, expired] {
        for lifetime in [1, 10 * HOUR] {
            let mut bench = Bench::authenticated(false, false, HOUR);
            end(&mut bench);
            bench.ask();
            bench.run();
            let same = TokenInfo { same_token: true, ..bench.info(lifetime) };
            let actions = bench.on(SchedulerEvent::OpOk { id: bench.op(), info: same });
            assert_eq!(results(&actions), [OutcomeResult::Unusable]);
            assert_eq!(warnings(&actions), [Warning::SameToken]);
            assert!(bench.status().expired);
        }
    }
}

#[test]
fn an_earlier_expiry_is_taken_and_named() {
    let mut bench = Bench::connected(false, true, HOUR);
    bench.on(SchedulerEvent::RefreshNow);
    let actions = bench.ok(MINUTE);
    assert_eq!(warnings(&actions), [Warning::EarlierExpiry]);
    // Activation shortens the validity as a rule; that is not worth a warning.
    let mut bench = Bench::connected(true, true, HOUR);
    bench.scope(true);
    assert_eq!(warnings(&bench.ok(15 * MINUTE)), []);
}
