//! `credwire check`: where documentation and source differ.

mod render;

use std::{
    collections::BTreeMap,
    io::Write as _,
    path::{Path, PathBuf},
};

use credwire_drift::{Accepted, Class, Filtered, Group};
use credwire_ingest::{
    IngestInput, Options,
    facts::{ElementFacts, Facts},
};
use credwire_schema::{
    diagnostic::{Diagnostic, Place},
    document,
    model::{FORMAT, Item, element::ELEMENT_FORMAT},
};

use self::render::Format;
use crate::{
    config::Config,
    interrupt,
    outcome::{Failure, Outcome, Result},
    report,
};

/// Report where documentation and source differ
///
/// Compares what two sides state about the same symbols: names, kinds, members, types, what is
/// optional. Either side may be reference pages, TypeScript declarations or committed schemas; of custom
/// elements also a Custom Elements Manifest.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Args {
    /// The documentation: files, folders or globs; the sources of `credwire.toml` by default
    #[arg(value_name = "LEFT")]
    left: Vec<PathBuf>,

    /// What it is held against: files, folders or globs; may be repeated. That of `credwire.toml`
    /// by default
    #[arg(long, value_name = "RIGHT")]
    against: Vec<PathBuf>,

    /// Accept the differences of this TOML file, each with its reason
    #[arg(long, value_name = "FILE")]
    allow: Option<PathBuf>,

    /// Show what the form of the documentation loses as well
    #[arg(long)]
    lossy: bool,

    /// Print one JSON object
    #[arg(long, conflicts_with_all = ["markdown", "github"])]
    json: bool,

    /// Print Markdown tables
    #[arg(long, conflicts_with = "github")]
    markdown: bool,

    /// Print workflow commands that annotate the files on GitHub
    #[arg(long)]
    github: bool,
}

const AFTER_HELP: &str = "\
Differences are of three groups: `true` is a fault of one side, `lossy` a loss of the
documentation's form, `same` another way to say the same, which is never shown. docs/drift.md
defines every class.

An entry of the --allow file is:
  [[allow]]
  class = \"member-missing\"
  item = \"Call\"
  member = \"hold\"              # left out when the difference is the symbol's own
  reason = \"documented with the next release\"

Exit status: 0 no true drift, 1 true drift that is not accepted or unreadable input, 2 wrong usage.
Of unreadable input --json, --markdown and --github print the errors.

Examples:
  credwire check reference/ --against node_modules/@signalwire/js/dist/index.d.mts
  credwire check schema/interfaces --against index.d.ts --lossy
  credwire check web-components/ --against schema/elements
  credwire check 'reference/**/*.mdx' --against index.d.ts --allow drift.toml --github";

pub(crate) async fn run(args: Args) -> Result {
    let args = args.completed()?;
    let format = match (args.json, args.markdown, args.github) {
        (true, ..) => Format::Json,
        (_, true, _) => Format::Markdown,
        (.., true) => Format::Github,
        _ => Format::Human,
    };
    let lossy = args.lossy;
    let Checked { filtered, diagnostics } = interrupt::blocking(move || check(&args)).await?;
    report::diagnostics(&diagnostics);
    let Some(Filtered { findings, accepted, .. }) = filtered else {
        // What reads the document reads nothing else.
        let errors: Vec<_> = diagnostics.into_iter().filter(Diagnostic::is_error).collect();
        let mut out = anstream::stdout().lock();
        render::errors(&mut out, format, &errors)?;
        out.flush()?;
        return Ok(Outcome::Findings);
    };
    let drifts = findings.iter().any(|finding| finding.group == Group::True);
    let shown: Vec<_> = findings
        .into_iter()
        .filter(|finding| match finding.group {
            Group::True => true,
            Group::Lossy => lossy,
            Group::Same => false,
        })
        .collect();
    let mut out = anstream::stdout().lock();
    render::write(&mut out, format, &shown)?;
    out.flush()?;
    let count = |group| shown.iter().filter(|finding| finding.group == group).count();
    let mut total = report::counted(count(Group::True), "true difference");
    if lossy {
        total += &format!(", {} lossy", count(Group::Lossy));
    }
    report::note(&format!("{total}, {} accepted", accepted.len()));
    Ok(if drifts { Outcome::Findings } else { Outcome::Done })
}

impl Args {
    /// The arguments, with those of `credwire.toml` for what is not given.
    fn completed(mut self) -> Result<Self> {
        if self.left.is_empty() || self.against.is_empty() {
            let config = Config::find()?.unwrap_or_default();
            if self.left.is_empty() {
                self.left = config.all_within(&config.source.from);
            }
            if self.against.is_empty() {
                self.against = config.all_within(&config.check.against);
            }
            self.allow = self.allow.or_else(|| Some(config.within(config.check.allow.as_deref()?)));
        }
        if self.left.is_empty() {
            return Err(Failure::usage("nothing names the documentation")
                .help("name it as LEFT, or in `from` of `[source]` in credwire.toml"));
        }
        if self.against.is_empty() {
            return Err(Failure::usage("nothing names what the documentation is held against")
                .help("name it with --against, or in `against` of `[check]` in credwire.toml"));
        }
        Ok(self)
    }
}

