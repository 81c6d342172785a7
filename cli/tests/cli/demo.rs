use std::{fs, path::Path};

use crate::process::run;

/// What the demo prints, in this order, when it is not on a terminal.
const STEPS: [&str; 14] = [
    "reference pages to a typed API",
    "no problem",
    "the same facts in 1 page of rendered text",
    "agree with them",
    "agree, byte for byte",
    "over TLS",
    "activated",
    "first rotation",
    "second rotation",
    "cut the socket",
    "resumed from the stored state",
    "refresh() is armed instead",
    "refresh(): the backend returned a new SAT",
    "show both sessions",
];

#[test]
fn the_demo_reports_each_step_and_leaves_the_timeline() {
    let folder = tempfile::tempdir().unwrap();
    let ran = run(folder.path(), &["demo", "--out", "shown"]).exits(0);
    let mut rest = ran.out.as_str();
    for step in STEPS {
        let at = rest.find(step).unwrap_or_else(|| panic!("{step} in\n{}", ran.out));
        rest = &rest[at..];
    }
    assert!(!ran.out.contains('\u{1b}') && ran.err.is_empty(), "{}", ran.err);
    let svg = fs::read_to_string(folder.path().join("shown/timeline.svg")).unwrap();
    for mark in ["session bound", "session fallback", "socket lost from", "resumed", "rotated"] {
        assert!(svg.contains(mark), "{mark}");
    }
    let html = fs::read_to_string(folder.path().join("shown/timeline.html")).unwrap();
    assert!(html.contains("<svg") && html.contains("refreshed SAT received"));
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("file"), "").unwrap();
    let out = Path::new("file").join("below");
    let ran = run(folder.path(), &["demo", "--out", out.to_str().unwrap()]).exits(1);
    assert!(ran.err.contains("cannot write to file/below"), "{}", ran.err);
    assert_eq!(ran.out, "", "it must not run before");
}
