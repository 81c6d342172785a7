//! Typed credentials and live sessions for Call Fabric spaces.
//!
//! A [`CredentialProvider`] says where credentials come from; [`providers`] holds ready-made ones.
//! A [`Client`] does the rest: it authenticates, connects, keeps the credential fresh by the
//! mechanism that the reference's precedence table selects, reauthenticates the live session and
//! reconnects after a drop. With a [`storage`] a later client goes on with its session.
//!
//! Everything that decides is one value without IO, the [session core](credwire_session). The one
//! task of a client turns sockets, timers and provider calls into its inputs, and its outputs into
//! IO. Dropping the client ends the task and cancels what is in flight.

pub mod cassette;
pub mod client;
pub mod clock;
pub mod dpop;
#[doc(hidden)]
pub mod endpoint;
pub mod lifecycle;
mod net;
pub mod providers;
#[cfg(feature = "test-support")]
pub mod replay;
mod response;
pub mod rest;
mod resume_policy;
pub mod session;
pub mod space;
mod spawn;
pub mod storage;
#[cfg(feature = "test-support")]
pub mod test;
pub mod timeline;
mod transport;

pub use client::{Client, ClientBuilder, Error, ErrorKind, Status};
pub use credwire_core::*;
pub use credwire_generated::*;
pub use credwire_macros::*;
pub use credwire_session::jose;
pub use net::Proxy;

#[doc(hidden)]
pub use credwire_generated::__private;

/// The README's examples are compiled with the documentation tests.
#[cfg(all(doctest, feature = "test-support"))]
#[doc = include_str!("../../README.md")]
struct Readme;

/// So is the example of how objects of an SDK are used.
#[cfg(doctest)]
#[doc = include_str!("../../docs/generated.md")]
struct Generated;
