//! Problems of the session core as errors of the client.

use std::time::Duration;

use super::{
    Error, ErrorKind, ResponseFault,
    token::{invalid, unreadable_expiry},
};
use crate::rest::RestError;
use credwire_core::secrecy::error_chain;
use credwire_session::{Problem, RpcError, Step, scheduler::OpKind};

/// The reason of a failure as the session passes it on. Two are the same when their texts are.
#[derive(Clone, Debug)]
pub(super) struct Reason(pub(super) Error);

impl PartialEq for Reason {
    fn eq(&self, other: &Self) -> bool {
        self.0.kind() == other.0.kind() && error_chain(&self.0) == error_chain(&other.0)
    }
}

impl Reason {
    pub(super) fn not_identified(error: RestError) -> Self {
        let transient = error.is_transient();
        let message = "the subscriber's profile was not read";
        Self(Error::new(ErrorKind::Rest, message).transient(transient).because(error))
    }
}

/// A problem as an error. `host` is the host of the newest attempt, or empty.
pub(super) fn error(problem: Problem<Reason>, host: &str, connect_deadline: Duration) -> Error {
    let remote = |kind: ErrorKind, message: &'static str, error: RpcError| {
        let kind = if error.is_refusal() { ErrorKind::Refused } else { kind };
        // Only a refused credential is refused for good: whatever else is answered may pass.
        let transient = kind != ErrorKind::Refused;
        Error::new(kind, message).transient(transient).because(error)
    };
    match problem {
        Problem::Reason(reason) => reason.0,
        Problem::TimedOut(kind) => operation(kind, "in time").answered(ResponseFault::TimedOut),
        Problem::Panicked(kind) => {
            operation(kind, "because it panicked").answered(ResponseFault::Panicked)
        }
        Problem::Abandoned(kind) => operation(kind, "before the client ended")
            .transient(false)
            .answered(ResponseFault::Abandoned),
        Problem::NoAnswer(step) => {
            let (kind, what) = match step {
                Step::ServerTime => (ErrorKind::Rest, "the space's time was not read"),
                Step::Identify => (ErrorKind::Rest, "the subscriber's profile was not read"),
                Step::Open => (ErrorKind::Socket, "no socket was opened"),
                Step::Connect => (ErrorKind::Rpc, "the session was not authenticated"),
                Step::Reauthenticate => (ErrorKind::Rpc, "the session was not reauthenticated"),
            };
            Error::new(kind, format!("{what}{}: no answer in time", on(host, "at"))).transient(true)
        }
        Problem::TimeUnknown => {
            let why =
                "by this machine's clock it has expired, and the space's clock cannot be read";
            invalid(ResponseFault::Expired, why).transient(true)
        }
        Problem::ExpiredOnArrival => invalid(ResponseFault::Expired, "the credential has expired"),
        Problem::SameToken => {
            let why = "it is the old one again, which ends when it did before";
            invalid(ResponseFault::SameToken, why).transient(true)
        }
        Problem::ResumeRefused(error) => {
            remote(ErrorKind::Rpc, "the space did not resume the session", error)
        }
        Problem::ConnectRefused(error) => {
            remote(ErrorKind::Refused, "the space refused the credential", error)
        }
        Problem::ConnectFailed(error) => {
            remote(ErrorKind::Rpc, "the session was not authenticated", error)
        }
        Problem::ReauthenticationFailed(error) => {
            let transient = error.is_transient();
            let message = "reauthentication rejected; the credential in force stays";
            Error::new(ErrorKind::Refused, message).transient(transient).because(error)
        }
        Problem::RegistrationFailed(error) => {
            let message = "the subscriber was not registered; it is tried again";
            Error::new(ErrorKind::Rpc, message).transient(true).because(error)
        }
        Problem::RegistrationRefused(error) => {
            let message = "the subscriber is not registered in this session: the space does not take the request";
            Error::new(ErrorKind::Rpc, message).because(error)
        }
        Problem::UnregistrationFailed(error) => {
            let message = "the registration was not taken back; it is tried again";
            Error::new(ErrorKind::Rpc, message).transient(true).because(error)
        }
        Problem::UnreadableExpiry(step, why) => {
            let kind = if step == Step::Identify { ErrorKind::Rest } else { ErrorKind::Rpc };
            unreadable_expiry(kind, why)
        }
        Problem::Lost(reason) => {
            let message = format!("the session was lost while it was set up: {reason}");
            Error::new(ErrorKind::Socket, message).transient(true)
        }
        Problem::NotStored => {
            let message = "the session is not stored as it is now: no answer in time";
            Error::new(ErrorKind::Storage, message).transient(true)
        }
        Problem::Unreachable(newest) => {
            let message = format!("no session{} within {connect_deadline:?}", on(host, "to"));
            let unreachable = Error::new(ErrorKind::Unreachable, message).transient(true);
            match newest {
                Some(newest) => {
                    let newest = error(*newest, host, connect_deadline);
                    if !newest.is_transient() {
                        // More time would not have helped.
                        return newest;
                    }
                    unreachable.because(newest)
                }
                None => unreachable,
            }
        }
        Problem::Closed => Error::closed(),
    }
}

/// The host behind a preposition; nothing while there is none.
fn on(host: &str, preposition: &str) -> String {
    if host.is_empty() { String::new() } else { format!(" {preposition} {host}") }
}

/// The error of an operation that returned nothing.
fn operation(kind: OpKind, why: &'static str) -> Error {
    let (class, what) = match kind {
        OpKind::Authenticate => {
            (ErrorKind::Provider, "the provider's authenticate() returned no credential")
        }
        OpKind::Refresh => (ErrorKind::Refresh, "the provider's refresh() returned no credential"),
        OpKind::Activate => (ErrorKind::Activation, "the space returned no device token"),
        OpKind::Rotate => (ErrorKind::Refresh, "the space returned no device token"),
    };
    Error::new(class, format!("{what} {why}")).transient(true)
}
