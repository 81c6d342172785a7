//! A credential in a file that something else keeps fresh.

use std::{
    fs::File,
    io::Read as _,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use super::text;
use crate::{
    AuthenticateContext, CredentialError, CredentialProvider, SdkCredential, Secret, spawn,
};

/// Largest file that is read.
const LIMIT: u64 = 64 * 1024;

/// Takes the credential from a file: a token, or a credential in JSON
/// (`{"token": "..", "expiry_at": 1760000000000}`).
///
/// The file is read whenever a credential is due. As a refresh, only what has changed since the
/// last reading counts, so whatever writes the file should do so before the credential expires;
/// until then the client asks again with backoff. Replace the file in one step (write another and
/// rename it) so that it is never read half-written.
///
/// On Unix a file that its group or others can read is refused. What is no regular file, such as a
/// pipe or a device, is refused without waiting for it.
///
/// ```
/// use credwire::{Client, providers::FileCredentialProvider};
/// let builder = Client::builder(FileCredentialProvider::new("/run/secrets/sat"));
/// # let _ = builder;
/// ```
#[derive(Debug)]
pub struct FileCredentialProvider {
    path: PathBuf,
    /// What was given last.
    given: Mutex<Option<Secret<String>>>,
}

impl FileCredentialProvider {
    /// A provider of what the file at `path` holds when it is asked.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), given: Mutex::new(None) }
    }

    async fn read(&self) -> Result<Secret<String>, CredentialError> {
        let path = self.path.clone();
        let panicked = || CredentialError::transient("the file could not be read");
        spawn::blocking(move || read(&path)).await.ok_or_else(panicked)?
    }

    /// Reads the credential in `text` and remembers that it was given.
    fn give(&self, text: Secret<String>) -> Result<SdkCredential, CredentialError> {
        let credential = text::credential(&text, &self.path.display().to_string())?;
        *self.given.lock().unwrap_or_else(PoisonError::into_inner) = Some(text);
        Ok(credential)
    }

    fn was_given(&self, text: &Secret<String>) -> bool {
        let given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        given.as_ref() == Some(text)
    }
}

impl CredentialProvider for FileCredentialProvider {
    async fn authenticate(
        &self,
        _: &AuthenticateContext,
    ) -> Result<SdkCredential, CredentialError> {
        self.give(self.read().await?)
    }

    fn can_refresh(&self) -> bool {
        true
    }

    async fn refresh(&self) -> Result<SdkCredential, CredentialError> {
        // A mistake that is mended while the session lasts is forgiven.
        let text = self.read().await.map_err(CredentialError::transient)?;
        if self.was_given(&text) {
            return Err(CredentialError::transient(format!(
                "{} still holds the credential in use: write the next one there before it expires",
                self.path.display()
            )));
        }
        self.give(text)
    }
}

fn read(path: &Path) -> Result<Secret<String>, CredentialError> {
    // Whatever writes the file may be about to create or mend it.
    let failed = |what: &str, error: std::io::Error| {
        CredentialError::transient(format!("cannot {what} {}: {error}", path.display()))
    };
    let file = open(path).map_err(|error| failed("open", error))?;
    let metadata = file.metadata().map_err(|error| failed("look at", error))?;
    if !metadata.is_file() {
        let message = format!("{} is no regular file: put the credential in one", path.display());
        return Err(CredentialError::permanent(message));
    }
    check_private(path, &metadata)?;
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
    Ok(text)
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

#[cfg(unix)]
fn check_private(path: &Path, metadata: &std::fs::Metadata) -> Result<(), CredentialError> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = metadata.permissions().mode() & 0o7777;
    if mode & 0o077 == 0 {
        return Ok(());
    }
    let path = path.display();
    Err(CredentialError::permanent(format!(
        "{path} can be used by other users of this machine (mode {mode:04o}): run `chmod 600 {path}`"
    )))
}

#[cfg(not(unix))]
fn check_private(_: &Path, _: &std::fs::Metadata) -> Result<(), CredentialError> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(path: &Path, text: &str, mode: u32) {
        std::fs::write(path, text).unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
        }
        #[cfg(not(unix))]
        let _ = mode;
    }

    fn token(credential: SdkCredential) -> String {
        credential.token.unwrap().expose().clone()
    }

    #[tokio::test]
    async fn a_refresh_takes_what_has_changed() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("sat");
        let provider = FileCredentialProvider::new(&path);
        let context = AuthenticateContext::new();
        assert!(provider.authenticate(&context).await.unwrap_err().is_transient());

        write(&path, "made-up-1\n", 0o600);
        assert_eq!(token(provider.authenticate(&context).await.unwrap()), "made-up-1");
        let error = provider.refresh().await.unwrap_err();
        assert!(error.is_transient() && error.to_string().contains("still holds"), "{error}");

        write(&path, r#"{"token":"made-up-2"}"#, 0o600);
        assert_eq!(token(provider.refresh().await.unwrap()), "made-up-2");
        assert_eq!(token(provider.authenticate(&context).await.unwrap()), "made-up-2");
        assert!(!format!("{provider:?}").contains("made-up"));
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_file_that_others_can_read_is_refused_with_the_fix() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("sat");
        for mode in [0o644, 0o640, 0o660] {
            write(&path, "made-up", mode);
            let provider = FileCredentialProvider::new(&path);
            let error = provider.authenticate(&AuthenticateContext::new()).await.unwrap_err();
            assert!(error.to_string().contains("chmod 600") && !error.is_transient(), "{error}");
            assert!(provider.refresh().await.unwrap_err().is_transient());
            assert!(!error.to_string().contains("made-up"), "{error}");
        }
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_pipe_or_a_device_is_refused_without_waiting() {
        use rustix::fs::{CWD, FileType, Mode, mknodat};
        let directory = tempfile::tempdir().unwrap();
        let pipe = directory.path().join("pipe");
        mknodat(CWD, &pipe, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
        let link = directory.path().join("link");
        std::os::unix::fs::symlink(&pipe, &link).unwrap();
        for path in [pipe, link, "/dev/null".into()] {
            let provider = FileCredentialProvider::new(&path);
            let error = provider.authenticate(&AuthenticateContext::new()).await.unwrap_err();
            assert!(error.to_string().contains("no regular file"), "{error}");
            assert!(!error.is_transient() && provider.refresh().await.is_err());
        }
    }

    #[tokio::test]
    async fn what_is_no_credential_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let context = AuthenticateContext::new();
        let folder = FileCredentialProvider::new(directory.path());
        assert!(folder.authenticate(&context).await.is_err());

        let path = directory.path().join("sat");
        write(&path, &"x".repeat(70_000), 0o600);
        let error = FileCredentialProvider::new(&path)
            .authenticate(&context)
            .await
            .unwrap_err()
            .to_string();
        assert!(error.contains("larger than"), "{error}");
    }
}
