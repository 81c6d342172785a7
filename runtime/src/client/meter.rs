//! Numbers for operators, through the `metrics` facade. Names and labels are documented in
//! `docs/observability.md`; no label names a session, a method or anything else without bounds.

use std::time::Duration;

use metrics::{
    Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram,
};

use super::{ErrorKind, Status};
use crate::client::{CredentialOrigin, HistoryEvent};
use credwire_session::{RpcError, scheduler::OpKind};

const CLIENTS: &str = "credwire_clients";
const LIVE: &str = "credwire_sessions_live";
const SESSIONS: &str = "credwire_sessions_total";
const LOST: &str = "credwire_sessions_lost_total";
const CREDENTIALS: &str = "credwire_credentials_total";
const OPERATIONS: &str = "credwire_operations_total";
const OPERATION: &str = "credwire_operation_duration_seconds";
const CALLS: &str = "credwire_rpc_calls_total";
const CALL: &str = "credwire_rpc_duration_seconds";
const WARNINGS: &str = "credwire_warnings_total";
const DISCARDED: &str = "credwire_discarded_total";
const ERRORS: &str = "credwire_errors_total";

// The values of the labels, each of which is a series.
const STATES: [&str; 5] = ["connecting", "connected", "online", "reconnecting", "suspended"];
const BEGINNINGS: [&str; 3] = ["connected", "resumed", "reconnected"];
const ORIGINS: [&str; 3] = ["sat", "refreshed", "client-bound"];
const OPERATION_KINDS: [&str; 4] = ["authenticate", "refresh", "activate", "rotate"];
const OPERATION_RESULTS: [&str; 6] =
    ["ok", "transient", "permanent", "timeout", "panic", "abandoned"];
const CALL_RESULTS: [&str; 8] =
    ["ok", "error", "timeout", "lost", "queue-full", "disconnected", "malformed", "cancelled"];
const WARNING_CODES: [&str; 9] = [
    "credential_refresh_fallback",
    "credential_no_refresh_handler",
    "credential_refresh_stopped",
    "credential_expired",
    "credential_expired_on_arrival",
    "credential_unchanged",
    "credential_expires_earlier",
    "credential_expiry_unknown",
    "dpop_key_lost",
];
const DISCARD_REASONS: [&str; 5] = ["binary", "not-json-rpc", "malformed", "stale", "unexpected"];
const ERROR_KINDS: [ErrorKind; 15] = [
    ErrorKind::Configuration,
    ErrorKind::Provider,
    ErrorKind::InvalidCredentials,
    ErrorKind::HostNotAllowed,
    ErrorKind::Rest,
    ErrorKind::Socket,
    ErrorKind::Refused,
    ErrorKind::Rpc,
    ErrorKind::Refresh,
    ErrorKind::Activation,
    ErrorKind::Key,
    ErrorKind::Storage,
    ErrorKind::Recording,
    ErrorKind::Unreachable,
    ErrorKind::Closed,
];

/// Describes the numbers, and has every counter and gauge begin at zero: a rate over a counter that
/// is first seen at one misses that one. A histogram cannot begin without a value.
pub(super) fn begin() {
    describe_gauge!(CLIENTS, "Clients, by the state of their session");
    describe_gauge!(LIVE, "Sessions that are authenticated now");
    describe_counter!(SESSIONS, "Sessions that began, by how");
    describe_counter!(LOST, "Sessions that were lost");
    describe_counter!(CREDENTIALS, "Credentials that came into use, by kind");
    describe_counter!(OPERATIONS, "Calls of the provider and of the device endpoints, by result");
    describe_histogram!(
        OPERATION,
        Unit::Seconds,
        "Seconds that calls of the provider and of the device endpoints took"
    );
    describe_counter!(CALLS, "JSON-RPC calls of the application, by result");
    describe_histogram!(
        CALL,
        Unit::Seconds,
        "Seconds that JSON-RPC calls of the application took, the wait for a session included"
    );
    describe_counter!(WARNINGS, "Warnings, by code");
    describe_counter!(DISCARDED, "Messages of the space that no reader gets, by reason");
    describe_counter!(ERRORS, "Errors that sessions survived, by kind");

    for state in STATES {
        gauge!(CLIENTS, "state" => state).increment(0);
    }
    gauge!(LIVE).increment(0);
    counter!(LOST).increment(0);
    for how in BEGINNINGS {
        counter!(SESSIONS, "how" => how).increment(0);
    }
    for kind in ORIGINS {
        counter!(CREDENTIALS, "kind" => kind).increment(0);
    }
    for operation in OPERATION_KINDS {
        for result in OPERATION_RESULTS {
            counter!(OPERATIONS, "operation" => operation, "result" => result).increment(0);
        }
    }
    for result in CALL_RESULTS {
        counter!(CALLS, "result" => result).increment(0);
    }
    for code in WARNING_CODES {
        counter!(WARNINGS, "code" => code).increment(0);
    }
    for reason in DISCARD_REASONS {
        counter!(DISCARDED, "reason" => reason).increment(0);
    }
    for kind in ERROR_KINDS {
        counter!(ERRORS, "kind" => kind.as_str()).increment(0);
    }
}

