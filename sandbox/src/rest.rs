//! The REST interface: routes, answers and what they have in common.

mod addresses;
pub(crate) mod backend;
mod devices;
mod params;
mod subscriber;
mod tokens;

use credwire_core::Secret;
use serde::Serialize;
use serde_json::value::RawValue;

use crate::{log::Check, sat::SatClaims, token::SealError, world::World};

pub(crate) use subscriber::Scope;
pub use tokens::Mint;

/// A request, read as far as every route needs it.
pub(crate) struct Request<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    /// What follows the path's `?`.
    pub(crate) query: &'a str,
    /// The `Host` header.
    pub(crate) host: &'a str,
    /// The `Authorization` header.
    pub(crate) authorization: Option<&'a str>,
    pub(crate) body: &'a [u8],
}

impl Request<'_> {
    pub(crate) fn bearer(&self) -> Option<&str> {
        let (scheme, token) = self.authorization?.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
    }
}

/// An answer: a status, JSON, and headers beyond the usual.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: Box<RawValue>,
    pub(crate) headers: Vec<(&'static str, String)>,
}

impl Reply {
    fn new(status: u16, body: &impl Serialize) -> Result<Self, ApiError> {
        let body = serde_json::value::to_raw_value(body).map_err(|_| ApiError::internal())?;
        Ok(Self { status, body, headers: Vec::new() })
    }
}

/// A refusal in the interface's form.
#[derive(Debug)]
pub(crate) struct ApiError {
    status: u16,
    errors: Vec<ErrorItem>,
    headers: Vec<(&'static str, String)>,
}

#[derive(Debug, Serialize)]
struct ErrorItem {
    r#type: &'static str,
    code: &'static str,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    attribute: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

impl ApiError {
    fn new(status: u16, r#type: &'static str, code: &'static str, message: &str) -> Self {
        let item =
            ErrorItem { r#type, code, message: message.to_owned(), attribute: None, url: None };
        Self { status, errors: vec![item], headers: Vec::new() }
    }

    fn unauthorized(why: &str) -> Self {
        Self::new(401, "authentication_error", "unauthorized", why)
    }

    fn forbidden(why: &str) -> Self {
        Self::new(403, "authentication_error", "forbidden", why)
    }

    fn internal() -> Self {
        Self::new(500, "server_error", "internal_error", "the space could not make an answer")
    }

    /// 422, one item for each parameter at fault.
    fn invalid(errors: Vec<ErrorItem>) -> Self {
        Self { status: 422, errors, headers: Vec::new() }
    }

    fn into_reply(self) -> Reply {
        #[derive(Serialize)]
        struct Body<'a> {
            /// As RFC 6749 wants it, where a standard names the error.
            #[serde(skip_serializing_if = "Option::is_none")]
            error: Option<&'a str>,
            errors: &'a [ErrorItem],
        }
        let standard = self.errors.iter().map(|item| item.code).find(|code| *code == USE_NONCE);
        let body = serde_json::value::to_raw_value(&Body { error: standard, errors: &self.errors });
        Reply { status: self.status, body: body.unwrap_or_default(), headers: self.headers }
    }
}

impl ErrorItem {
    fn parameter(code: &'static str, attribute: &'static str, message: &str) -> Self {
        const PAGE: &str =
            "https://developer.signalwire.com/rest/signalwire-rest/overview/error-codes/";
        Self {
            r#type: "validation_error",
            code,
            message: message.to_owned(),
            attribute: Some(attribute),
            url: Some(format!("{PAGE}#{code}")),
        }
    }
}

impl From<SealError> for ApiError {
    fn from(_: SealError) -> Self {
        Self::internal()
    }
}

const USE_NONCE: &str = "use_dpop_nonce";

type Route = fn(&mut World, &Request<'_>, &mut Check) -> Result<Reply, ApiError>;

const ROUTES: &[(&str, &str, Route)] = &[
    ("GET", "/api/fabric/subscriber/info", subscriber::info),
    ("POST", "/api/fabric/subscriber/devices/token", devices::token),
    ("POST", "/api/fabric/subscriber/devices/refresh", devices::refresh),
    ("POST", "/api/fabric/subscriber/invites", subscriber::invite),
    ("POST", "/api/fabric/subscribers/tokens", tokens::mint),
    ("POST", "/api/fabric/subscribers/tokens/refresh", tokens::refresh),
    ("POST", "/api/fabric/guests/tokens", tokens::guest),
    ("POST", "/api/fabric/embeds/tokens", tokens::embed),
    ("GET", "/api/fabric/addresses", addresses::list),
];

/// Answers one request and enters in `check` the results for its credentials.
pub(crate) fn respond(world: &mut World, request: &Request<'_>, check: &mut Check) -> Reply {
    let here = || ROUTES.iter().filter(|(_, path, _)| *path == request.path);
    let route = here().find(|(method, ..)| *method == request.method);
    let answer = match route {
        Some((_, _, route)) => route(world, request, check),
        None => Err(no_route(here().map(|(method, ..)| *method).collect())),
    };
    let reply = answer.unwrap_or_else(ApiError::into_reply);
    check.status = Some(reply.status);
    reply
}

/// Answers a browser's question whether a page may send a request, whatever its path: a page is to
/// read the answer of the space for a path that does not exist, too.
pub(crate) fn preflight(_: &mut World, _: &Request<'_>, check: &mut Check) -> Reply {
    check.status = Some(204);
    Reply { status: 204, body: Box::default(), headers: Vec::new() }
}

fn no_route(allowed: Vec<&str>) -> ApiError {
    if allowed.is_empty() {
        return ApiError::new(404, "request_error", "not_found", "no such resource");
    }
    let mut error = ApiError::new(405, "request_error", "method_not_allowed", "no such method");
    error.headers.push(("allow", allowed.join(", ")));
    error
}

/// The claims of the request's bearer token, or a 401.
fn authorized(
    world: &World,
    request: &Request<'_>,
    check: &mut Check,
) -> Result<SatClaims, ApiError> {
    let reading = world.read_sat(request.bearer(), world.config.bearer_expiry);
    check.bearer = Some(reading.problem.unwrap_or("ok"));
    match (reading.claims, reading.problem) {
        (Some(claims), None) => Ok(claims),
        (_, problem) => Err(ApiError::unauthorized(problem.unwrap_or("unknown token"))),
    }
}

/// Checks the Basic credentials of the project, or a 401.
fn authorized_project(
    world: &World,
    request: &Request<'_>,
    check: &mut Check,
) -> Result<(), ApiError> {
    let given = request.authorization.and_then(params::basic_credentials);
    let right = given.is_some_and(|(project, token)| {
        project == world.identity.project && Secret::new(token) == world.identity.api_token
    });
    check.basic = Some(if right { "ok" } else { "refused" });
    if right { Ok(()) } else { Err(ApiError::unauthorized("basic")) }
}
