//! Names of sources that mean the same on every machine.
//!
//! A page is named by its path below the root of its reference, `interfaces/SDKCredential.mdx`. A
//! file of declarations or a manifest is named by its package,
//! `@signalwire/js@4.0.0-beta.12/dist/index.d.mts`.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::Arc,
};

use credwire_schema::{
    document,
    model::{Item, element::Element},
};
use serde::Deserialize;

use crate::{facts::Facts, source::is_code};

/// The stable names of sources.
#[derive(Debug, Default)]
pub struct Provenance {
    pages: BTreeSet<String>,
    named: BTreeMap<Arc<str>, Arc<str>>,
}

impl Provenance {
    /// Returns the names of what `facts` were read from.
    pub fn new(facts: &Facts) -> Self {
        let pages = facts.pages.iter().map(|page| page.path.clone()).collect();
        Self { pages, named: BTreeMap::new() }
    }

    /// Renames the sources of every fact of an item.
    pub fn of_item(&mut self, item: &mut Item) {
        document::each_place(item, &mut |place| place.file = self.name(&place.file));
    }

    /// Renames the sources of every fact of an element.
    pub fn of_element(&mut self, element: &mut Element) {
        document::each_place_of_element(element, &mut |place| place.file = self.name(&place.file));
    }

    /// Returns the stable name of a file; its name as it is when there is no better one.
    pub fn name(&mut self, file: &Arc<str>) -> Arc<str> {
        if let Some(known) = self.named.get(file) {
            return Arc::clone(known);
        }
        let stable = if is_code(file) { in_package(file) } else { self.below_root(file) };
        let stable: Arc<str> = stable.map_or_else(|| Arc::clone(file), Into::into);
        self.named.insert(Arc::clone(file), Arc::clone(&stable));
        stable
    }

    /// The longest path of a page that the file's name ends in.
    fn below_root(&self, file: &str) -> Option<String> {
        let starts = file.match_indices('/').map(|(at, _)| at + 1);
        std::iter::once(0)
            .chain(starts)
            .filter_map(|start| file.get(start..))
            .find(|path| self.pages.contains(*path))
            .map(str::to_owned)
    }
}

/// `name@version/path` by the nearest `package.json` above.
fn in_package(file: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Package {
        name: String,
        version: String,
    }
    let path = Path::new(file);
    path.ancestors().skip(1).find_map(|folder| {
        let text = std::fs::read_to_string(folder.join("package.json")).ok()?;
        let Package { name, version } = serde_json::from_str(&text).ok()?;
        let below = path.strip_prefix(folder).ok()?.to_string_lossy().replace('\\', "/");
        Some(format!("{name}@{version}/{below}"))
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_named_below_its_root_and_nothing_else_is() {
        let pages = BTreeSet::from(["a/B.mdx".to_owned(), "B.mdx".to_owned()]);
        let mut names = Provenance { pages, ..Provenance::default() };
        assert_eq!(&*names.name(&"/home/x/a/B.mdx".into()), "a/B.mdx");
        assert_eq!(&*names.name(&"c/B.mdx".into()), "B.mdx");
        assert_eq!(&*names.name(&"./else/C.mdx".into()), "./else/C.mdx");
    }

    #[test]
    fn declarations_are_named_by_their_package() {
        let folder = tempfile::tempdir().unwrap();
        let package = r#"{"name": "@x/y", "version": "1.2.3"}"#;
        std::fs::write(folder.path().join("package.json"), package).unwrap();
        let file = folder.path().join("dist/index.d.mts").to_string_lossy().replace('\\', "/");
        let mut names = Provenance::default();
        assert_eq!(&*names.name(&file.as_str().into()), "@x/y@1.2.3/dist/index.d.mts");
    }
}
