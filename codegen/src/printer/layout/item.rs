//! Items and attributes.

use super::super::{
    INDENT, WIDTH,
    node::{Body, Field, Function, Item, Kind, Members, Node, separated},
};
use super::{Layout, Shape};

impl Layout {
    pub(super) fn attribute(&mut self, attribute: &Node, indent: usize) {
        self.lines(|layout| layout.put(attribute, Shape { indent, tail: 0 }));
    }

    /// Items, with an empty line between them unless both are one line of a kind.
    pub(super) fn items(&mut self, items: &[Item], indent: usize) {
        let mut previous: Option<(&Item, bool)> = None;
        for item in items {
            let before = self.mark();
            if previous.is_some() {
                self.newline(indent);
            }
            let start = self.mark();
            self.item(item, indent);
            let several = self.since(start).contains('\n');
            if let Some((previous, were_several)) = previous {
                let listed = matches!(item.keyword, "use" | "mod")
                    && matches!(
                        (&item.body, &previous.body),
                        (Body::Line { .. }, Body::Line { .. })
                    );
                let together =
                    item.keyword == previous.keyword && (listed || !several && !were_several);
                if !together {
                    self.text.insert(before.length, '\n');
                }
            }
            previous = Some((item, several));
        }
    }

    pub(super) fn item(&mut self, item: &Item, indent: usize) {
        for attribute in &item.attributes {
            self.attribute(attribute, indent);
            self.newline(indent);
        }
        match &item.body {
            Body::Line { node, clauses, end } => {
                // The semicolon behind bounds is not counted.
                let is_bounded = matches!(&node.kind, Kind::Seq(parts)
                    if matches!(parts.last(), Some(Node { kind: Kind::Bounds { .. }, .. })));
                let tail = if clauses.is_empty() && !is_bounded { end.len() } else { 0 };
                let shape = Shape { indent, tail };
                self.lines(|layout| layout.put(node, shape));
                self.clauses(clauses, false, indent);
                self.push(end);
            }
            Body::Function(function) => self.function(function, indent),
            Body::Braced { head, clauses, inner, members } => {
                let start = self.mark();
                // `rustfmt` leaves more room behind the bounds of a trait, none behind generics.
                let tail = match &head.kind {
                    _ if !clauses.is_empty() => 0,
                    Kind::Assign { operator, .. } if operator == ":" => 6,
                    Kind::List(_) => 0,
                    _ => 2,
                };
                self.lines(|layout| layout.put(head, Shape { indent, tail }));
                let text = self.since(start);
                let broken = text.split_once('\n').is_some_and(|(first, _)| !first.ends_with('<'));
                if clauses.is_empty() && (broken || self.column + 2 > WIDTH) {
                    self.newline(indent);
                } else if clauses.is_empty() {
                    self.push(" ");
                }
                self.clauses(clauses, true, indent);
                let several = self.since(start).contains('\n');
                self.push("{");
                self.members(inner, members, several, indent);
                self.push("}");
            }
        }
    }

    fn members(&mut self, inner: &[Node], members: &Members, several: bool, indent: usize) {
        let within = indent + INDENT;
        for attribute in inner {
            self.newline(within);
            self.attribute(attribute, within);
        }
        let is_empty = match members {
            Members::Items(items) => {
                if !items.is_empty() {
                    if !inner.is_empty() {
                        self.text.push('\n');
                    }
                    self.newline(within);
                    self.items(items, within);
                }
                items.is_empty()
            }
            Members::Fields(fields) => {
                self.fields(fields, within);
                fields.is_empty()
            }
        };
        if !is_empty || !inner.is_empty() || several {
            self.newline(indent);
        }
    }

    /// Fields or variants on lines of their own.
    fn fields(&mut self, fields: &[Field], indent: usize) {
        // With a variant of several lines, all of them are, unless each is.
        let several = |field: &Field| {
            let columns = columns_of(field);
            !field.attributes.is_empty()
                || columns.is_none_or(|columns| {
                    // The comma behind braces is not counted.
                    indent + columns + usize::from(field.fields.is_none()) > WIDTH
                })
        };
        let split = fields.iter().any(several) && !fields.iter().all(several);
        for field in fields {
            self.newline(indent);
            for attribute in &field.attributes {
                self.attribute(attribute, indent);
                self.newline(indent);
            }
            let tail = match (&field.node.kind, &field.fields) {
                (Kind::List(_), _) | (_, Some(_)) => 2,
                _ => 1,
            };
            self.lines(|layout| layout.put(&field.node, Shape { indent, tail }));
            if let Some(fields) = &field.fields {
                self.variant(fields, split, indent);
            }
            self.push(",");
        }
    }

    /// The fields of a variant, on its line where they fit and have no attributes.
    fn variant(&mut self, fields: &[Field], split: bool, indent: usize) {
        let width = width_of(fields).filter(|_| !split);
        self.push(" {");
        if fields.is_empty() {
            self.push("}");
        } else if width.is_some_and(|width| self.fits(width + 3, 0)) {
            for (index, field) in fields.iter().enumerate() {
                self.push(if index == 0 { " " } else { ", " });
                self.flat(&field.node);
            }
            self.push(" }");
        } else {
            self.fields(fields, indent + INDENT);
            self.newline(indent);
            self.push("}");
        }
    }

