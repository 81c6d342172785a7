//! Markdown as `typedoc-plugin-markdown` writes it: titles such as `Interface: X`, signatures as
//! quotes (`> **name**(`a?`): `T``), members as headings or as tables.

use std::collections::BTreeMap;

use credwire_schema::diagnostic::{Diagnostic, Place};

use crate::{
    facts::{Confidence, Facts},
    fern,
    mdx::{self, Flavour},
    page::{Attribute, Block, BlockKind, Element, Page, Span, text_of},
    reference,
    source::Source,
};

/// The kinds that titles begin with, and the category they stand for.
const KINDS: [(&str, &str); 8] = [
    ("Interface: ", "interfaces"),
    ("Class: ", "classes"),
    ("Abstract Class: ", "classes"),
    ("Type Alias: ", "type-aliases"),
    ("Type alias: ", "type-aliases"),
    ("Function: ", "functions"),
    ("Variable: ", "variables"),
    ("Enumeration: ", "enumerations"),
];

/// Whether a Markdown text is of this dialect.
pub(crate) fn is_typedoc(source: &Source) -> bool {
    let text = source.text();
    let titled = |line: &str| {
        let title = line.strip_prefix("# ");
        title.is_some_and(|title| KINDS.iter().any(|(kind, _)| title.starts_with(kind)))
    };
    let components = text.contains("<ParamField") || text.contains("<Accordion");
    !components
        && source.lines().iter().any(|line| {
            let line = line.text;
            let is_signature = line.starts_with("> ") && line.contains("**");
            let is_table = line.starts_with("| Property")
                || line.starts_with("| Parameter")
                || line.starts_with("| Type Parameter");
            titled(line) || is_signature || is_table || line.starts_with("Defined in:")
        })
}

