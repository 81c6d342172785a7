use futures_util::{FutureExt as _, StreamExt as _};

use super::*;

impl EventSize for usize {
    fn event_size(&self) -> usize {
        size_of::<Self>()
    }
}

/// An event of so many bytes, with a number.
#[derive(Clone, Debug, PartialEq)]
struct Large(usize, usize);

impl EventSize for Large {
    fn event_size(&self) -> usize {
        self.1
    }
}

fn stored<T>(sender: &EventSender<T>) -> (usize, usize) {
    let log = lock(&sender.shared);
    assert_eq!(log.bytes, log.events.iter().map(|stored| stored.size).sum::<usize>());
    (log.events.len(), log.bytes)
}

#[tokio::test]
async fn late_readers_see_the_newest_events_and_the_end() {
    let sender = EventSender::new(2, LAG_BYTES);
    for event in 1..=3_usize {
        sender.send(event);
    }
    let reader = sender.subscribe();
    sender.send(4);
    sender.close();
    assert_eq!(reader.collect::<Vec<_>>().await, [2, 3, 4]);
    assert_eq!(sender.subscribe().collect::<Vec<_>>().await, [3, 4]);
    assert_eq!(sender.recent(), [3, 4]);
}

#[tokio::test]
async fn a_slow_reader_misses_events_and_goes_on() {
    let sender = EventSender::new(0, LAG_BYTES);
    let mut reader = sender.subscribe();
    for event in 0..1000_usize {
        sender.send(event);
    }
    sender.close();
    let read: Vec<usize> = reader.by_ref().collect().await;
    assert_eq!((read.len(), read.last()), (LAG_ITEMS, Some(&999)));
    assert_eq!(reader.missed(), 1000 - read.len() as u64);
}

/// Ten readers that never read hold no more than one does, and no more than the bound.
#[tokio::test]
async fn readers_that_never_read_cost_one_bound_together() {
    let sender = EventSender::new(16, LAG_BYTES);
    let mut idle: Vec<_> = (0..10).map(|_| sender.subscribe()).collect();
    let mut quick = sender.subscribe();
    let megabyte = 1 << 20;
    for number in 0..5000 {
        sender.send(Large(number, megabyte));
        assert_eq!(quick.recv().now_or_never(), Some(Some(Large(number, megabyte))));
        assert!(stored(&sender).1 <= LAG_BYTES);
    }
    assert_eq!((quick.missed(), stored(&sender)), (0, (4, LAG_BYTES)));
    for reader in &mut idle {
        assert_eq!(reader.missed(), 4996);
        assert_eq!(reader.recv().await, Some(Large(4996, megabyte)));
    }
    // Nobody is left who may read them, and they are too large to be kept for late readers.
    drop(idle);
    assert_eq!(stored(&sender), (0, 0));
}

#[tokio::test]
async fn what_everybody_has_read_is_gone() {
    let sender = EventSender::new(0, LAG_BYTES);
    let (mut one, mut other) = (sender.subscribe(), sender.subscribe());
    for number in 0..3 {
        sender.send(Large(number, 10));
    }
    for number in 0..3 {
        assert_eq!(one.recv().await, Some(Large(number, 10)));
    }
    assert_eq!(stored(&sender), (3, 30));
    assert_eq!(other.recv().await, Some(Large(0, 10)));
    assert_eq!(stored(&sender), (2, 20));
    drop(other);
    assert_eq!((stored(&sender), one.missed()), ((0, 0), 0));
    drop(one);
    sender.send(Large(3, 10));
    assert_eq!(stored(&sender), (0, 0));
}

#[tokio::test]
async fn what_is_kept_for_late_readers_is_bounded_too() {
    let sender = EventSender::new(16, LAG_BYTES);
    for number in 0..100 {
        sender.send(Large(number, RECENT_BYTES / 4));
    }
    assert_eq!(stored(&sender), (4, RECENT_BYTES));
    let mut reader = sender.subscribe();
    assert_eq!(reader.recv().await, Some(Large(96, RECENT_BYTES / 4)));
    // One that is larger than a lag may be reaches nobody, and is counted.
    sender.send(Large(100, LAG_BYTES + 1));
    assert_eq!(stored(&sender).1, 0);
    assert_eq!(reader.missed(), 4);
    assert!(reader.recv().now_or_never().is_none());
}

#[tokio::test]
async fn a_waiting_reader_is_woken() {
    let sender = Arc::new(EventSender::new(0, LAG_BYTES));
    let mut reader = sender.subscribe();
    let sending = Arc::clone(&sender);
    let (event, ()) = tokio::join!(reader.recv(), async move { sending.send(7_usize) });
    assert_eq!(event, Some(7));
    // A sender that is gone ends the stream like one that is closed.
    let (end, ()) = tokio::join!(reader.recv(), async move { drop(sender) });
    assert_eq!(end, None);
}
