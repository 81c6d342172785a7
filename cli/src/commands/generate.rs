//! `credwire generate`: from schemas to generated code, or what differs.

use std::{
    fmt,
    io::Write as _,
    path::{Path, PathBuf},
};

use credwire_codegen::{CrateOptions, Entry, render_with};
use credwire_schema::{
    diagnostic::Diagnostic,
    document,
    model::{Origin, Schema},
    overlay::Overlay,
};
use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    config::{Config, Descriptions},
    interrupt,
    outcome::{Failure, Outcome, Result},
    output::{Kind, Output},
    project::{Overrides, Project, Read, title_of},
    report, root,
    verify::Generated,
};

/// Generate Rust from the sources or the schemas, or check that it is up to date
///
/// With a `credwire.toml` in this folder or above, its sources are read again first. Otherwise, or
/// with --schemas, every schema document is read. Nothing is written when one has an error, and
/// files are replaced whole, those alone that an earlier run made. Symbols without a Rust form are
/// left out; --report and the manifest list the reasons.
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

    /// The corrections and summaries; those of `credwire.toml` or of the workspace by default
    #[arg(long, value_name = "FILE", env = "CREDWIRE_OVERLAY")]
    overlay: Option<PathBuf>,

    /// The folder of the generated package; the one of `credwire.toml` or `generated` of the
    /// workspace by default
    #[arg(long, value_name = "DIR", env = "CREDWIRE_OUT")]
    out: Option<PathBuf>,

    /// What the code calls the source; that of `credwire.toml` by default, of --schemas the folder
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,

    /// The address below which the reference is published, for links in rustdoc; that of
    /// `credwire.toml` by default
    #[arg(long, value_name = "URL")]
    link: Option<String>,

    /// Whose sentences documents and code hold: your own (of the overlay), or the first one of each
    /// description of the source too, which may be somebody's copyright; that of
    /// `credwire.toml` or `own` by default. Documents that are there already stay as they are
    #[arg(long, value_name = "WHOSE", env = "CREDWIRE_DESCRIPTIONS")]
    descriptions: Option<Descriptions>,

    /// Write nothing; list what becomes of each symbol, and why some are left out
    #[arg(long, conflicts_with = "check")]
    report: bool,

    /// Have `cargo check` judge the code once it is written; exit with 1 and the symbols at fault
    /// when it does not compile
    #[arg(long, conflicts_with_all = ["check", "report"])]
    verify: bool,

    /// Exit with 1 when there is any warning, or a symbol is left out
    #[arg(long)]
    strict: bool,

    /// Print what changed, or the report, as JSON
    #[arg(long)]
    json: bool,
}

const AFTER_HELP: &str = "\
The workspace is the nearest folder, from the current one upward, with schema/interfaces in it.

Examples:
  credwire generate                  write the generated code
  credwire generate --check          in CI: exit 1 and show a diff when it is out of date
  credwire generate --verify         write it, and see that it compiles
  credwire generate --report         what becomes of each symbol
  credwire generate --schemas my/schemas --out my/generated";

pub(crate) async fn run(args: Args) -> Result {
    let Args { check, report, verify, strict, json, .. } = args;
    let input = Input::of(args)?;
    if report {
        let (diagnostics, schema) = interrupt::blocking(move || Ok(input.schema())).await?;
        report::diagnostics(&diagnostics);
        return schema.map_or(Ok(Outcome::Findings), |schema| {
            show(&credwire_codegen::report(&schema), json)
        });
    }
    let generated = verify.then(|| input.generated());
    let Made { diagnostics, files } = interrupt::blocking(move || input.make()).await?;
    report::diagnostics(&diagnostics);
    let Some(Files { outputs, left_out, .. }) = files else { return Ok(Outcome::Findings) };
    if !check {
        outputs.iter().try_for_each(Output::write)?;
    }
    let mut out = anstream::stdout().lock();
    if json {
        writeln!(out, "{}", summary(&outputs, !check))?;
    } else if check {
        outputs.iter().try_for_each(|output| output.show_differences(&mut out))?;
    }
    if left_out > 0 {
        let count = report::counted(left_out, "symbol");
        report::note(&format!("{count} left out; `credwire generate --report` lists the reasons"));
    }
    outputs.iter().for_each(|output| output.report(check));
    if check && !outputs.iter().all(Output::is_up_to_date) {
        report::note("  help: run `credwire generate`, or edit the schemas instead of the code");
        return Ok(Outcome::Findings);
    }
    if let Some(generated) = generated {
        drop(out);
        let errors = interrupt::blocking(move || generated.check()).await?;
        if !errors.is_empty() {
            report::diagnostics(&errors);
            report::note("  help: an overlay can correct what a source says about these symbols");
            return Ok(Outcome::Findings);
        }
        report::note("the code compiles");
    }
    Ok(if strict && left_out > 0 { Outcome::Findings } else { Outcome::of(&diagnostics, strict) })
}

