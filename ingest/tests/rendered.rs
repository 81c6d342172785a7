//! The rendered form of a page gives the facts of its MDX form.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "tests"
)]

#[path = "support/render.rs"]
mod render;

use std::path::{Path, PathBuf};

use credwire_ingest::{
    IngestInput, Ingested, Options,
    facts::{Confidence, Facts, facts_json},
    ingest,
};
use render::Frame;
use serde_json::Value;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(input: IngestInput) -> Ingested {
    ingest(&[input], &Options::default())
}

/// The items of some facts without the paths of their pages.
fn items(facts: &Facts) -> Value {
    fn strip(value: &mut Value) {
        match value {
            Value::Object(map) => {
                map.remove("page");
                map.values_mut().for_each(strip);
            }
            Value::Array(all) => all.iter_mut().for_each(strip),
            _ => {}
        }
    }
    let mut items = facts_json(facts)["items"].take();
    strip(&mut items);
    items
}

#[test]
fn the_two_forms_of_the_fixture_state_the_same() {
    let mdx = read(IngestInput::Path(
        root().join("fixtures/reference/interfaces/CredentialProvider.mdx"),
    ));
    let text = read(IngestInput::Path(root().join("fixtures/rendered/CredentialProvider.txt")));
    assert_eq!(text.diagnostics, []);
    assert_eq!(items(&mdx.facts), items(&text.facts));
    let (left, right) =
        (&mdx.facts.items["CredentialProvider"], &text.facts.items["CredentialProvider"]);
    assert_eq!(
        (left.tables[0].heading.as_str(), &left.tables[0].headers),
        (right.tables[0].heading.as_str(), &right.tables[0].headers)
    );
    assert_eq!(mdx.items[0].tables[0].rows, text.items[0].tables[0].rows);
    assert_eq!((left.confidence, right.confidence), (Confidence::Stated, Confidence::Recovered));
    assert_eq!(
        text.facts.items["CredentialProvider"].properties[0]
            .place
            .to_string()
            .rsplit_once('/')
            .unwrap()
            .1,
        "CredentialProvider.txt:58:1"
    );
}

#[test]
fn the_real_rendering_states_what_its_page_states() {
    let shared = root().join("../../shared/pages");
    if !shared.exists() {
        eprintln!("skipped: the reference pages are not at hand");
        return;
    }
    let mdx = read(IngestInput::Path(
        shared.join("whole/browser-sdk-v4/interfaces/CredentialProvider.mdx"),
    ));
    let text = read(IngestInput::Path(shared.join("rendered/CredentialProvider.txt")));
    assert_eq!(text.diagnostics, []);
    assert_eq!(items(&mdx.facts), items(&text.facts));
    assert_eq!(mdx.items[0].tables[0].rows, text.items[0].tables[0].rows);
    assert_eq!(mdx.items[0].tables[0].inputs, text.items[0].tables[0].inputs);
}

fn pages(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            pages(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "mdx") {
            found.push(path);
        }
    }
}

/// Renders every page of a folder and compares the facts of both forms, page by page.
fn compare(folder: &Path, frame: Frame) -> Vec<String> {
    let mut paths = Vec::new();
    pages(folder, &mut paths);
    let title = |path: &PathBuf| {
        let text = std::fs::read_to_string(path).unwrap();
        text.lines()
            .find_map(|line| line.strip_prefix("title: "))
            .unwrap()
            .trim_matches('"')
            .to_owned()
    };
    let known: Vec<String> = paths
        .iter()
        .map(|path| {
            let parent = path.parent().unwrap();
            let is_category = ["interfaces", "type-aliases", "Errors", "functions"]
                .iter()
                .any(|name| parent.ends_with(name));
            if is_category {
                title(path)
            } else {
                parent.file_name().unwrap().to_string_lossy().into_owned()
            }
        })
        .collect();
    let mut different = Vec::new();
    for path in &paths {
        let mdx = std::fs::read_to_string(path).unwrap();
        let relative = path.strip_prefix(folder).unwrap().to_string_lossy().into_owned();
        let folder_name =
            path.parent().unwrap().file_name().unwrap().to_string_lossy().into_owned();
        let crumbs = match folder_name.as_str() {
            "interfaces" => "EntitiesInterfaces".to_owned(),
            "type-aliases" => "EntitiesType Aliases".to_owned(),
            "Errors" => "EntitiesErrors".to_owned(),
            "functions" => "CoreFunctions".to_owned(),
            _ if relative.ends_with("index.mdx") => "Entities".to_owned(),
            class => format!("Entities{class}"),
        };
        let name = relative.replace(".mdx", ".txt");
        let text = render::render(&mdx, frame, &crumbs, &known);
        let left = read(IngestInput::Path(path.clone()));
        let right = read(IngestInput::Text { name, text });
        let (left, right) = (items(&left.facts), items(&right.facts));
        if left != right {
            different.push(format!("{relative}\n  mdx  {left}\n  text {right}"));
        }
    }
    different
}

