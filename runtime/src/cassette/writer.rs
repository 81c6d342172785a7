//! Writing lines to a file without holding up who writes them.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{sync::watch, time::timeout};

use crate::spawn;

/// How long the end of a recording waits for a file that takes nothing.
const PATIENCE: Duration = Duration::from_secs(5);

/// Hands lines to a thread for blocking work. Lines that wait are written together.
pub(super) struct Writer {
    shared: Arc<Shared>,
}

struct Shared {
    file: File,
    queue: Mutex<Queue>,
    /// Whether everything so far is written, or never will be.
    idle: watch::Sender<bool>,
    on_failure: Box<dyn Fn(io::Error) + Send + Sync>,
}

#[derive(Default)]
struct Queue {
    lines: Vec<u8>,
    /// Bytes that are being written.
    in_flight: usize,
    has_failed: bool,
}

/// Waits for what was handed to a [`Writer`].
pub(super) struct Written(watch::Receiver<bool>);

impl Writer {
    /// Writes the first line before it returns. `on_failure` is called once, for the first write
    /// that fails; nothing is written after it.
    pub(super) fn begin(
        file: File,
        first: &[u8],
        on_failure: impl Fn(io::Error) + Send + Sync + 'static,
    ) -> io::Result<Self> {
        (&file).write_all(first)?;
        let idle = watch::Sender::new(true);
        let on_failure = Box::new(on_failure);
        let shared = Shared { file, queue: Mutex::default(), idle, on_failure };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// Bytes that are not written yet.
    pub(super) fn pending(&self) -> usize {
        let queue = self.shared.lock();
        queue.lines.len() + queue.in_flight
    }

    pub(super) fn has_failed(&self) -> bool {
        self.shared.lock().has_failed
    }

    pub(super) fn write(&self, line: Vec<u8>) {
        let mut queue = self.shared.lock();
        if queue.lines.is_empty() {
            queue.lines = line;
        } else {
            queue.lines.extend_from_slice(&line);
        }
        // Who writes now looks for more before it ends.
        if self.shared.idle.send_replace(false) {
            let shared = Arc::clone(&self.shared);
            drop(queue);
            if !spawn::blocking_to_the_end(move || shared.run()) {
                self.shared.run();
            }
        }
    }

    pub(super) fn written(&self) -> Written {
        Written(self.shared.idle.subscribe())
    }
}

impl Shared {
    /// Writes until nothing is left.
    fn run(&self) {
        loop {
            let mut queue = self.lock();
            queue.in_flight = 0;
            let lines = std::mem::take(&mut queue.lines);
            if lines.is_empty() || queue.has_failed {
                self.idle.send_replace(true);
                return;
            }
            queue.in_flight = lines.len();
            drop(queue);
            if let Err(error) = (&self.file).write_all(&lines) {
                self.lock().has_failed = true;
                (self.on_failure)(error);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Written {
    /// Returns when the file has everything, when it failed, or when it hangs.
    pub(super) async fn wait(mut self) {
        if timeout(PATIENCE, self.0.wait_for(|idle| *idle)).await.is_err() {
            tracing::warn!("the end of a recording is not written yet");
        }
    }
}

/// An empty file for its owner alone, in place of an earlier one.
pub(super) fn private(path: &Path) -> io::Result<File> {
    // What is no file of ours, such as a device or a link to another place, stays what it is.
    match fs::symlink_metadata(path) {
        Ok(metadata) if !metadata.is_file() => {
            let message = format!("{} is there already and is no regular file", path.display());
            return Err(io::Error::new(io::ErrorKind::AlreadyExists, message));
        }
        _ => {}
    }
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
