//! A provider that asks a URL for credentials.

use credwire::{Secret, credential_provider};

/// A backend of one's own, asked over HTTP for the first credential and for each one after it.
#[credential_provider(endpoint, refresh)]
pub(crate) struct Endpoint {
    #[endpoint]
    url: reqwest::Url,
    #[header("authorization")]
    authorization: Option<Secret<String>>,
    #[client]
    http: reqwest::Client,
}

impl Endpoint {
    /// The backend at `url`, asked through `http`; `bearer` goes along as `Authorization: Bearer`.
    pub(crate) fn new(
        http: reqwest::Client,
        url: reqwest::Url,
        bearer: Option<Secret<String>>,
    ) -> Self {
        let authorization = bearer.map(|token| Secret::new(format!("Bearer {}", token.expose())));
        Self { url, authorization, http }
    }
}
