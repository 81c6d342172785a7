//! Items for tests, from the JSON of what matters about them.

use std::collections::BTreeMap;

use credwire_schema::{
    diagnostic::Diagnostic,
    document,
    model::{External, Item},
};
use serde_json::{Value, json};

/// The item `name` with what `rest` says; places are in `<name>.mdx`, a line for each member.
pub(crate) fn item(name: &str, rest: Value) -> Item {
    let mut line = 1;
    let mut document = json!({
        "format": "credwire-schema/1",
        "name": name,
        "rust": name,
        "place": {"file": format!("{name}.mdx"), "line": 1, "column": 1},
    });
    for (key, value) in rest.as_object().unwrap() {
        document[key] = value.clone();
    }
    for list in ["properties", "accessors", "methods", "constructors", "tables", "signatures"] {
        if let Some(list) = document.get_mut(list) {
            add_places(list, name, &mut line);
        }
    }
    document::read(&format!("{name}.json"), &document.to_string()).unwrap()
}

fn add_places(list: &mut Value, name: &str, line: &mut u32) {
    for one in list.as_array_mut().unwrap() {
        *line += 1;
        one["place"] = json!({"file": format!("{name}.mdx"), "line": *line, "column": 1});
        for nested in ["fields", "params"] {
            if let Some(nested) = one.get_mut(nested) {
                add_places(nested, name, line);
            }
        }
    }
}

/// An interface with these properties.
pub(crate) fn interface(name: &str, properties: Value) -> Item {
    item(name, json!({"kind": "interface", "properties": properties}))
}

/// External types as the reference has them.
pub(crate) fn externals() -> BTreeMap<String, External> {
    [
        ("Destroyable", External::Behaviour),
        ("Error", External::Error),
        ("ErrorOptions", External::Error),
        ("MediaDeviceInfo", External::Platform),
        ("MediaStream", External::Platform),
        ("Songbook", External::Behaviour),
        ("TError", External::Data),
    ]
    .map(|(name, kind)| (name.to_owned(), kind))
    .into()
}

/// Diagnostics as `code place`, with the message and help searched for `texts`.
pub(crate) fn codes(problems: &[Diagnostic]) -> Vec<String> {
    problems.iter().map(|problem| format!("{} {}", problem.code, problem.place)).collect()
}
