//! How fast pages become a linked schema, and declarations facts, beside the tools underneath and
//! besides. Every goal is a ratio within one run:
//!
//! ```sh
//! cargo bench -p credwire-tests --bench ingest             # a table; exit status 1 when a goal is missed
//! cargo bench -p credwire-tests --bench ingest -- --json
//! ```
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a bench reports on its streams and ends at the first thing out of order"
)]

mod corpus;
mod memory;
mod parser;
mod report;
mod sampling;
mod typescript;

use std::{hint::black_box, path::Path, process::ExitCode};

use credwire_schema::{codegen, document, overlay::Overlay};

use self::{
    corpus::Corpus,
    report::{Bound, Report},
    sampling::{Spent, median, median_ratio, side_by_side},
};

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if let [mode, copies] = args.as_slice()
        && mode == memory::MODE
    {
        memory::run_child(copies.parse().expect("a number of copies"));
        return ExitCode::SUCCESS;
    }
    // `cargo test --benches` starts benches too, without this argument.
    if !args.iter().any(|arg| arg == "--bench") {
        println!("run with `cargo bench`");
        return ExitCode::SUCCESS;
    }
    let corpus = Corpus::load(1);
    let large = Corpus::load(10);
    let mut report = Report::default();
    report.note(corpus.description.clone());
    against_the_parser(&corpus, &mut report);
    peak_memory(&corpus, &large, &mut report);
    growth(&corpus, &large, &mut report);
    threads(&corpus, &mut report);
    typescript::compare(&mut report);
    generation(&mut report);
    if args.iter().any(|arg| arg == "--json") {
        report.print_json();
    } else {
        report.print_table();
    }
    if report.all_met() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn against_the_parser(corpus: &Corpus, report: &mut Report) {
    let samples = side_by_side(21, || corpus.link(1), || parser::parse_all(&corpus.pages));
    let ratio = median_ratio(&samples, Spent::cpu);
    report
        .row("text to linked schema, one thread: CPU time, of parsing alone")
        .detail(format!(
            "{:.1} ms, {:.1} ms",
            median(samples.iter().map(|(ours, _)| ours.cpu())),
            median(samples.iter().map(|(_, parser)| parser.cpu())),
        ))
        .measured(ratio, "x", Bound::AtMost(1.3));
}

fn peak_memory(corpus: &Corpus, large: &Corpus, report: &mut Report) {
    const MIB: f64 = 1024.0 * 1024.0;
    for corpus in [corpus, large] {
        let row = report.row(format!("peak memory of a process, {} pages", corpus.pages.len()));
        let limit = (3.0 * corpus.bytes() as f64) / MIB + 32.0;
        let detail = format!("3 x {:.2} MiB + 32 MiB", corpus.bytes() as f64 / MIB);
        match memory::peak_of_child(corpus.copies) {
            Some(bytes) => {
                row.detail(detail).measured(bytes as f64 / MIB, "MiB", Bound::AtMost(limit))
            }
            None => row.skipped("the peak is read from /proc, which this system lacks"),
        }
    }
}

fn growth(corpus: &Corpus, large: &Corpus, report: &mut Report) {
    let samples = side_by_side(9, || large.link(1), || corpus.link(1));
    report
        .row("ten times the pages: CPU time")
        .detail(format!("{} symbols, {}", large.link(1), corpus.link(1)))
        .measured(median_ratio(&samples, Spent::cpu), "x", Bound::AtMost(11.0));
}

fn threads(corpus: &Corpus, report: &mut Report) {
    let row = report.row("two threads: speed, of one");
    if std::thread::available_parallelism().map_or(1, usize::from) < 2 {
        return row.skipped("the machine has one core");
    }
    let samples = side_by_side(41, || corpus.link(1), || corpus.link(2));
    // Two threads need two free cores at the same time: only the best sample says what they do.
    let best = |wall: fn(&(Spent, Spent)) -> f64| samples.iter().map(wall).fold(f64::MAX, f64::min);
    let (one, two) = (best(|(one, _)| one.wall()), best(|(_, two)| two.wall()));
    row.detail(format!("{one:.1} ms, {two:.1} ms")).measured(one / two, "x", Bound::AtLeast(1.7));
}

/// Not an ingest, but what follows it; without a goal.
fn generation(report: &mut Report) {
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schema");
    let overlay = Overlay::load(&schema.join("overlay.toml")).expect("the overlay can be read");
    let mut documents = 0;
    let generate = || {
        let schema = document::load_schema(&schema.join("interfaces"), &overlay)
            .expect("the documents can be read");
        documents = schema.items.len();
        black_box(codegen::render(&schema).expect("the schema can be rendered"))
            .files()
            .iter()
            .len()
    };
    let samples = sampling::repeat(9, generate);
    report
        .row(format!("{documents} documents to Rust: CPU time"))
        .told(median(samples.iter().map(Spent::cpu)), "ms");
}
