//! The credwire command line: reference pages in, typed Rust out, sessions kept alive.

mod args;
mod backend;
mod bundled;
mod commands;
mod config;
mod demo;
mod endpoint;
mod feed;
mod interrupt;
mod log;
mod network;
mod outcome;
mod output;
mod picture;
mod project;
mod reading;
mod report;
mod root;
mod secret_env;
mod vendor;
mod verify;

use std::process::ExitCode;

use clap::Parser as _;

use crate::{args::Args, outcome::Failure};

fn main() -> ExitCode {
    let args = Args::parse();
    args.color.set();
    let result = log::start(args.log.as_deref()).and_then(|()| {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .map_err(|error| Failure::new("cannot start").because(error))?;
        let result = runtime.block_on(commands::run(args.command));
        // What a cancelled command left to a blocking thread is not waited for.
        runtime.shutdown_background();
        result
    });
    outcome::exit_code(result)
}