/// What code is made of.
enum Input {
    /// The sources of a `credwire.toml`.
    Project(Project),
    /// Folders of documents.
    Schemas(Places),
}

/// What came of it; no files when there is an error among the diagnostics.
struct Made {
    diagnostics: Vec<Diagnostic>,
    files: Option<Files>,
}

struct Files {
    /// The folder of the code is the last.
    outputs: Vec<Output>,
    left_out: usize,
    /// What is less in Rust than it is documented.
    simplified: Vec<Diagnostic>,
}

impl Input {
    fn of(args: Args) -> Result<Self> {
        let config = if args.schemas.is_empty() { Config::find()? } else { None };
        let Some(config) = config else { return Places::of(&args).map(Self::Schemas) };
        let Args { overlay, out, title, link, descriptions, .. } = args;
        let overrides =
            Overrides { overlay, out, title, link, descriptions, ..Overrides::default() };
        Project::new(&config, overrides).map(Self::Project)
    }

    /// Where the code and its documents are once they are written.
    fn generated(&self) -> Generated {
        match self {
            Self::Schemas(places) => {
                Generated { out: places.out.clone(), schemas: places.schemas.clone() }
            }
            Self::Project(project) => project.generated(),
        }
    }

    /// The schema, when there is no error among the diagnostics.
    fn schema(&self) -> (Vec<Diagnostic>, Option<Schema>) {
        let (mut diagnostics, schema) = match self {
            Self::Schemas(places) => (Vec::new(), places.schema()),
            Self::Project(project) => {
                let Read { documents, diagnostics, .. } = project.read();
                let Some(documents) = documents else { return (diagnostics, None) };
                (diagnostics, project.schema(&documents))
            }
        };
        match schema {
            Ok(schema) => (diagnostics, Some(schema)),
            Err(problems) => {
                diagnostics.extend(problems);
                (diagnostics, None)
            }
        }
    }

    fn make(&self) -> Result<Made> {
        let (mut diagnostics, files) = match self {
            Self::Schemas(places) => (Vec::new(), places.files()?),
            Self::Project(project) => {
                let Read { documents, diagnostics, .. } = project.read();
                let Some(documents) = documents else {
                    return Ok(Made { diagnostics, files: None });
                };
                let plan = project.plan(documents)?;
                let files = plan.map(|plan| Files {
                    outputs: plan.outputs,
                    left_out: plan.left_out,
                    simplified: plan.simplified,
                });
                (diagnostics, files)
            }
        };
        let files = match files {
            Ok(mut files) => {
                diagnostics.append(&mut files.simplified);
                Some(files)
            }
            Err(problems) => {
                diagnostics.extend(problems);
                None
            }
        };
        Ok(Made { diagnostics, files })
    }
}

/// Where everything is.
struct Places {
    schemas: Vec<PathBuf>,
    overlay: Option<PathBuf>,
    out: PathBuf,
    options: CrateOptions,
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
        // Schemas from elsewhere are of another vendor.
        let mut options = if args.schemas.is_empty() {
            CrateOptions::default()
        } else {
            CrateOptions::new(title_of(&args.schemas))
        };
        if let Some(title) = &args.title {
            options.title.clone_from(title);
        }
        options.link = args.link.clone().or(options.link);
        Ok(Self { schemas, overlay: args.overlay.clone().or(default), out, options })
    }
}

