//! The clients and spaces that the model starts from, and the times that keep them few.

use std::time::Duration;

use credwire_core::Backoff;
use credwire_session::{
    Settings,
    scheduler::{CheckedPolicy, ExhaustedPolicy, Gap, Lead, Policy, Window},
};

/// Milliseconds of a tick. Everything lasts whole ticks. A clock that is learnt from a `Date` header
/// may be off by two seconds, so a tick is as long.
pub(crate) const TICK: i64 = 2000;
/// A credential lasts this many ticks.
pub(crate) const LIFETIME: i64 = 8;
/// The reserve before the end of a credential, in ticks.
pub(crate) const RESERVE: i64 = 2;
/// The wall clock is at most so many ticks wrong.
pub(crate) const STEP: i64 = 3;
/// A `Retry-After`, in ticks.
pub(crate) const RETRY_AFTER: i64 = 3;
/// The deadline of the first connect, in ticks.
pub(crate) const DEADLINE: i64 = 10;
/// The time for any operation, in ticks.
pub(crate) const OPERATION: i64 = 3;
/// The time for a step of an attempt, in ticks.
pub(crate) const STEP_TIMEOUT: i64 = 2;
/// The longest pause between attempts to connect, in ticks.
pub(crate) const LONGEST_PAUSE: i64 = 4;
/// The least pause after a restart of the space, in ticks.
pub(crate) const RESTART_PAUSE: i64 = 2;
/// A session that ends for its credential within so many ticks puts it in doubt.
pub(crate) const SUSPICION: i64 = 1;

/// So many ticks as a duration.
pub(crate) fn ticks(count: i64) -> Duration {
    Duration::from_millis(u64::try_from(count * TICK).expect("not negative"))
}

/// Who states the expiry of a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Expiry {
    /// Whoever returns it.
    Issuer,
    /// The space alone, when it is asked who the subscriber is.
    Space,
    /// Nobody.
    Unknown,
}

/// What storage holds at the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Record {
    Nothing,
    Alive,
    Ended,
}

/// A client and its space.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Config {
    /// There is a DPoP key and the scope to use it.
    pub(crate) dpop: bool,
    /// The provider has `refresh()`.
    pub(crate) refresh: bool,
    pub(crate) expiry: Expiry,
    pub(crate) record: Record,
    /// The space ends a session when its credential ends.
    pub(crate) closes: bool,
    /// `renew_at_expiry`.
    pub(crate) renews: bool,
    /// [`ExhaustedPolicy::Disconnect`].
    pub(crate) disconnects: bool,
}

impl Config {
    pub(crate) const fn new(dpop: bool, refresh: bool, expiry: Expiry, record: Record) -> Self {
        Self { dpop, refresh, expiry, record, closes: true, renews: false, disconnects: false }
    }

    /// The product of all five, and one client for each setting beside it.
    pub(crate) fn all() -> Vec<Self> {
        let mut all = Vec::new();
        for dpop in [false, true] {
            for refresh in [false, true] {
                for expiry in [Expiry::Issuer, Expiry::Unknown] {
                    for record in [Record::Nothing, Record::Alive, Record::Ended] {
                        for closes in [false, true] {
                            let config = Self::new(dpop, refresh, expiry, record);
                            all.push(Self { closes, ..config });
                        }
                    }
                }
            }
        }
        let plain = Self::new(false, false, Expiry::Issuer, Record::Nothing);
        let able = Self::new(true, true, Expiry::Issuer, Record::Nothing);
        all.push(Self { renews: true, ..plain });
        all.push(Self { disconnects: true, ..able });
        all.push(Self { expiry: Expiry::Space, ..able });
        all
    }

    /// In a line of a table.
    pub(crate) fn name(&self) -> String {
        let mut name = format!(
            "dpop {:5} refresh {:5} expiry {:8} record {:8} closes {:5}",
            self.dpop,
            self.refresh,
            format!("{:?}", self.expiry),
            format!("{:?}", self.record),
            self.closes,
        );
        if self.renews {
            name += " renew_at_expiry";
        }
        if self.disconnects {
            name += " disconnect";
        }
        name
    }
}

/// The times of the connection, in ticks and without jitter.
pub(crate) fn settings() -> Settings {
    Settings {
        connect_deadline: ticks(DEADLINE),
        authenticate_timeout: ticks(2),
        call_timeout: ticks(2),
        step_timeout: ticks(STEP_TIMEOUT),
        reconnect: backoff(1, LONGEST_PAUSE),
        lasting: ticks(2),
        lasting_to_expiry: ticks(1),
        suspicion: ticks(SUSPICION),
        restart_pause: ticks(RESTART_PAUSE),
        retry_after_max: ticks(RETRY_AFTER),
        requests: backoff(1, 2),
        idle: ticks(4),
        ping_timeout: ticks(2),
        ..Settings::default()
    }
}

/// The times of the credential, in ticks and without jitter.
pub(crate) fn policy(config: &Config) -> Policy {
    let lead = Lead { percent: 0, min: ticks(4), max: ticks(4), jitter_percent: 0 };
    let mut policy = Policy::default();
    policy.developer_lead = lead;
    policy.bound_lead = lead;
    policy.mandatory = Window { percent: 0, min: ticks(1), max: ticks(1) };
    policy.gap = Gap { min: ticks(1), max: ticks(1) };
    policy.op_timeout = ticks(OPERATION);
    policy.backoff = backoff(1, 2);
    policy.reserve = ticks(RESERVE);
    policy.renew_at_expiry = config.renews;
    policy.retry_after_max = ticks(RETRY_AFTER);
    policy.attempts = 2;
    policy.activation_retries = 1;
    // A second one without an answer would come in the reserve, which asks for the same.
    policy.reauth_attempts = 1;
    // The world looks at the clocks itself whenever one was stepped.
    policy.chunk = Duration::from_secs(24 * 3600);
    policy.skew_max = ticks(STEP + 1);
    if config.disconnects {
        policy.exhausted = ExhaustedPolicy::Disconnect;
    }
    policy
}

/// The same, checked.
pub(crate) fn checked(policy: Policy) -> CheckedPolicy {
    policy.checked().expect("the values are in range")
}

pub(crate) fn backoff(base: i64, max: i64) -> Backoff {
    Backoff { base: ticks(base), max: ticks(max), jitter_percent: 0 }
}
