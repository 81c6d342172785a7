//! `credwire ingest`: from reference pages to interface schemas or facts.

use std::{
    collections::BTreeSet,
    io::{Read as _, Write as _},
    path::PathBuf,
};

use clap::ValueEnum;
use credwire_ingest::{IngestInput, Summary, facts::facts_json, provenance::Provenance};
use credwire_schema::{
    diagnostic::{Diagnostic, Severity},
    document,
    fileset::FileSet,
    link,
    model::Item,
    overlay::Overlay,
};

use crate::{
    config::{Config, Descriptions},
    interrupt,
    outcome::{Failure, Outcome, Result},
    output::{Kind, Output},
    project::{Overrides, Project, Read},
    reading::{self, Documents, Surroundings},
    report, root,
};

/// Read reference pages into interface schemas
///
/// Reads every page, reports every problem with its place, and prints one schema document for
/// each symbol, or writes them to a folder. With any error nothing is printed or written. Without
/// a PATH the sources of `credwire.toml` are read, and written to its folder of schemas.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Args {
    /// Files, folders, globs, indexes (`llms.txt`), or `-` for a list of them on standard input
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// What to make of the pages
    #[arg(long, value_name = "WHAT", default_value = "schema")]
    emit: Emit,

    /// Write one document for each symbol to this folder instead of printing them
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    /// Declarations (`.d.ts`) that state what the pages lack: symbols without a page, and members
    /// of classes whose pages are missing
    #[arg(long, value_name = "FILE")]
    fill: Vec<PathBuf>,

    /// Write one document for each custom element to this folder instead of printing them
    #[arg(long, value_name = "DIR")]
    elements: Option<PathBuf>,

    /// The folder of schemas that pages may refer to besides each other; by default the one of
    /// --out, else `schema/interfaces` of the workspace
    #[arg(long, value_name = "DIR")]
    known: Option<PathBuf>,

    /// The corrections and summaries; those of `credwire.toml` or of the workspace by default
    #[arg(long, value_name = "FILE", env = "CREDWIRE_OVERLAY")]
    overlay: Option<PathBuf>,

    /// Whose sentences documents and code hold: your own (of the overlay), or the first one of each
    /// description of the source too, which may be somebody's copyright; that of
    /// `credwire.toml` or `own` by default
    #[arg(long, value_name = "WHOSE", env = "CREDWIRE_DESCRIPTIONS")]
    descriptions: Option<Descriptions>,

    /// Exit with 1 when there is any warning
    #[arg(long)]
    strict: bool,
}

const AFTER_HELP: &str = "\
`schema` links the symbols: a type name that no page, known schema or built-in explains is an
error. `facts` states what the pages say, as one JSON object without judgement; an unexplained
name is a warning there.

Examples:
  credwire ingest reference/interfaces/CredentialProvider.mdx
  credwire ingest --out schema/interfaces reference/
  credwire ingest --out schema/interfaces reference/ --fill @signalwire/js/dist/index.d.mts
  credwire ingest --elements schema/elements web-components/
  credwire ingest --emit facts 'reference/**/*.mdx' > facts.json
  git diff --name-only HEAD~1 -- reference | credwire ingest --emit facts -";

/// What to make of pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Emit {
    Schema,
    Facts,
}

