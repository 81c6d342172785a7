//! `credwire generate`: from schemas to the generated package, or what differs.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
};

use credwire_codegen::{Entry, GeneratedFiles};
use credwire_schema::{
    diagnostic::Diagnostic,
    document,
    fileset::{Difference, DifferenceKind},
    model::{Origin, Schema},
    overlay::Overlay,
};
use serde_json::{Value, json};

use crate::{
    interrupt,
    outcome::{Failure, Outcome, Result},
    report, root,
};

/// Generate Rust from the schemas, or check that it is up to date
///
/// Reads every schema document and writes the generated package. Nothing is written when a schema
/// has an error, and files are replaced whole. Symbols without a Rust form are left out; --report
/// and the manifest list the reasons.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Args {
    /// Write nothing; show what would change and exit with 1 when anything would
    #[arg(long)]
    check: bool,

    /// A folder of schema documents; may be repeated. `schema/interfaces`, `schema/wire` and
    /// `schema/elements` of the workspace by default
    #[arg(long, value_name = "DIR")]
    schemas: Vec<PathBuf>,

    /// The corrections and summaries; `schema/overlay.toml` of the workspace by default
    #[arg(long, value_name = "FILE")]
    overlay: Option<PathBuf>,

    /// The folder of the generated package; `generated` of the workspace by default
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    /// Write nothing; list what becomes of each symbol, and why some are left out
    #[arg(long, conflicts_with = "check")]
    report: bool,

    /// Print what changed, or the report, as JSON
    #[arg(long)]
    json: bool,
}

const AFTER_HELP: &str = "\
The workspace is the nearest folder, from the current one upward, with schema/interfaces in it.

Examples:
  credwire generate                  write the generated package
  credwire generate --check          in CI: exit 1 and show a diff when it is out of date
  credwire generate --report         what becomes of each symbol
  credwire generate --schemas my/schemas --out my/generated";

pub(crate) async fn run(args: Args) -> Result {
    let places = Places::of(&args)?;
    if args.report {
        let report = move || Ok(places.schema().map(|schema| credwire_codegen::report(&schema)));
        return match interrupt::blocking(report).await? {
            Ok(report) => show(&report, args.json),
            Err(problems) => {
                report::diagnostics(&problems);
                Ok(Outcome::Findings)
            }
        };
    }
    let plan = interrupt::blocking(move || Plan::make(places)).await?;
    let Plan { places, output, differences } = match plan {
        Ok(plan) => plan,
        Err(problems) => {
            report::diagnostics(&problems);
            return Ok(Outcome::Findings);
        }
    };
    report::diagnostics(output.simplified());
    if !args.check && !differences.is_empty() {
        let failed = |error| Failure::new("the generated code cannot be written").because(error);
        output.write(&places.out).map_err(failed)?;
    }
    let mut out = anstream::stdout().lock();
    if args.json {
        writeln!(out, "{}", summary(&places.out, &differences, !args.check))?;
    } else if args.check {
        for difference in &differences {
            write!(out, "{difference}")?;
        }
    }
    if !output.left_out().is_empty() {
        let count = report::counted(output.left_out().len(), "symbol");
        report::note(&format!("{count} left out; `credwire generate --report` lists the reasons"));
    }
    let total = report::counted(output.files().iter().len(), "file");
    let changed = differences.len();
    let folder = places.out.display();
    if changed == 0 {
        report::note(&format!("{folder}: {total}, up to date"));
        return Ok(Outcome::Done);
    }
    for difference in &differences {
        let place = places.out.join(&difference.path);
        report::note(&format!("{}: {}", place.display(), verb(difference.kind, args.check)));
    }
    if args.check {
        report::note(&format!("{folder}: {changed} of {total} out of date"));
        report::note("  help: run `credwire generate`, or edit the schemas instead of the code");
        return Ok(Outcome::Findings);
    }
    report::note(&format!("{folder}: {total}, {changed} changed"));
    Ok(Outcome::Done)
}

/// Where everything is.
struct Places {
    schemas: Vec<PathBuf>,
    overlay: Option<PathBuf>,
    out: PathBuf,
}

