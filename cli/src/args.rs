//! The arguments of the command line.

use clap::{Parser, Subcommand, ValueEnum};

use crate::commands::{
    check, demo, explain, generate, ingest, init, inspect, mint, replay, sandbox, session,
};

/// Interface documentation in; a typed Rust API, and sessions that stay alive, out.
#[derive(Debug, Parser)]
#[command(name = "credwire", version, max_term_width = 100, after_help = AFTER_HELP)]
#[command(disable_help_subcommand = true)]
pub(crate) struct Args {
    /// When to use colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    #[arg(help_heading = "General options")]
    pub(crate) color: Color,

    /// Log to standard error what passes FILTER, such as `info` or `credwire=debug`
    #[arg(long, global = true, value_name = "FILTER", env = "CREDWIRE_LOG")]
    #[arg(help_heading = "General options")]
    pub(crate) log: Option<String>,

    #[command(subcommand)]
    pub(crate) command: Command,
}

const AFTER_HELP: &str = "\
Examples:
  credwire demo                                   the whole way once: no account, no network
  credwire init --from node_modules/some-package  a crate of its types, here
  credwire ingest --out schemas reference/        pages to interface schemas
  credwire generate --check                       is the generated code in step with the schemas?
  credwire check reference/ --against index.d.ts  where do the pages and the source differ?
  credwire session --provider-url http://127.0.0.1:8080/token

Exit status: 0 done, 1 something was found or failed, 2 wrong usage, 130 interrupted.";

/// One job each.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Demo(demo::Args),
    Init(init::Args),
    Ingest(ingest::Args),
    Generate(generate::Args),
    Check(check::Args),
    Explain(explain::Args),
    Session(session::Args),
    Replay(replay::Args),
    Sandbox(sandbox::Args),
    Mint(mint::Args),
    Inspect(inspect::Args),
}

/// When to use colour: `Auto` stands for terminals that can show it.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Color {
    Auto,
    Always,
    Never,
}

impl Color {
    /// Makes the choice hold for everything that is written from now on.
    pub(crate) fn set(self) {
        match self {
            Self::Auto => anstream::ColorChoice::Auto,
            Self::Always => anstream::ColorChoice::Always,
            Self::Never => anstream::ColorChoice::Never,
        }
        .write_global();
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        super::Args::command().debug_assert();
    }
}
