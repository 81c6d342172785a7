//! A credential as the arbiter holds it: everything but the token.

use credwire_core::EpochMillis;

use super::{
    event::{CredentialKind, Generation, Grant},
    moment::{Moment, millis},
    step::Step,
};

/// A credential without its token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Held {
    pub(super) generation: Generation,
    pub(super) kind: CredentialKind,
    /// Where in the jitter of its lead this credential lies: the whole range of `u16`.
    pub(super) jitter: u16,
    /// `None` when the expiry is unknown.
    pub(super) validity: Option<Validity>,
}

impl Held {
    /// Milliseconds until expiry, not positive once it has passed; `None` when it is unknown.
    pub(super) fn remaining(&self, step: &Step) -> Option<i64> {
        self.validity.map(|validity| validity.remaining(step))
    }

    pub(super) fn is_expired(&self, step: &Step) -> bool {
        self.remaining(step).is_some_and(|remaining| remaining <= 0)
    }

    /// Declares it expired: nobody takes it any more. What it said of its expiry is kept, so that
    /// the same token is known when it comes again.
    pub(super) fn expire(&mut self, step: &Step) {
        let declared =
            Validity { expiry: step.wall, ends: Moment::PAST, lifetime: 0, by_server_clock: false };
        let said = self.validity.unwrap_or(declared);
        self.validity = Some(Validity { ends: Moment::PAST, lifetime: 0, ..said });
    }
}

/// How long a credential lasts, by two clocks. Wall time tells after a sleep that boot time did
/// not count, and boot time tells after a step back of wall time; the one that leaves less is
/// believed.
///
/// Both ends are written down as if the server's clock were ours, and its skew is taken off when
/// they are read, so that a skew that is learnt later corrects them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Validity {
    /// When it ends by wall time, in epoch milliseconds.
    pub(super) expiry: i64,
    /// When it ends by boot time.
    pub(super) ends: Moment,
    /// From receipt to end, in milliseconds. Only leads and gaps look at it, which are capped at
    /// a day, so that 49 days are as good as more.
    pub(super) lifetime: u32,
    /// Whether the grant named an instant of the server's clock. A lifetime needs no correction.
    pub(super) by_server_clock: bool,
}

impl Validity {
    /// What `grant` says, received now.
    pub(super) fn of(grant: &Grant, step: &Step) -> Option<Self> {
        let (expiry, by_server_clock) = match (grant.lifetime, grant.expiry) {
            (Some(lifetime), _) => (step.wall.saturating_add(millis(lifetime)), false),
            (None, Some(expiry)) => (expiry.get(), true),
            (None, None) => return None,
        };
        let ends = step.now.plus(expiry.saturating_sub(step.wall));
        let received = Self { expiry, ends, lifetime: 0, by_server_clock };
        let lifetime = u32::try_from(received.remaining(step).max(0)).unwrap_or(u32::MAX);
        Some(Self { lifetime, ..received })
    }

    /// The space's time has just been read, so wall time and its skew agree: writes the end by
    /// boot time down anew. Otherwise a step back of wall time, which the new skew makes up for,
    /// would be taken off the boot time as well.
    pub(super) fn anchor(&mut self, step: &Step) {
        if self.by_server_clock && self.ends != Moment::PAST {
            self.ends = step.now.plus(self.expiry.saturating_sub(step.wall));
        }
    }

    /// Milliseconds until the end; not positive once it has passed.
    pub(super) fn remaining(&self, step: &Step) -> i64 {
        let by_wall = self.expiry.saturating_sub(step.wall);
        let left = by_wall.min(self.ends.since(step.now));
        if self.by_server_clock { left.saturating_sub(step.skew) } else { left }
    }

    /// The expiry by the server's clock.
    pub(super) const fn expires_at(&self, step: &Step) -> EpochMillis {
        let skew = if self.by_server_clock { 0 } else { step.skew };
        EpochMillis::new(self.expiry.saturating_add(skew))
    }
}
