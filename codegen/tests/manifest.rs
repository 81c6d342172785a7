//! The Custom Elements Manifest of the committed elements, held against the schema that its
//! authors publish (package `custom-elements-manifest`, version 2.1.0).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "tests"
)]

use std::{
    fs,
    path::{Path, PathBuf},
};

use credwire_codegen::custom_elements::manifest;
use credwire_schema::{document, model::element::Element};
use serde_json::{Value, json};

fn folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn json(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// The copy in this folder, or the one that `CREDWIRE_MANIFEST_SCHEMA` names.
fn published() -> Value {
    let kept = folder().join("tests/custom-elements-manifest/schema.json");
    let named = std::env::var_os("CREDWIRE_MANIFEST_SCHEMA").map(PathBuf::from);
    if let Some(named) = &named {
        eprintln!("held against {}", named.display());
    }
    json(&named.unwrap_or(kept))
}

fn faults(schema: &Value, manifest: &Value) -> Vec<String> {
    let validator = jsonschema::validator_for(schema).unwrap();
    let faults = validator.iter_errors(manifest);
    faults.map(|fault| format!("{}: {fault}", fault.instance_path())).collect()
}

fn elements(folder: &Path) -> Vec<Element> {
    document::load_elements(folder).unwrap()
}

#[test]
fn manifests_have_the_published_form() {
    let schema = published();
    let committed = json(&folder().with_file_name("generated").join("custom-elements.json"));
    assert_eq!(faults(&schema, &committed), [""; 0]);
    assert_eq!(committed, manifest(&elements(&folder().join("../schema/elements"))));
    let golden = manifest(&elements(&folder().join("tests/golden/elements")));
    assert_eq!(faults(&schema, &golden), [""; 0]);
}

/// Guards the test above: what has not the form is refused.
#[test]
fn what_has_not_the_published_form_is_refused() {
    let schema = published();
    let good = manifest(&elements(&folder().join("../schema/elements")));
    let declaration = "/modules/0/declarations/0";
    for (at, member, wrong) in [
        ("", "schemaVersion", json!(2)),
        ("/modules/0", "kind", json!("css-module")),
        ("/modules/0/exports/0", "declaration", json!("SwUiDialpad")),
        (declaration, "name", json!(7)),
        (declaration, "members", json!({})),
    ] {
        let mut bad = good.clone();
        bad.pointer_mut(at).unwrap()[member] = wrong;
        assert_ne!(faults(&schema, &bad), [""; 0], "{at}/{member}");
    }
}

#[test]
fn elements_are_told_whole() {
    let text = json!({
        "format": "credwire-element/1",
        "tag": "x-dial",
        "class": "XDial",
        "module": "src/x-dial.ts",
        "summary": "Dials.",
        "place": {"file": "x-dial.mdx", "line": 1, "column": 1},
        "fields": [
            {"name": "call", "type": {"ref": {"name": "Call"}}, "optional": true,
             "default": "undefined", "place": {"file": "x-dial.mdx", "line": 2, "column": 1}},
            {"name": "label", "type": "string", "optional": true, "default": "It's up",
             "place": {"file": "x-dial.mdx", "line": 3, "column": 1}},
            {"name": "stream", "type": {"ref": {"name": "MediaStream"}}, "optional": true,
             "nullable": true, "default": "null",
             "place": {"file": "x-dial.mdx", "line": 4, "column": 1}},
        ],
        "attributes": [
            {"name": "the-label", "field": "label", "inheritedFrom": "Base",
             "place": {"file": "x-dial.mdx", "line": 5, "column": 1}},
        ],
        "events": [
            {"name": "x-key", "summary": "A key was pressed.",
             "detail": {"inline": [{"name": "key", "type": "string"}]},
             "place": {"file": "x-dial.mdx", "line": 6, "column": 1}},
        ],
        "parts": [{"name": "pad", "place": {"file": "x-dial.mdx", "line": 7, "column": 1}}],
        "cssProperties": [
            {"name": "--x", "default": "4px",
             "place": {"file": "x-dial.mdx", "line": 8, "column": 1}},
        ],
    });
    let element = document::read_element("x-dial.json", &text.to_string()).unwrap();
    let declaration = json!({"name": "XDial", "module": "src/x-dial.ts"});
    let expected = json!({
        "schemaVersion": "2.1.0",
        "modules": [{
            "kind": "javascript-module",
            "path": "src/x-dial.ts",
            "declarations": [{
                "kind": "class",
                "customElement": true,
                "name": "XDial",
                "tagName": "x-dial",
                "summary": "Dials.",
                "members": [
                    {"kind": "field", "name": "call", "type": {"text": "Call | undefined"},
                     "default": "undefined"},
                    {"kind": "field", "name": "label", "type": {"text": "string"},
                     "default": "'It\\'s up'", "attribute": "the-label"},
                    {"kind": "field", "name": "stream", "type": {"text": "MediaStream | null"},
                     "default": "null"},
                ],
                "attributes": [
                    {"name": "the-label", "fieldName": "label", "inheritedFrom": {"name": "Base"}},
                ],
                "events": [
                    {"name": "x-key", "summary": "A key was pressed.",
                     "type": {"text": "CustomEvent<{ key: string }>"}},
                ],
                "slots": [],
                "cssParts": [{"name": "pad"}],
                "cssProperties": [{"name": "--x", "default": "4px"}],
            }],
            "exports": [
                {"kind": "js", "name": "XDial", "declaration": declaration},
                {"kind": "custom-element-definition", "name": "x-dial",
                 "declaration": declaration},
            ],
        }],
    });
    assert_eq!(manifest(&[element]), expected);
}
