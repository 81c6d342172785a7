//! Seeds of the fuzz targets, and what fuzzing once found: every check still holds for them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

#[expect(unreachable_pub, reason = "the fuzz targets use it from outside its crate")]
#[path = "../../fuzz/src/checks.rs"]
mod checks;

use std::{
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
};

use checks::{Form, check};

/// The files of a folder; it must have some.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|_| panic!("no {}", folder.display()));
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty(), "nothing in {}", folder.display());
    files
}

/// Checks the seeds of a target, the fixtures in its form and its findings, and names those for
/// which something does not hold.
fn replay(form: Form, target: &str, fixtures: &[&str]) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let corpus = root.join("../tests/corpus");
    let mut all = files(&corpus.join(target));
    all.extend(
        fixtures.iter().flat_map(|folder| files(&root.join("../ingest/fixtures").join(folder))),
    );
    let findings = corpus.join("findings").join(target);
    if findings.exists() {
        all.extend(files(&findings));
    }
    let fails = |path: &&PathBuf| {
        let bytes = fs::read(path).unwrap();
        catch_unwind(AssertUnwindSafe(|| check(form, &bytes, true))).is_err()
    };
    let failed: Vec<&PathBuf> = all.iter().filter(fails).collect();
    assert!(failed.is_empty(), "{failed:#?}");
}

#[test]
fn fern() {
    let folders = ["reference/Errors", "reference/interfaces", "reference/type-aliases"];
    replay(Form::Fern, "fern", &folders);
}

#[test]
fn elements() {
    replay(Form::Elements, "elements", &[]);
}

#[test]
fn rendered() {
    replay(Form::Rendered, "rendered", &["rendered"]);
}

#[test]
fn typedoc() {
    replay(Form::TypeDoc, "typedoc", &[]);
}

#[test]
fn declarations() {
    replay(Form::Declarations, "dts", &[]);
}
