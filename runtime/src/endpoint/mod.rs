//! What `#[credential_provider(endpoint = "..")]` expands to. Code in expansions is the only user;
//! none of this is API.

mod answer;

use std::{fmt, time::Duration};

pub use answer::{AnswerFormat, Expiry};
use reqwest::{
    Client, Method, StatusCode, Url,
    header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue},
};

use credwire_session::frame::SAT_REFRESH;

use crate::{
    CredentialError, SdkCredential, Secret, SerializeExposed, Validate as _,
    clock::SystemClock,
    response::{BodyError, ErrorBody, is_endpoint_refusal, read_body, retry_after},
    space::is_loopback,
};
use credwire_core::Clock as _;

/// More than any credential needs.
const MAX_BODY: usize = 256 * 1024;

/// One request for a credential to the backend of an application.
pub struct Request {
    method: Method,
    url: Url,
    client: Option<Client>,
    headers: HeaderMap,
    /// The members of a JSON object without the closing brace; empty without members.
    body: Vec<u8>,
}

impl Request {
    /// Creates a request to `url`: HTTPS, or HTTP to this computer.
    ///
    /// # Errors
    /// A permanent one when `url` or `method` is something else.
    pub fn new(method: &str, url: &str) -> Result<Self, CredentialError> {
        let method = Method::from_bytes(method.as_bytes())
            .map_err(|_| CredentialError::permanent("the endpoint's method is no HTTP method"))?;
        let url = parse_url(url).map_err(CredentialError::permanent)?;
        let headers =
            HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static("application/json"))]);
        Ok(Self { method, url, client: None, headers, body: Vec::new() })
    }

    /// Sends with `client` instead of one that is created for this request.
    pub fn client(&mut self, client: &Client) {
        self.client = Some(client.clone());
    }

    /// Adds a header; a sensitive one is kept out of logs.
    ///
    /// # Errors
    /// A permanent one when `value` cannot stand in a header.
    pub fn header(
        &mut self,
        name: &'static str,
        value: &(impl fmt::Display + ?Sized),
        sensitive: bool,
    ) -> Result<(), CredentialError> {
        let text = Secret::new(value.to_string());
        let unsendable = || {
            CredentialError::permanent(format!("the value of the header `{name}` cannot be sent"))
        };
        let mut value = HeaderValue::from_str(text.expose()).map_err(|_| unsendable())?;
        value.set_sensitive(sensitive);
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| unsendable())?;
        self.headers.insert(name, value);
        Ok(())
    }

    /// Adds a pair to the query.
    pub fn query(&mut self, name: &str, value: &(impl fmt::Display + ?Sized)) {
        let text = Secret::new(value.to_string());
        self.url.query_pairs_mut().append_pair(name, text.expose());
    }

    /// Adds a member to the JSON object in the body.
    ///
    /// # Errors
    /// A permanent one when `value` cannot be written as JSON.
    pub fn json(
        &mut self,
        name: &str,
        value: &(impl SerializeExposed + ?Sized),
    ) -> Result<(), CredentialError> {
        let unwritable =
            |_| CredentialError::permanent(format!("the member `{name}` cannot be written"));
        self.body.push(if self.body.is_empty() { b'{' } else { b',' });
        serde_json::to_writer(&mut self.body, name).map_err(unwritable)?;
        self.body.push(b':');
        serde_json::to_writer(&mut self.body, &value.exposed()).map_err(unwritable)
    }

    /// Requests a token bound to the key with this thumbprint, which requires the scope as well.
    ///
    /// # Errors
    /// As [`json`](Self::json).
    pub fn bind(&mut self, fingerprint: Option<&str>) -> Result<(), CredentialError> {
        let Some(fingerprint) = fingerprint else { return Ok(()) };
        for (name, value) in [("fingerprint", fingerprint), ("scope", SAT_REFRESH)] {
            if self.method == Method::GET {
                self.query(name, &value);
            } else {
                self.json(name, value)?;
            }
        }
        Ok(())
    }

    /// Sends the request and reads the credential from the answer. Dropping the future cancels
    /// the request.
    ///
    /// # Errors
    /// A permanent one when the endpoint refuses in a form of its own (400, 401 or 403 with a JSON
    /// object that has `error`, `errors` or `title`), or with a status of [`AnswerFormat::permanent`]; a
    /// transient one, with the time that `Retry-After` names, whatever else fails. The messages
    /// name the host alone.
    pub async fn send(
        mut self,
        answer: &AnswerFormat,
        timeout: Duration,
    ) -> Result<SdkCredential, CredentialError> {
        let host = self.url.authority().to_owned();
        let failed = |error: reqwest::Error| {
            let what =
                if error.is_timeout() { "did not answer in time" } else { "is out of reach" };
            CredentialError::transient(Failure {
                message: format!("the endpoint at {host} {what}"),
                source: error.without_url(),
            })
        };
        let client = match self.client.take() {
            Some(client) => client,
            // A redirect would carry the secrets along.
            None => Client::builder()
                .redirect(reqwest::redirect::Policy::none())
                .no_proxy()
                .build()
                .map_err(|error| CredentialError::permanent(error.without_url()))?,
        };
        let mut builder =
            client.request(self.method, self.url).headers(self.headers).timeout(timeout);
        if !self.body.is_empty() {
            self.body.push(b'}');
            builder = builder.header(CONTENT_TYPE, "application/json").body(self.body);
        }
        let response = builder.send().await.map_err(failed)?;
        let (parts, body) = hyper::Response::from(response).into_parts();
        let body = read_body(body, MAX_BODY).await;
        if !parts.status.is_success() {
            // Status and headers stand, whatever became of the body.
            let body = body.map(|body| ErrorBody::read(body.expose())).unwrap_or_default();
            return Err(unsuccessful(&host, parts.status, &parts.headers, &body, answer.permanent));
        }
        let body = body.map_err(|error| match error {
            BodyError::Failed(error) => failed(error),
            BodyError::TooLarge => CredentialError::transient(format!(
                "the answer of the endpoint at {host} is too long"
            )),
        })?;
        let credential = answer.read(&host, &body)?;
        credential.validate().map_err(CredentialError::transient)?;
        Ok(credential)
    }
}

