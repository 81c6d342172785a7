//! What a comment states, of which the generator has made prose and sections.

use credwire_schema::type_expr::TypeExpr;

use super::{
    head::is_modifier,
    outline::{Role, Section},
};
use crate::{
    facts::{DocFacts, Stated},
    page::{Block, BlockKind, Span, text_of},
    reference::{default_value, describe},
};

/// A comment taken apart.
#[derive(Debug, Default)]
pub(super) struct Comment {
    pub(super) prose: Vec<Span>,
    pub(super) deprecated: bool,
    pub(super) internal: bool,
    pub(super) throws: bool,
    pub(super) since: Option<String>,
    default: Option<Stated<String>>,
}

impl Comment {
    /// Reads the comment of a section: the prose among its blocks, without the one at `head`, and
    /// the tags below it.
    pub(super) fn of(section: &Section, head: Option<usize>) -> Self {
        let mut comment = match head {
            Some(at) => {
                let mut comment = Self::of_blocks(section.blocks.get(at + 1..).unwrap_or_default());
                let before = Self::of_blocks(section.blocks.get(..at).unwrap_or_default());
                comment.internal |= before.internal;
                comment
            }
            None => Self::of_blocks(&section.blocks),
        };
        comment.deprecated |= section.title.starts_with("~~");
        for tag in section.children.iter().filter(|child| child.role == Role::Tag) {
            comment.tag(tag);
        }
        comment
    }

    /// Reads the prose of some blocks.
    pub(super) fn of_blocks(blocks: &[Block]) -> Self {
        let mut comment = Self::default();
        for block in blocks {
            match &block.kind {
                BlockKind::Prose(spans) if is_origin(spans) => {}
                BlockKind::Prose(spans) if is_modifier(block) => {
                    comment.internal |= text_of(spans).contains("Internal");
                }
                _ => collect(block, &mut comment.prose),
            }
        }
        comment
    }

    /// Reads the cell of a table.
    pub(super) fn of_cell(spans: &[Span]) -> Self {
        let tag = |word: &str| spans.iter().any(|span| span.text.trim() == word);
        Self {
            prose: spans.to_vec(),
            deprecated: tag("Deprecated"),
            internal: spans.iter().any(|span| span.code && span.text == "Internal"),
            ..Self::default()
        }
    }

    fn tag(&mut self, tag: &Section) {
        let mut spans = Vec::new();
        tag.blocks.iter().for_each(|block| collect(block, &mut spans));
        match tag.title.trim_matches('~') {
            "Deprecated" => self.deprecated = true,
            "Internal" => self.internal = true,
            "Throws" => self.throws = true,
            "Since" => {
                let words = text_of(&spans);
                let line = words.split_whitespace().collect::<Vec<_>>().join(" ");
                self.since = self.since.take().or((!line.is_empty()).then_some(line));
            }
            "Default" | "Default Value" => {
                self.default = self.default.take().or_else(|| default_value(&spans));
            }
            _ => {}
        }
    }

    /// A default that stands outside the prose, in a column or behind the type.
    pub(super) fn with_default(mut self, spans: &[Span]) -> Self {
        self.default = self.default.take().or_else(|| default_value(spans));
        self
    }

    /// What it states of a value.
    pub(super) fn facts(&self, ty: Option<&TypeExpr>) -> DocFacts {
        let mut facts = describe(ty, &self.prose);
        facts.deprecated = self.deprecated;
        facts.default = self.default.clone().or(facts.default);
        facts
    }
}

/// `Defined in: src/lamp.ts:3`
fn is_origin(spans: &[Span]) -> bool {
    text_of(spans).trim_start().starts_with("Defined in:")
}

/// The text of a block, code blocks as code.
fn collect(block: &Block, out: &mut Vec<Span>) {
    let end = |out: &mut Vec<Span>| {
        if let Some(last) = out.last().cloned() {
            out.push(Span { text: "\n".to_owned(), code: false, link: None, ..last });
        }
    };
    match &block.kind {
        BlockKind::Prose(spans) => {
            out.extend(spans.iter().cloned());
            end(out);
        }
        BlockKind::List(items) => {
            for block in items.iter().flatten() {
                collect(block, out);
            }
        }
        BlockKind::Quote(children) => children.iter().for_each(|block| collect(block, out)),
        BlockKind::Fence { code, .. } => {
            let line = |line: &str| Span {
                text: line.to_owned(),
                code: true,
                link: None,
                place: block.place.clone(),
            };
            out.extend(code.lines().map(line));
            end(out);
        }
        BlockKind::Heading { .. }
        | BlockKind::Element(_)
        | BlockKind::Rule
        | BlockKind::Table(_) => {}
    }
}
