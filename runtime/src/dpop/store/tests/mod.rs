//! Keys in files, among people who should not have them.

use std::{
    fs,
    os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink},
    path::Path,
};

use tempfile::TempDir;

use super::{FileKeyStore, KeyStore as _, KeyStoreErrorKind, Pkcs8};

/// A directory of ours alone, with a key `a` in it.
async fn kept() -> (TempDir, FileKeyStore, Pkcs8) {
    let directory = TempDir::new().unwrap();
    let store = FileKeyStore::new(directory.path());
    let key = Pkcs8::new(b"made-up key".to_vec());
    store.store("a", &key).await.unwrap();
    (directory, store, key)
}

fn chmod(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

async fn refused(store: &FileKeyStore) -> (KeyStoreErrorKind, String) {
    let error = store.load("a").await.unwrap_err();
    let text = error.to_string();
    assert!(!text.contains("made-up"), "{text}");
    (error.kind(), text)
}

#[tokio::test]
async fn a_key_comes_back_and_nobody_else_may_read_it() {
    let (directory, store, key) = kept().await;
    assert_eq!(store.load("a").await.unwrap(), Some(key));
    assert_eq!(store.load("b").await.unwrap(), None);
    let found = fs::metadata(directory.path().join("a.p8")).unwrap();
    assert_eq!(found.mode() & 0o7777, 0o600);
    store.delete("a").await.unwrap();
    store.delete("a").await.unwrap();
    assert_eq!(store.load("a").await.unwrap(), None);
}

#[tokio::test]
async fn a_missing_directory_is_made_for_us_alone() {
    let directory = TempDir::new().unwrap();
    let below = directory.path().join("x/keys");
    let store = FileKeyStore::new(&below);
    assert_eq!(store.load("a").await.unwrap(), None);
    store.delete("a").await.unwrap();
    assert!(!below.exists());
    store.store("a", &Pkcs8::new(vec![1])).await.unwrap();
    assert_eq!(fs::metadata(&below).unwrap().mode() & 0o7777, 0o700);
}

#[tokio::test]
async fn a_key_is_replaced_as_a_whole_and_no_draft_is_left() {
    let (directory, store, _) = kept().await;
    let path = directory.path().join("a.p8");
    let reader = fs::File::open(&path).unwrap();
    store.store("a", &Pkcs8::new(b"another".to_vec())).await.unwrap();
    assert_eq!(std::io::read_to_string(reader).unwrap(), "made-up key", "the old file is whole");
    assert_eq!(fs::read_to_string(&path).unwrap(), "another");
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn a_key_that_others_can_reach_is_refused_with_the_fix() {
    let (directory, store, key) = kept().await;
    let path = directory.path().join("a.p8");
    for mode in [0o640, 0o604, 0o602, 0o666] {
        chmod(&path, mode);
        let (kind, text) = refused(&store).await;
        assert_eq!(kind, KeyStoreErrorKind::Insecure);
        assert!(text.contains("chmod 600") && text.contains("a.p8"), "{text}");
    }
    chmod(&path, 0o600);
    for mode in [0o770, 0o707, 0o1777] {
        chmod(directory.path(), mode);
        let (kind, text) = refused(&store).await;
        assert_eq!(kind, KeyStoreErrorKind::Insecure);
        assert!(text.contains("chmod 700"), "{text}");
        let error = store.store("a", &key).await.unwrap_err();
        assert_eq!(error.kind(), KeyStoreErrorKind::Insecure);
    }
    chmod(directory.path(), 0o700);
    assert_eq!(store.load("a").await.unwrap(), Some(key));
}

#[tokio::test]
async fn links_and_other_things_are_not_followed() {
    let (directory, store, key) = kept().await;
    let (path, elsewhere) = (directory.path().join("a.p8"), directory.path().join("elsewhere"));
    fs::rename(&path, &elsewhere).unwrap();
    symlink(&elsewhere, &path).unwrap();
    let (kind, text) = refused(&store).await;
    assert_eq!(kind, KeyStoreErrorKind::Insecure);
    assert!(text.contains("symbolic link"), "{text}");
    // The link is replaced, and what it points to is left alone.
    store.store("a", &Pkcs8::new(b"new".to_vec())).await.unwrap();
    assert_eq!(fs::read(&elsewhere).unwrap(), *key.expose());
    assert!(fs::symlink_metadata(&path).unwrap().is_file());

    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    assert_eq!(refused(&store).await.0, KeyStoreErrorKind::Insecure);
    fs::remove_dir(&path).unwrap();
    fs::write(&path, vec![0; 100_000]).unwrap();
    chmod(&path, 0o600);
    assert_eq!(refused(&store).await.0, KeyStoreErrorKind::Corrupt);
}

#[tokio::test]
async fn what_is_not_ours_is_neither_replaced_nor_removed() {
    use rustix::fs::{CWD, FileType, Mode, mknodat};
    let (directory, store, key) = kept().await;
    let path = directory.path().join("a.p8");
    let attempts = async || {
        for error in [
            store.load("a").await.unwrap_err(),
            store.store("a", &key).await.unwrap_err(),
            store.delete("a").await.unwrap_err(),
            store.set_aside("a").await.unwrap_err(),
        ] {
            assert_eq!(error.kind(), KeyStoreErrorKind::Insecure, "{error}");
            assert!(!error.is_transient() && error.to_string().contains("remove it"), "{error}");
        }
    };
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    attempts().await;
    assert!(path.is_dir());
    fs::remove_dir(&path).unwrap();
    mknodat(CWD, &path, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
    attempts().await;
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1, "and no draft is left");
    fs::remove_file(&path).unwrap();
    store.store("a", &key).await.unwrap();
    assert_eq!(store.load("a").await.unwrap(), Some(key));
}

#[tokio::test]
async fn a_damaged_key_is_kept_under_another_name() {
    let (directory, store, key) = kept().await;
    for name in ["a.p8.damaged", "a.p8.damaged-2"] {
        let kept = store.set_aside("a").await.unwrap().unwrap();
        assert_eq!(Path::new(&kept), directory.path().join(name));
        assert_eq!(fs::read(&kept).unwrap(), *key.expose());
        assert_eq!(store.load("a").await.unwrap(), None);
        store.store("a", &key).await.unwrap();
    }
    for _ in 3..=9 {
        store.set_aside("a").await.unwrap().unwrap();
        store.store("a", &key).await.unwrap();
    }
    let error = store.set_aside("a").await.unwrap_err();
    assert_eq!(error.kind(), KeyStoreErrorKind::Corrupt, "{error}");
    assert_eq!(store.load("a").await.unwrap(), Some(key));
    store.delete("a").await.unwrap();
    assert_eq!(store.set_aside("a").await.unwrap(), None);
}

#[tokio::test]
async fn names_stay_within_the_directory() {
    let (_directory, store, key) = kept().await;
    let long = "x".repeat(101);
    for name in ["", ".", "..", "../a", "a/b", ".hidden", "a\0b", "ä", &long] {
        let error = store.store(name, &key).await.unwrap_err();
        assert_eq!(error.kind(), KeyStoreErrorKind::Name, "{name}");
        assert_eq!(store.load(name).await.unwrap_err().kind(), KeyStoreErrorKind::Name, "{name}");
    }
}

#[tokio::test]
async fn what_is_no_directory_is_unavailable() {
    let (directory, ..) = kept().await;
    let store = FileKeyStore::new(directory.path().join("a.p8"));
    let (kind, text) = refused(&store).await;
    assert_eq!(kind, KeyStoreErrorKind::Unavailable);
    assert!(text.contains("a.p8"), "{text}");
}
