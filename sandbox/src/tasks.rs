//! Ownership of tasks, which are started in this file only.

use std::future::Future;

use tokio::{sync::watch, task::JoinSet};

/// Tasks that end with their owner: dropping the group cancels them.
#[derive(Debug, Default)]
pub(crate) struct TaskGroup(JoinSet<()>);

impl TaskGroup {
    /// Starts a task that belongs to this group.
    pub(crate) fn spawn(&mut self, task: impl Future<Output = ()> + Send + 'static) {
        self.0.spawn(task);
    }

    /// Waits until a task has ended, and forgets it; waits for ever while there is none.
    pub(crate) async fn reap(&mut self) {
        if self.0.join_next().await.is_none() {
            std::future::pending().await
        }
    }

    /// Waits until every task has ended by itself.
    pub(crate) async fn finish(&mut self) {
        while self.0.join_next().await.is_some() {}
    }

    /// Cancels every task and waits until it is gone.
    pub(crate) async fn cancel(&mut self) {
        self.0.shutdown().await;
    }
}

/// Signals tasks to stop; dropping it does too.
#[derive(Debug)]
pub(crate) struct StopSource(watch::Sender<()>);

/// Waits for a [`StopSource`].
#[derive(Clone, Debug)]
pub(crate) struct StopSignal(watch::Receiver<()>);

impl StopSource {
    pub(crate) fn new() -> (Self, StopSignal) {
        let (sender, receiver) = watch::channel(());
        (Self(sender), StopSignal(receiver))
    }

    pub(crate) fn stop(self) {
        drop(self.0);
    }
}

impl StopSignal {
    /// Returns when the source is gone.
    pub(crate) async fn stopped(&mut self) {
        while self.0.changed().await.is_ok() {}
    }
}
