//! Ending a wait from elsewhere.

use std::fmt;

use tokio::sync::watch;

/// Ends waits that were given its [signal](Self::signal), as the browser's `AbortController` does.
#[derive(Debug, Default)]
pub struct AbortController {
    aborted: watch::Sender<bool>,
}

impl AbortController {
    /// A controller that has not aborted.
    pub fn new() -> Self {
        Self::default()
    }

    /// The signal to hand out.
    pub fn signal(&self) -> AbortSignal {
        AbortSignal { aborted: self.aborted.subscribe() }
    }

    /// Aborts, once and for all.
    pub fn abort(&self) {
        self.aborted.send_replace(true);
    }
}

/// Shows whether its [`AbortController`] has aborted: the `AbortSignal` of a
/// [`Platform`](crate::Platform) whose calls can be aborted. Two are equal when they are of one
/// controller.
#[derive(Clone)]
pub struct AbortSignal {
    aborted: watch::Receiver<bool>,
}

impl AbortSignal {
    /// Whether the controller has aborted.
    pub fn is_aborted(&self) -> bool {
        *self.aborted.borrow()
    }

    /// Returns once the controller has aborted; never when it is gone without having done so.
    pub async fn aborted(&self) {
        let mut aborted = self.aborted.clone();
        if aborted.wait_for(|aborted| *aborted).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

impl fmt::Debug for AbortSignal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AbortSignal").field("aborted", &self.is_aborted()).finish()
    }
}

impl PartialEq for AbortSignal {
    fn eq(&self, other: &Self) -> bool {
        self.aborted.same_channel(&other.aborted)
    }
}

impl Eq for AbortSignal {}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    #[tokio::test]
    async fn a_signal_follows_its_controller() {
        let (controller, other) = (AbortController::new(), AbortController::new());
        let signal = controller.signal();
        assert!(signal == controller.signal() && signal != other.signal());
        assert!(signal.aborted().now_or_never().is_none() && !signal.is_aborted());
        controller.abort();
        signal.aborted().await;
        assert!(signal.is_aborted() && controller.signal().is_aborted());
        let orphan = other.signal();
        drop(other);
        assert!(orphan.aborted().now_or_never().is_none());
    }
}
