//! The committed schemas are what the pages of `fixtures/reference` and the overlay give.
#![cfg(feature = "ingest")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::{collections::BTreeMap, path::Path};

use credwire_schema::{
    document,
    ingest::{Input, Options, ingest},
    link::assemble,
    model::Item,
    overlay::Overlay,
};

fn contents(items: &[Item]) -> BTreeMap<String, String> {
    items.iter().map(|item| (item.name.clone(), document::content(item).unwrap())).collect()
}

#[test]
fn the_fixtures_give_the_committed_schemas() {
    let schema = Path::new(env!("CARGO_MANIFEST_DIR"));
    let pages = Input::Path(schema.join("fixtures/reference"));
    let ingested = ingest(&[pages], &Options::default());
    let shown: Vec<String> = ingested.diagnostics.iter().map(ToString::to_string).collect();
    assert_eq!(shown, [""; 0]);
    let overlay = Overlay::load(&schema.join("overlay.toml")).unwrap();
    // Nothing committed is needed to make sense of the fixtures: together they are complete.
    let assembled = assemble(ingested.items, Vec::new(), &overlay).unwrap();
    let committed = document::load(&schema.join("interfaces")).unwrap();
    let (read, committed) = (contents(&assembled.items), contents(&committed));
    assert_eq!(read.keys().collect::<Vec<_>>(), committed.keys().collect::<Vec<_>>());
    for (name, text) in &read {
        assert_eq!(text, &committed[name], "{name}");
    }
}