/// What came of it; nothing was compared when a side cannot be read.
struct Checked {
    filtered: Option<Filtered>,
    diagnostics: Vec<Diagnostic>,
}

fn check(args: &Args) -> Result<Checked> {
    let mut diagnostics = Vec::new();
    let accepted = match &args.allow {
        None => Accepted::default(),
        Some(path) => match Accepted::load(path) {
            Ok(accepted) => accepted,
            Err(problem) => return Ok(Checked { filtered: None, diagnostics: vec![*problem] }),
        },
    };
    let left = side(&args.left, &mut diagnostics);
    // Of the documentation these are findings.
    diagnostics.retain(|fault| fault.code != Class::PagesContradict.as_str());
    let right = side(&args.against, &mut diagnostics);
    if diagnostics.iter().any(Diagnostic::is_error) {
        return Ok(Checked { filtered: None, diagnostics });
    }
    for (facts, paths) in [(&left, &args.left), (&right, &args.against)] {
        if facts.items.is_empty() && facts.elements.is_empty() {
            let names: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
            let place = Place::new(names.first().map_or("", String::as_str), 1, 1);
            let message = format!("there is no symbol in {}", names.join(", "));
            diagnostics
                .push(Diagnostic::error("no-symbol", place, message).help(
                    "name pages, declarations that export something, or a folder of schemas",
                ));
            return Ok(Checked { filtered: None, diagnostics });
        }
    }
    let mut filtered = accepted.filter(credwire_drift::compare(&left, &right));
    diagnostics.append(&mut filtered.diagnostics);
    Ok(Checked { filtered: Some(filtered), diagnostics })
}

/// What the files of one side state.
fn side(paths: &[PathBuf], diagnostics: &mut Vec<Diagnostic>) -> Facts {
    let (documents, sources): (Vec<_>, Vec<_>) = paths.iter().partition(|path| is_documents(path));
    let mut items: Vec<Item> = Vec::new();
    let mut elements = BTreeMap::new();
    for path in documents {
        match load(path) {
            Ok(loaded) => {
                items.extend(loaded.items);
                elements.extend(loaded.elements);
            }
            Err(problems) => diagnostics.extend(problems),
        }
    }
    let mut facts = credwire_drift::committed(&items);
    if !sources.is_empty() {
        let inputs: Vec<IngestInput> =
            sources.into_iter().cloned().map(IngestInput::Path).collect();
        let options = Options { review: Some(credwire_drift::review), ..Options::default() };
        let ingested = credwire_ingest::ingest(&inputs, &options);
        diagnostics.extend(ingested.diagnostics);
        let committed = std::mem::replace(&mut facts, ingested.facts);
        for (name, item) in committed.items {
            facts.items.entry(name).or_insert(item);
        }
    }
    for (tag, element) in elements {
        facts.elements.entry(tag).or_insert(element);
    }
    facts
}

/// What documents describe.
#[derive(Default)]
struct Documents {
    items: Vec<Item>,
    elements: BTreeMap<String, ElementFacts>,
}

fn load(path: &Path) -> std::result::Result<Documents, Vec<Diagnostic>> {
    let mut found = Documents::default();
    if path.is_dir() {
        let elements = document::load_elements(path)?;
        // A folder holds documents of one format.
        if elements.is_empty() {
            found.items = document::load(path)?;
        }
        found.elements = credwire_drift::committed_elements(&elements);
        return Ok(found);
    }
    let file = path.to_string_lossy().replace('\\', "/");
    let text = std::fs::read_to_string(path).map_err(|error| {
        let place = Place::new(file.as_str(), 1, 1);
        vec![Diagnostic::error("document-read", place, error.to_string())]
    })?;
    let one = |problem: Box<Diagnostic>| vec![*problem];
    if text.contains(ELEMENT_FORMAT) {
        let element = document::read_element(&file, &text).map_err(one)?;
        found.elements = credwire_drift::committed_elements(&[element]);
    } else if text.contains("\"schemaVersion\"") && !text.contains(FORMAT) {
        found.elements = credwire_ingest::custom_elements::read(&file, &text).map_err(one)?;
    } else {
        found.items.push(document::read(&file, &text).map_err(one)?);
    }
    Ok(found)
}

/// Whether a path is a schema document, or a folder that holds one.
fn is_documents(path: &Path) -> bool {
    let is_json = |path: &Path| path.extension().is_some_and(|extension| extension == "json");
    if !path.is_dir() {
        return is_json(path);
    }
    let Ok(entries) = std::fs::read_dir(path) else { return false };
    entries.filter_map(std::result::Result::ok).map(|entry| entry.path()).any(|file| {
        let is_document = |text: String| text.contains(FORMAT) || text.contains(ELEMENT_FORMAT);
        is_json(&file) && std::fs::read_to_string(&file).is_ok_and(is_document)
    })
}
