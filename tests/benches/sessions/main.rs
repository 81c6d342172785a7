//! Many sessions in one process, which all lose their sockets at once, beside as many bare ones:
//! tokio-tungstenite over rustls, which hold a socket open and open it again when it is cut.
//!
//! ```sh
//! cargo bench -p credwire-tests --bench sessions                  # 2000 sessions, 9 samples of each
//! cargo bench -p credwire-tests --bench sessions -- 500 --samples=3
//! cargo bench -p credwire-tests --bench sessions -- --quick       # few sessions, one sample, no judgement
//! cargo bench -p credwire-tests --bench sessions -- --json
//! ```
//!
//! Each sample is a process of its own, and its space is another, so that memory and CPU time are
//! those of the sessions alone. The memory of a session is what the process grows by from the first
//! eighth of its idle sessions to all of them: what sessions share, and what the program itself
//! takes, is no part of it. Exit status 1 when a goal is missed; a session that does not come back
//! ends the run.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a bench reports on its streams and ends at the first thing out of order"
)]

mod bare;
mod bare_socket;
mod crowd;
mod ours;
#[path = "../measure/report.rs"]
#[allow(dead_code, reason = "every goal here is an upper bound")]
mod report;
#[path = "../measure/sampling.rs"]
#[allow(dead_code, reason = "other benches time pieces of work, this one processes")]
mod sampling;
mod space;

use std::{process::ExitCode, time::Duration};

use crowd::{Crowd, Extent, Measured};
use report::{Bound, Report};
use sampling::median;

/// Until connections that REST calls left behind are closed.
const SETTLING: Duration = Duration::from_secs(8);

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [mode, tokens] = arguments.as_slice()
        && mode == space::MODE
    {
        space::serve(tokens.parse().expect("a number of tokens"));
        return ExitCode::SUCCESS;
    }
    if let [mode, kind, extent] = arguments.as_slice()
        && mode == crowd::MODE
    {
        let extent = serde_json::from_str(extent).expect("it was written by this program");
        match kind.as_str() {
            ours::KIND => crowd::measure_here::<ours::Ours>(extent),
            _ => crowd::measure_here::<bare::Bare>(extent),
        }
        return ExitCode::SUCCESS;
    }
    // `cargo test --benches` starts benches too, without this argument.
    if !arguments.iter().any(|argument| argument == "--bench") {
        println!("run with `cargo bench`");
        return ExitCode::SUCCESS;
    }
    let quick = arguments.iter().any(|argument| argument == "--quick");
    let (usual, settling) = if quick { (40, Duration::from_millis(200)) } else { (2000, SETTLING) };
    let all = arguments.iter().find_map(|argument| argument.parse().ok()).unwrap_or(usual);
    let samples = arguments.iter().find_map(|argument| argument.strip_prefix("--samples="));
    let samples = samples.map_or(9, |samples| samples.parse().expect("a number of samples"));
    let samples = if quick { 1 } else { samples };
    let extent = Extent { first: all / 8, all, settling };

    let mut report = Report::default();
    report.note(format!("{all} sessions, {samples} samples of each in turn, medians"));
    let turns: Vec<(Measured, Measured)> = (1..=samples)
        .map(|sample| {
            eprintln!("sample {sample} of {samples}");
            (ours::Ours::measure(&extent), bare::Bare::measure(&extent))
        })
        .collect();
    tell(&turns, !quick, &mut report);
    if arguments.iter().any(|argument| argument == "--json") {
        report.print_json();
    } else {
        report.print_table();
    }
    if report.all_met() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// What was measured, beside the goals when it is judged.
fn tell(turns: &[(Measured, Measured)], is_judged: bool, report: &mut Report) {
    let ratio = |of: fn(&Measured) -> f64| {
        let ratio = median(turns.iter().map(|(ours, bare)| of(ours) / of(bare)));
        (ratio, format!("{} beside {}", range(turns, |it| of(&it.0)), range(turns, |it| of(&it.1))))
    };
    let idle = median(turns.iter().map(|(ours, _)| ours.idle));
    for (what, (value, detail), unit, bound) in [
        (
            "an idle session",
            (idle, range(turns, |(ours, _)| ours.idle)),
            "KiB",
            Some(Bound::AtMost(33.0)),
        ),
        ("an idle session, of a bare one: KiB", ratio(|it| it.idle), "x", Some(Bound::AtMost(2.2))),
        ("a session once resumed, of a bare one: KiB", ratio(|it| it.again), "x", None),
        ("all connected, of bare ones: CPU s", ratio(|it| it.connecting), "x", None),
        (
            "all resumed after one drop, of bare ones opened again: CPU s",
            ratio(|it| it.resuming),
            "x",
            Some(Bound::AtMost(1.3)),
        ),
        ("peak of the process, of bare ones: MiB", ratio(|it| it.peak), "x", None),
    ] {
        let row = report.row(what).detail(detail);
        match bound.filter(|_| is_judged) {
            _ if !value.is_finite() => row.skipped("this system keeps no account of memory"),
            Some(bound) => row.measured(value, unit, bound),
            None => row.told(value, unit),
        }
    }
}

/// The median with the smallest and the largest.
fn range(
    turns: &[(Measured, Measured)],
    of: impl Fn(&(Measured, Measured)) -> f64 + Copy,
) -> String {
    let values = || turns.iter().map(of);
    let (least, most) = (values().fold(f64::MAX, f64::min), values().fold(f64::MIN, f64::max));
    format!("{:.2} ({least:.2} to {most:.2})", median(values()))
}
