//! Replaying a [cassette](crate::recording) against the client, in simulated time.
//!
//! The replay stands on the client and on the cassette; neither of them imports it.

mod compare;
mod play;
mod script;
mod stand_in;

use std::{fmt, io, time::Duration};

use tokio::runtime::Builder;

use crate::{Error, ErrorKind, cassette::Cassette, timeline::Timeline};

/// Runs the client on a recorded session. Nothing goes over a network, and nothing waits: an hour
/// takes milliseconds.
///
/// The client is the real one, with the recorded options and a key of its own. It is given what
/// the recorded provider and space said, at the same distance in time from what the client said
/// before, and the application's commands when everything before them has happened. What the client
/// says is compared with what it said then: requests, frames and sockets in their order, with the
/// same tokens, not much earlier or later. Frames that were sent at the same time may come in
/// another order; request ids, the `jti`, `ath` and signature of proofs,
/// and times to within seconds may differ.
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

/// What a [`Replay`] showed.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Replayed {
    /// What happened to the client.
    pub timeline: Timeline,
    /// How many things that the client said were compared.
    pub compared: usize,
    /// How long it lasted by the client's clock.
    pub lasted: Duration,
    /// The first thing that the client said differently; the replay ends there.
    pub mismatch: Option<Mismatch>,
}

/// Where a replay parts from the recording.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Mismatch {
    /// The line of the cassette, counted from 1.
    pub line: usize,
    /// What stands there.
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
    /// A replay of `cassette`.
    pub fn new(cassette: Cassette) -> Self {
        Self { cassette }
    }

    /// Replays. Blocks this thread; it may be called inside and outside a runtime.
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
