//! The hosts of a space, and the allow-list of hosts that a credential may be sent to.
//!
//! A client checks this by itself. It is public for tools that look at tokens or send them
//! elsewhere, and have to keep to the same allow-list.

use std::{collections::BTreeSet, fmt, net::IpAddr, sync::Arc};

use credwire_session::jose::Header;

/// The vendor's domain: the default of the allow-list, and the domain of a token without `ch`.
pub const DEFAULT_DOMAIN: &str = "signalwire.com";

/// Host label of the WebSocket for tokens without `ch`.
const DEFAULT_HOST: &str = "puc";

/// The two origins of a space.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SpaceHosts {
    /// First label of the WebSocket host.
    host: String,
    /// Domain, lower case, with its port if it has one.
    domain: String,
}

impl SpaceHosts {
    /// Returns the hosts that a token's header names, if `allowed` covers their domain.
    ///
    /// # Errors
    /// [`SpaceError`] when `ch` has not the form `label(.label)*(:port)?` with at least two
    /// labels, is an IP address, or lies outside the allow-list.
    pub fn from_header(header: &Header, allowed: &AllowedDomains) -> Result<Self, SpaceError> {
        let Some(ch) = &header.ch else {
            let hosts = Self { host: DEFAULT_HOST.to_owned(), domain: DEFAULT_DOMAIN.to_owned() };
            return allowed.check(hosts);
        };
        let authority = parse_authority(ch).ok_or(SpaceError::Malformed)?;
        let (host, domain) = authority.split_once('.').ok_or(SpaceError::Malformed)?;
        allowed.check(Self { host: host.to_owned(), domain: domain.to_owned() })
    }

    /// Returns the authority of the WebSocket, `<host>.<domain>` with its port.
    pub fn socket_authority(&self) -> String {
        format!("{}.{}", self.host, self.domain)
    }

    /// Returns the WebSocket URL, `wss://<host>.<domain>/`.
    pub fn socket_url(&self) -> String {
        format!("wss://{}/", self.socket_authority())
    }

    /// Returns the REST origin, `https://fabric.<domain>`.
    pub fn rest_origin(&self) -> String {
        format!("https://fabric.{}", self.domain)
    }

    /// Returns the domain with its port, which both hosts share.
    pub fn domain(&self) -> &str {
        &self.domain
    }
}

/// The domains a credential may be sent to, each with all its subdomains. Cloning is cheap.
///
/// ```
/// use credwire::space::AllowedDomains;
/// let mut allowed = AllowedDomains::default();
/// assert!(allowed.contains("puc.signalwire.com"));
/// assert!(!allowed.contains("puc.space.test:8443"));
/// allowed.allow("space.test")?;
/// assert!(allowed.contains("puc.space.test:8443"));
/// # Ok::<(), credwire::space::SpaceError>(())
/// ```
#[derive(Clone, Debug)]
pub struct AllowedDomains(Arc<BTreeSet<String>>);

impl Default for AllowedDomains {
    fn default() -> Self {
        Self(Arc::new(BTreeSet::from([DEFAULT_DOMAIN.to_owned()])))
    }
}

impl AllowedDomains {
    /// Adds `domain` and its subdomains. With a port it covers that port only.
    ///
    /// # Errors
    /// [`SpaceError::Malformed`] when it is not `label(.label)*(:port)?`.
    pub fn allow(&mut self, domain: &str) -> Result<(), SpaceError> {
        let domain = parse_authority(domain).ok_or(SpaceError::Malformed)?;
        Arc::make_mut(&mut self.0).insert(domain);
        Ok(())
    }

    /// Returns whether `authority` (`host` or `host:port`) is one of the domains or below one of
    /// them.
    pub fn contains(&self, authority: &str) -> bool {
        let Some(authority) = parse_authority(authority) else { return false };
        let (host, _) = split_port(&authority);
        self.0.iter().any(|domain| {
            let subject = if split_port(domain).1.is_some() { authority.as_str() } else { host };
            covers(domain, subject)
        })
    }

    fn check(&self, hosts: SpaceHosts) -> Result<SpaceHosts, SpaceError> {
        let authority = hosts.socket_authority();
        // `fabric.<domain>` gets the token too, so the domain itself must be covered.
        if self.contains(&hosts.domain) {
            Ok(hosts)
        } else {
            Err(SpaceError::Foreign { authority })
        }
    }
}

/// Returns whether `host` is `domain` or a name below it, ignoring case.
///
/// ```
/// use credwire::space::covers;
/// assert!(covers("space.test", "space.test") && covers("space.test", "Puc.Space.Test"));
/// assert!(!covers("space.test", "otherspace.test"));
/// ```
pub fn covers(domain: &str, host: &str) -> bool {
    let Some(above) = host.len().checked_sub(domain.len()) else { return false };
    host.get(above..).is_some_and(|end| end.eq_ignore_ascii_case(domain))
        && host.get(..above).is_some_and(|label| label.is_empty() || label.ends_with('.'))
}

/// Returns whether `host` names this computer: `localhost`, or an IP address that never leaves the
/// machine, in brackets or without them.
///
/// ```
/// use credwire::space::is_loopback;
/// assert!(is_loopback("localhost") && is_loopback("127.0.0.1") && is_loopback("[::1]"));
/// assert!(!is_loopback("localhost.test") && !is_loopback("10.0.0.1"));
/// ```
pub fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host.trim_end_matches('.').eq_ignore_ascii_case("localhost")
        || address.is_ok_and(|address| address.to_canonical().is_loopback())
}

