//! What is restored, demands of a connection, refreshes and credentials by hand, suspend, the end.

use super::*;

fn saved(bench: &Bench, kind: CredentialKind, lifetime: i64, in_force: bool) -> SchedulerEvent {
    let expiry = Some(EpochMillis::new(bench.wall + lifetime));
    SchedulerEvent::Restore { saved: Saved { kind, expiry }, in_force }
}

#[test]
fn a_demand_without_a_credential_asks_the_provider() {
    for demand in [Demand::Fresh, Demand::Provider] {
        let mut bench = Bench::new(true, true);
        let actions = bench.demand(demand);
        assert_eq!(actions, [Action::Start { id: bench.op(), kind: OpKind::Authenticate }]);
        assert_eq!(bench.demand(demand), [], "a demand may be repeated");
    }
}

#[test]
fn nothing_starts_without_a_demand() {
    let mut bench = Bench::new(true, true);
    assert_eq!(bench.on(SchedulerEvent::Tick), []);
    assert_eq!(bench.deadline(), None);
    // One that is taken back before its turn starts nothing either.
    bench.ask();
    bench.err(Failure::TRANSIENT);
    bench.ask();
    bench.on(SchedulerEvent::Demand(None));
    assert_eq!(bench.pass(MINUTE), []);
}

#[test]
fn a_saved_credential_is_restored_and_scheduled() {
    let mut bench = Bench::new(true, true);
    let actions = bench.on(saved(&bench, CredentialKind::Bound, 15 * MINUTE, true));
    let generation = bench.newest();
    assert_eq!(actions, [Action::Commit { generation, kind: CredentialKind::Bound }]);
    assert_eq!(bench.applied(), Some(generation));
    assert_eq!(bench.next_start(), (OpKind::Rotate, 12 * MINUTE));
}

#[test]
fn a_saved_bound_credential_without_its_key_is_not_restored() {
    for in_force in [true, false] {
        let mut bench = Bench::new(false, true);
        assert_eq!(bench.on(saved(&bench, CredentialKind::Bound, HOUR, in_force)), []);
        assert_eq!((bench.scheduler.newest(), bench.applied()), (None, None));
    }
}

#[test]
fn an_ended_saved_credential_is_restored_and_known_to_have_ended() {
    // Whether it has ended is asked when it is to be presented: our clock may be wrong.
    let mut bench = Bench::new(true, false);
    bench.on(saved(&bench, CredentialKind::Unbound, -MINUTE, true));
    assert_eq!(bench.in_flight(), None);
    assert!(bench.scheduler.has_ended(&bench.held(), bench.now()));
    bench.on(SchedulerEvent::ServerTime(Some(EpochMillis::new(bench.wall - HOUR))));
    assert!(!bench.scheduler.has_ended(&bench.held(), bench.now()));
}

#[test]
fn a_credential_that_was_not_sent_to_the_session_is_restored_besides_and_sent() {
    for kind in [CredentialKind::Bound, CredentialKind::Unbound] {
        let mut bench = Bench::new(true, true);
        bench.on(saved(&bench, kind, MINUTE, true));
        let stored = bench.held();
        bench.on(saved(&bench, kind, HOUR, false));
        assert!(bench.newest() > stored.generation());
        assert_eq!(bench.applied(), Some(stored.generation()));
        let newer = bench.scheduler.saved(&bench.held(), bench.now());
        assert_eq!(newer, Saved { kind, expiry: Some(EpochMillis::new(START + HOUR)) });
        bench.on(SchedulerEvent::SessionUp { used: stored });
        assert_eq!(bench.sent(), Some(bench.newest()));
        bench.reauth_ok();
        assert_eq!(bench.applied(), Some(bench.newest()));
    }
}

#[test]
fn a_live_session_gets_nothing_from_storage() {
    let mut bench = Bench::connected(true, true, HOUR);
    let live = bench.newest();
    assert_eq!(bench.on(saved(&bench, CredentialKind::Unbound, HOUR, false)), []);
    assert_eq!(bench.newest(), live);
}

