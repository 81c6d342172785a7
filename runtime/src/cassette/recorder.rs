//! Writing a cassette while a session runs.

use std::{
    fmt,
    fs::{File, OpenOptions},
    io::{self, Write as _},
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use serde::Serialize;

use super::{
    FORMAT,
    entry::{Entry, Header, Setup, THUMBPRINT, What},
    redact::Redactor,
};
use crate::{Clock, Now};

/// Kept free for the last line.
const RESERVE: u64 = 256;

/// Writes what a client says and hears, without its secrets.
pub(crate) struct Recorder {
    clock: Arc<dyn Clock>,
    start: Now,
    /// Told once when the recording ends early.
    on_failure: Box<dyn Fn(io::Error) + Send + Sync>,
    state: Mutex<State>,
}

struct State {
    /// `None` once the recording is over.
    file: Option<File>,
    /// Bytes that may still be written.
    left: u64,
    redactor: Redactor,
    calls: u64,
    sockets: u64,
}

impl Recorder {
    /// Begins a recording in a file that only its owner can read. `setup` is called to describe
    /// the client.
    ///
    /// # Errors
    /// When the file cannot be made or the first line cannot be written.
    pub(crate) fn begin(
        path: &Path,
        limit: u64,
        thumbprint: Option<&str>,
        clock: Arc<dyn Clock>,
        setup: impl FnOnce(&mut dyn FnMut(&str) -> String) -> Setup,
        on_failure: impl Fn(io::Error) + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let mut file = private(path)?;
        let mut redactor = Redactor::default();
        if let Some(thumbprint) = thumbprint {
            redactor.learn(thumbprint, THUMBPRINT);
        }
        let start = clock.now();
        let header = Header {
            format: FORMAT.to_owned(),
            by: concat!("credwire/", env!("CARGO_PKG_VERSION")).to_owned(),
            wall: start.wall,
            setup: setup(&mut |secret| redactor.secret(secret)),
        };
        let line = line(&header)?;
        file.write_all(&line)?;
        let left = limit.saturating_sub(line.len() as u64 + RESERVE);
        let state = State { file: Some(file), left, redactor, calls: 0, sockets: 0 };
        Ok(Self { clock, start, on_failure: Box::new(on_failure), state: Mutex::new(state) })
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

    /// Writes what happened, with the secrets that `what` hands to the redactor replaced.
    pub(super) fn note(&self, what: impl FnOnce(&mut Redactor) -> What) {
        let mut state = self.lock();
        if state.file.is_none() {
            return;
        }
        let what = what(&mut state.redactor);
        let is_last = matches!(what, What::End);
        let mut written = self.write(&mut state, what);
        if is_last {
            state.file = None;
        }
        if let Ok(false) = written {
            written = self.write(&mut state, What::Full);
            state.file = None;
            tracing::warn!("the recording reached its largest size and ends here");
        }
        if let Err(error) = written {
            state.file = None;
            drop(state);
            (self.on_failure)(error);
        }
    }

    /// Changes what is taken out.
    pub(super) fn redact(&self, change: impl FnOnce(&mut Redactor)) {
        change(&mut self.lock().redactor);
    }

    /// Writes the last line.
    pub(crate) fn end(&self) {
        self.note(|_| What::End);
    }

    /// Writes a line with one call, so that a crash between two leaves whole lines. `false`: there
    /// is no room for it.
    fn write(&self, state: &mut State, what: What) -> io::Result<bool> {
        let now = self.clock.now();
        let at = now.boot.saturating_sub(self.start.boot).as_millis();
        let is_last = matches!(what, What::Full | What::End);
        let at = u64::try_from(at).unwrap_or(u64::MAX);
        let line = line(&Entry { at, wall: now.wall, what })?;
        match state.left.checked_sub(line.len() as u64) {
            Some(left) => state.left = left,
            None if !is_last => return Ok(false),
            None => {}
        }
        if let Some(file) = &mut state.file {
            file.write_all(&line)?;
        }
        Ok(true)
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

fn line(value: &impl Serialize) -> io::Result<Vec<u8>> {
    let mut line = serde_json::to_vec(value)?;
    line.push(b'\n');
    Ok(line)
}

/// An empty file for its owner alone, in place of an earlier one.
fn private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    // The mode above is that of a new file.
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    Ok(file)
}
