//! The lines of a rendered page into blocks.

use std::collections::BTreeMap;

use credwire_schema::diagnostic::{Diagnostic, Place};

use super::{
    head::{Head, bullet},
    marks::{
        HEADINGS, Typed, fixed_heading, is_declaration, is_identifier, is_identifier_path,
        numbered, plain_quotes, typed,
    },
    table,
};
use crate::{
    page::{Attribute, Block, BlockKind, Element, Span},
    reference,
    source::{Line, Source},
    ts,
};

pub(super) fn read(
    lines: &[Line<'_>],
    head: &Head,
    source: &Source,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Block> {
    let mut reader = Lines {
        lines,
        head,
        source,
        diagnostics,
        blocks: Vec::new(),
        at: 0,
        part: "",
        in_member: false,
        accordion: None,
        names: Vec::new(),
    };
    while reader.at < lines.len() {
        reader.step();
    }
    reader.close_accordion();
    reader.blocks
}

struct Lines<'a, 'd> {
    lines: &'a [Line<'a>],
    head: &'a Head,
    source: &'a Source,
    diagnostics: &'d mut Vec<Diagnostic>,
    blocks: Vec<Block>,
    at: usize,
    /// The last heading in fixed words.
    part: &'static str,
    /// Whether a member's own heading came after the last section of members.
    in_member: bool,
    /// An open `Inherited from X` and its members.
    accordion: Option<(String, Place, Vec<Block>)>,
    /// Names the page has used for parameters, which cut the cells of tables apart.
    names: Vec<String>,
}

impl<'a> Lines<'a, '_> {
    fn text(&self, at: usize) -> &'a str {
        self.lines.get(at).map_or("", |line| line.text.trim())
    }

    fn place(&self, at: usize) -> Place {
        self.source.place(self.lines.get(at).map_or(usize::MAX, |line| {
            line.start + (line.text.len() - line.text.trim_start().len())
        }))
    }

    fn push(&mut self, kind: BlockKind, at: usize) {
        let place = self.place(at);
        self.blocks.push(Block { kind, place });
    }

    fn step(&mut self) {
        let text = self.text(self.at);
        if text.is_empty() {
            self.at += 1;
            return;
        }
        let _ = self.heading(text)
            || self.fence()
            || self.inherited(text)
            || self.field(text)
            || self.list()
            || self.paragraph();
    }

    fn heading(&mut self, text: &str) -> bool {
        let alone = self.at.checked_sub(1).is_none_or(|before| self.text(before).is_empty())
            && self.text(self.at + 1).is_empty();
        let fixed = HEADINGS.iter().find(|(heading, _)| *heading == text);
        let listed = self.head.headings.iter().any(|heading| heading == text);
        let is_call = text.trim_end_matches('?').strip_suffix("()").is_some_and(is_identifier);
        let known =
            fixed.is_some() || listed || (is_call && (self.part == "Methods" || self.in_member));
        if !alone || !(known || self.is_unlisted_heading(text)) {
            return false;
        }
        self.close_accordion();
        let depth = match fixed {
            Some((heading, depth)) => {
                let below = self.in_member
                    && matches!(
                        *heading,
                        "Parameters" | "Returns" | "Throws" | "Inherited from" | "Type Parameters"
                    );
                self.in_member = below || *heading == "Constructor";
                self.part = heading;
                if below { 4 } else { *depth }
            }
            None if is_call => {
                self.in_member = true;
                self.part = "Methods";
                3
            }
            // The snapshot below an observable; elsewhere a title within prose.
            None => {
                if self.part != "Variables" {
                    self.part = "";
                }
                let code = numbered(self.lines, self.next_line(self.at + 1), 1);
                if code.is_some_and(reference::is_accessor) { 2 } else { 3 }
            }
        };
        self.push(BlockKind::Heading { depth, bold: false, text: text.to_owned() }, self.at);
        self.at += 1;
        true
    }

    /// Without the page's list of headings: the name of a snapshot above its code, and a short
    /// line without a stop between the paragraphs of the introduction.
    fn is_unlisted_heading(&self, text: &str) -> bool {
        let code = numbered(self.lines, self.next_line(self.at + 1), 1);
        if is_identifier(text) && code.is_some_and(reference::is_accessor) {
            return true;
        }
        let first = self.blocks.is_empty();
        let is_title = text.starts_with(char::is_uppercase)
            && text.split_whitespace().count() <= 6
            && text.ends_with(char::is_alphanumeric);
        self.head.headings.is_empty() && self.part.is_empty() && !first && is_title
    }

    fn next_line(&self, from: usize) -> usize {
        (from..self.lines.len()).find(|at| !self.text(*at).is_empty()).unwrap_or(self.lines.len())
    }

    /// Code has its line numbers glued on: `1name(a): R`, `2  | "x"`.
    fn fence(&mut self) -> bool {
        let Some(first) = numbered(self.lines, self.at, 1) else { return false };
        let in_notes = matches!(self.part, "Examples" | "Example" | "See" | "Remarks");
        if !is_declaration(first) && !in_notes {
            return false;
        }
        let start = self.at;
        let mut code = Vec::new();
        while let Some(line) = numbered(self.lines, self.at, code.len() + 1) {
            code.push(plain_quotes(line));
            self.at += 1;
        }
        let code = code.join("\n");
        if let Some(list) = code.split_once('(').and_then(|(_, rest)| rest.split_once(')')) {
            self.names.extend(
                list.0.split(',').map(|name| name.trim().trim_matches(['.', '?']).to_owned()),
            );
        }
        // Numbered code begins on the line of its first number.
        let mut place = self.place(start);
        place.line = place.line.saturating_sub(1);
        self.blocks.push(Block { kind: BlockKind::Fence { lang: "ts".to_owned(), code }, place });
        true
    }

    fn inherited(&mut self, text: &str) -> bool {
        let base = text.strip_prefix("Inherited from ").filter(|_| self.part == "Properties");
        let Some(base) = base else { return false };
        self.close_accordion();
        self.accordion = Some((base.to_owned(), self.place(self.at), Vec::new()));
        self.at += 1;
        true
    }

    fn close_accordion(&mut self) {
        let Some((base, place, children)) = self.accordion.take() else { return };
        if children.is_empty() {
            // It was closed when the page was copied, so nothing is known.
            return;
        }
        let title = Attribute::Text(format!("Inherited from {base}"));
        let attributes = BTreeMap::from([("title".to_owned(), title)]);
        let element = Element { name: "Accordion".to_owned(), attributes, children };
        self.blocks.push(Block { kind: BlockKind::Element(element), place });
    }

    /// A name, its type on the next line with `Required` glued on, then the description.
    fn field(&mut self, name: &str) -> bool {
        if !matches!(self.part, "Properties" | "Parameters" | "Type Parameters")
            || !is_identifier_path(name)
        {
            return false;
        }
        let known = |name: &str| self.head.known.contains(name);
        let Some(Typed { ty, is_required, default }) = typed(self.text(self.at + 1), &known) else {
            return false;
        };
        if !self.text(self.at + 2).is_empty() {
            return false;
        }
        let start = self.at;
        self.at += 2;
        let mut children = Vec::new();
        loop {
            let next = self.next_line(self.at);
            let text = self.text(next);
            if next >= self.lines.len() || self.ends_description(next, text) {
                break;
            }
            self.at = next;
            children.push(Block {
                kind: BlockKind::Prose(self.lines_until_blank()),
                place: self.place(next),
            });
        }
        let mut attributes = BTreeMap::from([
            ("path".to_owned(), Attribute::Text(name.to_owned())),
            ("type".to_owned(), Attribute::Text(ty)),
        ]);
        if is_required {
            attributes.insert("required".to_owned(), Attribute::Bare);
        }
        if let Some(default) = default {
            let default = default.trim_matches(['`', '"', '\'']).to_owned();
            attributes.insert("default".to_owned(), Attribute::Text(default));
        }
        let element = Element { name: "ParamField".to_owned(), attributes, children };
        let block = Block { kind: BlockKind::Element(element), place: self.place(start) };
        match &mut self.accordion {
            Some((_, _, children)) => children.push(block),
            None => self.blocks.push(block),
        }
        true
    }

    fn ends_description(&self, at: usize, text: &str) -> bool {
        let known = |name: &str| self.head.known.contains(name);
        let is_heading = fixed_heading(text).is_some()
            || self.head.headings.iter().any(|heading| heading == text);
        let is_field = is_identifier_path(text) && typed(self.text(at + 1), &known).is_some();
        let is_code = numbered(self.lines, at, 1).is_some_and(is_declaration);
        is_heading || is_field || is_code || text.starts_with("Inherited from ")
    }

    fn list(&mut self) -> bool {
        let mut items = Vec::new();
        let start = self.at;
        while let Some(item) = bullet(self.text(self.at)) {
            let place = self.place(self.at);
            items
                .push(vec![Block { kind: BlockKind::Prose(self.item_spans(item, &place)), place }]);
            self.at += 1;
        }
        if items.is_empty() {
            return false;
        }
        self.push(BlockKind::List(items), start);
        true
    }

    /// List items begin with the code they are about: a type, a quoted literal, a known name.
    fn item_spans(&self, text: &str, place: &Place) -> Vec<Span> {
        let ends = [" \u{2013} ", " \u{2014} ", " - ", " (see "];
        let end = ends.iter().filter_map(|end| text.find(end)).min();
        let (lead, rest) = text.split_at(end.unwrap_or(text.len()));
        let code = plain_quotes(lead.trim());
        if ts::parse_type(&code).is_ok() {
            vec![span(&code, true, place), span(rest, false, place)]
        } else {
            vec![span(text, false, place)]
        }
    }

    fn lines_until_blank(&mut self) -> Vec<Span> {
        let mut spans = Vec::new();
        while self.at < self.lines.len() && !self.text(self.at).is_empty() {
            let place = self.place(self.at);
            spans.push(span(&format!("{}\n", self.text(self.at)), false, &place));
            self.at += 1;
        }
        spans
    }

    fn paragraph(&mut self) -> bool {
        let start = self.at;
        let mut end = start;
        while end < self.lines.len() && !self.text(end).is_empty() {
            end += 1;
        }
        let rows: Vec<(&str, Place)> =
            (start..end).map(|at| (self.text(at), self.place(at))).collect();
        if let Some(kind) = table::read(&rows, self.head, &self.names, self.diagnostics) {
            self.push(kind, start);
            self.at = end;
            return true;
        }
        if self.part == "Returns"
            && let Some(spans) = self.returned(start)
        {
            self.push(BlockKind::Prose(spans), start);
            self.at = start + 1;
            return true;
        }
        let spans = self.lines_until_blank();
        let first: String =
            spans.iter().map(|span| span.text.as_str()).collect::<String>().to_lowercase();
        let sentence = first.split('.').next().unwrap_or_default();
        let kind = if sentence.starts_with("not ") && sentence.contains("implemented") {
            // A call-out lost its frame; no other sentence of a page begins so.
            let children = vec![Block { kind: BlockKind::Prose(spans), place: self.place(start) }];
            BlockKind::Element(Element {
                name: "Warning".to_owned(),
                attributes: BTreeMap::new(),
                children,
            })
        } else {
            BlockKind::Prose(spans)
        };
        self.push(kind, start);
        true
    }

    fn returned(&self, at: usize) -> Option<Vec<Span>> {
        let text = self.text(at);
        let place = self.place(at);
        let dash =
            [" \u{2014}", " \u{2013}", " - "].iter().filter_map(|dash| text.find(dash)).min();
        let (lead, rest) = text.split_at(dash.unwrap_or(text.len()));
        let code = plain_quotes(lead.trim());
        ts::parse_type(&code).ok()?;
        Some(vec![span(&code, true, &place), span(rest, false, &place)])
    }
}

fn span(text: &str, code: bool, place: &Place) -> Span {
    Span { text: text.to_owned(), code, link: None, place: place.clone() }
}
