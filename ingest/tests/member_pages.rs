//! Pages of the members of a class: what a note in one member's section says about the others.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use credwire_ingest::{IngestInput, Options, facts::facts_json, ingest};

/// The members that a page with two accessors calls not implemented, by the text of its warning.
fn unimplemented(warning: &str) -> Vec<String> {
    let text = format!(
        "---\ntitle: \"glow$\"\nslug: /reference/lamp/glow$\ndescription: \"How bright it is.\"\n\
         max-toc-depth: 3\n---\n\n\
         ```ts\nget glow$(): Observable<number>\n```\n\nHow bright it is, each time.\n\n\
         <Warning>\n{warning}\n</Warning>\n\n\
         ## glow\n\n```ts\nget glow(): number\n```\n\nHow bright it is.\n"
    );
    let page = IngestInput::Text { name: "Lamp/glow$.mdx".to_owned(), text };
    let ingested = ingest(&[page], &Options::default());
    assert!(ingested.diagnostics.iter().all(|fault| !fault.is_error()));
    let facts = facts_json(&ingested.facts);
    let accessors = facts["items"]["Lamp"]["accessors"].as_array().unwrap();
    assert_eq!(accessors.len(), 2);
    let marked = accessors.iter().filter(|accessor| accessor["unimplemented"] == true);
    marked.map(|accessor| accessor["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_warning_holds_for_the_members_that_it_names_together() {
    for (warning, expected) in [
        ("**Not yet implemented.** It fails.", &["glow$"][..]),
        ("**Not implemented.** `glow$` and `glow` need a sensor.", &["glow", "glow$"]),
        ("Not implemented: `glow`, `dim()`, or `glow$`.", &["glow", "glow$"]),
        // A pointer to something that works.
        ("Not implemented. Read `glow` now and then.", &["glow$"]),
        ("`glow$` is not implemented. Read `glow` or `dim`.", &["glow$"]),
        ("`glow$` and `glow` may fail.", &[]),
    ] {
        let mut found = unimplemented(warning);
        found.sort();
        assert_eq!(found, expected, "{warning}");
    }
}

#[test]
fn what_generators_left_behind_is_noted() {
    let text = "---\ntitle: \"lamps$\"\nslug: /reference/hall/lamps$\ndescription: \"The lamps.\"\n\
         max-toc-depth: 3\n---\n\n\
         ```ts\nget lamps$(): Observable<[Lamp](/reference/lamp) | undefined>\n```\n\nEach lamp.\n\n\
         ## lamps\n\n```ts\nget lamps(): object\n```\n\nThe lamps of now.\n\n\
         ##### front?\n\n> `optional` **front?**: `string`\n\n\
         ##### Care\n\n> Note: keep them dry.\n";
    let page = IngestInput::Text { name: "Hall/lamps$.mdx".to_owned(), text: text.to_owned() };
    let text = "---\ntitle: \"ring\"\nslug: /reference/functions/ring\ndescription: \"Rings.\"\n\
         max-toc-depth: 3\n---\n\n\
         ```ts\nring(): Bell\n```\n\nRings.\n\n## **Returns**\n\nThe bell that rang.\n";
    let function =
        IngestInput::Text { name: "functions/ring.mdx".to_owned(), text: text.to_owned() };
    let ingested = ingest(&[page, function], &Options::default());
    let facts = facts_json(&ingested.facts);
    assert_eq!(
        facts["anomalies"],
        serde_json::json!([
            {"page": "Hall/lamps$.mdx", "kind": "markdown-link-in-signature", "detail": "lamps$"},
            {"page": "functions/ring.mdx", "kind": "returns-prose", "detail": "ring"},
            {"page": "Hall/lamps$.mdx", "kind": "typedoc-residue", "detail": "lamps$: front?"},
        ])
    );
    let accessors = &facts["items"]["Hall"]["accessors"];
    assert_eq!(
        (&accessors[0]["get"], &accessors[1]["get"]),
        (&"object".into(), &"Observable<Lamp | undefined>".into())
    );
}
