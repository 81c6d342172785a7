//! What a builder says about the recording (feature `recording`).

use std::path::PathBuf;

/// Where a session is recorded, and how much of it.
#[derive(Debug)]
pub(super) struct RecordingOptions {
    pub(super) path: Option<PathBuf>,
    /// The largest file, in bytes.
    pub(super) size: u64,
    /// The largest memory, in bytes.
    pub(super) memory: usize,
}

impl Default for RecordingOptions {
    fn default() -> Self {
        Self { path: None, size: 64 * 1024 * 1024, memory: 8 * 1024 * 1024 }
    }
}
