//! Pages of custom elements.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "tests"
)]

use std::path::Path;

use credwire_codegen::custom_elements::manifest;
use credwire_ingest::{IngestInput, Options, facts::facts_json, ingest};
use serde_json::json;

const PAGE: &str = r#"---
title: "x-dial"
slug: /reference/web-component/x-dial
---
Dials. Use it with `<x-pad>`.

_Class: `XDial` · Module: `src/x-dial.ts`_

## class: `XDial`, `x-dial`

### Fields

<ParamField path="label" type="string" default="'Dial'" toc={true}>
  What stands on it.
</ParamField>

<ParamField path="busy" type="boolean" toc={true}>
  (read-only) whether it dials
</ParamField>

### Methods

| Name   | Privacy | Description | Parameters                   | Return          | Inherited From |
| ------ | ------- | ----------- | ---------------------------- | --------------- | -------------- |
| `dial` |         | Dials.      | `to: string, audio?: boolean` | `Promise<void>` | Base           |

### Attributes

| Name    | Field | Inherited From |
| ------- | ----- | -------------- |
| `label` | label |                |

### CSS Properties

| Name       | Default | Description       |
| ---------- | ------- | ----------------- |
| `--x-size` |         | \[44px] - Height. |
| `--x-ink`  | `#000`  | Colour.           |
| `--x-font` |         | Font.             |

### CSS Parts

| Name  | Description |
| ----- | ----------- |
| `pad` | Keys.       |

### Slots

| Name   | Description |
| ------ | ----------- |
|        | Content.    |
| `icon` | An icon.    |

## Functions

| Name    | Description | Parameters             | Return |
| ------- | ----------- | ---------------------- | ------ |
| `reset` | Resets.     | `options: { all?: boolean; }` | `void` |

### Events

| Name | Detail | Description |
| ---- | ------ | ----------- |
| `x-end` | — | Over. |
| `x-key` | `{ key: '1' \| '2', held: boolean }` | A key. |

---
"#;

#[test]
fn states_everything_about_an_element() {
    let input =
        IngestInput::Text { name: "web-component/x-dial.mdx".to_owned(), text: PAGE.to_owned() };
    let ingested = ingest(&[input], &Options::default());
    assert_eq!(ingested.diagnostics, []);
    let facts = facts_json(&ingested.facts);
    assert_eq!(
        facts["elements"]["x-dial"],
        json!({
            "class": "XDial",
            "module": "src/x-dial.ts",
            "page": "web-component/x-dial.mdx",
            "fields": [
                { "name": "label", "type": "string", "optional": true, "readonly": null, "doc": { "default": "Dial" } },
                { "name": "busy", "type": "boolean", "optional": true, "readonly": true },
            ],
            "attributes": [{ "name": "label", "field": "label" }],
            "events": [
                { "name": "x-end", "detail": null },
                { "name": "x-key", "detail": "{ key: \"1\" | \"2\"; held: boolean }" },
            ],
            "slots": ["", "icon"],
            "parts": ["pad"],
            "cssProperties": [
                { "name": "--x-size", "default": "44px" },
                { "name": "--x-ink", "default": "#000" },
                { "name": "--x-font" },
            ],
            "methods": [{
                "name": "dial",
                "params": [
                    { "name": "to", "type": "string", "optional": false },
                    { "name": "audio", "type": "boolean", "optional": true },
                ],
                "returns": "Promise<void>",
                "inheritedFrom": "Base",
            }],
        })
    );
    assert_eq!(facts["items"]["reset"]["signatures"][0]["params"][0]["type"], "{ all?: boolean }");
    let element = &ingested.facts.elements["x-dial"];
    assert_eq!(element.events[1].place.to_string(), "web-component/x-dial.mdx:65:3");
    let manifest = manifest(&ingested.elements);
    assert_eq!(manifest["schemaVersion"], "2.1.0");
    let declaration = &manifest["modules"][0]["declarations"][0];
    assert_eq!(declaration["tagName"], "x-dial");
    assert_eq!(declaration["members"][1]["default"], "'Dial'");
    assert_eq!(
        declaration["events"][1]["type"]["text"],
        "CustomEvent<{ key: \"1\" | \"2\"; held: boolean }>"
    );
}

#[test]
fn reads_all_published_elements_without_a_fault() {
    let pages =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/pages/whole/web-components");
    if !pages.exists() {
        eprintln!("skipped: the reference pages are not at hand");
        return;
    }
    let texts: Vec<String> = std::fs::read_dir(&pages)
        .unwrap()
        .map(|page| std::fs::read_to_string(page.unwrap().path()).unwrap())
        .collect();
    let lines = |wanted: fn(&str) -> bool| {
        texts.iter().flat_map(|text| text.lines()).filter(|line| wanted(line)).count()
    };
    let ingested = ingest(&[IngestInput::Path(pages)], &Options::default());
    // The overview states no element.
    let codes: Vec<&str> = ingested.diagnostics.iter().map(|fault| fault.code).collect();
    assert_eq!(codes, ["no-symbol"]);
    assert_eq!(ingested.facts.elements.len(), texts.len() - 1);
    assert_eq!(ingested.facts.elements.len(), lines(|line| line.starts_with("## class: ")));
    let events = ingested.facts.elements.values().flat_map(|element| &element.events);
    // The second column of a row is the detail.
    let is_typed = |line: &str| line.starts_with("| `") && line.contains("` | `{");
    assert_eq!(events.filter(|event| event.detail.is_some()).count(), lines(is_typed));
}
