//! One call: tries, proofs, nonces, size limits and the server's clock.

use std::{sync::Arc, time::Duration};

use reqwest::{
    Method, Response, StatusCode,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::{
    RestError, RestErrorKind, RestPolicy,
    nonce::{self, Nonces},
    server_clock::ServerClock,
};
use crate::{
    Clock, Secret,
    dpop::{DpopKey, HttpProof},
};

/// Largest body that is read.
const MAX_BODY: usize = 1024 * 1024;

/// One call to a space.
pub(super) struct Request<'a> {
    pub(super) origin: String,
    pub(super) path: &'static str,
    pub(super) bearer: Option<&'a Secret<String>>,
    pub(super) payload: Payload<'a>,
    /// On server errors, network errors and timeouts.
    pub(super) tries: u32,
}

/// What a call sends. Made anew for each try, for a proof is accepted once.
#[derive(Clone, Copy)]
pub(super) enum Payload<'a> {
    /// Nothing, with `GET`.
    Nothing,
    /// A proof of possession and the lifetime wanted, in seconds.
    Device { key: &'a DpopKey, hash_bearer: bool, expire_in: u64 },
    /// An embed token.
    Embed { token: &'a Secret<String> },
}

impl<'a> Request<'a> {
    const fn method(&self) -> &'static Method {
        match self.payload {
            Payload::Nothing => &Method::GET,
            Payload::Device { .. } | Payload::Embed { .. } => &Method::POST,
        }
    }

    fn error(&self, kind: RestErrorKind) -> RestError {
        let host = self.origin.strip_prefix("https://").unwrap_or(&self.origin);
        RestError::new(kind, format!("{} {host} {}", self.method(), self.path))
    }

    /// The error of an answer that is understood but unusable.
    pub(super) fn malformed(&self, what: &'static str) -> RestError {
        self.error(RestErrorKind::Malformed).because(what)
    }

    fn failed(&self, error: reqwest::Error) -> RestError {
        let kind = if error.is_timeout() { RestErrorKind::Timeout } else { RestErrorKind::Network };
        self.error(kind).because(error.without_url())
    }
}

/// Makes the calls.
#[derive(Debug)]
pub(super) struct Exchange {
    http: reqwest::Client,
    policy: RestPolicy,
    nonces: Nonces,
    clock: ServerClock,
}

/// What an error answer tells; everything else in it is ignored.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Failure {
    errors: Vec<FailureEntry>,
    error: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct FailureEntry {
    code: Option<String>,
}

impl Failure {
    fn code(self) -> Option<String> {
        self.errors.into_iter().find_map(|entry| entry.code).or(self.error)
    }
}

impl Exchange {
    pub(super) fn new(http: reqwest::Client, clock: Arc<dyn Clock>, policy: RestPolicy) -> Self {
        Self { http, policy, nonces: Nonces::default(), clock: ServerClock::new(clock) }
    }

    pub(super) const fn clock(&self) -> &ServerClock {
        &self.clock
    }

    /// Makes the call, several times if need be, and reads the answer.
    pub(super) async fn json<T: DeserializeOwned>(
        &self,
        request: &Request<'_>,
    ) -> Result<T, RestError> {
        let mut pause = self.policy.pause;
        let mut tries = 1;
        loop {
            match self.attempt(request).await {
                Err(error) if error.invites_retry() && tries < request.tries => {
                    tracing::debug!(%error, tries, "trying again");
                    tokio::time::sleep(pause.mul_f64(0.5 + fastrand::f64() / 2.0)).await;
                    pause = pause.saturating_mul(2);
                    tries += 1;
                }
                Err(error) => return Err(error.after(tries)),
                // The parser's message may quote the answer, so it is not kept.
                Ok(bytes) => {
                    return serde_json::from_slice(bytes.expose())
                        .map_err(|_| request.error(RestErrorKind::Malformed));
                }
            }
        }
    }

