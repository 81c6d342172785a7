//! A model checker against the real session: every order of moves that an ill-meant world can make
//! within a budget, and after each the properties of the contract.
//!
//! The model drives a [`Session`](credwire_session::Session) whose tokens are numbers. Time is cut to
//! ticks; states are compared by the normal form that the session offers and by what the world around
//! it is. A world in order (`good.rs`) has one next step. The adversary (`faults.rs`) has a budget of
//! moves between two quiet stretches. From *every* state that is reached he is switched off, and the
//! client has to be back within [`BOUND`](explore::BOUND) ticks without meeting the same state twice
//! on the way; suspended, ended and logged-out clients wait for a person and are exempt.
//!
//! The gate searches a little of each client. Everything, in minutes:
//!
//! ```text
//! cargo test --release -p credwire-session --test model -- whole --nocapture
//! ```
//!
//! `CREDWIRE_MODEL_DEPTH` is the budget, `CREDWIRE_MODEL_ROUNDS` the quiet stretches,
//! `CREDWIRE_MODEL_STATES` the states of each client, `CREDWIRE_MODEL_WALKS` the long ways at random,
//! `CREDWIRE_MODEL_ONLY` the number of a single client, and with `CREDWIRE_MODEL_TRACE` a
//! counterexample is printed input by input.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests, which print the state counts"
)]

mod config;
mod drive;
mod explore;
mod faults;
mod found;
mod good;
mod moves;
mod mutant;
mod rules;
mod ruling;
mod storm;
mod token;
mod world;

use std::sync::{
    OnceLock,
    atomic::{AtomicUsize, Ordering},
};

use config::{Config, Expiry, Record};
use explore::{Limits, Report, search};
use moves::Move;
use mutant::Mutation;
use rules::{Rule, Violation};
use ruling::Ruling;

/// Searches all of these clients, on as many threads as there are processors.
fn search_all(configs: &[Config], limits: Limits) -> Vec<Report> {
    let next = AtomicUsize::new(0);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut reports = Vec::new();
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|_| {
                scope.spawn(|| {
                    let mut reports = Vec::new();
                    while let Some(config) = configs.get(next.fetch_add(1, Ordering::Relaxed)) {
                        let report = search(*config, None, limits);
                        print(&report);
                        reports.push(report);
                    }
                    reports
                })
            })
            .collect();
        for worker in workers {
            reports.extend(worker.join().expect("a search does not panic"));
        }
    });
    reports
}

fn print(report: &Report) {
    println!(
        "{}: {:>8} states {:>9} transitions depth {:>3} longest {:>2} {} {:.1?}",
        report.config.name(),
        report.states,
        report.transitions,
        report.depth,
        report.longest,
        if report.complete { "whole" } else { "cut" },
        report.took,
    );
    if let Some((violation, story)) = &report.failure {
        println!("    {violation}\n    after {story}");
    }
}

/// The number in an environment variable.
fn set(name: &str, otherwise: usize) -> usize {
    std::env::var(name).map_or(otherwise, |text| text.parse().expect("a number"))
}

/// Says what failed, if anything.
fn check(reports: &[Report]) {
    let states: usize = reports.iter().map(|report| report.states).sum();
    let transitions: u64 = reports.iter().map(|report| report.transitions).sum();
    println!("{states} states, {transitions} transitions");
    let failed = reports.iter().find_map(|report| report.failure.as_ref());
    if let Some((violation, story)) = failed {
        panic!("{violation}, after {story}");
    }
}

/// The search of the gate, which two tests look at.
fn gate() -> &'static [Report] {
    static REPORTS: OnceLock<Vec<Report>> = OnceLock::new();
    REPORTS.get_or_init(|| {
        search_all(&Config::all(), Limits { budget: 2, rounds: 1, states: 2500, walks: 4 })
    })
}

#[test]
fn a_client_comes_back_whatever_happened() {
    check(gate());
}

