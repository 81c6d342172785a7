//! Start, NeedFresh, RefreshNow, Invalidate, SetCredential, Suspend, Resume, Destroy.

use super::*;

fn cached(bench: &Bench, kind: CredentialKind, lifetime: i64, resumable: bool) -> Event {
    let expiry = Some(EpochMillis::new(bench.wall + lifetime));
    Event::Start { cached: Some(Cached { kind, expiry, resumable }) }
}

#[test]
fn a_start_without_a_cached_credential_asks_the_provider() {
    let mut bench = Bench::new(true, true);
    let actions = bench.on(Event::Start { cached: None });
    let start = Action::Start { id: bench.op(), kind: OpKind::Authenticate, using: None };
    assert_eq!(actions, [start]);
}

#[test]
fn a_cached_credential_is_restored_and_scheduled() {
    let mut bench = Bench::new(true, true);
    let actions = bench.on(cached(&bench, CredentialKind::Bound, 15 * MINUTE, true));
    let generation = bench.newest();
    assert_eq!(actions, [Action::Commit { generation, kind: CredentialKind::Bound }]);
    assert_eq!(bench.arbiter.applied(), Some(generation));
    assert_eq!(bench.next_start(), (OpKind::Rotate, 12 * MINUTE));
    assert_eq!(bench.on(Event::Start { cached: None }), [], "a second start is ignored");
}

#[test]
fn a_cached_credential_that_is_of_no_use_is_not_restored() {
    for (dpop, kind, lifetime) in
        [(false, CredentialKind::Bound, HOUR), (true, CredentialKind::Unbound, -1)]
    {
        let mut bench = Bench::new(dpop, true);
        bench.on(cached(&bench, kind, lifetime, false));
        assert_eq!(bench.in_flight(), Some(OpKind::Authenticate));
    }
}

#[test]
fn an_expired_cached_credential_can_still_resume_a_session() {
    let mut bench = Bench::new(true, false);
    bench.on(cached(&bench, CredentialKind::Unbound, -1, true));
    assert_eq!(bench.in_flight(), None);
    assert!(bench.arbiter.applied().is_some());
}

#[test]
fn a_credential_that_the_session_had_not_been_given_is_restored_besides_and_sent() {
    for kind in [CredentialKind::Bound, CredentialKind::Unbound] {
        let mut bench = Bench::new(true, true);
        bench.on(cached(&bench, kind, MINUTE, true));
        let stored = bench.newest();
        let Event::Start { cached: Some(newer) } = cached(&bench, kind, HOUR, false) else {
            unreachable!()
        };
        bench.on(Event::Restore(newer));
        assert!(bench.newest() > stored && bench.arbiter.applied() == Some(stored));
        assert_eq!(bench.arbiter.cached(bench.now()).unwrap().0, stored);
        assert_eq!(bench.arbiter.unapplied(bench.now()), Some((bench.newest(), newer)));
        bench.on(Event::Restore(newer));
        assert_eq!(bench.arbiter.unapplied(bench.now()).unwrap().0, bench.newest(), "once");
        bench.on(Event::SessionUp { used: stored });
        assert_eq!(bench.arbiter.reauthentication().unwrap().1, bench.newest());
        bench.reauth_ok();
        assert_eq!(bench.arbiter.unapplied(bench.now()), None);
    }
}

#[test]
fn a_restored_credential_is_left_alone_when_the_newer_one_is_of_no_use() {
    let newer = |bench: &Bench, kind, lifetime| match cached(bench, kind, lifetime, false) {
        Event::Start { cached: Some(newer) } => Event::Restore(newer),
        other => other,
    };
    for (dpop, resumable, kind, lifetime) in [
        (false, true, CredentialKind::Bound, HOUR),
        (true, true, CredentialKind::Unbound, -1),
        (true, false, CredentialKind::Unbound, HOUR),
    ] {
        let mut bench = Bench::new(dpop, true);
        bench.on(cached(&bench, CredentialKind::Unbound, MINUTE, resumable));
        let stored = bench.newest();
        bench.on(newer(&bench, kind, lifetime));
        assert_eq!((bench.newest(), bench.arbiter.unapplied(bench.now())), (stored, None));
    }
    let mut bench = Bench::connected(true, true, HOUR);
    let live = bench.newest();
    bench.on(newer(&bench, CredentialKind::Unbound, HOUR));
    assert_eq!(bench.newest(), live, "a live session gets nothing from storage");
}

