//! The initial state of a client whose storage holds a session.

use serde::{Deserialize, Serialize};

/// The initial state of a client whose storage holds an earlier session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ResumePolicy {
    /// The client resumes the stored session. The provider is asked when the session cannot be
    /// resumed and its credential starts no other.
    #[default]
    PreferCache,
    /// The client starts with a credential of the provider. The stored session is resumed when the
    /// provider returns none.
    PreferProvider,
}