#[test]
fn the_mandatory_window_is_a_twentieth_of_the_lifetime_and_at_most_ten_seconds() {
    for (lifetime, window) in [(MINUTE, 3 * SECOND), (HOUR, 10 * SECOND)] {
        let mut bench = Bench::authenticated(false, false, lifetime);
        bench.step(lifetime - window - 1);
        assert!(!bench.is_too_old());
        bench.step(1);
        assert!(bench.is_too_old());
        bench.demand(Demand::Fresh);
        assert_eq!(bench.in_flight(), Some(OpKind::Authenticate));
        assert!(!bench.status().expired, "the session goes on with the old one");
        bench.ok(lifetime);
        assert!(!bench.is_too_old());
    }
}

#[test]
fn without_a_mandatory_window_a_credential_is_good_until_it_expires() {
    let policy = exact().mandatory_window(Policy::sdk().mandatory);
    let mut bench = Bench::with_policy(policy, false, false);
    bench.authenticate(HOUR);
    bench.step(HOUR - 1);
    assert!(!bench.is_too_old());
    bench.step(1);
    assert!(bench.is_too_old());
}

#[test]
fn a_demand_for_a_fresh_credential_joins_the_refresh_in_flight() {
    let mut bench = Bench::authenticated(false, true, HOUR);
    bench.run();
    assert_eq!(bench.in_flight(), Some(OpKind::Refresh));
    assert_eq!(bench.demand(Demand::Fresh), []);
    bench.ok(HOUR);
    assert_eq!(bench.in_flight(), None, "the provider is not asked twice");
    assert_eq!(bench.pass(MINUTE), []);
}

#[test]
fn a_demand_for_a_fresh_credential_outlasts_a_rotation() {
    // A bound credential starts no session.
    let mut bench = Bench::bound(false, 15 * MINUTE);
    assert_eq!(bench.next_start().0, OpKind::Rotate);
    bench.demand(Demand::Fresh);
    bench.ok(15 * MINUTE);
    assert_eq!(bench.in_flight(), Some(OpKind::Authenticate));
}

#[test]
fn a_demand_of_the_providers_credential_does_not_wait_for_a_rotation() {
    // Device operations make way: their results are of no use to a session that begins anew.
    let mut bench = Bench::bound(false, 15 * MINUTE);
    assert_eq!(bench.next_start().0, OpKind::Rotate);
    let (id, kind) = (bench.op(), OpKind::Rotate);
    let actions = bench.ask();
    let abort = Action::Abort { id, kind, cause: AbortCause::Replaced };
    assert_eq!(actions, [abort, Action::Start { id: bench.op(), kind: OpKind::Authenticate }]);

    let mut bench = Bench::connected(true, false, HOUR);
    bench.scope(true);
    assert_eq!(bench.in_flight(), Some(OpKind::Activate));
    bench.step(MINUTE / 60);
    bench.ask();
    assert_eq!(bench.in_flight(), Some(OpKind::Authenticate));
    // `refresh()` is the provider's too, and is awaited.
    let mut bench = Bench::connected(false, true, HOUR);
    bench.on(SchedulerEvent::RefreshNow);
    assert_eq!(bench.ask(), []);
    assert_eq!(bench.in_flight(), Some(OpKind::Refresh));
}

#[test]
fn a_connection_does_not_wait_long_for_an_operation_that_hangs() {
    // There is another way: the provider's `authenticate()`.
    let mut bench = Bench::connected(false, true, HOUR);
    bench.on(SchedulerEvent::RefreshNow);
    bench.on(SchedulerEvent::SessionDown);
    bench.demand(Demand::Fresh);
    let (id, kind) = (bench.op(), OpKind::Refresh);
    assert_eq!(bench.pass(10 * SECOND - 1), []);
    let actions = bench.pass(1);
    assert_eq!(actions[0], Action::Abort { id, kind, cause: AbortCause::TimedOut });
    assert_eq!(bench.in_flight(), Some(OpKind::Authenticate));
    // That one has its whole time.
    assert_eq!(bench.deadline(), Some(bench.boot + 30 * SECOND));
}

