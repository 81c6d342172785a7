//! Replays of a [cassette](crate::recording) against the client, in simulated time.
//!
//! The replay stands on the client and on the cassette; neither of them imports it.

mod compare;
mod play;
mod script;
mod stand_in;

use std::{fmt, io, time::Duration};

use tokio::runtime::Builder;

use crate::{Error, ErrorKind, cassette::Cassette, timeline::Timeline};

/// Runs the client on a recorded session in simulated time and without a network: an hour takes
/// milliseconds.
///
/// The client is the real one, with the recorded options and a key of its own. It receives the
/// answers of the recorded provider and space, at the same distance in time from what the client
/// sent before, and the application's commands when everything before them has happened. What the
/// client sends is compared with what it sent then: requests, frames and sockets in their order,
/// with the same tokens, not much earlier or later. Frames that were sent at the same time may come
/// in another order; request ids, the `jti`, `ath` and signature of proofs, and times to within
/// seconds may differ.
///
/// ```no_run
/// use credwire::recording::{Cassette, Replay};
///
/// let replayed = Replay::new(Cassette::read("session.cassette")?).run()?;
/// if let Some(mismatch) = &replayed.mismatch {
///     println!("{mismatch}");
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "a replay does nothing until `run` is called"]
pub struct Replay {
    cassette: Cassette,
}

/// The result of a [`Replay`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Replayed {
    /// The history of the client.
    pub timeline: Timeline,
    /// The number of requests, frames and sockets that were compared.
    pub compared: usize,
    /// The duration of the replay by the client's clock.
    pub lasted: Duration,
    /// The first difference, at which the replay ends.
    pub mismatch: Option<Mismatch>,
}

/// The first difference between a replay and its recording.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Mismatch {
    /// The line of the cassette, counted from 1.
    pub line: usize,
    /// The recorded line.
    pub expected: String,
    /// What the client did.
    pub found: String,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: expected {}, found {}", self.line, self.expected, self.found)
    }
}

impl Replay {
    /// Creates a replay of `cassette`.
    pub fn new(cassette: Cassette) -> Self {
        Self { cassette }
    }

    /// Runs the replay. It blocks this thread, and may be called inside and outside a runtime.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] when no runtime or key can be made.
    pub fn run(self) -> Result<Replayed, Error> {
        let failed = |error: io::Error| {
            Error::new(ErrorKind::Configuration, "no runtime for a replay").because(error)
        };
        let simulate = || {
            let runtime = Builder::new_current_thread()
                .enable_time()
                .start_paused(true)
                .build()
                .map_err(failed)?;
            runtime.block_on(play::play(&self.cassette))
        };
        // A runtime cannot be started inside another one, but on another thread it can.
        let played = std::thread::scope(|scope| scope.spawn(simulate).join());
        played.unwrap_or_else(|_| Err(failed(io::Error::other("the replay panicked"))))
    }
}
