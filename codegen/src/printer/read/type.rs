//! Types, paths with their arguments, bounds and generic parameters.

use proc_macro2::Delimiter;

use super::super::{
    node::{Form, List, Node},
    tokens::{Cursor, Token},
};
use super::{Read, commas, list, nested_expression, nested_operand, prefixed};

const ANGLES: (&str, &str) = ("<", ">");

/// A type.
pub(super) fn r#type(cursor: &mut Cursor<'_>) -> Read<Node> {
    cursor.deeper()?;
    let found = undeepened(cursor)?;
    cursor.shallower();
    Ok(found)
}

fn undeepened(cursor: &mut Cursor<'_>) -> Read<Node> {
    if cursor.eat("&") {
        let mut prefix = "&".to_owned();
        if let Some(lifetime) = lifetime(cursor) {
            prefix.push_str(lifetime);
            prefix.push(' ');
        }
        if cursor.eat_word("mut") {
            prefix.push_str("mut ");
        }
        return Ok(prefixed(&prefix, r#type(cursor)?));
    }
    if cursor.eat("*") {
        let kind = cursor.word()?;
        return Ok(prefixed(&format!("*{kind} "), r#type(cursor)?));
    }
    if cursor.eat("!") {
        return Ok(Node::text("!"));
    }
    if let Some(inside) = cursor.eat_group(Delimiter::Parenthesis) {
        let (items, comma) = commas(inside, r#type)?;
        let form = if comma && items.len() == 1 { Form::Ended } else { Form::Types };
        return Ok(Node::list(list("", ("(", ")"), form, items)));
    }
    if let Some(mut inside) = cursor.eat_group(Delimiter::Bracket) {
        let mut parts = vec![Node::text("["), r#type(&mut inside)?];
        if inside.eat(";") {
            parts.push(Node::text("; "));
            parts.push(nested_expression(&mut inside)?);
        }
        inside.end("a bracket")?;
        parts.push(Node::text("]"));
        return Ok(Node::seq(parts));
    }
    match cursor.peek_word() {
        Some(word @ ("impl" | "dyn")) => {
            cursor.skip(1);
            Ok(prefixed(&format!("{word} "), Node::bounds(bounds(cursor)?, word == "dyn")))
        }
        Some("for" | "fn" | "unsafe" | "extern") => {
            let mut prefix = binder(cursor)?;
            for word in ["unsafe", "extern"] {
                if cursor.eat_word(word) {
                    prefix.push_str(word);
                    prefix.push(' ');
                    if let Some(Token::Literal(abi)) = cursor.peek() {
                        cursor.skip(1);
                        prefix.push_str(abi);
                        prefix.push(' ');
                    }
                }
            }
            if cursor.eat_word("fn") {
                prefix.push_str("fn");
                return parenthesized(cursor, prefix);
            }
            Ok(prefixed(&prefix, r#type(cursor)?))
        }
        _ => path(cursor, false),
    }
}

/// A lifetime, which is a word of its own.
pub(super) fn lifetime<'t>(cursor: &mut Cursor<'t>) -> Option<&'t str> {
    let word = cursor.peek_word().filter(|word| word.starts_with('\''))?;
    cursor.skip(1);
    Some(word)
}

/// `for<'a> `, where it is there.
fn binder(cursor: &mut Cursor<'_>) -> Read<String> {
    if !(cursor.is_word("for") && cursor.is_at(1, "<")) {
        return Ok(String::new());
    }
    cursor.skip(1);
    let parameters = generics(cursor)?.unwrap_or_default();
    Ok(format!("for<{}> ", super::super::layout::one_line(&parameters)))
}

/// `head(A, B) -> C`.
fn parenthesized(cursor: &mut Cursor<'_>, head: String) -> Read<Node> {
    let (items, _) = commas(cursor.group(Delimiter::Parenthesis)?, |cursor| {
        if cursor.peek_word().is_some() && cursor.is_at(1, ":") && !cursor.is_at(1, "::") {
            let name = cursor.word()?;
            cursor.skip(1);
            return Ok(prefixed(&format!("{name}: "), r#type(cursor)?));
        }
        r#type(cursor)
    })?;
    let arguments = Node::list(list(head, ("(", ")"), Form::Types, items));
    if !cursor.eat("->") {
        return Ok(arguments);
    }
    Ok(Node::seq(vec![arguments, Node::text(" -> "), r#type(cursor)?]))
}

/// A path. In an expression its arguments come after `::` alone.
pub(super) fn path(cursor: &mut Cursor<'_>, in_expression: bool) -> Read<Node> {
    let mut parts = Vec::new();
    let mut text = String::new();
    if cursor.is("<") {
        parts.push(qualified(cursor)?);
        cursor.expect("::")?;
        text.push_str("::");
    } else if cursor.eat("::") {
        text.push_str("::");
    }
    loop {
        text.push_str(name(cursor)?);
        let arguments = if in_expression {
            cursor.is("::") && cursor.is_at(2, "<") && {
                cursor.skip(2);
                text.push_str("::");
                true
            }
        } else {
            cursor.is("<")
        };
        if arguments {
            parts.push(Node::list(angled(cursor, std::mem::take(&mut text))?));
        } else if !in_expression && cursor.peek_group(Delimiter::Parenthesis).is_some() {
            parts.push(parenthesized(cursor, std::mem::take(&mut text))?);
        }
        if !cursor.eat("::") {
            break;
        }
        text.push_str("::");
    }
    if !text.is_empty() {
        parts.push(Node::text(text));
    }
    match parts.len() {
        1 => Ok(parts.remove(0)),
        _ => Ok(Node::seq(parts)),
    }
}

/// A segment of a path, which no other keyword can be.
fn name<'t>(cursor: &mut Cursor<'t>) -> Read<&'t str> {
    const KEYWORDS: &[&str] = &[
        "as", "async", "await", "break", "const", "continue", "dyn", "else", "enum", "extern",
        "fn", "for", "if", "impl", "in", "let", "loop", "match", "mod", "move", "mut", "pub",
        "ref", "return", "static", "struct", "trait", "type", "unsafe", "use", "where", "while",
    ];
    match cursor.peek_word() {
        Some(word) if !word.starts_with('\'') && !KEYWORDS.contains(&word) => {
            cursor.skip(1);
            Ok(word)
        }
        _ => Err(cursor.error("a path")),
    }
}

/// `<T as Trait>`.
fn qualified(cursor: &mut Cursor<'_>) -> Read<Node> {
    cursor.expect("<")?;
    let mut parts = vec![Node::text("<"), r#type(cursor)?];
    if cursor.eat_word("as") {
        parts.push(Node::text(" as "));
        parts.push(path(cursor, false)?);
    }
    cursor.expect(">")?;
    parts.push(Node::text(">"));
    Ok(Node::seq(parts))
}

/// `head<A, B>`.
pub(super) fn angled(cursor: &mut Cursor<'_>, head: String) -> Read<List> {
    cursor.expect("<")?;
    let mut items = Vec::new();
    while !cursor.eat(">") {
        items.push(argument(cursor)?);
        if !cursor.eat(",") && !cursor.is(">") {
            return Err(cursor.error("`,` or `>`"));
        }
    }
    Ok(list(head, ANGLES, Form::Types, items))
}

/// A generic argument.
fn argument(cursor: &mut Cursor<'_>) -> Read<Node> {
    if let Some(lifetime) = lifetime(cursor) {
        return Ok(Node::text(lifetime));
    }
    if matches!(cursor.peek(), Some(Token::Literal(_))) || cursor.is("-") {
        return nested_operand(cursor);
    }
    if cursor.peek_group(Delimiter::Brace).is_some() {
        return nested_operand(cursor);
    }
    let found = r#type(cursor)?;
    if cursor.eat("=") {
        return Ok(Node::seq(vec![found, Node::text(" = "), r#type(cursor)?]));
    }
    if cursor.is(":") && !cursor.is("::") {
        cursor.skip(1);
        return Ok(Node::seq(vec![found, Node::text(": "), Node::bounds(bounds(cursor)?, true)]));
    }
    Ok(found)
}

/// `A + B`, at least one.
pub(super) fn bounds(cursor: &mut Cursor<'_>) -> Read<Vec<Node>> {
    let mut all = vec![bound(cursor)?];
    while cursor.is("+") && !cursor.is("+=") {
        cursor.skip(1);
        all.push(bound(cursor)?);
    }
    Ok(all)
}

fn bound(cursor: &mut Cursor<'_>) -> Read<Node> {
    if let Some(lifetime) = lifetime(cursor) {
        return Ok(Node::text(lifetime));
    }
    if let Some(mut inside) = cursor.eat_group(Delimiter::Parenthesis) {
        let found = bound(&mut inside)?;
        inside.end("a parenthesis")?;
        return Ok(Node::seq(vec![Node::text("("), found, Node::text(")")]));
    }
    let mut prefix = if cursor.eat("?") { "?".to_owned() } else { String::new() };
    prefix.push_str(&binder(cursor)?);
    if cursor.is_word("use") && cursor.is_at(1, "<") {
        cursor.skip(1);
        return Ok(Node::list(angled(cursor, "use".to_owned())?));
    }
    let found = path(cursor, false)?;
    Ok(if prefix.is_empty() { found } else { prefixed(&prefix, found) })
}

/// The generic parameters, where there are some.
pub(super) fn generics(cursor: &mut Cursor<'_>) -> Read<Option<Vec<Node>>> {
    if !cursor.eat("<") {
        return Ok(None);
    }
    let mut parameters = Vec::new();
    while !cursor.eat(">") {
        parameters.push(parameter(cursor)?);
        if !cursor.eat(",") && !cursor.is(">") {
            return Err(cursor.error("`,` or `>`"));
        }
    }
    Ok(Some(parameters))
}

/// The generic parameters behind `head`, which is all there is without parameters.
pub(super) fn with_generics(head: String, cursor: &mut Cursor<'_>) -> Read<Node> {
    Ok(match generics(cursor)? {
        None => Node::text(head),
        Some(parameters) => Node::list(list(head, ANGLES, Form::Types, parameters)),
    })
}

fn parameter(cursor: &mut Cursor<'_>) -> Read<Node> {
    if cursor.eat_word("const") {
        let name = cursor.word()?;
        cursor.expect(":")?;
        return Ok(prefixed(&format!("const {name}: "), r#type(cursor)?));
    }
    let mut parts = vec![Node::text(cursor.word()?)];
    if cursor.eat(":") {
        parts.push(Node::text(": "));
        parts.push(Node::bounds(bounds(cursor)?, true));
    }
    if cursor.eat("=") {
        parts.push(Node::text(" = "));
        parts.push(r#type(cursor)?);
    }
    Ok(if parts.len() == 1 { parts.remove(0) } else { Node::seq(parts) })
}

/// The predicates after `where`, where there are some.
pub(super) fn clauses(cursor: &mut Cursor<'_>) -> Read<Vec<Node>> {
    let mut all = Vec::new();
    if !cursor.eat_word("where") {
        return Ok(all);
    }
    while cursor.peek().is_some() && cursor.peek_group(Delimiter::Brace).is_none() {
        if cursor.is(";") || cursor.is("=") {
            break;
        }
        let subject = match lifetime(cursor) {
            Some(lifetime) => Node::text(lifetime),
            None => r#type(cursor)?,
        };
        cursor.expect(":")?;
        let bounds = Node::bounds(bounds(cursor)?, true);
        all.push(Node::seq(vec![subject, Node::text(": "), bounds]));
        if !cursor.eat(",") {
            break;
        }
    }
    Ok(all)
}
