//! `credwire mint`: a token from a space, as a backend gets it.

use std::{io::Write as _, time::Duration};

use credwire::{
    Secret, SerializeExposed as _,
    clock::{Clock as _, SystemClock},
};

use crate::{
    backend::{Backend, Mint},
    interrupt,
    network::Network,
    outcome::{Failure, Outcome, Result},
    secret_env,
};

/// Mint a subscriber access token at a space
///
/// Asks the space's REST interface as a backend would, with the project and its API token, and
/// prints the token alone, so that it can be put into a variable.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Args {
    /// The space's REST origin, such as `https://fabric.example.signalwire.com`
    #[arg(long, value_name = "URL", value_parser = origin)]
    space: reqwest::Url,

    /// Who the subscriber is, in your own words
    #[arg(long)]
    reference: String,

    /// The project
    #[arg(long, env = "SIGNALWIRE_PROJECT")]
    project: String,

    /// The environment variable that holds the project's API token
    #[arg(long, value_name = "VAR", default_value = "SIGNALWIRE_API_TOKEN")]
    api_token_env: String,

    /// How long the token is good, in seconds; the space's default is two hours
    #[arg(long, value_name = "SECONDS")]
    expire_in: Option<u32>,

    /// Let the client refresh the token by itself (the scope `sat:refresh`)
    #[arg(long)]
    refreshable: bool,

    /// Bind the token to the key with this thumbprint (RFC 7638, 43 characters)
    #[arg(long, value_name = "THUMBPRINT", value_parser = thumbprint)]
    fingerprint: Option<String>,

    /// Print a JSON object with the token, its refresh token and the subscriber's id
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    network: Network,
}

const AFTER_HELP: &str = "\
Examples:
  SIGNALWIRE_PROJECT=... SIGNALWIRE_API_TOKEN=... \\
    credwire mint --space https://fabric.example.signalwire.com --reference kiosk
  TOKEN=$(credwire mint --space ... --reference kiosk) credwire session --token-env TOKEN";

fn origin(text: &str) -> std::result::Result<reqwest::Url, String> {
    let url: reqwest::Url = text.parse().map_err(|error| format!("{error}"))?;
    let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    let anonymous = url.username().is_empty() && url.password().is_none();
    if url.scheme() == "https" && url.host_str().is_some() && bare && anonymous {
        Ok(url)
    } else {
        Err("expected https://HOST or https://HOST:PORT and nothing else".to_owned())
    }
}

fn thumbprint(text: &str) -> std::result::Result<String, String> {
    let base64url = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if text.len() == 43 && text.bytes().all(base64url) {
        Ok(text.to_owned())
    } else {
        Err("expected 43 characters of base64url".to_owned())
    }
}

pub(crate) async fn run(args: Args) -> Result {
    let api_token = secret_env::read(&args.api_token_env)?;
    let host = args.space.host_str().unwrap_or_default();
    let http = args.network.http(host)?;
    let origin = args.space.as_str().trim_end_matches('/');
    let backend = Backend::new(http, origin, args.project, api_token);
    let end = |seconds: u32| {
        SystemClock::new()
            .now()
            .wall
            .saturating_add(Duration::from_secs(seconds.into()))
            .to_seconds()
    };
    let mint = Mint {
        reference: args.reference,
        expire_at: args.expire_in.map(end),
        fingerprint: args.fingerprint,
        scope: args.refreshable.then(|| "sat:refresh".to_owned()),
    };
    let minted = interrupt::or_interrupted(async {
        let minted = backend.mint(&mint).await;
        minted.map_err(|error| Failure::new("no token was minted").because(error))
    })
    .await?;
    let mut out = std::io::stdout().lock();
    if args.json {
        let secret = |value: &Secret<String>| serde_json::to_value(value.exposed());
        let json = |error: serde_json::Error| std::io::Error::from(error);
        let object = serde_json::json!({
            "subscriberId": minted.subscriber_id,
            "token": secret(&minted.token).map_err(json)?,
            "refreshToken": secret(&minted.refresh_token).map_err(json)?,
        });
        writeln!(out, "{object}")?;
    } else {
        writeln!(out, "{}", minted.token.expose())?;
    }
    Ok(Outcome::Done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_has_a_host_and_nothing_that_could_leak() {
        assert!(origin("https://fabric.space.test:8443").is_ok());
        for text in
            ["http://space.test", "https://user:pass@space.test", "https://space.test/x", "x"]
        {
            assert!(origin(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_thumbprint_has_43_characters_of_base64url() {
        assert!(thumbprint(&"Az0-_".repeat(9)[..43]).is_ok());
        assert!(thumbprint("short").is_err() && thumbprint(&"=".repeat(43)).is_err());
    }
}
