//! The commands.

pub(crate) mod check;
pub(crate) mod demo;
pub(crate) mod explain;
pub(crate) mod generate;
pub(crate) mod ingest;
pub(crate) mod init;
pub(crate) mod inspect;
pub(crate) mod mint;
pub(crate) mod replay;
pub(crate) mod sandbox;
pub(crate) mod session;

use crate::{args::Command, outcome::Result};

/// Does what the command line asks for.
pub(crate) async fn run(command: Command) -> Result {
    match command {
        Command::Demo(args) => demo::run(args).await,
        Command::Init(args) => init::run(args).await,
        Command::Ingest(args) => ingest::run(args).await,
        Command::Generate(args) => generate::run(args).await,
        Command::Check(args) => check::run(args).await,
        Command::Explain(args) => explain::run(args).await,
        Command::Session(args) => session::run(args).await,
        Command::Replay(args) => replay::run(args).await,
        Command::Sandbox(args) => sandbox::run(args).await,
        Command::Mint(args) => mint::run(args).await,
        Command::Inspect(args) => inspect::run(&args).await,
    }
}
