//! How fast pages become a linked schema, and declarations facts, beside the tools underneath and
//! besides. Every goal is a ratio within one run:
//!
//! ```sh
//! cargo bench -p credwire-tests --bench ingest             # a table; exit status 1 when a goal is missed
//! cargo bench -p credwire-tests --bench ingest -- --json
//! cargo bench -p credwire-tests --bench ingest -- --growth    # hard input alone
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
mod hard;
#[path = "../measure/mod.rs"]
mod measure;
mod parser;
mod typescript;

use std::{hint::black_box, path::Path, process::ExitCode};

use credwire_schema::{document, overlay::Overlay};

use self::{
    corpus::Corpus,
    measure::{
        memory,
        report::{Bound, Report},
        sampling::{self, Spent, median, median_ratio, side_by_side},
    },
};

/// The argument that makes this program the process whose memory is measured.
const MEMORY: &str = "--memory-of-copies";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if let [mode, copies] = args.as_slice()
        && mode == MEMORY
    {
        Corpus::load(copies.parse().expect("a number of copies")).link(1);
        memory::tell_peak();
        return ExitCode::SUCCESS;
    }
    // `cargo test --benches` starts benches too, without this argument.
    if !args.iter().any(|arg| arg == "--bench") {
        println!("run with `cargo bench`");
        return ExitCode::SUCCESS;
    }
    let mut report = Report::default();
    hard::growth(&mut report);
    if !args.iter().any(|arg| arg == "--growth") {
        of_the_reference(&mut report);
    }
    if args.iter().any(|arg| arg == "--json") {
        report.print_json();
    } else {
        report.print_table();
    }
    if report.all_met() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// All that is measured of the reference and of the declarations of its SDK.
fn of_the_reference(report: &mut Report) {
    let corpus = Corpus::load(1);
    let large = Corpus::load(10);
    report.note(corpus.description.clone());
    against_the_parser(&corpus, report);
    peak_memory(&corpus, &large, report);
    growth(&corpus, &large, report);
    threads(&corpus, report);
    typescript::compare(report);
    generation(report);
}

fn against_the_parser(corpus: &Corpus, report: &mut Report) {
    let row = report.row("text to linked schema, one thread: CPU time, of parsing alone");
    let samples = side_by_side(21, || corpus.link(1), || parser::parse_all(&corpus.pages));
    let ratio = median_ratio(&samples, Spent::cpu);
    row.detail(format!(
        "{:.1} ms, {:.1} ms",
        median(samples.iter().map(|(ours, _)| ours.cpu())),
        median(samples.iter().map(|(_, parser)| parser.cpu())),
    ))
    .measured(ratio, "x", Bound::AtMost(1.3));
}

fn peak_memory(corpus: &Corpus, large: &Corpus, report: &mut Report) {
    const MIB: f64 = 1024.0 * 1024.0;
    for (corpus, has_goal) in [(corpus, true), (large, false)] {
        let row = report.row(format!("peak memory of a process, {} pages", corpus.pages.len()));
        let input = corpus.bytes() as f64 / MIB;
        let Some(bytes) = memory::peak_of_child(&[MEMORY, &corpus.copies.to_string()]) else {
            row.skipped("the peak is read from /proc, which this system lacks");
            continue;
        };
        let (peak, row) = (bytes as f64 / MIB, row.detail(format!("input of {input:.2} MiB")));
        if has_goal {
            row.measured(peak, "MiB", Bound::AtMost(3.0 * input + 32.0));
        } else {
            row.told(peak, "MiB");
        }
    }
}

fn growth(corpus: &Corpus, large: &Corpus, report: &mut Report) {
    let row = report.row("ten times the pages: CPU time");
    let samples = side_by_side(9, || large.link(1), || corpus.link(1));
    row.detail(format!("{} symbols, {}", large.link(1), corpus.link(1))).measured(
        median_ratio(&samples, Spent::cpu),
        "x",
        Bound::AtMost(11.0),
    );
}

fn threads(corpus: &Corpus, report: &mut Report) {
    const ROUNDS: usize = 41;
    let row = report.row("two threads: speed, of one");
    // The clock on the wall needs two free cores at the same time: the best sample of each counts,
    // and two threads that share nothing say whether there were any.
    let best = |samples: &[(Spent, Spent)]| {
        let least =
            |of: fn(&(Spent, Spent)) -> f64| samples.iter().map(of).fold(f64::MAX, f64::min);
        (least(|(left, _)| left.wall()), least(|(_, right)| right.wall()))
    };
    let parse = || parser::parse_all(&corpus.pages);
    let apart = side_by_side(ROUNDS, parse, || {
        std::thread::scope(|scope| [(); 2].map(|()| scope.spawn(parse)).map(|thread| thread.join()))
    });
    let (one, both) = best(&apart);
    let free = 2.0 * one / both;
    let (one, two) = best(&side_by_side(ROUNDS, || corpus.link(1), || corpus.link(2)));
    let row = row
        .detail(format!("{one:.1} ms, {two:.1} ms; two threads that share nothing: {free:.2} x"));
    if free < 1.8 {
        let reason = format!(
            "the machine has no two free cores: two threads that share nothing are {free:.2} x as fast as one, ingest {:.2} x",
            one / two
        );
        return row.skipped(reason);
    }
    row.measured(one / two, "x", Bound::AtLeast(1.7));
}

/// Not an ingest, but what follows it; without a goal.
fn generation(report: &mut Report) {
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schema");
    let overlay = Overlay::load(&schema.join("overlay.toml")).expect("the overlay can be read");
    let mut documents = 0;
    let generate = || {
        let schema = document::load_schemas(&[schema.join("interfaces")], &overlay)
            .expect("the documents can be read");
        documents = schema.items.len();
        black_box(credwire_codegen::render(&schema).expect("the schema can be rendered"))
            .files()
            .iter()
            .len()
    };
    let samples = sampling::repeat(9, generate);
    report
        .row(format!("{documents} documents to Rust: CPU time"))
        .told(median(samples.iter().map(Spent::cpu)), "ms");
}
