//! Attributes and doc comments.

use proc_macro2::Delimiter;

use super::super::{
    node::{Form, Node},
    tokens::{Cursor, Token},
};
use super::{Read, commas, list, nested_expression};

/// `#![..]`, as many as there are.
pub(super) fn inner(cursor: &mut Cursor<'_>) -> Read<Vec<Node>> {
    let mut all = Vec::new();
    while cursor.is("#") && cursor.is_at(1, "!") {
        cursor.skip(2);
        all.push(attribute(cursor.group(Delimiter::Bracket)?, "#![", "//!")?);
    }
    Ok(all)
}

/// `#[..]`, as many as there are.
pub(super) fn outer(cursor: &mut Cursor<'_>) -> Read<Vec<Node>> {
    let mut all = Vec::new();
    while cursor.eat("#") {
        all.push(attribute(cursor.group(Delimiter::Bracket)?, "#[", "///")?);
    }
    Ok(all)
}

fn attribute(mut cursor: Cursor<'_>, open: &'static str, comment: &str) -> Read<Node> {
    if let [Token::Word(doc), Token::Punct('=', _), Token::Literal(text)] = cursor.rest()
        && doc == "doc"
        && let Some(text) = unescaped(text)
        && is_comment(&text)
    {
        return Ok(Node::text(format!("{comment}{text}")));
    }
    let meta = meta(&mut cursor)?;
    cursor.end("the end of the attribute")?;
    Ok(Node::seq(vec![Node::text(open), meta, Node::text("]")]))
}

/// `path`, `path = value` or `path(..)`; lists have all of them and literals.
fn meta(cursor: &mut Cursor<'_>) -> Read<Node> {
    if let Some(Token::Literal(literal)) = cursor.peek() {
        cursor.skip(1);
        return Ok(Node::text(literal));
    }
    let mut path = cursor.word()?.to_owned();
    while cursor.eat("::") {
        path.push_str("::");
        path.push_str(cursor.word()?);
    }
    if cursor.eat("=") {
        let value = nested_expression(cursor)?;
        return Ok(Node::seq(vec![Node::text(path), Node::text(" = "), value]));
    }
    let Some(inside) = cursor.eat_group(Delimiter::Parenthesis) else {
        return Ok(Node::text(path));
    };
    let form = if path == "derive" { Form::Derive } else { Form::Macro };
    cursor.deeper()?;
    let (items, _) = commas(inside, |inside| {
        let mut nested = *inside;
        nested.deeper()?;
        let node = meta(&mut nested)?;
        nested.shallower();
        *inside = nested;
        Ok(node)
    })?;
    cursor.shallower();
    Ok(Node::list(list(path, ("(", ")"), form, items)))
}

/// Whether `rustfmt` leaves a comment with this text alone, and it stands for the same attribute.
fn is_comment(text: &str) -> bool {
    !text.contains(['\n', '\r', '\0']) && !text.starts_with('/') && text.trim_end() == text
}

/// The value of a string literal with the simple escapes.
pub(in super::super) fn unescaped(literal: &str) -> Option<String> {
    if let Some(raw) = literal.strip_prefix('r') {
        let raw = raw.trim_matches('#').strip_prefix('"')?.strip_suffix('"')?;
        return Some(raw.to_owned());
    }
    let text = literal.strip_prefix('"')?.strip_suffix('"')?;
    if !text.contains('\\') {
        return Some(text.to_owned());
    }
    let mut value = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (c, c == '\\') {
            (c, false) => value.push(c),
            (_, true) => match chars.next()? {
                c @ ('"' | '\\' | '\'') => value.push(c),
                't' => value.push('\t'),
                'n' => value.push('\n'),
                'u' => {
                    let digits = chars.as_str().strip_prefix('{')?.split_once('}')?;
                    value.push(char::from_u32(u32::from_str_radix(digits.0, 16).ok()?)?);
                    chars = digits.1.chars();
                }
                _ => return None,
            },
        }
    }
    Some(value)
}