#[test]
fn an_expired_credential_sends_a_connect_to_the_provider() {
    let mut bench = Bench::authenticated(false, true, MINUTE);
    bench.step(MINUTE);
    bench.demand(Demand::Fresh);
    assert_eq!(bench.in_flight(), Some(OpKind::Authenticate), "S4 goes before S6");
}

#[test]
fn a_failed_authentication_ends_the_demand() {
    let mut bench = Bench::new(false, false);
    bench.ask();
    assert_eq!(results(&bench.err(Failure::TRANSIENT)), [OutcomeResult::Transient]);
    assert_eq!((bench.in_flight(), bench.deadline()), (None, None));
    // The connection asks again; two starts are a second apart.
    bench.ask();
    assert_eq!(bench.next_start(), (OpKind::Authenticate, SECOND));
}

#[test]
fn many_demands_share_one_operation() {
    let mut bench = Bench::connected(false, true, HOUR);
    let mut starts = 0;
    for _ in 0..100 {
        let actions = bench.on(SchedulerEvent::RefreshNow);
        starts += actions.iter().filter(|a| matches!(a, Action::Start { .. })).count();
    }
    assert_eq!(starts, 1);
    bench.ok(HOUR);
    bench.reauth_ok();
    assert_eq!(bench.pass(MINUTE), [], "the demand is met");
}

#[test]
fn a_refresh_without_a_mechanism_starts_nothing() {
    let mut bench = Bench::connected(false, false, HOUR);
    assert_eq!(bench.on(SchedulerEvent::RefreshNow), []);
    assert!(!bench.scheduler.refresh_is_coming());
}

#[test]
fn a_refresh_by_hand_gives_a_refused_mechanism_another_chance() {
    let mut bench = Bench::connected(false, true, HOUR);
    bench.on(SchedulerEvent::RefreshNow);
    bench.err(Failure::Permanent);
    assert_eq!(bench.status().mechanism, RefreshMechanism::None);
    bench.step(MINUTE);
    bench.on(SchedulerEvent::RefreshNow);
    assert_eq!(bench.in_flight(), Some(OpKind::Refresh));
}

#[test]
fn a_provider_may_gain_and_lose_its_refresh() {
    let mut bench = Bench::connected(false, false, HOUR);
    bench.on(SchedulerEvent::CanRefresh(true));
    assert_eq!(bench.status().mechanism, RefreshMechanism::DeveloperProvidedRefresh);
    assert_eq!(bench.next_start(), (OpKind::Refresh, 55 * MINUTE));
    bench.ok(HOUR);
    bench.reauth_ok();
    bench.on(SchedulerEvent::CanRefresh(false));
    assert_eq!(bench.status().mechanism, RefreshMechanism::None);
    assert_eq!(bench.status().next.unwrap().kind, None);
}

#[test]
fn invalidating_the_newest_credential_refreshes_it() {
    let mut bench = Bench::connected(false, true, HOUR);
    bench.on(SchedulerEvent::Invalidate { generation: bench.newest() });
    assert_eq!(bench.in_flight(), Some(OpKind::Refresh));
    assert!(!bench.status().expired);
}

#[test]
fn invalidating_without_a_mechanism_counts_as_expiry() {
    let mut bench = Bench::connected(false, false, HOUR);
    let actions = bench.on(SchedulerEvent::Invalidate { generation: bench.newest() });
    assert_eq!(warnings(&actions), [Warning::CredentialExpired]);
    bench.ask();
    assert_eq!(bench.next_start().0, OpKind::Authenticate);
}

#[test]
fn invalidating_a_replaced_credential_changes_nothing() {
    let mut bench = Bench::connected(false, true, HOUR);
    let old = bench.newest();
    bench.on(SchedulerEvent::RefreshNow);
    bench.ok(HOUR);
    bench.reauth_ok();
    let before = bench.scheduler.clone();
    for event in [
        SchedulerEvent::Invalidate { generation: old },
        SchedulerEvent::Refused { generation: old },
    ] {
        assert_eq!(bench.on(event), []);
        assert_eq!(bench.scheduler, before);
    }
}

