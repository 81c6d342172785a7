//! Disks and files that fail, and what is stored afterwards.

use std::{fs, path::PathBuf, sync::atomic::Ordering::Relaxed, time::Duration};

use tempfile::TempDir;

use super::{faulty::Disk, *};
use crate::storage::LOCAL;

struct Place {
    directory: TempDir,
    path: PathBuf,
}

fn place() -> Place {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("s");
    Place { directory, path }
}

impl Place {
    /// The files beside the one in use.
    fn others(&self) -> Vec<String> {
        let names = fs::read_dir(self.directory.path()).unwrap();
        let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = names.filter(|name| name != "s").collect();
        names.sort();
        names
    }

    /// A database with an item, closed again.
    async fn filled(&self) -> Vec<u8> {
        let storage = RedbStorage::open(&self.path).await.unwrap();
        set(&storage, "made-up").await.unwrap();
        drop(storage);
        fs::read(&self.path).unwrap()
    }
}

async fn set(storage: &RedbStorage, value: &str) -> Result<(), StorageError> {
    typed(storage.set_item("a", Some(value), LOCAL).await)
}

async fn get(storage: &RedbStorage) -> Result<Option<String>, StorageError> {
    typed(storage.get_item("a", LOCAL).await)
}

fn typed<T>(result: Result<T, Failure>) -> Result<T, StorageError> {
    result.map_err(|error| *error.downcast().unwrap())
}

