use std::{fs, path::Path};

use serde_json::Value;

use crate::{
    process::{fed, run},
    space::Space,
};

/// A recorded session of a bound token, and the token.
fn recorded(space: &Space) -> String {
    let token = fed(space.mint(&["--refreshable", "--expire-in", "600"]), "").exits(0).out;
    let args = ["session", "--token-env", "TOKEN", "--for", "1.5", "--allow-domain", "space.test"];
    let mut session = space.command(&args);
    session.args(["--record", "kiosk.jsonl"]).env("TOKEN", token.trim());
    fed(session, "").exits(0);
    token
}

#[test]
fn a_recorded_session_is_replayed_without_its_space() {
    let space = Space::start();
    let token = recorded(&space);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("kiosk.jsonl");
    fs::copy(space.folder().join("kiosk.jsonl"), &file).unwrap();
    drop(space);

    let text = fs::read_to_string(&file).unwrap();
    for part in token.trim().split('.').filter(|part| part.len() >= 16) {
        assert!(!text.contains(part), "a part of the token");
    }
    let ran = run(folder.path(), &["replay", "kiosk.jsonl", "--timeline", "then.svg"]).exits(0);
    for event in ["authenticated", "connected", "activated", "disconnected"] {
        assert!(ran.out.contains(event), "{event}: {}", ran.out);
    }
    assert!(ran.out.trim_end().ends_with("all as recorded"), "{}", ran.out);
    assert!(fs::read_to_string(folder.path().join("then.svg")).unwrap().contains("activated"));

    // Another client would not say this.
    fs::write(&file, text.replace("subscriber.online", "subscriber.elsewhere")).unwrap();
    let line = 1 + text.lines().position(|line| line.contains("subscriber.online")).unwrap();
    let ran = run(folder.path(), &["replay", "kiosk.jsonl"]).exits(1);
    assert!(ran.out.contains(&format!("kiosk.jsonl:{line}\n")), "{}", ran.out);
    assert!(ran.out.contains("expected the request subscriber.elsewhere"), "{}", ran.out);
    let ran = run(folder.path(), &["replay", "kiosk.jsonl", "--json"]).exits(1);
    let object: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(object["difference"]["line"], line);
    assert_eq!(object["difference"]["found"], "the request subscriber.online");
    assert!(object["compared"].as_u64().unwrap() >= 8, "{object}");
}

#[test]
fn what_is_no_recording_is_refused_with_its_line() {
    let cassette = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/cassettes/refused.jsonl");
    let good = fs::read_to_string(cassette).unwrap();
    let (first, rest) = good.split_once('\n').unwrap();
    let folder = tempfile::tempdir().unwrap();
    let newer = good.replacen("credwire-cassette/2", "credwire-cassette/7", 1);
    let cases = [
        ("hello\n".to_owned(), "odd.jsonl cannot be replayed: line 1: this is no cassette"),
        (newer, "the cassette has the format `credwire-cassette/7`"),
        (format!("{first}\n{{\n{rest}"), "odd.jsonl cannot be replayed: line 2: "),
    ];
    for (text, words) in cases {
        fs::write(folder.path().join("odd.jsonl"), text).unwrap();
        let ran = run(folder.path(), &["replay", "odd.jsonl"]).exits(1);
        assert_eq!(ran.out, "");
        assert!(ran.err.contains(words), "{}", ran.err);
    }
    let ran = run(folder.path(), &["replay", "absent.jsonl"]).exits(1);
    assert!(ran.err.contains("absent.jsonl cannot be replayed"), "{}", ran.err);

    // Half a recording is half a session.
    fs::write(folder.path().join("odd.jsonl"), &good[..good.len() * 2 / 3]).unwrap();
    let ran = run(folder.path(), &["replay", "odd.jsonl"]).exits(0);
    assert!(ran.err.contains("ends before the session does"), "{}", ran.err);
}
