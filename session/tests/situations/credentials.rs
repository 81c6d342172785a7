//! Credentials that end, are refused, come again, or never come.

use std::time::Duration;

use credwire_session::{
    Input, Problem, Status,
    scheduler::{CredentialKind, Failure, FallbackReason, OpKind, Warning},
};

use crate::{
    assert_no_storm, with_policy,
    world::{
        Client, Gift, HOUR, MINUTE, Note, Rpc, SECOND, Script, World, always, in_turn, saved, until,
    },
};

fn asked(kind: OpKind) -> impl Fn(&Note) -> bool {
    move |note| *note == Note::Asked(kind)
}

fn resumes(note: &Note) -> bool {
    matches!(note, Note::Connect { resumes: true, .. })
}

fn bound_sats() -> Script {
    Script { scope: true, ..Script::default() }
}

const BOUND: fn() -> Client = || Client { dpop: true, ..Client::default() };
const BOTH: fn() -> Client = || Client { dpop: true, refresh: true, ..Client::default() };
const REFRESHING: fn() -> Client = || Client { refresh: true, ..Client::default() };

fn refused() -> Gift {
    Gift::Fails(Failure::Permanent)
}

fn asks_for(seconds: u64) -> Gift {
    Gift::Fails(Failure::Transient { retry_after: Some(Duration::from_secs(seconds)) })
}

#[test]
fn a_sat_of_seconds_that_nothing_refreshes_is_replaced_by_the_provider_when_it_ends() {
    let script = Script { authenticate: always(Gift::New(8 * SECOND)), ..Script::default() };
    let world = World::started(Client::default(), script, MINUTE);
    assert!((7..=8).contains(&world.count(asked(OpKind::Authenticate))));
    assert_eq!(world.count(resumes), 0, "what has ended is not resumed with");
    // Each session lasted until its credential ended, as announced, so the pauses stay short.
    let longest = world.log.iter().filter_map(|(_, note)| match note {
        Note::Waits(pause) => Some(*pause),
        _ => None,
    });
    assert!(longest.max() <= Some(100));
}

#[test]
fn a_provider_that_fails_when_an_ended_session_is_closed_is_asked_with_growing_pauses() {
    let failing =
        |at| if at < 5 * SECOND { Gift::New(8 * SECOND) } else { Gift::Fails(Failure::TRANSIENT) };
    let script = Script { authenticate: Box::new(failing), ..Script::default() };
    let mut world = World::started(Client::default(), script, 5 * MINUTE);
    assert_eq!(world.count(resumes), 0);
    world.log.retain(|(at, _)| *at > 5 * SECOND);
    assert_no_storm(&world, asked(OpKind::Authenticate));
    world.script.authenticate = always(Gift::New(HOUR));
    world.run(31 * SECOND);
    assert!(world.is_online());
}

#[test]
fn a_bound_sat_whose_rotation_is_refused_for_good_ends_and_the_provider_is_asked() {
    let script =
        Script { rotate: always(refused()), activate: always(Gift::New(MINUTE)), ..bound_sats() };
    let world = World::started(BOUND(), script, 10 * MINUTE);
    assert!(world.is_online());
    assert_eq!(world.count(resumes), 0);
    // Each token of `authenticate()` starts a lineage anew: one activation and one rotation each.
    let rounds = world.count(asked(OpKind::Authenticate));
    assert!((9..=11).contains(&rounds), "{rounds}");
    assert_eq!(world.count(asked(OpKind::Activate)), rounds);
    assert!(world.count(asked(OpKind::Rotate)) <= rounds);
}

#[test]
fn a_refused_rotation_turns_dpop_off_for_the_lineage_and_refresh_takes_over() {
    let script = Script { rotate: always(refused()), ..bound_sats() };
    let mut world = World::started(BOTH(), script, MINUTE);
    world.run(14 * MINUTE);
    assert!(world.has(&Note::Warned(Warning::Fallback(FallbackReason::RefreshFailed))));
    assert_eq!(world.count(asked(OpKind::Rotate)), 1);
    assert_eq!(world.count(asked(OpKind::Refresh)), 1);
    // A token of `refresh()` starts anew, a reconnect does not.
    assert_eq!(world.count(asked(OpKind::Activate)), 2);

    let script = Script { activate: always(refused()), ..bound_sats() };
    let mut world = World::started(BOUND(), script, MINUTE);
    for _ in 0..5 {
        world.drop_socket(None);
        world.run(MINUTE);
    }
    assert!(world.is_online());
    assert_eq!(world.count(asked(OpKind::Activate)), 1);
}

