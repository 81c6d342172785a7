//! A credential in a file that something else keeps fresh.

mod access;

use std::{
    fs::File,
    io::Read as _,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::{Duration, UNIX_EPOCH},
};

use super::text;
use crate::{
    AuthenticateContext, CredentialError, CredentialProvider, EpochMillis, SdkCredential, Secret,
    clock::SystemClock, spawn,
};
use credwire_core::Clock as _;

/// Largest file that is read.
const LIMIT: u64 = 64 * 1024;

/// The pauses before a file is read again that may be half-written.
const PAUSES: [Duration; 4] = [
    Duration::from_millis(50),
    Duration::from_millis(100),
    Duration::from_millis(200),
    Duration::from_millis(400),
];

/// A file that was changed less than this ago may be about to change again.
const SETTLED: Duration = Duration::from_secs(1);

/// Reads the credential from a file: a token, or a credential in JSON (`{"token": "..",
/// "expiry_at": 1760000000000}`).
///
/// The file is read whenever a credential is due. As a refresh, only what has changed since the
/// last reading counts, so whatever writes the file should do so before the credential expires;
/// until then the client asks again with backoff.
///
/// Replace the file in one step (write another and rename it), so that it is never read
/// half-written. What is empty, ends too early or was changed within the last second is read again,
/// for up to 750 ms, before it counts.
///
/// # Who may read the file
/// On Unix, a file that others can write is refused. A file that others can read is refused, unless
/// the platform manages it: it has no write permission (modes 0440 and 0444), belongs to another
/// user, or is in a mounted volume of Kubernetes, and nobody else can write to its folder; or
/// unless you [allow it](Self::allow_readable). Symbolic links are followed. What is not a regular
/// file, such as a pipe or a device, is refused without waiting for it.
///
/// ```
/// use credwire::{Client, providers::FileCredentialProvider};
/// let builder = Client::builder(FileCredentialProvider::new("/run/secrets/sat"));
/// # let _ = builder;
/// ```
#[derive(Debug)]
pub struct FileCredentialProvider {
    path: PathBuf,
    is_readable_allowed: bool,
    /// The credential that was returned last.
    returned: Mutex<Option<Secret<String>>>,
}

/// What was read.
struct Reading {
    text: Secret<String>,
    /// Whether the file was changed just now.
    is_fresh: bool,
}

impl Reading {
    /// Whether the file was surely not read while it was being written.
    fn counts(&self, earlier: Option<&Self>) -> bool {
        let is_stable = earlier.is_some_and(|earlier| earlier.text == self.text);
        text::is_whole(&self.text) && (is_stable || !self.is_fresh)
    }
}

impl FileCredentialProvider {
    /// Creates a provider that reads the file at `path` at each call.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), is_readable_allowed: false, returned: Mutex::new(None) }
    }

    /// Accepts a file that its group or everybody can read. A file that they can write is refused
    /// all the same.
    #[must_use]
    pub const fn allow_readable(mut self) -> Self {
        self.is_readable_allowed = true;
        self
    }

    /// The text of the file, read again as long as it may be half-written.
    async fn read(&self) -> Result<Secret<String>, CredentialError> {
        let mut last = self.read_once().await?;
        let mut earlier = None;
        for pause in PAUSES {
            if last.counts(earlier.as_ref()) {
                break;
            }
            tokio::time::sleep(pause).await;
            earlier = Some(std::mem::replace(&mut last, self.read_once().await?));
        }
        Ok(last.text)
    }

    async fn read_once(&self) -> Result<Reading, CredentialError> {
        let (path, is_readable_allowed) = (self.path.clone(), self.is_readable_allowed);
        let panicked = || CredentialError::transient("the file could not be read");
        let read = spawn::blocking(move || read(&path, is_readable_allowed));
        read.await.ok_or_else(panicked)?
    }

    /// Reads the credential in `text` and notes that it was returned.
    fn give(&self, text: Secret<String>) -> Result<SdkCredential, CredentialError> {
        let credential = text::credential(&text, &self.path.display().to_string())?;
        *self.returned.lock().unwrap_or_else(PoisonError::into_inner) = Some(text);
        Ok(credential)
    }

    fn was_returned(&self, text: &Secret<String>) -> bool {
        let returned = self.returned.lock().unwrap_or_else(PoisonError::into_inner);
        returned.as_ref() == Some(text)
    }
}

impl CredentialProvider for FileCredentialProvider {
    async fn authenticate(
        &self,
        _: &AuthenticateContext,
    ) -> Result<SdkCredential, CredentialError> {
        self.give(self.read().await?)
    }

    fn refresh(
        &self,
    ) -> Option<impl Future<Output = Result<SdkCredential, CredentialError>> + Send> {
        Some(self.next())
    }
}

impl FileCredentialProvider {
    /// The credential that was written since the last one was returned.
    async fn next(&self) -> Result<SdkCredential, CredentialError> {
        // A file that was wrong and was mended while the session lasts is accepted.
        let text = self.read().await.map_err(CredentialError::transient)?;
        if self.was_returned(&text) {
            return Err(CredentialError::transient(format!(
                "{} still holds the credential in use: write the next one there before it expires",
                self.path.display()
            )));
        }
        self.give(text)
    }
}

fn read(path: &Path, is_readable_allowed: bool) -> Result<Reading, CredentialError> {
    let failed = |what: &str, error: std::io::Error| {
        let fix = match error.kind() {
            std::io::ErrorKind::PermissionDenied => access::fix(path),
            _ => String::new(),
        };
        // Whatever writes the file may be about to create or mend it.
        CredentialError::transient(format!("cannot {what} {}: {error}{fix}", path.display()))
    };
    let file = open(path).map_err(|error| failed("open", error))?;
    let metadata = file.metadata().map_err(|error| failed("look at", error))?;
    if !metadata.is_file() {
        let message = format!("{} is no regular file: put the credential in one", path.display());
        return Err(CredentialError::permanent(message));
    }
    access::check(path, &metadata, is_readable_allowed)?;
    // With room for all of it, no copy is left behind by a growing buffer.
    let mut text =
        String::with_capacity(usize::try_from(metadata.len().min(LIMIT)).unwrap_or(0) + 2);
    let read = file.take(LIMIT + 1).read_to_string(&mut text);
    let text = Secret::new(text);
    read.map_err(|error| failed("read", error))?;
    if text.expose().len() as u64 > LIMIT {
        let message = format!("{} is larger than {LIMIT} bytes", path.display());
        return Err(CredentialError::permanent(message));
    }
    Ok(Reading { text, is_fresh: is_fresh(&metadata) })
}

/// Whether the file was changed just now, by the clock of this machine. A time to come counts as
/// now: the clocks of a file server and of this machine may differ.
fn is_fresh(metadata: &std::fs::Metadata) -> bool {
    let changed = metadata.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
    changed.is_some_and(|since_epoch| {
        let changed = EpochMillis::new(0).saturating_add(since_epoch);
        let now = SystemClock::new().now().wall;
        now.saturating_since(changed) < SETTLED
    })
}

/// Opens the file without waiting for the other end of a pipe that may be in its place.
#[cfg(unix)]
fn open(path: &Path) -> std::io::Result<File> {
    use rustix::fs::{Mode, OFlags};
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOCTTY;
    Ok(File::from(rustix::fs::open(path, flags, Mode::empty())?))
}

#[cfg(not(unix))]
fn open(path: &Path) -> std::io::Result<File> {
    File::open(path)
}

#[cfg(test)]
mod tests;
