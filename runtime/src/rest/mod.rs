//! The REST calls a client makes to its space.

mod error;
mod exchange;
mod nonce;
mod server_clock;

use std::{sync::Arc, time::Duration};

use serde::Deserialize;
use serde_json::Value;

pub use error::{RestError, RestErrorKind};
use exchange::{Exchange, Payload, Request};

use credwire_session::{
    Profile,
    expiry::{self, ExpiryError},
    frame::SAT_REFRESH,
};

use crate::{
    EpochMillis, EpochSeconds, Seconds, Secret,
    dpop::{DpopKey, HtuForm},
    space::SpaceHosts,
    transport::Transport,
};
use credwire_core::{Backoff, Clock};

const INFO: &str = "/api/fabric/subscriber/info";
const DEVICES_TOKEN: &str = "/api/fabric/subscriber/devices/token";
const DEVICES_REFRESH: &str = "/api/fabric/subscriber/devices/refresh";
const EMBEDS_TOKENS: &str = "/api/fabric/embeds/tokens";

/// Tries of a call on server errors, network errors and timeouts.
const TRIES: u32 = 3;

/// How REST calls are made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RestPolicy {
    /// Time for one try, to the last byte of the body.
    pub(crate) timeout: Duration,
    /// Pauses between tries.
    pub(crate) backoff: Backoff,
    /// Form of `htu` in proofs.
    pub(crate) htu: HtuForm,
}

impl Default for RestPolicy {
    fn default() -> Self {
        // Three tries and both pauses end within the 30 s that the lifecycle gives an operation.
        Self {
            timeout: Duration::from_secs(9),
            backoff: Backoff::new(Duration::from_secs(1), Duration::from_secs(30)),
            htu: HtuForm::default(),
        }
    }
}

/// The REST side of a space. Cloning is cheap; clones share connections and nonces.
#[derive(Clone, Debug)]
pub(crate) struct Rest {
    exchange: Arc<Exchange>,
}

/// The answer of `subscriber/info`, as far as a client needs it. It is read leniently: a profile in
/// another form must not end a session.
#[derive(Debug, Deserialize)]
pub(crate) struct SubscriberInfo {
    #[serde(default)]
    sat_claims: Value,
}

impl SubscriberInfo {
    /// What a session needs of it.
    pub(crate) fn profile(&self) -> Profile {
        Profile { sat_refresh: self.sat_refresh(), expiry: self.expires_at() }
    }

    /// The expiry of the token, if the space sent one.
    fn expires_at(&self) -> Result<Option<EpochMillis>, ExpiryError> {
        self.sat_claims.get("expires_at").map_or(Ok(None), expiry::read)
    }

    /// The thumbprint of the key that the token is bound to, if it is.
    pub(crate) fn bound_to(&self) -> Option<&str> {
        self.sat_claims.get("cnf")?.get("jkt")?.as_str()
    }

    /// Whether the token's claims carry `sat:refresh`; `None` when the space does not
    /// send the claims.
    fn sat_refresh(&self) -> Option<bool> {
        let scope = self.sat_claims.get("scope")?.as_array()?;
        Some(scope.iter().any(|scope| scope == SAT_REFRESH))
    }
}

/// The answer of `devices/*`.
#[derive(Debug, Deserialize)]
pub(crate) struct DeviceGrant {
    pub(crate) token: Secret<String>,
    /// The end of the token.
    #[serde(default)]
    expires_at: Value,
    /// The time from the receipt of the answer.
    #[serde(default)]
    pub(crate) expires_in: Option<Seconds>,
}

impl DeviceGrant {
    /// When the token ends.
    pub(crate) fn expires_at(&self) -> Result<Option<EpochMillis>, ExpiryError> {
        expiry::read(&self.expires_at)
    }
}

#[derive(Deserialize)]
struct EmbedGrant {
    token: Secret<String>,
}

impl Rest {
    /// `seed` is that of the jitter between tries.
    pub(crate) fn new(
        transport: Arc<dyn Transport>,
        clock: Arc<dyn Clock>,
        policy: RestPolicy,
        seed: u64,
    ) -> Self {
        Self { exchange: Arc::new(Exchange::new(transport, clock, policy, seed)) }
    }

    /// The server's time now, by the `Date` of its last answer; a little late.
    pub(crate) fn server_time(&self) -> Option<EpochMillis> {
        self.exchange.clock().last_seen()
    }

    /// The time to put into proofs: ours, unless the server's is clearly another one.
    pub(crate) fn proof_time(&self) -> EpochSeconds {
        self.exchange.clock().now().to_seconds()
    }

    /// Asks for an answer of any kind, for the `Date` in it. No credential goes along.
    pub(crate) async fn read_clock(&self, hosts: &SpaceHosts) {
        let request = Request {
            origin: hosts.rest_origin(),
            path: INFO,
            bearer: None,
            payload: Payload::Nothing,
            tries: 1,
        };
        // Without a bearer the answer is a refusal; its headers have been read.
        let _: Result<Value, _> = self.exchange.json(&request).await;
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
            // Whoever connects tries again with its own backoff.
            tries: 1,
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
        let request = Request {
            origin: hosts.rest_origin(),
            path,
            bearer: Some(token),
            payload,
            tries: TRIES,
        };
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
            tries: TRIES,
        };
        let grant: EmbedGrant = self.exchange.json(&request).await?;
        Ok(grant.token)
    }
}

#[cfg(test)]
mod tests;
