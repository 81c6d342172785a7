//! What credentials, operations and reauthentications are named by.

use std::fmt;

/// The number of a credential: each commit gets the next one, and a number is never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Generation(pub(super) u32);

impl Generation {
    /// The number itself; the first credential is 1.
    pub const fn get(self) -> u32 {
        self.0
    }
}

/// Names one started operation. A result that carries any other id than the current one is late
/// and changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OpId(pub(super) u32);

impl OpId {
    /// The number itself, for logs.
    pub const fn get(self) -> u32 {
        self.0
    }
}

/// Names one started reauthentication; late results are recognised as with [`OpId`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ReauthId(pub(super) u32);

impl ReauthId {
    /// The number itself, for logs.
    pub const fn get(self) -> u32 {
        self.0
    }
}

/// Whether a SAT is bound to the client's DPoP key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CredentialKind {
    /// A plain SAT, as the provider gives it.
    Unbound,
    /// A Client Bound SAT, as activation and rotation give it.
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
