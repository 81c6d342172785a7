//! How a storage fails.

use std::{error::Error, fmt, path::PathBuf};

type Source = Box<dyn Error + Send + Sync>;

/// Why something could not be kept or found. No message holds a value.
#[derive(Debug)]
#[non_exhaustive]
pub enum StorageError {
    /// The file cannot be opened or made.
    Open {
        /// The file.
        path: PathBuf,
        /// Why.
        source: Source,
    },
    /// The file is open already, in this process or another.
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// The file is of a later version of this crate.
    NewerVersion {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: u64,
        /// The newest version that is understood.
        known: u64,
    },
    /// The file is something else.
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// A value is too large.
    ValueTooLarge {
        /// Its length in bytes.
        length: usize,
        /// The most that is kept, in bytes.
        limit: usize,
    },
    /// There is no more room.
    Full {
        /// The most that is kept, in bytes.
        limit: usize,
    },
    /// The scope is none of the reference's.
    UnknownScope {
        /// The scope.
        scope: String,
    },
    /// The database failed.
    Database {
        /// The file.
        path: PathBuf,
        /// Why.
        source: Source,
    },
}

impl fmt::Display for StorageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open { path, .. } => write!(f, "cannot open {}", path.display()),
            Self::InUse { path } => write!(
                f,
                "{} is in use already: give each process a file of its own",
                path.display()
            ),
            Self::NewerVersion { path, found, known } => write!(
                f,
                "{} is of version {found}, and this program knows versions up to {known}: update \
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
            Self::Open { source, .. } | Self::Database { source, .. } => Some(&**source),
            _ => None,
        }
    }
}
