//! Text frames of the socket.

use serde_json::{Value, json};
use uuid::Uuid;

use credwire_core::{EpochMillis, RpcMethod, Secret, SerializeExposed};
use credwire_generated::{
    Acknowledgement, RawJson, RpcErrorCode, RpcFault, RpcFrame, SessionAuthorization,
    SignalwirePingResult,
};

use crate::{
    RpcError,
    expiry::{self, ExpiryError},
    input::Authorization,
};

/// The scope that allows a Client Bound SAT.
pub const SAT_REFRESH: &str = "sat:refresh";

/// Writes params with their secrets.
pub fn params(params: &(impl SerializeExposed + ?Sized)) -> Option<Secret<String>> {
    serde_json::to_string(&params.exposed()).ok().map(Secret::new)
}

/// Writes a request of ours with its secrets.
pub fn request<M: RpcMethod>(id: Uuid, params: &M::Params) -> Option<Secret<String>> {
    // Room for a token, a proof and a state: a reallocation would leave a copy of them behind.
    let mut text = Vec::with_capacity(4096);
    RpcFrame::write_request::<M>(&mut text, &id, params).ok()?;
    String::from_utf8(text).ok().map(Secret::new)
}

/// The outcome of a call, with what may be shown of an error.
pub(crate) fn outcome<'a>(
    outcome: Result<RawJson<'a>, RpcFault<'_>>,
) -> Result<RawJson<'a>, RpcError> {
    outcome.map_err(|fault| RpcError::remote(fault.code, &fault.message))
}

/// Any JSON value; what is absent is an empty object.
pub(crate) fn value(text: Option<RawJson<'_>>) -> Option<Value> {
    let Some(text) = text else { return Some(json!({})) };
    // Halves of characters and numbers beyond a double are replaced, so that the rest is read.
    text.read().or_else(|_| serde_json::from_str(&text.repaired())).ok()
}

pub(crate) fn acknowledge(id: RawJson<'_>) -> Option<Secret<String>> {
    RpcFrame::result(id, &Acknowledgement::new()).ok()
}

pub(crate) fn pong(id: RawJson<'_>, wall: EpochMillis) -> Option<Secret<String>> {
    #[allow(clippy::cast_precision_loss, reason = "milliseconds of this era fit a double")]
    let timestamp = wall.get() as f64 / 1000.0;
    RpcFrame::result(id, &SignalwirePingResult::new(timestamp)).ok()
}

pub(crate) fn unknown_method(id: RawJson<'_>) -> Option<Secret<String>> {
    Some(RpcFrame::error(id, RpcErrorCode::MethodNotFound, "Method not found"))
}

/// Converts the authorization that the space sent for a session and its credential.
pub(crate) fn authorization(authorization: SessionAuthorization) -> Authorization {
    Authorization {
        sat_refresh: is_refreshable(&authorization),
        expiry: expires_at(&authorization),
        project: authorization.project_id,
    }
}

/// Returns whether the credential that the space describes carries `sat:refresh`.
fn is_refreshable(authorization: &SessionAuthorization) -> bool {
    authorization.scope.iter().flatten().flatten().any(|scope| scope == SAT_REFRESH)
}

/// Reads the expiry of the credential that the space describes, if it sent one.
fn expires_at(authorization: &SessionAuthorization) -> Result<Option<EpochMillis>, ExpiryError> {
    let subscriber = authorization.fabric_subscriber.iter().flatten().next();
    let value = subscriber.and_then(|subscriber| subscriber.expires_at.as_ref());
    value.map_or(Ok(None), expiry::read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_expiry_of_the_space_is_found_whatever_its_form() {
        let read = |subscriber: &str| {
            let json = format!(r#"{{"project_id":"p"{subscriber}}}"#);
            let authorization: SessionAuthorization = serde_json::from_str(&json).unwrap();
            expires_at(&authorization)
        };
        for value in ["1760000000", "1760000000000", r#""2025-10-09T08:53:20Z""#] {
            let found = read(&format!(r#","fabric_subscriber":{{"expires_at":{value}}}"#));
            assert_eq!(found, Ok(Some(EpochMillis::new(1_760_000_000_000))), "{value}");
        }
        for nothing in ["", r#","fabric_subscriber":null"#, r#","fabric_subscriber":{}"#] {
            assert_eq!(read(nothing), Ok(None), "{nothing}");
        }
        let soon = read(r#","fabric_subscriber":{"expires_at":"soon"}"#);
        assert_eq!(soon, Err(ExpiryError::Date));
    }
}
