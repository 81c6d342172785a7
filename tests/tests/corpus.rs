//! Seeds of the fuzz targets for JSON, frames and tokens, and what fuzzing once found: every check
//! still holds for them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

#[expect(unreachable_pub, reason = "the fuzz targets use it from outside its crate")]
#[path = "../../fuzz/src/frame.rs"]
mod frame;
#[expect(unreachable_pub, reason = "the fuzz targets use it from outside its crate")]
#[path = "../../fuzz/src/jose.rs"]
mod jose;
#[expect(unreachable_pub, reason = "the fuzz targets use it from outside its crate")]
#[path = "../../fuzz/src/wire.rs"]
mod wire;

use std::{
    collections::BTreeSet,
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn files(folder: impl AsRef<Path>) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = entries.collect();
    files.sort();
    files
}

/// Checks the seeds of a target and its findings, and names those for which something does not
/// hold.
fn replay(target: &str, check: impl Fn(&[u8])) {
    let corpus = Path::new(ROOT).join("corpus");
    let mut all = files(corpus.join(target));
    assert!(!all.is_empty(), "no seeds");
    let findings = corpus.join("findings").join(target);
    if findings.exists() {
        all.extend(files(findings));
    }
    let fails = |path: &&PathBuf| {
        let bytes = fs::read(path).unwrap();
        catch_unwind(AssertUnwindSafe(|| check(&bytes))).is_err()
    };
    let failed: Vec<&PathBuf> = all.iter().filter(fails).collect();
    assert!(failed.is_empty(), "{failed:#?}");
}

#[test]
fn from_json() {
    replay("from_json", wire::check);
    // What is well for one type is something else for another.
    replay("from_json", |bytes| {
        for (_, check) in wire::TYPES {
            check(&bytes[1..]);
        }
    });
}

#[test]
fn every_type_of_the_wire_is_fuzzed_from_a_seed_that_it_takes() {
    let schemas = files(Path::new(ROOT).join("../generated/json-schema"));
    let names = schemas.iter().map(|path| path.file_stem().unwrap().to_str().unwrap());
    let fuzzed: BTreeSet<&str> = wire::TYPES.iter().map(|(name, _)| *name).collect();
    assert_eq!(fuzzed, names.collect());
    for (name, check) in wire::TYPES {
        let seed = fs::read(Path::new(ROOT).join("corpus/from_json").join(name)).unwrap();
        assert!(check(&seed[1..]), "{name} refuses its seed");
    }
}

#[test]
fn frame() {
    replay("frame", frame::check);
}

#[test]
fn jose() {
    replay("jose", jose::check);
}