#[test]
fn in_the_mandatory_window_a_connect_waits_for_a_new_credential() {
    // A twentieth of the lifetime, and at most 10 s.
    for (lifetime, window) in [(MINUTE, 3 * SECOND), (HOUR, 10 * SECOND)] {
        let mut bench = Bench::authenticated(false, false, lifetime);
        let old = bench.newest();
        bench.step(lifetime - window - 1);
        assert!(!bench.arbiter.insists(bench.now()));
        assert_eq!(answers(&bench.on(Event::NeedFresh(WAITER))), [Ok(old)]);
        bench.step(1);
        assert!(bench.arbiter.insists(bench.now()));
        assert_eq!(answers(&bench.on(Event::NeedFresh(WAITER))), []);
        assert_eq!(bench.in_flight(), Some(OpKind::Authenticate));
        assert!(!bench.status().expired, "the session goes on with the old one");
        let answered = answers(&bench.ok(lifetime));
        assert_eq!(answered, [Ok(bench.newest())]);
    }
}

#[test]
fn in_the_mandatory_window_a_connect_joins_the_refresh_in_flight() {
    let mut bench = Bench::authenticated(false, true, HOUR);
    bench.run();
    bench.step(299 * SECOND);
    assert_eq!(answers(&bench.on(Event::NeedFresh(WAITER))), []);
    assert_eq!(bench.in_flight(), Some(OpKind::Refresh));
    let answered = answers(&bench.ok(HOUR));
    assert_eq!(answered, [Ok(bench.newest())]);
    assert_eq!(bench.in_flight(), None, "the provider is not asked twice");
}

#[test]
fn without_a_mandatory_window_a_credential_is_good_until_it_expires() {
    let policy = exact().mandatory_window(Policy::sdk().mandatory);
    let mut bench = Bench::with_policy(policy, false, false);
    bench.authenticate(HOUR);
    bench.step(HOUR - 1);
    assert_eq!(answers(&bench.on(Event::NeedFresh(WAITER))), [Ok(bench.newest())]);
}

#[test]
fn a_good_credential_is_given_at_once() {
    let mut bench = Bench::authenticated(false, false, HOUR);
    let result = Ok(bench.newest());
    assert_eq!(bench.on(Event::NeedFresh(WAITER)), [Action::Answer { waiter: WAITER, result }]);
}

#[test]
fn an_expired_credential_sends_a_connect_to_the_provider() {
    let mut bench = Bench::authenticated(false, true, MINUTE);
    bench.step(MINUTE);
    assert_eq!(answers(&bench.on(Event::NeedFresh(WAITER))), []);
    assert_eq!(bench.in_flight(), Some(OpKind::Authenticate), "S4 goes before S6");
    let actions = bench.ok(MINUTE);
    assert_eq!(answers(&actions), [Ok(bench.newest())]);
}

#[test]
fn a_connect_can_insist_on_a_credential_of_the_provider() {
    let mut bench = Bench::bound(true, 15 * MINUTE);
    bench.on(Event::NeedNew(WAITER));
    assert_eq!(bench.next_start().0, OpKind::Authenticate);
    let actions = bench.ok(HOUR);
    assert_eq!(answers(&actions), [Ok(bench.newest())]);

    // A rotation that was in flight is not what it waits for; a refresh() is.
    let mut bench = Bench::bound(false, 15 * MINUTE);
    assert_eq!(bench.next_start().0, OpKind::Rotate);
    bench.on(Event::NeedNew(WAITER));
    bench.on(Event::NeedFresh(WAITER));
    assert_eq!(answers(&bench.ok(15 * MINUTE)), []);
    assert_eq!(bench.in_flight(), Some(OpKind::Authenticate));
    assert_eq!(answers(&bench.ok(HOUR)), [Ok(bench.newest())]);
    let mut bench = Bench::connected(false, true, HOUR);
    bench.on(Event::RefreshNow(WAITER));
    bench.on(Event::NeedNew(WAITER));
    assert_eq!(answers(&bench.ok(HOUR)), [Ok(bench.newest())]);
    assert_eq!(bench.in_flight(), None);
}

