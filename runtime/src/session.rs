//! The session on the wire: what calls fail with, and what the space sends.

pub use credwire_session::{Discarded, RpcError, ServerEvent, ServerMessage};
