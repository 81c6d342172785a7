//! Lists that documents repeat from the code are those of the code.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::{collections::BTreeSet, fs, path::Path};

use credwire_drift::{Class, Group};

fn read(file: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file)).unwrap()
}

/// What stands in backticks at the start of the rows of the table whose heading begins with
/// `heading`.
fn first_column(text: &str, heading: &str) -> BTreeSet<String> {
    let lines = text.lines().map(|line| line.trim_start_matches("//!").trim());
    let rows = lines.skip_while(|line| !line.starts_with(heading)).skip(2);
    let names: BTreeSet<_> = rows
        .map_while(|line| line.strip_prefix("| `")?.split_once('`').map(|(name, _)| name))
        .map(str::to_owned)
        .collect();
    assert!(!names.is_empty(), "no table begins with {heading}");
    names
}

#[test]
fn the_front_page_of_credwire_lists_its_features() {
    let manifest: toml::Table = read("runtime/Cargo.toml").parse().unwrap();
    let features: BTreeSet<_> = manifest["features"].as_table().unwrap().keys().cloned().collect();
    assert_eq!(first_column(&read("runtime/src/lib.rs"), "| feature |"), features);
}

#[test]
fn the_documented_metrics_are_those_of_the_client() {
    let code = read("runtime/src/client/meter.rs");
    let constants = code.lines().filter_map(|line| line.split_once(": &str = \"credwire_"));
    let names: BTreeSet<_> =
        constants.map(|(_, rest)| format!("credwire_{}", rest.trim_end_matches("\";"))).collect();
    assert_eq!(first_column(&read("docs/observability.md"), "| name | kind |"), names);
}

#[test]
fn the_documented_labels_are_the_words_of_the_code() {
    let docs = read("docs/observability.md");
    for (metric, file, start) in [
        ("credwire_warnings_total", "session/src/scheduler/action.rs", "pub const fn code(self)"),
        ("credwire_discarded_total", "session/src/output.rs", "impl Discarded {"),
        ("credwire_errors_total", "runtime/src/client/error.rs", "impl ErrorKind {"),
    ] {
        let code = read(file);
        let (_, code) = code.split_once(start).expect(start);
        let (code, _) = code.split_once("\n        }\n").unwrap();
        let words: BTreeSet<_> = code.split('"').skip(1).step_by(2).collect();
        let row = docs.lines().find(|line| line.starts_with(&format!("| `{metric}` |"))).unwrap();
        let labels = row.split(" | ").nth(2).unwrap();
        let documented: BTreeSet<_> = labels.split('`').skip(1).step_by(2).skip(1).collect();
        assert_eq!(documented, words, "{metric}");
    }
}

#[test]
fn the_documented_classes_of_differences_are_those_of_drift() {
    let text = read("docs/drift.md");
    for group in [Group::True, Group::Lossy, Group::Same] {
        let heading = format!("Group **{}**", group.as_str());
        let (_, section) = text.split_once(&heading).expect(&heading);
        let classes = Class::ALL.iter().filter(|class| class.group() == group);
        let classes: BTreeSet<_> = classes.map(|class| class.as_str().to_owned()).collect();
        assert_eq!(first_column(section, "| class |"), classes, "{heading}");
    }
}

#[test]
fn the_documented_keys_of_a_project_are_those_that_are_read() {
    let code = read("cli/src/config.rs");
    let (_, list) = code.split_once("const KEYS").unwrap();
    let (list, _) = list.split_once("];\n").unwrap();
    // Each section is a line of names in quotes, its own first.
    let lines = list.lines().skip(1).filter(|line| line.contains('"'));
    let quoted = |line: &str| -> Vec<String> {
        line.split('"').skip(1).step_by(2).map(str::to_owned).collect()
    };
    let keys = lines.flat_map(|line| {
        let names = quoted(line);
        let section = names[0].clone();
        names.into_iter().skip(1).map(move |key| format!("{section}.{key}"))
    });
    let keys: BTreeSet<String> = keys.collect();
    assert!(keys.len() > 10, "{keys:?}");
    assert_eq!(first_column(&read("docs/projects.md"), "| key | value |"), keys);
}
