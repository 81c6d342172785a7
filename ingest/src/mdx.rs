//! MDX and Markdown text into [`Block`]s, over the trees of the `markdown` crate.

mod expression;
mod guard;

use std::collections::BTreeMap;

use credwire_schema::diagnostic::Diagnostic;
use guard::FrontMatter;
use markdown::{Constructs, MdxSignal, ParseOptions, mdast};

use crate::{
    page::{Attribute, Block, BlockKind, Element, Span},
    source::Source,
};

/// Documents above this size are refused: real pages stay below 100 KiB, and the time a Markdown
/// parser needs is not linear in the size of a hostile text.
pub(crate) const MAX_DOCUMENT_BYTES: usize = 1 << 20;

/// Containers deeper than this are refused.
const MAX_CONTAINERS: usize = 64;

/// Which flavour a document is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flavour {
    /// Markdown with components.
    Mdx,
    /// Markdown with tables, as generators write it.
    Markdown,
}

/// A document taken apart.
#[derive(Debug)]
pub(crate) struct Document {
    /// The lines between the `---` at the top, with the byte offset of the first.
    pub(crate) front_matter: Option<(String, usize)>,
    /// What follows.
    pub(crate) blocks: Vec<Block>,
}

/// Takes a document apart.
///
/// # Errors
/// `document-too-large`, `too-deeply-nested` and `invalid-mdx`, with the place.
pub(crate) fn parse(
    source: &Source,
    flavour: Flavour,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Document, Box<Diagnostic>> {
    let text = source.text();
    if text.len() > MAX_DOCUMENT_BYTES {
        let message = format!("the document is larger than {} KiB", MAX_DOCUMENT_BYTES >> 10);
        return Err(Box::new(
            Diagnostic::error("document-too-large", source.place(MAX_DOCUMENT_BYTES), message)
                .help("split it into a page for each symbol"),
        ));
    }
    if let Some(offset) = guard::too_deep_at(text) {
        let message = format!("containers nest deeper than {MAX_CONTAINERS} levels");
        return Err(Box::new(
            Diagnostic::error("too-deeply-nested", source.place(offset), message)
                .help("a reference page has no use for that; check that the file is one"),
        ));
    }
    let front_matter = guard::front_matter(text);
    if front_matter == FrontMatter::Open {
        let message = "the `---` at the top opens front matter that nothing closes";
        diagnostics.push(
            Diagnostic::warning("invalid-front-matter", source.place(0), message)
                .help("close it with a line `---`, or begin with text"),
        );
    }
    let tree = tree(source, flavour, front_matter == FrontMatter::Closed)?;
    let mut builder = Builder { source, diagnostics, front_matter: None };
    let blocks = match tree {
        mdast::Node::Root(root) => builder.blocks(&root.children),
        _ => Vec::new(),
    };
    Ok(Document { front_matter: builder.front_matter, blocks })
}

/// Parses a text. The parser ends in `unreachable!` on some malformed texts; they are refused.
fn tree(
    source: &Source,
    flavour: Flavour,
    front_matter: bool,
) -> Result<mdast::Node, Box<Diagnostic>> {
    let options = || options(flavour, front_matter);
    let parsed = std::panic::catch_unwind(|| markdown::to_mdast(source.text(), &options()));
    match parsed {
        Ok(tree) => tree.map_err(|fault| invalid(source, &fault)),
        Err(_) => Err(Box::new(
            Diagnostic::error(
                "invalid-mdx",
                source.place(0),
                "the parser cannot make sense of the text",
            )
            .help("close every tag in the block it was opened in"),
        )),
    }
}

fn options(flavour: Flavour, frontmatter: bool) -> ParseOptions {
    let constructs = match flavour {
        Flavour::Mdx => Constructs::mdx(),
        Flavour::Markdown => Constructs { code_indented: false, ..Constructs::default() },
    };
    // Underlined headings bring the parser down when their text has a component.
    let constructs =
        Constructs { frontmatter, gfm_table: true, heading_setext: false, ..constructs };
    ParseOptions {
        constructs,
        // Imports are recognised, so that they can be warned about, and never run.
        mdx_esm_parse: Some(Box::new(|_| MdxSignal::Ok)),
        mdx_expression_parse: Some(Box::new(|code, _| expression::end(code))),
        ..ParseOptions::default()
    }
}

fn invalid(source: &Source, fault: &markdown::message::Message) -> Box<Diagnostic> {
    let offset = match fault.place.as_deref() {
        Some(markdown::message::Place::Point(point)) => point.offset,
        Some(markdown::message::Place::Position(position)) => position.start.offset,
        None => 0,
    };
    Box::new(
        Diagnostic::error("invalid-mdx", source.place(offset), fault.reason.clone())
            .help("close every tag, write `<` and `{` in prose as `\\<` and `\\{`, and comments as `{/* .. */}`"),
    )
}

struct Builder<'a> {
    source: &'a Source,
    diagnostics: &'a mut Vec<Diagnostic>,
    front_matter: Option<(String, usize)>,
}

