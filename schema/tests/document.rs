//! Schema documents: stable bytes, strict reading, all-or-nothing writing.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

#[allow(dead_code, reason = "shared by several tests")]
mod sample;

use credwire_schema::{document, fileset::FileSet, model::Shape};
use sample::{interface, item};
use serde_json::json;

const DOCUMENT: &str = r#"{
  "format": "credwire-schema/1",
  "name": "A",
  "rust": "A",
  "place": { "file": "a.mdx", "line": 2, "column": 1 },
  "kind": "interface",
  "properties": [
    { "name": "x", "type": "string", "place": { "file": "a.mdx", "line": 7, "column": 1 } }
  ]
}"#;

#[test]
fn what_is_written_is_read_back_and_written_the_same() {
    let items = [
        interface(
            "A",
            json!([
                {"name": "z", "type": {"union": ["string", {"literal": "x"}]}, "optional": true},
                {"name": "a", "type": "number", "unit": "seconds", "range": [0.0, 1.5]},
            ]),
        ),
        item("F", json!({"kind": "function", "signatures": [{"name": "F", "returns": "void"}]})),
        item("V", json!({"kind": "variable", "type": "string", "value": "\"x\""})),
    ];
    for item in items {
        let text = document::write(&item).unwrap();
        assert!(text.ends_with("}\n"));
        let read = document::read("x.json", &text).unwrap();
        assert_eq!(document::write(&read).unwrap(), text);
    }
}

#[test]
fn members_are_sorted_and_overloads_keep_their_order() {
    let method = |name: &str, returns: &str| json!({"name": name, "returns": returns});
    let item = item(
        "A",
        json!({"kind": "interface", "methods": [
            method("z", "string"), method("a", "number"), method("a", "boolean"),
        ]}),
    );
    let text = document::write(&item).unwrap();
    let Shape::Interface(members) = document::read("x", &text).unwrap().shape else { panic!() };
    let order: Vec<String> =
        members.methods.iter().map(|m| format!("{} {}", m.name, m.returns)).collect();
    assert_eq!(order, ["a number", "a boolean", "z string"]);
}

#[test]
fn places_do_not_count_as_content() {
    let one = interface("A", json!([{"name": "x", "type": "string"}]));
    let mut two = one.clone();
    two.place.line = 40;
    assert_ne!(document::write(&one).unwrap(), document::write(&two).unwrap());
    assert_eq!(document::content(&one).unwrap(), document::content(&two).unwrap());
}

#[test]
fn mistakes_are_told_with_line_and_column() {
    for (from, to, line, message) in [
        ("\"rust\": \"A\",", "\"rust\": \"A\", \"rusty\": 1,", 4, "unknown field `rusty`"),
        ("\"rust\": \"A\",", "", 10, "missing field `rust`"),
        ("\"type\": \"string\"", "\"type\": \"strin\"", 8, "unknown variant `strin`"),
        ("\"name\": \"x\"", "\"name\": \"x\", \"uint\": 1", 8, "unknown field `uint`"),
        ("\"line\": 7", "\"line\": -7", 8, "invalid value"),
        ("]", "", 10, "expected"),
        ("credwire-schema/1", "credwire-schema/9", 1, "credwire-schema/9"),
        ("\"properties\"", "\"signatures\"", 8, "unknown field `type`"),
        ("\"kind\": \"interface\"", "\"kind\": \"alias\"", 1, "an alias needs `type`"),
        (
            "\"kind\": \"interface\"",
            "\"kind\": \"alias\", \"type\": \"string\"",
            1,
            "`properties` does not belong",
        ),
    ] {
        let problem = document::read("dir/A.json", &DOCUMENT.replacen(from, to, 1)).unwrap_err();
        assert_eq!(problem.code, "document-read");
        assert_eq!((&*problem.place.file, problem.place.line), ("dir/A.json", line), "{problem}");
        assert!(problem.message.contains(message), "{problem}");
    }
    assert!(document::read("A.json", DOCUMENT).is_ok());
}

#[test]
fn every_document_of_a_directory_is_judged() {
    let directory = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(directory.path().join(name), text).unwrap();
    write("A.json", DOCUMENT);
    write("B.json", DOCUMENT);
    write("C.json", "{");
    write("notes.txt", "not a document");
    let problems = document::load(directory.path()).unwrap_err();
    let codes: Vec<&str> = problems.iter().map(|problem| problem.code).collect();
    assert_eq!(codes, ["document-name", "document-read"]);
    assert!(problems[0].help.as_deref().unwrap().contains("`A.json`"));
    std::fs::remove_file(directory.path().join("B.json")).unwrap();
    std::fs::remove_file(directory.path().join("C.json")).unwrap();
    assert_eq!(document::load(directory.path()).unwrap().len(), 1);
    assert!(document::load(&directory.path().join("nowhere")).is_err());
}

#[test]
fn deep_nesting_is_an_error_and_not_a_crash() {
    let ty = format!("{}\"string\"{}", "{\"array\":".repeat(5000), "}".repeat(5000));
    let text = DOCUMENT.replace("\"type\": \"string\"", &format!("\"type\": {ty}"));
    assert_eq!(document::read("A.json", &text).unwrap_err().code, "document-read");
}

#[test]
fn nothing_is_written_unless_everything_can_be() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("a.txt"), "old").unwrap();
    // A directory stands where the second file belongs.
    std::fs::create_dir_all(directory.path().join("sub")).unwrap();
    std::fs::write(directory.path().join("blocked"), "a file").unwrap();
    let mut files = FileSet::default();
    files.insert("a.txt", "new");
    files.insert("blocked/b.txt", "new");
    let error = files.write(directory.path(), &[]).unwrap_err();
    assert!(error.to_string().contains("blocked/b.txt"), "{error}");
    assert_eq!(std::fs::read_to_string(directory.path().join("a.txt")).unwrap(), "old");
    let left: Vec<_> = std::fs::read_dir(directory.path()).unwrap().collect();
    assert_eq!(left.len(), 3, "no temporary file is left: {left:?}");
}
