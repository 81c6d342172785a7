//! The client against the sandbox space: real sockets, real TLS, real signatures.
//!
//! Lifetimes are short and the policy fits them; time is simulated, so nothing waits.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod bad_input;
mod calls;
mod connect;
mod forget;
mod network;
mod options;
mod reconnect;
mod refresh;