/// Nothing above holds for want of a case.
#[test]
fn every_move_and_every_ruling_was_reached() {
    let made = |at: usize| gate().iter().map(|report| report.moves[at]).sum::<u64>();
    let moves = Move::all();
    let counts: Vec<_> = moves.iter().enumerate().map(|(at, it)| (made(at), it)).collect();
    for (count, r#move) in &counts {
        println!("{count:>9} {:?}", r#move);
    }
    let reached = gate().iter().map(|report| report.rulings).chain(storms().map(|it| it.1));
    let reached = reached.fold(0, |all, rulings| all | rulings);
    let missing: Vec<_> = Ruling::ALL.iter().filter(|it| reached & it.bit() == 0).collect();
    let never: Vec<_> = counts.iter().filter(|(count, _)| *count == 0).collect();
    assert!(missing.is_empty() && never.is_empty(), "rulings {missing:?}, moves {never:?}");
}

/// Every failure that never ends, for every client, with the rulings that it meets.
fn storms() -> impl Iterator<Item = (String, u64, Option<Violation>)> {
    let cases = Config::all().into_iter().flat_map(|config| {
        let failures = storm::FAILURES.into_iter();
        failures.flat_map(move |failure| [(config, failure, false), (config, failure, true)])
    });
    cases.map(|(config, failure, live)| {
        let from = if live { "a live session" } else { "the start" };
        let name = format!("{}, {failure:?} from {from}", config.name());
        match storm::watch(config, None, failure, live) {
            Ok(rulings) => (name, rulings, None),
            Err(violation) => (name, 0, Some(violation)),
        }
    })
}

#[test]
fn a_failure_that_never_ends_is_no_storm() {
    let failed: Vec<_> = storms()
        .filter_map(|(name, _, violation)| Some(format!("{name}: {}", violation?)))
        .collect();
    assert!(failed.is_empty(), "{} of them: {:#?}", failed.len(), &failed[..failed.len().min(40)]);
}

/// The client that shows a defect, how far it is searched, and the property that notices.
fn mutants() -> Vec<(Mutation, Config, u8, Rule)> {
    use Mutation::{
        AbortLost, AnswerLost, AnsweredTwice, BoundForgotten, EndsFirst, ExhaustedDisconnects,
        ExpiryIgnored, FailedWriteForgotten, ForeignRefusal, GoodNewsAtOnce, KeyLossIgnored,
        NoNotice, NoOperationTimeout, NoReserve, NoSuspicion, RefusalForgotten,
        RegistrationGivenUp, ReportedTwice, RestartIgnored, ResultLost, ResumeForEver,
        RetryAfterIgnored, SameTokenTaken, ServerTimeIgnored, StateLost, StoredExpiryLost,
        StoresNothing, SuspendIgnored, TickLost, TransientEnds, UnknownMethodAgain,
    };
    let plain = Config::new(false, false, Expiry::Issuer, Record::Nothing);
    let alive = Config { record: Record::Alive, ..plain };
    let unknown = Config { expiry: Expiry::Unknown, ..alive };
    let refresh = Config { refresh: true, ..plain };
    let dpop = Config { dpop: true, ..plain };
    let able = Config { dpop: true, ..refresh };
    let bound = Config { record: Record::Alive, ..able };
    let ended = Config { record: Record::Ended, ..plain };
    vec![
        (RestartIgnored, plain, 1, Rule::W3RestartPause),
        (NoSuspicion, alive, 1, Rule::Suspect),
        (RefusalForgotten, dpop, 1, Rule::W7Lineage),
        (TransientEnds, plain, 1, Rule::Ends),
        (ForeignRefusal, plain, 1, Rule::Ends),
        (ExpiryIgnored, Config { closes: false, ..plain }, 1, Rule::W2NoDeadToken),
        (StoredExpiryLost, ended, 0, Rule::W9Notice),
        (AbortLost, refresh, 1, Rule::OneAtATime),
        (NoOperationTimeout, refresh, 1, Rule::W9Operation),
        (NoReserve, able, 1, Rule::W9Operation),
        (NoNotice, plain, 1, Rule::W9Notice),
        (AnswerLost, plain, 1, Rule::Replies),
        (AnsweredTwice, plain, 1, Rule::Replies),
        (StoresNothing, plain, 1, Rule::Storage),
        (FailedWriteForgotten, Config { closes: false, ..plain }, 1, Rule::Storage),
        (RegistrationGivenUp, refresh, 1, Rule::W1ComesBack),
        (ResumeForEver, unknown, 1, Rule::W1ComesBack),
        (ResultLost, plain, 0, Rule::W1ComesBack),
        (UnknownMethodAgain, refresh, 1, Rule::ReauthUnknown),
        (SameTokenTaken, refresh, 1, Rule::SameToken),
        (BoundForgotten, bound, 1, Rule::DeviceToken),
        (SuspendIgnored, refresh, 1, Rule::Suspended),
        (RetryAfterIgnored, refresh, 1, Rule::W3RetryAfter),
        (EndsFirst, plain, 2, Rule::AfterTheEnd),
        (KeyLossIgnored, dpop, 1, Rule::W2NoRefusedToken),
        (GoodNewsAtOnce, refresh, 2, Rule::W5OwnAnswers),
        (ReportedTwice, plain, 1, Rule::W6ReportedOnce),
        (ExhaustedDisconnects, refresh, 2, Rule::W1ComesBack),
        (TickLost, plain, 1, Rule::W3NoBusyLoop),
        (StateLost, plain, 1, Rule::Storage),
        (ServerTimeIgnored, plain, 2, Rule::W1ComesBack),
    ]
}

#[test]
fn every_mutation_is_caught_by_the_rule_it_breaks() {
    let mut wrong = Vec::new();
    for (mutation, config, budget, rule) in mutants() {
        let limits = Limits { budget, rounds: 1, states: 40_000, walks: 0 };
        let report = search(config, Some(mutation), limits);
        let found = report.failure.as_ref().map(|(violation, _)| violation.rule);
        println!("{mutation:?}: {found:?} in {} states, {:.1?}", report.states, report.took);
        if let Some((violation, story)) = &report.failure {
            println!("    {violation}\n    after {story}");
        }
        if found != Some(rule) {
            wrong.push((mutation, found));
        }
    }
    let steady = [
        (Mutation::NoPause, Rule::W3NoStorm),
        (Mutation::PausesDoNotGrow, Rule::W3NoStorm),
        (Mutation::NoConnectDeadline, Rule::W4Deadline),
    ];
    for (mutation, rule) in steady {
        let plain = Config::new(false, false, Expiry::Issuer, Record::Nothing);
        let failure = Move::Open(moves::RestAnswer::Fails);
        let found = storm::watch(plain, Some(mutation), failure, false);
        println!("{mutation:?}: {found:?}");
        if !found.is_err_and(|violation| violation.rule == rule) {
            wrong.push((mutation, None));
        }
    }
    assert!(wrong.is_empty(), "not caught so: {wrong:?}");
}

/// Everything: `cargo test --release -p credwire-session --test model -- whole --nocapture`.
#[test]
#[cfg_attr(debug_assertions, ignore = "takes minutes; run it in release mode")]
fn whole() {
    let limits = Limits {
        budget: u8::try_from(set("CREDWIRE_MODEL_DEPTH", 4)).expect("a small number"),
        rounds: set("CREDWIRE_MODEL_ROUNDS", 3),
        states: set("CREDWIRE_MODEL_STATES", 200_000),
        walks: u64::try_from(set("CREDWIRE_MODEL_WALKS", 500)).expect("a number"),
    };
    let mut configs = Config::all();
    // The worlds of a single client, to look at them.
    if let Some(only) = configs.get(set("CREDWIRE_MODEL_ONLY", usize::MAX)).copied() {
        configs = vec![only];
    }
    check(&search_all(&configs, limits));
}
