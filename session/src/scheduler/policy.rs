//! The timers and limits of the credential lifecycle.

use std::{sync::Arc, time::Duration};

use credwire_core::{Backoff, Validate, Validator, Violations};
use serde::{Deserialize, Serialize};

const MILLISECOND: Duration = Duration::from_millis(1);
const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// The timers and limits of the credential lifecycle. Start from [`Policy::default`] and change
/// what must differ; [`Policy::checked`] refuses values outside of the ranges documented here.
///
/// Durations have millisecond resolution.
///
/// # Windows
/// Before a credential expires, two windows open one after the other:
///
/// - The *advisory* window, a [`Lead`] before expiry: from here on the credential is refreshed. A
///   failure is tried again and logged quietly; the credential serves for everything meanwhile.
/// - The *mandatory* window, a [`Window`] before expiry: from here on no connect starts with the
///   credential. It waits for the refresh that is in flight, otherwise for an answer of
///   `authenticate()`. Failures are logged as warnings. A live session keeps the credential until
///   it expires.
///
/// ```
/// use std::time::Duration;
/// use credwire_session::scheduler::{Lead, Policy, Window};
///
/// let policy = Policy::default()
///     .advisory_window(Lead { percent: 30, ..Policy::default().bound_lead })
///     .mandatory_window(Window { max: Duration::from_secs(30), ..Policy::default().mandatory });
/// assert!(policy.checked().is_ok());
/// ```
///
/// # Short lifetimes
/// ```
/// use std::time::Duration;
/// use credwire_session::scheduler::Policy;
///
/// // Tokens that are valid for a few seconds, as in a demonstration.
/// let mut policy = Policy::default();
/// policy.developer_lead.min = Duration::from_millis(200);
/// policy.bound_lead.min = Duration::from_millis(200);
/// policy.gap.min = Duration::from_millis(100);
/// assert!(policy.clone().checked().is_ok());
///
/// policy.op_timeout = Duration::ZERO;
/// let violations = policy.checked().unwrap_err();
/// assert_eq!(
///     violations.to_string(),
///     "/op_timeout: must be between 1ms and 3600s"
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Policy {
    /// The advisory window of the provider's `refresh()`: how long before expiry it is called.
    pub developer_lead: Lead,
    /// The advisory window of a Client Bound SAT: how long before expiry it is rotated.
    pub bound_lead: Lead,
    /// The mandatory window: from this long before expiry on, a connect waits for a new credential.
    pub mandatory: Window,
    /// The least time between two starts of the same operation.
    pub gap: Gap,
    /// The timeout of an operation, to the last byte; 1 ms to 1 h, 30 s by default.
    pub op_timeout: Duration,
    /// The pause after a failed operation; 1 s to 30 s by default. `base` from 1 ms up to `max`, which
    /// is at most 1 day.
    pub backoff: Backoff,
    /// The reserve before the expiry, at most a quarter of the lifetime. When it begins, a failing
    /// mechanism is given up where another one exists, and operations that hang are aborted. Up to
    /// 1 h, 10 s by default.
    pub reserve: Duration,
    /// Whether the provider's `authenticate()` is called shortly before the end of a credential
    /// that nothing else refreshes, and its credential sent to the live session; off by default.
    pub renew_at_expiry: bool,
    /// The longest `Retry-After` that is honoured; up to 1 day, 15 min by default.
    pub retry_after_max: Duration,
    /// Failures in a row (KMAX) after which a mechanism is given up *once the credential has
    /// expired*; before that it is always tried again. 1 to 1000, 5 by default.
    pub attempts: u32,
    /// Failed activations (JMAX) that are tried again in one session while the provider's
    /// `refresh()` can stand in; without it activation is tried until expiry. Up to 1000, 1 by
    /// default.
    pub activation_retries: u32,
    /// Reauthentications without an answer (RMAX) after which the socket is replaced, once for each
    /// credential; 1 to 1000, 2 by default.
    pub reauth_attempts: u32,
    /// The longest time (CHUNK) between two looks at the clocks, so that suspend and steps of the
    /// wall clock are noticed; 1 ms to 1 day, 30 s by default.
    pub chunk: Duration,
    /// The largest difference to the server's clock that is applied; up to 1 day, which is the
    /// default.
    pub skew_max: Duration,
    /// What happens when no mechanism is left.
    pub exhausted: ExhaustedPolicy,
}

