//! Connecting and going away again, thousands of times: no task and no memory is left.
//!
//! `CREDWIRE_LEAK_CYCLES` sets the number of clients, 200 by default; take 10000 for a thorough
//! look.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests, which print what they measured"
)]

use std::time::Duration;

use credwire_tests::live::*;

/// Enough for pools and caches to be as large as they get.
const WARM_UP: u32 = 50;
/// Growth that an allocator's fragments explain, whatever the number of cycles.
const TOLERATED_KIB: u64 = 16 * 1024;

fn cycles() -> u32 {
    let set = std::env::var("CREDWIRE_LEAK_CYCLES").ok();
    set.map_or(200, |cycles| cycles.parse().expect("CREDWIRE_LEAK_CYCLES is a number"))
}

/// The memory of this process that is in use; 0 where the system does not tell.
fn resident_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}

fn tasks() -> usize {
    tokio::runtime::Handle::current().metrics().num_alive_tasks()
}

/// One client, which ends in one of four ways.
async fn cycle(scene: &Scene, n: u32) {
    let backend = Backend { scope: n.is_multiple_of(2), can_refresh: true, ..scene.backend() };
    match n % 4 {
        0 => scene.connect(&backend).await.disconnect().await,
        1 => drop(scene.connect(&backend).await),
        2 => {
            let client = scene.connect(&backend).await;
            let asking = tokio::spawn({
                let client = client.clone();
                async move { client.refresh_now().await }
            });
            tokio::task::yield_now().await;
            asking.abort();
        }
        _ => {
            // Given up on the way.
            let connecting = scene.client(backend).connect();
            let patience = Duration::from_millis(u64::from(n % 7));
            let _ = tokio::time::timeout(patience, connecting).await;
        }
    }
    if n.is_multiple_of(20) {
        // The space's log and its memory of proofs are no leak.
        scene.space.reset();
    }
}

#[tokio::test(start_paused = true)]
async fn clients_that_come_and_go_leave_nothing_behind() {
    let scene = Scene::new("{}").await;
    let idle = tasks();
    for n in 0..WARM_UP {
        cycle(&scene, n).await;
    }
    let before = resident_kib();
    let cycles = cycles();
    for n in 0..cycles {
        cycle(&scene, n).await;
    }
    // The space hears a little later that a client is gone.
    pass(minutes(5)).await;
    let grown = resident_kib().saturating_sub(before);
    println!("{cycles} clients: {} tasks before, {} after, {grown} KiB more", idle, tasks());
    assert_eq!(tasks(), idle, "a task is left");
    assert!(grown <= TOLERATED_KIB, "{grown} KiB more than before {cycles} clients");
}
