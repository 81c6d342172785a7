//! Faults in answers of the provider and of the space.

use std::fmt;

/// A fault in an answer of the provider or of the space. It has a stable name, for programs that
/// treat the cases differently.
///
/// A credential that is used in spite of its fault, or is the old one again, causes a warning
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
    /// A credential that had already expired on arrival.
    Expired,
    /// The old token again, with the same expiry.
    SameToken,
    /// An expiry sent by the space that cannot be read. It is ignored.
    UnreadableExpiry,
    /// No answer within the timeout.
    TimedOut,
    /// A panic of the provider.
    Panicked,
    /// The client closed before the answer came. A backend that replaces its own tokens at each
    /// call may have done so.
    Abandoned,
}

impl ResponseFault {
    /// Returns the stable name, as written to logs.
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
