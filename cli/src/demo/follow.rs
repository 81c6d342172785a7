//! Follows the sessions: everything that happens is recorded and shown.

use credwire::{
    Client,
    client::Reports,
    timeline::{Entry, Event, Timeline},
};
use futures_util::{StreamExt as _, stream::SelectAll};

use super::View;
use crate::outcome::{Failure, Result};

pub(super) struct Follower<'a> {
    view: &'a View,
    histories: SelectAll<Reports<Entry>>,
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
        wanted: impl Fn(&Event) -> bool,
    ) -> Result<Event> {
        loop {
            let Some(entry) = self.histories.next().await else {
                return Err(Failure::new("the sessions have ended"));
            };
            let found = &*entry.session == session && wanted(&entry.event);
            let event = entry.event.clone();
            self.show(&entry)?;
            self.timeline.push(entry);
            if found {
                return Ok(event);
            }
        }
    }

    /// What was recorded.
    pub(super) fn into_timeline(self) -> Timeline {
        self.timeline
    }

    fn show(&self, entry: &Entry) -> Result<()> {
        match &entry.event {
            Event::Credential { kind, expires_at: Some(end) } => {
                self.view.countdown(&entry.session, kind.as_str(), entry.at, *end);
            }
            Event::Disconnected => self.view.ended(&entry.session),
            _ => {}
        }
        self.view.event(entry)
    }
}
