//! The facts of published pages, compared item by item with facts that were read by hand. The
//! pages are not part of this repository; where they are not at hand the test says so.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "tests"
)]

use std::path::{Path, PathBuf};

use credwire_ingest::{IngestInput, Ingested, Options, facts::facts_json, ingest};
use serde_json::Value;

/// The folder with the pages, when it is at hand.
fn pages() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/pages/whole");
    let found = root.join("expected-facts.json").exists();
    if !found {
        eprintln!("skipped: the reference pages are not at hand");
    }
    found.then_some(root)
}

fn read(path: PathBuf) -> Ingested {
    ingest(&[IngestInput::Path(path)], &Options::default())
}

/// Every difference between two values, as `path: left / right`.
fn differences(path: &str, left: &Value, right: &Value, found: &mut Vec<String>) {
    match (left, right) {
        (Value::Object(a), Value::Object(b)) => {
            for key in a.keys().chain(b.keys().filter(|key| !a.contains_key(*key))) {
                let (left, right) =
                    (a.get(key).unwrap_or(&Value::Null), b.get(key).unwrap_or(&Value::Null));
                differences(&format!("{path}.{key}"), left, right, found);
            }
        }
        (Value::Array(a), Value::Array(b)) => {
            for index in 0..a.len().max(b.len()) {
                let (left, right) =
                    (a.get(index).unwrap_or(&Value::Null), b.get(index).unwrap_or(&Value::Null));
                let name = [left, right]
                    .iter()
                    .find_map(|value| value.get("name")?.as_str().map(str::to_owned));
                let label = name.unwrap_or_else(|| index.to_string());
                differences(&format!("{path}[{label}]"), left, right, found);
            }
        }
        _ if left != right => found.push(format!("{path}: expected {left}, read {right}")),
        _ => {}
    }
}

#[test]
fn facts_of_all_pages_are_as_expected() {
    let Some(root) = pages() else { return };
    let expected: Value =
        serde_json::from_slice(&std::fs::read(root.join("expected-facts.json")).unwrap()).unwrap();
    let ingested = read(root.join("browser-sdk-v4"));
    let read = facts_json(&ingested.facts);
    let mut found = Vec::new();
    for part in ["items", "pages"] {
        differences(part, &expected[part], &read[part], &mut found);
    }
    let sorted = |value: &Value| {
        let mut all: Vec<String> =
            value.as_array().unwrap().iter().map(ToString::to_string).collect();
        all.sort();
        Value::from(all)
    };
    differences(
        "anomalies",
        &sorted(&expected["anomalies"]),
        &sorted(&read["anomalies"]),
        &mut found,
    );
    let errors: Vec<String> = ingested
        .diagnostics
        .iter()
        .filter(|fault| fault.is_error())
        .map(ToString::to_string)
        .collect();
    assert_eq!(errors, [""; 0], "pages without faults");
    assert!(found.is_empty(), "{} differences:\n{}", found.len(), found.join("\n"));
}
