//! `examples/outside` builds as the crate of a user does, and runs against a space.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use credwire_sandbox::{Space, SpaceOptions};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/outside");

/// Builds the example with what the workspace was built with, and gives its binary.
fn build() -> PathBuf {
    let folder = Path::new(FOLDER);
    // With the versions of the workspace nothing has to be fetched, and next to nothing built.
    fs::copy(folder.join("../../Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let built = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["build", "--quiet", "--offline", "--manifest-path"])
        .arg(folder.join("Cargo.toml"))
        .arg("--target-dir")
        .arg(target)
        .status();
    assert!(built.unwrap().success(), "examples/outside does not build");
    target.join("debug").join(format!("outside{}", env::consts::EXE_SUFFIX))
}

#[tokio::test]
async fn a_crate_of_a_user_keeps_a_session_fresh() {
    let binary = build();
    let space = Space::start(SpaceOptions::default()).await.unwrap();
    let ready = Path::new(env!("CARGO_TARGET_TMPDIR")).join("outside-space.json");
    fs::write(&ready, space.ready_line()).unwrap();

    let mut run = tokio::process::Command::new(binary);
    let run = run.arg(&ready).kill_on_drop(true).output();
    // Its tokens live for 8 seconds.
    let run = tokio::time::timeout(Duration::from_secs(60), run).await.unwrap().unwrap();
    let output = String::from_utf8_lossy(&run.stdout);
    let errors = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "{output}{errors}");

    let readme = fs::read_to_string(Path::new(FOLDER).join("README.md")).unwrap();
    let promised = readme.split("```text\n").nth(1).and_then(|rest| rest.split("```").next());
    let promised = promised.unwrap().replace("space.test:40123", space.domain());
    assert_eq!(output, promised);

    let log = space.log();
    let asked = |op: &str| log.checks.iter().filter(|check| check.op == op).count();
    assert!(asked("POST /backend/token") >= 2, "{log:?}");
    assert!(asked("rpc signalwire.reauthenticate") >= 1, "{log:?}");
    assert_eq!(asked("rpc signalwire.connect"), 1, "{log:?}");
}
