//! What one event costs the lifecycle.
//!
//! ```sh
//! cargo bench -p credwire-tests --bench arbiter            # a table; exit status 1 when a goal is missed
//! cargo bench -p credwire-tests --bench arbiter -- --json
//! ```
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::print_stderr,
    dead_code,
    reason = "a bench reports on its streams; of what benches share this one uses a part"
)]

#[path = "../measure/mod.rs"]
mod measure;

use std::process::ExitCode;

use credwire::lifecycle::{Abilities, Arbiter, CheckedPolicy};
use credwire_tests::day;

use self::measure::{
    report::{Bound, Report},
    sampling::{Spent, median, repeat},
};

/// Days in one sample, so that a sample takes much longer than a tick of the clock.
const DAYS: u64 = 20;
const SAMPLES: usize = 21;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    // `cargo test --benches` starts benches too, without this argument.
    if !args.iter().any(|arg| arg == "--bench") {
        println!("run with `cargo bench`");
        return ExitCode::SUCCESS;
    }
    let mut report = Report::default();
    let policy = CheckedPolicy::default();
    for (name, able) in [
        ("refresh()", Abilities { dpop: false, refresh: true }),
        ("Client Bound SAT", Abilities { dpop: true, refresh: true }),
    ] {
        let row = report.row(format!("CPU time of an event, {name}"));
        let days = || (0..DAYS).map(|seed| day::pass(&policy, able, seed)).sum::<u64>();
        let events = days();
        let cost = median(repeat(SAMPLES, days).iter().map(Spent::cpu)) * 1e6 / events as f64;
        row.detail(format!("{events} events of {DAYS} days")).measured(
            cost,
            "ns",
            Bound::AtMost(150.0),
        );

        let row = report.row(format!("allocations in a day, {name}"));
        let counted = allocation_counter::measure(|| {
            day::pass(&policy, able, 0);
        });
        row.measured(counted.count_total as f64, "", Bound::AtMost(0.0));
    }
    report.row("state").measured(size_of::<Arbiter>() as f64, "B", Bound::AtMost(256.0));
    if args.iter().any(|arg| arg == "--json") {
        report.print_json();
    } else {
        report.print_table();
    }
    if report.all_met() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
