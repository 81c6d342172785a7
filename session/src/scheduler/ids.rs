//! The ids of credentials, operations and reauthentications.

use std::fmt;

/// The number of a credential. Each commit increments it, and a number is never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Generation(pub(super) u32);

impl Generation {
    /// Returns the number; the first credential is 1.
    pub const fn get(self) -> u32 {
        self.0
    }
}

/// The id of one started operation. A result with any id other than the current one is late and
/// changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OpId(pub(super) u32);

impl OpId {
    /// Returns the number, for logs.
    pub const fn get(self) -> u32 {
        self.0
    }
}

/// The id of one started reauthentication; late results are recognised as with [`OpId`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ReauthId(pub(super) u32);

impl ReauthId {
    /// Returns the number, for logs.
    pub const fn get(self) -> u32 {
        self.0
    }
}

/// Whether a SAT is bound to the client's DPoP key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CredentialKind {
    /// A plain SAT, as the provider returns it.
    Unbound,
    /// A Client Bound SAT, as activation and rotation return it.
    Bound,
}

impl fmt::Display for CredentialKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unbound => "unbound",
            Self::Bound => "bound",
        })
    }
}
