//! What every HTTP response is read by, whoever sent it: a space's REST interface, an upgrade to
//! WebSocket, the token endpoint of an application.
//!
//! One reader of `Retry-After`, one reader of bodies with a limit, one decision whether a response
//! is a refusal by the service or a transient failure of something in between.

mod body;
mod refusal;
mod retry_after;

pub(crate) use body::{BodyError, read_body};
pub(crate) use refusal::{ErrorBody, USE_DPOP_NONCE, is_endpoint_refusal, is_space_refusal};
pub(crate) use retry_after::{http_date, retry_after};

#[cfg(test)]
pub(crate) use retry_after::tests::headers;