/// Reads the URL of an endpoint.
fn parse_url(text: &str) -> Result<Url, &'static str> {
    let url: Url = text.parse().map_err(|_| "the endpoint is no URL")?;
    let is_local = is_loopback(url.host_str().unwrap_or_default());
    match url.scheme() {
        _ if !url.username().is_empty() || url.password().is_some() => {
            Err("the endpoint's URL holds a name or a password: send them in a header")
        }
        "https" => Ok(url),
        "http" if is_local => Ok(url),
        _ => Err("credentials do not travel in the clear: the endpoint must be an https URL"),
    }
}

fn unsuccessful(
    host: &str,
    status: StatusCode,
    headers: &HeaderMap,
    body: &ErrorBody,
    permanent: &[u16],
) -> CredentialError {
    let message = format!("the endpoint at {host} answered with status {}", status.as_u16());
    if is_endpoint_refusal(status.as_u16(), body, permanent) {
        return CredentialError::permanent(message);
    }
    let error = CredentialError::transient(message);
    match retry_after(headers, || SystemClock::new().now().wall) {
        Some(delay) => error.with_retry_after(delay),
        None => error,
    }
}

/// A failure of the connection.
#[derive(Debug)]
struct Failure {
    message: String,
    source: reqwest::Error,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request").field("host", &self.url.authority()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CredentialErrorKind;

    #[test]
    fn plain_http_is_for_this_computer_only() {
        for text in ["https://app.example.com/token", "http://127.0.0.1:8080/", "http://[::1]/t"] {
            assert!(parse_url(text).is_ok(), "{text}");
        }
        for text in [
            "http://app.example.com/token",
            "http://10.0.0.1/",
            "https://user:made-up@app.example.com/",
            "file:///token",
            "token",
        ] {
            assert!(parse_url(text).is_err(), "{text}");
        }
    }

    #[test]
    fn members_pairs_and_headers_are_written_as_the_fields_say() {
        let mut request = Request::new("POST", "https://h.test/t?a=1").unwrap();
        request.json("na\"me", &Secret::from("made-up")).unwrap();
        request.json("list", &vec![1, 2]).unwrap();
        request.query("b", &"x&y");
        request.header("authorization", &"Bearer made-up", true).unwrap();
        request.bind(Some("thumb")).unwrap();
        assert_eq!(
            String::from_utf8(request.body.clone()).unwrap(),
            r#"{"na\"me":"made-up","list":[1,2],"fingerprint":"thumb","scope":"sat:refresh""#
        );
        assert_eq!(request.url.query(), Some("a=1&b=x%26y"));
        assert!(request.headers["authorization"].is_sensitive());
        assert!(!format!("{request:?}").contains("made-up"));
        let error = request.header("authorization", &"made-up\n", true).unwrap_err();
        assert_eq!(error.to_string(), "the value of the header `authorization` cannot be sent");
    }

    #[test]
    fn a_request_without_a_body_binds_by_its_query() {
        let mut request = Request::new("GET", "https://h.test/t").unwrap();
        request.bind(None).unwrap();
        assert_eq!(request.url.query(), None);
        request.bind(Some("thumb")).unwrap();
        assert_eq!(request.url.query(), Some("fingerprint=thumb&scope=sat%3Arefresh"));
        assert!(request.body.is_empty());
    }

    #[test]
    fn what_is_no_refusal_is_transient_and_waits_as_requested() {
        let wait = crate::response::headers(&[("retry-after", "7")]);
        let read = |status: u16, body: &str, permanent: &[u16]| {
            let status = StatusCode::from_u16(status).unwrap();
            unsuccessful("h.test", status, &wait, &ErrorBody::read(body.as_bytes()), permanent)
        };
        let transient =
            CredentialErrorKind::Transient { retry_after: Some(Duration::from_secs(7)) };
        for (status, body) in [
            (429, r#"{"error":"slow down"}"#),
            (502, "<html>"),
            (403, "<html>"),
            (403, ""),
            (404, r#"{"error":"no such page"}"#),
            (302, ""),
            (407, ""),
        ] {
            assert_eq!(read(status, body, &[410]).kind(), transient, "{status} {body}");
        }
        for (status, body) in
            [(403, r#"{"title":"Forbidden"}"#), (401, r#"{"error":1}"#), (410, "")]
        {
            let error = read(status, body, &[410]);
            assert!(!error.is_transient(), "{status} {body}");
            let message = format!("the endpoint at h.test answered with status {status}");
            assert_eq!(error.to_string(), message);
        }
    }
}