#[test]
fn what_stands_in_between_refuses_nothing() {
    // One page of a proxy at devices/refresh, and one 404 of the token endpoint: for the core both
    // are failures that pass.
    for (client, script, kind) in [
        (BOUND(), bound_sats(), OpKind::Rotate),
        (REFRESHING(), Script::default(), OpKind::Refresh),
    ] {
        let transient = Gift::Fails(Failure::TRANSIENT);
        let once = || in_turn(&[transient, Gift::New(15 * MINUTE)]);
        let script = Script { rotate: once(), refresh: once(), ..script };
        let world = World::started(client, script, HOUR);
        assert!(world.is_online());
        assert!(world.count(asked(kind)) >= 4);
        assert_eq!(world.count(asked(OpKind::Authenticate)), 1);
        assert!(!world.has(&Note::Warned(Warning::RefreshStopped)));
    }
}

#[test]
fn an_ended_bound_sat_in_storage_is_not_resumed_with() {
    let (session, tokens) = saved(CredentialKind::Bound, -(MINUTE as i64), true);
    let mut world = World::restored(BOUND(), bound_sats(), Some(session), tokens);
    world.start();
    world.run(MINUTE);
    assert!(world.is_online());
    assert_eq!((world.count(resumes), world.count(asked(OpKind::Authenticate))), (0, 1));
    assert_eq!(world.count(asked(OpKind::Rotate)), 0);
}

#[test]
fn what_lives_in_storage_is_resumed_with_and_the_rest_is_not() {
    for (kind, ends, resumable, shown) in [
        (CredentialKind::Bound, HOUR as i64, true, Some((true, 0))),
        (CredentialKind::Unbound, HOUR as i64, true, Some((true, 0))),
        (CredentialKind::Unbound, HOUR as i64, false, Some((false, 0))),
        // A bound token is of use to its session alone.
        (CredentialKind::Bound, HOUR as i64, false, Some((false, 1))),
        (CredentialKind::Unbound, -1, true, Some((false, 1))),
        (CredentialKind::Unbound, -1, false, Some((false, 1))),
    ] {
        let (session, tokens) = saved(kind, ends, resumable);
        let mut world = World::restored(BOUND(), bound_sats(), Some(session), tokens);
        world.start();
        world.run(MINUTE);
        let first = world.log.iter().find_map(|(_, note)| match note {
            Note::Connect { resumes, token } => Some((*resumes, *token)),
            _ => None,
        });
        assert_eq!(first, shown, "{kind:?} {ends} {resumable}");
        assert!(world.is_online());
    }
}

#[test]
fn a_bound_sat_in_storage_without_its_key_is_of_no_use() {
    let (session, tokens) = saved(CredentialKind::Bound, HOUR as i64, true);
    let mut world = World::restored(Client::default(), Script::default(), Some(session), tokens);
    world.start();
    world.run(MINUTE);
    assert!(world.is_online());
    assert_eq!(world.count(asked(OpKind::Authenticate)), 1);
}

#[test]
fn the_space_is_asked_for_the_time_before_a_credential_counts_as_ended() {
    // Our clock is an hour fast: the saved credential lives, and is not thrown away.
    let (session, tokens) = saved(CredentialKind::Unbound, 30 * (MINUTE as i64), true);
    let mut world = World::restored(Client::default(), Script::default(), Some(session), tokens);
    world.wall_off = HOUR as i64;
    world.start();
    world.run(MINUTE);
    assert!(world.is_online());
    assert_eq!(world.count(asked(OpKind::Authenticate)), 0);
    assert_eq!(world.count(|note| *note == Note::ReadTime), 1);
}

