//! The time as decisions take it: both clocks, read together.

use std::{fmt, sync::Arc, time::Duration};

use crate::EpochMillis;

/// One reading of both clocks.
///
/// Expiry is a matter of wall time, waiting a matter of monotonic time; the two part when the wall
/// clock is stepped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// Wall time; may be stepped forward and back.
    pub wall: EpochMillis,
    /// Time since an arbitrary start; never runs back. Whether it counts the time that the
    /// machine is suspended is for the clock to say: [`Clock::counts_suspend`].
    pub boot: Duration,
}

/// Gives the time.
pub trait Clock: fmt::Debug + Send + Sync + 'static {
    /// Both clocks, read together.
    fn now(&self) -> Now;

    /// Whether [`Now::boot`] goes on while the machine is suspended, so that wall time which runs
    /// ahead of it was stepped. Return `true` only if that is certain; the default is `false`.
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
