//! The session on the wire, without IO.
//!
//! `Protocol` decides when to connect and with what, matches answers to calls, answers the
//! server's requests, keeps what a resume needs and paces reconnects. A shell feeds it `Event`s
//! with the time, carries out its `Action`s, and sends `Event::Tick` at
//! `Protocol::deadline`.

mod backoff;
mod calls;
mod endings;
mod error;
pub(crate) mod frame;
mod message;
mod protocol;
mod registration;
mod serve;
mod settings;
#[cfg(test)]
mod tests;
mod vocabulary;

pub use error::RpcError;
pub use message::ServerMessage;
pub use vocabulary::ServerEvent;

pub(crate) use calls::CallId;
pub(crate) use protocol::Protocol;
pub(crate) use settings::Settings;
pub(crate) use vocabulary::{Action, Event, Stored};
