//! Turns for handshakes, fair between hosts.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Handshakes under way with one host.
const AT_ONCE: usize = 64;

/// The handshakes of a process.
///
/// When thousands of sessions of a space lose their sockets at once, their handshakes would take
/// each other's time until all of them time out, again and again; so they take turns, and the time
/// of each starts with its turn. Each host has its own turns: one that never answers costs no other
/// host anything.
#[derive(Debug, Default)]
pub(super) struct Turns(Mutex<Option<HashMap<String, Weak<Semaphore>>>>);

/// A turn; it ends with this value.
#[derive(Debug)]
#[must_use = "a turn ends when it is dropped"]
pub(super) struct Turn {
    _permit: Option<OwnedSemaphorePermit>,
}

impl Turns {
    pub(super) const fn new() -> Self {
        Self(Mutex::new(None))
    }

    /// Waits for a turn with `host`.
    pub(super) async fn take(&self, host: &str) -> Turn {
        // The semaphore is never closed, so there is always a turn.
        Turn { _permit: self.of(host).acquire_owned().await.ok() }
    }

    fn of(&self, host: &str) -> Arc<Semaphore> {
        let mut hosts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let hosts = hosts.get_or_insert_default();
        if let Some(turns) = hosts.get(host).and_then(Weak::upgrade) {
            return turns;
        }
        // Held by its turns and by those that wait for one: nobody needs the others any more.
        hosts.retain(|_, turns| turns.strong_count() > 0);
        let turns = Arc::new(Semaphore::new(AT_ONCE));
        hosts.insert(host.to_owned(), Arc::downgrade(&turns));
        turns
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    #[tokio::test]
    async fn a_host_that_never_answers_costs_no_other_host_a_turn() {
        let turns = Turns::new();
        let mut held = Vec::new();
        for _ in 0..AT_ONCE {
            held.push(turns.take("silent.test").now_or_never().unwrap());
        }
        let mut waiting: Vec<_> = (0..1000).map(|_| Box::pin(turns.take("silent.test"))).collect();
        for waiting in &mut waiting {
            assert!(waiting.as_mut().now_or_never().is_none());
        }
        for _ in 0..AT_ONCE {
            held.push(turns.take("good.test").now_or_never().unwrap());
        }
        assert!(turns.take("good.test").now_or_never().is_none(), "its own turns are limited too");
    }

    #[tokio::test]
    async fn a_turn_that_ends_is_the_next_ones_and_nothing_is_kept_of_old_hosts() {
        let turns = Turns::new();
        let mut held = Vec::new();
        for _ in 0..AT_ONCE {
            held.push(turns.take("h.test").await);
        }
        let mut next = Box::pin(turns.take("h.test"));
        assert!(next.as_mut().now_or_never().is_none());
        held.pop();
        let next = next.await;
        drop((held, next));
        let _other = turns.take("other.test").await;
        assert_eq!(turns.0.lock().unwrap().as_ref().unwrap().len(), 1);
    }
}
