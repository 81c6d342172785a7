//! What goes over the socket as text.

use serde_json::{Value, json};

use super::RpcError;
use crate::{
    Acknowledgement, EpochMillis, RawJson, RpcErrorCode, RpcFault, RpcFrame, Seconds, Secret,
    SerializeExposed, SessionAuthorization, SignalwirePingResult, rest::SAT_REFRESH,
};

/// As seconds it is the year 5138, as milliseconds 1973.
const LEAST_MILLIS: f64 = 1e11;

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

/// When the credential that the space speaks of expires, if it says so. What is too large for
/// seconds is read as milliseconds.
pub(crate) fn expires_at(authorization: &SessionAuthorization) -> Option<EpochMillis> {
    let number = authorization.fabric_subscriber.as_ref()?.as_ref()?.expires_at?;
    let seconds = if number < LEAST_MILLIS { number } else { number / 1000.0 };
    Some(EpochMillis::new(0).saturating_add(Seconds::new(seconds)?.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_expiry_of_the_space_is_read_in_either_unit() {
        let read = |subscriber: &str| {
            let json = format!(r#"{{"project_id":"p"{subscriber}}}"#);
            let authorization: SessionAuthorization = serde_json::from_str(&json).unwrap();
            expires_at(&authorization)
        };
        let told = Some(EpochMillis::new(1_760_000_000_000));
        assert_eq!(read(r#","fabric_subscriber":{"expires_at":1760000000}"#), told);
        assert_eq!(read(r#","fabric_subscriber":{"expires_at":1760000000000}"#), told);
        for other in [
            "",
            r#","fabric_subscriber":null"#,
            r#","fabric_subscriber":{}"#,
            r#","fabric_subscriber":{"expires_at":-5}"#,
        ] {
            assert_eq!(read(other), None, "{other}");
        }
    }
}