/// A client is there, and is in this state.
pub(super) fn started(status: Status) {
    if let Some(state) = state(status) {
        gauge!(CLIENTS, "state" => state).increment(1);
    }
}

/// A client left one state for another. A closed client is none any more.
pub(super) fn moved(from: Status, to: Status) {
    if let Some(state) = state(from) {
        gauge!(CLIENTS, "state" => state).decrement(1);
    }
    started(to);
    match (from.is_connected(), to.is_connected()) {
        (false, true) => gauge!(LIVE).increment(1),
        (true, false) => gauge!(LIVE).decrement(1),
        _ => {}
    }
}

fn state(status: Status) -> Option<&'static str> {
    let [connecting, connected, online, reconnecting, suspended] = STATES;
    match status {
        Status::Connecting => Some(connecting),
        Status::Connected => Some(connected),
        Status::Online => Some(online),
        Status::Reconnecting => Some(reconnecting),
        Status::Suspended => Some(suspended),
        _ => None,
    }
}

/// Something happened.
pub(super) fn happened(event: &HistoryEvent) {
    match event {
        HistoryEvent::Connected => counter!(SESSIONS, "how" => "connected").increment(1),
        HistoryEvent::Resumed => counter!(SESSIONS, "how" => "resumed").increment(1),
        HistoryEvent::Reconnected => counter!(SESSIONS, "how" => "reconnected").increment(1),
        HistoryEvent::Dropped { .. } => counter!(LOST).increment(1),
        HistoryEvent::Credential { kind, .. } => {
            let kind = match kind {
                CredentialOrigin::Sat => "sat",
                CredentialOrigin::Refreshed => "refreshed",
                CredentialOrigin::ClientBound => "client-bound",
            };
            counter!(CREDENTIALS, "kind" => kind).increment(1);
        }
        _ => {}
    }
}

pub(super) fn warned(code: &str) {
    counter!(WARNINGS, "code" => code.to_owned()).increment(1);
}

pub(super) fn discarded(reason: &'static str) {
    counter!(DISCARDED, "reason" => reason).increment(1);
}

pub(super) fn failed(kind: ErrorKind) {
    counter!(ERRORS, "kind" => kind.as_str()).increment(1);
}

/// An operation ended after so long.
pub(super) fn operated(kind: OpKind, result: &'static str, took: Duration) {
    let operation = match kind {
        OpKind::Authenticate => "authenticate",
        OpKind::Refresh => "refresh",
        OpKind::Activate => "activate",
        OpKind::Rotate => "rotate",
    };
    counter!(OPERATIONS, "operation" => operation, "result" => result).increment(1);
    histogram!(OPERATION, "operation" => operation).record(took);
}

/// The result of a call in a word.
pub(super) fn call_result<T>(result: &Result<T, RpcError>) -> &'static str {
    match result {
        Ok(_) => "ok",
        Err(RpcError::Remote { .. }) => "error",
        Err(RpcError::Timeout) => "timeout",
        Err(RpcError::ConnectionLost) => "lost",
        Err(RpcError::QueueFull) => "queue-full",
        Err(RpcError::Malformed) => "malformed",
        Err(RpcError::Aborted) => CANCELLED,
        Err(_) => "disconnected",
    }
}

/// The result of a call whose caller no longer waits.
pub(super) const CANCELLED: &str = "cancelled";

/// A call ended after so long.
pub(super) fn called(result: &'static str, took: Duration) {
    counter!(CALLS, "result" => result).increment(1);
    histogram!(CALL).record(took);
}
