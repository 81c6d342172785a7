//! The control protocol, and the same as calls.

use std::error::Error;

use credwire_core::secrecy::error_chain;
use hyper::{Method, Request, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use tokio::net::TcpStream;

use super::{
    Shared,
    http::answer_whole,
    origin,
    reply::{Hangup, HttpResponse, json, read_body},
};
use crate::{
    config::ConfigError,
    fault,
    log::Log,
    rest::backend,
    sockets::{ActionError, ActionJson, Command, MAX_REASON, SocketAction, is_close_code},
    world::World,
};

/// Serves one control connection until it ends.
pub(super) async fn serve(stream: TcpStream, shared: &Shared) {
    let service = service_fn(|request| answer(request, shared));
    let served = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
    if let Err(error) = served {
        tracing::debug!(%error, "a control connection broke off");
    }
}

async fn answer(request: Request<Incoming>, shared: &Shared) -> Result<HttpResponse, Hangup> {
    let (head, body) = request.into_parts();
    if let Some((status, error)) = origin::refusal(&head) {
        tracing::warn!(
            path = head.uri.path(),
            status,
            error,
            "refused a request to the control port"
        );
        return Ok(json(status, &to_json(&ErrorBody { error }), []));
    }
    let body = match read_body(body).await? {
        Ok(body) => body,
        Err(too_large) => return Ok(too_large),
    };
    if head.uri.path() == backend::PATH {
        return answer_whole(shared, &head, &body, backend::respond).await;
    }
    let (status, body) = match act(shared, &head.method, head.uri.path(), &body) {
        Ok(body) => (200, body),
        Err((status, error)) => (status, to_json(&ErrorBody { error })),
    };
    Ok(json(status, &body, []))
}

#[derive(Serialize)]
struct ErrorBody {
    error: String,
}

#[derive(Serialize)]
struct Done {}

#[derive(Serialize)]
struct Told {
    sockets: usize,
}

fn act(
    shared: &Shared,
    method: &Method,
    path: &str,
    body: &[u8],
) -> Result<Box<RawValue>, (u16, String)> {
    let bad = |error: &dyn Error| (400, error_chain(error));
    let text = std::str::from_utf8(body).map_err(|error| bad(&error))?.trim();
    let text = if text.is_empty() { "{}" } else { text };
    match (method.as_str(), path) {
        ("PUT", "/reset") => {
            shared.world().reset_with(text).map_err(|error| bad(&error))?;
            Ok(to_json(&Done {}))
        }
        ("PATCH", "/config") => {
            shared.world().patch(text).map_err(|error| bad(&error))?;
            Ok(to_json(&Done {}))
        }
        ("POST", "/faults") => {
            let faults: Box<RawValue> = serde_json::from_str(text).map_err(|error| bad(&error))?;
            let faults = fault::one_or_many(&faults).map_err(|error| bad(&error))?;
            shared.world().config.faults.extend(faults);
            Ok(to_json(&Done {}))
        }
        ("POST", "/sockets") => {
            let action: ActionJson = serde_json::from_str(text).map_err(|error| bad(&error))?;
            let host = action.host.clone();
            let action = SocketAction::try_from(action).map_err(|error| bad(&error))?;
            let done = shared.world().act_on_sockets(host.as_deref(), action);
            let sockets = done.map_err(|error| bad(&error))?;
            Ok(to_json(&Told { sockets }))
        }
        ("GET", "/log") => Ok(to_json(&shared.world().log)),
        (method, path) => Err((
            404,
            format!(
                "no control action `{method} {path}`; there are PUT /reset, PATCH /config, \
                 POST /faults, POST /sockets, GET /log and POST /backend/token"
            ),
        )),
    }
}

fn to_json(value: &impl Serialize) -> Box<RawValue> {
    to_raw_value(value).unwrap_or_default()
}

impl World {
    /// Forgets everything and starts over with the first configuration, changed by `json`.
    fn reset_with(&mut self, json: &str) -> Result<(), ConfigError> {
        let config = self.base.clone().patched(json)?;
        self.reset(config);
        Ok(())
    }

    fn patch(&mut self, json: &str) -> Result<(), ConfigError> {
        self.config = self.config.clone().patched(json)?;
        Ok(())
    }

    /// Does something to every open socket of one host, or of all; returns how many there were.
    pub(crate) fn act_on_sockets(
        &mut self,
        host: Option<&str>,
        action: SocketAction,
    ) -> Result<usize, ActionError> {
        let sockets = self.sockets.count(host);
        match action {
            SocketAction::Drop => self.sockets.cut(host),
            SocketAction::Close { code, reason } => {
                if !is_close_code(code) {
                    return Err(ActionError::Code);
                }
                if reason.len() > MAX_REASON {
                    return Err(ActionError::Reason);
                }
                self.sockets.tell(host, &Command::Close { code, reason });
            }
            SocketAction::Ping => self.sockets.tell(host, &Command::Ping),
            SocketAction::Send(frame) => self.sockets.tell(host, &Command::Send(frame)),
            SocketAction::Text(text) => self.sockets.tell(host, &Command::Text(text)),
            SocketAction::Binary(bytes) => self.sockets.tell(host, &Command::Binary(bytes)),
            SocketAction::Forget => self.forget_sessions(),
        }
        Ok(sockets)
    }

    /// A copy of the log.
    pub(crate) fn copy_log(&self) -> Log {
        self.log.clone()
    }
}
