//! `credwire explain`: everything about a symbol or a member.

use std::{
    io::{self, Write},
    path::PathBuf,
};

use anstyle::{AnsiColor, Style};
use credwire_codegen::CrateOptions;
use credwire_drift::explain::{self, Change, Explanation};
use credwire_schema::{diagnostic::Diagnostic, document, link, model::Schema, overlay::Overlay};

use crate::{
    bundled,
    config::Config,
    interrupt,
    outcome::{Failure, Outcome, Result},
    project::{Overrides, Project, title_of},
    report, root,
};

/// Explain a symbol or a member: facts, corrections, and the Rust that comes of it
///
/// Understands documented and Rust names, and dots for members of objects; of custom elements the
/// tag and the class.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Args {
    /// The symbol, or the symbol and a member
    #[arg(value_name = "TYPE[.MEMBER]", required_unless_present = "document_schema")]
    path: Option<String>,

    /// Print the JSON Schema of schema documents instead
    #[arg(long, conflicts_with_all = ["path", "schemas", "overlay", "json"])]
    document_schema: bool,

    /// A folder of schema documents; may be repeated. Those of `credwire.toml` or of the workspace
    /// by default, and those that this program was built with outside of one
    #[arg(long, value_name = "DIR")]
    schemas: Vec<PathBuf>,

    /// The corrections and summaries that belong to the schemas
    #[arg(long, value_name = "FILE")]
    overlay: Option<PathBuf>,

    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

const AFTER_HELP: &str = "\
Exit status: 0 explained, 1 there is no such name, 2 wrong usage.

Examples:
  credwire explain SDKCredential
  credwire explain SatClaims.expires_at
  credwire explain SATClaims.cnf.jkt --json
  credwire explain sw-ui-modal.open
  credwire explain --document-schema > document.schema.json";

pub(crate) async fn run(args: Args) -> Result {
    let Some(path) = args.path.clone() else {
        let mut out = anstream::stdout().lock();
        out.write_all(document::JSON_SCHEMA.as_bytes())?;
        out.flush()?;
        return Ok(Outcome::Done);
    };
    let (json, symbol) = (args.json, path.clone());
    let explained = interrupt::blocking(move || {
        let loaded = load(&args)?;
        Ok(loaded.map(|Loaded { schema, overlay, options }| {
            explain::explain_with(&schema, &overlay, &symbol, &options)
        }))
    });
    let explained = match explained.await? {
        Ok(explained) => explained,
        Err(problems) => {
            report::diagnostics(&problems);
            return Ok(Outcome::Findings);
        }
    };
    let explanation = explained.map_err(|unknown| {
        let help = match &unknown.nearest {
            Some(nearest) => format!("did you mean `{nearest}`?"),
            None => "`credwire explain TYPE` lists the members of a type".to_owned(),
        };
        Failure::new(format!("cannot explain `{path}`")).because(unknown).help(help)
    })?;
    let mut out = anstream::stdout().lock();
    if json {
        serde_json::to_writer_pretty(&mut out, &explanation).map_err(io::Error::from)?;
        writeln!(out)?;
    } else {
        human(&mut out, &explanation)?;
    }
    out.flush()?;
    Ok(Outcome::Done)
}

/// What is explained, and how its code is generated.
struct Loaded {
    schema: Schema,
    overlay: Overlay,
    options: CrateOptions,
}

fn load(args: &Args) -> Result<std::result::Result<Loaded, Vec<Diagnostic>>> {
    let config = if args.schemas.is_empty() { Config::find()? } else { None };
    let Some(config) = config else { return Ok(load_schemas(args)) };
    let overrides = Overrides { overlay: args.overlay.clone(), ..Overrides::default() };
    let project = Project::new(&config, overrides)?;
    let loaded = project.committed();
    let options = project.into_options();
    Ok(loaded.map(|(schema, overlay)| Loaded { schema, overlay, options }))
}

