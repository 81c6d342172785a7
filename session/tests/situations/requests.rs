//! What was asked for and fails for now: reauthentication, registration, storage.

use credwire_session::{Problem, RpcError, Status, scheduler::OpKind};

use crate::world::{
    Client, DAY, Disk, Gift, HOUR, MINUTE, Note, Rpc, SECOND, Script, World, always, in_turn, until,
};

fn reauthenticates(note: &Note) -> bool {
    matches!(note, Note::Reauthenticate(_))
}

fn reauthentication_failed(note: &Note) -> bool {
    matches!(note, Note::Reported(Problem::ReauthenticationFailed(_)))
}

const REFRESHING: fn() -> Client = || Client { refresh: true, ..Client::default() };

#[test]
fn a_space_that_takes_no_new_credential_for_ever_is_lived_with() {
    for code in [-32601, -32603, -32000] {
        for (client, scope) in [
            (REFRESHING(), false),
            (Client { dpop: true, ..Client::default() }, true),
            (Client { dpop: true, refresh: true, ..Client::default() }, true),
        ] {
            let script =
                Script { reauthenticate: always(Rpc::Error(code)), scope, ..Script::default() };
            let world = World::started(client, script, HOUR);
            assert!(world.has(&Note::Status(Status::Online)), "{code}");
            assert!(world.is_online(), "{code} {scope}");
            // Told once in each session, and each new credential is used before the old one ends.
            let sessions = world.count(|note| matches!(note, Note::Connect { .. }));
            let told = world.count(reauthentication_failed);
            assert!(told >= 1 && told <= sessions, "{told} in {sessions}");
            assert!(sessions <= 8, "{sessions}");
            if code == -32601 {
                assert!(world.count(reauthenticates) <= sessions);
            }
        }
    }
}

#[test]
fn a_registration_does_not_wait_for_a_session_that_takes_no_new_credential() {
    let script =
        Script { reauthenticate: always(Rpc::Error(-32603)), scope: true, ..Script::default() };
    let client = Client { dpop: true, ..Client::default() };
    let world = World::started(client, script, 5 * SECOND);
    assert_eq!(world.session.status(), Status::Online);
}

#[test]
fn a_reauthentication_without_an_answer_replaces_the_socket_once() {
    let script = Script { reauthenticate: always(Rpc::Hangs), ..Script::default() };
    let world = World::started(REFRESHING(), script, HOUR);
    let refreshes = world.count(|note| *note == Note::Asked(OpKind::Refresh));
    let sessions = world.count(|note| matches!(note, Note::Connect { .. }));
    // Once for its silence and once before the credential in force ends.
    assert!(sessions <= 2 * refreshes + 1, "{sessions} for {refreshes}");
    assert_eq!(world.session.status(), Status::Online);
}

#[test]
fn a_registration_that_fails_once_after_a_reconnect_is_tried_again() {
    let failing = Rpc::Error(-32000);
    let script =
        Script { online: in_turn(&[Rpc::Agrees, failing, Rpc::Agrees]), ..Script::default() };
    let mut world = World::started(Client::default(), script, MINUTE);
    world.drop_socket(None);
    world.run(5 * SECOND);
    assert_eq!(world.session.status(), Status::Online);
    let told = |note: &Note| matches!(note, Note::Reported(Problem::RegistrationFailed(_)));
    assert_eq!(world.count(told), 1);
}

#[test]
fn a_registration_that_fails_for_a_day_is_reported_once_and_done_then() {
    for answer in [Rpc::Error(-32000), Rpc::Hangs, Rpc::Error(-32002)] {
        let script = Script {
            authenticate: always(Gift::New(2 * DAY)),
            online: until(DAY, answer, Rpc::Agrees),
            ..Script::default()
        };
        let mut world = World::started(Client::default(), script, DAY);
        assert_eq!(world.session.status(), Status::Connected);
        let tries = world.count(|note| *note == Note::Online) as u64;
        assert!((DAY / (36 * SECOND)..DAY / (14 * SECOND)).contains(&tries), "{tries}");
        let told = |note: &Note| matches!(note, Note::Reported(Problem::RegistrationFailed(_)));
        assert_eq!(world.count(told), 1);
        world.run(31 * SECOND);
        assert_eq!(world.session.status(), Status::Online);
    }
}

#[test]
fn a_disk_that_is_full_for_ten_seconds_has_the_session_stored_then() {
    for disk in [Disk::Fails("the disk is full"), Disk::Hangs] {
        let script = Script { disk: until(10 * SECOND, disk, Disk::Writes), ..Script::default() };
        let mut world = World::started(Client::default(), script, 9 * SECOND);
        assert!(world.stored.is_none());
        assert!(world.is_online(), "it is a cache");
        world.run(35 * SECOND);
        let stored = world.stored.as_ref().expect("a record");
        assert!(stored.resume.is_some());
        assert_eq!(Some(stored.credential.token), world.live);
        let told = Note::Reported(match disk {
            Disk::Fails(reason) => Problem::Reason(reason),
            _ => Problem::NotStored,
        });
        assert_eq!(world.count(|note| *note == told), 1);
        let writes = world.count(|note| matches!(note, Note::Stored(_)));
        assert!(writes <= 8, "{writes}");
    }
}

#[test]
fn what_is_stored_is_what_a_restart_goes_on_with() {
    let script = || Script { scope: true, ..Script::default() };
    for (dpop, refresh) in [(false, false), (false, true), (true, false), (true, true)] {
        let client = Client { dpop, refresh, ..Client::default() };
        let mut world = World::started(client, script(), 40 * MINUTE);
        assert!(world.is_online());
        let asked = world.count(|note| *note == Note::Asked(OpKind::Authenticate));
        world.restart();
        world.run(10 * SECOND);
        assert!(world.is_online());
        assert!(world.count(|note| matches!(note, Note::Connect { resumes: true, .. })) > 0);
        let now = world.count(|note| *note == Note::Asked(OpKind::Authenticate));
        assert_eq!(now, asked, "{dpop} {refresh}");
    }
}

#[test]
fn a_shutdown_keeps_the_record() {
    use std::time::Duration;
    let mut world = World::started(Client::default(), Script::default(), MINUTE);
    let reply = world.caller();
    world.give(credwire_session::Input::Shutdown { patience: Duration::ZERO, reply });
    world.run(MINUTE);
    assert!(world.session.is_over());
    assert!(world.stored.as_ref().is_some_and(|stored| stored.resume.is_some()));
    world.restart();
    world.run(SECOND);
    assert!(world.is_online());
    assert_eq!(world.count(|note| *note == Note::Asked(OpKind::Authenticate)), 1);
}

#[test]
fn a_refused_reauthentication_keeps_the_session_and_what_is_in_force() {
    let script = Script { reauthenticate: always(Rpc::Error(-32002)), ..Script::default() };
    let world = World::started(REFRESHING(), script, 10 * MINUTE);
    assert_eq!(world.session.status(), Status::Online);
    // Each refusal is one of a credential, so each is told.
    let error = RpcError::Remote { code: -32002, message: "no".to_owned() };
    let told = Note::Reported(Problem::ReauthenticationFailed(error));
    let times = world.times(|note| *note == told);
    assert_eq!(times.len(), world.count(reauthenticates));
}
