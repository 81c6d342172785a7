//! Proofs of possession (RFC 9449), in the form that the space's services read.
//!
//! A proof names its target by the path alone (the RFC asks for the whole URL; see [`HtuForm`]),
//! travels in the request's body or params, and exists in a second form for JSON-RPC calls.

mod key;
mod proof;
pub mod store;

pub use key::{DpopKey, KeyError, KeyKind};
pub use proof::{HttpProof, HtuForm};
#[cfg(unix)]
pub use store::FileKeyStore;
#[cfg(feature = "keychain")]
pub use store::KeychainKeyStore;
pub use store::{KeyStore, KeyStoreError, KeyStoreErrorKind, MemoryKeyStore};