#[test]
fn where_the_time_cannot_be_had_nothing_is_presented_and_it_is_tried_again() {
    use crate::world::Clock;
    for clock in [Clock::Nothing, Clock::Hangs] {
        let (session, tokens) = saved(CredentialKind::Unbound, -1, true);
        let script = Script { clock: until(2 * MINUTE, clock, Clock::Told), ..Script::default() };
        let client = crate::with_settings(|settings| {
            settings.connect_deadline = Duration::from_secs(600);
        });
        let mut world = World::restored(client, script, Some(session), tokens);
        world.start();
        world.run(2 * MINUTE);
        assert_eq!(world.count(|note| matches!(note, Note::Connect { .. })), 0);
        assert_eq!(world.count(asked(OpKind::Authenticate)), 0, "it may live");
        assert_no_storm(&world, |note| *note == Note::ReadTime);
        assert!(world.run_until(61 * SECOND, World::is_online).is_some(), "{clock:?}");
    }
}

#[test]
fn a_credential_that_seems_to_have_ended_on_arrival_waits_for_the_time() {
    use crate::world::Clock;
    // Our clock is an hour fast.
    let mut world = World::new(Client::default(), Script::default());
    world.wall_off = HOUR as i64;
    world.start();
    world.run(10 * SECOND);
    assert!(world.is_online());
    assert_eq!(world.count(asked(OpKind::Authenticate)), 1);
    // And where it cannot be had the operation has failed for now.
    let script =
        Script { clock: until(8 * SECOND, Clock::Nothing, Clock::Told), ..Script::default() };
    let mut world = World::new(Client::default(), script);
    world.wall_off = HOUR as i64;
    world.start();
    world.run(8 * SECOND);
    assert!(world.has(&Note::Reported(Problem::TimeUnknown)));
    assert_eq!(world.count(|note| matches!(note, Note::Connect { .. })), 0);
    world.run(20 * SECOND);
    assert!(world.is_online());
}

#[test]
fn a_refresh_that_returns_the_old_token_with_a_later_expiry_leads_to_no_loop() {
    let script = Script {
        authenticate: always(Gift::New(MINUTE)),
        refresh: always(Gift::Same(HOUR)),
        ..Script::default()
    };
    let world = World::started(REFRESHING(), script, 30 * MINUTE);
    // Its later expiry is not used: the token ends when it ends, and then the provider is asked.
    let rounds = world.count(asked(OpKind::Authenticate));
    assert!((25..=31).contains(&rounds), "{rounds}");
    assert!(world.count(resumes) <= 2 * rounds, "{} for {rounds}", world.count(resumes));
}

#[test]
fn the_old_token_again_is_a_bad_answer_of_either_method() {
    // Of `refresh()`, with the expiry that it had.
    let script = Script {
        authenticate: in_turn(&[Gift::New(MINUTE), Gift::New(HOUR)]),
        refresh: always(Gift::Same(0)),
        ..Script::default()
    };
    let world = World::started(REFRESHING(), script, 5 * MINUTE);
    assert!(world.is_online());
    assert_eq!(world.count(asked(OpKind::Authenticate)), 2);

    // Of `authenticate()`, once it has ended, whatever it says.
    let script = Script {
        authenticate: Box::new(|at| match at {
            0 => Gift::New(8 * SECOND),
            1..120_000 => Gift::Same(HOUR),
            _ => Gift::New(HOUR),
        }),
        ..Script::default()
    };
    let mut world = World::started(Client::default(), script, 2 * MINUTE);
    assert!(world.has(&Note::Warned(Warning::SameToken)));
    assert_eq!(world.session.status(), Status::Reconnecting);
    world.log.retain(|(at, _)| *at > 8 * SECOND);
    assert_no_storm(&world, asked(OpKind::Authenticate));
    assert_eq!(world.count(|note| matches!(note, Note::Connect { .. })), 0);
    world.run(31 * SECOND);
    assert!(world.is_online());
}