/// The error of a credential that may not be sent to the host in its header.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SpaceError {
    /// The name is not `label(.label)*(:port)?`.
    Malformed,
    /// The name lies outside the allow-list.
    Foreign {
        /// The refused name; letters, digits, `-`, `_`, `.` and a port only.
        authority: String,
    },
}

impl fmt::Display for SpaceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed => {
                f.write_str("the space's name is not of the form label.label[:port]")
            }
            Self::Foreign { authority } => write!(
                f,
                "{authority} is not an allowed space; allow its domain in the client's builder to \
                 send credentials there"
            ),
        }
    }
}

impl std::error::Error for SpaceError {}

fn split_port(authority: &str) -> (&str, Option<&str>) {
    match authority.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (authority, None),
    }
}

/// Checks `label(.label)*(:port)?` and returns it in lower case. Refuses everything else: user
/// information, paths, control characters, empty labels, and names whose last label makes a URL
/// parser read an IPv4 address (decimal or `0x..`).
pub(crate) fn parse_authority(text: &str) -> Option<String> {
    let (host, port) = split_port(text);
    if host.len() > 253 || !host.split('.').all(is_label) {
        return None;
    }
    let last = host.rsplit('.').next()?;
    let hexadecimal = last.strip_prefix("0x").or_else(|| last.strip_prefix("0X"));
    if last.bytes().all(|b| b.is_ascii_digit())
        || hexadecimal.is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))
    {
        return None;
    }
    if let Some(port) = port {
        let canonical = !port.starts_with('0') && port.bytes().all(|b| b.is_ascii_digit());
        if !canonical || port.parse::<u16>().is_err() {
            return None;
        }
    }
    Some(text.to_ascii_lowercase())
}

fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts(ch: &str, allow: &[&str]) -> Result<SpaceHosts, SpaceError> {
        let mut allowed = AllowedDomains::default();
        for domain in allow {
            allowed.allow(domain).unwrap();
        }
        let header: Header = serde_json::from_value(serde_json::json!({ "ch": ch })).unwrap();
        SpaceHosts::from_header(&header, &allowed)
    }

    #[test]
    fn ch_is_split_at_the_first_dot() {
        let hosts = hosts("puc.eu.space.test:8443", &["space.test"]).unwrap();
        assert_eq!(hosts.socket_url(), "wss://puc.eu.space.test:8443/");
        assert_eq!(hosts.rest_origin(), "https://fabric.eu.space.test:8443");
    }

    #[test]
    fn without_ch_the_defaults_hold() {
        let header: Header = serde_json::from_str("{}").unwrap();
        let hosts = SpaceHosts::from_header(&header, &AllowedDomains::default()).unwrap();
        assert_eq!(hosts.socket_url(), "wss://puc.signalwire.com/");
        assert_eq!(hosts.rest_origin(), "https://fabric.signalwire.com");
    }

    #[test]
    fn upper_case_is_normalised_and_punycode_kept() {
        let hosts = hosts("PUC.Xn--Bcher-Kva.Example", &["xn--bcher-kva.example"]).unwrap();
        assert_eq!(hosts.socket_authority(), "puc.xn--bcher-kva.example");
    }

    #[test]
    fn names_outside_the_list_are_refused() {
        for ch in [
            "puc.evil.example",
            "puc.notsignalwire.com",
            "puc.signalwire.com.evil.example",
            // The REST host would be `fabric.com`.
            "signalwire.com",
        ] {
            assert!(matches!(hosts(ch, &[]), Err(SpaceError::Foreign { .. })), "{ch}");
        }
    }

    #[test]
    fn malformed_names_are_refused() {
        for ch in [
            "",
            "puc",
            ".",
            "puc.",
            ".signalwire.com",
            "puc..signalwire.com",
            "user@puc.signalwire.com",
            "puc.signalwire.com/x",
            "puc.signalwire.com?x",
            "puc.signalwire.com#x",
            "puc.signalwire.com\\x",
            "puc.signalwire.com\n",
            "puc.signal wire.com",
            "puc.signalwire.com:",
            "puc.signalwire.com:0",
            "puc.signalwire.com:99999",
            "puc.signalwire.com:080",
            "puc.signalwire.com:8:8",
            "puc.127.0.0.1",
            "127.1",
            "puc.0x7f",
            "puc.1",
            "[::1]",
            "puc.signalwïre.com",
            "puc.signalwire.com.",
            "-puc.signalwire.com",
            "puc.%73ignalwire.com",
        ] {
            assert_eq!(hosts(ch, &[]), Err(SpaceError::Malformed), "{ch:?}");
        }
    }

    #[test]
    fn an_allowed_port_is_that_port_only() {
        assert!(hosts("puc.space.test:8443", &["space.test:8443"]).is_ok());
        assert!(hosts("puc.space.test:9", &["space.test:8443"]).is_err());
        assert!(hosts("puc.space.test", &["space.test:8443"]).is_err());
        assert!(hosts("puc.space.test:9", &["space.test"]).is_ok());
    }
}
