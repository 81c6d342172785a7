//! `credwire ingest`: from reference pages to interface schemas or facts.

use std::{
    collections::BTreeSet,
    io::{Read as _, Write as _},
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::ValueEnum;
use credwire_ingest::{IngestInput, Options, Summary, facts::facts_json, provenance::Provenance};
use credwire_schema::{
    diagnostic::{Diagnostic, Severity},
    document,
    fileset::FileSet,
    link,
    model::{Item, element::Element},
    overlay::Overlay,
};
use indicatif::{ProgressBar, ProgressStyle};

use crate::{
    interrupt,
    outcome::{Failure, Outcome, Result},
    report, root,
};

/// Read reference pages into interface schemas
///
/// Reads every page, reports every problem with its place, and prints one schema document for
/// each symbol, or writes them to a folder. With any error nothing is printed or written.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Args {
    /// Files, folders, globs, indexes (`llms.txt`), or `-` for a list of them on standard input
    #[arg(value_name = "PATH", required = true)]
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

    /// The corrections and summaries; `schema/overlay.toml` of the workspace by default
    #[arg(long, value_name = "FILE")]
    overlay: Option<PathBuf>,
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
    if args.emit == Emit::Facts && args.out.is_some() {
        return Err(Failure::usage("--out is for schemas; facts go to standard output"));
    }
    let emit = args.emit;
    let folders = [args.out.clone(), args.elements.clone()];
    let made = interrupt::blocking(move || make(&args)).await?;
    report::diagnostics(&made.diagnostics);
    let Some(product) = made.product else { return Ok(Outcome::Findings) };
    let Summary { files, symbols, members } = made.summary;
    let counts = [(files, "file"), (symbols, "symbol"), (members, "member")];
    let counts = counts.map(|(count, what)| report::counted(count, what)).join(", ");
    match product {
        Product::Facts(text) => std::io::stdout().lock().write_all(text.as_bytes())?,
        Product::Documents(sets) => {
            let printed = folders.iter().all(Option::is_none);
            let kinds = [("symbol", "--out"), ("custom element", "--elements")];
            for ((documents, folder), kind) in sets.iter().zip(folders).zip(kinds) {
                match folder {
                    None if printed => print(documents)?,
                    None => not_asked_for(documents, kind),
                    Some(folder) => write(documents, &folder)?,
                }
            }
        }
    }
    report::note(&format!("{} of {counts}", if emit == Emit::Facts { "facts" } else { "schemas" }));
    Ok(Outcome::Done)
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

fn write(documents: &FileSet, folder: &Path) -> Result<()> {
    let failed = |error| Failure::new("the schemas cannot be written").because(error);
    let changed = documents.check(folder, &[]).map_err(failed)?;
    documents.write(folder, &[]).map_err(failed)?;
    for difference in &changed {
        report::note(&format!("{}: written", folder.join(&difference.path).display()));
    }
    let total = report::counted(documents.iter().len(), "schema");
    report::note(&format!("{}: {total}, {} changed", folder.display(), changed.len()));
    Ok(())
}

/// What came of the pages; no product when there is an error among the diagnostics.
struct Made {
    product: Option<Product>,
    diagnostics: Vec<Diagnostic>,
    summary: Summary,
}

enum Product {
    /// The documents of symbols, and those of custom elements.
    Documents([FileSet; 2]),
    Facts(String),
}

fn make(args: &Args) -> Result<Made> {
    let inputs = inputs(&args.paths)?;
    let progress = Progress::new();
    let declarations = args.fill.iter().cloned().map(IngestInput::Path).collect();
    let ingested =
        credwire_ingest::ingest(&inputs, &Options { declarations, ..progress.options() });
    progress.clear();
    let summary = ingested.summary;
    let mut provenance = Provenance::new(&ingested.facts);
    let mut diagnostics = ingested.diagnostics;
    let without = |diagnostics| Made { product: None, diagnostics, summary };
    if diagnostics.iter().any(Diagnostic::is_error) {
        return Ok(without(diagnostics));
    }
    let (known, overlay) = match surroundings(args) {
        Ok(surroundings) => surroundings,
        Err(problems) => return Ok(without(problems)),
    };
    let product = match args.emit {
        Emit::Facts => {
            diagnostics.extend(unknown_names(ingested.items, known, &overlay));
            let text = serde_json::to_string_pretty(&facts_json(&ingested.facts))
                .map_err(|error| Failure::new("the facts cannot be written").because(error))?;
            Some(Product::Facts(text + "\n"))
        }
        Emit::Schema => {
            let elements = ingested.elements;
            match documents(ingested.items, elements, args, known, &overlay, &mut provenance) {
                Ok(documents) => Some(Product::Documents(documents)),
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

/// The documents of `items`, corrected by the overlay and linked with what is known, and those of
/// `elements`.
fn documents(
    items: Vec<Item>,
    mut elements: Vec<Element>,
    args: &Args,
    known: Vec<Item>,
    overlay: &Overlay,
    provenance: &mut Provenance,
) -> std::result::Result<[FileSet; 2], Vec<Diagnostic>> {
    let mut items = link::assemble(items, known, overlay)?.items;
    let problems = overlay.apply_to_elements(&mut elements, &known_tags(args)?);
    if !problems.is_empty() {
        return Err(problems);
    }
    // Only now: diagnostics name files as the user does.
    items.iter_mut().for_each(|item| provenance.of_item(item));
    elements.iter_mut().for_each(|element| provenance.of_element(element));
    Ok([document::files(&items)?, document::element_files(&elements)?])
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
fn unknown_names(mut items: Vec<Item>, known: Vec<Item>, overlay: &Overlay) -> Vec<Diagnostic> {
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
fn surroundings(args: &Args) -> std::result::Result<(Vec<Item>, Overlay), Vec<Diagnostic>> {
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
    Ok((known, overlay))
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

/// A bar for the files read, on a terminal.
struct Progress(Option<ProgressBar>);

impl Progress {
    fn new() -> Self {
        let style = ProgressStyle::with_template("{bar:32} {pos}/{len} files {elapsed}");
        let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
        Self(report::is_live().then(|| ProgressBar::new(0).with_style(style)))
    }

    fn options(&self) -> Options {
        let progress = self.0.clone().map(|bar| -> credwire_ingest::Progress {
            Arc::new(move |done, total| {
                bar.set_length(total as u64);
                bar.set_position(done as u64);
            })
        });
        Options { progress, review: Some(credwire_drift::review), ..Options::default() }
    }

    fn clear(&self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}