#[test]
fn a_resume_refused_while_a_rotation_is_in_flight_leads_to_the_provider() {
    let script =
        Script { rotate: always(refused()), resume: always(Rpc::Error(-32002)), ..bound_sats() };
    let mut world = World::started(BOUND(), script, MINUTE);
    assert!(world.is_online());
    // The refresh hangs for a while, and answers 401 after the resume was refused.
    let (reply, _) = (world.caller(), ());
    world.give(Input::RefreshNow(reply));
    assert_eq!(world.count(asked(OpKind::Rotate)), 1);
    world.drop_socket(None);
    world.run(10 * SECOND);
    assert!(world.is_online());
    assert_eq!(world.count(asked(OpKind::Authenticate)), 2);
    assert_ne!(world.session.status(), Status::Suspended);

    // The same, with a rotation that never answers.
    let script =
        Script { rotate: always(Gift::Hangs), resume: always(Rpc::Error(-32002)), ..bound_sats() };
    let mut world = World::started(BOUND(), script, MINUTE);
    let reply = world.caller();
    world.give(Input::RefreshNow(reply));
    world.drop_socket(None);
    world.run(10 * SECOND);
    assert!(world.is_online());
    assert!(world.waiting().is_empty(), "whoever waited for it was answered");
}

#[test]
fn a_bound_session_that_cannot_be_resumed_begins_anew_with_the_provider() {
    let script = Script { resume: always(Rpc::Error(-32002)), ..bound_sats() };
    let mut world = World::started(BOUND(), script, MINUTE);
    world.drop_socket(None);
    world.run(10 * SECOND);
    assert!(world.is_online());
    assert_eq!(world.count(asked(OpKind::Authenticate)), 2);

    // Where the provider fails for now, the device token is tried as long as it lives.
    let failing = in_turn(&[Gift::New(HOUR), Gift::Fails(Failure::TRANSIENT)]);
    let script =
        Script { authenticate: failing, resume: always(Rpc::Error(-32002)), ..bound_sats() };
    let mut world = World::started(BOUND(), script, MINUTE);
    let device_token = world.live.unwrap();
    world.drop_socket(None);
    world.run(10 * SECOND);
    let last = world.log.iter().rev().find_map(|(_, note)| match note {
        Note::Connect { resumes, token } => Some((*resumes, *token)),
        _ => None,
    });
    assert_eq!(last, Some((false, device_token)));
}

#[test]
fn an_unbound_session_that_cannot_be_resumed_begins_anew_with_what_lives() {
    let script = Script { resume: always(Rpc::Error(-32002)), ..Script::default() };
    let mut world = World::started(Client::default(), script, MINUTE);
    world.drop_socket(None);
    world.run(10 * SECOND);
    assert!(world.is_online());
    assert_eq!(world.count(asked(OpKind::Authenticate)), 1);
}

#[test]
fn a_rotation_that_asks_for_ten_minutes_makes_way_for_refresh_before_the_end() {
    let script = Script {
        activate: always(Gift::New(70 * SECOND)),
        rotate: always(asks_for(600)),
        ..bound_sats()
    };
    let world = World::started(BOTH(), script, 5 * MINUTE);
    assert!(world.is_online());
    assert_eq!(world.count(asked(OpKind::Rotate)), 1, "it is left alone");
    let refreshes = world.times(asked(OpKind::Refresh));
    assert!(refreshes[0] <= 61 * SECOND, "{refreshes:?}");
    assert!(!world.has(&Note::Warned(Warning::CredentialExpired)));
}

#[test]
fn a_refresh_that_asks_for_ten_minutes_leads_to_a_notice_on_time_and_then_the_provider() {
    let script = Script {
        authenticate: always(Gift::New(70 * SECOND)),
        refresh: always(asks_for(600)),
        ..Script::default()
    };
    let world = World::started(REFRESHING(), script, 9 * MINUTE);
    assert_eq!(world.count(asked(OpKind::Refresh)), 1);
    let notices = world.times(|note| *note == Note::Warned(Warning::CredentialExpired));
    assert!((70_000..70_100).contains(&notices[0]), "{notices:?}");
    assert!(world.is_online());
}