impl Places {
    fn of(args: &Args) -> Result<Self> {
        let here = std::env::current_dir()
            .map_err(|error| Failure::new("there is no current folder").because(error))?;
        let root = root::find(&here);
        // Names of files are read by people: short where they can be.
        let root = root.map(|root| root.strip_prefix(&here).map_or(root.clone(), PathBuf::from));
        let within = |given: &Option<PathBuf>, path: &str, option: &str| {
            given.clone().or_else(|| root.as_ref().map(|root| root.join(path))).ok_or_else(|| {
                Failure::usage(format!("no folder from here upward has {}", root::SCHEMAS))
                    .help(format!("run it in the workspace, or name the place with {option}"))
            })
        };
        let schemas = if args.schemas.is_empty() {
            let interfaces = within(&None, root::SCHEMAS, "--schemas")?;
            let others = root.iter().flat_map(|root| root::OTHERS.map(|path| root.join(path)));
            std::iter::once(interfaces).chain(others.filter(|path| path.is_dir())).collect()
        } else {
            args.schemas.clone()
        };
        let out = within(&args.out, root::GENERATED, "--out")?;
        // Schemas from elsewhere do not take the workspace's overlay unasked.
        let default = root.filter(|_| args.schemas.is_empty()).map(|root| root.join(root::OVERLAY));
        Ok(Self { schemas, overlay: args.overlay.clone().or(default), out })
    }
}

/// What becomes of each symbol: on standard output, a line or more each, or as JSON.
fn show(report: &[Entry], json: bool) -> Result {
    let mut out = anstream::stdout().lock();
    if json {
        writeln!(out, "{}", json!({ "items": report }))?;
        return Ok(Outcome::Done);
    }
    for entry in report {
        if entry.reasons.is_empty() {
            let rust: Vec<String> = entry.rust.iter().map(ToString::to_string).collect();
            let rust = rust.join(", ");
            // Of an element, the events become Rust.
            let made = if rust.is_empty() { "no events" } else { rust.as_str() };
            writeln!(out, "{}: {made}", entry.name)?;
            if !entry.undescribed.is_empty() {
                // An empty name stands for the item itself.
                let own = |member: &String| {
                    if member.is_empty() { entry.name.clone() } else { member.clone() }
                };
                let names: Vec<String> = entry.undescribed.iter().map(own).collect();
                writeln!(out, "  without a summary: {}", names.join(", "))?;
            }
            continue;
        }
        writeln!(out, "{}: left out", entry.name)?;
        for reason in &entry.reasons {
            writeln!(out, "  {reason}")?;
        }
    }
    let left_out = report.iter().filter(|entry| !entry.reasons.is_empty()).count();
    let count = |origin: Origin, what: &str| {
        report::counted(report.iter().filter(|entry| entry.origin == origin).count(), what)
    };
    let symbols = count(Origin::Reference, "symbol");
    let elements = count(Origin::Element, "custom element");
    let wire = count(Origin::Wire, "document");
    report::note(&format!(
        "{symbols} and {elements} of the reference, {wire} of the wire, {left_out} left out"
    ));
    let undescribed = report.iter().map(|entry| entry.undescribed.len()).sum();
    report::note(&format!("{} without a summary", report::counted(undescribed, "member")));
    Ok(Outcome::Done)
}

impl Places {
    fn schema(&self) -> std::result::Result<Schema, Vec<Diagnostic>> {
        let overlay = overlay(self.overlay.as_deref())?;
        document::load_schemas(&self.schemas, &overlay)
    }
}

struct Plan {
    places: Places,
    output: GeneratedFiles,
    differences: Vec<Difference>,
}

impl Plan {
    fn make(places: Places) -> Result<std::result::Result<Self, Vec<Diagnostic>>> {
        let output = match places.schema().and_then(|schema| credwire_codegen::render(&schema)) {
            Ok(output) => output,
            Err(problems) => return Ok(Err(problems)),
        };
        let failed = |error| Failure::new("the generated code cannot be read").because(error);
        let differences = output.check(&places.out).map_err(failed)?;
        Ok(Ok(Self { places, output, differences }))
    }
}

fn overlay(path: Option<&Path>) -> std::result::Result<Overlay, Vec<Diagnostic>> {
    match path {
        Some(path) => Overlay::load(path).map_err(|problem| vec![*problem]),
        None => Ok(Overlay::default()),
    }
}

fn verb(kind: DifferenceKind, check: bool) -> &'static str {
    match (kind, check) {
        (DifferenceKind::Missing, true) => "is missing",
        (DifferenceKind::Changed, true) => "differs",
        (DifferenceKind::Stale, true) => "should not be there",
        (DifferenceKind::Missing, false) => "written",
        (DifferenceKind::Changed, false) => "updated",
        (DifferenceKind::Stale, false) => "removed",
    }
}

fn summary(out: &Path, differences: &[Difference], written: bool) -> Value {
    let one = |difference: &Difference| {
        let kind = match difference.kind {
            DifferenceKind::Missing => "missing",
            DifferenceKind::Changed => "changed",
            DifferenceKind::Stale => "stale",
        };
        json!({ "path": difference.path, "kind": kind, "diff": difference.diff })
    };
    json!({
        "out": out.to_string_lossy().replace('\\', "/"),
        "written": written,
        "differences": differences.iter().map(one).collect::<Vec<_>>(),
    })
}
