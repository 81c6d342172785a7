//! What one input costs the session core.
//!
//! ```sh
//! cargo bench -p credwire-session --bench session            # a table; exit status 1 when a goal is missed
//! cargo bench -p credwire-session --bench session -- --json
//! cargo bench -p credwire-session --bench session -- --quick # one sample, no judgement
//! ```
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::print_stderr,
    dead_code,
    reason = "a bench reports on its streams; of what benches share this one uses a part"
)]

#[path = "../tests/day/mod.rs"]
mod day;
#[path = "../../tests/benches/measure/report.rs"]
mod report;
#[path = "../../tests/benches/measure/sampling.rs"]
mod sampling;

use std::{process::ExitCode, sync::Arc};

use credwire_session::{Session, scheduler::CredentialScheduler};

use self::{
    day::{Abilities, Day},
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
    let quick = args.iter().any(|arg| arg == "--quick");
    let samples = if quick { 1 } else { SAMPLES };
    let mut report = Report::default();
    for (name, able) in [
        ("refresh()", Abilities { dpop: false, refresh: true }),
        ("Client Bound SAT", Abilities { dpop: true, refresh: true }),
    ] {
        let row = report.row(format!("CPU time of an input, {name}"));
        let mut day = Day::new(able);
        let mut inputs = 0;
        let cost = median(
            repeat(samples, || {
                inputs = 0;
                for _ in 0..DAYS {
                    day.make_answers();
                    inputs += day.pass();
                }
            })
            .iter()
            .map(Spent::cpu),
        ) * 1e6
            / inputs as f64;
        row.detail(format!("{inputs} inputs of {DAYS} days")).measured(
            cost,
            "ns",
            Bound::AtMost(150.0),
        );

        let row = report.row(format!("allocations in a day, {name}"));
        day.make_answers();
        let counted = allocation_counter::measure(|| {
            day.pass();
        });
        row.measured(counted.count_total as f64, "", Bound::AtMost(0.0));
    }
    let state = size_of::<Session<Arc<str>, ()>>() as f64;
    report.row("state").measured(state, "B", Bound::AtMost(2048.0));
    report.row("state of the scheduler").told(size_of::<CredentialScheduler>() as f64, "B");
    if args.iter().any(|arg| arg == "--json") {
        report.print_json();
    } else {
        report.print_table();
    }
    if quick || report.all_met() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
