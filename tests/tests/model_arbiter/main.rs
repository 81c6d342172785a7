//! A model checker against the real arbiter: every order of events that an ill-meant world can
//! bring, and after each the invariants of the lifecycle.
//!
//! Time is abstracted to ticks: a credential lasts four, is due two before expiry, an operation
//! may take two, and every gap and backoff is one. One clock fault (a sleep, a step of the wall
//! clock in either direction, a space whose clock differs by as much as is believed) may happen per
//! run, or as many as `CREDWIRE_MODEL_FAULTS` says; times that agree and absurd ones are told at any
//! moment. States are compared by the arbiter's normal form, so that age and numbering do not count.
//!
//! The depth is counted from clients that have not started, are live, have been activated, are
//! due and have expired. `CREDWIRE_MODEL_DEPTH` sets it; go deeper in release mode.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests, which print the state counts"
)]

mod adversary;
mod moves;
mod mutant;
mod properties;
mod rules;
mod transitions;
mod world;

use std::time::Instant;

use adversary::Adversary;
use moves::Move;
use mutant::Mutation;
use properties::{FALLEN_BACK, GIVEN_UP, ROTATING};
use rules::Rule;
use stateright::{Checker, HasDiscoveries, Model, Path};
use world::World;

/// How many events deep the worlds are explored unless the environment says otherwise.
const DEPTH: usize = 6;

fn depth() -> usize {
    let set = std::env::var("CREDWIRE_MODEL_DEPTH").ok();
    set.map_or(DEPTH, |depth| depth.parse().expect("CREDWIRE_MODEL_DEPTH is a number"))
}

fn clock_faults() -> u8 {
    let set = std::env::var("CREDWIRE_MODEL_FAULTS").ok();
    set.map_or(1, |faults| faults.parse().expect("CREDWIRE_MODEL_FAULTS is a number"))
}

/// Explores the worlds of one client. `reached` names what has to be seen on the way.
fn check(adversary: Adversary, reached: &[&'static str]) {
    let name = format!("{:?}, expiry known: {}", adversary.able, adversary.expiry_known);
    let started = Instant::now();
    let checker = adversary
        .checker()
        .finish_when(HasDiscoveries::AnyFailures)
        .target_max_depth(depth())
        .spawn_bfs()
        .join();
    println!(
        "{name}: {} states, {} transitions, depth {}, {:.1?}",
        checker.unique_state_count(),
        checker.state_count(),
        checker.max_depth(),
        started.elapsed()
    );
    let discoveries = checker.discoveries();
    for (property, path) in &discoveries {
        if ![ROTATING, FALLEN_BACK, GIVEN_UP].contains(property) {
            panic!("{property} fails: {}", story(checker.model(), path));
        }
    }
    for property in reached {
        assert!(discoveries.contains_key(property), "no world is {property}");
    }
}

/// The clients that the model starts from, in the order of its initial states.
const STARTS: [&str; 5] =
    ["has not started", "is live", "has been activated", "is due", "has expired"];

/// Where a path starts, and its moves.
fn story(adversary: &Adversary, path: &Path<World, Move>) -> String {
    let steps = path.clone().into_vec();
    let first = steps.first().map(|(world, _)| world);
    let start = adversary.init_states().iter().position(|world| Some(world) == first).unwrap();
    let moves: Vec<_> = steps.into_iter().filter_map(|(_, r#move)| r#move).collect();
    format!("from the client that {}, {moves:?}", STARTS[start])
}

macro_rules! clients {
    ($($name:ident: $dpop:literal $refresh:literal $expiry_known:literal, $reached:expr;)*) => {$(
        #[test]
        fn $name() {
            check(Adversary::new($dpop, $refresh, $expiry_known, clock_faults()), &$reached);
        }
    )*};
}

clients! {
    a_client_without_any_means: false false true, [];
    a_client_without_any_means_or_expiry: false false false, [];
    a_client_with_refresh: false true true, [GIVEN_UP];
    a_client_with_refresh_and_no_expiry: false true false, [GIVEN_UP];
    a_client_with_dpop: true false true, [ROTATING];
    a_client_with_dpop_and_no_expiry: true false false, [ROTATING];
    a_client_with_everything: true true true, [ROTATING, FALLEN_BACK, GIVEN_UP];
    a_client_with_everything_but_expiry: true true false, [ROTATING, FALLEN_BACK, GIVEN_UP];
}

/// Each event under each of its guards is delivered somewhere, so that none of the properties above
/// holds for want of a case.
#[test]
fn every_transition_is_taken() {
    let known = [(false, false), (false, true), (true, false), (true, true)];
    let clients = known.map(|(dpop, refresh)| (dpop, refresh, true));
    let counts: Vec<_> = clients
        .into_iter()
        .chain([(false, true, false)])
        .map(|(dpop, refresh, expiry_known)| {
            let adversary = Adversary::new(dpop, refresh, expiry_known, 1);
            let counts = adversary.counts.clone();
            adversary.checker().target_max_depth(6).spawn_bfs().join();
            counts
        })
        .collect();
    let taken = |transition: &str| counts.iter().map(|counts| counts.of(transition)).sum::<u64>();
    for transition in transitions::ALL {
        println!("{:>9} {transition}", taken(transition));
    }
    let missing: Vec<_> = transitions::ALL.iter().filter(|it| taken(it) == 0).collect();
    assert!(missing.is_empty(), "never taken: {missing:?}");
}

#[test]
fn every_mutation_is_caught_by_the_rule_it_breaks() {
    let with_expiry = [
        (Mutation::ResumeArmsNothing, Rule::I2),
        (Mutation::RefreshNotApplied, Rule::I9),
        (Mutation::NoFallback, Rule::I2),
        (Mutation::LateResultTaken, Rule::I10),
        (Mutation::EndAbortsNothing, Rule::I3),
        (Mutation::NoWatchdog, Rule::I7),
        (Mutation::RetriesAtOnce, Rule::I5),
        (Mutation::LostReauthForgotten, Rule::I9),
        (Mutation::LongSleep, Rule::I8),
        (Mutation::StaleRefusalTaken, Rule::I10),
        (Mutation::AbsurdClockBelieved, Rule::I11),
        (Mutation::LiveSessionRestored, Rule::I11),
    ];
    let without = [(Mutation::StaleExpiryTaken, Rule::I10)];
    let all = with_expiry.map(|it| (it, true)).into_iter().chain(without.map(|it| (it, false)));
    for ((mutation, rule), expiry_known) in all {
        let checker = Adversary::new(true, true, expiry_known, 1)
            .with(mutation)
            .checker()
            .finish_when(HasDiscoveries::AnyOf([rule.name()].into()))
            .target_max_depth(10)
            .spawn_bfs()
            .join();
        let path = checker.discovery(rule.name());
        let path = path.unwrap_or_else(|| panic!("{mutation:?} does not break {}", rule.name()));
        println!("{mutation:?} breaks {}: {}", rule.name(), story(checker.model(), &path));
    }
}
