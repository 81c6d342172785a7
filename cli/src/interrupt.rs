//! Ctrl-C: what is under way is dropped, and what is being written is finished first.

use std::future::Future;

use crate::outcome::{Failure, Result};

/// Runs `work` until it ends or the user interrupts it; then it is dropped where it stands.
pub(crate) async fn or_interrupted<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::select! {
        result = work => result,
        () = requested() => Err(Failure::interrupted()),
    }
}

/// Runs `work` on a thread of its own until it ends or the user interrupts it. The thread is not
/// waited for then, so `work` must not write files: the caller does, with the result. Once this
/// has run, signals are caught for good, so that what the caller writes is written to its end.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    or_interrupted(async {
        let result = tokio::task::spawn_blocking(work).await;
        result.unwrap_or_else(|error| Err(Failure::new("an internal error").because(error)))
    })
    .await
}

/// Ends when the user presses Ctrl-C or the process is asked to terminate.
pub(crate) async fn requested() {
    #[cfg(unix)]
    let terminated = async {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    let pressed = async {
        // Without a handler the system's own takes the key.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        () = pressed => {}
        () = terminated => {}
    }
}
