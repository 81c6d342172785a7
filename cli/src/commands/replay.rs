//! `credwire replay`: a recorded session against the client of today.

use std::{io::Write as _, path::PathBuf};

use credwire::recording::{Cassette, Replay, Replayed};
use serde_json::json;

use crate::{
    feed, interrupt,
    outcome::{Failure, Outcome, Result},
    picture::Picture,
    report,
};

/// Replay a recorded session and find what the client does differently
///
/// Reads a file that `credwire session --record` wrote, sends the recorded answers of the provider
/// and the space to the client, and compares what it sends with the recording. Time is simulated,
/// and nothing goes over a network. Exits with 1 at the first difference.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Args {
    /// The recording
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// Print a JSON object in place of a line for each event
    #[arg(long)]
    json: bool,

    /// Write the timeline; the extension selects the form: .svg, .html or .json
    #[arg(long, value_name = "FILE")]
    timeline: Option<Picture>,
}

const AFTER_HELP: &str = "\
Request ids, the jti, ath and signature of proofs, and times within seconds may differ. The key is
a new one.

Examples:
  credwire session --token-env TOKEN --record kiosk.jsonl
  credwire replay kiosk.jsonl
  credwire replay kiosk.jsonl --json";

pub(crate) async fn run(args: Args) -> Result {
    let name = args.file.display().to_string();
    let file = args.file.clone();
    let (cassette, replayed) = interrupt::blocking(move || {
        let cassette = Cassette::read(&file).map_err(|error| {
            Failure::new(format!("{} cannot be replayed", file.display())).because(error)
        })?;
        let replayed = Replay::new(cassette.clone()).run();
        let replayed =
            replayed.map_err(|error| Failure::new("nothing was replayed").because(error))?;
        Ok((cassette, replayed))
    })
    .await?;
    if let Some(picture) = &args.timeline {
        picture.write(&replayed.timeline)?;
    }
    if !cassette.is_complete() {
        report::note("the recording ends before the session does");
    }
    if args.json {
        object(&cassette, &replayed)?
    } else {
        lines(&name, &cassette, &replayed)?
    }
    Ok(if replayed.mismatch.is_none() { Outcome::Done } else { Outcome::Findings })
}

fn lines(name: &str, cassette: &Cassette, replayed: &Replayed) -> Result<()> {
    let mut out = anstream::stdout().lock();
    for entry in replayed.timeline.entries() {
        writeln!(out, "{}", feed::line(entry, cassette.recorded_at()))?;
    }
    let (compared, lasted) =
        (report::counted(replayed.compared, "step"), feed::length(replayed.lasted));
    match &replayed.mismatch {
        None => writeln!(out, "{compared} in {lasted}, all as recorded")?,
        Some(difference) => {
            writeln!(out, "{compared} in {lasted}, then something else:")?;
            writeln!(out, "{name}:{}", difference.line)?;
            writeln!(out, "  expected {}", feed::harmless(&difference.expected))?;
            writeln!(out, "  found    {}", feed::harmless(&difference.found))?;
        }
    }
    Ok(())
}

fn object(cassette: &Cassette, replayed: &Replayed) -> Result<()> {
    let difference = replayed.mismatch.as_ref().map(|difference| {
        json!({
            "line": difference.line,
            "expected": difference.expected,
            "found": difference.found,
        })
    });
    let object = json!({
        "recordedBy": cassette.recorded_by(),
        "recordedAt": cassette.recorded_at(),
        "complete": cassette.is_complete(),
        "compared": replayed.compared,
        "lastedMs": u64::try_from(replayed.lasted.as_millis()).unwrap_or(u64::MAX),
        "difference": difference,
        "timeline": replayed.timeline,
    });
    Ok(writeln!(anstream::stdout().lock(), "{object}")?)
}
