//! How hosts are reached: names, addresses, proxies and TLS, the same for REST and WebSocket.

mod dialer;
mod https;
mod no_proxy;
mod proxy;
mod race;
mod resolver;
mod tls;

use std::{
    fmt, io,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use http_body_util::Full;
use hyper::{
    Request, Response,
    body::{Bytes, Incoming},
};
use hyper_util::client::legacy::Error as HttpsError;
use rustls::{
    ClientConfig,
    pki_types::{InvalidDnsNameError, ServerName},
};
use tokio::{net::TcpStream, runtime};
use tokio_rustls::{TlsConnector, client::TlsStream};

use dialer::Dialer;
use https::HttpsClient;

pub(crate) use proxy::Proxies;
pub use proxy::Proxy;
pub(crate) use resolver::Resolver;
pub(crate) use tls::add_pem;

/// How a client reaches a space. Cloning is cheap.
///
/// Clients that reach hosts in the same way share one, and with it the connections of REST calls
/// and the TLS sessions that are resumed.
#[derive(Clone)]
pub(crate) struct Network(Arc<Inner>);

struct Inner {
    tls: Arc<ClientConfig>,
    dialer: Dialer,
    https: HttpsClient,
}

/// What makes one network unlike another. Connections are driven by the runtime that they were
/// opened in, so another runtime has its own.
#[derive(PartialEq, Eq)]
struct Key {
    root_certificates: Vec<u8>,
    dialer: Dialer,
    runtime: Option<runtime::Id>,
}

/// The networks in use, each as long as a client has it.
static IN_USE: Mutex<Vec<(Key, Weak<Inner>)>> = Mutex::new(Vec::new());

impl Network {
    /// Trusts what the platform trusts, and the certificates in `root_certificates` (PEM) besides.
    pub(crate) fn new(
        root_certificates: &[u8],
        resolver: Resolver,
        proxies: Proxies,
    ) -> Result<Self, TlsError> {
        let key = Key {
            root_certificates: root_certificates.to_vec(),
            dialer: Dialer::new(resolver, proxies),
            runtime: runtime::Handle::try_current().ok().map(|runtime| runtime.id()),
        };
        let mut in_use = IN_USE.lock().unwrap_or_else(PoisonError::into_inner);
        in_use.retain(|(_, network)| network.strong_count() > 0);
        let known = in_use.iter().find(|(known, _)| *known == key);
        if let Some(network) = known.and_then(|(_, network)| network.upgrade()) {
            return Ok(Self(network));
        }
        let (tls, dialer) = (tls::config(root_certificates)?, key.dialer.clone());
        let https = https::client(&tls, dialer.clone());
        let network = Arc::new(Inner { tls, dialer, https });
        in_use.push((key, Arc::downgrade(&network)));
        Ok(Self(network))
    }

    /// Sends an HTTPS request. No redirect is followed: it would carry the credential along.
    pub(crate) async fn request(
        &self,
        request: Request<Full<Bytes>>,
    ) -> Result<Response<Incoming>, HttpsError> {
        self.0.https.request(request).await
    }

    /// A TLS connection to `authority` (`host` or `host:port`, port 443 by default).
    pub(crate) async fn connect(&self, authority: &str) -> io::Result<TlsStream<TcpStream>> {
        let (host, port) = match authority.split_once(':') {
            Some((host, port)) => (host, port.parse().map_err(io::Error::other)?),
            None => (authority, 443),
        };
        let name = ServerName::try_from(host.to_owned())
            .map_err(|error: InvalidDnsNameError| io::Error::other(error))?;
        let stream = self.0.dialer.dial(host, port).await?;
        TlsConnector::from(Arc::clone(&self.0.tls)).connect(name, stream).await
    }
}

impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Network").field("dialer", &self.0.dialer).finish_non_exhaustive()
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
    use std::net::IpAddr;

    use super::*;

    fn network(resolver: Resolver) -> Network {
        Network::new(b"", resolver, Proxies::default()).unwrap()
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

    #[test]
    fn clients_of_one_runtime_that_reach_hosts_alike_share_a_network() {
        let fixed =
            || Resolver::new(vec![("shared.test".to_owned(), IpAddr::from([127, 0, 0, 1]))]);
        let (first, second) = (network(fixed()), network(fixed()));
        assert!(Arc::ptr_eq(&first.0, &second.0));
        assert!(!Arc::ptr_eq(&first.0, &network(Resolver::default()).0));
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let elsewhere = runtime.block_on(async { network(fixed()) });
        assert!(!Arc::ptr_eq(&first.0, &elsewhere.0));
    }
}
