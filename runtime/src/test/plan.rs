//! What happens in a simulated session, apart from what its provider does.

use std::time::Duration;

/// The length of a simulated session and the events in it.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) lasts: Duration,
    /// How long the tokens of a client-bound session last; `None` when it is not bound.
    pub(super) bound: Option<Duration>,
    /// The time after which each socket is lost.
    pub(super) drops: Option<Duration>,
    /// Of the jitter.
    pub(super) seed: u64,
}