/// What becomes of each symbol: on standard output, a line or more each, or as JSON.
fn show(report: &[Entry], json: bool) -> Result {
    let mut out = anstream::stdout().lock();
    if json {
        writeln!(out, "{}", json!({ "items": report, "totals": Totals::of(report) }))?;
        return Ok(Outcome::Done);
    }
    for entry in report {
        if entry.reasons.is_empty() {
            let rust: Vec<String> = entry.rust.iter().map(ToString::to_string).collect();
            let rust = rust.join(", ");
            // Of an element, the events become Rust.
            let made = if rust.is_empty() { "no events" } else { rust.as_str() };
            writeln!(out, "{}: {made}", entry.name)?;
            if entry.untyped > 0 {
                let types = report::counted(entry.types, "type");
                writeln!(out, "  any JSON value, or left out: {} of {types}", entry.untyped)?;
            }
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
    report::note(&Totals::of(report).to_string());
    let undescribed = report.iter().map(|entry| entry.undescribed.len()).sum();
    report::note(&format!("{} without a summary", report::counted(undescribed, "member")));
    Ok(Outcome::Done)
}

/// How much of the reference has Rust, and of which kind.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Totals {
    symbols: usize,
    left_out: usize,
    /// Symbols with at least 98 % of their types.
    typed_symbols: usize,
    types: usize,
    untyped: usize,
    opaque: usize,
    dropped_parameters: usize,
}

impl Totals {
    fn of(report: &[Entry]) -> Self {
        let sum = |of: fn(&Entry) -> usize| report.iter().map(of).sum();
        Self {
            symbols: report.len(),
            left_out: sum(|entry| usize::from(!entry.reasons.is_empty())),
            typed_symbols: sum(|entry| usize::from(entry.is_typed())),
            types: sum(|entry| entry.types),
            untyped: sum(|entry| entry.untyped),
            opaque: sum(|entry| entry.opaque),
            dropped_parameters: sum(|entry| entry.dropped_parameters),
        }
    }
}

impl fmt::Display for Totals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { typed_symbols, types, untyped, opaque, dropped_parameters, .. } = self;
        write!(
            f,
            "{} with at least 98 % of their types; of {}, {untyped} are any JSON value or left out, \
             {opaque} are of others; {} dropped",
            report::counted(*typed_symbols, "symbol"),
            report::counted(*types, "type"),
            report::counted(*dropped_parameters, "type parameter"),
        )
    }
}

impl Places {
    fn schema(&self) -> std::result::Result<Schema, Vec<Diagnostic>> {
        let overlay = overlay(self.overlay.as_deref())?;
        document::load_schemas(&self.schemas, &overlay)
    }

    fn files(&self) -> Result<std::result::Result<Files, Vec<Diagnostic>>> {
        let output = match self.schema().and_then(|schema| render_with(&schema, &self.options)) {
            Ok(output) => output,
            Err(problems) => return Ok(Err(problems)),
        };
        let (left_out, simplified) = (output.left_out().len(), output.simplified().to_vec());
        let code = Output::compare(self.out.clone(), Kind::Code, output.into_files())?;
        Ok(Ok(Files { outputs: vec![code], left_out, simplified }))
    }
}

fn overlay(path: Option<&Path>) -> std::result::Result<Overlay, Vec<Diagnostic>> {
    match path {
        Some(path) => Overlay::load(path).map_err(|problem| vec![*problem]),
        None => Ok(Overlay::default()),
    }
}

fn summary(outputs: &[Output], written: bool) -> Value {
    json!({
        "out": outputs.last().map(Output::shown),
        "written": written,
        "differences": outputs.iter().flat_map(Output::to_json).collect::<Vec<_>>(),
    })
}