/// How long before expiry a refresh is due: a part of the lifetime within limits, and a random
/// part of that again, so that clients which started together do not refresh together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Lead {
    /// The part of the lifetime in percent, up to 90.
    pub percent: u8,
    /// The shortest lead; up to `max`.
    pub min: Duration,
    /// The longest lead; up to 1 day.
    pub max: Duration,
    /// The largest part that jitter adds, in percent of the lead; up to 100.
    pub jitter_percent: u8,
}

/// How long before expiry a credential is too old to begin something with: a part of the lifetime
/// within limits. Keep it no longer than the [`Lead`]s, so that a refresh is tried first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Window {
    /// The part of the lifetime in percent, up to 90; 5 by default.
    pub percent: u8,
    /// The shortest window; up to `max`, none by default.
    pub min: Duration,
    /// The longest window; up to 1 day, 10 s by default.
    pub max: Duration,
}

/// The least time between two starts of the same operation: `min` for authentication, activation
/// and retries, otherwise a quarter of the credential's lifetime within these limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Gap {
    /// The shortest gap: 1 ms up to `max`, 1 s by default.
    pub min: Duration,
    /// The longest gap: up to 1 h, 30 s by default.
    pub max: Duration,
}

/// What a client does when no mechanism is left to refresh the credential.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExhaustedPolicy {
    /// The session is kept until the server ends it, as the reference describes.
    #[default]
    Continue,
    /// The client disconnects at once, as the official SDK does.
    Disconnect,
}

impl Default for Policy {
    fn default() -> Self {
        let lead = Lead {
            percent: 20,
            min: Duration::from_secs(5),
            max: Duration::from_secs(300),
            jitter_percent: 50,
        };
        Self {
            developer_lead: lead,
            bound_lead: lead,
            mandatory: Window { percent: 5, min: Duration::ZERO, max: Duration::from_secs(10) },
            gap: Gap { min: Duration::from_secs(1), max: Duration::from_secs(30) },
            op_timeout: Duration::from_secs(30),
            backoff: Backoff::new(Duration::from_secs(1), Duration::from_secs(30)),
            reserve: Duration::from_secs(10),
            renew_at_expiry: false,
            retry_after_max: Duration::from_secs(15 * 60),
            attempts: 5,
            activation_retries: 1,
            reauth_attempts: 2,
            chunk: Duration::from_secs(30),
            skew_max: DAY,
            exhausted: ExhaustedPolicy::Continue,
        }
    }
}

impl Policy {
    /// Returns the timers of the official SDK where they are safe: fixed leads of 5 s (`refresh()`)
    /// and 30 s (rotation) without jitter, no mandatory window, a gap of 1 s, pauses of 1-2, 2-4,
    /// 4-8 and 8-16 s, five attempts, and a disconnect when nothing is left.
    pub fn sdk() -> Self {
        let fixed = |seconds| {
            let lead = Duration::from_secs(seconds);
            Lead { percent: 0, min: lead, max: lead, jitter_percent: 0 }
        };
        let second = Duration::from_secs(1);
        Self {
            developer_lead: fixed(5),
            bound_lead: fixed(30),
            mandatory: Window { percent: 0, min: Duration::ZERO, max: Duration::ZERO },
            gap: Gap { min: second, max: second },
            backoff: Backoff::new(Duration::from_secs(2), Duration::from_secs(16)),
            exhausted: ExhaustedPolicy::Disconnect,
            ..Self::default()
        }
    }

    /// Sets one advisory window for both mechanisms.
    #[must_use]
    pub fn advisory_window(self, lead: Lead) -> Self {
        Self { developer_lead: lead, bound_lead: lead, ..self }
    }

    /// Sets the mandatory window.
    #[must_use]
    pub fn mandatory_window(self, window: Window) -> Self {
        Self { mandatory: window, ..self }
    }

