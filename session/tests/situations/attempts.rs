//! Attempts that fail at every step, sessions that do not last, and the deadline of the first.

use std::time::Duration;

use credwire_session::{
    Problem, RpcError, Status,
    scheduler::{CredentialKind, Failure, OpKind},
};

use crate::{
    assert_no_storm, with_settings,
    world::{
        Client, Clock, Gift, HOUR, Identity, MINUTE, Note, Rpc, SECOND, Script, Upgrade, World,
        always, in_turn, saved, until,
    },
};

fn opened(note: &Note) -> bool {
    *note == Note::Opened
}

fn connects(note: &Note) -> bool {
    matches!(note, Note::Connect { .. })
}

fn asked(note: &Note) -> bool {
    *note == Note::Asked(OpKind::Authenticate)
}

fn pauses(world: &World) -> Vec<u64> {
    let pauses = world.log.iter().filter_map(|(_, note)| match note {
        Note::Waits(pause) => Some(*pause),
        _ => None,
    });
    pauses.collect()
}

#[test]
fn one_page_of_a_proxy_at_the_profile_ends_nothing() {
    // During a reconnect; and as the very first answer.
    for first in [true, false] {
        let foreign = Identity::Foreign(None);
        let answers = if first { [foreign, Identity::Told] } else { [Identity::Told, foreign] };
        let script = Script {
            identify: in_turn(&[answers[0], answers[1], Identity::Told]),
            authenticate: always(Gift::New(MINUTE)),
            ..Script::default()
        };
        let world = World::started(Client::default(), script, 90 * SECOND);
        assert!(world.is_online());
        assert!(world.has(&Note::Reported(Problem::Reason("a page of a proxy"))));
    }
}

#[test]
fn a_profile_refused_in_form_leads_to_the_provider() {
    let script = Script {
        identify: in_turn(&[Identity::Told, Identity::Refused, Identity::Told]),
        authenticate: always(Gift::New(MINUTE)),
        ..Script::default()
    };
    let world = World::started(Client::default(), script, 90 * SECOND);
    assert!(world.is_online());
    assert_eq!(world.count(asked), 3, "at the start, at the end of the first, after the refusal");
}

#[test]
fn a_socket_dropped_right_after_authentication_again_and_again_makes_no_storm() {
    for code in [None, Some(1000), Some(1006), Some(1011), Some(1012), Some(1013)] {
        for register in [true, false] {
            let drops = Rpc::AgreesAndCloses(0, code);
            let script = Script {
                connect: until(5 * MINUTE, drops, Rpc::Agrees),
                resume: until(5 * MINUTE, drops, Rpc::Agrees),
                ..Script::default()
            };
            let client = with_settings(|settings| {
                settings.register = register;
                settings.connect_deadline = Duration::from_secs(600);
            });
            let mut world = World::started(client, script, 5 * MINUTE);
            assert_no_storm(&world, opened);
            assert_eq!(world.count(asked), 1, "{code:?}");
            assert!(world.run_until(31 * SECOND, World::is_online).is_some(), "{code:?}");
        }
    }
}

#[test]
fn sessions_that_last_a_little_longer_each_time_are_no_way_around_the_pauses() {
    // Ten seconds are what counts while pauses are short, and as long as the next pause after that.
    for (lasts, storms) in [(9 * SECOND, true), (11 * SECOND, false)] {
        let drops = Rpc::AgreesAndCloses(lasts, None);
        let script = Script { connect: always(drops), resume: always(drops), ..Script::default() };
        let world = World::started(Client::default(), script, 10 * MINUTE);
        let longest = pauses(&world).into_iter().max().unwrap();
        if storms {
            assert!(longest >= 5 * SECOND, "{longest}");
        } else {
            assert!(longest <= 100, "{longest}");
        }
    }
}

