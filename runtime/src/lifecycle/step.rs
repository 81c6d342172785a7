//! One call of the arbiter: the time at which it happens and the actions it gathers.

use super::{
    action::{Action, Actions},
    moment::Moment,
};
use crate::clock::Now;

/// The time of one event, and the actions gathered for it.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) now: Moment,
    /// The machine's wall clock, in epoch milliseconds.
    pub(super) wall: i64,
    /// Server time less wall time, in milliseconds, as far as it has been learnt.
    pub(super) skew: i64,
    pub(super) actions: Actions,
}

impl Step {
    pub(super) fn new(now: Now, skew: i64) -> Self {
        Self { now: Moment::of(now), wall: now.wall.get(), skew, actions: Actions::default() }
    }

    pub(super) fn act(&mut self, action: Action) {
        self.actions.push(action);
    }

    /// The server's wall clock, as far as it is known, in epoch milliseconds.
    pub(super) const fn server_time(&self) -> i64 {
        self.wall.saturating_add(self.skew)
    }
}
