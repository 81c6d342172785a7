//! The JSON Schemas of the committed package and of the golden files, each by itself.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};

fn documents(folder: &str) -> Vec<(String, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let document = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap();
        (path.display().to_string(), serde_json::from_str(&text).unwrap())
    };
    files.map(document).collect()
}

/// Asks `ask` about a schema and about each schema in it.
fn each_schema(schema: &Value, ask: &mut impl FnMut(&Value)) {
    ask(schema);
    for (keyword, value) in schema.as_object().into_iter().flatten() {
        match (keyword.as_str(), value) {
            ("properties" | "$defs", Value::Object(schemas)) => {
                schemas.values().for_each(|schema| each_schema(schema, ask));
            }
            ("anyOf" | "oneOf" | "allOf" | "prefixItems", Value::Array(schemas)) => {
                schemas.iter().for_each(|schema| each_schema(schema, ask));
            }
            ("items" | "additionalProperties" | "not", schema) => each_schema(schema, ask),
            _ => {}
        }
    }
}

fn all() -> impl Iterator<Item = (String, Value)> {
    ["tests/golden/json-schema", "../generated/json-schema"].into_iter().flat_map(documents)
}

#[test]
fn every_reference_leads_to_a_schema() {
    let mut references = 0;
    for (path, document) in all() {
        each_schema(&document, &mut |schema| {
            let Some(target) = schema.get("$ref").and_then(Value::as_str) else { return };
            references += 1;
            let pointer = target.strip_prefix('#').expect("a reference within the document");
            let found = document.pointer(pointer);
            assert!(found.is_some_and(|schema| !schema.is_null()), "{path}: {target}");
        });
        jsonschema::validator_for(&document).unwrap_or_else(|error| panic!("{path}: {error}"));
    }
    assert!(references > 50, "{references} references");
}

/// The forms that readers of schemas take alike; `docs/generated.md` lists them.
#[test]
fn every_schema_has_the_form_that_readers_take_alike() {
    for (path, document) in all() {
        each_schema(&document, &mut |schema| {
            let has = |keyword: &str| schema.get(keyword).is_some();
            let is_object = schema.get("type") == Some(&json!("object"));
            assert!(!has("required") || is_object, "{path}: {schema}");
            assert!(!has("enum") || has("type"), "{path}: {schema}");
            assert!(!has("const") && !has("if"), "{path}: {schema}");
            assert!(schema.get("not").is_none_or(|not| *not == json!({})), "{path}: {schema}");
            assert_ne!(*schema, json!(false), "{path}");
        });
    }
}
