//! A thousand clients for thirty days, each with its own mixture of means, clocks and mishaps:
//! calls that fail, hang and panic, sockets that drop, networks that go away, machines that sleep,
//! clocks that step. A session may end only where nothing could have kept it.
//!
//! Everything is simulated, event by event; `CREDWIRE_FLEET_SEED` draws another fleet.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test, which prints what it went through"
)]

mod faults;
mod session;
mod world;

use std::{
    sync::atomic::{AtomicU64, Ordering},
    thread,
    time::{Duration, Instant},
};

use credwire::lifecycle::{CheckedPolicy, Policy};
use faults::DAY;
use session::{Session, Tally};

const SESSIONS: u64 = 1000;
const DAYS: i64 = 30;

/// Default timers, but for the longest sleep: thirty seconds would be 86 million ticks.
fn policy() -> CheckedPolicy {
    let mut policy = Policy::default();
    policy.chunk = Duration::from_secs(600);
    policy.checked().unwrap()
}

#[test]
fn no_session_is_lost_while_anything_could_keep_it() {
    let set = std::env::var("CREDWIRE_FLEET_SEED").ok();
    let first: u64 = set.map_or(0, |seed| seed.parse().expect("a number"));
    let started = Instant::now();
    let next = AtomicU64::new(first);
    let work = || {
        let mut sum = Tally::default();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= first + SESSIONS {
                return sum;
            }
            let mut session = Session::new(seed, policy());
            session.live(DAYS * DAY);
            sum = sum + session.tally;
        }
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let sum = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().map(|it| it.join().unwrap()).fold(Tally::default(), |a, b| a + b)
    });
    println!("{SESSIONS} sessions, {DAYS} days in {:.1?}: {sum:?}", started.elapsed());
    // The fleet went through something.
    assert!(sum.faults > SESSIONS * 100 && sum.reauthentications > SESSIONS * 500, "{sum:?}");
    assert!(sum.expired > SESSIONS, "some clients have no means");
}
