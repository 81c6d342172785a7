//! Streams of events for many readers, bounded in items and bytes.

use std::{
    collections::VecDeque,
    fmt,
    future::poll_fn,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
};

use futures_util::Stream;

/// The largest lag of one reader in bytes, unless another is set.
pub(super) const LAG_BYTES: usize = 4 * 1024 * 1024;
/// The largest lag of one reader in items.
const LAG_ITEMS: usize = 256;
/// The largest size of the events kept for later readers, in bytes.
const RECENT_BYTES: usize = 256 * 1024;

/// The size of an item, which the bounds of a stream count.
pub(super) trait EventSize {
    /// About how many bytes the item takes, with what it points to.
    fn event_size(&self) -> usize;
}

/// Sends events to all readers and keeps the newest for those that come later.
///
/// Events are stored once for all readers, and no longer than one of them may still read them.
pub(super) struct EventSender<T> {
    shared: Arc<Mutex<Log<T>>>,
}

/// Events in their order, numbered from 0.
struct Log<T> {
    limits: Limits,
    /// The number of the first event that is stored.
    first: u64,
    events: VecDeque<Stored<T>>,
    /// The sum of the sizes of what is stored.
    bytes: usize,
    readers: Vec<Reader>,
    next_reader: u64,
    is_closed: bool,
}

#[derive(Clone, Copy)]
struct Limits {
    lag_items: usize,
    lag_bytes: usize,
    /// Events that are kept for readers that come later.
    recent: usize,
    recent_bytes: usize,
}

struct Stored<T> {
    event: T,
    size: usize,
    /// Readers that have not read it.
    unread: usize,
}

struct Reader {
    id: u64,
    /// The number of the event that it reads next.
    next: u64,
    missed: u64,
    waker: Option<Waker>,
}

impl<T: EventSize> EventSender<T> {
    /// A sender that keeps the newest `recent` events for late readers and lets a reader fall
    /// behind by `lag_bytes`.
    pub(super) fn new(recent: usize, lag_bytes: usize) -> Self {
        let recent_bytes = RECENT_BYTES.min(lag_bytes);
        let limits = Limits { lag_items: LAG_ITEMS.max(recent), lag_bytes, recent, recent_bytes };
        let log = Log {
            limits,
            first: 0,
            events: VecDeque::new(),
            bytes: 0,
            readers: Vec::new(),
            next_reader: 0,
            is_closed: false,
        };
        Self { shared: Arc::new(Mutex::new(log)) }
    }

    pub(super) fn send(&self, event: T) {
        let size = event.event_size();
        let mut log = lock(&self.shared);
        if log.is_closed {
            return;
        }
        let unread = log.readers.len();
        log.bytes = log.bytes.saturating_add(size);
        log.events.push_back(Stored { event, size, unread });
        log.trim();
        let wakers: Vec<Waker> =
            log.readers.iter_mut().filter_map(|reader| reader.waker.take()).collect();
        drop(log);
        wakers.into_iter().for_each(Waker::wake);
    }

    pub(super) fn subscribe(&self) -> EventStream<T> {
        let mut log = lock(&self.shared);
        let (recent, _) = log.recent();
        for stored in log.events.iter_mut().rev().take(recent) {
            stored.unread += 1;
        }
        let next = log.end().saturating_sub(recent as u64);
        let id = log.next_reader;
        log.next_reader += 1;
        log.readers.push(Reader { id, next, missed: 0, waker: None });
        EventStream { shared: Arc::clone(&self.shared), id }
    }
}

impl<T> EventSender<T> {
    /// Ends the readers' streams, after what they have not read yet.
    pub(super) fn close(&self) {
        let mut log = lock(&self.shared);
        log.is_closed = true;
        let wakers: Vec<Waker> =
            log.readers.iter_mut().filter_map(|reader| reader.waker.take()).collect();
        drop(log);
        wakers.into_iter().for_each(Waker::wake);
    }
}

/// Ends the streams: nothing comes any more.
impl<T> Drop for EventSender<T> {
    fn drop(&mut self) {
        self.close();
    }
}

impl<T: Clone> EventSender<T> {
    /// The newest events, as late readers see them.
    pub(super) fn recent(&self) -> Vec<T> {
        let log = lock(&self.shared);
        let (recent, _) = log.recent();
        let skipped = log.events.len().saturating_sub(recent);
        log.events.iter().skip(skipped).map(|stored| stored.event.clone()).collect()
    }
}

impl<T> Log<T> {
    /// The number of the event that comes next.
    fn end(&self) -> u64 {
        self.first.saturating_add(self.events.len() as u64)
    }

    /// How many of the newest events late readers see, and their size.
    fn recent(&self) -> (usize, usize) {
        let mut size = 0_usize;
        let newest = self.events.iter().rev().take(self.limits.recent);
        let count = newest
            .take_while(|stored| {
                size = size.saturating_add(stored.size);
                size <= self.limits.recent_bytes
            })
            .count();
        (count, size)
    }

