//! The one place that starts tasks and blocking work. Every task ends with its handle, but for what
//! is written [to the end](to_the_end).

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use tokio::{runtime::Handle, task::JoinHandle};

/// A task that is aborted when this handle is dropped. As a future it returns the task's output, or
/// `None` when the task panicked.
#[derive(Debug)]
pub(crate) struct Task<T>(JoinHandle<T>);

impl<T> Drop for Task<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl<T> Future for Task<T> {
    type Output = Option<T>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        // The panic's payload may hold anything, a token included: it is dropped unseen.
        Pin::new(&mut self.0).poll(cx).map(Result::ok)
    }
}

/// Runs `future` as a task of its own: a panic in it stays in it.
pub(crate) fn spawn<F>(future: F) -> Task<F::Output>
where
    F: Future<Output: Send> + Send + 'static,
{
    #[allow(clippy::disallowed_methods, reason = "the one file that starts tasks")]
    Task(tokio::spawn(future))
}

/// Runs `work` on the threads for blocking work. It cannot be aborted once it runs; its result is
/// dropped when the handle is.
pub(crate) fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Task<T> {
    #[allow(clippy::disallowed_methods, reason = "the one file that starts tasks")]
    Task(tokio::task::spawn_blocking(work))
}

/// Runs `work` on the threads for blocking work, without an owner. `false`: there is no runtime,
/// and nothing runs.
#[cfg(feature = "recording")]
pub(crate) fn blocking_to_the_end(work: impl FnOnce() + Send + 'static) -> bool {
    let Ok(runtime) = Handle::try_current() else { return false };
    #[allow(clippy::disallowed_methods, reason = "the one file that starts tasks")]
    drop(runtime.spawn_blocking(work));
    true
}

/// Lets `future`, which ends by itself, go on without an owner. Without a runtime it is dropped.
pub(crate) fn to_the_end(future: impl Future<Output = ()> + Send + 'static) {
    if let Ok(runtime) = Handle::try_current() {
        #[allow(clippy::disallowed_methods, reason = "the one file that starts tasks")]
        drop(runtime.spawn(future));
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::oneshot;

    use super::*;

    #[tokio::test]
    async fn dropping_the_handle_ends_the_task() {
        let (alive, gone) = oneshot::channel::<()>();
        drop(spawn(async move {
            std::future::pending::<()>().await;
            drop(alive);
        }));
        assert!(gone.await.is_err());
    }

    #[tokio::test]
    async fn a_panic_is_contained() {
        let panicking = spawn(async { if true { panic!("made up") } else { 1 } });
        assert_eq!(panicking.await, None);
        assert_eq!(blocking(|| 2).await, Some(2));
    }
}
