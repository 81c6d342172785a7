//! Numbers for operators, through the `metrics` facade. Names and labels are documented in
//! `docs/observability.md`; no label names a session, a method or anything else without bounds.

use std::time::Duration;

use metrics::{
    Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram,
};

use super::ErrorKind;
use crate::client::{CredentialOrigin, HistoryEvent};
use credwire_session::{RpcError, scheduler::OpKind};

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

/// Describes the numbers.
pub(super) fn describe() {
    describe_gauge!(LIVE, "Sessions that are authenticated now");
    describe_counter!(SESSIONS, "Sessions that began, by how");
    describe_counter!(LOST, "Sessions that were lost");
    describe_counter!(CREDENTIALS, "Credentials that came into use, by kind");
    describe_counter!(OPERATIONS, "Calls of the provider and of the device endpoints, by result");
    describe_histogram!(OPERATION, Unit::Seconds, "How long they took");
    describe_counter!(CALLS, "JSON-RPC calls of the application, by result");
    describe_histogram!(CALL, Unit::Seconds, "How long they took");
    describe_counter!(WARNINGS, "Warnings, by code");
    describe_counter!(DISCARDED, "Frames and events of the space that no reader gets, by reason");
    describe_counter!(ERRORS, "Errors that sessions survived, by kind");
}

/// A session is authenticated, or is not any more.
pub(super) fn live(now: bool) {
    if now { gauge!(LIVE).increment(1) } else { gauge!(LIVE).decrement(1) }
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

/// A call ended after so long.
pub(super) fn called<T>(result: &Result<T, RpcError>, took: Duration) {
    let result = match result {
        Ok(_) => "ok",
        Err(RpcError::Remote { .. }) => "error",
        Err(RpcError::Timeout) => "timeout",
        Err(RpcError::ConnectionLost) => "lost",
        Err(RpcError::QueueFull) => "queue-full",
        Err(_) => "not-sent",
    };
    counter!(CALLS, "result" => result).increment(1);
    histogram!(CALL).record(took);
}
