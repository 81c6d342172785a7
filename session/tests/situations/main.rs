//! The situations from which the contract of the session core began, each with its neighbours: a
//! session in a simulated world that is as unkind as each of them requires. No time is real.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod application;
mod attempts;
mod credentials;
mod requests;
mod world;

use credwire_session::{Settings, scheduler::Policy};

use world::{Client, Note, World};

/// A client with other settings.
fn with_settings(change: impl FnOnce(&mut Settings)) -> Client {
    let mut settings = Settings::default();
    change(&mut settings);
    Client { settings, ..Client::default() }
}

/// A client with another policy.
fn with_policy(change: impl FnOnce(&mut Policy)) -> Client {
    let mut policy = Policy::default();
    change(&mut policy);
    Client { policy, ..Client::default() }
}

/// W3: pauses grow in any steady failure, counted over whatever shows an attempt.
fn assert_no_storm(world: &World, attempt: impl Fn(&Note) -> bool) {
    let times = world.times(attempt);
    let since = *times.first().expect("an attempt");
    let within = |from: u64, to: u64| times.iter().filter(|at| (from..to).contains(at)).count();
    assert!(
        within(since, since + 10_000) <= 12,
        "{} in ten seconds",
        within(since, since + 10_000)
    );
    let mut from = since + 10_000;
    while from + 60_000 <= world.at {
        let attempts = within(from, from + 60_000);
        assert!(attempts <= 6, "{attempts} in the minute from {from}");
        from += 5_000;
    }
}
