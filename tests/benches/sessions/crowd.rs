//! One sample: all sessions of a kind in a process of their own.

use std::{
    fs,
    future::Future,
    io::Write as _,
    process::{Command, Stdio},
    time::Duration,
};

use cpu_time::ProcessTime;
use futures_util::{FutureExt as _, StreamExt as _, stream};
use serde::{Deserialize, Serialize};

use crate::space::{Place, Space};

/// The argument that makes this program a sample.
pub(crate) const MODE: &str = "--sample";

/// As many as are set up at the same time.
pub(crate) const AT_ONCE: usize = 64;
const PATIENCE: Duration = Duration::from_secs(600);

/// How much is measured.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Extent {
    /// Sessions that are there before growth is measured.
    pub(crate) first: usize,
    /// Sessions in all.
    pub(crate) all: usize,
    /// Until a session counts as idle.
    pub(crate) settling: Duration,
}

/// What a sample found.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Measured {
    /// KiB that each idle session added.
    pub(crate) idle: f64,
    /// KiB that each session has added once it was dropped and is back.
    pub(crate) again: f64,
    /// CPU seconds until all were idle.
    pub(crate) connecting: f64,
    /// CPU seconds from the drop until all were back.
    pub(crate) resuming: f64,
    /// The most memory of the process, in MiB.
    pub(crate) peak: f64,
}

/// Sessions of one kind.
pub(crate) trait Crowd: Sized {
    /// The name of the kind.
    const KIND: &'static str;
    /// Whether the sessions need tokens.
    const NEEDS_TOKENS: bool;

    fn new(place: Place) -> Self;

    /// Connects one more session, which stays.
    fn connect(&self, number: usize) -> impl Future<Output = ()>;

    /// Begins to wait until each session was lost and is back.
    fn wait_for_all(&self) -> impl Future<Output = ()>;

    /// Runs one sample in a process of its own.
    fn measure(extent: &Extent) -> Measured {
        let space = Space::start(if Self::NEEDS_TOKENS { extent.all } else { 0 });
        let mut child = Command::new(std::env::current_exe().expect("this program has a path"))
            .args([MODE, Self::KIND, &serde_json::to_string(extent).expect("it is plain data")])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("this program can be started");
        let mut input = child.stdin.take().expect("it is piped");
        let place = serde_json::to_vec(&space.place).expect("it is plain data");
        input.write_all(&place).expect("it is read");
        drop(input);
        let output = child.wait_with_output().expect("it ends");
        assert!(output.status.success(), "a sample failed: {}", Self::KIND);
        serde_json::from_slice(&output.stdout).expect("it tells what it found")
    }
}

/// Answers [`Crowd::measure`].
pub(crate) fn measure_here<C: Crowd>(extent: Extent) {
    let place = serde_json::from_reader(std::io::stdin()).expect("a place");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let run = async { tokio::time::timeout(PATIENCE, sample::<C>(place, extent)).await };
    let measured = runtime.block_on(run).expect("in time");
    println!("{}", serde_json::to_string(&measured).expect("it is plain data"));
}

async fn sample<C: Crowd>(place: Place, Extent { first, all, settling }: Extent) -> Measured {
    let control = place.clone();
    let crowd = C::new(place);
    let cpu = ProcessTime::now();
    let mut before = 0.0;
    for numbers in [0..first, first..all] {
        before = memory("VmRSS:");
        let connecting = stream::iter(numbers).map(|number| crowd.connect(number));
        connecting.buffer_unordered(AT_ONCE).collect::<()>().await;
        tokio::time::sleep(settling).await;
    }
    let connecting = cpu.elapsed().as_secs_f64();
    let each = |now: f64| (now - before) / (all - first) as f64;
    let idle = each(memory("VmRSS:"));

    // Whoever waits for the end of the first session must not miss it.
    let mut back = Box::pin(crowd.wait_for_all());
    assert!((&mut back).now_or_never().is_none(), "nothing was lost yet");
    tokio::task::yield_now().await;
    let cpu = ProcessTime::now();
    control.drop_all().await;
    back.await;
    let resuming = cpu.elapsed().as_secs_f64();
    tokio::time::sleep(settling).await;
    let again = each(memory("VmRSS:"));
    Measured { idle, again, connecting, resuming, peak: memory("VmHWM:") / 1024.0 }
}

/// A value of the system's account of this process, in KiB; no number where there is none.
fn memory(name: &str) -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse().unwrap_or(f64::NAN)
}
