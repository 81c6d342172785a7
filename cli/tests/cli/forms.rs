//! `docs/forms`: the page of each form is read and generated as it says.

use std::path::Path;

use serde_json::Value;

use crate::{
    init::{Block, blocks, read, write},
    process::run,
};

/// A page of `docs/forms`, what its block with a reference is, and how the block is saved and read.
struct Form {
    page: &'static str,
    language: &'static str,
    file: &'static str,
    source: &'static str,
    /// Which part of the facts the page shows.
    facts: &'static str,
    /// The file of the code that it shows.
    code: &'static str,
}

const FORMS: [Form; 5] = [
    Form {
        page: "fern.md",
        language: "mdx",
        file: "reference/interfaces/lamp.mdx",
        source: "reference",
        facts: "items",
        code: "src/data.rs",
    },
    Form {
        page: "declarations.md",
        language: "ts",
        file: "lamp.d.ts",
        source: "lamp.d.ts",
        facts: "items",
        code: "src/data.rs",
    },
    Form {
        page: "typedoc.md",
        language: "md",
        file: "docs/interfaces/Lamp.md",
        source: "docs",
        facts: "items",
        code: "src/data.rs",
    },
    Form {
        page: "rendered.md",
        language: "text",
        file: "text/interfaces/Lamp.txt",
        source: "text/interfaces/Lamp.txt",
        facts: "items",
        code: "src/data.rs",
    },
    Form {
        page: "custom-elements.md",
        language: "mdx",
        file: "reference/lamp-switch.mdx",
        source: "reference",
        facts: "elements",
        code: "src/elements.rs",
    },
];

fn of<'a>(blocks: &'a [Block], language: &str) -> Vec<&'a str> {
    let of = blocks.iter().filter(|block| block.language == language);
    let of: Vec<&str> = of.map(|block| block.code.as_str()).collect();
    assert!(!of.is_empty(), "no block of {language}");
    of
}

#[test]
fn each_form_gives_the_facts_and_the_rust_of_its_page() {
    for Form { page, language, file, source, facts, code } in FORMS {
        let blocks = blocks(&format!("forms/{page}"));
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &[(file, of(&blocks, language)[0])]);
        let ran = run(folder.path(), &["ingest", "--emit", "facts", source]).exits(0);
        let read_now: Value = serde_json::from_str(&ran.out).unwrap();
        let shown: Value = serde_json::from_str(of(&blocks, "json")[0]).unwrap();
        assert_eq!(read_now[facts], shown, "{page}: {:#}", read_now[facts]);

        run(folder.path(), &["init", "--from", source]).exits(0);
        let generated = read(folder.path().join(code));
        for shown in of(&blocks, "rust") {
            assert!(generated.contains(shown), "{page}: {shown} is not in {generated}");
        }
    }
}

#[test]
fn a_manifest_is_held_against_the_page_of_its_element() {
    let blocks = blocks("forms/custom-elements.md");
    let folder = tempfile::tempdir().unwrap();
    let files = [
        ("reference/lamp-switch.mdx", of(&blocks, "mdx")[0]),
        ("custom-elements.json", of(&blocks, "json")[1]),
    ];
    write(folder.path(), &files);
    let args = ["check", "reference", "--against", "custom-elements.json"];
    let ran = run(folder.path(), &args).exits(1);
    assert_eq!(ran.out.trim_end(), of(&blocks, "text")[0].trim_end());
}

#[test]
fn every_form_has_its_page() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("docs/forms");
    let mut pages: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    pages.sort();
    let mut known = FORMS.map(|form| form.page);
    known.sort_unstable();
    assert_eq!(pages, known);
    let table = read(crate::init::root().join("docs/forms.md"));
    for page in pages {
        assert!(table.contains(&format!("(forms/{page})")), "docs/forms.md has no link to {page}");
    }
}
