//! The addresses of a name.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use crate::space::covers;

/// The system's resolver, with fixed addresses for some domains and all names below them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Resolver {
    fixed: Arc<Vec<(String, IpAddr)>>,
}

impl Resolver {
    pub(crate) fn new(fixed: Vec<(String, IpAddr)>) -> Self {
        Self { fixed: Arc::new(fixed) }
    }

    /// The fixed address of `host`, if it has one.
    pub(super) fn fixed(&self, host: &str) -> Option<IpAddr> {
        self.fixed.iter().find(|(domain, _)| covers(domain, host)).map(|&(_, address)| address)
    }

    /// The addresses of `host`, which may be an IP address in brackets or without them.
    pub(super) async fn lookup(&self, host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        match self.fixed(host) {
            Some(address) => Ok(vec![SocketAddr::new(address, port)]),
            None => {
                let host = host.trim_start_matches('[').trim_end_matches(']');
                Ok(tokio::net::lookup_host((host, port)).await?.collect())
            }
        }
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
        assert_eq!(resolver.lookup("[::1]", 7).await.unwrap(), ["[::1]:7".parse().unwrap()]);
    }
}
