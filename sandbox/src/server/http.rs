//! One TLS connection: requests, and the upgrade to a socket.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, UNIX_EPOCH},
};

use credwire_core::EpochMillis;
use hyper::{
    Request, StatusCode,
    body::Incoming,
    header::{AUTHORIZATION, CONNECTION, DATE, HOST, HeaderValue, UPGRADE},
    http::request::Parts,
    server::conn::http1,
    service::service_fn,
    upgrade::OnUpgrade,
};
use hyper_util::rt::TokioIo;
use serde_json::{
    Value,
    value::{RawValue, to_raw_value},
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    time::Sleep,
};
use tokio_tungstenite::tungstenite::handshake::server::create_response_with_body;

use super::{
    Shared, origin,
    reply::{Hangup, HttpResponse, empty, json, read_body, text},
    socket::{self, Beginning},
};
use crate::{
    fault::{Content, Effect, Fault},
    log::{Check, Ticket},
    rest,
    world::World,
};

/// An upgrade that was accepted.
struct Accepted {
    on_upgrade: OnUpgrade,
    host: String,
    beginning: Beginning,
}

/// Serves one connection until it ends, also as a socket.
pub(super) async fn serve(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    shared: &Shared,
) {
    let upgrade = Mutex::new(None);
    let service = service_fn(|request| shared_answer(request, shared, &upgrade));
    let served =
        http1::Builder::new().serve_connection(TokioIo::new(stream), service).with_upgrades().await;
    if let Err(error) = served {
        tracing::debug!(%error, "a connection broke off");
    }
    let accepted: Option<Accepted> = upgrade.into_inner().unwrap_or_else(PoisonError::into_inner);
    if let Some(Accepted { on_upgrade, host, beginning }) = accepted
        && let Ok(upgraded) = on_upgrade.await
    {
        socket::serve(TokioIo::new(upgraded), shared, &host, beginning).await;
    }
}

/// An answer that pages may read, with the space's own time, which can differ from the machine's.
async fn shared_answer(
    request: Request<Incoming>,
    shared: &Shared,
    upgrade: &Mutex<Option<Accepted>>,
) -> Result<HttpResponse, Hangup> {
    let mut response = answer(request, shared, upgrade).await?;
    let now = shared.world().now();
    if let Some(date) = http_date(now) {
        response.headers_mut().entry(DATE).or_insert(date);
    }
    // A browser opens a socket to any origin, and reads no headers of the answer.
    if response.status() != StatusCode::SWITCHING_PROTOCOLS {
        origin::share(response.headers_mut());
    }
    Ok(response)
}

/// An HTTP date (RFC 9110, section 5.6.7); a year with more than four digits has none.
fn http_date(now: EpochMillis) -> Option<HeaderValue> {
    const YEAR_10000: u64 = 253_402_300_800_000;
    let millis = u64::try_from(now.get()).ok().filter(|millis| *millis < YEAR_10000)?;
    let date = httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_millis(millis));
    HeaderValue::try_from(date).ok()
}

async fn answer(
    request: Request<Incoming>,
    shared: &Shared,
    upgrade: &Mutex<Option<Accepted>>,
) -> Result<HttpResponse, Hangup> {
    if request.headers().contains_key(UPGRADE) {
        return answer_upgrade(request, shared, upgrade).await;
    }
    let (head, body) = request.into_parts();
    let body = match read_body(body).await? {
        Ok(body) => body,
        Err(too_large) => return Ok(too_large),
    };
    if !origin::is_preflight(&head) {
        return answer_whole(shared, &head, &body, rest::respond).await;
    }
    let mut response = answer_whole(shared, &head, &body, rest::preflight).await?;
    // A planned fault refuses it.
    if response.status().is_success() {
        origin::permit(&head, response.headers_mut());
    }
    Ok(response)
}

