//! The client: a thin shell around the lifecycle and the session protocol.

mod event;

pub use event::{Event, EventKind, Operation};