#[test]
fn a_first_connect_that_is_answered_and_closed_at_once_ends_at_its_deadline() {
    // With a registration to wait for.
    let drops = always(Rpc::AgreesAndCloses(0, None));
    let script = Script {
        connect: drops,
        resume: always(Rpc::AgreesAndCloses(0, None)),
        online: always(Rpc::Hangs),
        ..Script::default()
    };
    let client = with_settings(|settings| settings.connect_deadline = Duration::from_secs(3));
    let world = World::started(client, script, MINUTE);
    let answered = world.times(|note| matches!(note, Note::Answered(0, _)));
    assert!(matches!(answered[..], [at] if at <= 4 * SECOND), "{answered:?}");
    assert!(world.count(connects) <= 12);
    assert!(world.ended);
}

#[test]
fn the_first_connect_returns_within_its_deadline_whatever_hangs() {
    // W4, with the newest true reason.
    type Change = fn(&mut Script);
    let changes: [(&str, Change, &str); 12] = [
        ("authenticate", |it| it.authenticate = always(Gift::Hangs), "None"),
        (
            "authenticate fails",
            |it| it.authenticate = always(Gift::Fails(Failure::TRANSIENT)),
            "authenticate failed",
        ),
        ("panics", |it| it.authenticate = always(Gift::Panics), "Panicked"),
        ("stale", |it| it.authenticate = always(Gift::Stale(HOUR)), "ExpiredOnArrival"),
        ("identify", |it| it.identify = always(Identity::Hangs), "None"),
        ("foreign", |it| it.identify = always(Identity::Foreign(None)), "a page of a proxy"),
        ("upgrade", |it| it.upgrade = always(Upgrade::Hangs), "None"),
        ("no upgrade", |it| it.upgrade = always(Upgrade::Fails(None)), "no upgrade"),
        ("connect", |it| it.connect = always(Rpc::Hangs), "None"),
        ("connect fails", |it| it.connect = always(Rpc::Error(-32603)), "ConnectFailed"),
        ("malformed", |it| it.connect = always(Rpc::Malformed), "Malformed"),
        ("held", |it| it.upgrade = always(Upgrade::Fails(Some(Duration::MAX))), "no upgrade"),
    ];
    for (name, change, reason) in changes {
        for deadline in [3, 10] {
            let mut script = Script::default();
            change(&mut script);
            let client = with_settings(|it| it.connect_deadline = Duration::from_secs(deadline));
            let world = World::started(client, script, MINUTE);
            let answers: Vec<_> = world
                .log
                .iter()
                .filter_map(|(at, note)| match note {
                    Note::Answered(0, text) => Some((*at, text.clone())),
                    _ => None,
                })
                .collect();
            let [(at, text)] = &answers[..] else { panic!("{name}: {answers:?}") };
            assert!(*at <= (deadline + 1) * SECOND, "{name}: {at}");
            assert!(text.contains(reason), "{name}: {text}");
            assert!(world.ended && world.session.is_over(), "{name}");
        }
    }
}

#[test]
fn a_first_connect_with_a_session_that_waits_for_its_registration_is_answered_well() {
    let script = Script { online: always(Rpc::Hangs), ..Script::default() };
    let client = with_settings(|settings| settings.connect_deadline = Duration::from_secs(3));
    let world = World::started(client, script, MINUTE);
    assert_eq!(world.times(|note| *note == Note::Answered(0, "done".to_owned())), [3 * SECOND]);
    assert_eq!(world.session.status(), Status::Connected);
}

#[test]
fn an_upgrade_that_asks_for_two_minutes_is_left_alone_for_two_minutes() {
    let held = Upgrade::Fails(Some(Duration::from_secs(120)));
    let client = with_settings(|settings| settings.connect_deadline = Duration::from_secs(600));
    let script = Script { upgrade: in_turn(&[held, Upgrade::Opens]), ..Script::default() };
    let world = World::started(client.clone(), script, 3 * MINUTE);
    let times = world.times(opened);
    assert_eq!(times.len(), 2);
    assert!(times[1] - times[0] >= 2 * MINUTE, "{times:?}");
    // Absurd values count as a quarter of an hour, and REST holds like the upgrade.
    let absurd = Identity::Foreign(Some(Duration::MAX));
    let script = Script { identify: in_turn(&[absurd, Identity::Told]), ..Script::default() };
    let client = with_settings(|settings| settings.connect_deadline = Duration::from_secs(3600));
    let mut world = World::started(client, script, 15 * MINUTE);
    assert_eq!(world.count(|note| *note == Note::Identified), 1);
    world.run(SECOND);
    assert!(world.is_online());
}

