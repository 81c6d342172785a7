//! What goes over the socket as text.

use serde_json::{Value, json};

use super::RpcError;
use crate::{
    Acknowledgement, EpochMillis, RawJson, RpcErrorCode, RpcFault, RpcFrame, Secret,
    SerializeExposed, SessionAuthorization, SignalwirePingResult, rest::SAT_REFRESH,
};

/// Writes params with their secrets.
pub(crate) fn params(params: &(impl SerializeExposed + ?Sized)) -> Option<Secret<String>> {
    serde_json::to_string(&params.exposed()).ok().map(Secret::new)
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
