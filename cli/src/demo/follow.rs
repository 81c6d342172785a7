//! Follows the sessions: everything that happens is recorded and shown.

use std::time::Duration;

use credwire::{
    Client, EventStream,
    client::{HistoryEntry, HistoryEvent},
    timeline::Timeline,
};
use futures_util::{StreamExt as _, stream::SelectAll};

use super::View;
use crate::outcome::{Failure, Result};

pub(super) struct Follower<'a> {
    view: &'a View,
    histories: SelectAll<EventStream<HistoryEntry>>,
    timeline: Timeline,
}

impl<'a> Follower<'a> {
    pub(super) fn new(view: &'a View) -> Self {
        Self { view, histories: SelectAll::new(), timeline: Timeline::default() }
    }

    /// Follows one more session, from its beginning.
    pub(super) fn follow(&mut self, client: &Client) {
        self.histories.push(client.history());
    }

    /// Waits until the session called `session` has an event that is `wanted`.
    pub(super) async fn until(
        &mut self,
        session: &str,
        wanted: impl Fn(&HistoryEvent) -> bool,
    ) -> Result<()> {
        loop {
            let entry = self.next().await?;
            let found = &*entry.session == session && wanted(&entry.event);
            self.timeline.push(entry);
            if found {
                return Ok(());
            }
        }
    }

    /// Lets the sessions go on for a while.
    pub(super) async fn idle(&mut self, time: Duration) -> Result<()> {
        let mut over = std::pin::pin!(tokio::time::sleep(time));
        loop {
            tokio::select! {
                entry = self.next() => self.timeline.push(entry?),
                () = &mut over => return Ok(()),
            }
        }
    }

    /// Whether the session called `session` has rotated its credential since it was resumed.
    pub(super) fn has_rotated_since_resumed(&self, session: &str) -> bool {
        let own = self.timeline.entries().filter(|entry| &*entry.session == session);
        own.skip_while(|entry| entry.event != HistoryEvent::Resumed)
            .any(|entry| entry.event == HistoryEvent::Rotated)
    }

    /// The next event of any session; shown, not yet recorded.
    async fn next(&mut self) -> Result<HistoryEntry> {
        let Some(entry) = self.histories.next().await else {
            return Err(Failure::new("the sessions have ended"));
        };
        self.show(&entry)?;
        Ok(entry)
    }

    /// What was recorded.
    pub(super) fn into_timeline(self) -> Timeline {
        self.timeline
    }

    fn show(&self, entry: &HistoryEntry) -> Result<()> {
        match &entry.event {
            HistoryEvent::Credential { kind, expires_at: Some(end) } => {
                self.view.countdown(&entry.session, kind.as_str(), entry.at, *end);
            }
            HistoryEvent::Disconnected => self.view.ended(&entry.session),
            _ => {}
        }
        self.view.event(entry)
    }
}
