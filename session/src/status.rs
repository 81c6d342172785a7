//! The status of a client.

use std::fmt;

/// The state of a client's session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Status {
    /// The first session is being set up.
    Connecting,
    /// The session is authenticated; the subscriber is not registered.
    Connected,
    /// The session is authenticated and the subscriber is registered (`subscriber.online`).
    Online,
    /// The session was lost and is being set up again.
    Reconnecting,
    /// The client is suspended by the application or by [`ExhaustedPolicy::Disconnect`]; a resume
    /// connects again.
    ///
    /// [`ExhaustedPolicy::Disconnect`]: crate::scheduler::ExhaustedPolicy::Disconnect
    Suspended,
    /// The client has closed.
    Closed,
}

impl Status {
    /// Returns whether calls reach the space at this moment.
    pub const fn is_connected(self) -> bool {
        matches!(self, Self::Connected | Self::Online)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Connecting => "connecting",
            Self::Connected => "connected",
            Self::Online => "online",
            Self::Reconnecting => "reconnecting",
            Self::Suspended => "suspended",
            Self::Closed => "closed",
        })
    }
}
