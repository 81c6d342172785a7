//! The context of one event: the time at which it happens and the actions it gathers.

use credwire_core::Now;

use super::action::{Action, Actions};
use crate::boot_time::BootTime;

/// The time of one event, and the actions gathered for it.
#[derive(Debug)]
pub(super) struct Context {
    pub(super) now: BootTime,
    /// The machine's wall clock, in epoch milliseconds.
    pub(super) wall: i64,
    /// Server time less wall time, in milliseconds, as far as it is known.
    pub(super) skew: i64,
    pub(super) actions: Actions,
}

impl Context {
    pub(super) fn new(now: Now, skew: i64) -> Self {
        Self { now: BootTime::of(now), wall: now.wall.get(), skew, actions: Actions::default() }
    }

    pub(super) fn act(&mut self, action: Action) {
        self.actions.push(action);
    }

    /// The server's wall clock, as far as it has been read, in epoch milliseconds.
    pub(super) const fn server_time(&self) -> i64 {
        self.wall.saturating_add(self.skew)
    }
}
