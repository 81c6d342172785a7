use credwire_codegen::custom_elements::manifest;
use credwire_ingest::{IngestInput, Ingested, Options, facts::Facts};
use credwire_schema::{diagnostic::Place, document, model::element::Element};

use crate::texts::{facts, told};

const PAGE: &str = "---\ntitle: \"Modal\"\nslug: /reference/web-component/x-modal\n---\n\n## class: `XModal`, `x-modal`\n\n\
_`XModal` in `src/x-modal.ts`_\n\n### Fields\n\n\
<ParamField path=\"open\" type=\"boolean | undefined\" default=\"false\" toc={true}>\n  Whether it shows.\n</ParamField>\n\n\
### Attributes\n\n| Name | Field | Inherited From |\n| --- | --- | --- |\n| `open` | open | |\n\n\
### Events\n\n| Name | Detail | Description |\n| --- | --- | --- |\n| `x-close` | `{ reason: string }` | Closed. |\n| `x-open` | — | Opened. |\n\n\
### Slots\n\n| Name | Description |\n| --- | --- |\n|  | Content. |\n";

fn page() -> Facts {
    facts(&[("x-modal.mdx", PAGE)])
}

fn declared(declaration: &str) -> Facts {
    let text = format!(
        "{{\"schemaVersion\":\"2.1.0\",\"modules\":[{{\"path\":\"src/x-modal.ts\",\"declarations\":[{{\"kind\":\"class\",\"name\":\"XModal\",\"tagName\":\"x-modal\",{declaration}}}]}}]}}"
    );
    Facts {
        elements: credwire_ingest::custom_elements::read("custom-elements.json", &text).unwrap(),
        ..Facts::default()
    }
}

#[test]
fn pages_agree_with_their_documents_and_their_manifest() {
    let page = page();
    let mut found = Vec::new();
    let element = &page.elements["x-modal"];
    found.extend([element.fields.len(), element.attributes.len(), element.events.len()]);
    assert_eq!((found, element.slots.len()), (vec![1, 1, 2], 1));
    let read = credwire_ingest::ingest(
        &[credwire_ingest::IngestInput::Text {
            name: "x-modal.mdx".to_owned(),
            text: PAGE.to_owned(),
        }],
        &credwire_ingest::Options::default(),
    );
    let committed =
        Facts { elements: credwire_drift::committed_elements(&read.elements), ..Facts::default() };
    assert_eq!(told(&page, &committed), [""; 0]);
    assert_eq!(told(&committed, &page), [""; 0]);
    let text = credwire_codegen::custom_elements::manifest(&read.elements).to_string();
    let again = Facts {
        elements: credwire_ingest::custom_elements::read("custom-elements.json", &text).unwrap(),
        ..Facts::default()
    };
    assert_eq!(told(&page, &again), [""; 0]);
}

#[test]
fn what_differs_is_told_by_part() {
    let other = declared(
        "\"members\":[{\"kind\":\"field\",\"name\":\"open\",\"type\":{\"text\":\"boolean\"},\"default\":\"true\"},\
         {\"kind\":\"method\",\"name\":\"show\"},{\"kind\":\"field\",\"name\":\"own\",\"privacy\":\"private\"}],\
         \"attributes\":[{\"name\":\"open\",\"fieldName\":\"shown\"}],\
         \"events\":[{\"name\":\"x-close\",\"type\":{\"text\":\"CustomEvent<{ reason: number }>\"}},{\"name\":\"x-open\",\"type\":{\"text\":\"CustomEvent<string>\"}}],\
         \"cssParts\":[{\"name\":\"body\"}]",
    );
    assert_eq!(
        told(&page(), &other),
        [
            "member-missing x-modal.part body",
            "member-missing x-modal.show",
            "member-extra x-modal.slot",
            "type-changed x-modal.attribute open",
            "type-changed x-modal.event x-close",
            "type-changed x-modal.event x-open",
            "type-changed x-modal.open",
        ]
    );
    let renamed = declared("\"members\":[]");
    let renamed = Facts {
        elements: renamed.elements.into_values().map(|one| ("x-other".to_owned(), one)).collect(),
        ..Facts::default()
    };
    assert_eq!(
        told(&page(), &renamed),
        ["export-undocumented x-other", "page-without-export x-modal"]
    );
}