    /// Drops what is past a bound, and what everybody has read and nobody will come for.
    fn trim(&mut self) {
        while self.events.len() > self.limits.lag_items || self.bytes > self.limits.lag_bytes {
            if self.events.is_empty() {
                return;
            }
            self.drop_first();
        }
        let (recent, _) = self.recent();
        while self.events.len() > recent
            && self.events.front().is_some_and(|stored| stored.unread == 0)
        {
            self.drop_first();
        }
    }

    fn drop_first(&mut self) -> Option<T> {
        let Stored { event, size, unread } = self.events.pop_front()?;
        self.bytes = self.bytes.saturating_sub(size);
        self.first += 1;
        if unread > 0 {
            let first = self.first;
            for reader in self.readers.iter_mut().filter(|reader| reader.next < first) {
                reader.missed = reader.missed.saturating_add(first - reader.next);
                reader.next = first;
            }
        }
        Some(event)
    }

    fn reader(&mut self, id: u64) -> Option<&mut Reader> {
        self.readers.iter_mut().find(|reader| reader.id == id)
    }
}

impl<T: Clone> Log<T> {
    /// The next event of a reader.
    fn read(&mut self, id: u64) -> Option<T> {
        let reader = self.reader(id)?;
        let number = reader.next;
        let index = usize::try_from(number.checked_sub(self.first)?).ok()?;
        let recent = self.recent().0;
        let (is_first, is_kept) = (index == 0, self.events.len().saturating_sub(index) <= recent);
        let stored = self.events.get_mut(index)?;
        stored.unread = stored.unread.saturating_sub(1);
        let is_last_read = stored.unread == 0;
        let event =
            if is_last_read && is_first && !is_kept { None } else { Some(stored.event.clone()) };
        if let Some(reader) = self.reader(id) {
            reader.next = number + 1;
        }
        // The last reader takes the event itself.
        let event = event.or_else(|| self.drop_first());
        self.trim();
        event
    }
}

impl<T> fmt::Debug for EventSender<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventSender").finish_non_exhaustive()
    }
}

/// A stream of a client's events: the recent ones first, then new ones until the client closes.
///
/// A reader may fall behind by 256 events and by the bytes of
/// [`ClientBuilder::event_lag`](super::ClientBuilder::event_lag). Past either bound it misses the
/// oldest events, and [`missed`](Self::missed) counts them; the client never waits for a reader.
/// Readers of one stream share what they have not read yet.
///
/// ```no_run
/// # async fn example(client: credwire::Client) {
/// let mut history = client.history();
/// while let Some(entry) = history.recv().await {
///     println!("{entry}");
/// }
/// # }
/// ```
///
/// It also implements [`Stream`], for combinators and `select!`.
#[doc(alias = "Observable")]
pub struct EventStream<T> {
    shared: Arc<Mutex<Log<T>>>,
    id: u64,
}

impl<T> EventStream<T> {
    /// Returns the number of events that this reader has missed because it was too slow.
    pub fn missed(&self) -> u64 {
        lock(&self.shared).reader(self.id).map_or(0, |reader| reader.missed)
    }
}

impl<T: Clone> EventStream<T> {
    /// Waits for the next event; returns `None` once the client has closed and everything is read.
    /// Nothing is lost when the future is dropped.
    pub async fn recv(&mut self) -> Option<T> {
        poll_fn(|cx| self.poll_recv(cx)).await
    }

    fn poll_recv(&mut self, cx: &mut Context<'_>) -> Poll<Option<T>> {
        let mut log = lock(&self.shared);
        if let Some(event) = log.read(self.id) {
            return Poll::Ready(Some(event));
        }
        if log.is_closed {
            return Poll::Ready(None);
        }
        if let Some(reader) = log.reader(self.id) {
            reader.waker = Some(cx.waker().clone());
        }
        Poll::Pending
    }
}

impl<T: Clone> Stream for EventStream<T> {
    type Item = T;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        self.get_mut().poll_recv(cx)
    }
}

impl<T> Drop for EventStream<T> {
    fn drop(&mut self) {
        let mut log = lock(&self.shared);
        let Some(index) = log.readers.iter().position(|reader| reader.id == self.id) else {
            return;
        };
        let reader = log.readers.swap_remove(index);
        let read = usize::try_from(reader.next.saturating_sub(log.first)).unwrap_or(usize::MAX);
        for stored in log.events.iter_mut().skip(read) {
            stored.unread = stored.unread.saturating_sub(1);
        }
        log.trim();
    }
}

impl<T> fmt::Debug for EventStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventStream").field("missed", &self.missed()).finish_non_exhaustive()
    }
}

fn lock<T>(log: &Mutex<Log<T>>) -> MutexGuard<'_, Log<T>> {
    log.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
