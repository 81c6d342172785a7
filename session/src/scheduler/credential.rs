//! Credential metadata: everything but the token.

use std::time::Duration;

use credwire_core::EpochMillis;

use super::{
    context::Context,
    ids::{CredentialKind, Generation},
};
use crate::boot_time::{BootTime, millis};

/// A new credential without its token. Credentials that are empty or break a rule of their
/// interface are not represented here: those are [`SchedulerEvent::OpErr`](super::SchedulerEvent::OpErr), transient.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct TokenInfo {
    /// The expiry in milliseconds since the Unix epoch, by the issuer's clock.
    pub expiry: Option<EpochMillis>,
    /// The lifetime, counted from receipt. It needs no agreement between clocks, so it takes
    /// precedence over `expiry`.
    pub lifetime: Option<Duration>,
    /// The lifetime that is assumed without `expiry` and `lifetime`, until the space sends an
    /// expiry. An activated credential lasts as long as the SAT that it comes from.
    pub assumed: Option<Duration>,
    /// Whether the token is the same as that of the newest credential.
    pub same_token: bool,
}

/// A credential without its token, as the scheduler computes with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CredentialInfo {
    pub(crate) generation: Generation,
    pub(crate) kind: CredentialKind,
    /// Where in the jitter of its lead this credential lies: the whole range of `u16`.
    pub(super) jitter: u16,
    /// `None` when the expiry is unknown.
    pub(crate) validity: Option<Validity>,
}

impl CredentialInfo {
    /// Whether it was [declared expired](CredentialInfo::expire).
    pub(crate) fn is_declared_ended(&self) -> bool {
        self.validity.is_some_and(|validity| validity.ends == BootTime::PAST)
    }

    /// Returns the generation of the credential.
    pub const fn generation(&self) -> Generation {
        self.generation
    }

    /// Returns whether the credential is bound to the client's key.
    pub const fn kind(&self) -> CredentialKind {
        self.kind
    }

    /// When the end comes near: `None` while the expiry is unknown and after it was declared.
    pub(super) fn ending(&self, reserve: Duration, cx: &Context) -> Option<Ending> {
        let validity = self.validity.filter(|validity| validity.ends != BootTime::PAST)?;
        let end = cx.now.plus(validity.remaining(cx));
        let reserve = millis(reserve).min(i64::from(validity.lifetime) / 4);
        Some(Ending { reserve: end.plus(-reserve), last_try: end.plus(-reserve / 2), end })
    }

    /// Milliseconds until expiry, not positive once it has passed; `None` when it is unknown.
    pub(super) fn remaining(&self, cx: &Context) -> Option<i64> {
        self.validity.map(|validity| validity.remaining(cx))
    }

    pub(super) fn is_expired(&self, cx: &Context) -> bool {
        self.remaining(cx).is_some_and(|remaining| remaining <= 0)
    }

    /// Declares the credential expired: it is not sent any more. Its stated expiry is kept, so that
    /// the same token is recognised when it comes again.
    pub(super) fn expire(&mut self, cx: &Context) {
        let declared = Validity {
            expiry: cx.wall,
            ends: BootTime::PAST,
            lifetime: 0,
            by_server_clock: false,
            assumed: false,
        };
        let said = self.validity.unwrap_or(declared);
        self.validity = Some(Validity { ends: BootTime::PAST, lifetime: 0, ..said });
    }
}

/// The end of a credential, and what comes before it (W9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ending {
    /// From here on a failing mechanism is given up where another one exists.
    pub(super) reserve: BootTime,
    /// Where none exists, the failing one is tried once more.
    pub(super) last_try: BootTime,
    /// The credential expires.
    pub(super) end: BootTime,
}

/// How long a credential lasts, by two clocks. Wall time shows it after a sleep that boot time did
/// not count, and boot time after a step back of wall time; the one that leaves less counts.
///
/// Both ends are written down as if the server's clock were ours, and its skew is taken off when
/// they are read, so that a skew that is learnt later corrects them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Validity {
    /// When it ends by wall time, in epoch milliseconds.
    pub(super) expiry: i64,
    /// When it ends by boot time.
    pub(super) ends: BootTime,
    /// From receipt to end, in milliseconds. Only leads and gaps look at it, which are capped at a
    /// day, so a cap of 49 days changes nothing.
    pub(super) lifetime: u32,
    /// Whether the info named an instant of the server's clock. A lifetime needs no correction.
    pub(super) by_server_clock: bool,
    /// Whether the lifetime is assumed, so that an expiry sent by the space replaces it.
    pub(super) assumed: bool,
}

impl Validity {
    /// The validity of `info`, received now.
    pub(super) fn of(info: &TokenInfo, cx: &Context) -> Option<Self> {
        let after = |lifetime| cx.wall.saturating_add(millis(lifetime));
        let (expiry, by_server_clock, assumed) = match (info.lifetime, info.expiry, info.assumed) {
            (Some(lifetime), _, _) => (after(lifetime), false, false),
            (None, Some(expiry), _) => (expiry.get(), true, false),
            (None, None, Some(lifetime)) => (after(lifetime), false, true),
            (None, None, None) => return None,
        };
        let ends = cx.now.plus(expiry.saturating_sub(cx.wall));
        let received = Self { expiry, ends, lifetime: 0, by_server_clock, assumed };
        let lifetime = u32::try_from(received.remaining(cx).max(0)).unwrap_or(u32::MAX);
        Some(Self { lifetime, ..received })
    }

    /// The space's time has just been read, so wall time and its skew agree: writes the end by
    /// boot time down anew. Otherwise a step back of wall time, which the new skew makes up for,
    /// would be taken off the boot time as well.
    pub(super) fn anchor(&mut self, cx: &Context) {
        if self.by_server_clock && self.ends != BootTime::PAST {
            self.ends = cx.now.plus(self.expiry.saturating_sub(cx.wall));
        }
    }

    /// Milliseconds until the end; not positive once it has passed.
    pub(super) fn remaining(&self, cx: &Context) -> i64 {
        let by_wall = self.expiry.saturating_sub(cx.wall);
        let left = by_wall.min(self.ends.since(cx.now));
        if self.by_server_clock { left.saturating_sub(cx.skew) } else { left }
    }

    /// The expiry by the server's clock.
    pub(super) const fn expires_at(&self, cx: &Context) -> EpochMillis {
        let skew = if self.by_server_clock { 0 } else { cx.skew };
        EpochMillis::new(self.expiry.saturating_add(skew))
    }
}
