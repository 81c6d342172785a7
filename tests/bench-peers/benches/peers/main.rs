//! The generated API beside its peers. Every goal is a ratio within one run:
//!
//! ```sh
//! cargo bench --manifest-path tests/bench-peers/Cargo.toml             # all; exit status 1 when a goal is missed
//! cargo bench --manifest-path tests/bench-peers/Cargo.toml -- documents
//! cargo bench --manifest-path tests/bench-peers/Cargo.toml -- --json
//! ```
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    dead_code,
    reason = "a bench reports on its streams; of what benches share this one uses a part"
)]

/// What `credwire` gives of the generated API, without the client.
mod credwire {
    pub(crate) use credwire_core::*;
    pub(crate) use credwire_generated::*;
}
mod check;
mod documents;
mod generate;
mod many;
#[path = "../../../benches/measure/mod.rs"]
mod measure;
mod rpc;
mod validation;

use std::process::ExitCode;

use measure::report::Report;

/// The parts by the name that selects them.
const PARTS: [(&str, fn(&mut Report)); 9] = [
    ("documents", documents::measure),
    ("rpc", rpc::measure),
    ("generate", generate::measure),
    ("generate-5000", generate::five_thousand),
    ("check", check::fifty),
    ("check-500", check::five_hundred),
    ("macros", check::macros),
    ("validate-600", check::validated),
    ("validation", validation::measure),
];

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if let [mode, peer, size] = args.as_slice()
        && mode == generate::MEMORY
    {
        generate::run_child(peer, size.parse().expect("a number of interfaces"));
        return ExitCode::SUCCESS;
    }
    // `cargo test --benches` starts benches too, without this argument.
    if !args.iter().any(|arg| arg == "--bench") {
        println!("run with `cargo bench`");
        return ExitCode::SUCCESS;
    }
    let named: Vec<&String> = args.iter().filter(|arg| !arg.starts_with("--")).collect();
    if let Some(unknown) =
        named.iter().find(|name| PARTS.iter().all(|(part, _)| *part != name.as_str()))
    {
        eprintln!("there is no part `{unknown}`: {:?}", PARTS.map(|(part, _)| part));
        return ExitCode::FAILURE;
    }
    let mut report = Report::default();
    for (part, measure) in PARTS {
        if named.is_empty() || named.iter().any(|name| *name == part) {
            measure(&mut report);
        }
    }
    if args.iter().any(|arg| arg == "--json") {
        report.print_json();
    } else {
        report.print_table();
    }
    if report.all_met() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
