//! The course of a recording: what has happened again, and what comes next.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::sync::watch;

use super::{
    Mismatch,
    compare::{self, Ids},
};
use crate::{
    cassette::{
        Cassette,
        channel::Channel,
        entry::{Kind, THUMBPRINT, Text},
        read::Line,
    },
    clock::SimulatedClock,
};
use credwire_core::Clock as _;

/// How much earlier or later than recorded something may come.
const SLACK: Duration = Duration::from_secs(2);
/// And the same as a part of the time since what came before: timers of a busy machine are late.
const SLACK_PART: u32 = 50;
/// Frames that were sent this close to one another crossed inside the client, and may come in
/// another order.
const CROSSING: Duration = Duration::from_millis(100);
/// Turns that every task of the client needs at most to react to one thing.
const TURNS: u32 = 32;
/// A smaller step of the wall clock is none.
const STEP: i64 = 500;

/// A recording that is played.
pub(super) struct Script {
    lines: Vec<Line>,
    /// The line before each line in the same conversation.
    before: Vec<Option<usize>>,
    is_complete: bool,
    clock: Arc<SimulatedClock>,
    /// Wall time of the beginning.
    epoch: i64,
    /// Of the key that the replay has.
    thumbprint: String,
    state: Mutex<State>,
    changed: watch::Sender<u64>,
}

struct State {
    /// When each line happened again.
    done: Vec<Option<Duration>>,
    /// The first line that did not.
    next: usize,
    /// What happened last: when it was recorded, and when it was replayed.
    last: (Duration, Duration),
    /// How far the recorded wall clock was stepped, in milliseconds.
    stepped: i64,
    ids: Ids,
    compared: usize,
    mismatch: Option<Mismatch>,
}

impl Script {
    pub(super) fn new(cassette: &Cassette, clock: Arc<SimulatedClock>, thumbprint: &str) -> Self {
        let lines = cassette.lines.clone();
        let mut latest = HashMap::new();
        let before = lines.iter().enumerate().map(|(index, line)| {
            line.entry.kind.channel().and_then(|channel| latest.insert(channel, index))
        });
        let before = before.collect();
        let state = State {
            done: vec![None; lines.len()],
            next: 0,
            last: (Duration::ZERO, clock.now().boot),
            stepped: 0,
            ids: Ids::default(),
            compared: 0,
            mismatch: None,
        };
        Self {
            before,
            is_complete: cassette.is_complete(),
            epoch: cassette.header.wall.get(),
            clock,
            thumbprint: thumbprint.to_owned(),
            state: Mutex::new(state),
            changed: watch::Sender::new(0),
            lines,
        }
    }

    /// The first line that has not happened again, and what it holds.
    pub(super) fn next(&self) -> Option<(usize, &Kind)> {
        let next = self.lock().next;
        self.lines.get(next).map(|line| (next, &line.entry.kind))
    }

    /// When a line is due, if it comes as long after the last as it did.
    pub(super) fn due(&self, index: usize) -> Duration {
        self.due_in(&self.lock(), index)
    }

    fn due_in(&self, state: &State, index: usize) -> Duration {
        let gap = self.at(index).saturating_sub(state.last.0);
        state.last.1.saturating_add(gap)
    }

    /// When it is missed.
    pub(super) fn overdue(&self, index: usize) -> Duration {
        let state = self.lock();
        let gap = self.at(index).saturating_sub(state.last.0);
        self.due_in(&state, index).saturating_add(SLACK + gap / SLACK_PART)
    }

    fn at(&self, index: usize) -> Duration {
        Duration::from_millis(self.lines.get(index).map_or(0, |line| line.entry.at))
    }

    pub(super) fn now(&self) -> Duration {
        self.clock.now().boot
    }