/// The schemas of the command line, of the workspace or of this program.
fn load_schemas(args: &Args) -> std::result::Result<Loaded, Vec<Diagnostic>> {
    let here = std::env::current_dir().unwrap_or_default();
    let found = root::find(&here);
    let within = |path| {
        let path = found.as_ref()?.join(path);
        // Places are named from here, where that is possible.
        Some(path.strip_prefix(&here).map(PathBuf::from).unwrap_or(path))
    };
    let usual = within(root::OVERLAY).filter(|path| path.is_file());
    let overlay = match (&args.overlay, usual) {
        (Some(path), _) => Overlay::load(path),
        (None, Some(path)) => Overlay::load(&path),
        (None, None) => Overlay::read(root::OVERLAY, bundled::OVERLAY),
    };
    let overlay = overlay.map_err(|problem| vec![*problem])?;
    let mut folders = args.schemas.clone();
    if folders.is_empty() {
        folders.extend(within(root::SCHEMAS));
        folders.extend(root::OTHERS.into_iter().filter_map(within).filter(|path| path.is_dir()));
    }
    let schema = if folders.is_empty() {
        let documents = [
            (root::SCHEMAS, bundled::SCHEMAS),
            (root::WIRE, bundled::WIRE),
            (root::ELEMENTS, bundled::ELEMENTS),
        ];
        let documents = documents.iter().flat_map(|(folder, documents)| {
            documents.iter().map(move |(path, text)| (format!("{folder}/{path}"), text))
        });
        let read = |(path, text): (String, &&str)| {
            let mut item = document::read_any(&path, text).map_err(|problem| vec![*problem])?;
            document::locate(&mut item, &path);
            Ok::<_, Vec<Diagnostic>>(item)
        };
        let items = documents.map(read).collect::<std::result::Result<Vec<_>, _>>()?;
        link::link_all(items, overlay.externals())?
    } else {
        document::load_schemas(&folders, &overlay)?
    };
    let options = if args.schemas.is_empty() {
        CrateOptions::default()
    } else {
        CrateOptions::new(title_of(&args.schemas))
    };
    Ok(Loaded { schema, overlay, options })
}

const TITLE: Style = Style::new().bold();
const MEMBER: Style = AnsiColor::Cyan.on_default();
const QUIET: Style = Style::new().dimmed();

fn human(out: &mut impl Write, explanation: &Explanation) -> io::Result<()> {
    let Explanation { item, member, facts, changes, rust, left_out } = explanation;
    let member = member.as_ref().map(|member| format!(".{member}")).unwrap_or_default();
    writeln!(out, "{TITLE}{item}{member}{TITLE:#}\n")?;
    for fact in facts {
        let what = match &fact.member {
            Some(member) => format!("{MEMBER}{member}{MEMBER:#}"),
            None => fact.what.to_owned(),
        };
        writeln!(out, "  {what}: {}  {QUIET}{}{QUIET:#}", fact.value, fact.place)?;
    }
    if !changes.is_empty() {
        writeln!(out, "\n{TITLE}Changed by the overlay{TITLE:#}\n")?;
        changes.iter().try_for_each(|change| changed(out, change))?;
    }
    for snippet in rust {
        writeln!(out, "\n{TITLE}Rust{TITLE:#}  {QUIET}{}{QUIET:#}\n", snippet.file)?;
        for line in snippet.code.lines() {
            writeln!(out, "{}", if line.is_empty() { String::new() } else { format!("  {line}") })?;
        }
    }
    if !left_out.is_empty() {
        writeln!(out, "\n{TITLE}Not in Rust{TITLE:#}\n")?;
        left_out.iter().try_for_each(|reason| writeln!(out, "  {reason}"))?;
    }
    Ok(())
}

fn changed(out: &mut impl Write, change: &Change) -> io::Result<()> {
    let Change { member, what, old, new, reason, place } = change;
    let member =
        member.as_ref().map(|member| format!("{MEMBER}{member}{MEMBER:#} ")).unwrap_or_default();
    let old = old.as_ref().map(|old| format!("{old} -> ")).unwrap_or_default();
    writeln!(out, "  {member}{what}: {old}{new}  {QUIET}{place}{QUIET:#}")?;
    if let Some(reason) = reason {
        writeln!(out, "    because: {reason}")?;
    }
    Ok(())
}
