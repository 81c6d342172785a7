//! Declarations to facts, beside the TypeScript compiler API on the same file.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use credwire_schema::ingest::{Input, Options, ingest};
use serde_json::Value;

use super::{
    report::{Bound, Report},
    sampling::{Spent, repeat},
};

const ROUNDS: usize = 15;

/// Measures both sides, where Node and npm are at hand.
pub(crate) fn compare(report: &mut Report) {
    let row = report.row("declarations of the SDK to facts: speed, of the TypeScript compiler API");
    let folder = match install() {
        Ok(folder) => folder,
        Err(reason) => return row.skipped(reason),
    };
    let file = folder.join("node_modules/@signalwire/js/dist/index.d.mts");
    // Node does not tell its main thread's CPU time from its collector's, so both sides are
    // measured by the clock on the wall, and the best round of each counts.
    let best = |times: &mut dyn Iterator<Item = f64>| times.fold(f64::MAX, f64::min);
    let options = Options { threads: Some(1), ..Options::default() };
    let input = [Input::Path(file.clone())];
    let samples = repeat(ROUNDS, || {
        let ingested = ingest(&input, &options);
        assert!(!ingested.has_errors(), "{:?}", ingested.diagnostics);
        ingested
    });
    let ours = best(&mut samples.iter().map(Spent::wall));
    let walked = match walk(&folder, &file) {
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

/// Installs the peer at the versions of its lock file; gives its folder, or why there is none.
fn install() -> Result<PathBuf, String> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/ingest/peer");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("ingest-peer");
    fs::create_dir_all(&folder).map_err(|error| format!("no folder for the peer: {error}"))?;
    for file in ["package.json", "package-lock.json", "walk.mjs"] {
        fs::copy(source.join(file), folder.join(file))
            .map_err(|error| format!("{file} cannot be copied: {error}"))?;
    }
    let npm = Command::new("npm")
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"])
        .current_dir(&folder)
        .output();
    finished("npm", npm)?;
    Ok(folder)
}

fn walk(folder: &Path, file: &Path) -> Result<Value, String> {
    let node = Command::new("node")
        .args([Path::new("walk.mjs"), file, Path::new(&ROUNDS.to_string())])
        .current_dir(folder)
        .output();
    let output = finished("node", node)?;
    serde_json::from_slice(&output.stdout).map_err(|error| format!("node's answer: {error}"))
}

fn finished(program: &str, output: std::io::Result<Output>) -> Result<Output, String> {
    let output = output.map_err(|error| format!("{program} cannot be started: {error}"))?;
    if output.status.success() {
        return Ok(output);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("{program} failed: {}", said.lines().last().unwrap_or("without a word")))
}
