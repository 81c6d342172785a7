//! What a client begins with when its storage holds a session.

use serde::{Deserialize, Serialize};

/// What a client starts with when its storage holds an earlier session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ResumePolicy {
    /// The stored session. The provider is asked when that cannot be resumed and its credential
    /// starts no other.
    #[default]
    PreferCache,
    /// A credential of the provider. The stored session is resumed when the provider has none.
    PreferProvider,
}