fn start(node: &mdast::Node) -> usize {
    node.position().map_or(0, |position| position.start.offset)
}

impl Builder<'_> {
    fn blocks(&mut self, nodes: &[mdast::Node]) -> Vec<Block> {
        let mut blocks = Vec::with_capacity(nodes.len());
        for (at, node) in nodes.iter().enumerate() {
            self.block(node, &mut blocks);
            if underlines(node, nodes.get(at + 1)) {
                let place = self.source.place(start(node));
                self.unknown(place, "an underlined heading", "it is taken for prose");
            }
        }
        blocks
    }

    fn block(&mut self, node: &mdast::Node, blocks: &mut Vec<Block>) {
        use mdast::Node as N;
        let place = self.source.place(start(node));
        let kind = match node {
            N::Yaml(yaml) => {
                self.front_matter = Some((yaml.value.clone(), start(node) + 4));
                return;
            }
            N::Heading(heading) => BlockKind::Heading {
                depth: heading.depth,
                bold: matches!(heading.children.as_slice(), [N::Strong(_)]),
                text: plain(&heading.children).trim().to_owned(),
            },
            N::Paragraph(paragraph) => {
                // A component alone on its line is a paragraph when text follows its tag.
                if let [N::MdxJsxTextElement(element)] = paragraph.children.as_slice() {
                    let children = vec![Block {
                        kind: BlockKind::Prose(self.spans(&element.children)),
                        place: place.clone(),
                    }];
                    let name = element.name.as_deref();
                    blocks.push(self.element(name, &element.attributes, children, place));
                    return;
                }
                BlockKind::Prose(self.spans(&paragraph.children))
            }
            N::List(list) => BlockKind::List(
                list.children
                    .iter()
                    .map(|item| self.blocks(item.children().map_or(&[][..], Vec::as_slice)))
                    .collect(),
            ),
            N::Table(table) => {
                BlockKind::Table(table.children.iter().map(|row| self.row(row)).collect())
            }
            N::Code(code) => BlockKind::Fence {
                lang: code.lang.clone().unwrap_or_default(),
                code: code.value.clone(),
            },
            N::ThematicBreak(_) => BlockKind::Rule,
            N::Blockquote(quote) => BlockKind::Quote(self.blocks(&quote.children)),
            N::MdxJsxFlowElement(element) => {
                let children = self.blocks(&element.children);
                blocks.push(self.element(
                    element.name.as_deref(),
                    &element.attributes,
                    children,
                    place,
                ));
                return;
            }
            N::MdxFlowExpression(expression) => {
                if !is_comment(&expression.value) {
                    self.unknown(place, "an expression in braces", "pages are read, not run");
                }
                return;
            }
            N::MdxjsEsm(_) => {
                self.unknown(place, "an import or export", "what it would bring in is not read");
                return;
            }
            N::Html(html) => {
                let is_anchor = html.value.starts_with("<a ") || html.value.starts_with("<!--");
                if !is_anchor {
                    self.unknown(place, "HTML", "its content is not read");
                }
                return;
            }
            N::Definition(_) | N::Toml(_) | N::FootnoteDefinition(_) => return,
            _ => {
                self.unknown(
                    place,
                    "Markdown of a kind that references do not use",
                    "it is not read",
                );
                return;
            }
        };
        blocks.push(Block { kind, place });
    }

    fn unknown(&mut self, place: credwire_schema::diagnostic::Place, what: &str, why: &str) {
        let message = format!("{what} is not understood: {why}");
        self.diagnostics.push(
            Diagnostic::warning("unknown-construct", place, message)
                .help("write the facts as text, tables or components"),
        );
    }

    fn element(
        &mut self,
        name: Option<&str>,
        attributes: &[mdast::AttributeContent],
        children: Vec<Block>,
        place: credwire_schema::diagnostic::Place,
    ) -> Block {
        let mut read = BTreeMap::new();
        for attribute in attributes {
            match attribute {
                mdast::AttributeContent::Property(property) => {
                    let value = match &property.value {
                        None => Attribute::Bare,
                        Some(mdast::AttributeValue::Literal(text)) => Attribute::Text(text.clone()),
                        Some(mdast::AttributeValue::Expression(code)) => {
                            Attribute::Expression(code.value.clone())
                        }
                    };
                    read.insert(property.name.clone(), value);
                }
                mdast::AttributeContent::Expression(_) => {
                    self.unknown(
                        place.clone(),
                        "a spread attribute",
                        "its value is not known here",
                    );
                }
            }
        }
        let element =
            Element { name: name.unwrap_or_default().to_owned(), attributes: read, children };
        Block { kind: BlockKind::Element(element), place }
    }

    fn row(&self, row: &mdast::Node) -> Vec<Vec<Span>> {
        let cells = row.children().map_or(&[][..], Vec::as_slice);
        cells
            .iter()
            .map(|cell| self.spans(cell.children().map_or(&[][..], Vec::as_slice)))
            .collect()
    }

    fn spans(&self, nodes: &[mdast::Node]) -> Vec<Span> {
        let mut spans = Vec::new();
        self.collect_spans(nodes, None, &mut spans);
        spans
    }

    fn collect_spans(&self, nodes: &[mdast::Node], link: Option<&str>, spans: &mut Vec<Span>) {
        use mdast::Node as N;
        for node in nodes {
            let mut push = |text: &str, code: bool| {
                let place = self.source.place(start(node));
                spans.push(Span {
                    text: text.to_owned(),
                    code,
                    link: link.map(str::to_owned),
                    place,
                });
            };
            match node {
                N::Text(text) => push(&text.value, false),
                N::InlineCode(code) => push(&code.value, true),
                N::Break(_) => push(" ", false),
                N::MdxTextExpression(expression) if !is_comment(&expression.value) => {
                    push(&format!("{{{}}}", expression.value), false);
                }
                N::Link(target) => self.collect_spans(&target.children, Some(&target.url), spans),
                other => {
                    let children = other.children().map_or(&[][..], Vec::as_slice);
                    self.collect_spans(children, link, spans);
                }
            }
        }
    }
}

/// Whether a rule stands right below a paragraph.
fn underlines(node: &mdast::Node, next: Option<&mdast::Node>) -> bool {
    let (mdast::Node::Paragraph(above), Some(mdast::Node::ThematicBreak(rule))) = (node, next)
    else {
        return false;
    };
    let lines = above.position.as_ref().zip(rule.position.as_ref());
    lines.is_some_and(|(above, rule)| above.end.line + 1 == rule.start.line)
}

fn is_comment(expression: &str) -> bool {
    let code = expression.trim();
    code.is_empty() || (code.starts_with("/*") && code.ends_with("*/"))
}

/// The text of inline nodes.
fn plain(nodes: &[mdast::Node]) -> String {
    let mut text = String::new();
    for node in nodes {
        match node {
            mdast::Node::Text(node) => text.push_str(&node.value),
            mdast::Node::InlineCode(node) => text.push_str(&node.value),
            mdast::Node::Break(_) => text.push(' '),
            other => text.push_str(&plain(other.children().map_or(&[][..], Vec::as_slice))),
        }
    }
    text
}
