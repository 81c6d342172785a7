//! `credwire sandbox`: a space on loopback, until it is interrupted.

use std::{
    future::{Future as _, poll_fn},
    io::Write as _,
    net::IpAddr,
    path::PathBuf,
    pin::pin,
    task::Poll,
};

use credwire_sandbox::{Config, Space, SpaceClock};

use crate::{
    interrupt,
    outcome::{Failure, Outcome, Result},
};

/// Run a space on this computer, to try clients against
///
/// Serves REST and WebSocket on one TLS port and a control protocol on another, and prints one
/// line of JSON with all that a client needs: `ready`, `domain`, `port`, `ca`, `keyHash`,
/// `control`, `backend`, `project`, `apiToken`. Clients lead every name under the domain to the
/// address and trust the CA, or in Chromium the hash of the key; `backend` mints tokens as an
/// application's own backend would, for the session `Bearer <apiToken>`. Pages of any origin may
/// use the space, and none the control protocol or the backend. Ends with Ctrl-C, and leaves
/// nothing behind.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Args {
    /// The domain of the space, without a port
    #[arg(long, default_value = "space.test")]
    domain: String,

    /// The TLS port; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    port: u16,

    /// The port of the control protocol, on 127.0.0.1; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    control_port: u16,

    /// The loopback address to listen on
    #[arg(long, default_value = "127.0.0.1")]
    address: IpAddr,

    /// Where to write ca.pem; a new temporary directory by default
    #[arg(long)]
    dir: Option<PathBuf>,

    /// Settings that differ from the defaults, such as `{"deviceTtl":35}`
    #[arg(long, value_name = "JSON")]
    config: Option<String>,

    /// Seconds of the space's time per real second. Clients have to keep the same time
    #[arg(long, value_name = "FACTOR", value_parser = clock)]
    speed: Option<SpaceClock>,
}

const AFTER_HELP: &str = "\
Examples:
  credwire sandbox
  credwire sandbox --domain space.localhost     # browsers find it by themselves
  credwire sandbox --port 8443 --control-port 9000 --config '{\"deviceTtl\":35}'
  curl -X POST --data '{\"do\":\"drop\"}' http://127.0.0.1:9000/sockets";

fn clock(text: &str) -> std::result::Result<SpaceClock, String> {
    let speed = text.parse().map_err(|error| format!("{error}"))?;
    SpaceClock::scaled(speed).ok_or_else(|| "expected more than 0 and at most 86400".to_owned())
}

pub(crate) async fn run(args: Args) -> Result {
    let config = Config::from_json(args.config.as_deref().unwrap_or("{}")).map_err(|error| {
        Failure::usage("`--config` cannot be used")
            .because(error)
            .help("give a JSON object with settings, such as '{\"deviceTtl\":35}'")
    })?;
    // Listened for from now on, so that no signal comes too early to clean up after.
    let mut interrupted = pin!(interrupt::requested());
    if poll_fn(|cx| Poll::Ready(interrupted.as_mut().poll(cx).is_ready())).await {
        return Err(Failure::interrupted());
    }
    let mut options = Space::builder()
        .domain(args.domain)
        .address(args.address)
        .port(args.port)
        .control_port(args.control_port)
        .config(config)
        .clock(args.speed.unwrap_or_default());
    if let Some(dir) = args.dir {
        options = options.dir(dir);
    }
    let space = options
        .start()
        .await
        .map_err(|error| Failure::new("the sandbox cannot start").because(error))?;
    {
        let mut out = std::io::stdout().lock();
        writeln!(out, "{}", space.ready_line())?;
        out.flush()?;
    }
    interrupted.await;
    space.shutdown().await;
    Ok(Outcome::Done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_speed_is_a_sensible_factor() {
        assert!(clock("60").is_ok() && clock("0.5").is_ok());
        for text in ["0", "-1", "NaN", "fast"] {
            assert!(clock(text).is_err(), "{text}");
        }
    }
}
