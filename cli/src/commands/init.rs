//! `credwire init`: a project of a package or a reference, from nothing to code that compiles.

use std::{
    fs::OpenOptions,
    io::Write as _,
    path::{Path, PathBuf},
};

use serde_json::Value;

use crate::{
    config::{Config, Descriptions, FILE},
    interrupt,
    outcome::{Failure, Outcome, Result},
    output::Output,
    project::{Overrides, Plan, Project, Read, package_name, title_of},
    report,
};

/// Begin a project: read a package or a reference, and generate a crate of its types
///
/// Writes `credwire.toml`, the schema documents and a crate that compiles as it is, in the current
/// folder. `credwire generate` makes the code anew from then on. Files that are there already are
/// never replaced.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Args {
    /// What to read: the folder of an npm package, declarations (`.d.ts`), pages, a folder of them
    /// or an index (`llms.txt`); may be repeated
    #[arg(long, value_name = "PATH", required = true)]
    from: Vec<PathBuf>,

    /// Declarations (`.d.ts`) that state what the pages lack; may be repeated
    #[arg(long, value_name = "FILE")]
    fill: Vec<PathBuf>,

    /// Corrections and summaries of your own
    #[arg(long, value_name = "FILE")]
    overlay: Option<PathBuf>,

    /// What the code calls the source; the name of its package or folder by default
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,

    /// The address below which the reference is published, for links in rustdoc
    #[arg(long, value_name = "URL")]
    link: Option<String>,

    /// Whose sentences documents and code hold: your own (of the overlay) by default, or the first one
    /// of each description of the source too, which may be somebody's copyright
    #[arg(long, value_name = "WHOSE")]
    descriptions: Option<Descriptions>,

    /// The folder of the crate; the current one by default
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    /// Make a module of an existing crate instead: its folder, such as `src/api`
    #[arg(long = "mod", value_name = "DIR", conflicts_with = "out")]
    module: Option<PathBuf>,

    /// The name of the crate; the title in the spelling of cargo by default
    #[arg(long, value_name = "NAME", conflicts_with = "module")]
    name: Option<String>,

    /// Exit with 1 when there is any warning, or a symbol is left out
    #[arg(long)]
    strict: bool,
}

const AFTER_HELP: &str = "\
Examples:
  credwire init --from node_modules/livekit-client     in an empty folder, then `cargo check`
  credwire init --from docs/reference --fill sdk/index.d.ts --title 'Acme Talk'
  credwire init --from api.d.ts --mod src/api          in the folder of a crate";

pub(crate) async fn run(args: Args) -> Result {
    // A link counts, wherever it leads.
    if Path::new(FILE).symlink_metadata().is_ok() {
        return Err(Failure::new(format!("there is a {FILE} already"))
            .help("edit it and run `credwire generate`, or begin in another folder"));
    }
    let strict = args.strict;
    let text = settings(&args);
    let config = Config::read(Path::new(""), &text)?;
    let project = Project::new(&config, Overrides::default())?;
    let made = interrupt::blocking(move || {
        let Read { documents, mut diagnostics, .. } = project.read();
        let Some(documents) = documents else { return Ok((project, diagnostics, None)) };
        // The manifest alone.
        if documents.iter().len() == 1 {
            report::diagnostics(&diagnostics);
            return Err(Failure::new("there is no symbol in what --from names").help(
                "name the folder of a package, declarations that export something, or pages",
            ));
        }
        let plan = project.plan(documents)?;
        let plan = plan.map_err(|problems| diagnostics.extend(problems)).ok();
        let simplified = plan.iter().flat_map(|plan| &plan.simplified);
        diagnostics.extend(simplified.cloned());
        Ok((project, diagnostics, plan))
    });
    let (project, diagnostics, plan) = made.await?;
    report::diagnostics(&diagnostics);
    let Some(Plan { outputs, left_out, dependencies, .. }) = plan else {
        return Ok(Outcome::Findings);
    };
    outputs.iter().try_for_each(Output::write)?;
    write(&text)?;
    report::note(&format!("{FILE}: written"));
    outputs.iter().for_each(|output| output.report(false));
    if left_out > 0 {
        let count = report::counted(left_out, "symbol");
        report::note(&format!("{count} left out; `credwire generate --report` lists the reasons"));
    }
    for step in project.next_steps(&dependencies) {
        report::note(&format!("  next: {step}"));
    }
    Ok(if strict && left_out > 0 { Outcome::Findings } else { Outcome::of(&diagnostics, strict) })
}

fn write(text: &str) -> Result<()> {
    let file = OpenOptions::new().write(true).create_new(true).open(FILE);
    let written = file.and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| Failure::new(format!("cannot write {FILE}")).because(error))
}

/// The text of the file: what was asked for, and what else can be set.
fn settings(args: &Args) -> String {
    let title = args.title.clone().unwrap_or_else(|| title_of(&args.from));
    let name = args.name.clone().unwrap_or_else(|| package_name(&title));
    let mut lines = vec![
        "# `credwire generate` reads this from here and from any folder below; `--verify` has the code".to_owned(),
        "# compiled, `--check` is for CI.".to_owned(),
        String::new(),
        "[source]".to_owned(),
        setting("from", paths(&args.from)),
    ];
    if !args.fill.is_empty() {
        lines.push(setting("fill", paths(&args.fill)));
    }
    lines.extend(args.overlay.as_deref().map(|overlay| setting("overlay", path(overlay))));
    lines.push("# What headers, rustdoc and the manifest call the source.".to_owned());
    lines.push(setting("title", title.into()));
    lines.extend(args.link.clone().map(|link| setting("link", link.into())));
    let whose = match args.descriptions {
        Some(Descriptions::Source) => "descriptions = \"source\"",
        Some(Descriptions::Own) | None => "# descriptions = \"source\"",
    };
    lines.push(
        "# Sentences of the source in documents and rustdoc: see what its licence says.".to_owned(),
    );
    lines.push(whose.to_owned());
    lines.push(String::new());
    lines.push("[output]".to_owned());
    lines.push(setting("schemas", "schemas".into()));
    match &args.module {
        Some(module) => lines.push(setting("mod", path(module))),
        None => {
            lines.push(setting("out", args.out.as_deref().map_or_else(|| ".".into(), path)));
            lines.push(setting("name", name.into()));
        }
    }
    lines.push("# Another place of `credwire-core` than `vendor`: a version, `{ path = \"..\" }`, `{ git = \"..\" }`.".to_owned());
    lines.push("# runtime = \"1.0\"".to_owned());
    lines.join("\n") + "\n"
}

/// A line of TOML: strings and lists of JSON are its own, apart from one character.
fn setting(key: &str, value: Value) -> String {
    format!("{key} = {}", value.to_string().replace('\u{7f}', "\\u007F"))
}

fn path(path: &Path) -> Value {
    path.to_string_lossy().replace('\\', "/").into()
}

fn paths(all: &[PathBuf]) -> Value {
    all.iter().map(|one| path(one)).collect()
}
