//! What goes over the socket as text.

use serde_json::{Value, json};
use uuid::Uuid;

use super::RpcError;
use crate::{
    Acknowledgement, EpochMillis, RawJson, RpcErrorCode, RpcFault, RpcFrame, RpcMethod, Secret,
    SerializeExposed, SessionAuthorization, SignalwirePingResult,
    expiry::{self, Unreadable},
    rest::SAT_REFRESH,
};

/// Writes params with their secrets.
pub(crate) fn params(params: &(impl SerializeExposed + ?Sized)) -> Option<Secret<String>> {
    serde_json::to_string(&params.exposed()).ok().map(Secret::new)
}

/// Writes a request of ours with its secrets.
pub(crate) fn request<M: RpcMethod>(id: Uuid, params: &M::Params) -> Option<Secret<String>> {
    // Room for a token, a proof and a state: a reallocation would leave a copy of them behind.
    let mut text = Vec::with_capacity(4096);
    RpcFrame::write_request::<M>(&mut text, &id, params).ok()?;
    String::from_utf8(text).ok().map(Secret::new)
}

/// The outcome of a call, with what may be shown of an error.
pub(super) fn outcome<'a>(
    outcome: Result<RawJson<'a>, RpcFault<'_>>,
) -> Result<RawJson<'a>, RpcError> {
    outcome.map_err(|fault| RpcError::remote(fault.code, &fault.message))
}

/// Any JSON value; what is absent is an empty object.
pub(super) fn value(text: Option<RawJson<'_>>) -> Option<Value> {
    text.map_or_else(|| Some(json!({})), |text| text.read().ok())
}

pub(super) fn acknowledge(id: RawJson<'_>) -> Option<Secret<String>> {
    RpcFrame::result(id, &Acknowledgement::new()).ok()
}

pub(super) fn pong(id: RawJson<'_>, wall: EpochMillis) -> Option<Secret<String>> {
    #[allow(clippy::cast_precision_loss, reason = "milliseconds of this era fit a double")]
    let timestamp = wall.get() as f64 / 1000.0;
    RpcFrame::result(id, &SignalwirePingResult::new(timestamp)).ok()
}

pub(super) fn unknown_method(id: RawJson<'_>) -> Option<Secret<String>> {
    Some(RpcFrame::error(id, RpcErrorCode::MethodNotFound, "Method not found"))
}

/// Whether the credential that the space speaks of carries `sat:refresh`.
pub(crate) fn is_refreshable(authorization: &SessionAuthorization) -> bool {
    authorization.scope.iter().flatten().flatten().any(|scope| scope == SAT_REFRESH)
}

/// When the credential that the space speaks of expires, if it says so.
pub(crate) fn expires_at(
    authorization: &SessionAuthorization,
) -> Result<Option<EpochMillis>, Unreadable> {
    let subscriber = authorization.fabric_subscriber.iter().flatten().next();
    let told = subscriber.and_then(|subscriber| subscriber.expires_at.as_ref());
    told.map_or(Ok(None), expiry::read)
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
        for told in ["1760000000", "1760000000000", r#""2025-10-09T08:53:20Z""#] {
            let found = read(&format!(r#","fabric_subscriber":{{"expires_at":{told}}}"#));
            assert_eq!(found, Ok(Some(EpochMillis::new(1_760_000_000_000))), "{told}");
        }
        for nothing in ["", r#","fabric_subscriber":null"#, r#","fabric_subscriber":{}"#] {
            assert_eq!(read(nothing), Ok(None), "{nothing}");
        }
        let soon = read(r#","fabric_subscriber":{"expires_at":"soon"}"#);
        assert_eq!(soon, Err(Unreadable::Date));
    }
}
