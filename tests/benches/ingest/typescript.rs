//! Declarations to facts, beside the TypeScript compiler API on the same file.

use std::path::Path;

use credwire_ingest::{IngestInput, Options, ingest};
use serde_json::Value;

use super::measure::{
    node,
    report::{Bound, Report},
    sampling::{Spent, repeat},
};

const ROUNDS: usize = 15;

/// Measures both sides, where Node and npm are at hand.
pub(crate) fn compare(report: &mut Report) {
    let row = report.row("declarations of the SDK to facts: speed, of the TypeScript compiler API");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/ingest/peer");
    let installed = Path::new(env!("CARGO_TARGET_TMPDIR")).join("ingest-peer");
    let folder = match node::install(&source, &installed, "walk.mjs") {
        Ok(folder) => folder,
        Err(reason) => return row.skipped(reason),
    };
    let file = folder.join("node_modules/@signalwire/js/dist/index.d.mts");
    // Node does not tell its main thread's CPU time from its collector's, so both sides are
    // measured by the clock on the wall, and the best round of each counts.
    let best = |times: &mut dyn Iterator<Item = f64>| times.fold(f64::MAX, f64::min);
    let options = Options { threads: Some(1), ..Options::default() };
    let input = [IngestInput::Path(file.clone())];
    let samples = repeat(ROUNDS, || {
        let ingested = ingest(&input, &options);
        assert!(!ingested.has_errors(), "{:?}", ingested.diagnostics);
        ingested
    });
    let ours = best(&mut samples.iter().map(Spent::wall));
    let walked = match node::run(&folder, "walk.mjs", &[&file, Path::new(&ROUNDS.to_string())]) {
        Ok(walked) => walked,
        Err(reason) => return row.skipped(reason),
    };
    let times = walked["times"].as_array().expect("a list of times");
    let theirs = best(&mut times.iter().filter_map(Value::as_f64));
    let symbols = ingest(&input, &options).summary.symbols;
    row.detail(format!(
        "{ours:.2} ms for {symbols} symbols, {theirs:.0} ms for {} (typescript {}, node {})",
        walked["symbols"],
        walked["typescript"].as_str().unwrap_or_default(),
        walked["node"].as_str().unwrap_or_default(),
    ))
    .measured(theirs / ours, "x", Bound::AtLeast(20.0));
}
