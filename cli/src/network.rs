//! How a space is reached when it is not the vendor's: certificates and addresses.

use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    str::FromStr,
};

use credwire::space::{covers, is_loopback};

use crate::outcome::{Failure, Result};

/// Options of every command that talks to a space.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Reaching the space")]
pub(crate) struct Network {
    /// Trust the certificates in this PEM file, besides those that the system trusts
    #[arg(long, value_name = "FILE")]
    pub(crate) ca: Option<PathBuf>,

    /// Look for a domain and all names below it at a fixed address, as in
    /// `space.test=127.0.0.1`; may be repeated
    #[arg(long, value_name = "DOMAIN=IP")]
    pub(crate) resolve: Vec<FixedAddress>,
}

/// A domain and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FixedAddress {
    pub(crate) domain: String,
    pub(crate) address: IpAddr,
}

impl FromStr for FixedAddress {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let (domain, address) = text.split_once('=').ok_or("expected DOMAIN=IP")?;
        if domain.is_empty() || domain.contains(':') {
            return Err("expected a domain without a port before the `=`".to_owned());
        }
        let address = address.parse().map_err(|error| format!("`{address}`: {error}"))?;
        Ok(Self { domain: domain.to_ascii_lowercase(), address })
    }
}

impl Network {
    /// The certificates of the PEM file; empty without one.
    pub(crate) fn root_certificates(&self) -> Result<Vec<u8>> {
        let Some(path) = &self.ca else { return Ok(Vec::new()) };
        std::fs::read(path).map_err(|error| {
            Failure::new(format!("cannot read the certificates in {}", path.display()))
                .because(error)
        })
    }

    /// An HTTP client for requests to `host`, as a backend would make them. It follows no
    /// redirect, which would carry the password along.
    pub(crate) fn http(&self, host: &str) -> Result<reqwest::Client> {
        let failed = |error| Failure::new("cannot set up HTTPS").because(error);
        let mut builder = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(std::time::Duration::from_secs(30));
        let pem = self.root_certificates()?;
        let certificates = reqwest::Certificate::from_pem_bundle(&pem).map_err(failed)?;
        if !certificates.is_empty() {
            builder = builder.tls_certs_merge(certificates);
        } else if !pem.is_empty() {
            return Err(Failure::new("there is no certificate in the PEM file of --ca"));
        }
        if is_loopback(host) {
            // What is for this computer does not leave it.
            builder = builder.no_proxy();
        }
        if let Some(address) = self.address_of(host) {
            builder = builder.no_proxy();
            // Port 0 stands for the port of the URL.
            builder = builder.resolve(host, SocketAddr::new(address, 0));
        }
        builder.build().map_err(failed)
    }

    fn address_of(&self, host: &str) -> Option<IpAddr> {
        let fixed = self.resolve.iter().find(|fixed| covers(&fixed.domain, host));
        fixed.map(|fixed| fixed.address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fixed_address_covers_the_names_below_its_domain() {
        let network = Network { ca: None, resolve: vec!["Space.Test=127.0.0.1".parse().unwrap()] };
        let local = Some(IpAddr::from([127, 0, 0, 1]));
        assert_eq!(network.address_of("fabric.space.test"), local);
        assert_eq!(network.address_of("space.test"), local);
        assert_eq!(network.address_of("otherspace.test"), None);
    }

    #[test]
    fn malformed_addresses_are_refused_with_what_was_expected() {
        for (text, expected) in [
            ("space.test", "DOMAIN=IP"),
            ("space.test:443=127.0.0.1", "without a port"),
            ("space.test=localhost", "`localhost`"),
        ] {
            let error = text.parse::<FixedAddress>().unwrap_err();
            assert!(error.contains(expected), "{text}: {error}");
        }
    }
}
