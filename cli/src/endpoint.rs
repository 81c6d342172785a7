//! A provider that asks a URL for credentials.

use std::{net::IpAddr, time::Duration};

use credwire::{AuthenticateContext, CredentialError, SdkCredential, Secret, credential_provider};
use reqwest::{StatusCode, Url, header::RETRY_AFTER};
use serde::Serialize;

/// More than any credential needs.
const MOST_BYTES: usize = 256 * 1024;

/// A backend of one's own, asked over HTTP for the first credential and for each one after it.
#[credential_provider]
pub(crate) struct Endpoint {
    pub(crate) http: reqwest::Client,
    pub(crate) url: Url,
    /// Sent as `Authorization: Bearer ..`.
    pub(crate) bearer: Option<Secret<String>>,
}

#[credential_provider]
impl Endpoint {
    async fn authenticate(
        &self,
        context: &AuthenticateContext,
    ) -> Result<SdkCredential, CredentialError> {
        self.ask(&Question { fingerprint: context.fingerprint.as_deref() }).await
    }

    async fn refresh(&self) -> Result<SdkCredential, CredentialError> {
        self.ask(&Question { fingerprint: None }).await
    }
}

#[derive(Serialize)]
struct Question<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    fingerprint: Option<&'a str>,
}

impl Endpoint {
    async fn ask(&self, question: &Question<'_>) -> Result<SdkCredential, CredentialError> {
        // A query may hold a key, so the URL stays out of messages.
        let failed = |error: reqwest::Error| CredentialError::transient(error.without_url());
        let mut request = self.http.post(self.url.clone()).json(question);
        if let Some(bearer) = &self.bearer {
            request = request.bearer_auth(bearer.expose());
        }
        let mut response = request.send().await.map_err(failed)?;
        if !response.status().is_success() {
            return Err(refusal(&response));
        }
        let mut answer = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(failed)? {
            answer.extend_from_slice(&chunk);
            if answer.len() > MOST_BYTES {
                return Err(CredentialError::permanent("the provider's answer is too long"));
            }
        }
        let answer = Secret::new(answer);
        // The message of the parser could quote the token.
        serde_json::from_slice(answer.expose()).map_err(|_| {
            CredentialError::permanent(
                "the provider's answer is not a JSON object with the string `token` and the \
                 number `expiry_at` (milliseconds since the epoch)",
            )
        })
    }
}

/// What a status other than success means. Only a `Retry-After` in seconds is read.
fn refusal(response: &reqwest::Response) -> CredentialError {
    let status = response.status();
    let message = format!("the provider's URL answered with status {}", status.as_u16());
    let passing = [StatusCode::TOO_MANY_REQUESTS, StatusCode::REQUEST_TIMEOUT];
    if !status.is_server_error() && !passing.contains(&status) {
        return CredentialError::permanent(message);
    }
    let error = CredentialError::transient(message);
    let header = response.headers().get(RETRY_AFTER).and_then(|header| header.to_str().ok());
    match header.and_then(|header| header.trim().parse().ok()) {
        Some(seconds) => error.with_retry_after(Duration::from_secs(seconds)),
        None => error,
    }
}

/// Reads a provider's URL: HTTPS, or HTTP to this computer.
pub(crate) fn url(text: &str) -> Result<Url, String> {
    let url: Url = text.parse().map_err(|error| format!("{error}"))?;
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    let is_local = host == "localhost" || address.is_ok_and(|address| address.is_loopback());
    match url.scheme() {
        "https" if !host.is_empty() => Ok(url),
        "http" if is_local => Ok(url),
        "http" => Err("credentials do not travel in the clear: use https".to_owned()),
        scheme => Err(format!("expected https, not {scheme}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_this_computer_only() {
        for text in ["https://app.example.com/token", "http://127.0.0.1:8080/", "http://[::1]/t"] {
            assert!(url(text).is_ok(), "{text}");
        }
        for text in ["http://app.example.com/token", "http://10.0.0.1/", "file:///token", "token"] {
            assert!(url(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_absent_fingerprint_is_not_sent() {
        let text = |fingerprint| serde_json::to_string(&Question { fingerprint }).unwrap();
        assert_eq!(text(None), "{}");
        assert_eq!(text(Some("made-up")), r#"{"fingerprint":"made-up"}"#);
    }
}
