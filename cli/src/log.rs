//! Log events on standard error.

use std::io::IsTerminal as _;

use crate::outcome::{Failure, Result};

/// Sends log events that pass `filter` to standard error.
pub(crate) fn start(filter: Option<&str>) -> Result<()> {
    let Some(filter) = filter else { return Ok(()) };
    let filter = tracing_subscriber::EnvFilter::try_new(filter).map_err(|error| {
        Failure::usage(format!("`{filter}` is no log filter"))
            .because(error)
            .help("name a level (`info`), a target with a level (`credwire=debug`), or several")
    })?;
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .init();
    Ok(())
}