#[test]
fn a_suspend_and_resume_is_no_way_around_a_retry_after() {
    let held = Upgrade::Fails(Some(Duration::from_secs(120)));
    let script =
        Script { upgrade: in_turn(&[Upgrade::Opens, held, Upgrade::Opens]), ..Script::default() };
    let mut world = World::started(Client::default(), script, MINUTE);
    world.drop_socket(None);
    world.run(5 * SECOND);
    let before = world.count(opened);
    let reply = world.caller();
    world.give(credwire_session::Input::Suspend(reply));
    world.run(SECOND);
    world.give(credwire_session::Input::Resume);
    world.run(100 * SECOND);
    assert_eq!(world.count(opened), before, "the same endpoint is not asked before it");
    world.run(30 * SECOND);
    assert!(world.is_online());
}

#[test]
fn every_step_that_fails_for_ever_makes_no_storm_and_heals() {
    type Change = fn(&mut Script, bool);
    fn pick<A: Copy + 'static>(fails: bool, bad: A, good: A) -> crate::world::Plan<A> {
        always(if fails { bad } else { good })
    }
    let changes: [(&str, Change); 10] = [
        ("foreign", |it, bad| it.identify = pick(bad, Identity::Foreign(None), Identity::Told)),
        ("identify", |it, bad| it.identify = pick(bad, Identity::Hangs, Identity::Told)),
        ("refused", |it, bad| it.identify = pick(bad, Identity::Refused, Identity::Told)),
        ("upgrade", |it, bad| it.upgrade = pick(bad, Upgrade::Fails(None), Upgrade::Opens)),
        ("silent", |it, bad| it.upgrade = pick(bad, Upgrade::Hangs, Upgrade::Opens)),
        ("-32603", |it, bad| {
            it.connect = pick(bad, Rpc::Error(-32603), Rpc::Agrees);
            it.resume = pick(bad, Rpc::Error(-32603), Rpc::Agrees);
        }),
        ("-32002", |it, bad| {
            it.connect = pick(bad, Rpc::Error(-32002), Rpc::Agrees);
            it.resume = pick(bad, Rpc::Error(-32002), Rpc::Agrees);
        }),
        ("hangs", |it, bad| {
            it.connect = pick(bad, Rpc::Hangs, Rpc::Agrees);
            it.resume = pick(bad, Rpc::Hangs, Rpc::Agrees);
        }),
        ("malformed", |it, bad| {
            it.connect = pick(bad, Rpc::Malformed, Rpc::Agrees);
            it.resume = pick(bad, Rpc::Malformed, Rpc::Agrees);
        }),
        ("no time", |it, bad| it.clock = pick(bad, Clock::Nothing, Clock::Told)),
    ];
    for (name, change) in changes {
        for (dpop, refresh) in [(false, false), (false, true), (true, false), (true, true)] {
            let client = Client { dpop, refresh, ..Client::default() };
            let mut world =
                World::started(client, Script { scope: true, ..Script::default() }, MINUTE);
            assert!(world.is_online(), "{name} {dpop} {refresh}");
            change(&mut world.script, true);
            world.log.clear();
            world.drop_socket(None);
            world.run(20 * MINUTE);
            let attempt =
                |note: &Note| matches!(note, Note::Opened | Note::Identified | Note::ReadTime);
            if world.count(attempt) > 0 && name != "refused" {
                assert_no_storm(&world, opened_or(&world));
            }
            if world.count(asked) > 0 {
                assert_no_storm(&world, asked);
            }
            change(&mut world.script, false);
            let healed = world.run_until(62 * SECOND, World::is_online);
            assert!(healed.is_some(), "{name} {dpop} {refresh}");
        }
    }
}

/// What shows an attempt in this world: the first step that is always there.
fn opened_or(world: &World) -> fn(&Note) -> bool {
    if world.count(opened) > 0 { opened } else { |note| *note == Note::Identified }
}

