//! Pages that were damaged at random: read or refused, never a panic, every place inside the text.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::{fs, path::Path};

use credwire_ingest::{IngestInput, Options, ingest};
use proptest::{prelude::*, sample::select};

/// Pieces that mean something to one of the readers.
const PIECES: [&str; 40] = [
    "<ParamField path=\"a.b\" type=\"",
    "\" required toc={true}>\n",
    "</ParamField>\n",
    "<Accordion title=\"Inherited from A\">\n",
    "</Accordion>\n",
    "## **Properties**\n\n",
    "### run()\n\n",
    "#### Parameters\n\n",
    "#### Returns\n\n",
    "```ts\n",
    "```\n",
    "get a$(): Observable<",
    "set a(v): void\n",
    "type A<T> = ",
    "new A(b?, ...c): A\n",
    "string | null",
    "\"x\" | (string & {})",
    "{ a?: ",
    " }",
    "<T>(a) => ",
    "| a | b |\n| - | - |\n",
    "| yes | no |\n",
    "Default: `3`",
    "(0..1)",
    "in ms since epoch",
    "At least one of `a` or `b` must",
    "---\n",
    "title: \"A\"\n",
    "slug: /reference/interfaces/a\n",
    "{",
    "}",
    "[",
    "](",
    "`",
    "\u{201d}",
    "\u{0}",
    "\\",
    "&quot;",
    "1a(): void\n",
    "stringRequired\n\n",
];

fn corpus() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ingest/fixtures");
    let names = [
        "reference/interfaces/CredentialProvider.mdx",
        "reference/interfaces/SATClaims.mdx",
        "reference/type-aliases/CredentialRefreshFallbackReason.mdx",
        "reference/Errors/DPoPInitError.mdx",
        "rendered/CredentialProvider.txt",
    ];
    let mut corpus: Vec<(String, String)> = names
        .iter()
        .map(|name| ((*name).to_owned(), fs::read_to_string(root.join(name)).unwrap()))
        .collect();
    let typedoc = "# Interface: A\\<T\\>\n\n## Properties\n\n### b?\n\n> `optional` **b**: `string`\n\n## Methods\n\n### c()\n\n> **c**(`d`): `void`\n";
    corpus.push(("interfaces/A.md".to_owned(), typedoc.to_owned()));
    let declarations = "/** A, in ms. */\nexport interface A<T = B> extends C<T> {\n  a?: 'x' | number;\n  b(...c: T[]): Promise<void>;\n}\nexport * from './a';\n";
    corpus.push(("a.d.ts".to_owned(), declarations.to_owned()));
    corpus
}

#[derive(Clone, Debug)]
enum Damage {
    Cut(usize, usize),
    Insert(usize, &'static str),
    Repeat(usize, usize),
}

fn damage() -> impl Strategy<Value = Damage> {
    prop_oneof![
        (any::<usize>(), 0usize..200).prop_map(|(at, length)| Damage::Cut(at, length)),
        (any::<usize>(), select(&PIECES[..])).prop_map(|(at, piece)| Damage::Insert(at, piece)),
        (any::<usize>(), 0usize..80).prop_map(|(at, length)| Damage::Repeat(at, length)),
    ]
}

fn boundary(text: &str, at: usize) -> usize {
    let mut at = at % (text.len() + 1);
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn apply(text: &mut String, damage: &Damage) {
    match damage {
        Damage::Cut(at, length) => {
            let start = boundary(text, *at);
            let end = boundary(text, (start + length).min(text.len()));
            text.replace_range(start..end.max(start), "");
        }
        Damage::Insert(at, piece) => text.insert_str(boundary(text, *at), piece),
        Damage::Repeat(at, length) => {
            let start = boundary(text, *at);
            let end = boundary(text, (start + length).min(text.len())).max(start);
            let piece = text[start..end].repeat(20);
            text.insert_str(start, &piece);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damaged_pages_are_read_or_refused(which in 0usize..7, damages in prop::collection::vec(damage(), 1..6)) {
        let (name, mut text) = corpus().swap_remove(which);
        for damage in &damages {
            apply(&mut text, damage);
        }
        let lines = text.lines().count() + 1;
        let input = IngestInput::Text { name: name.clone(), text };
        let options = Options { threads: Some(1), review: Some(credwire_drift::review), ..Options::default() };
        let ingested = ingest(std::slice::from_ref(&input), &options);
        for fault in &ingested.diagnostics {
            prop_assert!(fault.place.line >= 1 && fault.place.line as usize <= lines, "{fault}");
            prop_assert!(fault.help.is_some(), "{fault}");
        }
        let again = ingest(&[input], &options);
        prop_assert_eq!(ingested.items, again.items);
    }

    #[test]
    fn any_text_in_any_form_is_read_or_refused(extension in select(&["mdx", "md", "txt", "d.ts"][..]), pieces in prop::collection::vec(select(&PIECES[..]), 0..60)) {
        let name = format!("interfaces/a.{extension}");
        let ingested = ingest(&[IngestInput::Text { name, text: pieces.concat() }], &Options { threads: Some(1), review: Some(credwire_drift::review), ..Options::default() });
        prop_assert!(ingested.has_errors() || ingested.summary.files == 1);
    }
}
