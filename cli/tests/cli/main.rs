//! The built binary, run as its users run it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod check;
mod demo;
mod endpoint;
mod explain;
mod forms;
mod generate;
mod help;
mod ingest;
mod init;
mod process;
mod replay;
mod session;
mod space;
mod verify;
