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
        let expiry = self.validity.map_or(step.server_time(), |validity| validity.expiry);
        self.validity = Some(Validity { expiry, ends: Moment::PAST, lifetime: 0, relative: false });
    }
}

/// How long a credential lasts, by two clocks. Wall time tells after a sleep that boot time did
/// not count, and boot time tells after a step back of wall time; the one that leaves less is
/// believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Validity {
    /// When it ends by the server's wall clock, in epoch milliseconds.
    pub(super) expiry: i64,
    /// When it ends by boot time.
    pub(super) ends: Moment,
    /// From receipt to end, in milliseconds. Only leads and gaps look at it, which are capped at
    /// a day, so that 49 days are as good as more.
    pub(super) lifetime: u32,
    /// Whether the grant named a lifetime and no instant: `expiry` then follows from our own
    /// clock and moves with our idea of the server's.
    pub(super) relative: bool,
}

impl Validity {
    /// What `grant` says, received now.
    pub(super) fn of(grant: &Grant, step: &Step) -> Option<Self> {
        let server_time = step.server_time();
        let (expiry, lifetime, relative) = match (grant.lifetime, grant.expiry) {
            (Some(lifetime), _) => {
                let lifetime = millis(lifetime);
                (server_time.saturating_add(lifetime), lifetime, true)
            }
            (None, Some(expiry)) => (expiry.get(), expiry.get().saturating_sub(server_time), false),
            (None, None) => return None,
        };
        Some(Self {
            expiry,
            ends: step.now.plus(lifetime),
            lifetime: u32::try_from(lifetime.max(0)).unwrap_or(u32::MAX),
            relative,
        })
    }

    /// Milliseconds until the end; not positive once it has passed.
    pub(super) fn remaining(&self, step: &Step) -> i64 {
        let by_wall = self.expiry.saturating_sub(step.server_time());
        by_wall.min(self.ends.since(step.now))
    }

    /// Our idea of the server's clock moved by `by` milliseconds.
    pub(super) fn correct(&mut self, by: i64) {
        if self.relative {
            self.expiry = self.expiry.saturating_add(by);
        } else {
            self.ends = self.ends.plus(by.saturating_neg());
        }
    }

    /// The expiry by the server's clock.
    pub(super) const fn expires_at(&self) -> EpochMillis {
        EpochMillis::new(self.expiry)
    }
}
