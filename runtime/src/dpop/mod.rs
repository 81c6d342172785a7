//! Keys for proofs of possession (DPoP, RFC 9449), and where they are kept between runs.
//!
//! A SAT or a Client Bound SAT is of use only with the key that it is bound to. A client without a
//! [`KeyStore`] has a key of its own, which ends with it; with one it has the same key each time.
//! The client makes the proofs. A proof names its target by the path alone (the RFC asks for the
//! whole URL; see [`HtuForm`]), travels in the request's body or params, and exists in a second form
//! for JSON-RPC calls.

mod key;
mod proof;
pub(crate) mod store;

pub use key::{DpopKey, KeyError, KeyKind};
pub(crate) use proof::HttpProof;
pub use proof::HtuForm;
#[cfg(unix)]
pub use store::FileKeyStore;
#[cfg(feature = "keychain")]
pub use store::KeychainKeyStore;
pub use store::{KeyStore, KeyStoreError, KeyStoreErrorKind, MemoryKeyStore, Pkcs8};
