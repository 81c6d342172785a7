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
    item::File,
    node::{Form, List, Node},
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
