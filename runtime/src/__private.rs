//! What the expansions of macros stand on; not for use by hand.

pub use credwire_core::support::*;

/// What `#[credential_provider(endpoint = "..")]` expands to.
pub mod endpoint {
    pub use crate::endpoint::{AnswerFormat, Expiry, Request};
}