/// Reads the facts of one page.
///
/// # Errors
/// What makes the whole page unreadable: `document-too-large`, `too-deeply-nested`.
pub(crate) fn read(
    source: &Source,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Facts, Box<Diagnostic>> {
    let document = mdx::parse(source, Flavour::Markdown, diagnostics)?;
    let head = fern::Head::read(document.front_matter, source, diagnostics);
    let mut page = Page {
        path: String::new(),
        title: head.title.unwrap_or_default(),
        title_place: head.title_place,
        slug: head.slug,
        category: folders(source.name()),
        blocks: Vec::new(),
    };
    let mut blocks = document.blocks;
    if let Some(at) =
        blocks.iter().position(|block| matches!(block.kind, BlockKind::Heading { depth: 1, .. }))
    {
        // What stands above the title is navigation.
        let rest = blocks.split_off(at);
        blocks = rest;
        take_title(&mut blocks, &mut page);
    }
    page.path = path(source.name(), &page);
    let blocks = blocks.into_iter().peekable();
    page.blocks = Converter { blocks, out: Vec::new(), heading: None }.convert();
    if page.category.iter().any(|category| category == "enumerations") {
        diagnostics.push(
            Diagnostic::warning(
                "unsupported-symbol",
                page.title_place.clone(),
                "enumerations are not read",
            )
            .help("write them as a union of literals"),
        );
        return Ok(Facts::default());
    }
    Ok(reference::read(&page, Confidence::Stated, diagnostics))
}

fn take_title(blocks: &mut Vec<Block>, page: &mut Page) {
    let Some(Block { kind: BlockKind::Heading { text, .. }, place }) = blocks.first().cloned()
    else {
        return;
    };
    blocks.remove(0);
    let kind = KINDS.iter().find(|(kind, _)| text.starts_with(kind));
    if let Some((prefix, category)) = kind {
        page.category.push((*category).to_owned());
        page.title =
            text.get(prefix.len()..).unwrap_or(&text).trim().trim_end_matches("()").to_owned();
        page.title_place = place;
    } else if page.title.is_empty() {
        page.title = text.trim_end_matches("()").to_owned();
        page.title_place = place;
    }
}

fn folders(file: &str) -> Vec<String> {
    let mut parts: Vec<String> = file.split('/').map(str::to_owned).collect();
    parts.pop();
    parts.pop().into_iter().collect()
}

/// The file with the folder that says its category, when it is in one.
fn path(file: &str, page: &Page) -> String {
    let name = file.rsplit('/').next().unwrap_or(file);
    match file.rsplit('/').nth(1).filter(|_| page.slug.is_none()) {
        Some(folder) if KINDS.iter().any(|(_, category)| *category == folder) => {
            format!("{folder}/{name}")
        }
        _ => crate::page::path_below_root(file, page.slug.as_deref()),
    }
}

struct Converter<I: Iterator<Item = Block>> {
    blocks: std::iter::Peekable<I>,
    out: Vec<Block>,
    /// The name in the last heading: what stands below it is about that.
    heading: Option<String>,
}

/// Sections that the generator writes; other headings of their depth stand in comments.
const SECTIONS: &[&str] = &[
    "Accessors",
    "Author",
    "Authors",
    "Call Signature",
    "Category",
    "Constructors",
    "Default",
    "Default Value",
    "Deprecated",
    "Enumeration Members",
    "Events",
    "Example",
    "Examples",
    "Extended by",
    "Extends",
    "Hierarchy",
    "Implementation of",
    "Implemented by",
    "Implements",
    "Index Signature",
    "Indexable",
    "Indexes",
    "Inherited from",
    "Methods",
    "Overrides",
    "Parameters",
    "Properties",
    "Remarks",
    "Returns",
    "See",
    "Signature",
    "Since",
    "Table of contents",
    "Throws",
    "Type Declaration",
    "Type Parameters",
    "Type declaration",
    "Type parameters",
    "Union Members",
];

impl<I: Iterator<Item = Block>> Converter<I> {
    fn convert(mut self) -> Vec<Block> {
        // The depth of an open `Parameters`; deeper headings are its members.
        let mut params: Option<u8> = None;
        let mut type_params: Option<u8> = None;
        while let Some(block) = self.blocks.next() {
            match block.kind {
                BlockKind::Heading { depth, text, .. } => {
                    if params.is_some_and(|open| depth > open) {
                        self.param(&text, block.place);
                        continue;
                    }
                    if type_params.is_some_and(|open| depth > open) {
                        self.type_param(text, block.place);
                        continue;
                    }
                    if depth == 2 && !SECTIONS.contains(&text.as_str()) {
                        continue;
                    }
                    self.heading = Some(bare_name(&text));
                    params = (text == "Parameters").then_some(depth);
                    type_params = (text == "Type Parameters").then_some(depth);
                    // All second-level headings are the generator's own.
                    let kind = BlockKind::Heading { depth, bold: depth == 2, text };
                    self.out.push(Block { kind, place: block.place });
                }
                BlockKind::Quote(children) => self.quote(&children, block.place),
                BlockKind::Prose(ref spans) if text_of(spans).starts_with("Defined in") => {}
                kind => self.out.push(Block { kind, place: block.place }),
            }
        }
        self.out
    }

    /// `> **name**(`a?`): `T`` is code; other quotes are prose.
    fn quote(&mut self, children: &[Block], place: Place) {
        let Some(BlockKind::Prose(spans)) = children.first().map(|block| &block.kind) else {
            return;
        };
        let text = text_of(spans).replace('\n', " ");
        let text = text.trim();
        let code = if reference::is_declaration(text) {
            text.to_owned()
        } else if self.is_property(text) {
            return self.property(text, place);
        } else if text.split_once(" = ").is_some_and(|(name, _)| is_type_name(name)) {
            format!("type {text}")
        } else {
            return;
        };
        // Statements of a fence begin on the line after it.
        let fence = Place::new(place.file, place.line.saturating_sub(1), place.column);
        self.out
            .push(Block { kind: BlockKind::Fence { lang: "ts".to_owned(), code }, place: fence });
    }

    /// Whether a quote is the property that the heading above it names: "Note: .." is prose.
    fn is_property(&self, text: &str) -> bool {
        let Some(name) = property_name(text) else { return false };
        self.heading.as_ref().is_none_or(|heading| *heading == bare_name(name))
    }

    /// `> **name**: `T` = `1``: what the compiler sees, and the default as prose.
    fn property(&mut self, text: &str, place: Place) {
        let (code, default) =
            text.rsplit_once(" = ").map_or((text, None), |(code, value)| (code, Some(value)));
        let fence = Place::new(place.file.clone(), place.line.saturating_sub(1), place.column);
        let kind = BlockKind::Fence { lang: "ts".to_owned(), code: code.to_owned() };
        self.out.push(Block { kind, place: fence });
        if let Some(default) = default {
            let span = |text: &str, code| Span {
                text: text.to_owned(),
                code,
                link: None,
                place: place.clone(),
            };
            let spans = vec![span("Default: ", false), span(default.trim(), true)];
            self.out.push(Block { kind: BlockKind::Prose(spans), place });
        }
    }

    /// `### T`, then often `` `T` *extends* .. ``, which says it all.
    fn type_param(&mut self, name: String, place: Place) {
        let repeats = |block: &Block| match &block.kind {
            BlockKind::Prose(spans) => {
                spans.first().is_some_and(|span| span.code && span.text == name)
            }
            _ => false,
        };
        if !self.blocks.peek().is_some_and(repeats) {
            let span = Span { text: name, code: true, link: None, place: place.clone() };
            self.out.push(Block { kind: BlockKind::Prose(vec![span]), place });
        }
    }

    /// `##### name?`, then its type, then prose.
    fn param(&mut self, heading: &str, place: Place) {
        let (name, default) =
            heading.split_once(" = ").map_or((heading, None), |(name, value)| (name, Some(value)));
        let name = name.trim();
        let mut attributes =
            BTreeMap::from([("path".to_owned(), Attribute::Text(name.to_owned()))]);
        if !name.ends_with('?') {
            attributes.insert("required".to_owned(), Attribute::Bare);
        }
        if let Some(default) = default {
            attributes.insert("default".to_owned(), Attribute::Text(default.to_owned()));
        }
        let mut children = Vec::new();
        while let Some(block) = self
            .blocks
            .next_if(|block| !matches!(block.kind, BlockKind::Heading { .. } | BlockKind::Rule))
        {
            match &block.kind {
                BlockKind::Prose(spans) if !attributes.contains_key("type") && is_type(spans) => {
                    attributes.insert(
                        "type".to_owned(),
                        Attribute::Text(text_of(spans).trim_start_matches("...").to_owned()),
                    );
                }
                _ => children.push(block),
            }
        }
        let element = Element { name: "ParamField".to_owned(), attributes, children };
        self.out.push(Block { kind: BlockKind::Element(element), place });
    }
}

/// Types are code, links and the marks between them.
fn is_type(spans: &[Span]) -> bool {
    spans.iter().any(|span| span.code)
        && spans.iter().all(|span| {
            span.code || span.link.is_some() || !span.text.contains(char::is_alphabetic)
        })
}

/// The name of a property as a quote writes it, behind its modifiers.
fn property_name(text: &str) -> Option<&str> {
    let (name, _) = text.split_once(": ")?;
    let words: Vec<&str> = name.split_whitespace().collect();
    let modifiers = ["optional", "readonly", "static", "protected", "abstract"];
    let (name, before) = words.split_last()?;
    let bare = name.trim_end_matches('?');
    let is_name =
        !bare.is_empty() && bare.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '$'));
    (is_name && before.iter().all(|word| modifiers.contains(word))).then_some(name)
}

/// A name without what marks it: `watts?`, `on()`, `~~old~~`.
fn bare_name(text: &str) -> String {
    let name = text.split(['(', '<']).next().unwrap_or(text);
    name.chars().filter(|c| c.is_alphanumeric() || matches!(c, '_' | '$')).collect()
}

fn is_type_name(text: &str) -> bool {
    let name = text.split('<').next().unwrap_or(text);
    name.starts_with(char::is_alphabetic)
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '$'))
}