#[test]
fn a_provider_that_asks_to_be_left_alone_is() {
    let script = Script {
        authenticate: in_turn(&[Gift::New(MINUTE), asks_for(300), Gift::New(HOUR)]),
        ..Script::default()
    };
    let mut world = World::started(Client::default(), script, 5 * MINUTE);
    assert_eq!(world.count(asked(OpKind::Authenticate)), 2);
    world.run(2 * MINUTE);
    assert_eq!(world.count(asked(OpKind::Authenticate)), 3);
    assert!(world.is_online());
}

#[test]
fn every_failure_is_reported_and_the_provider_asked_at_most_once_in_a_pause() {
    for (gift, client) in [
        (Gift::Fails(Failure::TRANSIENT), Client::default()),
        (Gift::Fails(Failure::Permanent), Client::default()),
        (Gift::Stale(MINUTE), Client::default()),
        (Gift::Panics, Client::default()),
        (Gift::Final, Client::default()),
        (Gift::Hangs, Client::default()),
    ] {
        let script = Script {
            authenticate: Box::new(move |at| match at {
                0 => Gift::New(20 * SECOND),
                1..600_000 => gift,
                _ => Gift::New(HOUR),
            }),
            ..Script::default()
        };
        let mut world = World::started(client, script, 10 * MINUTE);
        assert_eq!(world.session.status(), Status::Reconnecting, "{gift:?}");
        world.log.retain(|(at, _)| *at > 20 * SECOND);
        assert_no_storm(&world, asked(OpKind::Authenticate));
        assert!(world.count(|note| matches!(note, Note::Reported(_) | Note::Warned(_))) > 0);
        assert!(world.run_until(62 * SECOND, World::is_online).is_some(), "{gift:?}");
    }
}

#[test]
fn a_client_that_may_renew_at_the_end_hands_the_new_token_to_the_live_session() {
    let client = with_policy(|policy| policy.renew_at_expiry = true);
    let world = World::started(client, Script::default(), 3 * HOUR);
    assert!(world.is_online());
    assert_eq!(world.count(|note| *note == Note::Dropped), 0, "one session throughout");
    let asks = world.count(asked(OpKind::Authenticate));
    assert!((13..=20).contains(&asks), "{asks}");
    assert_eq!(world.count(|note| matches!(note, Note::Reauthenticate(_))), asks - 1);
    assert!(!world.has(&Note::Warned(Warning::CredentialExpired)));
}

#[test]
fn a_renewal_that_fails_lets_the_session_end_and_the_provider_is_asked_then() {
    let client = with_policy(|policy| policy.renew_at_expiry = true);
    let script = Script {
        authenticate: Box::new(|at| match at {
            0 => Gift::New(15 * MINUTE),
            1..900_000 => Gift::Fails(Failure::TRANSIENT),
            _ => Gift::New(15 * MINUTE),
        }),
        ..Script::default()
    };
    let world = World::started(client, script, 16 * MINUTE);
    assert!(world.is_online());
    let asks = world.times(asked(OpKind::Authenticate));
    assert!(asks.len() < 20, "{asks:?}");
}

#[test]
fn where_no_mechanism_is_left_and_the_space_keeps_the_session_it_stays() {
    let script = Script { closes_ended: false, ..Script::default() };
    let mut world = World::started(Client::default(), script, HOUR);
    assert_eq!(world.session.status(), Status::Online);
    assert_eq!(world.count(|note| *note == Note::Warned(Warning::CredentialExpired)), 1);
    assert_eq!(world.count(asked(OpKind::Authenticate)), 1);
    // As soon as it is gone, the provider is asked.
    world.drop_socket(None);
    world.run(SECOND);
    assert!(world.is_online());
    assert_eq!(world.count(resumes), 0);
}

#[test]
fn a_credential_without_an_expiry_is_used_until_the_space_refuses_it() {
    let script = Script { authenticate: always(Gift::Silent(MINUTE)), ..Script::default() };
    let world = World::started(Client::default(), script, 10 * MINUTE);
    // The space closes at the end; the resume is refused, the fresh connect is refused, and then
    // the provider is asked.
    let asks = world.count(asked(OpKind::Authenticate));
    assert!((8..=10).contains(&asks), "{asks}");
    assert!(world.count(|note| matches!(note, Note::Connect { .. })) <= 3 * asks);
}
