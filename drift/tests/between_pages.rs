//! What pages say of each other: contradictions, and cards that list pages.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::{fs, path::Path};

use credwire_ingest::{IngestInput, Ingested, Options, ingest};

fn page(path: &str, title: &str, slug: &str, body: &str) -> (String, String) {
    let text = format!(
        "---\ntitle: \"{title}\"\nslug: /reference/{slug}\ndescription: \"About it.\"\nmax-toc-depth: 3\n---\n{body}"
    );
    (path.to_owned(), text)
}

fn told(ingested: &Ingested) -> Vec<String> {
    let all = ingested.diagnostics.iter();
    all.map(|fault| format!("{} {}: {}", fault.code, fault.place, fault.message)).collect()
}

fn texts(pages: &[(String, String)]) -> Ingested {
    let inputs: Vec<IngestInput> = pages
        .iter()
        .map(|(name, text)| IngestInput::Text { name: name.clone(), text: text.clone() })
        .collect();
    ingest(&inputs, &Options { review: Some(credwire_drift::review), ..Options::default() })
}

fn field(name: &str, ty: &str, words: &str) -> String {
    format!(
        "<ParamField path=\"{name}\" type=\"{ty}\" required toc={{true}}>\n  {words}\n</ParamField>\n\n"
    )
}

/// An interface with a score, and a class that has all its members and another opinion.
fn twins(members: usize, score: &str, theirs: &str) -> Vec<(String, String)> {
    let others: String = (0..members).map(|n| field(&format!("m{n}"), "string", "It.")).collect();
    let interface =
        format!("It.\n\n## **Properties**\n\n{others}{}", field("score", "number", score));
    let class = format!(
        "It.\n\n## **Constructors**\n\n### Constructor\n\n```ts\nnew Talk(): Talk\n```\n\n## **Properties**\n\n{others}\
         ## **Accessors**\n\n<CardGroup cols={{2}}>\n  <Card title=\"score\" href=\"/docs/reference/talk/score\">\n    It.\n  </Card>\n</CardGroup>\n"
    );
    let accessor = format!("```ts\nget score(): number\n```\n\n{theirs}\n");
    vec![
        page("interfaces/Rated.mdx", "Rated", "interfaces/rated", &interface),
        page("Talk/index.mdx", "Talk", "talk", &class),
        page("Talk/score.mdx", "score", "talk/score", &accessor),
    ]
}

#[test]
fn pages_that_contradict_each_other_are_told_with_both_places() {
    let pages = twins(5, "The score (0–5).", "The score (1-5).");
    assert_eq!(
        told(&texts(&pages)),
        [
            "pages-contradict Talk/score.mdx:8:1: `Talk.get score`: range 1 to 5 contradicts range 0 to 5 at interfaces/Rated.mdx:32:14"
        ]
    );
    let unit = twins(5, "How long, in seconds.", "How long, in milliseconds.");
    assert!(told(&texts(&unit))[0].contains("unit millis contradicts unit seconds at"));
}

#[test]
fn silence_and_likeness_by_chance_contradict_nothing() {
    for pages in [
        twins(5, "The score.", "The score (1-5)."),
        twins(5, "The score (0–5).", "The score."),
        twins(5, "The score (1–5).", "The score (1-5)."),
        twins(2, "The score (0–5).", "The score (1-5)."),
    ] {
        assert_eq!(told(&texts(&pages)), [""; 0]);
    }
}

#[test]
fn a_copy_is_held_against_its_base() {
    let base = format!("It.\n\n## **Properties**\n\n{}", field("wait", "number", "In seconds."));
    let copy = |ty: &str, words: &str| {
        let body = format!(
            "It.\n\n## **Extends**\n\n- [`Base`](/docs/reference/interfaces/base)\n\n## **Properties**\n\n{}<Accordion title=\"Inherited from Base\">\n\n{}</Accordion>\n",
            field("own", "string", "It."),
            field("wait", ty, words),
        );
        texts(&[
            page("interfaces/Base.mdx", "Base", "interfaces/base", &base),
            page("interfaces/Copy.mdx", "Copy", "interfaces/copy", &body),
        ])
    };
    assert_eq!(told(&copy("number", "It.")), [""; 0]);
    assert!(told(&copy("number", "In milliseconds."))[0].contains("unit millis contradicts"));
    assert!(told(&copy("string", "It."))[0].contains("wait: string contradicts wait: number at"));
}

fn card(title: &str, to: &str) -> String {
    format!("  <Card title=\"{title}\" href=\"{to}\">\n    It.\n  </Card>\n")
}

/// Writes pages and reads them as one tree.
fn tree(pages: &[(String, String)]) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in pages {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let read = ingest(
        &[folder.path().to_path_buf().into()],
        &Options { review: Some(credwire_drift::review), ..Options::default() },
    );
    let root = format!("{}/", folder.path().to_string_lossy());
    told(&read).into_iter().map(|line| line.replace(&root, "")).collect()
}

fn index(cards: &str) -> (String, String) {
    let body = format!(
        "It.\n\n## **Interfaces**\n\n<CardGroup cols={{2}}>\n{cards}</CardGroup>\n\n## **Variables**\n\n### version\n\n```ts\nconst version: string = 1\n```\n"
    );
    let (path, text) = page("index.mdx", "Reference", "", &body);
    (path, text.replace("/reference/\n", "/reference\n"))
}

fn interface(name: &str) -> (String, String) {
    let body = format!("It.\n\n## **Properties**\n\n{}", field("a", "string", "It."));
    let slug = format!("interfaces/{}", name.to_lowercase());
    page(&format!("interfaces/{name}.mdx"), name, &slug, &body)
}

#[test]
fn listed_pages_that_were_not_given_are_told() {
    let cards = card("Here", "/docs/x/reference/interfaces/here")
        + &card("Gone", "https://docs.test/x/reference/interfaces/gone#top")
        + &card("Guide", "/docs/x/guides/start")
        + &card("Code", "https://code.test/here");
    let pages = [index(&cards), interface("Here"), interface("Unlisted")];
    assert_eq!(
        tree(&pages),
        [
            "listed-page-missing index.mdx:15:3: `Gone` is listed here, but its page was not given",
            "page-not-listed interfaces/Unlisted.mdx:2:8: `Unlisted` is not listed on index.mdx, as its neighbours are",
        ]
    );
    // Pages that are named one by one are not meant to be all.
    assert_eq!(told(&texts(&pages)), [""; 0]);
    let many: String =
        (0..9).map(|n| card(&format!("I{n}"), &format!("/reference/interfaces/i{n}"))).collect();
    let all = tree(&[index(&many), interface("I3")]);
    assert_eq!(all.len(), 1, "{all:?}");
    assert!(all[0].contains("8 of 9 listed pages were not given: `I0`, `I1`, `I2`, `I4`"));
}

#[test]
fn the_fixtures_agree_with_each_other() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ingest/fixtures/reference");
    let options = Options { review: Some(credwire_drift::review), ..Options::default() };
    let read = ingest(&[fixtures.into()], &options);
    assert_eq!((read.summary.files, told(&read)), (16, Vec::new()));
}
