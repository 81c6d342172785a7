//! One call: tries, proofs, nonces, size limits and the server's clock.

use std::sync::{Arc, Mutex, PoisonError};

use reqwest::Method;
use serde::{Serialize, de::DeserializeOwned};

use super::{
    RestError, RestErrorKind, RestPolicy,
    nonce::{Challenge, Challenges, Nonces},
    server_clock::ServerClock,
};
use crate::{
    Secret,
    dpop::{DpopKey, HttpProof},
    response::{ErrorBody, is_space_refusal, retry_after},
    transport::{HttpError, HttpRequest, Transport},
};
use credwire_core::Clock;

/// One call to a space.
pub(super) struct Request<'a> {
    pub(super) origin: String,
    pub(super) path: &'static str,
    pub(super) bearer: Option<&'a Secret<String>>,
    pub(super) payload: Payload<'a>,
    /// Maximum tries on server errors, network errors and timeouts.
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

    fn failed(&self, error: HttpError) -> RestError {
        match error {
            HttpError::Unsendable => self.error(RestErrorKind::Proof).because("unsendable token"),
            HttpError::TooLarge => self.malformed("the answer is larger than 1 MiB"),
            HttpError::Timeout(cause) => self.error(RestErrorKind::Timeout).because(cause),
            HttpError::Network(cause) => self.error(RestErrorKind::Network).because(cause),
        }
    }
}

/// Makes the calls.
#[derive(Debug)]
pub(super) struct Exchange {
    transport: Arc<dyn Transport>,
    policy: RestPolicy,
    nonces: Nonces,
    clock: ServerClock,
    /// Randomness for jitter.
    random: Mutex<fastrand::Rng>,
}

impl Exchange {
    pub(super) fn new(
        transport: Arc<dyn Transport>,
        clock: Arc<dyn Clock>,
        policy: RestPolicy,
        seed: u64,
    ) -> Self {
        Self {
            transport,
            policy,
            nonces: Nonces::default(),
            clock: ServerClock::new(clock),
            random: Mutex::new(fastrand::Rng::with_seed(seed)),
        }
    }

    pub(super) const fn clock(&self) -> &ServerClock {
        &self.clock
    }

    /// Makes the call, several times if need be, and reads the answer.
    pub(super) async fn json<T: DeserializeOwned>(
        &self,
        request: &Request<'_>,
    ) -> Result<T, RestError> {
        let mut challenges = Challenges::default();
        let mut tries = 1;
        loop {
            match self.attempt(request, &mut challenges).await {
                Err(error) if error.invites_retry() && tries < request.tries => {
                    tracing::debug!(%error, tries, "trying again");
                    tokio::time::sleep(self.policy.backoff.pause(tries, self.chance())).await;
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

    /// One try, and one more at once for each new nonce that the server demands.
    async fn attempt(
        &self,
        request: &Request<'_>,
        challenges: &mut Challenges,
    ) -> Result<Secret<Vec<u8>>, RestError> {
        loop {
            let nonce = self.nonces.get(&request.origin);
            challenges.sent(nonce.as_deref());
            match self.send(request, nonce.as_deref()).await? {
                Answer::Body(body) => return Ok(body),
                Answer::Error { error, challenge } => {
                    let fresh = self.nonces.get(&request.origin);
                    // A server that asks for time gets it; its nonce is for the next operation.
                    let at_once = challenge && error.retry_after().is_none();
                    if !at_once || !challenges.earn_try(fresh.as_deref()) {
                        return Err(error);
                    }
                }
            }
        }
    }

    async fn send(&self, request: &Request<'_>, nonce: Option<&str>) -> Result<Answer, RestError> {
        let answer = self.transport.exchange(HttpRequest {
            method: request.method(),
            origin: &request.origin,
            path: request.path,
            bearer: request.bearer,
            body: self.body(request, nonce)?.map(Secret::new),
        });
        let answer = answer.await.map_err(|error| request.failed(error))?;
        let (status, headers, body) = (answer.status, answer.headers, answer.body);
        self.nonces.learn(&request.origin, &headers);
        self.clock.learn(&headers);
        if status.is_success() {
            return Ok(Answer::Body(body));
        }
        let body = ErrorBody::read(body.expose());
        let proves = matches!(request.payload, Payload::Device { .. });
        let challenge = Challenge::read(status, &headers, &body).filter(|_| proves);
        let refused =
            challenge != Some(Challenge::Stated) && is_space_refusal(status.as_u16(), &body);
        let error = request
            .error(RestErrorKind::Status)
            .answered(status.as_u16(), body.code(), retry_after(&headers, || self.clock.now()))
            .refused(refused);
        Ok(Answer::Error { error, challenge: challenge.is_some() })
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

    fn chance(&self) -> u16 {
        self.random.lock().unwrap_or_else(PoisonError::into_inner).u16(..)
    }
}

enum Answer {
    Body(Secret<Vec<u8>>),
    Error { error: RestError, challenge: bool },
}
