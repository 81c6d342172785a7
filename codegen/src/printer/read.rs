//! From tokens to the layout tree.

pub(super) mod attribute;
mod expression;
mod item;
mod json;
mod order;
mod pattern;
mod statement;
mod r#type;

use super::{
    DEPTH, PrintError,
    node::{Block, File, Form, List, Node},
    tokens::{Cursor, Token},
};

type Read<T> = Result<T, PrintError>;

/// Reads a whole file.
pub(super) fn file(tokens: &[Token]) -> Read<File> {
    let mut cursor = Cursor::new(tokens, DEPTH);
    let inner = attribute::inner(&mut cursor)?;
    let mut items = Vec::new();
    while !cursor.is_empty() {
        items.push(item::item(&mut cursor)?);
    }
    order::items(&mut items);
    Ok(File { inner, items })
}

// Each part uses the parts below it: items over statements, expressions, patterns and types, with
// attributes below all. Where the grammar leads up again, a part calls one of these four.

/// An expression in an attribute, a type or JSON.
fn nested_expression(cursor: &mut Cursor<'_>) -> Read<Node> {
    expression::expression(cursor)
}

/// An operand in the arguments of a type.
fn nested_operand(cursor: &mut Cursor<'_>) -> Read<Node> {
    expression::operand(cursor)
}

/// A block in an expression.
fn nested_block(cursor: &mut Cursor<'_>, prefix: String) -> Read<Block> {
    statement::block(cursor, prefix)
}

/// An item among statements; `None` when no item is next.
fn nested_item(cursor: &mut Cursor<'_>) -> Read<Option<Node>> {
    if !item::is_next(cursor) {
        return Ok(None);
    }
    item::item(cursor).map(|item| Some(Node::item(item)))
}

/// What is separated by commas up to the end of a group, and whether a comma ends it.
fn commas<T>(
    mut cursor: Cursor<'_>,
    mut read: impl FnMut(&mut Cursor<'_>) -> Read<T>,
) -> Read<(Vec<T>, bool)> {
    let (mut all, mut ended) = (Vec::new(), false);
    while !cursor.is_empty() {
        all.push(read(&mut cursor)?);
        ended = cursor.eat(",");
        if !ended {
            cursor.end("a comma")?;
        }
    }
    Ok((all, ended))
}

fn list(
    head: impl Into<String>,
    (open, close): (&'static str, &'static str),
    form: Form,
    items: Vec<Node>,
) -> List {
    List { head: head.into(), open, items, close, form }
}

/// `node` behind `prefix`.
fn prefixed(prefix: &str, node: Node) -> Node {
    Node::seq(vec![Node::text(prefix), node])
}
