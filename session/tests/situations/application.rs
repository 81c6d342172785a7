//! What the application asks for in odd moments.

use std::time::Duration;

use credwire_core::EpochMillis;
use credwire_session::{
    Acquired, Input, ReplyId, Status,
    scheduler::{ExhaustedPolicy, Failure, OpKind},
};

use crate::{
    with_policy,
    world::{Client, Gift, HOUR, MINUTE, Note, Rpc, SECOND, Script, World, always, in_turn},
};

fn asked(note: &Note) -> bool {
    *note == Note::Asked(OpKind::Authenticate)
}

fn answered(world: &World, reply: ReplyId) -> Option<&str> {
    world.log.iter().find_map(|(_, note)| match note {
        Note::Answered(number, text) if *number == reply.0 => Some(text.as_str()),
        _ => None,
    })
}

/// A session that the space keeps beyond the end of its credential, which nothing refreshes.
fn outlived(script: Script) -> World {
    let script = Script { closes_ended: false, ..script };
    let world = World::started(Client::default(), script, 20 * MINUTE);
    assert_eq!(world.session.status(), Status::Online);
    assert!(!world.is_online());
    world
}

#[test]
fn whoever_asks_for_a_credential_that_nothing_refreshes_gets_one_of_the_provider() {
    let mut world = outlived(Script::default());
    let reply = world.caller();
    world.give(Input::RefreshNow(reply));
    world.run(SECOND);
    assert_eq!(answered(&world, reply), Some("done"));
    assert!(world.is_online(), "by a fresh connect with it");
    assert_eq!(world.count(|note| matches!(note, Note::Connect { resumes: true, .. })), 0);

    for input in [Input::Invalidate, Input::Resume] {
        let mut world = outlived(Script::default());
        world.give(input);
        world.run(SECOND);
        assert!(world.is_online());
        assert_eq!(world.count(asked), 2);
    }
}

#[test]
fn a_provider_that_fails_then_is_asked_again_with_growing_pauses_until_it_returns_one() {
    let script = || Script {
        authenticate: Box::new(|at| match at {
            0 => Gift::New(15 * MINUTE),
            1..3_600_000 => Gift::Fails(Failure::TRANSIENT),
            _ => Gift::New(HOUR),
        }),
        ..Script::default()
    };
    for input in [Input::Invalidate, Input::Resume] {
        let mut world = outlived(script());
        world.give(input);
        world.run(40 * MINUTE);
        let asks = world.count(asked);
        assert!((80..170).contains(&asks), "{asks}");
        assert_eq!(world.session.status(), Status::Online, "the session stays meanwhile");
        world.run(31 * SECOND);
        assert!(world.is_online());
    }
}

#[test]
fn an_invalidated_credential_without_a_mechanism_is_replaced_by_the_provider() {
    let mut world = World::started(Client::default(), Script::default(), MINUTE);
    world.give(Input::Invalidate);
    world.run(SECOND);
    assert!(world.is_online());
    assert_eq!(world.count(asked), 2);
}

#[test]
fn who_waits_for_the_provider_is_answered_by_no_other_operation() {
    // W5: a rotation is in flight when the session cannot be resumed and the provider is asked.
    let script = Script {
        scope: true,
        rotate: always(Gift::Hangs),
        resume: always(Rpc::Error(-32002)),
        authenticate: in_turn(&[Gift::New(HOUR), Gift::Fails(Failure::TRANSIENT), Gift::New(HOUR)]),
        ..Script::default()
    };
    let client = Client { dpop: true, ..Client::default() };
    let mut world = World::started(client, script, MINUTE);
    let reply = world.caller();
    world.give(Input::RefreshNow(reply));
    world.drop_socket(None);
    world.run(MINUTE);
    assert!(answered(&world, reply).is_some());
    assert!(world.run_until(MINUTE, World::is_online).is_some());
}

