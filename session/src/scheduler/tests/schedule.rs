//! S6 and S8: when a refresh is due, and how long the scheduler sleeps.

use super::*;

#[test]
fn refresh_is_due_a_fifth_of_the_lifetime_before_expiry_within_limits() {
    // (lifetime, lead)
    for (lifetime, lead) in
        [(15 * MINUTE, 3 * MINUTE), (60 * SECOND, 12 * SECOND), (20 * SECOND, 5 * SECOND)]
    {
        let mut bench = Bench::connected(false, true, lifetime);
        assert_eq!(bench.next_start(), (OpKind::Refresh, lifetime - lead), "{lifetime}");
    }
    let mut bench = Bench::connected(false, true, 10 * HOUR);
    assert_eq!(bench.next_start(), (OpKind::Refresh, 10 * HOUR - 5 * MINUTE));
}

#[test]
fn rotation_has_its_own_lead() {
    let mut bench = Bench::with_policy(Policy::sdk(), true, true);
    bench.authenticate(HOUR);
    bench.session_up();
    bench.scope(true);
    bench.ok(15 * MINUTE);
    assert_eq!(bench.next_start(), (OpKind::Rotate, 15 * MINUTE - 30 * SECOND));

    let mut bench = Bench::with_policy(Policy::sdk(), true, true);
    bench.authenticate(HOUR);
    assert_eq!(bench.next_start(), (OpKind::Refresh, HOUR - 5 * SECOND));
}

#[test]
fn tokens_of_a_few_seconds_are_refreshed_in_time() {
    let mut policy = exact();
    policy.developer_lead.min = Duration::from_millis(100);
    policy.gap.min = Duration::from_millis(50);
    let mut bench = Bench::with_policy(policy, false, true);
    bench.authenticate(2 * SECOND);
    for _ in 0..10 {
        assert_eq!(bench.next_start(), (OpKind::Refresh, 1600));
        bench.ok(2 * SECOND);
    }
}

#[test]
fn an_expiry_years_ahead_neither_overflows_nor_fires() {
    const YEAR: i64 = 365 * 24 * HOUR;
    for lifetime in [30 * 24 * HOUR, 9 * YEAR, 200_000_000 * YEAR] {
        let mut bench = Bench::connected(false, true, lifetime);
        bench.pass(HOUR);
        assert_eq!(bench.in_flight(), None, "{lifetime}");
    }
    let mut bench = Bench::new(false, true);
    bench.ask();
    let info = TokenInfo { lifetime: Some(Duration::MAX), ..TokenInfo::default() };
    bench.on(SchedulerEvent::OpOk { id: bench.op(), info });
    bench.pass(HOUR);
    assert_eq!(bench.in_flight(), None);
    assert!(!bench.status().expired);
}

#[test]
fn no_sleep_is_longer_than_a_chunk() {
    let bench = Bench::connected(false, true, 24 * HOUR);
    assert_eq!(bench.deadline(), Some(bench.boot + 30 * SECOND));
    assert_eq!(
        bench.status().next,
        Some(NextAction {
            kind: Some(OpKind::Refresh),
            at: EpochMillis::new(START + 24 * HOUR - 5 * MINUTE)
        })
    );
}

#[test]
fn jitter_brings_a_fleet_apart() {
    let mut earliest = i64::MAX;
    let mut latest = 0;
    for seed in 0..1000 {
        let able = Abilities { dpop: false, refresh: true };
        let scheduler = CredentialScheduler::new(CheckedPolicy::default(), able, seed);
        let mut bench = Bench { scheduler, wall: START, boot: 0 };
        bench.authenticate(15 * MINUTE);
        let (_, after) = bench.next_start();
        earliest = earliest.min(after);
        latest = latest.max(after);
    }
    let lead = 3 * MINUTE;
    assert!(latest <= 15 * MINUTE - lead);
    assert!(earliest >= 15 * MINUTE - lead - lead / 2);
    assert!(latest - earliest > lead / 2 * 95 / 100, "{earliest} to {latest}");
}

#[test]
fn refreshes_that_succeed_are_a_quarter_of_the_lifetime_apart() {
    let mut bench = Bench::connected(false, true, 100 * SECOND);
    bench.on(SchedulerEvent::RefreshNow);
    for _ in 0..5 {
        bench.ok(100 * SECOND);
        bench.reauth_ok();
        bench.on(SchedulerEvent::RefreshNow);
        assert_eq!(bench.next_start(), (OpKind::Refresh, 25 * SECOND));
    }
}

#[test]
fn an_unknown_expiry_is_never_due_but_can_be_refreshed_by_hand() {
    let mut bench = Bench::new(false, true);
    bench.ask();
    let actions = bench.on(SchedulerEvent::OpOk { id: bench.op(), info: TokenInfo::default() });
    assert_eq!(warnings(&actions), [], "the space may know");
    assert_eq!(warnings(&bench.session_up()), [Warning::ExpiryUnknown]);
    assert_eq!(bench.deadline(), None);
    assert_eq!(bench.status().next, None);
    bench.on(SchedulerEvent::RefreshNow);
    assert_eq!(bench.in_flight(), Some(OpKind::Refresh));
}

#[test]
fn an_expiry_that_the_space_sends_is_used_like_the_credentials_own() {
    let mut bench = Bench::new(false, true);
    bench.ask();
    bench.on(SchedulerEvent::OpOk { id: bench.op(), info: TokenInfo::default() });
    let generation = bench.newest();
    let told = |left: i64| SchedulerEvent::ExpiryKnown {
        generation,
        expiry: EpochMillis::new(START + left),
    };
    bench.on(told(-SECOND));
    assert_eq!(bench.status().expiry, None, "the space would not have taken it");
    bench.on(told(100 * SECOND));
    bench.on(told(900 * SECOND));
    assert_eq!(bench.status().expiry, Some(EpochMillis::new(START + 100 * SECOND)));
    assert_eq!(warnings(&bench.session_up()), []);
    assert_eq!(bench.next_start(), (OpKind::Refresh, 80 * SECOND));

    // What is told of a credential that was replaced says nothing about its successor.
    bench.on(SchedulerEvent::OpOk { id: bench.op(), info: TokenInfo::default() });
    bench.reauth_ok();
    bench.on(told(900 * SECOND));
    assert_eq!(bench.status().expiry, None);
}

#[test]
fn a_lifetime_without_an_expiry_counts_from_receipt() {
    let mut bench = Bench::new(false, true);
    bench.ask();
    let info = TokenInfo { lifetime: Some(Duration::from_secs(100)), ..TokenInfo::default() };
    bench.on(SchedulerEvent::OpOk { id: bench.op(), info });
    assert_eq!(bench.status().expiry, Some(EpochMillis::new(START + 100 * SECOND)));
    assert_eq!(bench.next_start(), (OpKind::Refresh, 80 * SECOND));
}

#[test]
fn without_a_mechanism_the_expiry_is_noticed_once() {
    let mut bench = Bench::connected(false, false, MINUTE);
    assert_eq!(bench.status().mechanism, RefreshMechanism::None);
    assert_eq!(bench.status().next.unwrap().kind, None);
    assert_eq!(warnings(&bench.pass(MINUTE - 1)), []);
    assert_eq!(warnings(&bench.pass(1)), [Warning::CredentialExpired]);
    assert!(bench.status().expired);
    assert_eq!(bench.deadline(), None);
    assert_eq!(bench.pass(HOUR), []);
}
