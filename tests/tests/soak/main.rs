//! Eight clients of the four kinds, random faults at every step, an hour of simulated time: after
//! each minute of quiet all of them are online, and none has stormed.
//!
//! The clock is paused and everything runs on one thread. The same in real time:
//! `cargo run --release -p credwire-tests --bin soak`.
#![allow(clippy::panic, clippy::print_stdout, reason = "a test, which prints what it went through")]

use std::time::Duration;

use credwire_tests::soak::{Plan, run};

/// An hour: four minutes of faults and one of quiet, twelve times.
const fn hour(seed: u64) -> Plan {
    let (faults, quiet) = (Duration::from_secs(240), Duration::from_secs(60));
    Plan { seed, cycles: 12, faults, quiet }
}

async fn survives(seed: u64) {
    println!("seed {seed}");
    let outcome = run(&hour(seed), |line| println!("{line}")).await;
    println!("seed {seed}: {outcome}");
    for text in outcome.lost.iter().chain(&outcome.storms) {
        println!("{text}");
    }
    assert!(outcome.is_good(), "seed {seed}: {outcome}");
}

#[tokio::test(start_paused = true)]
async fn an_hour_of_faults_with_seed_1() {
    survives(1).await;
}

#[tokio::test(start_paused = true)]
async fn an_hour_of_faults_with_seed_2() {
    survives(2).await;
}

#[tokio::test(start_paused = true)]
async fn an_hour_of_faults_with_seed_3() {
    survives(3).await;
}

#[tokio::test(start_paused = true)]
async fn an_hour_of_faults_with_seed_4() {
    survives(4).await;
}

#[tokio::test(start_paused = true)]
async fn an_hour_of_faults_with_seed_5() {
    survives(5).await;
}