#[test]
fn a_first_connect_refused_in_form_with_its_own_credential_ends_the_client() {
    for code in [-32002, -32003, -32602] {
        let script = Script { connect: always(Rpc::Error(code)), ..Script::default() };
        let world = World::started(Client::default(), script, MINUTE);
        assert!(world.ended);
        assert_eq!((world.count(asked), world.count(connects)), (1, 1));
    }
    let script = Script { identify: always(Identity::Refused), ..Script::default() };
    let world = World::started(Client::default(), script, MINUTE);
    assert!(world.ended);
    assert_eq!((world.count(asked), world.count(connects)), (1, 0));
}

#[test]
fn a_first_connect_refused_in_form_asks_for_no_refresh() {
    // The refused credential calls for a refresh in the same event that ends the client.
    for identify in [Identity::Told, Identity::Refused] {
        let script = Script {
            identify: always(identify),
            connect: always(Rpc::Error(-32002)),
            ..Script::default()
        };
        let world = World::started(Client { refresh: true, ..Client::default() }, script, MINUTE);
        assert!(world.ended);
        assert_eq!(world.count(|note| matches!(note, Note::Asked(_))), 1, "{:?}", world.log);
    }
}

#[test]
fn after_a_first_session_nothing_but_the_application_ends_the_client() {
    let changes: [fn(&mut Script); 4] = [
        |script| script.connect = always(Rpc::Error(-32002)),
        |script| script.identify = always(Identity::Refused),
        |script| script.authenticate = always(Gift::Fails(Failure::Permanent)),
        |script| script.authenticate = always(Gift::Final),
    ];
    for change in changes {
        let mut world = World::started(Client::default(), Script::default(), MINUTE);
        change(&mut world.script);
        world.remembers = false;
        world.run(20 * MINUTE);
        world.drop_socket(None);
        world.run(20 * MINUTE);
        assert!(!world.ended);
        assert_eq!(world.session.status(), Status::Reconnecting);
        world.script = Script::default();
        assert!(world.run_until(32 * SECOND, World::is_online).is_some());
    }
}

#[test]
fn a_saved_session_is_one_that_was_up_for_nothing_but_the_deadline() {
    // The first connect of this process still has its deadline, and a saved credential that is
    // refused leads to the provider.
    let (session, tokens) = saved(CredentialKind::Unbound, HOUR as i64, true);
    let script = Script {
        resume: always(Rpc::Error(-32002)),
        connect: in_turn(&[Rpc::Error(-32002), Rpc::Agrees]),
        ..Script::default()
    };
    let mut world = World::restored(Client::default(), script, Some(session), tokens);
    world.start();
    world.run(MINUTE);
    assert!(world.is_online());
    assert_eq!(world.count(asked), 1);
}

#[test]
fn a_space_that_restarts_gets_a_pause_of_a_second_and_more_each_time() {
    for code in [1012, 1013] {
        let drops = Rpc::AgreesAndCloses(0, Some(code));
        let script = Script { connect: always(drops), resume: always(drops), ..Script::default() };
        let client = with_settings(|settings| settings.register = false);
        let world = World::started(client, script, 2 * MINUTE);
        let pauses = pauses(&world);
        assert!(pauses.iter().all(|pause| *pause >= 900), "{pauses:?}");
        assert!(pauses.last() > pauses.first(), "{pauses:?}");
    }
    // Also after a session that lasted.
    let mut world = World::started(Client::default(), Script::default(), MINUTE);
    world.drop_socket(Some(1012));
    world.run(SECOND);
    assert!(pauses(&world)[0] >= SECOND, "{:?}", pauses(&world));
}

