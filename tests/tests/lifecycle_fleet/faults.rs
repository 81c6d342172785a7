//! What goes wrong, how often, and for which kind of client.

use std::time::Duration;

use credwire::lifecycle::{Failure, OpKind};
use fastrand::Rng;

pub(crate) const SECOND: i64 = 1000;
pub(crate) const MINUTE: i64 = 60 * SECOND;
pub(crate) const HOUR: i64 = 60 * MINUTE;
pub(crate) const DAY: i64 = 24 * HOUR;

/// What a client is and where it lives.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    pub(crate) dpop: bool,
    pub(crate) refresh: bool,
    /// Whether its SAT carries `sat:refresh`.
    pub(crate) scope: bool,
    pub(crate) sat_lifetime: i64,
    pub(crate) device_lifetime: i64,
    /// Whether device tokens name a lifetime in place of an expiry.
    pub(crate) relative: bool,
    /// How far its wall clock is ahead of the server's.
    pub(crate) clock_error: i64,
    /// Whether its boot clock counts the time asleep.
    pub(crate) boot_counts_sleep: bool,
    /// A laptop sleeps daily.
    pub(crate) laptop: bool,
}

impl Plan {
    pub(crate) fn draw(rng: &mut Rng) -> Self {
        Self {
            dpop: rng.u8(..10) < 9,
            refresh: rng.bool(),
            scope: rng.bool(),
            sat_lifetime: rng.i64(15 * MINUTE..=4 * HOUR),
            device_lifetime: rng.i64(15 * MINUTE..=HOUR),
            relative: rng.bool(),
            clock_error: rng.i64(-3 * MINUTE..=3 * MINUTE),
            boot_counts_sleep: rng.bool(),
            laptop: rng.u8(..4) == 0,
        }
    }
}

/// How a call ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Success,
    Failure(Failure),
    Panic,
    Hang,
    ExpiredOnArrival,
    SameToken,
}

impl Fate {
    /// About one call in twenty goes wrong.
    pub(crate) fn of_operation(kind: OpKind, rng: &mut Rng) -> Self {
        let ours = matches!(kind, OpKind::Authenticate | OpKind::Refresh);
        match rng.u16(..1000) {
            0..20 => Self::Failure(Failure::TRANSIENT),
            20..26 => {
                let retry_after = Some(Duration::from_secs(rng.u64(1..120)));
                Self::Failure(Failure::Transient { retry_after })
            }
            26..30 => Self::Failure(Failure::Permanent),
            30..36 => Self::Hang,
            36..38 if ours => Self::Panic,
            38..40 => Self::ExpiredOnArrival,
            40..42 if ours => Self::SameToken,
            _ => Self::Success,
        }
    }
}

/// How a reauthentication ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Taken,
    Lost,
    Refused,
}

impl Verdict {
    pub(crate) fn draw(rng: &mut Rng) -> Self {
        match rng.u16(..1000) {
            0..15 => Self::Lost,
            15..18 => Self::Refused,
            _ => Self::Taken,
        }
    }
}

/// The time to the next occurrence of something that happens every `mean` on average.
pub(crate) fn next(mean: i64, rng: &mut Rng) -> i64 {
    let uniform = rng.f64().max(1e-9);
    #[allow(clippy::cast_possible_truncation, reason = "a few means at most")]
    let wait = (-uniform.ln() * mean as f64) as i64;
    wait.max(1)
}