    /// One try, and a second one with the nonce if the server demands it.
    async fn attempt(&self, request: &Request<'_>) -> Result<Secret<Vec<u8>>, RestError> {
        let nonce = self.nonces.get(&request.origin);
        match self.send(request, nonce.as_deref()).await? {
            Answer::Body(body) => Ok(body),
            Answer::Refused { error, challenge } => {
                let fresh = self.nonces.get(&request.origin);
                if !challenge || fresh.is_none() || fresh == nonce {
                    return Err(error);
                }
                match self.send(request, fresh.as_deref()).await? {
                    Answer::Body(body) => Ok(body),
                    Answer::Refused { error, .. } => Err(error),
                }
            }
        }
    }

    async fn send(&self, request: &Request<'_>, nonce: Option<&str>) -> Result<Answer, RestError> {
        let url = format!("{}{}", request.origin, request.path);
        let mut builder = self.http.request(request.method().clone(), url);
        if let Some(token) = request.bearer {
            let mut value = HeaderValue::try_from(format!("Bearer {}", token.expose()))
                .map_err(|_| request.error(RestErrorKind::Proof).because("unsendable token"))?;
            value.set_sensitive(true);
            builder = builder.header(ACCEPT, "application/json").header(AUTHORIZATION, value);
        }
        if let Some(body) = self.body(request, nonce)? {
            builder = builder.header(CONTENT_TYPE, "application/json").body(body);
        }
        let response = builder.send().await.map_err(|error| request.failed(error))?;
        self.nonces.learn(&request.origin, response.headers());
        self.clock.learn(response.headers());
        let (status, headers) = (response.status(), response.headers().clone());
        let body = read_body(request, response).await?;
        if status.is_success() {
            return Ok(Answer::Body(body));
        }
        let code = serde_json::from_slice::<Failure>(body.expose()).ok().and_then(Failure::code);
        let challenge = matches!(request.payload, Payload::Device { .. })
            && nonce::is_challenge(status, code.as_deref(), &headers);
        let retry_after = self.retry_after(status, &headers);
        let error =
            request.error(RestErrorKind::Status).answered(status.as_u16(), code, retry_after);
        Ok(Answer::Refused { error, challenge })
    }

    fn body(
        &self,
        request: &Request<'_>,
        nonce: Option<&str>,
    ) -> Result<Option<Vec<u8>>, RestError> {
        #[derive(Serialize)]
        #[serde(untagged)]
        enum Wire<'a> {
            Device { dpop_token: &'a str, expire_in: u64 },
            Embed { token: &'a str },
        }
        let bytes = match request.payload {
            Payload::Nothing => return Ok(None),
            Payload::Device { key, hash_bearer, expire_in } => {
                let proof = HttpProof {
                    htm: request.method().as_str(),
                    htu: &self.policy.htu.htu(&request.origin, request.path),
                    access_token: request.bearer.filter(|_| hash_bearer),
                    nonce,
                };
                let proof = key
                    .prove_http(&proof, self.clock.now().to_seconds())
                    .map_err(|error| request.error(RestErrorKind::Proof).because(error))?;
                serde_json::to_vec(&Wire::Device { dpop_token: proof.expose(), expire_in })
            }
            Payload::Embed { token } => serde_json::to_vec(&Wire::Embed { token: token.expose() }),
        };
        bytes.map(Some).map_err(|_| request.error(RestErrorKind::Malformed))
    }

    /// `Retry-After` in seconds or as a date, where it has a meaning (RFC 9110, section 10.2.3).
    fn retry_after(&self, status: StatusCode, headers: &HeaderMap) -> Option<Duration> {
        if status != StatusCode::TOO_MANY_REQUESTS && !status.is_server_error() {
            return None;
        }
        let value = headers.get(RETRY_AFTER)?;
        if let Ok(seconds) = value.to_str().ok()?.trim().parse() {
            return Some(Duration::from_secs(seconds));
        }
        self.clock.until(value)
    }
}

enum Answer {
    Body(Secret<Vec<u8>>),
    Refused { error: RestError, challenge: bool },
}

async fn read_body(
    request: &Request<'_>,
    mut response: Response,
) -> Result<Secret<Vec<u8>>, RestError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| request.failed(error))? {
        if body.len() + chunk.len() > MAX_BODY {
            return Err(request.malformed("the answer is larger than 1 MiB"));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Secret::new(body))
}
