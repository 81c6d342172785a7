//! The commands.

pub(crate) mod generate;
pub(crate) mod ingest;
pub(crate) mod inspect;
pub(crate) mod mint;

use crate::{args::Command, outcome::Result};

/// Does what the command line asks for.
pub(crate) async fn run(command: Command) -> Result {
    match command {
        Command::Ingest(args) => ingest::run(args).await,
        Command::Generate(args) => generate::run(args).await,
        Command::Mint(args) => mint::run(args).await,
        Command::Inspect(args) => inspect::run(&args).await,
    }
}
