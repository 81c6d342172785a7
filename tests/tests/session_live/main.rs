//! The client against the sandbox space: real sockets, real TLS, real signatures.
//!
//! Lifetimes are short and the policy fits them; every wait is for an event, never for a time.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod calls;
mod connect;
mod reconnect;
mod refresh;