#[tokio::test(start_paused = true)]
async fn a_full_disk_is_free_again_after_ten_seconds() {
    let place = place();
    let disk = Arc::new(Disk::default());
    let storage = RedbStorage::connected_by(place.path.clone(), disk.connect());
    set(&storage, "1").await.unwrap();
    disk.full.store(true, Relaxed);
    for _ in 0..10 {
        let error = set(&storage, &"2".repeat(20_000)).await.unwrap_err();
        assert!(error.is_transient(), "{error}");
        assert!(!crate::client::chain(&error).contains("222"), "{error}");
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    disk.full.store(false, Relaxed);
    set(&storage, "3").await.unwrap();
    assert_eq!(get(&storage).await.unwrap().as_deref(), Some("3"));
    drop(storage);
    let storage = RedbStorage::new(&place.path);
    assert_eq!(get(&storage).await.unwrap().as_deref(), Some("3"));
    assert!(place.others().is_empty(), "{:?}", place.others());
}

#[tokio::test(start_paused = true)]
async fn a_disk_that_is_full_from_the_start_costs_no_file() {
    let place = place();
    let disk = Arc::new(Disk::default());
    disk.full.store(true, Relaxed);
    let storage = RedbStorage::connected_by(place.path.clone(), disk.connect());
    assert!(set(&storage, "1").await.unwrap_err().is_transient());
    assert!(!place.path.exists() && place.others().is_empty(), "{:?}", place.others());
    disk.full.store(false, Relaxed);
    set(&storage, "1").await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn after_an_io_error_or_a_panic_the_file_is_opened_again() {
    let place = place();
    let disk = Arc::new(Disk::default());
    let storage = RedbStorage::connected_by(place.path.clone(), disk.connect());
    set(&storage, "1").await.unwrap();
    let opened = disk.opened.load(Relaxed);
    set(&storage, "2").await.unwrap();
    assert_eq!(disk.opened.load(Relaxed), opened, "it stays open as long as it works");

    disk.broken.store(true, Relaxed);
    let error = set(&storage, "3").await.unwrap_err();
    assert!(error.is_transient() && error.to_string().contains("failed"), "{error}");
    disk.broken.store(false, Relaxed);
    assert_eq!(get(&storage).await.unwrap().as_deref(), Some("2"));

    disk.panics.store(true, Relaxed);
    assert!(set(&storage, "4").await.unwrap_err().is_transient());
    set(&storage, "5").await.unwrap();
    assert_eq!(get(&storage).await.unwrap().as_deref(), Some("5"));
    // An IO error is no damage.
    assert!(place.others().is_empty(), "{:?}", place.others());
}

#[tokio::test(start_paused = true)]
async fn a_damaged_file_is_kept_under_another_name_and_a_new_one_is_begun() {
    let whole = place().filled().await;
    let mut flipped = whole.clone();
    for byte in &mut flipped[4096..] {
        *byte ^= 0x55;
    }
    let mut headless = whole.clone();
    headless[..512].fill(0);
    for damaged in [
        whole[..100].to_vec(),
        whole[..whole.len() / 2].to_vec(),
        flipped,
        headless,
        vec![0; 4096],
        vec![0],
        b"redb".to_vec(),
    ] {
        let place = place();
        place.filled().await;
        fs::write(&place.path, &damaged).unwrap();
        let storage = RedbStorage::new(&place.path);
        // The first read says what was lost, and the next ones find the new file.
        let error = get(&storage).await.unwrap_err();
        let StorageError::SetAside { kept, .. } = &error else { panic!("{error:?}") };
        assert!(error.is_transient() && error.to_string().contains("s.damaged"), "{error}");
        assert_eq!(fs::read(kept).unwrap(), damaged);
        assert_eq!(get(&storage).await.unwrap(), None);
        set(&storage, "again").await.unwrap();
        drop(storage);
        // The next run is none the wiser.
        let storage = RedbStorage::open(&place.path).await.unwrap();
        assert_eq!(get(&storage).await.unwrap().as_deref(), Some("again"));
        assert_eq!(place.others(), ["s.damaged"]);
    }
}

#[tokio::test(start_paused = true)]
async fn every_damaged_file_gets_a_name_of_its_own_as_long_as_there_are_names() {
    let place = place();
    for number in 1..=9 {
        fs::write(&place.path, [0; 100]).unwrap();
        // To open is no read: it does not fail, and the loss is reported by the first read.
        let storage = RedbStorage::open(&place.path).await.unwrap();
        set(&storage, "made-up").await.unwrap();
        assert!(matches!(get(&storage).await, Err(StorageError::SetAside { .. })));
        assert_eq!(place.others().len(), number);
    }
    fs::write(&place.path, [0; 100]).unwrap();
    let error = RedbStorage::open(&place.path).await.unwrap_err();
    assert!(matches!(error, StorageError::Damaged { .. }) && !error.is_transient(), "{error}");
    assert_eq!(fs::read(&place.path).unwrap(), [0; 100]);
    // A person makes room.
    fs::remove_file(place.directory.path().join("s.damaged-4")).unwrap();
    RedbStorage::open(&place.path).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn damage_that_shows_while_the_file_is_open_heals_too() {
    let place = place();
    let disk = Arc::new(Disk::default());
    let storage = RedbStorage::connected_by(place.path.clone(), disk.connect());
    set(&storage, "1").await.unwrap();
    disk.broken.store(true, Relaxed);
    set(&storage, "2").await.unwrap_err();
    disk.broken.store(false, Relaxed);
    fs::write(&place.path, [0; 10_000]).unwrap();
    set(&storage, "3").await.unwrap();
    assert!(matches!(get(&storage).await, Err(StorageError::SetAside { .. })));
    assert_eq!(get(&storage).await.unwrap().as_deref(), Some("3"));
    assert_eq!(place.others(), ["s.damaged"]);
}

#[tokio::test(start_paused = true)]
async fn a_form_that_is_no_longer_read_is_set_aside() {
    let place = place();
    place.filled().await;
    let database = Database::create(&place.path).unwrap();
    let transaction = database.begin_write().unwrap();
    transaction.open_table(FACTS).unwrap().insert(VERSION, 0).unwrap();
    transaction.commit().unwrap();
    drop(database);
    let storage = RedbStorage::new(&place.path);
    assert!(matches!(get(&storage).await, Err(StorageError::SetAside { .. })));
    set(&storage, "1").await.unwrap();
    assert_eq!(place.others(), ["s.damaged"]);
}

#[tokio::test(start_paused = true)]
async fn a_lock_that_is_held_is_tried_again() {
    let place = place();
    place.filled().await;
    let other = RedbStorage::open(&place.path).await.unwrap();
    let storage = RedbStorage::new(&place.path);
    for _ in 0..3 {
        let error = get(&storage).await.unwrap_err();
        assert!(matches!(error, StorageError::InUse { .. }) && error.is_transient(), "{error}");
    }
    drop(other);
    assert_eq!(get(&storage).await.unwrap().as_deref(), Some("made-up"));
    assert!(place.others().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_directory_that_comes_later_is_found() {
    let directory = TempDir::new().unwrap();
    let below = directory.path().join("volume");
    let storage = RedbStorage::new(below.join("s"));
    let error = set(&storage, "1").await.unwrap_err();
    assert!(matches!(error, StorageError::Open { .. }) && error.is_transient(), "{error}");
    fs::create_dir(&below).unwrap();
    set(&storage, "1").await.unwrap();
}

#[cfg(unix)]
#[tokio::test(start_paused = true)]
async fn a_file_that_is_removed_or_replaced_while_it_is_open_is_opened_anew() {
    let place = place();
    let storage = RedbStorage::open(&place.path).await.unwrap();
    set(&storage, "1").await.unwrap();
    fs::remove_file(&place.path).unwrap();
    set(&storage, "2").await.unwrap();
    assert!(place.path.exists(), "what was set is in a file that can be found");

    // A backup is put back.
    let other = self::place();
    other.filled().await;
    fs::rename(&other.path, &place.path).unwrap();
    assert_eq!(get(&storage).await.unwrap().as_deref(), Some("made-up"));
    assert!(place.others().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_file_that_cannot_be_written_needs_a_person() {
    for kind in [std::io::ErrorKind::PermissionDenied, std::io::ErrorKind::ReadOnlyFilesystem] {
        let place = place();
        place.filled().await;
        let denied: Connect = Arc::new(move |_| Err(std::io::Error::from(kind).into()));
        let storage = RedbStorage::connected_by(place.path.clone(), denied);
        let error = set(&storage, "1").await.unwrap_err();
        assert!(!error.is_transient(), "{error}");
        assert!(error.to_string().contains("let this user read and write"), "{error}");
        assert!(place.others().is_empty());
    }
}

#[cfg(unix)]
mod things {
    use std::os::unix::{
        fs::{FileTypeExt as _, symlink},
        net::UnixListener,
    };

    use rustix::fs::{CWD, FileType, Mode, mknodat};

    use super::*;

    async fn refused(path: &std::path::Path) -> String {
        let storage = RedbStorage::new(path);
        let error = set(&storage, "1").await.unwrap_err();
        let needs_a_person =
            matches!(error, StorageError::NotAFile { .. } | StorageError::Damaged { .. });
        assert!(needs_a_person && !error.is_transient(), "{error:?}");
        error.to_string()
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_not_a_file_is_neither_waited_for_nor_replaced() {
        let place = place();
        fs::create_dir(&place.path).unwrap();
        assert!(refused(&place.path).await.contains("a directory"));
        assert!(place.path.is_dir());
        fs::remove_dir(&place.path).unwrap();

        mknodat(CWD, &place.path, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
        assert!(refused(&place.path).await.contains("a named pipe"));
        assert!(fs::symlink_metadata(&place.path).unwrap().file_type().is_fifo());
        // It heals once a person has removed it.
        fs::remove_file(&place.path).unwrap();
        RedbStorage::open(&place.path).await.unwrap();
        fs::remove_file(&place.path).unwrap();

        let listener = UnixListener::bind(&place.path).unwrap();
        assert!(refused(&place.path).await.contains("a socket"));
        drop(listener);
        assert!(refused("/dev/null".as_ref()).await.contains("a device"));
        assert!(fs::metadata("/dev/null").unwrap().file_type().is_char_device());
    }

    #[tokio::test(start_paused = true)]
    async fn a_link_is_followed_to_a_whole_file_and_its_target_is_never_replaced() {
        let place = place();
        let target = place.directory.path().join("target");
        symlink(&target, &place.path).unwrap();
        assert!(refused(&place.path).await.contains("a symbolic link to nothing"));
        assert!(!target.exists());

        fs::write(&target, "").unwrap();
        assert!(refused(&place.path).await.contains("a symbolic link to an empty file"));
        assert_eq!(fs::read(&target).unwrap(), b"");

        fs::write(&target, [0; 100]).unwrap();
        assert!(refused(&place.path).await.contains("through a symbolic link"));
        assert_eq!(fs::read(&target).unwrap(), [0; 100]);

        fs::remove_file(&target).unwrap();
        drop(RedbStorage::open(&target).await.unwrap());
        let storage = RedbStorage::new(&place.path);
        set(&storage, "1").await.unwrap();
        drop(storage);
        assert!(place.path.is_symlink());
        assert_eq!(get(&RedbStorage::new(&target)).await.unwrap().as_deref(), Some("1"));

        fs::remove_file(&place.path).unwrap();
        symlink(place.directory.path(), &place.path).unwrap();
        assert!(refused(&place.path).await.contains("a directory"));
        assert_eq!(place.others(), ["target"]);
    }

    /// Bytes that are no database: of another program, or of this one before they were damaged.
    #[tokio::test(start_paused = true)]
    async fn foreign_bytes_are_distinguished_from_damaged_ones_by_owner_and_mode() {
        use std::os::unix::fs::PermissionsExt as _;
        let place = place();
        let text = "made up ".repeat(1000);
        fs::write(&place.path, &text).unwrap();
        fs::set_permissions(&place.path, fs::Permissions::from_mode(0o644)).unwrap();
        for _ in 0..2 {
            let error = RedbStorage::open(&place.path).await.unwrap_err();
            assert!(matches!(error, StorageError::Foreign { .. }), "{error}");
            assert!(!error.is_transient());
        }
        assert_eq!(fs::read_to_string(&place.path).unwrap(), text);
        assert_eq!(fs::metadata(&place.path).unwrap().permissions().mode() & 0o777, 0o644);

        fs::remove_file(&place.path).unwrap();
        place.filled().await;
        fs::write(&place.path, &text).unwrap();
        set(&RedbStorage::new(&place.path), "1").await.unwrap();
        assert_eq!(place.others(), ["s.damaged"]);
    }
}