#[test]
fn a_credential_is_in_doubt_when_its_session_is_ended_right_after_a_resume() {
    for code in [1008, 4001, 4999] {
        let ends = Rpc::AgreesAndCloses(SECOND, Some(code));
        let script = Script {
            resume: always(ends),
            connect: in_turn(&[Rpc::Agrees, ends, Rpc::Agrees]),
            ..Script::default()
        };
        let mut world = World::started(Client::default(), script, MINUTE);
        world.drop_socket(None);
        world.run(MINUTE);
        let ways: Vec<_> = world
            .log
            .iter()
            .filter_map(|(_, note)| match note {
                Note::Connect { resumes, token } => Some((*resumes, *token)),
                _ => None,
            })
            .collect();
        // The next attempt is a fresh connect, and the one after that has a new credential.
        assert_eq!(ways, [(false, 0), (true, 0), (false, 0), (false, 1)], "{code}");
        assert!(world.is_online());
    }
    // Later than five seconds after it, it is not.
    let ends = Rpc::AgreesAndCloses(6 * SECOND, Some(1008));
    let script = Script { resume: in_turn(&[ends, Rpc::Agrees]), ..Script::default() };
    let mut world = World::started(Client::default(), script, MINUTE);
    world.drop_socket(None);
    world.run(MINUTE);
    assert_eq!(world.count(|note| matches!(note, Note::Connect { resumes: true, .. })), 2);
}

#[test]
fn a_registration_refused_for_the_credential_right_after_a_resume_puts_it_in_doubt() {
    let script = Script {
        online: in_turn(&[Rpc::Agrees, Rpc::Error(-32002), Rpc::Agrees]),
        ..Script::default()
    };
    let mut world = World::started(Client::default(), script, MINUTE);
    world.drop_socket(None);
    world.run(MINUTE);
    assert!(world.is_online());
    let ways: Vec<_> = world
        .log
        .iter()
        .filter_map(|(_, note)| match note {
            Note::Connect { resumes, .. } => Some(*resumes),
            _ => None,
        })
        .collect();
    assert_eq!(ways, [false, true, false]);
}

#[test]
fn a_client_that_prefers_its_provider_falls_back_to_what_was_saved() {
    let client = || with_settings(|settings| settings.prefer_provider = true);
    let start = |script: Script| {
        let (session, tokens) = saved(CredentialKind::Unbound, HOUR as i64, true);
        let mut world = World::restored(client(), script, Some(session), tokens);
        world.start();
        world.run(MINUTE);
        assert!(world.is_online());
        let first = world.log.iter().find_map(|(_, note)| match note {
            Note::Connect { resumes, token } => Some((*resumes, *token)),
            _ => None,
        });
        (first.unwrap(), world)
    };
    // The provider's comes first, in a session of its own.
    let ((resumes, token), world) = start(Script::default());
    assert_eq!((resumes, token, world.count(asked)), (false, 1, 1));
    // Where it fails in any way, what was saved is gone on with.
    for gift in [
        Gift::Fails(Failure::TRANSIENT),
        Gift::Fails(Failure::Permanent),
        Gift::Panics,
        Gift::Final,
    ] {
        let script = Script { authenticate: always(gift), ..Script::default() };
        let ((resumes, token), _) = start(script);
        assert_eq!((resumes, token), (true, 0), "{gift:?}");
    }
    // Later reconnects resume.
    let (_, mut world) = start(Script::default());
    world.drop_socket(None);
    world.run(MINUTE);
    assert_eq!(world.count(asked), 1);
    assert_eq!(world.count(|note| matches!(note, Note::Connect { resumes: true, .. })), 1);
}

#[test]
fn a_provider_that_gives_up_before_there_was_a_session_ends_the_client() {
    let script =
        Script { authenticate: always(Gift::Fails(Failure::Permanent)), ..Script::default() };
    let world = World::started(Client::default(), script, MINUTE);
    assert!(world.ended);
    assert_eq!(world.count(asked), 1);
    assert!(world.times(|note| matches!(note, Note::Answered(0, _)))[0] < SECOND);
}

#[test]
fn an_error_to_connect_is_reported_with_the_newest_reason() {
    let script = Script {
        connect: in_turn(&[Rpc::Error(-32000), Rpc::Error(-32001), Rpc::Agrees]),
        ..Script::default()
    };
    let world = World::started(Client::default(), script, MINUTE);
    let failed = |code| {
        Note::Reported(Problem::ConnectFailed(RpcError::Remote { code, message: "no".to_owned() }))
    };
    assert!(world.has(&failed(-32000)) && world.has(&failed(-32001)));
    assert!(world.is_online());
}
