//! Runs a space until Ctrl-C: `cargo run -p credwire-sandbox --example serve`.

use std::io::Write as _;

use credwire_sandbox::{Options, Space};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let space = Space::start(Options::default()).await?;
    writeln!(std::io::stdout(), "{}", space.ready_line())?;
    tokio::signal::ctrl_c().await?;
    space.shutdown().await;
    Ok(())
}
