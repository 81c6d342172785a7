//! What happens to a session, and what must hold after each thing that does.

use credwire::{EpochMillis, RefreshMechanism, lifecycle::Event};

use crate::{
    faults::{DAY, HOUR, MINUTE, SECOND, next},
    session::{Link, NEVER, Session, WAITER},
};

/// After so long without a fault, whatever was wrong before has no effect any more: a timeout, the
/// longest `Retry-After` drawn, the longest backoff.
const SETTLED: i64 = 5 * MINUTE;

impl Session {
    /// When something happens next.
    pub(crate) fn next_time(&self) -> Option<i64> {
        [
            self.tick_time(),
            self.op.as_ref().map_or(NEVER, |op| op.ends),
            self.reauth.as_ref().map_or(NEVER, |reauth| reauth.ends),
            self.link_time(),
            self.expiry_time(),
            self.network_turns,
            self.socket_drops,
            self.sleeps,
            self.clock_steps,
            self.app_acts,
            self.reads_info,
        ]
        .into_iter()
        .min()
        .filter(|at| *at != NEVER)
    }

    fn tick_time(&self) -> i64 {
        let now = self.now().boot;
        self.arbiter.deadline().map_or(NEVER, |at| {
            self.time + i64::try_from(at.saturating_sub(now).as_millis()).unwrap()
        })
    }

    fn link_time(&self) -> i64 {
        match self.link {
            Link::Down { again } if self.network_up && !self.suspended => again,
            Link::Connecting { ends, .. } => ends,
            _ => NEVER,
        }
    }

    /// When the server ends the session because its credential has expired.
    fn expiry_time(&self) -> i64 {
        match self.link {
            Link::Up { used } => self.expiry_of(used),
            _ => NEVER,
        }
    }

    /// The thing whose time has come happens.
    pub(crate) fn happen(&mut self) {
        let now = self.time;
        if self.op.as_ref().is_some_and(|op| op.ends <= now) {
            self.op_ends();
        } else if self.reauth.as_ref().is_some_and(|reauth| reauth.ends <= now) {
            self.reauth_ends();
        } else if self.link_time() <= now {
            match self.link {
                Link::Connecting { used, resumes, .. } => self.connected(used, resumes),
                _ => self.connect(),
            }
        } else if self.expiry_time() <= now {
            self.session_expires();
        } else if self.reads_info <= now {
            self.read_info();
        } else if self.network_turns <= now {
            self.network_turns();
        } else if self.socket_drops <= now {
            self.fault();
            self.disconnected();
            self.feed(Event::SessionDown);
        } else if self.sleeps <= now {
            self.sleep();
        } else if self.clock_steps <= now {
            self.fault();
            self.wall_ahead += self.rng.i64(-HOUR..HOUR);
            self.clock_steps = now + next(10 * DAY, &mut self.rng);
        } else if self.app_acts <= now {
            self.app_acts();
        } else {
            self.feed(Event::Tick);
        }
    }

    /// The server closes a session whose credential has expired. That must have a reason: nothing
    /// could refresh it, or something went wrong within the last minutes.
    fn session_expires(&mut self) {
        let excused = self.time - self.last_fault < SETTLED || !self.refreshable();
        assert!(excused, "a session was lost: {self}");
        self.tally.expired += 1;
        self.tally.lost_to_faults += u64::from(self.refreshable());
        self.fault();
        self.disconnected();
        self.feed(Event::SessionDown);
    }

    /// `subscriber/info`: the scope, and the server's time with the answer.
    fn read_info(&mut self) {
        self.reads_info = NEVER;
        if !self.network_up || self.suspended {
            self.reads_info = self.time + 10 * SECOND;
            return;
        }
        self.feed(Event::ServerTime(EpochMillis::new(self.time / SECOND * SECOND)));
        if let Some(generation) = self.arbiter.newest() {
            self.feed(Event::ScopeKnown { generation, sat_refresh: self.plan.scope });
        }
    }

    fn network_turns(&mut self) {
        self.fault();
        self.network_up = !self.network_up;
        let lasts = if self.network_up { DAY } else { 3 * MINUTE };
        self.network_turns = self.time + next(lasts, &mut self.rng);
        if !self.network_up && !matches!(self.link, Link::Down { .. } | Link::Waiting) {
            self.disconnected();
            self.feed(Event::SessionDown);
        }
    }

    /// The machine sleeps; calls and sockets do not survive it.
    fn sleep(&mut self) {
        self.fault();
        let slept = self.rng.i64(10 * MINUTE..10 * HOUR);
        self.time += slept;
        if !self.plan.boot_counts_sleep {
            self.uncounted += slept;
        }
        self.fault();
        self.sleeps = self.time + next(DAY, &mut self.rng);
        if matches!(self.link, Link::Up { .. } | Link::Connecting { .. }) {
            self.disconnected();
            self.feed(Event::SessionDown);
        }
    }

    fn app_acts(&mut self) {
        self.app_acts = self.time + next(DAY, &mut self.rng);
        if self.suspended {
            self.fault();
            self.suspended = false;
            self.link = Link::Down { again: self.time };
            self.feed(Event::Resume);
            return;
        }
        match self.rng.u8(..4) {
            0 => {
                self.fault();
                self.suspended = true;
                self.disconnected();
                self.app_acts = self.time + next(HOUR, &mut self.rng);
                self.feed(Event::Suspend);
            }
            1 => {
                if let Some(generation) = self.arbiter.newest() {
                    self.feed(Event::Invalidate { generation });
                }
            }
            _ => {
                self.nothing_refused();
                self.feed(Event::RefreshNow(WAITER));
            }
        }
    }

    /// The invariants that a fleet can watch.
    pub(crate) fn check(&self) {
        let deadline = self.arbiter.deadline();
        let latest = self.now().boot + self.policy.get().chunk;
        assert!(deadline.is_none_or(|at| at <= latest), "I8, a long sleep: {self}");
        if self.suspended {
            let idle = deadline.is_none() || self.op.is_some();
            assert!(idle, "I4, armed while suspended: {self}");
            return;
        }
        let up = matches!(self.link, Link::Up { .. });
        let settled = self.network_up && self.time - self.last_fault > SETTLED;
        assert!(up || !settled, "L1, not back: {self}");
        if deadline.is_none() {
            assert!(self.op.is_none(), "I7, nobody watches: {self}");
            let status = self.arbiter.status(self.now());
            let possible = status.mechanism != RefreshMechanism::None;
            assert!(!possible || status.expiry.is_none(), "I2, nothing is armed: {self}");
            let sent = status.applied || self.reauth.is_some();
            assert!(!up || sent, "I6, left behind: {self}");
        }
    }
}
