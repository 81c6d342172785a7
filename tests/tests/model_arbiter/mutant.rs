//! The arbiter under test, or a wrapper around it with one defect.
//!
//! A defect sits where the arbiter meets the shell: what goes in or comes out is changed the way
//! a defective arbiter would. So the product needs no hooks, and the model is shown to notice.

use std::time::Duration;

use credwire::{
    EpochMillis, Now,
    lifecycle::{Action, Arbiter, Event, Failure, Grant, OpKind, ReauthFailure},
};

use crate::world::{SKEW_MAX, TICK};

/// The defects; each is one that a client was seen to have, or that a change could bring.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Mutation {
    /// `Resume` sets no timer.
    ResumeArmsNothing,
    /// A refreshed plain SAT is not sent to the session.
    RefreshNotApplied,
    /// When rotation is lost, nothing takes its place.
    NoFallback,
    /// A late result is taken for the current one.
    LateResultTaken,
    /// What is in flight survives the end.
    EndAbortsNothing,
    /// An operation in flight has no deadline.
    NoWatchdog,
    /// A failed operation starts again at once.
    RetriesAtOnce,
    /// A lost reauthentication counts as done.
    LostReauthForgotten,
    /// A sleep may be longer than a chunk.
    LongSleep,
    /// A refusal of a credential that has been replaced removes its successor.
    StaleRefusalTaken,
    /// What the space says of a replaced credential is taken for the newest.
    StaleExpiryTaken,
    /// A clock that cannot be right is believed as far as the limit.
    AbsurdClockBelieved,
    /// What storage held replaces the credential of a live session.
    LiveSessionRestored,
}

/// What the model drives.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Subject {
    pub(crate) arbiter: Arbiter,
    /// Whether the provider has `refresh()`.
    pub(crate) refresh: bool,
    pub(crate) mutation: Option<Mutation>,
}

impl Subject {
    pub(crate) fn on(&mut self, event: Event, now: Now) -> Vec<Action> {
        let Some(mutation) = self.mutation else {
            return self.arbiter.on(event, now).collect();
        };
        let rotates = self.arbiter.operation().is_some_and(|(_, kind)| kind == OpKind::Rotate);
        if let Some(actions) = self.take_stale_refusal(mutation, event, now) {
            return actions;
        }
        let taken_as = self.taken_as(mutation, event);
        let mut actions: Vec<_> = self.arbiter.on(taken_as, now).collect();
        // A step that a defective arbiter would not take, and what it believes instead.
        let (left_out, belief) = match (mutation, actions.last()) {
            (
                Mutation::RefreshNotApplied,
                Some(&Action::Reauthenticate { id, client_bound: false, .. }),
            ) => (1, Some(Event::ReauthOk { id })),
            (Mutation::NoFallback, Some(&Action::Start { id, kind: OpKind::Refresh, .. }))
                if rotates =>
            {
                (1, Some(Event::OpErr { id, failure: Failure::Permanent }))
            }
            (Mutation::EndAbortsNothing, Some(_)) if event == Event::Destroy => {
                (actions.len(), None)
            }
            _ => (0, None),
        };
        actions.truncate(actions.len() - left_out);
        if let Some(belief) = belief {
            actions.extend(self.arbiter.on(belief, now));
        }
        if let (Mutation::RetriesAtOnce, Event::OpErr { .. }) = (mutation, event) {
            let ahead = Now { boot: now.boot + Duration::from_secs(1), ..now };
            actions.extend(self.arbiter.on(Event::Tick, ahead));
        }
        actions
    }

    pub(crate) fn deadline(&self, event: Event) -> Option<Duration> {
        let deadline = self.arbiter.deadline();
        match self.mutation {
            Some(Mutation::ResumeArmsNothing) if event == Event::Resume => None,
            Some(Mutation::NoWatchdog) if self.arbiter.operation().is_some() => None,
            Some(Mutation::LongSleep) => deadline.map(|at| at + Duration::from_secs(1)),
            _ => deadline,
        }
    }

    /// The event as a defective arbiter understands it.
    fn taken_as(&self, mutation: Mutation, event: Event) -> Event {
        let current = self.arbiter.operation().map(|(id, _)| id);
        match (mutation, event) {
            (Mutation::LateResultTaken, Event::OpOk { id, grant }) => {
                Event::OpOk { id: current.unwrap_or(id), grant }
            }
            (
                Mutation::LostReauthForgotten,
                Event::ReauthErr { id, failure: ReauthFailure::Transient },
            ) => Event::ReauthOk { id },
            (Mutation::StaleExpiryTaken, Event::ExpiryKnown { generation, expiry }) => {
                let generation = self.arbiter.newest().unwrap_or(generation);
                Event::ExpiryKnown { generation, expiry }
            }
            (Mutation::AbsurdClockBelieved, Event::ServerTime(time)) => {
                let believed = time.get().clamp(-SKEW_MAX * TICK, SKEW_MAX * TICK);
                Event::ServerTime(EpochMillis::new(believed))
            }
            (Mutation::LiveSessionRestored, Event::Restore(newer)) => {
                Event::SetCredential(Grant { expiry: newer.expiry, ..Grant::default() })
            }
            _ => event,
        }
    }

    /// A refusal of a replaced credential, applied to its successor.
    fn take_stale_refusal(
        &mut self,
        mutation: Mutation,
        event: Event,
        now: Now,
    ) -> Option<Vec<Action>> {
        let Event::ReauthErr { id, failure: ReauthFailure::Rejected } = event else { return None };
        let (current, sent) = self.arbiter.reauthentication()?;
        let stale = current == id && self.arbiter.newest() != Some(sent);
        if mutation != Mutation::StaleRefusalTaken || !stale {
            return None;
        }
        self.arbiter.on(Event::ReauthOk { id }, now).for_each(drop);
        let (id, _) = self.arbiter.reauthentication()?;
        let refusal = Event::ReauthErr { id, failure: ReauthFailure::Rejected };
        Some(self.arbiter.on(refusal, now).collect())
    }
}
