//! The options with which a space is started, and the errors of the start.

use std::{
    error::Error,
    fmt, io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::PathBuf,
};

use credwire_core::Secret;

use crate::{certificates::CertificateError, clock::SpaceClock, config::Config};

/// The options with which a [`Space`](crate::Space) is started.
#[derive(Clone, Debug)]
pub struct SpaceOptions {
    pub(crate) domain: String,
    pub(crate) address: IpAddr,
    pub(crate) port: u16,
    pub(crate) control_port: u16,
    pub(crate) dir: Option<PathBuf>,
    pub(crate) config: Config,
    pub(crate) clock: SpaceClock,
    pub(crate) project: String,
    pub(crate) api_token: Secret<String>,
}

impl Default for SpaceOptions {
    /// `space.test` on free ports of 127.0.0.1, with the system's clock and the default
    /// configuration. Project and API token are the same made-up words every time, so that
    /// clients can be set up beforehand.
    fn default() -> Self {
        Self {
            domain: "space.test".to_owned(),
            address: Ipv4Addr::LOCALHOST.into(),
            port: 0,
            control_port: 0,
            dir: None,
            config: Config::default(),
            clock: SpaceClock::system(),
            project: "mock-project".to_owned(),
            api_token: Secret::from("mock-api-token"),
        }
    }
}

impl SpaceOptions {
    /// Sets the domain, without a port. Every name directly under it is served.
    #[must_use]
    pub fn domain(self, domain: impl Into<String>) -> Self {
        Self { domain: domain.into(), ..self }
    }

    /// Sets the loopback address to listen on.
    #[must_use]
    pub fn address(self, address: IpAddr) -> Self {
        Self { address, ..self }
    }

    /// Sets the port for TLS; 0 takes a free one.
    #[must_use]
    pub fn port(self, port: u16) -> Self {
        Self { port, ..self }
    }

    /// Sets the port for the control protocol on 127.0.0.1; 0 takes a free one.
    #[must_use]
    pub fn control_port(self, control_port: u16) -> Self {
        Self { control_port, ..self }
    }

    /// Sets the directory for `ca.pem`; by default a new temporary directory.
    #[must_use]
    pub fn dir(self, dir: impl Into<PathBuf>) -> Self {
        Self { dir: Some(dir.into()), ..self }
    }

    /// Sets the configuration that the space starts with and that a reset goes back to.
    #[must_use]
    pub fn config(self, config: Config) -> Self {
        Self { config, ..self }
    }

    /// Sets the clock of the space.
    #[must_use]
    pub fn clock(self, clock: SpaceClock) -> Self {
        Self { clock, ..self }
    }

    /// Returns the Basic credentials that a backend mints tokens with.
    #[must_use]
    pub fn credentials(
        self,
        project: impl Into<String>,
        api_token: impl Into<Secret<String>>,
    ) -> Self {
        Self { project: project.into(), api_token: api_token.into(), ..self }
    }
}

/// Whether `domain` is `label(.label)*`, in the letters that host names have.
pub(crate) fn is_domain(domain: &str) -> bool {
    let is_label = |label: &str| {
        let fits = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
        (1..=63).contains(&label.len())
            && label.bytes().all(fits)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    domain.len() <= 240 && domain.split('.').all(is_label)
}

/// The error of a space that could not be started.
#[derive(Debug)]
pub struct StartError(pub(crate) Reason);

#[derive(Debug)]
pub(crate) enum Reason {
    Domain(String),
    Address(IpAddr),
    Listen(SocketAddr, io::Error),
    CaFile(Option<PathBuf>, io::Error),
    Certificates(CertificateError),
    /// There is no randomness for a key.
    Key,
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Reason::Domain(domain) => write!(
                f,
                "`{domain}` is not a domain; give host name labels without a port, \
                 such as space.test"
            ),
            Reason::Address(address) => write!(
                f,
                "{address} is not a loopback address; a sandbox serves this computer only, \
                 use 127.0.0.1"
            ),
            Reason::Listen(address, _) => {
                write!(f, "cannot listen on {address}; port 0 takes a free one")
            }
            Reason::CaFile(Some(dir), _) => {
                write!(f, "cannot write ca.pem in {}; choose another directory", dir.display())
            }
            Reason::CaFile(None, _) => {
                f.write_str("cannot write ca.pem in the temporary directory; choose a directory")
            }
            Reason::Certificates(_) => f.write_str("cannot make the certificates"),
            Reason::Key => f.write_str("the system returned no random bytes for the token key"),
        }
    }
}

impl Error for StartError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.0 {
            Reason::Listen(_, source) | Reason::CaFile(_, source) => Some(source),
            Reason::Certificates(CertificateError::Issue(source)) => Some(source),
            Reason::Certificates(CertificateError::Use(source)) => Some(source),
            Reason::Domain(_) | Reason::Address(_) | Reason::Key => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_domain;

    #[test]
    fn domains_are_labels() {
        for domain in ["space.test", "localhost", "a-1.b2.test"] {
            assert!(is_domain(domain), "{domain}");
        }
        for domain in
            ["", "space.test:8443", ".test", "a..b", "-a.test", "a-.test", "ä.test", "*.b"]
        {
            assert!(!is_domain(domain), "{domain}");
        }
    }
}
