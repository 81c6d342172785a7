use std::{fs, path::Path};

use serde_json::Value;
use tempfile::TempDir;

use crate::process::{command, fed, run};

const TITLED: &str =
    "---\ntitle: Kiosk\nslug: /reference/interfaces/kiosk\n---\n\n## Properties\n\n";

fn page(properties: &str) -> String {
    format!("{TITLED}{properties}")
}

fn property(name: &str, ty: &str) -> String {
    format!("<ParamField path=\"{name}\" type=\"{ty}\" required>\n</ParamField>\n\n")
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

/// A page with an error: exit status 1, a diagnostic with place and help, nothing printed, nothing
/// written.
#[track_caller]
fn refused(file: &str, text: &str, diagnostic: &str) {
    let folder = folder(&[(file, text)]);
    for args in [&["ingest", file][..], &["ingest", "--out", "out", file]] {
        let ran = run(folder.path(), args).exits(1);
        assert_eq!(ran.out, "");
        assert!(ran.err.contains(diagnostic) && ran.err.contains("help: "), "{}", ran.err);
        assert!(!folder.path().join("out").exists());
    }
}

#[test]
fn a_page_without_a_title_is_refused() {
    let text = page(&property("name", "string")).replace("title: Kiosk\n", "");
    refused("kiosk.mdx", &text, "kiosk.mdx:1:1: error[missing-title]");
}

#[test]
fn a_property_without_a_type_is_refused() {
    let text = page("<ParamField path=\"name\" required>\n</ParamField>\n");
    refused("kiosk.mdx", &text, "kiosk.mdx:8:1: error[missing-type]");
}

#[test]
fn an_unknown_type_name_is_opaque_and_a_finding_to_the_strict() {
    let folder = tempfile::tempdir().unwrap();
    let text = page(&property("owner", "Nobody"));
    std::fs::write(folder.path().join("kiosk.mdx"), text).unwrap();
    let ran = run(folder.path(), &["ingest", "kiosk.mdx"]).exits(0);
    assert!(ran.err.contains("kiosk.mdx:8:1: warning[unknown-type]"), "{}", ran.err);
    run(folder.path(), &["ingest", "kiosk.mdx", "--strict"]).exits(1);
}

#[test]
fn the_markdown_export_of_a_site_is_refused() {
    let text = "> For a complete index of all pages, see the list\n\n# Kiosk\n\n## Properties\n\nA name.\n";
    refused("kiosk.md", text, "kiosk.md:1:1: error[markdown-export]");
}

#[test]
fn one_bad_page_among_good_ones_stops_everything() {
    let (good, bad) =
        (page(&property("name", "string")), page("<ParamField path=\"a\">\n</ParamField>\n"));
    let bad = bad.replace("Kiosk", "Booth").replace("kiosk", "booth");
    let folder = folder(&[("pages/kiosk.mdx", &good), ("pages/booth.mdx", &bad)]);
    let ran = run(folder.path(), &["ingest", "--out", "out", "pages"]).exits(1);
    assert!(ran.err.contains("pages/booth.mdx:8:1: error[missing-type]"), "{}", ran.err);
    assert!(!folder.path().join("out").exists());
}

#[test]
fn an_unknown_name_is_a_warning_for_facts() {
    let folder = folder(&[("interfaces/kiosk.mdx", &page(&property("owner", "Nobody")))]);
    let ran = run(folder.path(), &["ingest", "--emit", "facts", "interfaces/kiosk.mdx"]).exits(0);
    assert!(ran.err.contains("interfaces/kiosk.mdx:8:1: warning[unknown-type]"), "{}", ran.err);
    let facts: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(facts["items"]["Kiosk"]["properties"][0]["type"], "Nobody");
}

#[test]
fn pages_come_from_folders_globs_and_lists() {
    let booth = page(&property("kiosk", "Kiosk")).replace("Kiosk\nslug", "Booth\nslug");
    let booth = booth.replace("interfaces/kiosk", "interfaces/booth");
    let folder = folder(&[
        ("pages/interfaces/Kiosk.mdx", &page(&property("name", "string"))),
        ("pages/interfaces/Booth.mdx", &booth),
    ]);
    let names = |ran: &str| -> Vec<String> {
        let documents = serde_json::Deserializer::from_str(ran).into_iter::<Value>();
        documents.map(|document| document.unwrap()["name"].as_str().unwrap().to_owned()).collect()
    };
    let path: &Path = folder.path();
    for args in [&["ingest", "pages"][..], &["ingest", "pages/**/*.mdx"]] {
        assert_eq!(names(&run(path, args).exits(0).out), ["Booth", "Kiosk"]);
    }
    let list = "# changed\npages/interfaces/Kiosk.mdx\n\npages/interfaces/Booth.mdx\n";
    let listed = fed(command(path, &["ingest", "-"]), list).exits(0);
    assert_eq!(names(&listed.out), ["Booth", "Kiosk"]);
    let alone = run(path, &["ingest", "pages/interfaces/Booth.mdx"]).exits(0);
    assert!(alone.err.contains("warning[unknown-type]"), "{}", alone.err);
    assert_eq!(fed(command(path, &["ingest", "-"]), "\n").status, Some(2));
}

#[test]
fn documents_are_written_and_known_from_then_on() {
    let booth = page(&property("kiosk", "Kiosk")).replace("Kiosk\nslug", "Booth\nslug");
    let folder = folder(&[
        ("Kiosk.mdx", &page(&property("name", "string"))),
        ("Booth.mdx", &booth.replace("interfaces/kiosk", "interfaces/booth")),
    ]);
    let first = run(folder.path(), &["ingest", "--out", "out", "Kiosk.mdx"]).exits(0);
    assert_eq!(first.out, "");
    assert!(first.err.contains("out/Kiosk.json: written"), "{}", first.err);
    run(folder.path(), &["ingest", "--out", "out", "Booth.mdx"]).exits(0);
    let again = run(folder.path(), &["ingest", "--out", "out", "Booth.mdx"]).exits(0);
    assert!(again.err.contains("1 schema, 0 changed"), "{}", again.err);
    let mut written: Vec<_> = fs::read_dir(folder.path().join("out"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    written.sort();
    assert_eq!(written, ["Booth.json", "Kiosk.json"]);
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let folder = folder(&[]);
    let ran = run(folder.path(), &["ingest", "nowhere.mdx"]).exits(1);
    assert!(ran.err.contains("nowhere.mdx:1:1: error["), "{}", ran.err);
}

#[test]
fn colour_is_for_terminals_unless_asked_for() {
    let folder = folder(&[("kiosk.mdx", "no title\n")]);
    assert!(!run(folder.path(), &["ingest", "kiosk.mdx"]).err.contains('\u{1b}'));
    let ran = run(folder.path(), &["ingest", "--color", "always", "kiosk.mdx"]);
    assert!(ran.err.contains("\u{1b}["), "{}", ran.err);
}

#[cfg(unix)]
#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    use std::process::{Command, Stdio};
    let binary = env!("CARGO_BIN_EXE_credwire");
    let script = format!(
        "set -o pipefail; {binary} --help | true; {binary} ingest --emit facts k.mdx | true"
    );
    let folder = folder(&[("k.mdx", &page(&property("name", "string")))]);
    let mut command = Command::new("bash");
    command.args(["-c", &script]).current_dir(folder.path()).stderr(Stdio::null());
    assert!(command.status().unwrap().success());
}

/// Pages come first; declarations add symbols, and the members of classes whose pages are missing.
#[test]
fn declarations_fill_what_pages_lack() {
    let declarations = "\
export interface Kiosk { owner: string; more: string; }
export interface Booth { width: number; }
declare class Shop { get open(): boolean; /** @internal */ get till(): number; close(): void; protected lock(): void; }
export { Shop };
";
    let member =
        "---\ntitle: open\nslug: /reference/shop/open\n---\n\n```ts\nget open(): string\n```\n";
    let folder = folder(&[
        ("reference/interfaces/kiosk.mdx", &page(&property("owner", "string"))),
        ("reference/Shop/open.mdx", member),
        ("sdk/package.json", r#"{"name": "@stall/js", "version": "1.2.0"}"#),
        ("sdk/dist/index.d.ts", declarations),
    ]);
    let args = ["ingest", "reference", "--fill", "sdk/dist/index.d.ts", "--out", "out"];
    run(folder.path(), &args).exits(0);
    let read = |name: &str| -> Value {
        let text = fs::read_to_string(folder.path().join(format!("out/{name}.json"))).unwrap();
        serde_json::from_str(&text).unwrap()
    };
    let kiosk = read("Kiosk");
    assert_eq!(
        kiosk["properties"].as_array().unwrap().len(),
        1,
        "the page of an interface is complete"
    );
    assert_eq!(kiosk["place"]["file"], "interfaces/kiosk.mdx");
    assert_eq!(read("Booth")["place"]["file"], "@stall/js@1.2.0/dist/index.d.ts");
    let shop = read("Shop");
    let names = |list: &str| {
        let all = shop[list].as_array().cloned().unwrap_or_default();
        all.iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!((names("accessors"), names("methods")), (vec!["open".into()], vec!["close".into()]));
    assert_eq!(shop["accessors"][0]["get"], "string", "the page has the say");
    assert_eq!(shop["accessors"][0]["place"]["file"], "Shop/open.mdx");
}
