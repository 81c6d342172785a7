//! Requests in and answers out, in hyper's terms.

use std::{error::Error, fmt};

use http_body_util::{BodyExt, Full, Limited};
use hyper::{
    Response,
    body::{Bytes, Incoming},
    header::{CONTENT_TYPE, HeaderName, HeaderValue},
};
use serde_json::value::RawValue;

use super::MAX_BODY;

pub(super) type HttpResponse = Response<Full<Bytes>>;

/// Said by a service whose connection has to be closed without an answer.
#[derive(Debug)]
pub(super) struct Hangup;

impl fmt::Display for Hangup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the connection is closed on purpose")
    }
}

impl Error for Hangup {}

/// The whole body; an answer where it is too large, a hangup where it breaks off.
pub(super) async fn read_body(body: Incoming) -> Result<Result<Bytes, HttpResponse>, Hangup> {
    match Limited::new(body, MAX_BODY).collect().await {
        Ok(body) => Ok(Ok(body.to_bytes())),
        Err(error) if error.is::<http_body_util::LengthLimitError>() => Ok(Err(empty(413))),
        Err(_) => Err(Hangup),
    }
}

/// An answer without a body.
pub(super) fn empty(status: u16) -> HttpResponse {
    let mut response = HttpResponse::default();
    *response.status_mut() = hyper::StatusCode::from_u16(status).unwrap_or_default();
    response
}

/// A JSON answer. Statuses that have no body get none.
pub(super) fn json<'a>(
    status: u16,
    body: &RawValue,
    headers: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> HttpResponse {
    let mut response = empty(status);
    if !matches!(status, 204 | 304) {
        *response.body_mut() = Full::new(Bytes::copy_from_slice(body.get().as_bytes()));
        let json = HeaderValue::from_static("application/json; charset=utf-8");
        response.headers_mut().insert(CONTENT_TYPE, json);
    }
    for (name, value) in headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}
