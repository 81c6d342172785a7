//! TLS and names, the same for REST and WebSocket.

mod proxy;
mod tls;

pub(crate) use proxy::Proxies;
pub use proxy::Proxy;

use std::{
    fmt, io,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use rustls::{
    ClientConfig,
    pki_types::{InvalidDnsNameError, ServerName},
};
use tokio::net::TcpStream;
use tokio_rustls::{TlsConnector, client::TlsStream};

use crate::space::covers;

/// Requests come together, at the start and around a refresh, with minutes between: a connection
/// that is kept longer is only memory on both sides.
const IDLE: Duration = Duration::from_secs(5);

/// How a client reaches a space.
#[derive(Clone)]
pub(crate) struct Network {
    tls: Arc<ClientConfig>,
    resolver: Resolver,
    proxies: Proxies,
}

impl Network {
    /// Trusts what the platform trusts, and the certificates in `extra_ca` (PEM) besides.
    pub(crate) fn new(
        extra_ca: &[u8],
        resolver: Resolver,
        proxies: Proxies,
    ) -> Result<Self, TlsError> {
        Ok(Self { tls: tls::config(extra_ca)?, resolver, proxies })
    }

    /// An HTTP client that follows no redirect (they would carry the credential along) and ends
    /// each request, to its last byte, within `timeout`.
    pub(crate) fn http(&self, timeout: Duration) -> Result<reqwest::Client, TlsError> {
        let resolver = self.resolver.clone();
        let proxy = self.proxies.http(move |host| resolver.fixed(host).is_some());
        let builder = reqwest::Client::builder()
            .tls_backend_preconfigured(ClientConfig::clone(&self.tls))
            .dns_resolver(self.resolver.clone())
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .https_only(true)
            .pool_idle_timeout(IDLE)
            .timeout(timeout);
        match proxy.map_err(|error| TlsError(error.into()))? {
            Some(proxy) => builder.proxy(proxy),
            None => builder,
        }
        .build()
        .map_err(|error| TlsError(error.into()))
    }

    /// A TLS connection to `authority` (`host` or `host:port`, port 443 by default).
    pub(crate) async fn connect(&self, authority: &str) -> io::Result<TlsStream<TcpStream>> {
        let (host, port) = match authority.split_once(':') {
            Some((host, port)) => (host, port.parse().map_err(io::Error::other)?),
            None => (authority, 443),
        };
        let name = ServerName::try_from(host.to_owned())
            .map_err(|error: InvalidDnsNameError| io::Error::other(error))?;
        let stream = self.reach(host, port).await?;
        stream.set_nodelay(true)?;
        TlsConnector::from(Arc::clone(&self.tls)).connect(name, stream).await
    }
}

impl Network {
    async fn reach(&self, host: &str, port: u16) -> io::Result<TcpStream> {
        if self.resolver.fixed(host).is_none()
            && let Some(tunnel) = self.proxies.tunnel(host, port).await
        {
            return tunnel;
        }
        let addresses = self.resolver.lookup(host, port).await?;
        TcpStream::connect(&*addresses).await
    }
}

impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Network").field("resolver", &self.resolver).finish_non_exhaustive()
    }
}

/// The system's resolver, with fixed addresses for some domains and all names below them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Resolver {
    fixed: Arc<Vec<(String, IpAddr)>>,
}

impl Resolver {
    pub(crate) fn new(fixed: Vec<(String, IpAddr)>) -> Self {
        Self { fixed: Arc::new(fixed) }
    }

    fn fixed(&self, host: &str) -> Option<IpAddr> {
        self.fixed.iter().find(|(domain, _)| covers(domain, host)).map(|&(_, address)| address)
    }

    async fn lookup(&self, host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        match self.fixed(host) {
            Some(address) => Ok(vec![SocketAddr::new(address, port)]),
            None => Ok(tokio::net::lookup_host((host, port)).await?.collect()),
        }
    }
}

impl reqwest::dns::Resolve for Resolver {
    fn resolve(&self, name: reqwest::dns::Name) -> reqwest::dns::Resolving {
        let resolver = self.clone();
        Box::pin(async move {
            // Port 0: the connector puts in the one of the URL.
            let addresses = resolver.lookup(name.as_str(), 0).await?;
            Ok(Box::new(addresses.into_iter()) as reqwest::dns::Addrs)
        })
    }
}

/// Why TLS could not be set up: an unreadable extra CA, or no usable root on this platform.
#[derive(Debug)]
pub(crate) struct TlsError(Box<dyn std::error::Error + Send + Sync>);

impl fmt::Display for TlsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TLS cannot be set up: {}", self.0)
    }
}

impl std::error::Error for TlsError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_fixed_address_covers_the_domain_and_the_names_below_it() {
        let local = IpAddr::from([127, 0, 0, 1]);
        let resolver = Resolver::new(vec![("space.test".to_owned(), local)]);
        for host in ["space.test", "puc.space.test", "a.b.space.test"] {
            assert_eq!(resolver.lookup(host, 7).await.unwrap(), [SocketAddr::new(local, 7)]);
        }
        assert_eq!(resolver.fixed("otherspace.test"), None);
    }

    #[test]
    fn an_extra_ca_without_a_certificate_is_refused() {
        for text in ["made up", "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n"] {
            assert!(
                Network::new(text.as_bytes(), Resolver::default(), Proxies::default()).is_err(),
                "{text}"
            );
        }
    }
}