#[test]
fn a_start_does_not_make_a_connect_settle_for_less() {
    let mut bench = Bench::new(true, false);
    bench.on(Event::NeedNew(WAITER));
    bench.on(Event::Start { cached: None });
    assert_eq!(answers(&bench.on(cached(&bench, CredentialKind::Bound, HOUR, true))), []);
    assert_eq!(answers(&bench.ok(HOUR)), [Ok(bench.newest())]);
}

#[test]
fn a_failed_authentication_answers_its_waiters_and_stops() {
    let mut bench = Bench::new(false, false);
    bench.on(Event::Start { cached: None });
    bench.on(Event::NeedFresh(WAITER));
    assert_eq!(answers(&bench.err(Failure::TRANSIENT)), [Err(RefreshFailure::Transient)]);
    assert_eq!((bench.in_flight(), bench.deadline()), (None, None));
    // The connect asks again; two starts are a second apart.
    bench.on(Event::NeedFresh(WAITER));
    assert_eq!(bench.next_start(), (OpKind::Authenticate, SECOND));
}

#[test]
fn many_demands_share_one_operation() {
    let mut bench = Bench::connected(false, true, HOUR);
    let mut starts = 0;
    for waiter in 0..100 {
        let actions = bench.on(Event::RefreshNow(WaiterId(waiter)));
        starts += actions.iter().filter(|a| matches!(a, Action::Start { .. })).count();
    }
    assert_eq!(starts, 1);
    let actions = bench.ok(HOUR);
    assert_eq!(answers(&actions), [Ok(bench.newest())]);
    bench.reauth_ok();
    assert_eq!(bench.pass(MINUTE), [], "the demand is met");
}

#[test]
fn a_refresh_without_a_mechanism_is_refused() {
    let mut bench = Bench::connected(false, false, HOUR);
    let actions = bench.on(Event::RefreshNow(WAITER));
    assert_eq!(answers(&actions), [Err(RefreshFailure::NoMechanism)]);
}

#[test]
fn a_refresh_by_hand_gives_a_latched_mechanism_another_chance() {
    let mut bench = Bench::connected(false, true, HOUR);
    bench.on(Event::RefreshNow(WAITER));
    bench.err(Failure::Permanent);
    assert_eq!(bench.status().mechanism, RefreshMechanism::None);
    bench.step(MINUTE);
    bench.on(Event::RefreshNow(WAITER));
    assert_eq!(bench.in_flight(), Some(OpKind::Refresh));
}

#[test]
fn invalidating_the_newest_credential_refreshes_it() {
    let mut bench = Bench::connected(false, true, HOUR);
    bench.on(Event::Invalidate { generation: bench.newest() });
    assert_eq!(bench.in_flight(), Some(OpKind::Refresh));
}

#[test]
fn invalidating_without_a_mechanism_counts_as_expiry() {
    let mut bench = Bench::connected(false, false, HOUR);
    let actions = bench.on(Event::Invalidate { generation: bench.newest() });
    assert_eq!(warnings(&actions), [Warning::CredentialExpired]);
    bench.on(Event::NeedFresh(WAITER));
    assert_eq!(bench.next_start().0, OpKind::Authenticate);
}

#[test]
fn invalidating_a_replaced_credential_changes_nothing() {
    let mut bench = Bench::connected(false, true, HOUR);
    let old = bench.newest();
    bench.on(Event::RefreshNow(WAITER));
    bench.ok(HOUR);
    bench.reauth_ok();
    let before = bench.arbiter.clone();
    assert_eq!(bench.on(Event::Invalidate { generation: old }), []);
    assert_eq!(bench.arbiter, before);
}

