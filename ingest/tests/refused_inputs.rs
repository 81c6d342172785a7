//! Inputs that are wrong or hostile: a diagnostic with place and help, in bounded time.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use credwire_ingest::{IngestInput, Ingested, Options, ingest};
use credwire_schema::{diagnostic::Diagnostic, document};

fn read(name: &str, text: &str) -> Ingested {
    ingest(
        &[IngestInput::Text { name: name.to_owned(), text: text.to_owned() }],
        &Options::default(),
    )
}

/// Every diagnostic as `code line:column`.
fn codes(ingested: &Ingested) -> Vec<String> {
    let short =
        |fault: &Diagnostic| format!("{} {}:{}", fault.code, fault.place.line, fault.place.column);
    ingested.diagnostics.iter().map(short).collect()
}

/// A page about an interface with this body below its properties.
fn page(properties: &str) -> String {
    format!(
        "---\ntitle: \"A\"\nslug: /reference/interfaces/a\n---\nAn a.\n\n## **Properties**\n\n{properties}\n"
    )
}

fn one(name: &str, text: &str, expected: &str) -> Ingested {
    let ingested = read(name, text);
    assert_eq!(codes(&ingested), [expected], "{:?}", ingested.diagnostics);
    assert!(ingested.diagnostics.iter().all(|fault| fault.help.is_some()));
    ingested
}

#[test]
fn a_page_without_a_title() {
    let ingested = one(
        "a.mdx",
        "---\nslug: /reference/interfaces/a\n---\n\n## **Properties**\n",
        "missing-title 1:1",
    );
    assert!(ingested.has_errors() && ingested.items.is_empty());
    assert!(read("a.mdx", "# text only\n").has_errors());
}

#[test]
fn a_field_without_a_type_or_a_path() {
    one(
        "a.mdx",
        &page("<ParamField path=\"x\" toc={true}>\n  An x.\n</ParamField>"),
        "missing-type 9:1",
    );
    one("a.mdx", &page("<ParamField type=\"string\">\n  An x.\n</ParamField>"), "missing-path 9:1");
    one("a.mdx", &page("<ParamField path=\"x\" type=\"Map<string\" />"), "invalid-type 9:1");
}

#[test]
fn what_is_not_known_is_warned_about_by_name_and_place() {
    let ingested = one(
        "a.mdx",
        &page("<Mystery />\n\n<ParamField path=\"x\" type=\"string\" required />"),
        "unknown-element 9:1",
    );
    assert!(!ingested.has_errors());
    assert!(ingested.diagnostics[0].message.contains("Mystery"));
    one(
        "a.mdx",
        &page("<ParamField path=\"x\" type=\"string\" flavour=\"b\" />"),
        "unknown-attribute 9:1",
    );
    one("a.mdx", &page("").replace("Properties", "Perks"), "unknown-section 7:1");
    one("a.mdx", &page("<ParamField path=\"x\" type=\"unique symbol\" />"), "opaque-type 9:1");
    one("a.mdx", &page("<ParamField path=\"a.b\" type=\"string\" />"), "missing-parent 9:1");
    one("a.mdx", &page("{1 + 1}"), "unknown-construct 9:1");
    one("a.mdx", &page("import X from './x'"), "unknown-construct 9:1");
}

#[test]
fn a_broken_signature() {
    let text =
        page("").replace("Properties", "Methods") + "### run()\n\n```ts\nrun(a: ): void\n```\n";
    let ingested = read("a.mdx", &text);
    assert_eq!(codes(&ingested), ["missing-signature 10:1", "invalid-signature 13:1"]);
}

#[test]
fn a_decision_table_with_a_hole() {
    let table =
        "| a set | b set | Choice |\n| - | - | - |\n| yes | yes | One |\n| no | no | Two |\n";
    one("a.mdx", &page(table), "incomplete-decision-table 9:1");
}

#[test]
fn forms_that_have_lost_too_much() {
    let export = "> For a complete index of all pages, fetch /llms.txt\n\n# A\n\nAn a.\n";
    let ingested = one("a.md", export, "markdown-export 1:1");
    assert!(ingested.diagnostics[0].message.contains("names and types"));
    one(
        "a.txt",
        "A\n\nAn a.\n\nProperties\n\ntoken\n\nThe token of this and that.\n\nexpiry\n\nIts end.\n",
        "reader-extraction 1:1",
    );
    one("a.txt", "Just prose, and no reference.\n", "unknown-form 1:1");
    one("a.mdx", "", "empty-file 1:1");
}

