//! The hosts that are reached without a proxy, in the forms of `NO_PROXY`.

use std::{net::IpAddr, str::FromStr as _};

use ipnet::IpNet;

use crate::space::{covers, is_loopback};

/// What `NO_PROXY` lists.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct NoProxy(Vec<Entry>);

#[derive(Debug, PartialEq, Eq)]
struct Entry {
    hosts: Hosts,
    /// The only port that it is about, if it names one.
    port: Option<u16>,
}

#[derive(Debug, PartialEq, Eq)]
enum Hosts {
    All,
    /// This domain and all names below it.
    Domain(String),
    /// The addresses in this network.
    Network(IpNet),
}

impl NoProxy {
    /// Reads a list with commas or spaces between its entries. What is no entry covers nothing.
    pub(super) fn read(list: &str) -> Self {
        let entries = list.split([',', ' ', '\t']).filter(|entry| !entry.is_empty());
        Self(entries.filter_map(Entry::read).collect())
    }

    /// Whether `host` is reached without a proxy at `port`. What is on this computer always is: it
    /// does not leave the machine.
    pub(super) fn covers(&self, host: &str, port: u16) -> bool {
        is_loopback(host) || self.0.iter().any(|entry| entry.covers(host, port))
    }
}

impl Entry {
    fn read(text: &str) -> Option<Self> {
        if let Some(hosts) = Hosts::network(text) {
            return Some(Self { hosts, port: None });
        }
        let (text, port) = match text.rsplit_once(':') {
            Some((text, port)) => (text, Some(port.parse().ok()?)),
            None => (text, None),
        };
        let hosts = Hosts::network(text).or_else(|| Hosts::domain(text))?;
        Some(Self { hosts, port })
    }

    fn covers(&self, host: &str, port: u16) -> bool {
        self.port.is_none_or(|it| it == port)
            && match &self.hosts {
                Hosts::All => true,
                Hosts::Domain(domain) => covers(domain, host.trim_end_matches('.')),
                Hosts::Network(network) => {
                    address(host).is_some_and(|address| network.contains(&address))
                }
            }
    }
}

impl Hosts {
    fn network(text: &str) -> Option<Self> {
        let network = IpNet::from_str(text).ok();
        network.or_else(|| address(text).map(IpNet::from)).map(Self::Network)
    }

    fn domain(text: &str) -> Option<Self> {
        if text == "*" {
            return Some(Self::All);
        }
        let domain = text.trim_start_matches('*').trim_start_matches('.').trim_end_matches('.');
        let is_name = !domain.is_empty() && !domain.contains(['*', '/', ':', '[', ']']);
        is_name.then(|| Self::Domain(domain.to_owned()))
    }
}

/// An IP address, in brackets or without them.
fn address(text: &str) -> Option<IpAddr> {
    text.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_forms_of_entries_are_read() {
        for (list, covered, others) in [
            ("*", &["h.test", "10.0.0.1", "[2001:db8::1]"][..], &[][..]),
            ("near.test", &["near.test", "a.NEAR.test", "near.test."], &["sonear.test", "test"]),
            (".near.test", &["near.test", "b.a.near.test"], &["sonear.test"]),
            ("*.near.test", &["near.test", "a.near.test"], &["sonear.test"]),
            ("a.test, b.test c.test", &["a.test", "b.test", "c.test"], &["d.test"]),
            ("near.test:443", &["near.test"], &["far.test"]),
            ("near.test:8443", &[], &["near.test"]),
            ("10.0.0.0/8", &["10.255.1.2"], &["11.0.0.1", "10.test"]),
            ("192.0.2.7", &["192.0.2.7"], &["192.0.2.70"]),
            ("192.0.2.7:443,[2001:db8::7]:443", &["192.0.2.7", "[2001:db8::7]"], &["192.0.2.8"]),
            ("192.0.2.7:80", &[], &["192.0.2.7"]),
            ("2001:db8::/32", &["2001:db8:1::1", "[2001:db8::2]"], &["2001:db9::1"]),
            ("2001:db8::1", &["[2001:db8::1]"], &["2001:db8::2"]),
            ("10.0.0.0/99,h.test:port,a*b.test,,:", &[], &["10.0.0.1", "h.test", "aab.test"]),
        ] {
            let no_proxy = NoProxy::read(list);
            for host in covered {
                assert!(no_proxy.covers(host, 443), "{list}: {host}");
            }
            for host in others {
                assert!(!no_proxy.covers(host, 443), "{list}: {host}");
            }
        }
    }

    #[test]
    fn this_computer_needs_no_entry() {
        for host in ["localhost", "127.0.0.1", "127.9.9.9", "::1", "[::1]", "LOCALHOST"] {
            assert!(NoProxy::default().covers(host, 443), "{host}");
        }
        assert!(!NoProxy::default().covers("localhost.test", 443));
    }
}
