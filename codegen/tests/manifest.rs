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
            {"name": "later", "readonly": true, "type": {"ref": {"name": "Promise", "args": [
                {"ref": {"name": "Record", "args": ["string", {"ref": {"name": "Observable"}}]}},
             ]}},
             "place": {"file": "x-dial.mdx", "line": 4, "column": 1}},
            {"name": "loud", "summary": "Whether keys sound.", "type": "boolean", "readonly": true,
             "deprecated": true, "default": false,
             "place": {"file": "x-dial.mdx", "line": 4, "column": 1}},
            {"name": "side", "type": {"union": [{"literal": "left"}, {"literal": "right"}]},
             "optional": true, "nullable": true, "default": "left",
             "place": {"file": "x-dial.mdx", "line": 4, "column": 1}},
            {"name": "stream", "type": {"ref": {"name": "MediaStream"}}, "optional": true,
             "nullable": true, "default": "null",
             "place": {"file": "x-dial.mdx", "line": 4, "column": 1}},
        ],
        "attributes": [
            {"name": "loud", "field": "loud",
             "place": {"file": "x-dial.mdx", "line": 5, "column": 1}},
            {"name": "other", "place": {"file": "x-dial.mdx", "line": 5, "column": 1}},
            {"name": "side", "field": "side",
             "place": {"file": "x-dial.mdx", "line": 5, "column": 1}},
            {"name": "stream", "field": "stream",
             "place": {"file": "x-dial.mdx", "line": 5, "column": 1}},
            {"name": "the-label", "field": "label", "inheritedFrom": "Base",
             "place": {"file": "x-dial.mdx", "line": 5, "column": 1}},
        ],
        "events": [
            {"name": "x-key", "summary": "A key was pressed.",
             "detail": {"inline": [
                 {"name": "stream", "type": {"ref": {"name": "MediaStream"}}},
                 {"name": "Call", "optional": true,
                  "type": {"union": [{"literal": "Call"}, {"ref": {"name": "Call"}}]}},
             ]},
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
    let global = |name: &str, start: usize| json!({"name": name, "package": "global:", "start": start, "end": start + name.len()});
    let stream = global("MediaStream", 0);
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
                "description": "Dials.",
                "members": [
                    {"kind": "field", "name": "call", "description": "",
                     "type": {
                         "text": "Call | undefined",
                         "references": [{"name": "Call", "start": 0, "end": 4}],
                     },
                     "default": "undefined"},
                    {"kind": "field", "name": "label", "description": "",
                     "type": {"text": "string"}, "default": "'It\\'s up'",
                     "attribute": "the-label"},
                    {"kind": "field", "name": "later", "description": "", "readonly": true,
                     "type": {
                         "text": "Promise<Record<string, Observable>>",
                         "references": [
                             global("Promise", 0),
                             global("Record", 8),
                             {"name": "Observable", "start": 23, "end": 33},
                         ],
                     }},
                    {"kind": "field", "name": "loud", "summary": "Whether keys sound.",
                     "description": "Whether keys sound.", "type": {"text": "boolean"},
                     "default": "false", "readonly": true, "deprecated": true,
                     "attribute": "loud"},
                    {"kind": "field", "name": "side", "description": "",
                     "type": {"text": "\"left\" | \"right\" | null"}, "default": "'left'",
                     "attribute": "side"},
                    {"kind": "field", "name": "stream", "description": "",
                     "type": {"text": "MediaStream | null", "references": [stream]},
                     "default": "null", "attribute": "stream"},
                ],
                "attributes": [
                    {"name": "loud", "fieldName": "loud", "summary": "Whether keys sound.",
                     "description": "Whether keys sound.", "type": {"text": "boolean"},
                     "default": "false", "deprecated": true},
                    {"name": "other", "description": "", "type": {"text": "string"}},
                    {"name": "side", "fieldName": "side", "description": "",
                     "type": {"text": "\"left\" | \"right\""}, "default": "left"},
                    {"name": "stream", "fieldName": "stream", "description": "",
                     "type": {"text": "MediaStream", "references": [stream]}},
                    {"name": "the-label", "fieldName": "label", "description": "",
                     "type": {"text": "string"}, "default": "It's up",
                     "inheritedFrom": {"name": "Base"}},
                ],
                "events": [
                    {"name": "x-key", "summary": "A key was pressed.",
                     "description": "A key was pressed.",
                     "type": {
                         "text": "CustomEvent<{ stream: MediaStream; Call?: \"Call\" | Call }>",
                         "references": [
                             global("CustomEvent", 0),
                             global("MediaStream", 22),
                             {"name": "Call", "start": 51, "end": 55},
                         ],
                     }},
                ],
                "slots": [],
                "cssParts": [{"name": "pad", "description": ""}],
                "cssProperties": [{"name": "--x", "description": "", "default": "4px"}],
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