#[test]
fn broken_mdx_has_a_place() {
    let ingested = read("a.mdx", &page("<ParamField path=\"x\" type=\"string\">"));
    assert_eq!(ingested.diagnostics.len(), 1);
    assert_eq!(ingested.diagnostics[0].code, "invalid-mdx");
    assert!(ingested.items.is_empty());
}

#[test]
fn texts_that_bring_the_parser_down_are_refused() {
    let ingested = read("a.mdx", "string | null<Accordion title=\"x\">\n---\n");
    assert!(ingested.has_errors());
    let underlined = page("").replace("An a.", "An a.\n---");
    one("a.mdx", &underlined, "unknown-construct 5:1");
}

#[test]
fn front_matter_that_nothing_closes_leaves_lists_as_they_are() {
    let text = "---\n\n# Interface: A\n\n## Extends\n\n- `B`\n";
    let ingested = one("interfaces/A.md", text, "invalid-front-matter 1:1");
    assert_eq!(ingested.facts.items["A"].extends.len(), 1);
    // The parser counted below zero here: a panic in one build, damage elsewhere in another.
    let ingested = read("a.mdx", "---\n\n-");
    assert_eq!(codes(&ingested), ["invalid-front-matter 1:1", "missing-title 1:1"]);
}

#[test]
fn a_document_that_could_not_be_read_again_is_not_written() {
    let nested = |levels| {
        let ty = format!("{}string{}", "(a: ".repeat(levels), ") => void".repeat(levels));
        let ingested = read("a.mdx", &page(&format!("<ParamField path=\"x\" type=\"{ty}\" />")));
        assert!(!ingested.has_errors());
        document::write(&ingested.items[0])
    };
    let written = nested(25).unwrap();
    assert_eq!(document::read("A.json", &written).unwrap().name, "A");
    let refused = nested(60).unwrap_err();
    assert_eq!((refused.code, refused.place.to_string().as_str()), ("document-write", "a.mdx:2:8"));
    assert!(refused.help.is_some());
}

#[test]
fn absent_inputs() {
    let ingested =
        ingest(&["/no/such/page.mdx".into(), "/no/such/*.mdx".into()], &Options::default());
    let found: Vec<&str> = ingested.diagnostics.iter().map(|fault| fault.code).collect();
    assert_eq!(found, ["no-input", "unreadable-file"]);
}

#[test]
fn depth_and_size_are_bounded() {
    for text in [
        "<A>\n\n".repeat(10_000),
        "> ".repeat(10_000),
        "[".repeat(100_000),
        "{".repeat(100_000),
        "*a_ ".repeat(100_000),
        "a".repeat(50 << 20),
    ] {
        let ingested = read("a.mdx", &text);
        assert!(ingested.has_errors());
    }
    let deep = format!("{}string{}", "Array<".repeat(10_000), ">".repeat(10_000));
    let ingested = read("a.mdx", &page(&format!("<ParamField path=\"x\" type=\"{deep}\" />")));
    assert_eq!(codes(&ingested), ["invalid-type 9:1"]);
}

#[test]
fn every_prefix_of_a_page_is_read_or_refused() {
    let text = std::fs::read_to_string(
        std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("fixtures/reference/interfaces/CredentialProvider.mdx"),
    )
    .unwrap();
    let inputs: Vec<IngestInput> = (0..text.len())
        .filter(|end| text.is_char_boundary(*end))
        .map(|end| IngestInput::Text { name: format!("{end}/A.mdx"), text: text[..end].to_owned() })
        .collect();
    assert!(!ingest(&inputs, &Options::default()).diagnostics.is_empty());
}

/// P3: fields of a page of any site are an interface that its title names.
#[test]
fn fields_of_a_page_without_a_symbol_are_an_interface() {
    let text = "---\ntitle: \"Light a lamp\"\nslug: /api/lamps/light\n---\nLights one.\n\n## Request\n\n\
        <ParamField path=\"id\" type=\"string\" required>\n  Which one.\n</ParamField>\n\n\
        ### More\n\n<Accordion title=\"Rarely used\">\n<ParamField body=\"level\" type=\"number\" />\n</Accordion>\n";
    let ingested = read("light.mdx", text);
    assert_eq!(codes(&ingested), [""; 0]);
    let item = &ingested.facts.items["LightALamp"];
    let names: Vec<&str> = item.properties.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["id", "level"]);
    assert_eq!(
        codes(&read("guide.mdx", "---\ntitle: \"A guide\"\nslug: /a\n---\nText.\n")),
        ["no-symbol 2:8"]
    );
}