#[test]
fn what_is_no_manifest_is_refused() {
    for text in ["{", "[]", "{\"modules\": 1}"] {
        assert_eq!(
            credwire_ingest::custom_elements::read("m.json", text).unwrap_err().code,
            "invalid-manifest"
        );
    }
    assert!(
        credwire_ingest::custom_elements::read(
            "m.json",
            "{\"modules\":[{\"declarations\":[7,{\"tagName\":\"x\"}]}]}"
        )
        .unwrap()
        .is_empty()
    );
}

/// P11: attributes have no capitals, and a parameter with a default may be left out.
#[test]
fn manifests_spell_attributes_as_they_are_observed() {
    let manifest = |attribute: &str, param: &str| {
        declared(&format!(
            "\"members\":[{{\"kind\":\"method\",\"name\":\"show\",\"parameters\":[{{\"name\":\"fast\",\"type\":{{\"text\":\"boolean\"}}{param}}}]}}],\
             \"attributes\":[{{\"name\":\"{attribute}\",\"fieldName\":\"fooBar\"}}]"
        ))
    };
    let observed = manifest("foobar", ",\"default\":\"false\"");
    assert_eq!(told(&manifest("fooBar", ",\"optional\":true"), &observed), [""; 0]);
    assert_eq!(told(&manifest("fooBar", ""), &observed), ["param-optionality x-modal.show"]);
}

fn read(text: &str) -> Ingested {
    let (name, text) = ("custom-elements.json".to_owned(), text.to_owned());
    credwire_ingest::ingest(&[IngestInput::Text { name, text }], &Options::default())
}

#[test]
fn our_manifest_is_read_as_the_elements_that_it_was_made_of() {
    fn plain(mut elements: Vec<Element>) -> Vec<Element> {
        for element in &mut elements {
            document::each_place_of_element(element, &mut |place| *place = Place::default());
            // What only a page states.
            element.reference.clear();
            element.summary.clear();
            for field in &mut element.fields {
                (field.unit, field.range, field.format) = (None, None, None);
                field.summary.clear();
                // A field may always be left out.
                field.optional = false;
            }
            for param in element.methods.iter_mut().flat_map(|method| &mut method.params) {
                param.summary.clear();
                (param.unit, param.default) = (None, None);
            }
            element.methods.iter_mut().for_each(|method| method.summary.clear());
            element.events.iter_mut().for_each(|event| event.summary.clear());
            element.attributes.iter_mut().for_each(|one| one.name.make_ascii_lowercase());
        }
        elements
    }
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../schema/elements");
    let elements = document::load_elements(&folder).unwrap();
    assert!(!elements.is_empty());
    let again = read(&manifest(&elements).to_string());
    assert_eq!(again.diagnostics, []);
    let (before, after) = (plain(elements), plain(again.elements));
    assert_eq!(before.len(), after.len());
    for (before, after) in before.iter().zip(&after) {
        assert_eq!(before, after);
    }
    let own = r#"{"schemaVersion":"2.1.0","modules":[{"path":"a.js","declarations":[{"kind":"class","name":"Lamp","tagName":"x-lamp",
      "members":[{"kind":"field","name":"on","static":true,"type":{"text":"boolean"},"default":"false"},{"kind":"method","name":"of","static":true,"return":{"type":{"text":"Lamp"}}},
        {"kind":"method","name":"turn","inheritedFrom":{"name":"Base"},"return":{"type":{"text":"void"}}}],
      "attributes":[{"name":"lampOn","inheritedFrom":{"name":"Base"}}],
      "events":[{"name":"a","type":{"text":"CustomEvent<void>"}},{"name":"b","type":{"text":"CustomEvent"}},{"name":"c","type":{"text":"CustomEvent<'x' | Lamp>"}}]}]}]}"#;
    let lamp = read(own).elements;
    assert_eq!(lamp[0].statics.methods.len() + lamp[0].statics.properties.len(), 2);
    let again = read(&manifest(&lamp).to_string());
    assert_eq!(plain(again.elements), plain(lamp));
}