#[test]
fn a_credential_from_the_application_replaces_an_operation_in_flight() {
    let mut bench = Bench::connected(false, true, HOUR);
    bench.on(Event::RefreshNow(WAITER));
    let id = bench.op();
    let actions = bench.on(Event::SetCredential(bench.grant(2 * HOUR)));
    assert_eq!(actions[0], Action::Abort { id, cause: AbortCause::Replaced });
    assert_eq!(answers(&actions), [Ok(bench.newest())]);
    assert_eq!(bench.in_flight(), None);
    assert!(bench.arbiter.reauthentication().is_some());
}

#[test]
fn an_expired_credential_from_the_application_is_refused() {
    let mut bench = Bench::connected(false, true, HOUR);
    let generation = bench.newest();
    let actions = bench.on(Event::SetCredential(bench.grant(-1)));
    assert_eq!(actions, [Action::Warn(Warning::ExpiredOnArrival)]);
    assert_eq!(bench.newest(), generation);
}

#[test]
fn suspended_nothing_starts_and_resumed_it_does() {
    let mut bench = Bench::connected(false, true, 10 * MINUTE);
    bench.on(Event::Suspend);
    assert_eq!(bench.deadline(), None);
    bench.step(9 * MINUTE);
    assert_eq!(bench.on(Event::Tick), []);
    let actions = bench.on(Event::RefreshNow(WAITER));
    assert_eq!(answers(&actions), [Err(RefreshFailure::Suspended)]);
    bench.on(Event::Resume);
    assert_eq!(bench.in_flight(), Some(OpKind::Refresh));
}

#[test]
fn an_operation_in_flight_survives_a_suspend_under_its_watchdog() {
    let mut bench = Bench::bound(true, 15 * MINUTE);
    bench.next_start();
    bench.on(Event::Suspend);
    assert_eq!(bench.deadline(), Some(bench.boot + 30 * SECOND));
    let actions = bench.ok(15 * MINUTE);
    let generation = bench.newest();
    assert_eq!(actions, [Action::Commit { generation, kind: CredentialKind::Bound }]);
    assert_eq!(bench.deadline(), None);
}

#[test]
fn a_suspend_leaves_nobody_waiting() {
    let mut bench = Bench::new(false, false);
    bench.on(Event::Start { cached: None });
    bench.err(Failure::TRANSIENT);
    bench.on(Event::NeedFresh(WAITER));
    assert_eq!(bench.in_flight(), None, "the gap is not over");
    assert_eq!(answers(&bench.on(Event::Suspend)), [Err(RefreshFailure::Suspended)]);
    let actions = bench.on(Event::NeedFresh(WAITER));
    assert_eq!(answers(&actions), [Err(RefreshFailure::Suspended)]);
    // Whoever connects again asks again.
    bench.on(Event::Resume);
    assert_eq!((bench.in_flight(), bench.deadline()), (None, None));
}

#[test]
fn after_the_end_nothing_is_armed_and_nothing_changes() {
    let mut bench = Bench::connected(true, true, HOUR);
    let generation = bench.newest();
    bench.on(Event::RefreshNow(WAITER));
    let id = bench.op();
    assert_eq!(
        bench.on(Event::Destroy),
        [
            Action::Abort { id, cause: AbortCause::Closed },
            Action::AnswerAll { result: Err(RefreshFailure::Closed) }
        ]
    );
    assert_eq!(bench.deadline(), None);
    assert!(!bench.arbiter.holds(generation));
    let before = bench.arbiter.clone();
    for event in [
        Event::OpOk { id, grant: bench.grant(HOUR) },
        Event::SessionUp { used: generation },
        Event::SetCredential(bench.grant(HOUR)),
        Event::Start { cached: None },
        Event::Tick,
    ] {
        assert_eq!(bench.on(event), []);
    }
    assert_eq!(answers(&bench.on(Event::NeedFresh(WAITER))), [Err(RefreshFailure::Closed)]);
    assert_eq!(bench.arbiter, before);
    assert_eq!(bench.status().next, None);
}