#[test]
fn renderings_of_the_fixtures_state_the_same() {
    for frame in [Frame::Full, Frame::Trimmed] {
        let different = compare(&root().join("fixtures/reference"), frame);
        assert!(different.is_empty(), "{} pages:\n{}", different.len(), different.join("\n"));
    }
}

#[test]
fn what_renderings_glue_together_is_told_apart() {
    let page = |title: &str, slug: &str, body: &str| {
        format!(
            "---\ntitle: \"{title}\"\nslug: /reference/{slug}\ndescription: \"It is.\"\n\
             max-toc-depth: 3\n---\n\n{body}"
        )
    };
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [
        (
            "interfaces/Hall.mdx",
            page(
                "Hall<TLamp>",
                "interfaces/hall",
                "Holds lamps.\n\n## **Extends**\n\n- `Room<Lamp>` (see [`Lamp`](/reference/lamp))\n\n\
                 ## **Type Parameters**\n\n| Type Parameter | Default type | Description |\n\
                 | --- | --- | --- |\n| `TLamp` | `never` | The Lamp that the hall has |\n\n\
                 ## **Properties**\n\n<ParamField path=\"lamp\" type=\"TLamp\" toc={true}>\n  \
                 The first one.\n</ParamField>\n",
            ),
        ),
        (
            "type-aliases/Maker.mdx",
            page(
                "Maker",
                "type-aliases/maker",
                "```ts\ntype Maker = (glass, colour?) => Lamp\n```\nMakes one.\n\n\
                 ## **Parameters**\n\n| Parameter | Type |\n| --- | --- |\n\
                 | `glass` | `string` \\| `number` |\n| `colour?` | `string` \\| `string`[] |\n\n\
                 ## **Returns**\n\n`Lamp`\n",
            ),
        ),
        (
            "Lamp/glow$.mdx",
            page(
                "glow$",
                "lamp/glow$",
                "```ts\nget glow$(): Observable<number>\n```\n\nHow bright.\n\n\
                 <Warning>\n**Not yet implemented.** `glow$` and `glow` need a sensor.\n</Warning>\n\n\
                 ## glow\n\n```ts\nget glow(): number\n```\n\nHow bright it is.\n",
            ),
        ),
    ] {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    for frame in [Frame::Full, Frame::Trimmed] {
        let different = compare(folder.path(), frame);
        assert!(different.is_empty(), "{} pages:\n{}", different.len(), different.join("\n"));
    }
}

#[test]
fn renderings_of_the_published_pages_state_the_same() {
    let shared = root().join("../../shared/pages/whole/browser-sdk-v4");
    if !shared.exists() {
        eprintln!("skipped: the reference pages are not at hand");
        return;
    }
    for frame in [Frame::Full, Frame::Trimmed] {
        let different = compare(&shared, frame);
        assert!(different.is_empty(), "{} pages:\n{}", different.len(), different.join("\n"));
    }
}

#[test]
fn defaults_may_be_glued_to_types() {
    let text = "EntitiesInterfaces\n\nLamp\n\nView as MarkdownOpen in Claude\n\nA lamp.\n\nProperties\n\n\
                level\nnumberDefaults to 40\n\nHow bright it is.\n\n\
                kind\n\u{201c}warm\u{201d} | \u{201c}cold\u{201d}Defaults to \u{201c}cold\u{201d}\n\nIts light.\n\n\
                on\nboolean Defaults to true\n\nWhether it is on.\n";
    let read = read(IngestInput::Text { name: "Lamp.txt".to_owned(), text: text.to_owned() });
    assert_eq!(read.diagnostics, []);
    let lamp = &items(&read.facts)["Lamp"];
    let expected = [
        ("kind", "\"warm\" | \"cold\"", "cold"),
        ("level", "number", "40"),
        ("on", "boolean", "true"),
    ];
    let found = lamp["properties"].as_array().unwrap();
    assert_eq!(found.len(), expected.len());
    for (member, (name, ty, default)) in found.iter().zip(expected) {
        assert_eq!((&member["name"], &member["type"]), (&name.into(), &ty.into()), "{member}");
        assert_eq!(
            (&member["doc"]["default"], &member["optional"]),
            (&default.into(), &true.into()),
            "{member}"
        );
    }
}
