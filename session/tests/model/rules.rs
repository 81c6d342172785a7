//! What must hold of the whole, by the labels of the contract.

use std::fmt;

/// A property of the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Rule {
    /// W1: a world in order brings the client back within a bound, and never to the same state twice
    /// on the way.
    W1ComesBack,
    /// W2: no credential that is known to have ended is presented.
    W2NoDeadToken,
    /// W2: neither is one that the space refused, or whose key is lost.
    W2NoRefusedToken,
    /// W3: a steady failure is met with growing pauses.
    W3NoStorm,
    /// W3: a restart of the space is given time.
    W3RestartPause,
    /// W3, W9: `Retry-After` holds.
    W3RetryAfter,
    /// W3: after a tick the deadline lies ahead.
    W3NoBusyLoop,
    /// W4: the first connect is answered within its deadline.
    W4Deadline,
    /// W5: who waits for the provider is answered by the provider, and good news needs a credential.
    W5OwnAnswers,
    /// W6: an error is reported once for each change of its reason.
    W6ReportedOnce,
    /// W7: DPoP stays off for the lineage that was refused.
    W7Lineage,
    /// W9: in the reserve the failing mechanism is given up for another.
    W9Fallback,
    /// W9: the notice of the end is on time.
    W9Notice,
    /// W9: an operation has a deadline.
    W9Operation,
    /// At most one of everything is in flight.
    OneAtATime,
    /// Every caller is answered exactly once.
    Replies,
    /// After the end nothing starts, and nobody is answered who waited before.
    AfterTheEnd,
    /// Three things end a client, and nothing else.
    Ends,
    /// While suspended nothing starts.
    Suspended,
    /// A credential in doubt is not resumed with, and is then replaced.
    Suspect,
    /// A device token begins a session only when the provider fails.
    DeviceToken,
    /// After -32601 the session is not asked again to take a credential.
    ReauthUnknown,
    /// The ended or old token again is no credential.
    SameToken,
    /// A late answer changes nothing.
    LateAnswer,
    /// What is stored is the session as it is.
    Storage,
}

/// A property that does not hold, and where.
#[derive(Clone, Debug)]
pub(crate) struct Violation {
    pub(crate) rule: Rule,
    pub(crate) text: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}", self.rule, self.text)
    }
}