    /// `where` and the predicates, each on a line, with the line break before what follows.
    fn clauses(&mut self, clauses: &[Node], braces: bool, indent: usize) {
        if clauses.is_empty() {
            return;
        }
        self.newline(indent);
        self.push("where");
        for (index, clause) in clauses.iter().enumerate() {
            self.newline(indent + INDENT);
            let shape = Shape { indent: indent + INDENT, tail: 1 };
            self.lines(|layout| layout.put(clause, shape));
            if braces || index + 1 < clauses.len() {
                self.push(",");
            }
        }
        if braces {
            self.newline(indent);
        }
    }

    fn function(&mut self, function: &Function, indent: usize) {
        let start = self.mark();
        self.lines(|layout| layout.signature(function, indent));
        self.clauses(&function.clauses, function.block.is_some(), indent);
        let Some(block) = &function.block else { return self.push(";") };
        if function.clauses.is_empty() {
            // `rustfmt` counts the indent of a last line twice.
            let several = self.since(start).contains('\n');
            if self.column + 2 + if several { indent } else { 0 } > WIDTH {
                self.newline(indent);
            } else {
                self.push(" ");
            }
        }
        let several = self.since(start).contains('\n') || self.column + 2 > WIDTH;
        if block.statements.is_empty() && several {
            self.push("{");
            self.newline(indent);
            return self.push("}");
        }
        self.block(block, indent);
    }

    /// A function up to its predicates.
    fn signature(&mut self, function: &Function, indent: usize) -> bool {
        let shape = Shape { indent, tail: 0 };
        let start = self.mark();
        self.push(&function.head);
        let mut fits = true;
        if let Some(generics) = &function.generics {
            let width = separated(&generics.items, 2).map(|width| width + 2);
            // `() {` comes behind them.
            if width.is_some_and(|width| self.fits(width, 4)) {
                self.flat_list(generics);
            } else {
                fits &= self.list(generics, shape);
            }
        }
        let output = function.output.as_ref();
        // A return type that no line has room for is broken, whatever the parameters are.
        let broken = output.is_some_and(|node| {
            node.width.is_none_or(|width| indent + width > WIDTH + output_slack(node))
        });
        let output_width = output.filter(|_| !broken).and_then(|node| node.width);
        let end = match function.block {
            Some(_) if function.clauses.is_empty() => 2,
            Some(_) => 0,
            None => 1,
        };
        let width = separated(&function.parameters, 2);
        let parentheses = if output_width.is_some() { 3 } else { 2 };
        let used = parentheses + output_width.unwrap_or_default() + end;
        let has_lines = self.since(start).contains('\n');
        let one_line = !has_lines
            && !broken
            && width.is_some_and(|width| self.fits(width + used, 0) && self.fits(used + 1, 0));
        self.push("(");
        if one_line || function.parameters.is_empty() {
            self.flat_all(&function.parameters, ", ");
            self.push(")");
        } else {
            for parameter in &function.parameters {
                self.newline(indent + INDENT);
                fits &= self.put(parameter, shape.inner(1));
                self.push(",");
            }
            self.newline(indent);
            self.push(")");
        }
        let Some(output) = output else { return fits };
        let brace = if function.clauses.is_empty() { 2 } else { 0 };
        let column = self.column + 1 + output_width.unwrap_or_default();
        let no_room = if function.parameters.is_empty() {
            column - 1 > WIDTH
        } else {
            one_line && column + brace > WIDTH
        };
        if no_room {
            self.newline(indent);
        } else {
            self.push(" ");
        }
        match output_width {
            Some(_) => self.flat(output),
            // `rustfmt` counts the indent twice behind parameters on lines of their own.
            None => {
                let tail = if one_line { 0 } else { indent };
                fits &= self.put(output, shape.with_tail(tail));
            }
        }
        fits
    }
}

/// The columns of a return type that `rustfmt` does not count.
fn output_slack(node: &Node) -> usize {
    let Kind::Seq(parts) = &node.kind else { return 0 };
    match parts.last().map(|part| &part.kind) {
        Some(Kind::Seq(parts)) => match parts.first().map(|part| &part.kind) {
            Some(Kind::Text(text)) if text == "impl " => super::IMPL,
            _ => 0,
        },
        _ => 0,
    }
}

/// The width of a field or of a variant with its fields on one line.
fn columns_of(field: &Field) -> Option<usize> {
    match field.fields.as_deref() {
        None => field.node.width,
        Some([]) => field.node.width.map(|width| width + 3),
        Some(fields) => Some(field.node.width? + 5 + width_of(fields)?),
    }
}

/// The width of fields on one line, which they have without attributes.
fn width_of(fields: &[Field]) -> Option<usize> {
    let bare = fields.iter().all(|field| field.attributes.is_empty());
    let width: Option<usize> = fields.iter().map(|field| field.node.width).sum();
    width.filter(|_| bare).map(|width| width + 2 * fields.len().saturating_sub(1))
}
