//! Streams for many readers that also show what happened shortly before they came.

use std::{
    collections::VecDeque,
    fmt,
    pin::Pin,
    sync::{Mutex, PoisonError},
    task::{Context, Poll},
};

use futures_util::Stream;
use tokio::sync::broadcast;
use tokio_stream::wrappers::{BroadcastStream, errors::BroadcastStreamRecvError};

/// How far a slow reader may fall behind before it misses items.
const CAPACITY: usize = 256;

/// Sends items to all readers and keeps the newest for those that come later.
pub(crate) struct Report<T> {
    state: Mutex<State<T>>,
}

struct State<T> {
    keep: usize,
    recent: VecDeque<T>,
    /// `None` once the report is closed.
    sender: Option<broadcast::Sender<T>>,
}

impl<T: Clone + Send + 'static> Report<T> {
    /// A report that shows the newest `keep` items to late readers.
    pub(crate) fn new(keep: usize) -> Self {
        let state =
            State { keep, recent: VecDeque::new(), sender: Some(broadcast::Sender::new(CAPACITY)) };
        Self { state: Mutex::new(state) }
    }

    pub(crate) fn send(&self, item: T) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = &state.sender {
            // No reader is no fault.
            let _ = sender.send(item.clone());
        }
        if state.keep > 0 {
            if state.recent.len() == state.keep {
                state.recent.pop_front();
            }
            state.recent.push_back(item);
        }
    }

    /// The newest items, as late readers see them.
    pub(crate) fn recent(&self) -> Vec<T> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.recent.iter().cloned().collect()
    }

    /// Ends the readers' streams, after what they have not read yet.
    pub(crate) fn close(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).sender = None;
    }

    pub(crate) fn subscribe(&self) -> Reports<T> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let live = state.sender.as_ref().map(|sender| BroadcastStream::new(sender.subscribe()));
        Reports { earlier: state.recent.clone(), live, missed: 0 }
    }
}

impl<T> fmt::Debug for Report<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Report").finish_non_exhaustive()
    }
}

/// A stream of what a client reports: first the recent items, then new ones until the client ends.
///
/// A reader that falls behind by more than a few hundred items misses the oldest of them, and
/// [`missed`](Self::missed) counts them; the client never waits for a reader.
pub struct Reports<T> {
    earlier: VecDeque<T>,
    live: Option<BroadcastStream<T>>,
    missed: u64,
}

impl<T> Reports<T> {
    /// How many items this reader has missed because it was too slow.
    pub const fn missed(&self) -> u64 {
        self.missed
    }
}

impl<T: Clone + Send + Unpin + 'static> Stream for Reports<T> {
    type Item = T;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        if let Some(item) = self.earlier.pop_front() {
            return Poll::Ready(Some(item));
        }
        let Self { live: Some(live), missed, .. } = &mut *self else { return Poll::Ready(None) };
        loop {
            match std::task::ready!(Pin::new(&mut *live).poll_next(cx)) {
                Some(Ok(item)) => return Poll::Ready(Some(item)),
                Some(Err(BroadcastStreamRecvError::Lagged(items))) => {
                    *missed = missed.saturating_add(items);
                    tracing::debug!(items, "a slow reader missed reports");
                }
                None => return Poll::Ready(None),
            }
        }
    }
}

impl<T> fmt::Debug for Reports<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reports").field("earlier", &self.earlier.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use futures_util::StreamExt as _;

    use super::*;

    #[tokio::test]
    async fn late_readers_see_the_newest_items_and_the_end() {
        let report = Report::new(2);
        for item in 1..=3 {
            report.send(item);
        }
        let reader = report.subscribe();
        report.send(4);
        report.close();
        assert_eq!(reader.collect::<Vec<_>>().await, [2, 3, 4]);
        assert_eq!(report.subscribe().collect::<Vec<_>>().await, [3, 4]);
    }

    #[tokio::test]
    async fn a_slow_reader_misses_items_and_goes_on() {
        let report = Report::new(0);
        let mut reader = report.subscribe();
        for item in 0..1000 {
            report.send(item);
        }
        report.close();
        let read: Vec<i32> = reader.by_ref().collect().await;
        assert!(read.len() <= CAPACITY && read.last() == Some(&999), "{}", read.len());
        assert_eq!(reader.missed(), 1000 - read.len() as u64);
    }
}