    /// Checks every value against its range.
    ///
    /// # Errors
    /// All values that are out of range, each with its name and its range.
    pub fn checked(self) -> Result<CheckedPolicy, Violations> {
        self.validate()?;
        Ok(CheckedPolicy(Arc::new(self)))
    }
}

impl Validate for Policy {
    fn check(&self, v: &mut Validator) {
        for (name, lead) in
            [("developer_lead", &self.developer_lead), ("bound_lead", &self.bound_lead)]
        {
            v.at(name, |v| {
                number(v, "percent", lead.percent.into(), 0, 90);
                duration(v, "max", lead.max, Duration::ZERO, DAY);
                duration(v, "min", lead.min, Duration::ZERO, lead.max);
                number(v, "jitter_percent", lead.jitter_percent.into(), 0, 100);
            });
        }
        v.at("mandatory", |v| {
            number(v, "percent", self.mandatory.percent.into(), 0, 90);
            duration(v, "max", self.mandatory.max, Duration::ZERO, DAY);
            duration(v, "min", self.mandatory.min, Duration::ZERO, self.mandatory.max);
        });
        v.at("gap", |v| {
            duration(v, "max", self.gap.max, MILLISECOND, HOUR);
            duration(v, "min", self.gap.min, MILLISECOND, self.gap.max);
        });
        v.at("backoff", |v| {
            duration(v, "max", self.backoff.max, MILLISECOND, DAY);
            duration(v, "base", self.backoff.base, MILLISECOND, self.backoff.max);
            number(v, "jitter_percent", self.backoff.jitter_percent.into(), 0, 100);
        });
        duration(v, "reserve", self.reserve, Duration::ZERO, HOUR);
        duration(v, "op_timeout", self.op_timeout, MILLISECOND, HOUR);
        duration(v, "retry_after_max", self.retry_after_max, Duration::ZERO, DAY);
        number(v, "attempts", self.attempts, 1, 1000);
        number(v, "activation_retries", self.activation_retries, 0, 1000);
        number(v, "reauth_attempts", self.reauth_attempts, 1, 1000);
        duration(v, "chunk", self.chunk, MILLISECOND, DAY);
        duration(v, "skew_max", self.skew_max, Duration::ZERO, DAY);
    }
}

fn number(v: &mut Validator, name: &'static str, value: u32, min: u32, max: u32) {
    if !(min..=max).contains(&value) {
        v.at(name, |v| v.report("range", format!("must be between {min} and {max}")));
    }
}

fn duration(v: &mut Validator, name: &'static str, value: Duration, min: Duration, max: Duration) {
    if !(min..=max).contains(&value) {
        v.at(name, |v| v.report("range", format!("must be between {min:?} and {max:?}")));
    }
}

/// A [`Policy`] whose values are in range; cheap to clone, so that many clients share one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CheckedPolicy(Arc<Policy>);

impl CheckedPolicy {
    /// Returns the values.
    pub fn get(&self) -> &Policy {
        &self.0
    }
}

impl Default for CheckedPolicy {
    fn default() -> Self {
        Self(Arc::new(Policy::default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_and_the_sdk_timers_are_in_range() {
        assert!(Policy::default().checked().is_ok());
        assert!(Policy::sdk().checked().is_ok());
    }

    #[test]
    fn every_value_out_of_range_is_named() {
        let mut policy = Policy { chunk: 2 * DAY, attempts: 0, ..Policy::default() };
        policy.bound_lead.min = 2 * policy.bound_lead.max;
        policy.backoff.jitter_percent = 101;
        policy.gap.min = Duration::ZERO;
        policy.mandatory.percent = 91;
        let violations = policy.checked().unwrap_err();
        let pointers: Vec<_> = violations.iter().map(|v| v.pointer()).collect();
        assert_eq!(
            pointers,
            [
                "/bound_lead/min",
                "/mandatory/percent",
                "/gap/min",
                "/backoff/jitter_percent",
                "/attempts",
                "/chunk"
            ]
        );
    }
}
