//! The REST calls a client makes to its space.

mod error;
mod exchange;
mod nonce;
mod server_clock;

use std::{sync::Arc, time::Duration};

use serde::Deserialize;

pub use error::{RestError, RestErrorKind};
use exchange::{Exchange, Payload, Request};

use crate::{
    Clock, EpochMillis, EpochSeconds, SatClaims, Secret,
    dpop::{DpopKey, HtuForm},
    net::Network,
    space::SpaceHosts,
};

const INFO: &str = "/api/fabric/subscriber/info";
const DEVICES_TOKEN: &str = "/api/fabric/subscriber/devices/token";
const DEVICES_REFRESH: &str = "/api/fabric/subscriber/devices/refresh";
const EMBEDS_TOKENS: &str = "/api/fabric/embeds/tokens";

/// How REST calls are made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RestPolicy {
    /// Time for one try, to the last byte of the body.
    pub(crate) timeout: Duration,
    /// Tries of one call on server errors, network errors and timeouts.
    pub(crate) tries: u32,
    /// Pause before the second try; doubles before each further one.
    pub(crate) pause: Duration,
    /// Form of `htu` in proofs.
    pub(crate) htu: HtuForm,
}

impl Default for RestPolicy {
    fn default() -> Self {
        // Three tries and both pauses end within the 30 s that the lifecycle gives an operation.
        Self {
            timeout: Duration::from_secs(9),
            tries: 3,
            pause: Duration::from_secs(1),
            htu: HtuForm::default(),
        }
    }
}

/// The REST side of a space. Cloning is cheap; clones share connections and nonces.
#[derive(Clone, Debug)]
pub(crate) struct Rest {
    exchange: Arc<Exchange>,
}

/// What `subscriber/info` says, as far as a client needs it.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct SubscriberInfo {
    /// Claims of the token; absent when it has none worth telling.
    #[serde(default)]
    pub(crate) sat_claims: Option<SatClaims>,
}

/// What `devices/*` grant.
#[derive(Debug, Deserialize)]
pub(crate) struct DeviceGrant {
    pub(crate) token: Secret<String>,
    #[serde(default)]
    pub(crate) expires_at: Option<EpochSeconds>,
    /// Seconds from the receipt of the answer.
    #[serde(default)]
    pub(crate) expires_in: Option<u64>,
}

#[derive(Deserialize)]
struct EmbedGrant {
    token: Secret<String>,
}

impl Rest {
    /// # Errors
    /// When the HTTP client cannot be built.
    pub(crate) fn new(
        network: &Network,
        clock: Arc<dyn Clock>,
        policy: RestPolicy,
    ) -> Result<Self, RestError> {
        let http = network.http(policy.timeout).map_err(RestError::setup)?;
        Ok(Self { exchange: Arc::new(Exchange::new(http, clock, policy)) })
    }

    /// The server's time now, by the `Date` of its last answer; a little late.
    pub(crate) fn server_time(&self) -> Option<EpochMillis> {
        self.exchange.clock().last_seen()
    }

    /// The time to put into proofs: ours, unless the server's is clearly another one.
    pub(crate) fn proof_time(&self) -> EpochSeconds {
        self.exchange.clock().now().to_seconds()
    }

    /// `GET subscriber/info`.
    pub(crate) async fn subscriber_info(
        &self,
        hosts: &SpaceHosts,
        token: &Secret<String>,
    ) -> Result<SubscriberInfo, RestError> {
        let request = Request {
            origin: hosts.rest_origin(),
            path: INFO,
            bearer: Some(token),
            payload: Payload::Nothing,
        };
        self.exchange.json(&request).await
    }

    /// `POST devices/token`: the first Client Bound SAT, for `lifetime`.
    pub(crate) async fn activate(
        &self,
        hosts: &SpaceHosts,
        token: &Secret<String>,
        key: &DpopKey,
        lifetime: Duration,
    ) -> Result<DeviceGrant, RestError> {
        self.device(hosts, DEVICES_TOKEN, token, key, lifetime, false).await
    }

    /// `POST devices/refresh`: the next Client Bound SAT, for `lifetime`.
    pub(crate) async fn rotate(
        &self,
        hosts: &SpaceHosts,
        token: &Secret<String>,
        key: &DpopKey,
        lifetime: Duration,
    ) -> Result<DeviceGrant, RestError> {
        self.device(hosts, DEVICES_REFRESH, token, key, lifetime, true).await
    }

    async fn device(
        &self,
        hosts: &SpaceHosts,
        path: &'static str,
        token: &Secret<String>,
        key: &DpopKey,
        lifetime: Duration,
        hash_bearer: bool,
    ) -> Result<DeviceGrant, RestError> {
        let payload = Payload::Device { key, hash_bearer, expire_in: lifetime.as_secs().max(1) };
        let request = Request { origin: hosts.rest_origin(), path, bearer: Some(token), payload };
        let grant: DeviceGrant = self.exchange.json(&request).await?;
        if grant.token.expose().is_empty() {
            return Err(request.malformed("an empty token"));
        }
        Ok(grant)
    }

    /// `POST embeds/tokens` at `origin`: a guest SAT for an embed token.
    pub(crate) async fn exchange_embed_token(
        &self,
        origin: &str,
        embed_token: &Secret<String>,
    ) -> Result<Secret<String>, RestError> {
        let request = Request {
            origin: origin.to_owned(),
            path: EMBEDS_TOKENS,
            bearer: None,
            payload: Payload::Embed { token: embed_token },
        };
        let grant: EmbedGrant = self.exchange.json(&request).await?;
        Ok(grant.token)
    }
}
