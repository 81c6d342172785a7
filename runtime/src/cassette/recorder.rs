//! Writing a cassette while a session runs.

use std::{
    fmt, io,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use serde::Serialize;

use super::{
    entry::{Bound, Entry, FORMAT, Header, Kind, Setup, THUMBPRINT},
    redactor::Redactor,
    writer::{self, Writer},
};
use credwire_core::{Clock, Now};

/// Kept free for the last line.
const RESERVE: u64 = 256;

/// The bounds of a recording, in bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// The largest file.
    pub(crate) size: u64,
    /// What is remembered: the hashes and placeholders of secrets, and lines still to be written.
    pub(crate) memory: usize,
}

/// Why a recording ended before its client did.
#[derive(Debug)]
pub(crate) enum RecordingEnd {
    File(io::Error),
    Full { bound: Bound, limits: Limits },
}

/// Writes what a client sends and receives, without its secrets.
pub(crate) struct Recorder {
    clock: Arc<dyn Clock>,
    start: Now,
    limits: Limits,
    /// Called once when the recording ends early.
    on_end: Arc<dyn Fn(RecordingEnd) + Send + Sync>,
    state: Mutex<State>,
}

struct State {
    /// `None` once the recording is over.
    writer: Option<Writer>,
    /// Bytes that may still be written.
    left: u64,
    redactor: Redactor,
    calls: u64,
    sockets: u64,
}

impl Recorder {
    /// Begins a recording in a file that only its owner can read. `setup` is called to describe
    /// the client, and `on_end` once when the recording ends before the client does.
    ///
    /// # Errors
    /// When the file cannot be made or the first line cannot be written.
    pub(crate) fn begin(
        path: &Path,
        limits: Limits,
        thumbprint: Option<&str>,
        clock: Arc<dyn Clock>,
        setup: impl FnOnce(&mut dyn FnMut(&str) -> String) -> Setup,
        on_end: impl Fn(RecordingEnd) + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let file = writer::private(path)?;
        let mut redactor = Redactor::new();
        if let Some(thumbprint) = thumbprint {
            redactor.learn(thumbprint, THUMBPRINT);
        }
        let start = clock.now();
        let header = Header {
            format: FORMAT.to_owned(),
            by: concat!("credwire/", env!("CARGO_PKG_VERSION")).to_owned(),
            wall: start.wall,
            setup: setup(&mut |secret| redactor.secret(secret).to_string()),
        };
        let line = line(&header)?;
        let left = limits.size.saturating_sub(line.len() as u64 + RESERVE);
        let on_end: Arc<dyn Fn(RecordingEnd) + Send + Sync> = Arc::new(on_end);
        let report = Arc::clone(&on_end);
        let writer = Writer::begin(file, &line, move |error| report(RecordingEnd::File(error)))?;
        let state = State { writer: Some(writer), left, redactor, calls: 0, sockets: 0 };
        Ok(Self { clock, start, limits, on_end, state: Mutex::new(state) })
    }

    /// The number of the next call.
    pub(super) fn next_call(&self) -> u64 {
        let mut state = self.lock();
        state.calls += 1;
        state.calls
    }

    /// The number of the next socket.
    pub(super) fn next_socket(&self) -> u64 {
        let mut state = self.lock();
        state.sockets += 1;
        state.sockets
    }

    /// Writes what happened, with the secrets that `kind` hands to the redactor replaced.
    pub(super) fn note(&self, kind: impl FnOnce(&mut Redactor) -> Kind) {
        self.note_some(|redactor| Some(kind(redactor)));
    }

    /// The same for what is perhaps nothing.
    pub(super) fn note_some(&self, kind: impl FnOnce(&mut Redactor) -> Option<Kind>) {
        let mut state = self.lock();
        if state.writer.as_ref().is_none_or(Writer::has_failed) {
            state.writer = None;
            return;
        }
        let Some(kind) = kind(&mut state.redactor) else { return };
        let is_last = matches!(kind, Kind::End);
        let full = self.write(&mut state, kind);
        if let Some(bound) = full {
            self.write(&mut state, Kind::Full { bound });
        }
        if is_last || full.is_some() {
            state.writer = None;
        }
        drop(state);
        if let Some(bound) = full {
            (self.on_end)(RecordingEnd::Full { bound, limits: self.limits });
        }
    }

    /// Changes what is taken out.
    pub(super) fn redact(&self, change: impl FnOnce(&mut Redactor)) {
        change(&mut self.lock().redactor);
    }

    /// Writes the last line, and waits until the file has all of them. Nothing is written
    /// afterwards.
    pub(crate) async fn end(&self) {
        let written = self.lock().writer.as_ref().map(Writer::written);
        self.end_now();
        if let Some(written) = written {
            written.wait().await;
        }
    }

    /// Writes the last line without waiting for it.
    pub(crate) fn end_now(&self) {
        self.note(|_| Kind::End);
    }

    /// Hands a whole line to the writer, so that a crash between two leaves whole lines. Returns
    /// the bound that has no room for it.
    fn write(&self, state: &mut State, kind: Kind) -> Option<Bound> {
        let is_last = matches!(kind, Kind::Full { .. } | Kind::End);
        let now = self.clock.now();
        let at = now.boot.saturating_sub(self.start.boot).as_millis();
        let at = u64::try_from(at).unwrap_or(u64::MAX);
        // Writing plain values to memory does not fail.
        let line = line(&Entry { at, wall: now.wall, kind }).ok()?;
        let writer = state.writer.as_ref()?;
        if !is_last {
            let held = state.redactor.bytes().saturating_add(writer.pending());
            if held.saturating_add(line.len()) > self.limits.memory {
                return Some(Bound::Memory);
            }
            match state.left.checked_sub(line.len() as u64) {
                Some(left) => state.left = left,
                None => return Some(Bound::Size),
            }
        }
        writer.write(line);
        None
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder").finish_non_exhaustive()
    }
}

impl fmt::Display for RecordingEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(_) => f.write_str("the file of the recording cannot be written"),
            Self::Full { bound: Bound::Size, limits } => write!(
                f,
                "the file reached its largest size of {} bytes: set a larger `record_limit`",
                limits.size
            ),
            Self::Full { bound: Bound::Memory, limits } => write!(
                f,
                "secrets and lines to be written take more than {} bytes: set a larger \
                 `record_memory`, or record to a faster disk",
                limits.memory
            ),
        }
    }
}

impl std::error::Error for RecordingEnd {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::File(error) => Some(error),
            Self::Full { .. } => None,
        }
    }
}

fn line(value: &impl Serialize) -> io::Result<Vec<u8>> {
    let mut line = serde_json::to_vec(value)?;
    line.push(b'\n');
    Ok(line)
}

#[cfg(test)]
mod tests;
