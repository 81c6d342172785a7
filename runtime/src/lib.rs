//! Typed credentials and live sessions for Call Fabric spaces.
//!
//! A [`CredentialProvider`] says where credentials come from; [`providers`] holds ready-made ones.
//! A [`Client`] does the rest: it authenticates, connects, keeps the credential fresh by the
//! mechanism that the reference's precedence table selects, reauthenticates the live session and
//! reconnects after a drop. With a [`storage`] a later client goes on with its session.
//!
//! Everything that decides is one value without IO, the [session core](session). The one
//! task of a client turns sockets, timers and provider calls into its inputs, and its outputs into
//! IO. Dropping the client ends the task and cancels what is in flight.

#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "recording")]
mod cassette;
pub mod client;
pub mod clock;
pub mod dpop;
mod endpoint;
mod net;
pub mod providers;
#[cfg(feature = "recording")]
pub mod recording;
#[cfg(feature = "replay")]
mod replay;
mod response;
mod rest;
mod resume_policy;
pub mod space;
mod spawn;
pub mod storage;
#[cfg(feature = "test-support")]
pub mod test;
#[cfg(feature = "timeline")]
pub mod timeline;
mod transport;

pub use client::{Client, ClientBuilder, Error, ErrorKind, EventStream, RpcError, Status};
pub use credwire_core::{
    CredentialError, CredentialErrorKind, EpochMillis, EpochSeconds, FromJson, Millis, RpcMethod,
    Seconds, Secret, SerializeExposed, Validate, Validator, Violation, Violations, secrecy,
};
pub use credwire_generated::{AuthenticateContext, CredentialProvider, SdkCredential};
pub use credwire_macros::{RpcMethod, Validate, credential_provider, interface};

/// The types of the reference, machine-written: what its pages and wire formats name.
///
/// Those that a client's user names every day are at the root of the crate too.
pub mod sdk {
    pub use credwire_generated::*;
}

/// What decoding fails with, and JSON as it came.
///
/// [`FromJson`](crate::FromJson) decodes and checks in one call.
pub mod json {
    pub use credwire_core::{DecodeError, DecodeErrorKind, FromJsonError, repair_json};
    pub use credwire_generated::RawJson;
}

/// The session core, for those who drive a session themselves: a simulation, a model checker, a
/// transport of another kind. A user of [`Client`] needs nothing of it.
pub use credwire_session as session;

/// What the expansions of macros stand on; not for use by hand.
#[doc(hidden)]
pub mod __private {
    pub use credwire_generated::__private::*;

    /// What `#[credential_provider(endpoint = "..")]` expands to.
    pub mod endpoint {
        pub use crate::endpoint::{Answer, Expiry, Request};
    }
}

/// The README's examples are compiled with the documentation tests.
#[cfg(all(doctest, feature = "recording", feature = "replay", feature = "test-support"))]
#[doc = include_str!("../../README.md")]
struct Readme;

/// So is the example of how objects of an SDK are used.
#[cfg(doctest)]
#[doc = include_str!("../../docs/generated.md")]
struct Generated;
