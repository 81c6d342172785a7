//! Custom Elements Manifests as an input: those of several analyzers, with what they lack.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::fs;

use credwire_ingest::{IngestInput, Ingested, Options, facts::facts_json, ingest};
use serde_json::{Value, json};

fn input(name: &str, text: &str) -> IngestInput {
    IngestInput::Text { name: name.to_owned(), text: text.to_owned() }
}

fn read(text: &str) -> Ingested {
    ingest(&[input("custom-elements.json", text)], &Options::default())
}

fn element(read: &Ingested, tag: &str) -> Value {
    facts_json(&read.facts)["elements"][tag].clone()
}

/// As `@custom-elements-manifest/analyzer` writes it: definitions are exports of other modules, bases
/// and mixins are named, texts have their quotes.
const ANALYZER: &str = r##"{
  "schemaVersion": "1.0.0",
  "readme": "",
  "modules": [
    { "kind": "javascript-module", "path": "src/base.js",
      "declarations": [
        { "kind": "class", "name": "LampBase", "superclass": { "name": "HTMLElement" },
          "members": [
            { "kind": "field", "name": "on", "type": { "text": "boolean" }, "default": "false" },
            { "kind": "method", "name": "toggle" },
            { "kind": "field", "name": "#hidden" }, { "kind": "field", "name": "secretly", "privacy": "protected" }
          ],
          "attributes": [{ "name": "on", "fieldName": "on" }] },
        { "kind": "mixin", "name": "Dimmed", "members": [{ "kind": "field", "name": "dimmed", "type": { "text": "'much' | 'little'" }, "default": "'much'", "attribute": "Dimmed" }] }
      ],
      "exports": [{ "kind": "js", "name": "LampBase", "declaration": { "name": "LampBase", "module": "src/base.js" } }] },
    { "kind": "javascript-module", "path": "src/lamp.js",
      "declarations": [
        { "kind": "class", "name": "Lamp", "customElement": true,
          "superclass": { "name": "LampBase", "module": "/src/base.js" }, "mixins": [{ "name": "Dimmed", "module": "/src/base.js" }],
          "members": [
            { "kind": "method", "name": "of", "static": true, "parameters": [{ "name": "level", "type": { "text": "number" } }], "return": { "type": { "text": "Lamp" } } },
            { "kind": "field", "name": "levels", "static": true, "type": { "text": "number[]" } },
            { "kind": "method", "name": "toggle", "parameters": [{ "name": "slowly", "default": "true", "type": { "text": "boolean" } }] }
          ],
          "events": [{ "name": "turned", "type": { "text": "TurnedEvent" } }, { "name": "gone", "type": { "text": "GoneEvent" } }, { "name": "lost", "type": { "text": "GoneEvent" } }, { "name": "plain" }],
          "slots": [{ "name": "" }, { "name": "bulb" }], "cssParts": [{ "name": "shade" }],
          "cssProperties": [{ "name": "--glow", "default": "red" }] },
        { "kind": "class", "name": "TurnedEvent", "superclass": { "name": "Event" }, "members": [{ "kind": "field", "name": "detail", "type": { "text": "{ level: number }" } }] }
      ],
      "exports": [] },
    { "kind": "javascript-module", "path": "lamp.js", "declarations": [],
      "exports": [{ "kind": "custom-element-definition", "name": "x-lamp", "declaration": { "name": "Lamp", "module": "/src/lamp.js" } }] }
  ]
}"##;

#[test]
fn an_element_has_what_its_bases_and_mixins_declare() {
    let read = read(ANALYZER);
    let told: Vec<String> =
        read.diagnostics.iter().map(|one| format!("{} {}", one.place, one.message)).collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("`x-lamp.gone` is a `GoneEvent`"), "{told:?}");
    assert!(told[0].ends_with("; so do 1 other places"), "{told:?}");
    let lamp = element(&read, "x-lamp");
    assert_eq!(lamp["module"], "src/lamp.js");
    let names = |key: &str| -> Vec<String> {
        let all = lamp[key].as_array().unwrap().iter();
        all.map(|one| one.get("name").unwrap_or(one).as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names("fields"), ["dimmed", "on"]);
    assert_eq!(names("methods"), ["toggle"]);
    assert_eq!(lamp["methods"][0]["params"][0]["optional"], true);
    assert_eq!(lamp["fields"][0]["doc"]["default"], "much");
    let attributes = json!([
        { "name": "dimmed", "field": "dimmed", "inheritedFrom": "Dimmed" },
        { "name": "on", "field": "on", "inheritedFrom": "LampBase" },
    ]);
    assert_eq!(lamp["attributes"], attributes);
    assert_eq!(lamp["statics"]["methods"][0]["name"], "of");
    assert_eq!(lamp["statics"]["properties"][0]["type"], "number[]");
    let events = json!([
        { "name": "turned", "detail": "{ level: number }" },
        { "name": "gone", "detail": "unknown" },
        { "name": "lost", "detail": "unknown" },
        { "name": "plain", "detail": "unknown" },
    ]);
    assert_eq!(lamp["events"], events);
    assert_eq!(
        (names("slots"), names("parts")),
        (vec![String::new(), "bulb".to_owned()], vec!["shade".to_owned()])
    );
    assert_eq!(lamp["cssProperties"], json!([{ "name": "--glow", "default": "red" }]));
    // What is not exported is not a symbol.
    assert_eq!(read.facts.items.keys().collect::<Vec<_>>(), ["LampBase"]);
    assert!(read.facts.internal.contains_key("TurnedEvent"));
}

