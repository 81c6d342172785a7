//! Patterns.

use proc_macro2::Delimiter;

use super::super::{
    node::{Form, Node},
    tokens::{Cursor, Token},
};
use super::{Read, commas, list, prefixed, r#type};

/// A pattern with all its alternatives.
pub(super) fn pattern(cursor: &mut Cursor<'_>) -> Read<Node> {
    cursor.deeper()?;
    let mut all = vec![single(cursor)?];
    while cursor.is("|") && !cursor.is("||") && !cursor.is("|=") {
        cursor.skip(1);
        all.push(single(cursor)?);
    }
    cursor.shallower();
    Ok(if all.len() == 1 { all.remove(0) } else { Node::alternatives(all) })
}

/// A pattern without alternatives, as closures have them.
pub(super) fn single(cursor: &mut Cursor<'_>) -> Read<Node> {
    cursor.deeper()?;
    let found = undeepened(cursor)?;
    cursor.shallower();
    Ok(found)
}

fn undeepened(cursor: &mut Cursor<'_>) -> Read<Node> {
    if cursor.eat("&") {
        let prefix = if cursor.eat_word("mut") { "&mut " } else { "&" };
        return Ok(prefixed(prefix, single(cursor)?));
    }
    if let Some(inside) = cursor.eat_group(Delimiter::Parenthesis) {
        let (items, comma) = commas(inside, pattern)?;
        let form = if comma && items.len() == 1 { Form::Ended } else { Form::Types };
        return Ok(Node::list(list("", ("(", ")"), form, items)));
    }
    if let Some(inside) = cursor.eat_group(Delimiter::Bracket) {
        let (items, _) = commas(inside, pattern)?;
        return Ok(Node::list(list("", ("[", "]"), Form::Types, items)));
    }
    if let Some(range) = range(cursor) {
        // Nothing before the range.
        let end = if is_end(cursor) { Node::text("") } else { bound(cursor)? };
        return Ok(prefixed(range, end));
    }
    let mut prefix = String::new();
    for word in ["ref", "mut"] {
        if cursor.eat_word(word) {
            prefix.push_str(word);
            prefix.push(' ');
        }
    }
    let start = bound(cursor)?;
    let start = if prefix.is_empty() { start } else { prefixed(&prefix, start) };
    if cursor.eat("@") {
        return Ok(Node::seq(vec![start, Node::text(" @ "), single(cursor)?]));
    }
    if let Some(range) = range(cursor) {
        let end = if is_end(cursor) { Node::text("") } else { bound(cursor)? };
        return Ok(Node::seq(vec![start, Node::text(range), end]));
    }
    Ok(start)
}

fn range(cursor: &mut Cursor<'_>) -> Option<&'static str> {
    ["..=", "..."]
        .into_iter()
        .find(|range| cursor.eat(range))
        .or_else(|| cursor.eat("..").then_some(".."))
}

/// Whether no operand of a range comes next.
fn is_end(cursor: &Cursor<'_>) -> bool {
    match cursor.peek() {
        Some(Token::Word(word)) => word == "if",
        Some(Token::Literal(_)) => false,
        _ => !cursor.is("-"),
    }
}

/// A literal, or a path with what may come after it.
fn bound(cursor: &mut Cursor<'_>) -> Read<Node> {
    if cursor.eat("-") {
        return Ok(prefixed("-", literal(cursor)?));
    }
    if matches!(cursor.peek(), Some(Token::Literal(_))) {
        return literal(cursor);
    }
    let path = r#type::path(cursor, true)?;
    if let Some(inside) = cursor.eat_group(Delimiter::Parenthesis) {
        let (items, _) = commas(inside, pattern)?;
        return Ok(behind(path, list("", ("(", ")"), Form::Types, items)));
    }
    if let Some(inside) = cursor.eat_group(Delimiter::Brace) {
        let (items, _) = commas(inside, field)?;
        return Ok(behind(path, list(" ", ("{", "}"), Form::Fields, items)));
    }
    Ok(path)
}

/// A list behind a path that is not broken.
pub(super) fn behind(path: Node, mut list: super::super::node::List) -> Node {
    if path.width.is_none() {
        return Node::seq(vec![path, Node::list(list)]);
    }
    list.head.insert_str(0, &super::super::layout::one_line(&[path]));
    Node::list(list)
}

fn field(cursor: &mut Cursor<'_>) -> Read<Node> {
    let is_named = cursor.is_at(1, ":") && !cursor.is_at(1, "::");
    if is_named && let Some(name) = cursor.peek_word() {
        cursor.skip(2);
        return Ok(prefixed(&format!("{name}: "), pattern(cursor)?));
    }
    pattern(cursor)
}

fn literal(cursor: &mut Cursor<'_>) -> Read<Node> {
    match cursor.peek() {
        Some(Token::Literal(literal)) => {
            cursor.skip(1);
            Ok(Node::text(literal))
        }
        _ => Err(cursor.error("a literal")),
    }
}
