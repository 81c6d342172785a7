mod faulty;
mod heals;

use super::*;
use crate::storage::{
    LOCAL, SESSION,
    format::{FACTS, KNOWN, VERSION},
};

fn directory() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

async fn behaves(storage: impl Storage) {
    let get = async |key: &str, scope: &str| storage.get_item(key, scope).await.unwrap();
    assert_eq!(get("a", LOCAL).await, None);
    storage.set_item("a", Some("1"), LOCAL).await.unwrap();
    storage.set_item("a", Some("2"), SESSION).await.unwrap();
    storage.set_item("b", Some("3"), LOCAL).await.unwrap();
    assert_eq!(get("a", LOCAL).await.as_deref(), Some("1"));
    assert_eq!(get("a", SESSION).await.as_deref(), Some("2"));
    storage.set_item("a", None, LOCAL).await.unwrap();
    storage.remove_item("missing", SESSION).await.unwrap();
    assert_eq!(get("a", LOCAL).await, None);
    storage.clear(LOCAL).await.unwrap();
    assert_eq!(get("b", LOCAL).await, None);
    assert_eq!(get("a", SESSION).await.as_deref(), Some("2"));
    storage.clear(SESSION).await.unwrap();
    assert_eq!(get("a", SESSION).await, None);

    let error = storage.get_item("a", "everywhere").await.unwrap_err().to_string();
    assert!(error.contains("`everywhere`"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn both_storages_behave_as_the_reference_states() {
    let directory = directory();
    behaves(RedbStorage::open(directory.path().join("s")).await.unwrap()).await;
    behaves(MemoryStorage::new()).await;
}

async fn is_bounded(storage: impl Storage) {
    let large = "x".repeat(256 * 1024);
    let error = storage.set_item("a", Some(&format!("{large}x")), LOCAL).await.unwrap_err();
    assert!(error.to_string().contains("262145"), "{error}");
    let mut kept = 0;
    let error = loop {
        match storage.set_item(&kept.to_string(), Some(&large), LOCAL).await {
            Ok(()) => kept += 1,
            Err(error) => break error,
        }
    };
    assert!(kept == 15 && error.to_string().contains("full"), "{kept} {error}");
    // What is there can be replaced.
    storage.set_item("0", Some(&large), LOCAL).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn values_and_the_whole_are_bounded() {
    let directory = directory();
    is_bounded(RedbStorage::open(directory.path().join("s")).await.unwrap()).await;
    is_bounded(MemoryStorage::new()).await;
}

#[tokio::test(start_paused = true)]
async fn items_of_the_file_outlive_it_being_open() {
    let directory = directory();
    let path = directory.path().join("s");
    let storage = RedbStorage::open(&path).await.unwrap();
    storage.set_item("a", Some("made-up"), LOCAL).await.unwrap();
    storage.set_item("a", Some("made-up"), SESSION).await.unwrap();
    assert!(!format!("{storage:?} {:?}", storage.session).contains("made-up"));

    let error = RedbStorage::open(&path).await.unwrap_err();
    assert!(matches!(error, StorageError::InUse { .. }), "{error}");
    drop(storage);

    let storage = RedbStorage::open(&path).await.unwrap();
    assert_eq!(storage.get_item("a", LOCAL).await.unwrap().as_deref(), Some("made-up"));
    assert_eq!(storage.get_item("a", SESSION).await.unwrap(), None);
    // Nothing but the file is left in its directory.
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_later_version_is_refused_and_left_alone() {
    let directory = directory();
    let path = directory.path().join("s");
    drop(RedbStorage::open(&path).await.unwrap());
    let database = Database::create(&path).unwrap();
    let transaction = database.begin_write().unwrap();
    transaction.open_table(FACTS).unwrap().insert(VERSION, KNOWN + 1).unwrap();
    transaction.commit().unwrap();
    drop(database);
    for _ in 0..2 {
        let error = RedbStorage::open(&path).await.unwrap_err();
        assert!(matches!(error, StorageError::NewerVersion { found: 2, .. }), "{error}");
        assert!(error.to_string().contains("update the program"), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn other_files_are_refused_and_left_alone() {
    let directory = directory();
    let path = directory.path().join("s");
    let text = "made up ".repeat(10_000);
    std::fs::write(&path, &text).unwrap();
    let error = RedbStorage::open(&path).await.unwrap_err();
    assert!(matches!(error, StorageError::Foreign { .. }), "{error}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);

    let other = directory.path().join("other");
    drop(Database::create(&other).unwrap());
    let error = RedbStorage::open(&other).await.unwrap_err();
    assert!(matches!(error, StorageError::Foreign { .. }), "{error}");

    let nowhere = RedbStorage::open(directory.path().join("missing/s")).await.unwrap_err();
    assert!(matches!(nowhere, StorageError::Open { .. }), "{nowhere}");
}

#[tokio::test(start_paused = true)]
async fn an_empty_file_is_used() {
    let directory = directory();
    let path = directory.path().join("s");
    std::fs::write(&path, "").unwrap();
    let storage = RedbStorage::open(&path).await.unwrap();
    storage.set_item("a", Some("1"), LOCAL).await.unwrap();
}

#[cfg(unix)]
#[tokio::test(start_paused = true)]
async fn the_file_is_private() {
    use std::os::unix::fs::PermissionsExt as _;
    let directory = directory();
    let path = directory.path().join("s");
    let mode = || std::fs::metadata(&path).unwrap().permissions().mode() & 0o777;
    drop(RedbStorage::open(&path).await.unwrap());
    assert_eq!(mode(), 0o600);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    drop(RedbStorage::open(&path).await.unwrap());
    assert_eq!(mode(), 0o600);
}
