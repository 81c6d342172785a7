//! `credwire demo`: the whole way once.

use std::{io::IsTerminal as _, path::PathBuf};

use crate::{
    demo::{self, View},
    interrupt,
    outcome::{Outcome, Result},
    report,
};

/// See documentation become sessions that stay alive: no account, no network
///
/// Reads the bundled reference pages, shows that schemas and generated code are in step with
/// them, starts a space on loopback and keeps two sessions with it alive: one by Client Bound SAT
/// (DPoP) through two rotations, a dropped socket and a resume, one by the provider's refresh().
/// Takes about 20 s.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Args {
    /// Where to write timeline.svg and timeline.html
    #[arg(long, value_name = "DIR", default_value = "target/demo")]
    out: PathBuf,
}

const AFTER_HELP: &str = "\
Examples:
  credwire demo
  credwire demo --out /tmp/demo && xdg-open /tmp/demo/timeline.html";

pub(crate) async fn run(args: Args) -> Result {
    let view = View::new(report::is_live() && std::io::stdout().is_terminal());
    interrupt::or_interrupted(demo::run(&view, &args.out)).await?;
    Ok(Outcome::Done)
}
