//! The few types that generated and hand-written credwire code both stand on.
//!
//! - [`Secret`] seals a value so that it cannot be printed or serialized by accident.
//! - [`secrecy`] lists the names that stand for secrets, and redacts free text.
//! - [`EpochMillis`], [`EpochSeconds`], [`Millis`] and [`Seconds`] keep units apart at compile time.
//! - [`Bytes`], [`Timestamp`], [`Url`] and [`BigInt`] are values that JSON has no form of its own for. The features
//!   `chrono`, `jiff`, `time` and `url` convert instants and URLs to the types of the packages of these names.
//! - [`Validate`] checks a value and reports every [`Violation`] at once; [`FromJson`] decodes and
//!   checks in one call. [`rules`] has what the rules of a derived `Validate` ask of a type.
//! - [`CredentialError`] is the permanent or transient error of a credential provider.
//! - [`Clock`] returns the time as [`Now`], and [`Backoff`] the pauses between attempts.
//! - [`repair_json`] repairs JSON whose strings or numbers no decoder accepts.
//! - [`RpcMethod`] ties a JSON-RPC method name to its params and its result.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod backoff;
mod clock;
mod credential_error;
mod from_json;
#[cfg(feature = "schemars")]
mod json_schema;
mod repair;
mod rpc;
pub mod rules;
pub mod secrecy;
mod secret;
#[doc(hidden)]
pub mod support;
mod time;
mod validate;
mod values;

pub use backoff::Backoff;
pub use clock::{Clock, Now};
pub use credential_error::{Converted, CredentialError, CredentialErrorKind, ProviderError};
pub use from_json::{DecodeError, DecodeErrorKind, FromJson, FromJsonError};
pub use repair::repair_json;
pub use rpc::RpcMethod;
pub use secret::{Exposed, Secret, SerializeExposed};
pub use time::{EpochMillis, EpochSeconds, Millis, Seconds};
pub use validate::{Validate, Validator, Violation, Violations};
pub use values::{BigInt, Bytes, Timestamp, Url};
