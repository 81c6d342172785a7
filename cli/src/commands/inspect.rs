//! `credwire inspect`: what a client may read of a token.

use std::io::{Read as _, Write as _};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use credwire::{
    Secret,
    session::jose::Header,
    space::{AllowedDomains, SpaceHosts},
};
use serde_json::{Map, Value, json};

use crate::{
    interrupt,
    outcome::{Failure, Outcome, Result},
    secret_env,
};

/// Read the JOSE header of a token, without showing the token
///
/// The header names the host of the space; a client sends the token nowhere else. Exits with 1 when
/// a client would refuse the token for its form or for where it belongs.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Args {
    /// The environment variable that holds the token; standard input without it
    #[arg(long, value_name = "VAR")]
    token_env: Option<String>,

    /// Allow a domain and its subdomains besides the vendor's; may be repeated
    #[arg(long, value_name = "DOMAIN")]
    allow_domain: Vec<String>,

    /// Print a JSON object
    #[arg(long)]
    json: bool,
}

const AFTER_HELP: &str = "\
Examples:
  credwire mint --space ... --reference kiosk | credwire inspect
  credwire inspect --token-env TOKEN --json";

pub(crate) async fn run(args: &Args) -> Result {
    let token = match &args.token_env {
        Some(name) => secret_env::read(name)?,
        None => interrupt::blocking(from_stdin).await?,
    };
    let unreadable = |error| Failure::new("this is no JOSE token").because(error);
    let header = Header::read(&token).map_err(unreadable)?;
    let allowed = allowed(&args.allow_domain)?;
    let hosts = SpaceHosts::from_header(&header, &allowed);
    let facts = Facts {
        form: if token.expose().split('.').count() == 5 { "JWE" } else { "JWS" },
        members: members(&token),
        hosts: hosts.as_ref().ok(),
        refusal: hosts.as_ref().err().map(ToString::to_string),
    };
    let mut out = std::io::stdout().lock();
    if args.json {
        writeln!(out, "{}", facts.json())?
    } else {
        write!(out, "{}", facts.lines())?
    }
    Ok(if facts.refusal.is_none() { Outcome::Done } else { Outcome::Findings })
}

/// The vendor's domain and those named on the command line.
pub(crate) fn allowed(domains: &[String]) -> Result<AllowedDomains> {
    let mut allowed = AllowedDomains::default();
    for domain in domains {
        allowed
            .allow(domain)
            .map_err(|error| Failure::usage(format!("`{domain}` is no domain")).because(error))?;
    }
    Ok(allowed)
}

struct Facts<'a> {
    form: &'static str,
    members: Map<String, Value>,
    hosts: Option<&'a SpaceHosts>,
    refusal: Option<String>,
}

impl Facts<'_> {
    fn json(&self) -> Value {
        json!({
            "form": self.form,
            "header": self.members,
            "socket": self.hosts.map(SpaceHosts::socket_url),
            "rest": self.hosts.map(SpaceHosts::rest_origin),
            "refusal": self.refusal,
        })
    }

    fn lines(&self) -> String {
        let mut rows = vec![("form", self.form.to_owned())];
        let members = self.members.iter();
        rows.extend(members.map(|(name, value)| match value {
            Value::String(text) => (name.as_str(), text.clone()),
            other => (name.as_str(), other.to_string()),
        }));
        if let Some(hosts) = self.hosts {
            rows.push(("socket", hosts.socket_url()));
            rows.push(("REST", hosts.rest_origin()));
        }
        if let Some(refusal) = &self.refusal {
            rows.push(("refused", refusal.clone()));
        }
        let width = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
        // A header is written by strangers: nothing in it may steer the terminal.
        let row = |(name, value): &(&str, String)| {
            format!("{:width$}  {}\n", harmless(name), harmless(value))
        };
        rows.iter().map(row).collect()
    }
}

/// The text with its control characters spelled out.
fn harmless(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut shown, character| {
        if character.is_control() {
            shown.extend(character.escape_debug());
        } else {
            shown.push(character);
        }
        shown
    })
}

/// Every member of a header that [`Header::read`] has accepted.
fn members(token: &Secret<String>) -> Map<String, Value> {
    let header = token.expose().split('.').next().unwrap_or_default();
    let json = URL_SAFE_NO_PAD.decode(header).unwrap_or_default();
    serde_json::from_slice(&json).unwrap_or_default()
}

fn from_stdin() -> Result<Secret<String>> {
    // Real tokens have one or two thousand characters.
    const MOST: u64 = 64 * 1024;
    let mut text = String::new();
    let result = std::io::stdin().lock().take(MOST).read_to_string(&mut text);
    let text = Secret::new(text);
    result.map_err(|error| Failure::new("cannot read the token").because(error))?;
    Ok(Secret::from(text.expose().trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_cannot_steer_the_terminal() {
        let mut members = Map::new();
        members.insert("kid".to_owned(), json!("\u{1b}[2J"));
        let facts = Facts { form: "JWS", members, hosts: None, refusal: None };
        assert!(!facts.lines().contains('\u{1b}'), "{}", facts.lines());
    }
}