pub(crate) async fn run(args: Args) -> Result {
    if args.paths.is_empty() {
        return sources_of_project(args).await;
    }
    if args.emit == Emit::Facts && args.out.is_some() {
        return Err(Failure::usage("--out is for schemas; facts go to standard output"));
    }
    let (emit, strict) = (args.emit, args.strict);
    let folders = [args.out.clone(), args.elements.clone()];
    let Made { product, diagnostics, summary } = interrupt::blocking(move || make(&args)).await?;
    report::diagnostics(&diagnostics);
    let Some(product) = product else { return Ok(Outcome::Findings) };
    match product {
        Product::Facts(text) => std::io::stdout().lock().write_all(text.as_bytes())?,
        Product::Documents(Documents { symbols, elements, .. }) => {
            let printed = folders.iter().all(Option::is_none);
            let kinds = [("symbol", "--out"), ("custom element", "--elements")];
            let mut outputs = Vec::new();
            for ((documents, folder), kind) in
                [symbols, elements].into_iter().zip(folders).zip(kinds)
            {
                match folder {
                    None if printed => print(&documents)?,
                    None => not_asked_for(&documents, kind),
                    Some(folder) => {
                        outputs.push(Output::compare(folder, Kind::Schemas, documents)?)
                    }
                }
            }
            outputs.iter().try_for_each(write)?;
        }
    }
    note_counts(if emit == Emit::Facts { "facts" } else { "schemas" }, summary);
    Ok(Outcome::of(&diagnostics, strict))
}

/// Reads the sources of `credwire.toml` into its folder of schemas.
async fn sources_of_project(args: Args) -> Result {
    let Args { emit, out, fill, elements, known, overlay, descriptions, strict, .. } = args;
    let Some(config) = Config::find()? else {
        return Err(Failure::usage(
            "nothing names what to read: no PATH, and no credwire.toml here or above",
        )
        .help("name files or folders, or begin a project with `credwire init --from PATH`"));
    };
    if emit == Emit::Facts || elements.is_some() || known.is_some() {
        return Err(Failure::usage("--emit, --elements and --known go with a PATH")
            .help("name the sources on the command line"));
    }
    let overrides = Overrides { fill, overlay, schemas: out, descriptions, ..Overrides::default() };
    let project = Project::new(&config, overrides)?;
    let read = interrupt::blocking(move || {
        let Read { documents, diagnostics, summary } = project.read();
        let output = documents.map(|documents| project.documents(documents)).transpose()?;
        Ok((output, diagnostics, summary))
    });
    let (output, diagnostics, summary) = read.await?;
    report::diagnostics(&diagnostics);
    let Some(output) = output else { return Ok(Outcome::Findings) };
    write(&output)?;
    note_counts("schemas", summary);
    Ok(Outcome::of(&diagnostics, strict))
}

fn print(documents: &FileSet) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    documents.iter().try_for_each(|(_, text)| out.write_all(text.as_bytes()))
}

fn not_asked_for(documents: &FileSet, (what, option): (&str, &str)) {
    let count = documents.iter().len();
    if count > 0 {
        let count = report::counted(count, what);
        report::note(&format!("{count} not written: {option} names a folder for that"));
    }
}

fn write(output: &Output) -> Result<()> {
    output.write()?;
    output.report(false);
    Ok(())
}

fn note_counts(what: &str, Summary { files, symbols, members }: Summary) {
    let counts = [(files, "file"), (symbols, "symbol"), (members, "member")];
    let counts = counts.map(|(count, what)| report::counted(count, what)).join(", ");
    report::note(&format!("{what} of {counts}"));
}

/// What came of the pages; no product when there is an error among the diagnostics.
struct Made {
    product: Option<Product>,
    diagnostics: Vec<Diagnostic>,
    summary: Summary,
}

enum Product {
    Documents(Documents),
    Facts(String),
}

fn make(args: &Args) -> Result<Made> {
    let ingested =
        reading::ingest(&inputs(&args.paths)?, &args.fill, args.descriptions.unwrap_or_default());
    let summary = ingested.summary;
    let provenance = Provenance::new(&ingested.facts);
    let mut diagnostics = ingested.diagnostics;
    let without = |diagnostics| Made { product: None, diagnostics, summary };
    if diagnostics.iter().any(Diagnostic::is_error) {
        return Ok(without(diagnostics));
    }
    let surroundings = match surroundings(args) {
        Ok(surroundings) => surroundings,
        Err(problems) => return Ok(without(problems)),
    };
    let product = match args.emit {
        Emit::Facts => {
            diagnostics.extend(unknown_names(ingested.items, surroundings));
            let text = serde_json::to_string_pretty(&facts_json(&ingested.facts))
                .map_err(|error| Failure::new("the facts cannot be written").because(error))?;
            Some(Product::Facts(text + "\n"))
        }
        Emit::Schema => {
            match surroundings.documents(ingested.items, ingested.elements, provenance) {
                Ok(mut documents) => {
                    diagnostics.append(&mut documents.unknown);
                    Some(Product::Documents(documents))
                }
                Err(problems) => {
                    diagnostics.extend(problems);
                    None
                }
            }
        }
    };
    diagnostics.sort_by(|a, b| a.place.cmp(&b.place));
    Ok(Made { product, diagnostics, summary })
}

