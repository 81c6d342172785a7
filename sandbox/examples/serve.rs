//! Runs a space until Ctrl-C: `cargo run -p credwire-sandbox --example serve`.

use std::io::Write as _;

use credwire_sandbox::{Space, SpaceOptions};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let space = Space::start(SpaceOptions::default()).await?;
    writeln!(std::io::stdout(), "{}", space.ready_line())?;
    tokio::signal::ctrl_c().await?;
    space.shutdown().await;
    Ok(())
}
