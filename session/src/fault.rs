//! Faults of answers.

use std::fmt;

/// What was wrong with an answer of the provider or of the space: the stable name behind the error
/// of a client, for programs that treat the cases differently.
///
/// What is wrong with a credential that is used all the same, or is the old one again, is a warning
/// instead: see the table in [`scheduler`](crate::scheduler#faults-of-answers).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ResponseFault {
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
    /// The old token again, which ends when it did before.
    SameToken,
    /// An expiry sent by the space that cannot be read. It is ignored.
    UnreadableExpiry,
    /// No answer in time.
    TimedOut,
    /// A panic.
    Panicked,
    /// The client ended before the answer came. A backend that replaces its own tokens at each call
    /// may have done so.
    Abandoned,
}

impl ResponseFault {
    /// The name in logs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::MalformedToken => "malformed-token",
            Self::ForeignHost => "foreign-host",
            Self::ExpiryInSeconds => "expiry-in-seconds",
            Self::Expired => "expired",
            Self::SameToken => "same-token",
            Self::UnreadableExpiry => "unreadable-expiry",
            Self::TimedOut => "timed-out",
            Self::Panicked => "panicked",
            Self::Abandoned => "abandoned",
        }
    }
}

impl fmt::Display for ResponseFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
