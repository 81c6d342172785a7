//! What was wrong with an answer.

use std::fmt;

/// What was wrong with an answer of the provider, or of the space: the stable name behind an
/// [`Error`](super::Error), for programs that must tell one from the other.
///
/// What is wrong with a credential that is used all the same, or is the old one again, is a warning
/// instead: see the table in [`lifecycle`](crate::lifecycle#bad-answers).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BadAnswer {
    /// A credential without a token, or with an empty one.
    Empty,
    /// A token that is no JOSE token.
    MalformedToken,
    /// A token for a host outside the allow-list, or of another space than the session.
    ForeignHost,
    /// An `expiry_at` that counts seconds in place of milliseconds.
    ExpiryInSeconds,
    /// A credential that had expired when it came.
    Expired,
    /// An expiry, told by the space, that cannot be read. It is left out of account.
    UnreadableExpiry,
    /// No answer in time.
    TimedOut,
    /// A panic.
    Panicked,
    /// The client ended before the answer came. A backend that replaces its own tokens at each call
    /// may have done so.
    Abandoned,
}

impl BadAnswer {
    /// The name in logs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::MalformedToken => "malformed-token",
            Self::ForeignHost => "foreign-host",
            Self::ExpiryInSeconds => "expiry-in-seconds",
            Self::Expired => "expired",
            Self::UnreadableExpiry => "unreadable-expiry",
            Self::TimedOut => "timed-out",
            Self::Panicked => "panicked",
            Self::Abandoned => "abandoned",
        }
    }
}

impl fmt::Display for BadAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
