//! What the search has found once, as short sequences of inputs: each ends well now.

use credwire_session::SessionMethod;

use crate::{
    config::{Config, Expiry, Record},
    explore::BOUND,
    moves::{ClockFault, Move, OpAnswer, RestAnswer, RpcAnswer, SocketFault, User},
    world::World,
};

const PLAIN: Config = Config::new(false, false, Expiry::Issuer, Record::Nothing);
const ALIVE: Config = Config::new(false, false, Expiry::Unknown, Record::Alive);
const REFRESH: Config = Config::new(false, true, Expiry::Issuer, Record::Nothing);
const DPOP: Config = Config::new(true, false, Expiry::Issuer, Record::Nothing);
const BOUND_ALIVE: Config = Config::new(true, true, Expiry::Issuer, Record::Alive);

const GOOD: Move = Move::Good;

/// Tells a story and its end in a world in order.
fn tell(config: Config, story: &[(usize, Move)]) {
    let mut world = World::new(config, None);
    for (times, r#move) in story {
        for _ in 0..*times {
            assert!(world.allows(*r#move), "{:?} is not possible", r#move);
            world.make(*r#move);
            assert!(world.violation.is_none(), "{:?}", world.violation);
        }
    }
    let until = world.boot + BOUND * crate::config::TICK;
    while !world.is_exempt() && world.missing().is_some() {
        world.good();
        assert!(world.violation.is_none(), "{:?}", world.violation);
        assert!(world.boot <= until, "{:?} is missing", world.missing());
    }
    // Whoever waits is answered even when a client is not to come back.
    let waiting = world.waiting.len();
    assert!(!world.ended || waiting == 0, "{waiting} wait");
}

/// A commit that ended the session was followed by a reauthentication of the same moment.
#[test]
fn a_session_that_was_just_replaced_is_not_reauthenticated() {
    tell(PLAIN, &[(12, GOOD), (1, Move::User(User::Invalidate))]);
}

/// The deadline of a registration stood in the past while a credential was on its way.
#[test]
fn a_registration_that_waits_for_a_credential_does_not_spin() {
    let renews = Config { renews: true, ..PLAIN };
    let sleep = Move::Clock(ClockFault::Sleep);
    tell(renews, &[(8, GOOD), (1, sleep), (1, GOOD), (1, Move::Clock(ClockFault::Delay))]);
}

/// The pause counted from the start of the attempt that was under way.
#[test]
fn a_restart_during_a_connect_gets_its_pause() {
    let delay = Move::Clock(ClockFault::Delay);
    tell(PLAIN, &[(4, GOOD), (1, delay), (1, Move::Socket(SocketFault::Restart))]);
}

/// The registration waited for ever for a newest credential that had ended.
#[test]
fn a_session_whose_newest_credential_ended_is_registered() {
    let config = Config { record: Record::Alive, closes: false, ..DPOP };
    tell(config, &[(1, Move::User(User::SetCredential)), (1, Move::User(User::Invalidate))]);
}

/// Who waited for the provider was forgotten when the application supplied a credential.
#[test]
fn a_credential_of_the_application_answers_who_waits_for_one() {
    let config = Config { record: Record::Ended, closes: false, ..PLAIN };
    tell(config, &[(1, Move::User(User::RefreshNow)), (1, Move::User(User::SetCredential))]);
}

/// The end of the client and the start of an operation came from one event, in this order.
#[test]
fn nothing_starts_after_the_end() {
    let config = Config { expiry: Expiry::Unknown, record: Record::Ended, ..BOUND_ALIVE };
    let permanent = Move::Operation(OpAnswer::Permanent);
    tell(config, &[(5, GOOD), (1, Move::User(User::KeyLost)), (1, permanent)]);
}

/// A new session does not know of a registration, so nobody took it back.
#[test]
fn who_unregisters_between_two_sessions_is_answered() {
    let drop = Move::Socket(SocketFault::Drop);
    tell(REFRESH, &[(5, GOOD), (1, drop), (1, Move::User(User::Unregister))]);
}

/// The connect under way went on with another credential, and nobody asked the provider.
#[test]
fn who_waits_for_the_provider_is_not_forgotten_by_a_connect() {
    let config = Config { closes: false, ..DPOP };
    tell(
        config,
        &[(4, GOOD), (1, Move::User(User::Invalidate)), (1, Move::User(User::RefreshNow))],
    );
}

/// The one who took the registration back was not answered when it was requested again.
#[test]
fn who_unregisters_is_answered_when_another_registers() {
    let (off, on) = (Move::User(User::Unregister), Move::User(User::Register));
    tell(PLAIN, &[(5, GOOD), (1, off), (1, on)]);
}

/// A registration that is refused for good left the one who took it back without an answer.
#[test]
fn who_unregisters_is_answered_when_the_registration_is_refused() {
    let unknown = Move::Request(SessionMethod::Online, RpcAnswer::Unknown);
    tell(PLAIN, &[(5, GOOD), (1, Move::User(User::Unregister)), (1, unknown)]);
}

/// The deadline of a renewal stood in the past while the provider was asked.
#[test]
fn a_renewal_under_way_does_not_spin() {
    let sleep = Move::Clock(ClockFault::Sleep);
    tell(ALIVE, &[(3, GOOD), (1, Move::User(User::Invalidate)), (1, sleep), (2, GOOD)]);
}

/// A suspend and a resume were a way around it.
#[test]
fn retry_after_holds_through_a_suspend() {
    let again = Move::Open(RestAnswer::RetryAfter);
    let (suspend, resume) = (Move::User(User::Suspend), Move::User(User::Resume));
    tell(PLAIN, &[(3, GOOD), (1, again), (2, GOOD), (1, suspend), (1, resume)]);
}

/// A rotation that hung was waited for although its key was lost.
#[test]
fn a_rotation_without_its_key_makes_way() {
    let hang = Move::Operation(OpAnswer::Hang);
    tell(
        BOUND_ALIVE,
        &[(14, GOOD), (1, hang), (1, GOOD), (1, Move::User(User::KeyLost)), (2, GOOD)],
    );
}

/// The session was lost with `subscriber.offline` on its way, which a later request had revoked.
#[test]
fn an_unregistration_that_was_revoked_is_answered_when_its_session_is_lost() {
    let silent = Move::Socket(SocketFault::Silent);
    let (register, unregister) = (Move::User(User::Register), Move::User(User::Unregister));
    let story = [(8, GOOD), (1, unregister), (1, silent), (1, GOOD), (1, register)];
    tell(BOUND_ALIVE, &story);
}
