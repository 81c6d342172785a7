//! Items.

use proc_macro2::Delimiter;

use super::super::{
    layout::one_line,
    node::{Body, Field, Form, Function, Item, Kind, Members, Node},
    tokens::{Cursor, Token},
};
use super::{
    Read, attribute, commas, expression, list, order, pattern, prefixed, statement, r#type,
};

/// The words that items begin with, behind visibility and qualifiers.
const KEYWORDS: &[&str] =
    &["use", "mod", "struct", "enum", "trait", "impl", "fn", "const", "static", "type"];

/// Whether an item comes next in a block.
pub(super) fn is_next(cursor: &Cursor<'_>) -> bool {
    let mut index = 0;
    while cursor.is_at(index, "#") {
        index += 2;
    }
    match cursor.word_at(index) {
        Some("async" | "unsafe" | "extern") => matches!(
            cursor.word_at(index + 1),
            Some("fn" | "async" | "unsafe" | "extern" | "impl" | "trait")
        ),
        Some("const") => matches!(cursor.peek_at(index + 1), Some(Token::Word(_))),
        Some("pub") => true,
        Some(word) => KEYWORDS.contains(&word),
        None => false,
    }
}

/// An item of a file, of a trait, of an `impl` or of a block.
pub(super) fn item(cursor: &mut Cursor<'_>) -> Read<Item> {
    let attributes = attribute::outer(cursor)?;
    let mut head = visibility(cursor)?;
    loop {
        match cursor.peek_word() {
            Some(word @ ("async" | "unsafe" | "default")) => {
                head.push_str(word);
                head.push(' ');
                cursor.skip(1);
            }
            Some("const") if matches!(cursor.word_at(1), Some("fn" | "async" | "unsafe")) => {
                head.push_str("const ");
                cursor.skip(1);
            }
            _ => break,
        }
    }
    let found = cursor.peek_word();
    let Some(keyword) = KEYWORDS.iter().copied().find(|keyword| found == Some(keyword)) else {
        if head.is_empty() && cursor.is_at(1, "!") {
            return macro_item(cursor, attributes);
        }
        return Err(cursor.error("an item"));
    };
    cursor.skip(1);
    head.push_str(keyword);
    if keyword != "impl" {
        head.push(' ');
    }
    let body = match keyword {
        "use" => {
            let node = Node::seq(vec![Node::text(head), use_tree(cursor)?]);
            line(cursor, node, Vec::new())?
        }
        "mod" => module(cursor, head)?,
        "fn" => Body::Function(function(cursor, head)?),
        "const" | "static" => constant(cursor, head)?,
        "type" => alias(cursor, head)?,
        "struct" => r#struct(cursor, head)?,
        "enum" => {
            head.push_str(cursor.word()?);
            let head = r#type::with_generics(head, cursor)?;
            let clauses = r#type::clauses(cursor)?;
            let (fields, _) = commas(cursor.group(Delimiter::Brace)?, variant)?;
            Body::Braced { head, clauses, inner: Vec::new(), members: Members::Fields(fields) }
        }
        "trait" => {
            head.push_str(cursor.word()?);
            let mut head = r#type::with_generics(head, cursor)?;
            if cursor.eat(":") {
                head = Node::assign(head, ":", Node::bounds(r#type::bounds(cursor)?, true));
            }
            braced(cursor, head)?
        }
        _ => {
            let mut parts = vec![r#type::with_generics(head, cursor)?, Node::text(" ")];
            if cursor.eat("!") {
                parts.push(Node::text("!"));
            }
            parts.push(r#type::r#type(cursor)?);
            let mut head = Node::seq(parts);
            if cursor.eat_word("for") {
                head = Node::assign(head, "", prefixed("for ", r#type::r#type(cursor)?));
            }
            braced(cursor, head)?
        }
    };
    Ok(Item { attributes, keyword, body })
}

fn visibility(cursor: &mut Cursor<'_>) -> Read<String> {
    if !cursor.eat_word("pub") {
        return Ok(String::new());
    }
    let Some(mut inside) = cursor.eat_group(Delimiter::Parenthesis) else {
        return Ok("pub ".to_owned());
    };
    let within = if inside.eat_word("in") { "in " } else { "" };
    let path = one_line(&[r#type::path(&mut inside, false)?]);
    inside.end("a parenthesis")?;
    Ok(format!("pub({within}{path}) "))
}

fn line(cursor: &mut Cursor<'_>, node: Node, clauses: Vec<Node>) -> Read<Body> {
    cursor.expect(";")?;
    Ok(Body::Line { node, clauses, end: ";" })
}

fn macro_item(cursor: &mut Cursor<'_>, attributes: Vec<Node>) -> Read<Item> {
    let head = format!("{}!", cursor.word()?);
    cursor.skip(1);
    let node = expression::macro_call(cursor, head)?;
    let end = if cursor.eat(";") { ";" } else { "" };
    Ok(Item { attributes, keyword: "", body: Body::Line { node, clauses: Vec::new(), end } })
}

fn use_tree(cursor: &mut Cursor<'_>) -> Read<Node> {
    cursor.deeper()?;
    let mut path = String::new();
    if cursor.eat("::") {
        path.push_str("::");
    }
    let found = loop {
        if cursor.eat("*") {
            break Node::text(path + "*");
        }
        if let Some(inside) = cursor.eat_group(Delimiter::Brace) {
            let (mut items, _) = commas(inside, use_tree)?;
            items.sort_by(order::trees);
            // A single path needs no braces.
            let is_self = |node: &Node| matches!(&node.kind, Kind::Text(text) if text.split(' ').next() == Some("self"));
            if items.len() == 1 && !items.iter().any(is_self) {
                match items.remove(0).kind {
                    Kind::Text(text) => break Node::text(path + &text),
                    Kind::List(mut list) => {
                        list.head.insert_str(0, &path);
                        break Node::list(*list);
                    }
                    _ => break Node::text(path),
                }
            }
            break Node::list(list(path, ("{", "}"), Form::Use, items));
        }
        path.push_str(cursor.word()?);
        if cursor.eat_word("as") {
            path.push_str(" as ");
            path.push_str(cursor.word()?);
        }
        if !cursor.eat("::") {
            break Node::text(path);
        }
        path.push_str("::");
    };
    cursor.shallower();
    Ok(found)
}

fn module(cursor: &mut Cursor<'_>, mut head: String) -> Read<Body> {
    head.push_str(cursor.word()?);
    let head = Node::text(head);
    if cursor.is(";") { line(cursor, head, Vec::new()) } else { braced(cursor, head) }
}

/// The items in braces behind `head` and its predicates.
fn braced(cursor: &mut Cursor<'_>, head: Node) -> Read<Body> {
    let clauses = r#type::clauses(cursor)?;
    let mut inside = cursor.group(Delimiter::Brace)?;
    inside.deeper()?;
    let inner = attribute::inner(&mut inside)?;
    let mut items = Vec::new();
    while !inside.is_empty() {
        items.push(item(&mut inside)?);
    }
    order::items(&mut items);
    Ok(Body::Braced { head, clauses, inner, members: Members::Items(items) })
}

fn function(cursor: &mut Cursor<'_>, mut head: String) -> Read<Function> {
    head.push_str(cursor.word()?);
    let generics = r#type::generics(cursor)?;
    let generics = generics.map(|items| list("", ("<", ">"), Form::Types, items));
    let (parameters, _) = commas(cursor.group(Delimiter::Parenthesis)?, parameter)?;
    let output =
        if cursor.eat("->") { Some(prefixed("-> ", r#type::r#type(cursor)?)) } else { None };
    let clauses = r#type::clauses(cursor)?;
    let block = if cursor.eat(";") { None } else { Some(statement::block(cursor, String::new())?) };
    Ok(Function { head, generics, parameters, output, clauses, block })
}

fn parameter(cursor: &mut Cursor<'_>) -> Read<Node> {
    let receiver = *cursor;
    let mut text = String::new();
    if cursor.eat("&") {
        text.push('&');
        if let Some(lifetime) = r#type::lifetime(cursor) {
            text.push_str(lifetime);
            text.push(' ');
        }
    }
    if cursor.eat_word("mut") {
        text.push_str("mut ");
    }
    if cursor.eat_word("self") && !cursor.is(":") {
        return Ok(Node::text(text + "self"));
    }
    *cursor = receiver;
    let pattern = pattern::pattern(cursor)?;
    cursor.expect(":")?;
    Ok(Node::seq(vec![pattern, Node::text(": "), r#type::r#type(cursor)?]))
}

fn constant(cursor: &mut Cursor<'_>, mut head: String) -> Read<Body> {
    if cursor.eat_word("mut") {
        head.push_str("mut ");
    }
    head.push_str(cursor.word()?);
    cursor.expect(":")?;
    let left = prefixed(&format!("{head}: "), r#type::r#type(cursor)?);
    let node = if cursor.eat("=") {
        Node::assign(left, " =", expression::expression(cursor)?)
    } else {
        left
    };
    line(cursor, node, Vec::new())
}

fn alias(cursor: &mut Cursor<'_>, mut head: String) -> Read<Body> {
    head.push_str(cursor.word()?);
    let mut left = r#type::with_generics(head, cursor)?;
    if cursor.eat(":") {
        let bounds = Node::bounds(r#type::bounds(cursor)?, true);
        left = Node::seq(vec![left, Node::text(": "), bounds]);
    }
    let node =
        if cursor.eat("=") { Node::assign(left, " =", r#type::r#type(cursor)?) } else { left };
    let clauses = r#type::clauses(cursor)?;
    line(cursor, node, clauses)
}

fn r#struct(cursor: &mut Cursor<'_>, mut head: String) -> Read<Body> {
    head.push_str(cursor.word()?);
    let head = r#type::with_generics(head, cursor)?;
    if let Some(inside) = cursor.eat_group(Delimiter::Parenthesis) {
        let node = Node::seq(vec![head, Node::list(tuple_fields(inside)?)]);
        let clauses = r#type::clauses(cursor)?;
        return line(cursor, node, clauses);
    }
    let clauses = r#type::clauses(cursor)?;
    if cursor.is(";") {
        return line(cursor, head, clauses);
    }
    let (fields, _) = commas(cursor.group(Delimiter::Brace)?, field)?;
    Ok(Body::Braced { head, clauses, inner: Vec::new(), members: Members::Fields(fields) })
}

fn tuple_fields(cursor: Cursor<'_>) -> Read<super::super::node::List> {
    let (items, _) = commas(cursor, |cursor| {
        if cursor.is("#") {
            return Err(cursor.error("a member without attributes"));
        }
        let visibility = visibility(cursor)?;
        let found = r#type::r#type(cursor)?;
        Ok(if visibility.is_empty() { found } else { prefixed(&visibility, found) })
    })?;
    Ok(list("", ("(", ")"), Form::Types, items))
}

fn field(cursor: &mut Cursor<'_>) -> Read<Field> {
    let attributes = attribute::outer(cursor)?;
    let head = format!("{}{}:", visibility(cursor)?, cursor.word()?);
    cursor.expect(":")?;
    let node = Node::assign(Node::text(head), "", r#type::r#type(cursor)?);
    Ok(Field { attributes, node, fields: None })
}

fn variant(cursor: &mut Cursor<'_>) -> Read<Field> {
    let attributes = attribute::outer(cursor)?;
    let mut node = Node::text(cursor.word()?);
    let mut fields = None;
    if let Some(inside) = cursor.eat_group(Delimiter::Parenthesis) {
        node = pattern::behind(node, tuple_fields(inside)?);
    } else if let Some(inside) = cursor.eat_group(Delimiter::Brace) {
        fields = Some(commas(inside, field)?.0);
    }
    if cursor.eat("=") {
        node = Node::seq(vec![node, Node::text(" = "), expression::expression(cursor)?]);
    }
    Ok(Field { attributes, node, fields })
}
