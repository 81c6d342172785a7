//! Suspend, resume, reset and the end, as the application asks for them.

use std::time::Duration;

use credwire_core::Now;

use super::{Attempt, Session, Shutdown, State, Trust};
use crate::{
    Status,
    boot_time::BootTime,
    input::ReplyId,
    output::{Answer, Problem, SessionEvent},
    pacing::Pacing,
    scheduler::{self, Abilities, CredentialScheduler, RefreshError},
};

impl<T: Clone + PartialEq, R: Clone + PartialEq> Session<T, R> {
    /// Leaves the session and starts nothing until a resume.
    pub(super) fn suspend(&mut self, now: Now) {
        if matches!(self.shutdown, Shutdown::None | Shutdown::Suspended) {
            let had_left = self.shutdown == Shutdown::Suspended;
            self.shutdown = Shutdown::Suspended;
            self.leave();
            self.schedule(scheduler::SchedulerEvent::Suspend, now);
            self.set_status(Status::Suspended);
            if !had_left {
                self.report(SessionEvent::Left);
            }
        }
        if let Some(connecting) = self.connecting.take() {
            self.answer(connecting.reply, Answer::Started(Err(Problem::Closed)));
        }
        for reply in std::mem::take(&mut self.leaving) {
            self.answer(reply, Answer::Left);
        }
    }

    /// Connects again after a suspend. A session whose credential has ended, with nothing to refresh
    /// it, is replaced.
    pub(super) fn resume(&mut self, now: Now) {
        match self.shutdown {
            Shutdown::Suspended => {
                self.shutdown = Shutdown::None;
                self.schedule(scheduler::SchedulerEvent::Resume, now);
                self.set_status(Status::Reconnecting);
                self.begin_attempt_in_turn(now);
            }
            Shutdown::None => self.renew_if_ended(now),
            Shutdown::Draining { .. } | Shutdown::Done => {}
        }
    }

    /// Begins an attempt, unless the pause of the attempt before holds, or a `Retry-After` of the
    /// space does: a resume does not shorten them.
    pub(super) fn begin_attempt_in_turn(&mut self, now: Now) {
        let backoff = &self.settings.reconnect;
        let from = self.attempt.started;
        let due = if self.pacing.failures == 0 {
            BootTime::PAST
        } else {
            from.after(backoff.pause(self.pacing.failures, 0))
        };
        if due.max(self.held) <= BootTime::of(now) {
            self.begin_attempt(now);
        } else {
            self.wait_until(due, None, now);
        }
    }

    /// Leaves the session and ends.
    pub(super) fn shut_down(&mut self, patience: Duration, reply: ReplyId, now: Now) {
        if self.shutdown == Shutdown::Done {
            return self.answer(reply, Answer::Left);
        }
        let until = BootTime::of(now).after(patience);
        if let Some(connecting) = self.connecting.take() {
            self.answer(connecting.reply, Answer::Started(Err(Problem::Closed)));
        }
        if !matches!(self.shutdown, Shutdown::Draining { .. }) {
            let had_left = self.shutdown == Shutdown::Suspended;
            self.leave();
            self.schedule(scheduler::SchedulerEvent::Suspend, now);
            self.set_status(Status::Suspended);
            if !had_left {
                self.report(SessionEvent::Left);
            }
        }
        // The newest call counts.
        self.shutdown = Shutdown::Draining { until };
        self.leaving.push(reply);
    }

    /// Leaves the session and forgets it: the next one is a first one.
    pub(super) fn reset(&mut self, abilities: Abilities, reply: ReplyId, now: Now) {
        if matches!(self.shutdown, Shutdown::Draining { .. } | Shutdown::Done) {
            return self.answer(reply, Answer::Left);
        }
        self.suspend(now);
        // Callers that wait for a refresh are answered, and what is in flight ends.
        self.schedule(scheduler::SchedulerEvent::Destroy, now);
        for (waiting, _) in std::mem::take(&mut self.waiters) {
            self.answer(waiting, Answer::Refreshed(Err(RefreshError::Closed)));
        }
        self.scheduler = CredentialScheduler::new(self.policy.clone(), abilities, self.seed);
        self.schedule(scheduler::SchedulerEvent::Suspend, now);
        self.tokens.clear();
        self.acquiring = None;
        self.arrived = None;
        self.reading_time = false;
        self.attempt = Attempt::new(BootTime::PAST);
        self.pacing = Pacing::default();
        self.held = BootTime::PAST;
        self.trust = Trust::Resume;
        self.resume = None;
        self.protocol = None;
        self.project = None;
        self.identified = None;
        self.was_up = false;
        self.newest_problem = None;
        self.state = State::Idle;
        self.storing.changed();
        self.storing.answer_after_write(reply);
    }
}
