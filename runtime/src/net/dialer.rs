//! TCP connections: direct, or through a proxy.

use std::io;

use tokio::net::TcpStream;

use super::{proxy::Proxies, race::race, resolver::Resolver};

/// Opens connections. Every one that this crate opens itself is opened here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Dialer {
    resolver: Resolver,
    proxies: Proxies,
}

impl Dialer {
    pub(super) fn new(resolver: Resolver, proxies: Proxies) -> Self {
        Self { resolver, proxies }
    }

    /// A connection to `host`: through the proxy that is for it, if there is one. Hosts with a fixed
    /// address have none.
    pub(super) async fn dial(&self, host: &str, port: u16) -> io::Result<TcpStream> {
        let proxy = match self.resolver.fixed(host) {
            Some(_) => None,
            None => self.proxies.server(host, port)?,
        };
        let Some(proxy) = proxy else { return self.direct(host, port).await };
        let (proxy_host, proxy_port) = proxy.address();
        let stream = self.direct(proxy_host, proxy_port).await.map_err(|error| {
            let message = format!("no connection to the proxy {proxy_host}:{proxy_port}: {error}");
            io::Error::new(error.kind(), message)
        })?;
        if proxy.resolves_names() {
            return proxy.tunnel(stream, host, port).await;
        }
        let addresses = self.resolver.lookup(host, port).await?;
        let address = addresses.first().ok_or(io::ErrorKind::NotFound)?;
        let ip = if address.is_ipv6() {
            format!("[{}]", address.ip())
        } else {
            address.ip().to_string()
        };
        proxy.tunnel(stream, &ip, port).await
    }

    async fn direct(&self, host: &str, port: u16) -> io::Result<TcpStream> {
        let addresses = self.resolver.lookup(host, port).await?;
        let stream = race(addresses, TcpStream::connect).await?;
        stream.set_nodelay(true)?;
        Ok(stream)
    }
}
