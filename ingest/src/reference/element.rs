//! Pages of custom elements: `` ## class: `SwX`, `sw-x` `` and the sections below it.

use credwire_schema::{diagnostic::Place, type_expr::TypeExpr};

use super::{Reader, fields::prose, prose_types::clean, tokens::tokens};
use crate::{
    facts::{
        AttributeFacts, CssPropertyFacts, ElementFacts, EventFacts, ItemFacts, ItemKind,
        MemberFacts, NamedFact, SignatureFacts, Stated,
    },
    page::{Block, BlockKind, Span, text_of},
    ts,
};

/// The class and the tag of a heading such as `class: SwX, sw-x`.
pub(super) fn heading(text: &str) -> Option<(&str, &str)> {
    let (class, tag) = text.strip_prefix("class:")?.split_once(',')?;
    let (class, tag) = (class.trim(), tag.trim());
    (tag.contains('-') && !class.is_empty()).then_some((class, tag))
}

/// Reads a page of a custom element, and the functions that it declares beside it.
pub(super) fn read(reader: &mut Reader<'_>) -> (Option<ElementFacts>, Vec<ItemFacts>) {
    let page = reader.page;
    let mut element: Option<ElementFacts> = None;
    let mut functions = Vec::new();
    let mut start = 0;
    let mut part = String::new();
    for (at, block) in page.blocks.iter().enumerate() {
        let BlockKind::Heading { text, .. } = &block.kind else { continue };
        let before = page.blocks.get(start..at).unwrap_or_default();
        section(reader, &part, before, element.as_mut(), &mut functions);
        start = at + 1;
        part.clone_from(text);
        if let Some((class, tag)) = heading(text) {
            let mut made = ElementFacts::new(tag, class, block.place.clone());
            made.page.clone_from(&page.path);
            made.slug.clone_from(&page.slug);
            made.module = module(&page.blocks);
            element = Some(made);
        } else if element.is_some() && !is_known(text) {
            reader.unknown_section(text, &block.place);
        }
    }
    let rest = page.blocks.get(start..).unwrap_or_default();
    section(reader, &part, rest, element.as_mut(), &mut functions);
    (element, functions)
}

fn is_known(text: &str) -> bool {
    matches!(
        text,
        "Fields"
            | "Attributes"
            | "Events"
            | "CSS Properties"
            | "CSS Parts"
            | "Slots"
            | "Methods"
            | "Functions"
            | "Examples"
            | "Example"
            | "See"
    )
}

/// The source module that the line in italics names.
fn module(blocks: &[Block]) -> Option<String> {
    let spans = blocks.iter().find_map(|block| match &block.kind {
        BlockKind::Prose(spans) if text_of(spans).starts_with("Class:") => Some(spans),
        _ => None,
    })?;
    let at = spans.iter().position(|span| !span.code && span.text.contains("Module:"))?;
    spans.get(at + 1).filter(|span| span.code).map(|span| span.text.clone())
}

fn section(
    reader: &mut Reader<'_>,
    part: &str,
    blocks: &[Block],
    element: Option<&mut ElementFacts>,
    functions: &mut Vec<ItemFacts>,
) {
    let rows = rows(blocks);
    if part == "Functions" {
        for row in &rows {
            let Some(signature) = reader.signature_row(row) else { continue };
            let mut item = ItemFacts::new(
                signature.name.as_str(),
                ItemKind::Function,
                signature.place.clone(),
            );
            item.page = Some(reader.page.path.clone());
            item.calls = vec![signature];
            functions.push(item);
        }
        return;
    }
    let Some(element) = element else { return };
    match part {
        "Fields" => {
            let described = descriptions(blocks);
            for mut field in reader.fields(blocks).members {
                let text = described.iter().find(|(place, _)| *place == field.place);
                field.readonly = text.and_then(|(_, spans)| says_readonly(spans).then_some(true));
                element.fields.push(field);
            }
        }
        "Methods" => {
            element.methods.extend(rows.iter().filter_map(|row| reader.signature_row(row)))
        }
        "Attributes" => element.attributes.extend(rows.iter().filter_map(Row::attribute)),
        "Events" => element.events.extend(rows.iter().filter_map(|row| reader.event(row))),
        "Slots" => element.slots.extend(rows.iter().map(Row::named)),
        "CSS Parts" => element.parts.extend(rows.iter().map(Row::named)),
        "CSS Properties" => {
            element.css_properties.extend(rows.iter().filter_map(Row::css_property))
        }
        _ => {}
    }
}

