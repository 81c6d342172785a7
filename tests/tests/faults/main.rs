//! Every fault scenario of the credential lifecycle, every fault that the official SDK was seen to
//! have, and its known defects: each a named test, in simulated time.
//!
//! The spaces and sockets are real, the clock is not: all of it runs on one thread with tokio's
//! clock paused, so that a day passes in a second and nothing waits.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod activation;
mod answers;
mod clocks;
mod control;
mod defects;
mod observed;
mod providers;
mod rotation;
mod schedule;
mod secrecy;
mod session;
mod storage;

/// The names of all tests here.
fn tests() -> Vec<String> {
    let this = std::env::current_exe().unwrap();
    let listed = std::process::Command::new(this).arg("--list").output().unwrap().stdout;
    let listed = String::from_utf8(listed).unwrap();
    listed.lines().filter_map(|line| line.strip_suffix(": test")).map(str::to_owned).collect()
}