#[test]
fn a_credential_from_the_application_replaces_an_operation_in_flight() {
    let mut bench = Bench::connected(false, true, HOUR);
    bench.on(SchedulerEvent::RefreshNow);
    let (id, kind) = (bench.op(), OpKind::Refresh);
    let actions = bench.on(SchedulerEvent::SetCredential(bench.info(2 * HOUR)));
    assert_eq!(actions[0], Action::Abort { id, kind, cause: AbortCause::Replaced });
    assert_eq!(bench.in_flight(), None);
    assert_eq!(bench.sent(), Some(bench.newest()));
}

#[test]
fn a_credential_from_the_application_meets_every_demand() {
    for demand in [Demand::Fresh, Demand::Provider] {
        let mut bench = Bench::new(false, false);
        bench.demand(demand);
        bench.on(SchedulerEvent::SetCredential(bench.info(HOUR)));
        assert_eq!(bench.in_flight(), None);
        assert_eq!(bench.pass(MINUTE), []);
    }
}

#[test]
fn an_expired_credential_from_the_application_is_refused() {
    let mut bench = Bench::connected(false, true, HOUR);
    let generation = bench.newest();
    let actions = bench.on(SchedulerEvent::SetCredential(bench.info(-1)));
    assert_eq!(actions, [Action::Warn(Warning::ExpiredOnArrival)]);
    assert_eq!(bench.newest(), generation);
}

#[test]
fn suspended_nothing_starts_and_resumed_it_does() {
    let mut bench = Bench::connected(false, true, 10 * MINUTE);
    bench.on(SchedulerEvent::Suspend);
    assert_eq!(bench.deadline(), None);
    bench.step(9 * MINUTE);
    assert_eq!(bench.on(SchedulerEvent::Tick), []);
    for event in [SchedulerEvent::RefreshNow, SchedulerEvent::Demand(Some(Demand::Provider))] {
        assert_eq!(bench.on(event), []);
        assert!(!bench.scheduler.refresh_is_coming());
    }
    bench.on(SchedulerEvent::Resume);
    assert_eq!(bench.in_flight(), Some(OpKind::Refresh), "it is due, and nobody waits for more");
}

#[test]
fn an_operation_in_flight_survives_a_suspend_under_its_watchdog() {
    let mut bench = Bench::bound(true, 15 * MINUTE);
    bench.next_start();
    bench.on(SchedulerEvent::Suspend);
    assert_eq!(bench.deadline(), Some(bench.boot + 30 * SECOND));
    let actions = bench.ok(15 * MINUTE);
    let generation = bench.newest();
    let (kind, result) = (OpKind::Rotate, OutcomeResult::Committed);
    assert_eq!(
        actions,
        [
            Action::Commit { generation, kind: CredentialKind::Bound },
            Action::Ended { kind, result }
        ]
    );
    assert_eq!(bench.deadline(), None);
}

#[test]
fn after_the_end_nothing_is_armed_and_nothing_changes() {
    let mut bench = Bench::connected(true, true, HOUR);
    let used = bench.held();
    bench.on(SchedulerEvent::RefreshNow);
    let (id, kind) = (bench.op(), OpKind::Refresh);
    let abort = Action::Abort { id, kind, cause: AbortCause::Closed };
    assert_eq!(bench.on(SchedulerEvent::Destroy), [abort]);
    assert_eq!(bench.deadline(), None);
    assert_eq!((bench.scheduler.newest(), bench.scheduler.applied()), (None, None));
    let before = bench.scheduler.clone();
    for event in [
        SchedulerEvent::OpOk { id, info: bench.info(HOUR) },
        SchedulerEvent::SessionUp { used },
        SchedulerEvent::SetCredential(bench.info(HOUR)),
        SchedulerEvent::Demand(Some(Demand::Provider)),
        SchedulerEvent::RefreshNow,
        SchedulerEvent::Tick,
    ] {
        assert_eq!(bench.on(event), []);
    }
    assert_eq!(bench.scheduler, before);
    assert_eq!(bench.status().next, None);
}
