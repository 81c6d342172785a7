//! The pages to ingest: the whole reference where it is at hand, else as many copies of the
//! fixtures, and copies of either with names of their own.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use credwire_ingest::{IngestInput, Options, ingest};
use credwire_schema::{
    document,
    link::{self, Assembled},
    model::Item,
    overlay::Overlay,
};

/// How many copies of the fixtures are about as many pages as the whole reference.
const COPIES_OF_FIXTURES: usize = 26;

/// Pages, and all that linking them needs.
pub(crate) struct Corpus {
    /// Which pages these are.
    pub(crate) description: String,
    /// How many times the tree is among them.
    pub(crate) copies: usize,
    /// The pages as texts.
    pub(crate) pages: Vec<IngestInput>,
    known: Vec<Item>,
    overlay: Overlay,
}

impl Corpus {
    /// The reference, `copies` times, each time with other names.
    pub(crate) fn load(copies: usize) -> Self {
        let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schema");
        let reference = schema.join("../../shared/pages/whole/browser-sdk-v4");
        let (root, times, origin) = if reference.is_dir() {
            (reference, copies, "the reference")
        } else {
            let fixtures = schema.join("../ingest/fixtures/reference");
            (fixtures, copies * COPIES_OF_FIXTURES, "copies of the fixtures")
        };
        let texts = pages(&root);
        let overlay = fs::read_to_string(schema.join("overlay.toml")).expect("there is an overlay");
        let mut corpus = Self {
            description: String::new(),
            copies,
            pages: texts.iter().map(|(name, text)| input(name, text)).collect(),
            known: document::load(&schema.join("interfaces")).expect("the documents can be read"),
            overlay: Overlay::read("overlay.toml", &overlay).expect("the overlay can be read"),
        };
        let first = corpus.assemble(1);
        corpus.known.retain(|known| first.items.iter().all(|item| item.name != known.name));
        let mut overlays: toml::Table = toml::from_str(&overlay).expect("the overlay is TOML");
        for copy in 1..times {
            let names = Names::of_copy(copy, &first.items);
            corpus.pages.extend(texts.iter().map(|(name, text)| {
                input(&format!("copy{copy}/{}", names.rename(name)), &names.page(text))
            }));
            let renamed = toml::from_str(&names.rename(&overlay)).expect("the overlay is TOML");
            join(&mut overlays, renamed);
        }
        let overlays = toml::to_string(&overlays).expect("the overlays can be written");
        corpus.overlay = Overlay::read("overlay.toml", &overlays).expect("the overlays fit");
        corpus.description =
            format!("{} pages of {origin}, {} bytes", corpus.pages.len(), corpus.bytes());
        corpus
    }

    /// The size of all texts.
    pub(crate) fn bytes(&self) -> usize {
        let size = |page: &IngestInput| match page {
            IngestInput::Text { text, .. } => text.len(),
            IngestInput::Path(_) => 0,
        };
        self.pages.iter().map(size).sum()
    }

    /// Takes the texts to a linked schema, and gives the number of symbols that were read.
    pub(crate) fn link(&self, threads: usize) -> usize {
        self.assemble(threads).items.len()
    }

    fn assemble(&self, threads: usize) -> Assembled {
        let items = self.read(threads);
        link::assemble(items, self.known.clone(), &self.overlay)
            .unwrap_or_else(|problems| panic!("{problems:#?}"))
    }

    fn read(&self, threads: usize) -> Vec<Item> {
        let options = Options {
            threads: Some(threads),
            review: Some(credwire_drift::review),
            ..Options::default()
        };
        let ingested = ingest(&self.pages, &options);
        assert!(!ingested.has_errors(), "{:?}", ingested.diagnostics);
        ingested.items
    }
}

fn input(name: &str, text: &str) -> IngestInput {
    IngestInput::Text { name: name.to_owned(), text: text.to_owned() }
}

/// The pages below a directory by their path below it.
fn pages(root: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut waiting: Vec<PathBuf> = vec![root.to_owned()];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(&folder).expect("a folder can be listed") {
            let path = entry.expect("a folder can be listed").path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|extension| extension == "mdx") {
                let name = path.strip_prefix(root).expect("it is below").to_string_lossy();
                found.push((name.into_owned(), fs::read_to_string(&path).expect("a page is text")));
            }
        }
    }
    found.sort();
    found
}

/// What symbols are called in a copy.
struct Names {
    suffix: String,
    words: BTreeMap<String, String>,
    slugs: Vec<String>,
}

impl Names {
    fn of_copy(copy: usize, items: &[Item]) -> Self {
        let named = items.iter().flat_map(|item| {
            let tables = item.tables.iter().map(|table| table.name.clone());
            [item.name.clone(), item.rust.clone()].into_iter().chain(tables)
        });
        let words = named.map(|name| (name.clone(), format!("{name}Copy{copy}"))).collect();
        let slugs = items.iter().map(|item| item.reference.clone()).collect();
        Self { suffix: format!("-copy{copy}"), words, slugs }
    }

    /// A page with other names and another address.
    fn page(&self, text: &str) -> String {
        let lines = text.split_inclusive('\n').map(|line| match line.strip_prefix("slug: ") {
            Some(slug) => format!("slug: {}", self.slug(slug)),
            None => self.rename(line),
        });
        lines.collect()
    }

    /// Puts the suffix behind the symbol's part of an address.
    fn slug(&self, slug: &str) -> String {
        let is_symbols = |known: &&String| {
            slug.strip_prefix(known.as_str())
                .is_some_and(|rest| rest.starts_with(['/', '\n', '\r']) && !known.is_empty())
        };
        match self.slugs.iter().filter(is_symbols).max_by_key(|known| known.len()) {
            Some(known) => format!("{known}{}{}", self.suffix, &slug[known.len()..]),
            None => slug.to_owned(),
        }
    }

    /// Replaces names where they stand as words.
    fn rename(&self, text: &str) -> String {
        let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
        let mut renamed = String::with_capacity(text.len());
        let mut rest = text;
        while !rest.is_empty() {
            let other = rest.find(is_part).unwrap_or(rest.len());
            let (between, word) = rest.split_at(other);
            let (word, after) = word.split_at(word.find(|c| !is_part(c)).unwrap_or(word.len()));
            renamed.push_str(between);
            renamed.push_str(self.words.get(word).map_or(word, String::as_str));
            rest = after;
        }
        renamed
    }
}

/// Adds to an overlay what its renamed copy says about other symbols.
fn join(overlay: &mut toml::Table, copy: toml::Table) {
    for (key, value) in copy {
        match (overlay.get_mut(&key), value) {
            // Types without a page are the same for all copies.
            _ if key == "externals" => {}
            (Some(toml::Value::Table(known)), toml::Value::Table(more)) => {
                for (name, entry) in more {
                    known.entry(name).or_insert(entry);
                }
            }
            (Some(toml::Value::Array(known)), toml::Value::Array(more)) => {
                let more: Vec<_> =
                    more.into_iter().filter(|entry| !known.contains(entry)).collect();
                known.extend(more);
            }
            _ => panic!("the copy of the overlay has another form in `{key}`"),
        }
    }
}