/// Answers a request that was read to its end, by `respond` unless a fault is planned for it.
pub(super) async fn answer_whole(
    shared: &Shared,
    head: &Parts,
    body: &[u8],
    respond: fn(&mut World, &rest::Request<'_>, &mut Check) -> rest::Reply,
) -> Result<HttpResponse, Hangup> {
    let request = rest::Request {
        method: head.method.as_str(),
        path: head.uri.path(),
        query: head.uri.query().unwrap_or_default(),
        host: head.headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default(),
        authorization: head.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()),
        body,
    };
    let op = format!("{} {}", request.method, request.path);
    let (ticket, fault) = enter(shared, &op, &op, request.host, request.bearer());
    let fault = due(shared, fault).await;
    if let Some(fault) = fault.as_ref().filter(|fault| !fault.after)
        && let Some(planned) = suffer(shared, ticket, &fault.effect).await?
    {
        return Ok(planned);
    }

    let reply = {
        let world = &mut *shared.world();
        let mut check = Check::default();
        let reply = respond(world, &request, &mut check);
        world.log.amend(ticket, |entered| entered.complete(check));
        reply
    };
    if let Some(fault) = fault.filter(|fault| fault.after) {
        suffer(shared, ticket, &fault.effect).await?;
    }
    let headers = reply.headers.iter().map(|(name, value)| (*name, value.as_str()));
    Ok(json(reply.status, &reply.body, headers))
}

async fn answer_upgrade(
    mut request: Request<Incoming>,
    shared: &Shared,
    upgrade: &Mutex<Option<Accepted>>,
) -> Result<HttpResponse, Hangup> {
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let op = format!("upgrade {}", request.uri().path());
    let host = host.to_owned();
    let (ticket, fault) = enter(shared, &op, "upgrade", &host, None);
    let fault = due(shared, fault).await;
    let beginning = fault.as_ref().map_or(Beginning::Usual, Beginning::of);
    match fault {
        Some(fault) if matches!(beginning, Beginning::Usual) => {
            if let Some(mut planned) = suffer(shared, ticket, &fault.effect).await? {
                planned.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
                return Ok(planned);
            }
        }
        Some(fault) => note(shared, ticket, fault.effect.word()),
        None => {}
    }
    match create_response_with_body(&request, Default::default) {
        Ok(response) => {
            let on_upgrade = hyper::upgrade::on(&mut request);
            *upgrade.lock().unwrap_or_else(PoisonError::into_inner) =
                Some(Accepted { on_upgrade, host, beginning });
            Ok(response)
        }
        Err(error) => {
            tracing::debug!(%error, "an upgrade is not one to a WebSocket");
            shared.world().log.amend(ticket, |check| check.status = Some(400));
            Ok(empty(400))
        }
    }
}

/// Enters a request in the log and takes the fault that is planned for it.
fn enter(
    shared: &Shared,
    op: &str,
    fault_op: &str,
    host: &str,
    bearer: Option<&str>,
) -> (Ticket, Option<Fault>) {
    let world = &mut *shared.world();
    let check = Check { host: Some(host.to_owned()), ..Check::new(op) };
    let subscriber = bearer.and_then(|token| world.holder(token));
    (world.enter(check, subscriber), world.take_fault(fault_op, None))
}

/// The fault, once its delay is over.
async fn due(shared: &Shared, fault: Option<Fault>) -> Option<Fault> {
    let fault = fault?;
    let delay: Option<Sleep> = (fault.delay_ms > 0)
        .then(|| shared.world().clock.sleep(Duration::from_millis(fault.delay_ms)));
    if let Some(delay) = delay {
        delay.await;
    }
    Some(fault)
}

fn note(shared: &Shared, ticket: Ticket, what: Value) {
    shared.world().log.amend(ticket, |check| check.fault = Some(what));
}

/// Lets a fault happen: an answer, a hangup, silence, or nothing.
async fn suffer(
    shared: &Shared,
    ticket: Ticket,
    effect: &Effect,
) -> Result<Option<HttpResponse>, Hangup> {
    match effect {
        Effect::Silent => {
            note(shared, ticket, effect.word());
            std::future::pending().await
        }
        Effect::Drop => {
            note(shared, ticket, effect.word());
            Err(Hangup)
        }
        Effect::Status { status, body, headers, stall } => {
            note(shared, ticket, Value::from(*status));
            shared.world().log.amend(ticket, |check| check.status = Some(*status));
            let headers = headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
            let mut response = match body {
                Some(Content::Json(body)) => json(*status, body, headers),
                Some(Content::Text(body)) => text(*status, body, headers),
                None => json(*status, &general_error(), headers),
            };
            if *stall {
                response.body_mut().stall();
            }
            Ok(Some(response))
        }
        Effect::Pass | Effect::RpcError(_) | Effect::RpcResult(_) | Effect::Close { .. } => {
            Ok(None)
        }
    }
}

/// The body of a faulty answer where the fault has none.
fn general_error() -> Box<RawValue> {
    to_raw_value(&serde_json::json!({"errors": [{"code": "fault"}]})).unwrap_or_default()
}