#[test]
fn stencil_and_lit_write_their_own_manifests() {
    // Stencil: reflected fields, `void` details, texts in double quotes.
    let stencil = r#"{"schemaVersion":"2.1.0","modules":[{"kind":"javascript-module","path":"src/components/x-dial/x-dial.tsx","declarations":[
      {"kind":"class","name":"x-dial","tagName":"x-dial","customElement":true,
       "attributes":[{"name":"bulbKind","fieldName":"bulbKind","type":{"text":"'warm' | 'cold'"},"default":"\"warm\""}],
       "members":[{"kind":"field","name":"bulbKind"},{"kind":"method","name":"open","parameters":[],"return":{"type":{"text":"Promise<void>"}},"deprecated":"use `turn`"}],
       "events":[{"name":"xClose","type":{"text":"CustomEvent<void>"}},{"name":"xTurn","type":{"text":"CustomEvent<number>"}}]}],
      "exports":[{"kind":"js","name":"XDial","declaration":{"name":"XDial","module":"x"}}]}]}"#;
    let found = read(stencil);
    assert_eq!(found.diagnostics, []);
    let dial = element(&found, "x-dial");
    assert_eq!(dial["fields"][0]["type"], "\"warm\" | \"cold\"");
    assert_eq!(dial["fields"][0]["doc"]["default"], "warm");
    assert_eq!(dial["attributes"][0], json!({ "name": "bulbkind", "field": "bulbKind" }));
    let events =
        json!([{ "name": "xClose", "detail": null }, { "name": "xTurn", "detail": "number" }]);
    assert_eq!(dial["events"], events);
    assert!(found.elements[0].methods[0].deprecated);

    // Lit: references beside the texts, packages of superclasses, sentences.
    let lit = r#"{"schemaVersion":"1.0.0","modules":[{"kind":"javascript-module","path":"x-knob.js","declarations":[
      {"kind":"class","name":"XKnob","tagName":"x-knob","customElement":true,"description":"A knob.",
       "superclass":{"name":"LitElement","package":"lit"},
       "members":[{"kind":"field","name":"wait","type":{"text":"number","references":[]},"description":"How long it waits, in milliseconds.","default":"5","readonly":true}],
       "events":[{"name":"odd","type":{"text":"CustomEvent<{"}}]}],"exports":[]}]}"#;
    let found = read(lit);
    let told: Vec<_> = found.diagnostics.iter().map(|one| (one.code, one.place.line)).collect();
    assert_eq!(told, [("opaque-type", 5)]);
    let wait = &found.elements[0].fields[0];
    assert!(wait.readonly && wait.unit == Some(credwire_schema::model::Unit::Millis));
    assert_eq!(wait.place.line, 4);
}

#[test]
fn manifests_are_parts_of_packages_and_fill_what_pages_lack() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let package = |more: &str| {
        format!(r#"{{"name":"lamps","version":"1.0.0","customElements":"./m.json"{more}}}"#)
    };
    let run = |path: &str| ingest(&[IngestInput::Path(at(path))], &Options::default());
    let codes = |read: &Ingested| read.diagnostics.iter().map(|one| one.code).collect::<Vec<_>>();
    fs::write(at("package.json"), package("")).unwrap();
    assert_eq!(codes(&run("")), ["missing-manifest"]);
    assert!(run("").has_errors());
    // Declarations are at hand without it.
    fs::write(at("package.json"), package(r#","types":"index.d.ts""#)).unwrap();
    fs::write(at("index.d.ts"), "export interface LampBase { on: string }\n").unwrap();
    assert!(!run("").has_errors());
    fs::write(at("m.json"), ANALYZER).unwrap();
    let read = run("");
    assert_eq!(read.elements.len(), 1);
    // They say more of a symbol than the manifest does.
    assert!(read.facts.items["LampBase"].place.file.ends_with("index.d.ts"));
    fs::write(at("m.json"), "{\n]").unwrap();
    assert_eq!(codes(&run("m.json")), ["invalid-manifest"]);
    fs::write(at("m.json"), "{\"schemaVersion\": \"1.0.0\"}").unwrap();
    assert_eq!(codes(&run("m.json")), ["invalid-manifest"]);

    let page = "---\ntitle: \"x-lamp\"\nslug: /reference/x-lamp\n---\n\n## class: `Lamp`, `x-lamp`\n\n### Slots\n\n| Name | Description |\n| --- | --- |\n| `own` | Own. |\n";
    let other = ANALYZER.replace("x-lamp", "y-lamp");
    let options = Options {
        declarations: vec![input("a.json", ANALYZER), input("b.json", &other)],
        ..Options::default()
    };
    let read = ingest(&[input("x-lamp.mdx", page)], &options);
    assert_eq!(read.facts.elements["x-lamp"].slots[0].name, "own");
    assert_eq!(read.facts.elements["y-lamp"].slots.len(), 2);
}
