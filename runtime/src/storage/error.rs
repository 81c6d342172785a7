//! Errors of a storage.

use std::{error::Error, fmt, io, path::PathBuf};

pub(super) type Source = Box<dyn Error + Send + Sync>;

/// The error of a storage. No message contains a value.
#[derive(Debug)]
#[non_exhaustive]
pub enum StorageError {
    /// The file cannot be opened or created.
    Open {
        /// The path of the file.
        path: PathBuf,
        /// The cause of the failure.
        source: Source,
    },
    /// The file is open already, in this process or another.
    InUse {
        /// The path of the file.
        path: PathBuf,
    },
    /// The file was damaged or of a form that is no longer read. It was renamed and a new one was
    /// begun. The first read after that returns this error, once.
    SetAside {
        /// The path of the file, which is new and empty.
        path: PathBuf,
        /// The path under which the damaged file is kept.
        kept: PathBuf,
    },
    /// The file is damaged and was left in its place.
    Damaged {
        /// The path of the file.
        path: PathBuf,
        /// The reason for which it was not renamed.
        reason: &'static str,
        /// The cause that shows the damage.
        source: Source,
    },
    /// The path leads to something other than a regular file, which was left alone.
    NotAFile {
        /// The path of the file.
        path: PathBuf,
        /// The kind of file at the path, such as `a directory`.
        found: &'static str,
    },
    /// The file is of a later version of this crate.
    NewerVersion {
        /// The path of the file.
        path: PathBuf,
        /// The version of the file.
        found: u64,
        /// The newest version that this crate reads.
        known: u64,
    },
    /// The file was not made by this crate, and was left alone.
    Foreign {
        /// The path of the file.
        path: PathBuf,
    },
    /// The value is too large.
    ValueTooLarge {
        /// The length of the value in bytes.
        length: usize,
        /// The largest length of a value in bytes.
        limit: usize,
    },
    /// The storage is full.
    Full {
        /// The largest size of all items in bytes.
        limit: usize,
    },
    /// The scope is not one of the reference.
    UnknownScope {
        /// The unknown scope.
        scope: String,
    },
    /// The database failed. The next call opens the file again.
    Database {
        /// The path of the file.
        path: PathBuf,
        /// The cause of the failure.
        source: Source,
    },
}

impl StorageError {
    /// Returns whether the same call may succeed later without any change: a full disk, a held
    /// lock, a volume that is not mounted yet. Otherwise a person has to act first.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::InUse { .. } | Self::SetAside { .. } => true,
            Self::Open { source, .. } | Self::Database { source, .. } => !is_denied(source),
            Self::Damaged { .. }
            | Self::NotAFile { .. }
            | Self::NewerVersion { .. }
            | Self::Foreign { .. }
            | Self::ValueTooLarge { .. }
            | Self::Full { .. }
            | Self::UnknownScope { .. } => false,
        }
    }
}

/// Whether access was denied, which does not pass by itself.
fn is_denied(source: &Source) -> bool {
    use io::ErrorKind::{PermissionDenied, ReadOnlyFilesystem};
    let error = source.downcast_ref::<io::Error>();
    error.is_some_and(|error| matches!(error.kind(), PermissionDenied | ReadOnlyFilesystem))
}

impl fmt::Display for StorageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open { path, source } | Self::Database { path, source } if is_denied(source) => {
                write!(
                    f,
                    "{} cannot be written: let this user read and write the file and its directory",
                    path.display()
                )
            }
            Self::Open { path, .. } => write!(f, "cannot open {}", path.display()),
            Self::InUse { path } => write!(
                f,
                "{} is in use already: give each process a file of its own",
                path.display()
            ),
            Self::SetAside { path, kept } => write!(
                f,
                "{} was damaged: it is kept as {}, and a new file was begun",
                path.display(),
                kept.display()
            ),
            Self::Damaged { path, reason, .. } => {
                write!(f, "{} is damaged, and {reason}: remove it", path.display())
            }
            Self::NotAFile { path, found } => {
                write!(f, "{} is {found}: name a regular file", path.display())
            }
            Self::NewerVersion { path, found, known } => write!(
                f,
                "{} is of version {found}, and this program reads versions up to {known}: update \
                 the program, or choose another file",
                path.display()
            ),
            Self::Foreign { path } => {
                write!(f, "{} holds no sessions: choose another file", path.display())
            }
            Self::ValueTooLarge { length, limit } => {
                write!(f, "a value of {length} bytes is not kept: the limit is {limit}")
            }
            Self::Full { limit } => {
                write!(f, "the storage is full at {limit} bytes: remove what is not needed")
            }
            Self::UnknownScope { scope } => {
                write!(f, "`{scope}` is no scope: use `local` or `session`")
            }
            Self::Database { path, .. } => write!(f, "the database in {} failed", path.display()),
        }
    }
}

impl Error for StorageError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Open { source, .. }
            | Self::Damaged { source, .. }
            | Self::Database { source, .. } => Some(&**source),
            _ => None,
        }
    }
}
