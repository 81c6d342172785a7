//! Wall time and monotonic time, read together.

use std::{fmt, sync::Arc, time::Duration};

use crate::EpochMillis;

/// One reading of wall time and monotonic time.
///
/// Expiry is compared with wall time, and timers run on monotonic time; the two drift apart when
/// the wall clock is stepped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// Wall time, which may be stepped forward and back.
    pub wall: EpochMillis,
    /// Monotonic time since an arbitrary start. [`Clock::counts_suspend`] returns whether it counts
    /// the time that the machine is suspended.
    pub boot: Duration,
}

/// A source of wall time and monotonic time.
pub trait Clock: fmt::Debug + Send + Sync + 'static {
    /// Reads wall time and monotonic time together.
    fn now(&self) -> Now;

    /// Returns whether [`Now::boot`] goes on while the machine is suspended, so that wall time
    /// which runs ahead of it was stepped. Return `true` only if that is certain; the default is
    /// `false`.
    fn counts_suspend(&self) -> bool {
        false
    }
}

impl<C: Clock + ?Sized> Clock for Arc<C> {
    fn now(&self) -> Now {
        (**self).now()
    }

    fn counts_suspend(&self) -> bool {
        (**self).counts_suspend()
    }
}
