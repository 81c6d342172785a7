//! Guest credentials for an embed token.

use std::{net::IpAddr, sync::Arc, time::Duration};

use crate::{
    AuthenticateContext, CredentialError, CredentialProvider, Error, ErrorKind, SdkCredential,
    Secret,
    clock::SystemClock,
    net::{Network, Proxies, Proxy, Resolver, add_pem},
    rest::{Rest, RestPolicy},
    space,
    transport::{OverNetwork, SocketBounds},
};
use credwire_core::Clock;

/// The lifetime of the SAT for an embed token; the answer does not state it.
const LIFETIME: Duration = Duration::from_secs(3600);

/// Exchanges an embed token (`c2c_..`) for a guest SAT, at first and whenever a fresh one is due.
///
/// ```
/// use credwire::providers::EmbedTokenCredentialProvider;
/// let provider = EmbedTokenCredentialProvider::new("embeds.signalwire.com", "c2c_made_up")?;
/// # let _ = provider;
/// # Ok::<(), credwire::Error>(())
/// ```
#[derive(Debug)]
pub struct EmbedTokenCredentialProvider {
    origin: String,
    embed_token: Secret<String>,
    rest: Rest,
}

impl EmbedTokenCredentialProvider {
    /// Creates a provider that sends `embed_token` to `host`, and to no other host.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] when `host` is not `label(.label)*(:port)?`, or TLS cannot be
    /// set up.
    pub fn new(
        host: impl Into<String>,
        embed_token: impl Into<Secret<String>>,
    ) -> Result<Self, Error> {
        Self::builder(host, embed_token).build()
    }

    /// Describes a provider as [`new`](Self::new) creates it, for a host that is reached in a
    /// special way.
    pub fn builder(
        host: impl Into<String>,
        embed_token: impl Into<Secret<String>>,
    ) -> EmbedTokenCredentialProviderBuilder {
        EmbedTokenCredentialProviderBuilder {
            host: host.into(),
            embed_token: embed_token.into(),
            root_certificates: Vec::new(),
            fixed: Vec::new(),
            proxy: Proxy::default(),
        }
    }

    async fn exchange(&self) -> Result<SdkCredential, CredentialError> {
        let token = self.rest.exchange_embed_token(&self.origin, &self.embed_token).await.map_err(
            |error| match (error.is_transient(), error.retry_after()) {
                (true, Some(delay)) => CredentialError::transient(error).with_retry_after(delay),
                (true, None) => CredentialError::transient(error),
                (false, _) => CredentialError::permanent(error),
            },
        )?;
        Ok(SdkCredential::from_token(token).with_expires_in(LIFETIME))
    }
}

impl CredentialProvider for EmbedTokenCredentialProvider {
    async fn authenticate(
        &self,
        _: &AuthenticateContext,
    ) -> Result<SdkCredential, CredentialError> {
        self.exchange().await
    }

    fn refresh(
        &self,
    ) -> Option<impl Future<Output = Result<SdkCredential, CredentialError>> + Send> {
        Some(self.exchange())
    }
}

/// A builder of [`EmbedTokenCredentialProvider`].
#[derive(Debug)]
#[must_use = "a builder does nothing until `build` is called"]
pub struct EmbedTokenCredentialProviderBuilder {
    host: String,
    embed_token: Secret<String>,
    root_certificates: Vec<u8>,
    fixed: Vec<(String, IpAddr)>,
    proxy: Proxy,
}

impl EmbedTokenCredentialProviderBuilder {
    /// Adds root certificates, as
    /// [`ClientBuilder::add_root_certificates`](crate::ClientBuilder::add_root_certificates).
    pub fn add_root_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        add_pem(&mut self.root_certificates, pem.into());
        self
    }

    /// Adds a fixed address, as [`ClientBuilder::add_address`](crate::ClientBuilder::add_address).
    pub fn add_address(mut self, domain: impl Into<String>, address: IpAddr) -> Self {
        self.fixed.push((domain.into().to_ascii_lowercase(), address));
        self
    }

    /// Sets the proxy, as [`ClientBuilder::proxy`](crate::ClientBuilder::proxy).
    pub fn proxy(mut self, proxy: Proxy) -> Self {
        self.proxy = proxy;
        self
    }

    /// Creates the provider; nothing is sent yet.
    ///
    /// # Errors
    /// As [`EmbedTokenCredentialProvider::new`].
    pub fn build(self) -> Result<EmbedTokenCredentialProvider, Error> {
        let wrong = |message: &'static str| Error::new(ErrorKind::Configuration, message);
        let host = space::parse_authority(&self.host).ok_or_else(|| {
            wrong("the host for embed tokens is not of the form label.label[:port]")
        })?;
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
        let proxies = Proxies::of(&self.proxy)
            .map_err(|error| wrong("the proxy cannot be used").because(error))?;
        let policy = RestPolicy::default();
        let network = Network::new(&self.root_certificates, Resolver::new(self.fixed), proxies)
            .map_err(|error| wrong("the network cannot be set up").because(error))?;
        let transport = OverNetwork::new(network, policy.timeout, SocketBounds::default());
        let rest = Rest::new(Arc::new(transport), Arc::clone(&clock), policy, fastrand::u64(..));
        Ok(EmbedTokenCredentialProvider {
            origin: format!("https://{host}"),
            embed_token: self.embed_token,
            rest,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_hosts_are_hosts_and_the_token_is_not_shown() {
        for host in ["", "https://h.test", "user@h.test", "h.test/path", "10.0.0.1"] {
            let error = EmbedTokenCredentialProvider::new(host, "c2c_made_up").unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Configuration, "{host}");
        }
        let provider = EmbedTokenCredentialProvider::new("H.test:8443", "c2c_made_up").unwrap();
        assert_eq!(provider.origin, "https://h.test:8443");
        assert!(!format!("{provider:?}").contains("made_up"));
    }
}