#[test]
fn a_pushed_credential_is_used_at_once_live_or_not() {
    let push = |world: &mut World, lives: i64| {
        let token = u32::try_from(world.tokens.len()).unwrap();
        let now = world.now().wall.get();
        world.tokens.push(crate::world::Truth { ends: now + lives, told: true });
        let expiry = Some(EpochMillis::new(now + lives));
        let reply = world.caller();
        let credential = Acquired { token, expiry, lifetime: None, assumed: None };
        world.give(Input::SetCredential { reply, credential });
        (reply, token)
    };
    // In a live session.
    let mut world = World::started(Client::default(), Script::default(), MINUTE);
    let (reply, token) = push(&mut world, HOUR as i64);
    world.run(SECOND);
    assert_eq!((answered(&world, reply), world.live), (Some("done"), Some(token)));
    assert!(world.is_online());

    // While the provider gives none.
    let failing = Gift::Fails(Failure::TRANSIENT);
    let script =
        Script { authenticate: in_turn(&[Gift::New(MINUTE), failing]), ..Script::default() };
    let mut world = World::started(Client::default(), script, 5 * MINUTE);
    assert_eq!(world.session.status(), Status::Reconnecting);
    let (_, token) = push(&mut world, HOUR as i64);
    world.run(31 * SECOND);
    assert!(world.is_online());
    assert_eq!(world.live, Some(token));

    // While the provider asked to be left alone for ten minutes.
    let held = Gift::Fails(Failure::Transient { retry_after: Some(Duration::from_secs(600)) });
    let script = Script { authenticate: in_turn(&[Gift::New(MINUTE), held]), ..Script::default() };
    let mut world = World::started(Client::default(), script, 2 * MINUTE);
    let (_, token) = push(&mut world, HOUR as i64);
    world.run(SECOND);
    assert_eq!(world.live, Some(token));

    // In place of one that is asked for and never comes.
    let script = Script { authenticate: always(Gift::Hangs), ..Script::default() };
    let mut world = World::started(Client::default(), script, SECOND);
    let (_, token) = push(&mut world, HOUR as i64);
    world.run(SECOND);
    assert_eq!(world.live, Some(token));

    // W2: one that has ended is refused.
    let (reply, _) = push(&mut world, -1);
    assert_eq!(answered(&world, reply), Some("Unusable"));
    world.run(SECOND);
    assert_eq!(world.live, Some(token));
}

#[test]
fn an_exhausted_mechanism_suspends_where_the_policy_requires_it_and_a_resume_connects_again() {
    let client = with_policy(|policy| policy.exhausted = ExhaustedPolicy::Disconnect);
    let client = Client { refresh: true, ..client };
    let refused = Gift::Fails(Failure::Permanent);
    let script = Script { refresh: in_turn(&[refused, Gift::New(HOUR)]), ..Script::default() };
    let mut world = World::started(client, script, 14 * MINUTE);
    assert_eq!(world.session.status(), Status::Suspended);
    assert!(world.has(&Note::Status(Status::Suspended)), "it says so");
    world.run(HOUR);
    assert_eq!(world.count(asked), 1);
    world.give(Input::Resume);
    world.run(SECOND);
    assert!(world.is_online());
}

#[test]
fn every_caller_is_answered_however_a_client_ends() {
    let ends: [fn(&mut World); 3] = [
        |world| {
            let reply = world.caller();
            world.give(Input::Suspend(reply));
        },
        |world| {
            let reply = world.caller();
            world.give(Input::Shutdown { patience: Duration::from_secs(1), reply });
        },
        |world| {
            let reply = world.caller();
            let abilities = credwire_session::scheduler::Abilities { dpop: false, refresh: false };
            world.give(Input::Reset { abilities, reply });
        },
    ];
    for end in ends {
        for after in [0, 10, 25, 45, 65, 85, 105, 10 * SECOND] {
            let script = Script { online: always(Rpc::Hangs), ..Script::default() };
            let mut world = World::new(Client::default(), script);
            world.start();
            world.run(after);
            let params = credwire_core::Secret::from("{}");
            let reply = world.caller();
            world.give(Input::Call { reply, method: "m", params: &params, timeout: None });
            let reply = world.caller();
            world.give(Input::Register(reply));
            let reply = world.caller();
            world.give(Input::RefreshNow(reply));
            end(&mut world);
            world.run(MINUTE);
            assert!(world.waiting().is_empty(), "after {after}");
        }
    }
}
