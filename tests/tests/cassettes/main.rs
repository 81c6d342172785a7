//! Sessions on record: recorded against the sandbox space, without a secret in them, and replayed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod broken;
mod differences;
mod scenes;
mod secrecy;

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use credwire::{
    client::HistoryEvent,
    recording::{Cassette, Replay, Replayed},
};

use scenes::SCENES;

fn committed(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("cassettes").join(format!("{name}.jsonl"))
}

fn replay(path: &Path) -> Replayed {
    Replay::new(Cassette::read(path).unwrap()).run().unwrap()
}

fn labels(replayed: &Replayed) -> Vec<String> {
    replayed.timeline.entries().map(|entry| entry.event.label().to_owned()).collect()
}

/// What is recorded today is replayed today. With `CREDWIRE_RECORD` set the committed cassettes
/// are recorded again.
#[tokio::test(start_paused = true)]
async fn every_scene_is_replayed_as_it_was_recorded() {
    for scene in SCENES {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("scene.jsonl");
        (scene.play)(path.clone()).await;
        let cassette = Cassette::read(&path).unwrap();
        assert!(cassette.is_complete(), "{}", scene.name);
        let lasts = cassette.lasts();
        let replayed = Replay::new(cassette).run().unwrap();
        assert_eq!(replayed.mismatch, None, "{}", scene.name);
        assert!(replayed.lasted.abs_diff(lasts) < Duration::from_secs(1), "{}", scene.name);
        if std::env::var_os("CREDWIRE_RECORD").is_some() {
            fs::create_dir_all(committed("").parent().unwrap()).unwrap();
            fs::copy(&path, committed(scene.name)).unwrap();
        }
    }
}

#[test]
fn a_static_token_connects_calls_and_leaves() {
    let replayed = replay(&committed("static-token"));
    assert_eq!(replayed.mismatch, None);
    let expected = [
        "authenticated",
        "SAT received",
        "connected",
        "credential_no_refresh_handler",
        "disconnected",
    ];
    assert_eq!(labels(&replayed), expected);
    // authenticate(), the profile, a socket, connect, online, a call, an event's and a ping's
    // answer, offline, close.
    assert!(replayed.compared >= 10, "{}", replayed.compared);
}

#[test]
fn a_bound_session_is_activated_and_rotated() {
    let replayed = replay(&committed("client-bound"));
    assert_eq!(replayed.mismatch, None);
    let labels = labels(&replayed);
    let count = |label: &str| labels.iter().filter(|it| *it == label).count();
    assert_eq!((count("activated"), count("rotated"), count("reauthenticated")), (1, 2, 3));
    assert!(replayed.lasted > Duration::from_secs(20 * 60), "{:?}", replayed.lasted);
}

#[test]
fn a_lost_socket_is_resumed() {
    let replayed = replay(&committed("drop-and-resume"));
    assert_eq!(replayed.mismatch, None);
    let dropped = |event: &HistoryEvent| matches!(event, HistoryEvent::Dropped { .. });
    let mut entries = replayed.timeline.entries().map(|entry| &entry.event);
    assert!(entries.any(dropped) && entries.any(|event| *event == HistoryEvent::Resumed));
}
