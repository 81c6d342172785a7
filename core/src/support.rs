//! What generated code and the expansions of `interface!` call; not for use by hand.
//!
//! The types that users see are documented where `credwire-generated` exports them.

pub mod buffered;
pub mod count;
pub mod form;
pub mod literal;
pub mod object;
pub mod observable;
pub mod presence;
pub mod provider;
pub mod raw;
pub mod rpc;
pub mod rules;
pub mod sealed;
pub mod text;

/// The crates that expansions name, since the crate of a user may depend on none of them.
pub use {futures_core, serde, serde_json};