fn descriptions(blocks: &[Block]) -> Vec<(Place, Vec<Span>)> {
    let each = |block: &Block| match &block.kind {
        BlockKind::Element(element) => Some((block.place.clone(), prose(&element.children))),
        _ => None,
    };
    blocks.iter().filter_map(each).collect()
}

fn says_readonly(spans: &[Span]) -> bool {
    let tokens = tokens(spans);
    tokens.iter().zip(tokens.iter().skip(2)).any(|(a, b)| a.lower == "read" && b.lower == "only")
        || tokens.iter().any(|token| token.lower == "readonly")
}

/// A table's row with the titles of its columns.
struct Row {
    place: Place,
    cells: Vec<(String, Vec<Span>)>,
}

fn rows(blocks: &[Block]) -> Vec<Row> {
    let mut all = Vec::new();
    for block in blocks {
        let BlockKind::Table(rows) = &block.kind else { continue };
        let Some((head, body)) = rows.split_first() else { continue };
        for row in body {
            let titles = head.iter().map(|title| text_of(title).trim().to_lowercase());
            let cells: Vec<_> = titles.zip(row.iter().cloned()).collect();
            let first = cells.iter().flat_map(|(_, spans)| spans).next();
            let Some(place) = first.map(|span| span.place.clone()) else { continue };
            all.push(Row { place, cells });
        }
    }
    all
}

impl Row {
    fn cell(&self, title: &str) -> &[Span] {
        let found = self.cells.iter().find(|(known, _)| known == title);
        found.map(|(_, spans)| spans.as_slice()).unwrap_or_default()
    }

    fn text(&self, title: &str) -> Option<String> {
        let text = text_of(self.cell(title)).trim().to_owned();
        (!matches!(text.as_str(), "" | "-" | "\u{2013}" | "\u{2014}")).then_some(text)
    }

    /// Slots may lack a name: the default slot.
    fn named(&self) -> NamedFact {
        NamedFact { name: self.text("name").unwrap_or_default(), place: self.place.clone() }
    }

    fn attribute(&self) -> Option<AttributeFacts> {
        Some(AttributeFacts {
            name: self.text("name")?,
            field: self.text("field"),
            inherited_from: self.text("inherited from"),
            place: self.place.clone(),
        })
    }

    /// The default has a column, or stands in brackets before the description.
    fn css_property(&self) -> Option<CssPropertyFacts> {
        let description = text_of(self.cell("description"));
        let bracketed =
            description.trim_start().strip_prefix('[').and_then(|rest| rest.split_once(']'));
        let from_text = bracketed.map(|(value, _)| (value.trim().to_owned(), format!("[{value}]")));
        let from_column = self.text("default").map(|value| (value.clone(), value));
        Some(CssPropertyFacts {
            name: self.text("name")?,
            default: from_column.or(from_text).map(|(value, words)| Stated {
                value,
                place: self.place.clone(),
                words,
            }),
            place: self.place.clone(),
        })
    }
}

impl Reader<'_> {
    fn event(&mut self, row: &Row) -> Option<EventFacts> {
        let name = row.text("name")?;
        let detail = row.text("detail").and_then(|text| self.ty(&text, &row.place));
        Some(EventFacts { name, detail, place: row.place.clone() })
    }

    /// A method or function written as a row: name, parameters (`a: A, b?: B`), result.
    fn signature_row(&mut self, row: &Row) -> Option<SignatureFacts> {
        let name = row.text("name")?;
        let params = clean(&row.text("parameters").unwrap_or_default());
        let returns = row.text("return").or_else(|| row.text("returns"));
        let result = returns.map(|ty| format!(": {}", clean(&ty))).unwrap_or_default();
        let name = name.trim_end_matches("()");
        let code = format!("{name}({params}){result}");
        let mut facts = SignatureFacts::new(name, row.place.clone());
        facts.inherited_from = row.text("inherited from");
        facts.access = row.text("privacy").filter(|privacy| privacy != "public");
        match ts::parse_member(&code) {
            Ok(parsed) => {
                self.report_opaque(&parsed.opaque, &row.place);
                facts.returns = parsed.value.ty;
                for param in parsed.value.params {
                    let mut fact = MemberFacts::new(param.name, param.ty, row.place.clone());
                    fact.optional = param.optional;
                    fact.rest = param.rest;
                    facts.params.push(fact);
                }
                facts.returns.get_or_insert(TypeExpr::Void);
                Some(facts)
            }
            Err(fault) => {
                let message = format!("`{code}` is no signature: {}", fault.message);
                self.error(
                    "invalid-signature",
                    &row.place,
                    message,
                    "write parameters as `name: Type`",
                );
                None
            }
        }
    }
}