    pub(super) fn watch(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    pub(super) fn compared(&self) -> usize {
        self.lock().compared
    }

    pub(super) fn mismatch(&self) -> Option<Mismatch> {
        self.lock().mismatch.clone()
    }

    /// A line has happened again.
    pub(super) fn mark(&self, index: usize) {
        let mut state = self.lock();
        self.mark_in(&mut state, index);
    }

    fn mark_in(&self, state: &mut State, index: usize) {
        let now = self.now();
        let Some(line) = self.lines.get(index) else { return };
        if let Some(done) = state.done.get_mut(index) {
            *done = Some(now);
        }
        state.last = (self.at(index).max(state.last.0), now);
        while state.done.get(state.next).is_some_and(Option::is_some) {
            state.next += 1;
        }
        let at = i64::try_from(line.entry.at).unwrap_or(i64::MAX);
        let stepped = line.entry.wall.get().saturating_sub(self.epoch).saturating_sub(at);
        let step = stepped.saturating_sub(state.stepped);
        if step.saturating_abs() >= STEP {
            self.clock.step_wall(step);
            state.stepped = stepped;
        }
        self.changed.send_modify(|count| *count += 1);
    }

    /// The client begins a conversation; returns the recorded one. `None`: it is not recorded.
    pub(super) fn begin(&self, found: &Kind) -> Option<Channel> {
        let mut state = self.lock();
        let fits = |(index, line): &(usize, &Line)| {
            state.done.get(*index).is_some_and(Option::is_none)
                && compare::is_same_kind(&line.entry.kind, found)
        };
        let index = self.lines.iter().enumerate().find(fits).map(|(index, _)| index);
        self.said(&mut state, index, found)
    }

    /// The client continues a conversation.
    pub(super) fn go_on(&self, channel: Channel, found: &Kind) -> Option<Channel> {
        let mut state = self.lock();
        let next = self.open_line(&state, channel, Kind::is_of_client);
        let crossing = next.and_then(|next| {
            let until = self.at(next).saturating_add(CROSSING);
            let lines = self.lines.iter().enumerate().skip(next);
            let mut lines = lines.take_while(|(index, _)| self.at(*index) <= until);
            let fits = |(index, line): &(usize, &Line)| {
                state.done.get(*index).is_some_and(Option::is_none)
                    && line.entry.kind.channel() == Some(channel)
                    && line.entry.kind.is_of_client()
                    && compare::differs(&line.entry.kind, found).is_none()
            };
            lines.find(fits).map(|(index, _)| index)
        });
        self.said(&mut state, crossing.or(next), found)
    }

    fn open_line(
        &self,
        state: &State,
        channel: Channel,
        fits: impl Fn(&Kind) -> bool,
    ) -> Option<usize> {
        let mut lines = self.lines.iter().enumerate();
        let fits = |(index, line): &(usize, &Line)| {
            state.done.get(*index).is_some_and(Option::is_none)
                && line.entry.kind.channel() == Some(channel)
                && fits(&line.entry.kind)
        };
        lines.find(fits).map(|(index, _)| index)
    }

    fn said(&self, state: &mut State, index: Option<usize>, found: &Kind) -> Option<Channel> {
        if state.mismatch.is_some() {
            return None;
        }
        let Some((index, line)) = index.and_then(|index| Some((index, self.lines.get(index)?)))
        else {
            self.unexpected(state, found);
            return None;
        };
        state.compared += 1;
        let recorded = &line.entry.kind;
        let (now, due) = (self.now(), self.due_in(state, index));
        let gap = self.at(index).saturating_sub(state.last.0);
        let early = due.saturating_sub(now);
        let differs = if early > SLACK + gap / SLACK_PART {
            Some((recorded.to_string(), format!("it {} earlier", seconds(early))))
        } else {
            compare::differs(recorded, found)
        };
        if let Some((expected, found)) = differs {
            self.differ(state, line.number, expected, found);
            return None;
        }
        state.ids.learn(recorded, found);
        self.mark_in(state, index);
        recorded.channel()
    }

    /// The client sent what it did not send in the recording.
    fn unexpected(&self, state: &mut State, found: &Kind) {
        // What the recording does not reach cannot be compared.
        let is_over = match self.lines.get(state.next).map(|line| &line.entry.kind) {
            None => !self.is_complete,
            Some(Kind::End | Kind::Full { .. }) => {
                self.due_in(state, state.next) <= self.now().saturating_add(CROSSING)
            }
            Some(_) => false,
        };
        if is_over {
            return;
        }
        let rest = self.lines.iter().zip(&state.done).filter(|(_, done)| done.is_none());
        let next = rest.map(|(line, _)| line).find(|line| {
            line.entry.kind.is_of_client()
                || matches!(line.entry.kind, Kind::End | Kind::Full { .. })
        });
        if let Some(next) = next.or(self.lines.last()) {
            let (number, expected) = (next.number, next.entry.kind.to_string());
            self.differ(state, number, expected, found.to_string());
        }
    }

    /// A line did not happen again in time.
    pub(super) fn missed(&self, index: usize) {
        let mut state = self.lock();
        let Some(line) = self.lines.get(index) else { return };
        let what = &line.entry.kind;
        let found = if what.is_of_client() {
            format!("nothing for {}", seconds(self.now().saturating_sub(state.last.1)))
        } else {
            "a client that does not wait for it".to_owned()
        };
        self.differ(&mut state, line.number, what.to_string(), found);
    }

    fn differ(&self, state: &mut State, line: usize, expected: String, found: String) {
        let mismatch = Mismatch { line, expected, found };
        state.mismatch.get_or_insert(mismatch);
        self.changed.send_modify(|count| *count += 1);
    }

    /// Waits until the provider or the space sends the next entry of a conversation; for ever when
    /// nothing more was recorded. Nothing is lost when the future is dropped.
    pub(super) async fn answered(&self, channel: Channel) -> &Kind {
        let mut changed = self.watch();
        loop {
            changed.borrow_and_update();
            let next = self.answer(channel);
            if let Some((index, due)) = next
                && let Some(line) = self.lines.get(index)
            {
                tokio::time::sleep(due.saturating_sub(self.now())).await;
                settle().await;
                if self.answer(channel).is_some_and(|(still, _)| still == index) {
                    self.mark(index);
                    return &line.entry.kind;
                }
                continue;
            }
            if changed.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    }

    /// The next entry that is sent to the client in a conversation, and when it is due: as long
    /// after what came before as it came then. `None` while that has not happened, or while
    /// anything that was sent to the client earlier is still to come.
    fn answer(&self, channel: Channel) -> Option<(usize, Duration)> {
        let state = self.lock();
        let index = self.open_line(&state, channel, |what| !what.is_of_client())?;
        let earlier = self.lines.get(state.next..index).unwrap_or_default();
        let mut earlier = earlier.iter().zip(state.done.get(state.next..).unwrap_or_default());
        if earlier.any(|(line, done)| done.is_none() && !line.entry.kind.is_of_client()) {
            return None;
        }
        let before = (*self.before.get(index)?)?;
        let done = (*state.done.get(before)?)?;
        Some((index, done.saturating_add(self.at(index).saturating_sub(self.at(before)))))
    }

    /// What the space sent, with the request ids and the key of the client that is here now.
    pub(super) fn to_client(&self, text: &Text) -> String {
        self.lock().ids.to_client(text).replace(THUMBPRINT, &self.thumbprint)
    }

    /// What this client sent, as the recorded one would have.
    pub(super) fn of_client(&self, text: &str) -> Text {
        let text = if self.thumbprint.is_empty() {
            text.to_owned()
        } else {
            text.replace(&self.thumbprint, THUMBPRINT)
        };
        Text::of(&text)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Lets the client react to what happened before: one thing at a time, so that chance decides
/// nothing.
pub(super) async fn settle() {
    for _ in 0..TURNS {
        tokio::task::yield_now().await;
    }
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}
