//! A file whose disk fails when a test wants it to.

use std::{
    fs::File,
    io,
    ops::Bound,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
};

use redb::{BackendError, Builder, StorageBackend, backends::FileBackend};

use crate::storage::file::Connect;

/// What is wrong with the disk.
#[derive(Debug, Default)]
pub(super) struct Disk {
    /// Nothing more can be written.
    pub(super) full: AtomicBool,
    /// Nothing can be read or written.
    pub(super) broken: AtomicBool,
    /// The next access panics.
    pub(super) panics: AtomicBool,
    /// How often a file was opened.
    pub(super) opened: AtomicU32,
}

impl Disk {
    pub(super) fn connect(self: &Arc<Self>) -> Connect {
        let disk = Arc::clone(self);
        Arc::new(move |file: File| {
            disk.opened.fetch_add(1, Ordering::Relaxed);
            let inner = FileBackend::new(file)?;
            let file = Faulty { inner, disk: Arc::clone(&disk) };
            Builder::new().set_check_integrity_on_open(true).create_with_backend(file)
        })
    }

    fn check(&self, writes: bool) -> Result<(), io::Error> {
        assert!(!self.panics.swap(false, Ordering::Relaxed), "made-up panic");
        if self.broken.load(Ordering::Relaxed) {
            return Err(io::Error::other("made-up IO error"));
        }
        if writes && self.full.load(Ordering::Relaxed) {
            return Err(io::ErrorKind::StorageFull.into());
        }
        Ok(())
    }
}

#[derive(Debug)]
struct Faulty {
    inner: FileBackend,
    disk: Arc<Disk>,
}

impl StorageBackend for Faulty {
    fn len(&self) -> Result<u64, io::Error> {
        self.disk.check(false)?;
        self.inner.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> Result<(), io::Error> {
        self.disk.check(false)?;
        self.inner.read(offset, out)
    }

    fn set_len(&self, len: u64) -> Result<(), io::Error> {
        self.disk.check(true)?;
        self.inner.set_len(len)
    }

    fn sync_data(&self) -> Result<(), io::Error> {
        self.disk.check(false)?;
        self.inner.sync_data()
    }

    fn write(&self, offset: u64, data: &[u8]) -> Result<(), io::Error> {
        self.disk.check(true)?;
        self.inner.write(offset, data)
    }

    fn close(&self) -> Result<(), io::Error> {
        self.inner.close()
    }

    fn try_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.inner.try_lock_range(start, end)
    }

    fn try_lock_shared_range(
        &self,
        start: Bound<u64>,
        end: Bound<u64>,
    ) -> Result<bool, BackendError> {
        self.inner.try_lock_shared_range(start, end)
    }

    fn unlock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.inner.unlock_range(start, end)
    }

    fn lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.inner.lock_range(start, end)
    }

    fn lock_shared_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.inner.lock_shared_range(start, end)
    }

    fn query_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.inner.query_lock_range(start, end)
    }
}
