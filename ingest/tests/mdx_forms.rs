//! Pages that the official MDX compiler takes are taken.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use credwire_ingest::{IngestInput, Ingested, Options, ingest};

fn read(body: &str) -> Ingested {
    let text = format!("---\ntitle: \"Lamp\"\nslug: /reference/interfaces/lamp\n---\n\n{body}\n");
    let name = "reference/interfaces/Lamp.mdx".to_owned();
    ingest(&[IngestInput::Text { name, text }], &Options::default())
}

fn names(ingested: &Ingested) -> Vec<&str> {
    let lamp = &ingested.facts.items["Lamp"];
    lamp.properties.iter().map(|one| one.name.as_str()).collect()
}

/// P12: a brace in a string or a comment closes nothing.
#[test]
fn braces_stand_in_strings() {
    let ingested = read(
        "## Properties\n\n<ParamField path=\"hue\" type=\"string\" default={\"}\"} />\n\n\
         <ParamField path=\"tone\" type=\"string\" default={'{'} required />\n\n\
         <ParamField path=\"name\" type=\"string\" {/* } */ ...{ a: '}' }} />",
    );
    assert!(!ingested.has_errors(), "{:?}", ingested.diagnostics);
    assert_eq!(names(&ingested), ["hue", "name", "tone"]);
    let hue = &ingested.facts.items["Lamp"].properties[0];
    assert_eq!(hue.doc.default.as_ref().unwrap().value, "}");
}

/// P12: a list indented by tabs ends with its component.
#[test]
fn lists_may_be_indented_by_tabs() {
    let ingested = read(
        "## Properties\n\n<ParamField path=\"hue\" type=\"string\">\n\tOne of:\n\n\t- warm\n\n\t\tas a bulb\n\t- cold\n\
         </ParamField>\n\n<ParamField path=\"watts\" type=\"number\">\n\t- in watts\n\t- never more\n</ParamField>\n\n\
         <ParamField path=\"tone\" type=\"string\" />",
    );
    assert!(!ingested.has_errors(), "{:?}", ingested.diagnostics);
    assert_eq!(names(&ingested), ["hue", "tone", "watts"]);
    let lamp = &ingested.facts.items["Lamp"];
    assert!(lamp.properties.iter().all(|property| property.fields.is_empty()));
}

/// What never ends is refused, and asks for no more time than it is long.
#[test]
fn an_expression_that_never_ends_is_refused() {
    for body in [format!("<A b={{\"{}", "}".repeat(200_000)), "<A b={`".repeat(20_000)] {
        let ingested = read(&body);
        let refused = ["invalid-mdx", "too-deeply-nested"];
        assert!(ingested.diagnostics.iter().any(|one| refused.contains(&one.code)));
    }
}