/// The tags of the custom elements that have documents already.
fn known_tags(args: &Args) -> std::result::Result<BTreeSet<String>, Vec<Diagnostic>> {
    let root = std::env::current_dir().ok().and_then(|here| root::find(&here));
    let usual = root.map(|root| root.join(root::ELEMENTS));
    let folder = args.elements.clone().into_iter().chain(usual).find(|folder| folder.is_dir());
    let known = folder.map_or(Ok(Vec::new()), |folder| document::load_elements(&folder))?;
    Ok(known.into_iter().map(|element| element.tag).collect())
}

/// Warnings for names that nothing explains.
fn unknown_names(mut items: Vec<Item>, surroundings: Surroundings) -> Vec<Diagnostic> {
    let Surroundings { known, overlay, .. } = surroundings;
    overlay.unify(&mut items);
    let linked = link::link(together(items, known), overlay.externals());
    let problems = linked.err().unwrap_or_default().into_iter();
    let unknown = problems.filter(|problem| problem.code == "unknown-type");
    unknown.map(|problem| Diagnostic { severity: Severity::Warning, ..problem }).collect()
}

/// `items` and those of `known` that they do not describe anew.
fn together(mut items: Vec<Item>, known: Vec<Item>) -> Vec<Item> {
    let names: BTreeSet<String> = items.iter().map(|item| item.name.clone()).collect();
    items.extend(known.into_iter().filter(|item| !names.contains(&item.name)));
    items
}

/// The schemas that pages may refer to, and the overlay.
fn surroundings(args: &Args) -> std::result::Result<Surroundings, Vec<Diagnostic>> {
    let root = std::env::current_dir().ok().and_then(|here| root::find(&here));
    let within = |path| root.as_ref().map(|root| root.join(path));
    let has_schemas = |folder: &PathBuf| {
        let mut entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        entries.any(|entry| entry.path().extension().is_some_and(|extension| extension == "json"))
    };
    let target = args.out.clone().filter(has_schemas);
    let known = args.known.clone().or(target).or_else(|| within(root::SCHEMAS));
    let known = known.map_or(Ok(Vec::new()), |known| document::load(&known))?;
    let usual = within(root::OVERLAY).filter(|path| path.is_file());
    let overlay = match args.overlay.clone().or(usual) {
        Some(path) => Overlay::load(&path).map_err(|problem| vec![*problem])?,
        None => Overlay::default(),
    };
    // Facts have no use for the tags.
    let known_tags = if args.emit == Emit::Schema { known_tags(args)? } else { BTreeSet::new() };
    Ok(Surroundings { known, known_tags, overlay })
}

fn inputs(paths: &[PathBuf]) -> Result<Vec<IngestInput>> {
    let mut inputs = Vec::new();
    for path in paths {
        if path.as_os_str() != "-" {
            inputs.push(IngestInput::Path(path.clone()));
            continue;
        }
        let mut list = String::new();
        std::io::stdin()
            .lock()
            .read_to_string(&mut list)
            .map_err(|error| Failure::new("the list of pages cannot be read").because(error))?;
        inputs.extend(credwire_ingest::paths_from_list(&list));
    }
    if inputs.is_empty() {
        return Err(Failure::usage("the list of pages is empty"));
    }
    Ok(inputs)
}
