//! Steps of the wall clock, suspend of the machine, and the server's clock.

use super::*;

/// A step back of the wall clock, noticed when the space's time is read again.
#[test]
fn a_skew_that_makes_up_for_a_step_back_is_not_taken_off_twice() {
    let mut bench = Bench::connected(false, true, HOUR);
    bench.pass(10 * MINUTE);
    bench.wall -= 2 * HOUR;
    let server = EpochMillis::new(bench.wall + 2 * HOUR);
    bench.on(SchedulerEvent::ServerTime(Some(server)));
    assert!(!bench.status().expired);
    assert_eq!(bench.in_flight(), None);
    assert_eq!(bench.status().expiry, Some(EpochMillis::new(START + HOUR)));
    // An hour less the ten minutes and a lead of five.
    assert_eq!(bench.next_start(), (OpKind::Refresh, 45 * MINUTE));
}

#[test]
fn a_step_forward_makes_the_credential_due_within_a_chunk() {
    let mut bench = Bench::connected(false, true, 15 * MINUTE);
    bench.wall += 2 * HOUR;
    let (kind, after) = bench.next_start();
    assert_eq!(kind, OpKind::Refresh);
    assert!(after <= 30 * SECOND, "{after}");
    // The new credential is in terms of the new clock, so one call is enough.
    bench.ok(15 * MINUTE);
    assert_eq!(bench.next_start(), (OpKind::Refresh, 12 * MINUTE));
}

#[test]
fn a_step_back_does_not_make_the_refresh_late() {
    let mut bench = Bench::connected(false, true, 15 * MINUTE);
    bench.pass(MINUTE);
    bench.wall -= 2 * HOUR;
    assert_eq!(bench.next_start(), (OpKind::Refresh, 11 * MINUTE));
}

#[test]
fn after_an_hour_of_sleep_one_refresh_starts() {
    // With boot time that counts the sleep, and with one that does not.
    for slept in [HOUR, 0] {
        let mut bench = Bench::connected(false, true, 15 * MINUTE);
        bench.pass(MINUTE);
        bench.wall += HOUR;
        bench.boot += slept;
        let (kind, after) = bench.next_start();
        assert_eq!(kind, OpKind::Refresh);
        assert!(after <= 30 * SECOND, "{after}");
        bench.ok(15 * MINUTE);
        bench.reauth_ok();
        assert_eq!(bench.pass(MINUTE), []);
    }
}

#[test]
fn a_fast_clock_does_not_cause_a_storm() {
    // Ten minutes fast, credentials of five minutes: everything looks expired.
    let mut bench = Bench::new(false, true);
    bench.ask();
    bench.ok(HOUR);
    bench.on(SchedulerEvent::RefreshNow);
    let mut starts = 0;
    let end = bench.boot + HOUR;
    while bench.boot < end {
        bench.ok(-5 * MINUTE);
        bench.next_start();
        starts += 1;
    }
    assert!(starts < 130, "{starts} calls in an hour");
}

#[test]
fn the_learnt_server_time_makes_a_fast_clock_harmless() {
    let mut bench = Bench::new(false, true);
    let server_time = EpochMillis::new(bench.wall - 10 * MINUTE);
    bench.on(SchedulerEvent::ServerTime(Some(server_time)));
    bench.ask();
    // Expires five minutes from now by the server's clock.
    bench.ok(-5 * MINUTE);
    assert!(!bench.status().expired);
    let (_, after) = bench.next_start();
    // `Date` is taken to be up to two seconds old.
    assert!((238 * SECOND..=240 * SECOND).contains(&after), "{after}");
}

#[test]
fn learning_the_server_time_late_corrects_what_is_held() {
    // The clock is ten minutes slow: the credential lasts ten minutes less than it seems.
    let mut bench = Bench::connected(false, true, 20 * MINUTE);
    bench.on(SchedulerEvent::ServerTime(Some(EpochMillis::new(bench.wall + 10 * MINUTE))));
    assert_eq!(bench.next_start(), (OpKind::Refresh, 6 * MINUTE));

    // Ten minutes fast: it lasts longer than it seems.
    let mut bench = Bench::connected(false, true, 20 * MINUTE);
    bench.on(SchedulerEvent::ServerTime(Some(EpochMillis::new(bench.wall - 10 * MINUTE))));
    let (_, after) = bench.next_start();
    assert!((26 * MINUTE - 2 * SECOND..=26 * MINUTE).contains(&after), "{after}");

    // A lifetime counts from receipt, whatever the server's clock says.
    let mut bench = Bench::new(false, true);
    bench.ask();
    let info = TokenInfo { lifetime: Some(Duration::from_secs(1200)), ..TokenInfo::default() };
    bench.on(SchedulerEvent::OpOk { id: bench.op(), info });
    bench.on(SchedulerEvent::ServerTime(Some(EpochMillis::new(bench.wall + 10 * MINUTE))));
    assert_eq!(bench.next_start(), (OpKind::Refresh, 16 * MINUTE));
}

#[test]
fn a_server_time_that_agrees_or_is_absurd_changes_nothing() {
    let mut bench = Bench::connected(false, true, HOUR);
    bench.on(SchedulerEvent::ServerTime(Some(EpochMillis::new(bench.wall))));
    let before = bench.scheduler.clone();
    for off in [0, -999, -2000, 25 * HOUR, -25 * HOUR, i64::MAX - bench.wall] {
        bench.on(SchedulerEvent::ServerTime(Some(EpochMillis::new(bench.wall + off))));
        assert_eq!(bench.scheduler, before, "{off}");
    }
    bench.on(SchedulerEvent::ServerTime(Some(EpochMillis::new(i64::MIN))));
    assert_eq!(bench.scheduler, before);
}

#[test]
fn any_answer_makes_the_server_time_known_and_a_sleep_unknown() {
    for off in [0, 25 * HOUR] {
        let mut bench = Bench::connected(false, true, HOUR);
        assert!(!bench.scheduler.knows_server_time());
        bench.on(SchedulerEvent::ServerTime(Some(EpochMillis::new(bench.wall + off))));
        assert!(bench.scheduler.knows_server_time(), "{off}");
        let expiry = bench.status().expiry;
        bench.on(SchedulerEvent::ServerTime(None));
        assert!(!bench.scheduler.knows_server_time());
        assert_eq!(bench.status().expiry, expiry, "the difference that was learnt is kept");
    }
}

#[test]
fn extreme_times_do_not_panic() {
    for wall in [i64::MIN, -1, 0, i64::MAX] {
        for expiry in [i64::MIN, 0, i64::MAX] {
            let mut bench = Bench::new(true, true);
            bench.wall = wall;
            bench.ask();
            let info = TokenInfo { expiry: Some(EpochMillis::new(expiry)), ..TokenInfo::default() };
            bench.on(SchedulerEvent::OpOk { id: bench.op(), info });
            bench.on(SchedulerEvent::Tick);
            bench.wall = !wall;
            bench.on(SchedulerEvent::Tick);
            let end = Now { wall: EpochMillis::new(wall), boot: Duration::MAX };
            bench.scheduler.on(SchedulerEvent::Tick, end).for_each(drop);
            let _ = bench.scheduler.status(end);
        }
    }
}
