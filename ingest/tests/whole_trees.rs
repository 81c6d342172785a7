//! Directories, globs, lists and indexes: the same result whatever names the pages.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use credwire_ingest::{IngestInput, Ingested, Options, ingest, paths_from_list};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/reference")
}

fn names(ingested: &Ingested) -> Vec<&str> {
    ingested.items.iter().map(|item| item.name.as_str()).collect()
}

#[test]
fn every_way_to_name_pages_gives_the_same() {
    let root = fixtures();
    let whole = ingest(&[IngestInput::Path(root.clone())], &Options::default());
    assert_eq!((whole.summary.files, whole.summary.symbols), (16, 16));
    assert_eq!(whole.diagnostics, []);
    let glob = ingest(&[IngestInput::Path(root.join("**/*.mdx"))], &Options::default());
    assert_eq!(glob.items, whole.items);
    let list: String =
        whole.items.iter().rev().map(|item| format!("{}\n", item.place.file)).collect();
    let listed = ingest(&paths_from_list(&format!("# pages\n\n{list}")), &Options::default());
    assert_eq!(listed.items, whole.items);
    let twice = ingest(
        &[IngestInput::Path(root.clone()), IngestInput::Path(root)],
        &Options { threads: Some(1), ..Options::default() },
    );
    assert_eq!((&twice.items, &twice.diagnostics), (&whole.items, &whole.diagnostics));
}

#[test]
fn an_index_names_pages_beside_it_and_may_name_itself() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::create_dir(root.join("interfaces")).unwrap();
    for name in ["SDKCredential", "SATClaims"] {
        fs::copy(
            fixtures().join(format!("interfaces/{name}.mdx")),
            root.join(format!("interfaces/{name}.mdx")),
        )
        .unwrap();
    }
    let index = "# Site\n\n- [Credential](https://site.test/docs/reference/interfaces/sdk-credential.md): what it is\n- [Here](llms.txt)\n- [Gone](https://site.test/docs/gone)\n";
    fs::write(root.join("llms.txt"), index).unwrap();
    let ingested = ingest(&[IngestInput::Path(root.join("llms.txt"))], &Options::default());
    assert_eq!(names(&ingested), ["SDKCredential"]);
    let codes: Vec<String> = ingested
        .diagnostics
        .iter()
        .map(|fault| format!("{} {}:{}", fault.code, fault.place.line, fault.place.column))
        .collect();
    assert_eq!(codes, ["index-entry-missing 5:10"]);
}

#[test]
fn progress_counts_every_file() {
    let done = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&done);
    let progress = move |_: usize, all: usize| {
        assert_eq!(all, 16);
        seen.fetch_add(1, Ordering::Relaxed);
    };
    let _ = ingest(
        &[IngestInput::Path(fixtures())],
        &Options { progress: Some(Arc::new(progress)), ..Options::default() },
    );
    assert_eq!(done.load(Ordering::Relaxed), 16);
}

#[test]
fn two_pages_of_one_symbol_are_reported() {
    let text = fs::read_to_string(fixtures().join("interfaces/SATClaims.mdx")).unwrap();
    let page = |name: &str| IngestInput::Text { name: name.to_owned(), text: text.clone() };
    let ingested = ingest(
        &[page("b/interfaces/SATClaims.mdx"), page("a/interfaces/SATClaims.mdx")],
        &Options::default(),
    );
    assert_eq!(ingested.items[0].place.file.as_ref(), "a/interfaces/SATClaims.mdx");
    assert_eq!(ingested.diagnostics.len(), 1);
    assert_eq!(ingested.diagnostics[0].code, "duplicate-item");
    assert!(ingested.diagnostics[0].message.contains("a/interfaces/SATClaims.mdx:2:8"));
}
