//! The situations of the session contract's section 5 that a live session can be in, and their
//! neighbours: each a named test of what is right, in simulated time.
//!
//! | situation | test |
//! |---|---|
//! | a space closes ended sessions, nothing refreshes | `credential::a_space_that_closes_ended_sessions_and_no_mechanism` |
//! | a bound session, rotation refused for good | `credential::a_bound_session_whose_rotation_is_refused_for_good` |
//! | a stored credential has ended | `credential::a_stored_credential_that_has_ended_is_not_presented` |
//! | `refresh()` gives the old token, said to end later | `credential::a_refresh_that_gives_the_old_token_with_a_later_expiry` |
//! | a resume is refused while a rotation is in flight | `reconnect::a_resume_refused_while_a_rotation_is_in_flight_that_then_fails` |
//! | `subscriber/info` answers 404 once | `rest::one_odd_answer_to_info_during_a_reconnect` |
//! | a page, a redirect, a proxy's 407 at `devices/refresh` | `rest::one_odd_answer_to_a_rotation` |
//! | a token endpoint answers 404 once | `provider::a_token_endpoint_that_answers_oddly_once` |
//! | dropped right after authentication, again and again | `reconnect::a_socket_that_is_dropped_right_after_authentication_again_and_again` |
//! | `connect()` that is answered and closed at once | `reconnect::a_connect_returns_within_its_deadline_whatever_happens` |
//! | `reauthenticate` is unknown | `credential::a_space_that_does_not_know_reauthenticate` |
//! | `reauthenticate` fails for ever | `credential::a_space_that_always_fails_to_reauthenticate` |
//! | an upgrade answers 429 with `Retry-After` | `reconnect::an_upgrade_that_names_a_time_to_wait` |
//! | `subscriber.online` fails once | `registration::a_registration_that_fails_once_after_a_reconnect` |
//! | two nonces in a row | `rest::each_new_nonce_earns_one_more_try` |
//! | a rotation may not be asked until the token has ended | `credential::a_rotation_that_may_not_be_asked_until_the_token_has_ended` |
//! | the first call of a caching provider hangs | `provider::a_shared_provider_whose_first_call_hangs` |
//! | the first link of a chain hangs | `provider::a_chain_whose_first_link_hangs` |
//! | a reader never reads | `socket::a_reader_that_never_reads` |
//! | large states while recording | `socket::large_states_while_recording` |
//! | answers that the space does not read | `socket::answers_that_nobody_reads` |
//! | a provider's error quotes its key | `provider::an_error_that_quotes_its_key` |
//! | secrets in a pushed event while recording | `socket::a_pushed_event_with_secrets_while_recording` |
//!
//! The spaces and sockets are real, the clock is paused, and all of it runs on one thread.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod credential;
mod provider;
mod reconnect;
mod registration;
mod rest;
mod socket;

use std::time::Duration;

use credwire::{Client, Status};
use credwire_sandbox::{Attempt, SocketAction, Space};
use credwire_tests::live::*;
use serde_json::{Value, json};

/// A space that closes a session when its credential ends.
const CLOSES: &str = r#"{"closeAtExpiry":true}"#;

/// The most attempts in the first ten seconds of a failure, and in each minute after that.
const CALM: (usize, usize) = (12, 6);

/// The longest pause between two attempts, and what connecting takes.
const LONGEST_PAUSE: Duration = Duration::from_secs(35);

#[test]
fn every_situation_of_the_table_has_its_test() {
    let this = std::env::current_exe().unwrap();
    let listed = std::process::Command::new(this).arg("--list").output().unwrap().stdout;
    let listed = String::from_utf8(listed).unwrap();
    let tests: Vec<_> = listed.lines().filter_map(|line| line.strip_suffix(": test")).collect();
    let rows = include_str!("main.rs").lines().filter(|line| line.starts_with("//! | "));
    let named: Vec<_> = rows.filter_map(|row| row.rsplit('`').nth(1)).collect();
    assert!(named.len() >= 23, "{named:?}");
    for name in named {
        assert!(tests.contains(&name), "there is no test {name}");
    }
}

/// An error in the form of the space.
fn refusal() -> Value {
    json!({"errors": [{"type": "made_up", "code": "made_up", "message": "refused"}]})
}

const fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

/// Ends every session without a trace, so that the next connect is a fresh one.
fn forget(space: &Space) {
    space.sockets(SocketAction::Forget).unwrap();
    space.sockets(SocketAction::Drop).unwrap();
}

/// Waits until the client is online; `within` counts from now.
async fn online(client: &Client, within: Duration) {
    let mut status = client.status();
    let reached = status.wait_for(|status| *status == Status::Online);
    let reached = tokio::time::timeout(within, reached).await.map(|it| it.map(|status| *status));
    let now = *client.status().borrow();
    assert!(matches!(reached, Ok(Ok(_))), "not online within {within:?}, but {now}");
}

/// W1: online with a credential that is in force and lives, and stays so for a moment.
async fn well(client: &Client) {
    online(client, LONGEST_PAUSE).await;
    let mut status = client.credential_status();
    let lives = status.wait_for(|it| it.is_some_and(|it| it.applied && !it.expired));
    let lives = tokio::time::timeout(seconds(5), lives).await;
    assert!(matches!(lives, Ok(Ok(_))), "no live credential in force");
}

/// W2: no token that had ended was presented at a connect.
#[track_caller]
fn no_dead_token(space: &Space) {
    let presented = tokens(space, CONNECT);
    let dead = presented.iter().filter(|token| **token == "expired").count();
    assert_eq!(dead, 0, "of {} connects", presented.len());
}

/// W3: the attempts (upgrades and `subscriber/info`, whichever is more) since `start` keep within
/// the bounds.
#[track_caller]
fn calm_since(space: &Space, start: i64) {
    for op in [UPGRADE, INFO] {
        let mut counts = std::collections::BTreeMap::<i64, usize>::new();
        for at in times(space, op).into_iter().filter(|at| *at > start) {
            let since = at - start;
            let stretch = if since < 10_000 { -1 } else { (since - 10_000) / 60_000 };
            *counts.entry(stretch).or_default() += 1;
        }
        for (stretch, count) in counts {
            let bound = if stretch < 0 { CALM.0 } else { CALM.1 };
            assert!(count <= bound, "{count} times {op} in stretch {stretch}, at most {bound}");
        }
    }
}

/// The space's time, to count from: what was asked before is earlier, what follows is later.
async fn mark(scene: &Scene) -> i64 {
    // In simulated time a whole connect is over in the same millisecond.
    pass(Duration::from_millis(6)).await;
    scene.now().get() - 3
}

/// Whether anything is told, but for what is said of every provider without `refresh()`.
fn is_anything_told(client: &Client) -> bool {
    let warned = warnings(client).into_iter().any(|it| it != "credential_no_refresh_handler");
    warned || !errors(client).is_empty()
}

/// How often an operation was asked since `start`.
fn since(space: &Space, op: &str, start: i64) -> usize {
    times(space, op).into_iter().filter(|at| *at > start).count()
}

/// The kinds of the connects so far.
fn kinds(space: &Space) -> Vec<Attempt> {
    let log = space.log();
    let connects = log.checks.iter().filter(|check| check.op == CONNECT);
    // A planned answer is given before the call is looked at; the first connect is always fresh.
    connects.filter_map(|check| check.kind).collect()
}
