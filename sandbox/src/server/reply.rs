//! Requests in and answers out, in hyper's terms.

use std::{
    convert::Infallible,
    error::Error,
    fmt,
    pin::Pin,
    task::{Context, Poll},
};

use http_body_util::{BodyExt, Limited};
use hyper::{
    Response,
    body::{Bytes, Frame, Incoming, SizeHint},
    header::{CONTENT_TYPE, HeaderName, HeaderValue},
};
use serde_json::value::RawValue;

use super::MAX_BODY;

pub(super) type HttpResponse = Response<Body>;

/// What follows the head of an answer.
#[derive(Debug, Default)]
pub(super) struct Body {
    bytes: Option<Bytes>,
    /// The rest never comes.
    stalls: bool,
}

impl Body {
    /// Keeps the first half and promises the rest.
    pub(super) fn stall(&mut self) {
        let whole = self.bytes.take().unwrap_or_default();
        *self = Self { bytes: Some(whole.slice(..whole.len() / 2)), stalls: true };
    }
}

impl hyper::body::Body for Body {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        match self.bytes.take() {
            Some(bytes) => Poll::Ready(Some(Ok(Frame::data(bytes)))),
            None if self.stalls => Poll::Pending,
            None => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_none() && !self.stalls
    }

    fn size_hint(&self) -> SizeHint {
        let length = self.bytes.as_ref().map_or(0, Bytes::len) as u64;
        if self.stalls { SizeHint::default() } else { SizeHint::with_exact(length) }
    }
}

/// Returned by a service whose connection has to be closed without an answer.
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
    answer(status, body.get(), "application/json; charset=utf-8", headers)
}

/// A page of HTML, unless `headers` name another type.
pub(super) fn text<'a>(
    status: u16,
    body: &str,
    headers: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> HttpResponse {
    answer(status, body, "text/html; charset=utf-8", headers)
}

fn answer<'a>(
    status: u16,
    body: &str,
    content_type: &'static str,
    headers: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> HttpResponse {
    let mut response = empty(status);
    if !matches!(status, 204 | 304) {
        response.body_mut().bytes = Some(Bytes::copy_from_slice(body.as_bytes()));
        let content_type = HeaderValue::from_static(content_type);
        response.headers_mut().insert(CONTENT_TYPE, content_type);
    }
    for (name, value) in headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}
