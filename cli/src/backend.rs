//! A space's REST interface for backends: minting and rotating subscriber access tokens.

use std::{error::Error, fmt};

use credwire::{EpochSeconds, Secret};
use serde::{Deserialize, Serialize};

/// Sends requests of a project to the space at one origin.
pub(crate) struct Backend {
    http: reqwest::Client,
    origin: String,
    project: String,
    api_token: Secret<String>,
}

/// What to mint.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Mint {
    /// Who the subscriber is, in the words of the project.
    pub(crate) reference: String,
    /// When the token ends; the space's default is two hours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) expire_at: Option<EpochSeconds>,
    /// The thumbprint of the key to bind the token to (RFC 7638).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) fingerprint: Option<String>,
    /// `sat:refresh` lets the client refresh by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) scope: Option<String>,
}

/// What was minted.
#[derive(Debug, Deserialize)]
pub(crate) struct Minted {
    #[serde(default)]
    pub(crate) subscriber_id: Option<String>,
    pub(crate) token: Secret<String>,
    pub(crate) refresh_token: Secret<String>,
}

impl Backend {
    /// `origin` is `https://host` or `https://host:port`.
    pub(crate) fn new(
        http: reqwest::Client,
        origin: impl Into<String>,
        project: impl Into<String>,
        api_token: Secret<String>,
    ) -> Self {
        Self { http, origin: origin.into(), project: project.into(), api_token }
    }

    /// Mints a token for a subscriber.
    pub(crate) async fn mint(&self, mint: &Mint) -> Result<Minted, BackendError> {
        self.post("/api/fabric/subscribers/tokens", mint).await
    }

    /// Trades a refresh token, which works once, for a new token and a new refresh token.
    pub(crate) async fn rotate(&self, refresh: &Secret<String>) -> Result<Minted, BackendError> {
        #[derive(Serialize)]
        struct Rotate<'a> {
            refresh_token: &'a str,
        }
        let body = Rotate { refresh_token: refresh.expose() };
        self.post("/api/fabric/subscribers/tokens/refresh", &body).await
    }

    async fn post(&self, path: &str, body: &impl Serialize) -> Result<Minted, BackendError> {
        let failed = |source: reqwest::Error| BackendError::Unanswered {
            origin: self.origin.clone(),
            source: source.without_url(),
        };
        let request = self.http.post(format!("{}{path}", self.origin));
        let request = request.basic_auth(&self.project, Some(self.api_token.expose())).json(body);
        let response = request.send().await.map_err(failed)?;
        let status = response.status();
        if !status.is_success() {
            let refusals = response.json::<Refusals>().await.ok();
            let code = refusals.and_then(|refusals| refusals.errors.into_iter().next());
            let code = code.and_then(|refusal| refusal.code).filter(|code| is_code(code));
            return Err(BackendError::Refused { status: status.as_u16(), code });
        }
        let bytes = response.bytes().await.map_err(failed)?;
        // The message of serde_json could quote the answer.
        serde_json::from_slice(&bytes).map_err(|_| BackendError::Malformed)
    }
}

#[derive(Deserialize)]
struct Refusals {
    errors: Vec<Refusal>,
}

#[derive(Deserialize)]
struct Refusal {
    code: Option<String>,
}

/// Only what looks like a code is shown: nothing else of an answer may reach a message.
fn is_code(code: &str) -> bool {
    code.len() <= 40 && code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

/// Why there is no token.
#[derive(Debug)]
pub(crate) enum BackendError {
    /// No answer came.
    Unanswered { origin: String, source: reqwest::Error },
    /// The answer is a refusal.
    Refused { status: u16, code: Option<String> },
    /// The answer is not the documented one.
    Malformed,
}

impl BackendError {
    /// Whether asking again can help.
    pub(crate) fn is_transient(&self) -> bool {
        match self {
            Self::Unanswered { .. } => true,
            Self::Refused { status, .. } => *status >= 500 || *status == 429,
            Self::Malformed => false,
        }
    }
}

impl fmt::Display for BackendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unanswered { origin, .. } => write!(f, "no answer from {origin}"),
            Self::Refused { status, code: Some(code) } => {
                write!(f, "the space refused with status {status} ({code})")
            }
            Self::Refused { status, code: None } => {
                write!(f, "the space refused with status {status}")
            }
            Self::Malformed => {
                f.write_str("the answer is not JSON with the strings `token` and `refresh_token`")
            }
        }
    }
}

impl Error for BackendError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Unanswered { source, .. } => Some(source),
            Self::Refused { .. } | Self::Malformed => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_codes_are_shown() {
        assert!(is_code("invalid_parameter"));
        for text in ["eyJ0eXAi.made-up.token", "Two words", &"a".repeat(41)] {
            assert!(!is_code(text), "{text}");
        }
    }

    #[test]
    fn what_is_minted_shows_no_token() {
        let minted: Minted =
            serde_json::from_str(r#"{"token":"made-up","refresh_token":"made-up-too"}"#).unwrap();
        assert!(!format!("{minted:?}").contains("made-up"));
    }

    #[test]
    fn absent_parameters_are_not_sent() {
        let mint = Mint { reference: "kiosk".to_owned(), ..Mint::default() };
        assert_eq!(serde_json::to_string(&mint).unwrap(), r#"{"reference":"kiosk"}"#);
    }
}
