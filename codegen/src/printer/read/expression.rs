//! Expressions.

use proc_macro2::Delimiter;

use super::super::{
    layout::one_line,
    node::{Arm, Block, Form, Kind, Link, Node},
    tokens::{Cursor, Token},
};
use super::{Read, attribute, commas, json, list, nested_block, pattern, prefixed, r#type};

/// Operators with how strongly they bind, the longer ones of a beginning first.
const OPERATORS: &[(&str, u8)] = &[
    ("<<=", 1),
    (">>=", 1),
    ("..=", 2),
    ("&&", 4),
    ("||", 3),
    ("==", 5),
    ("!=", 5),
    ("<=", 5),
    (">=", 5),
    ("<<", 9),
    (">>", 9),
    ("+=", 1),
    ("-=", 1),
    ("*=", 1),
    ("/=", 1),
    ("%=", 1),
    ("^=", 1),
    ("&=", 1),
    ("|=", 1),
    ("..", 2),
    ("+", 10),
    ("-", 10),
    ("*", 11),
    ("/", 11),
    ("%", 11),
    ("^", 7),
    ("&", 8),
    ("|", 6),
    ("<", 5),
    (">", 5),
    ("=", 1),
];
const ASSIGNMENT: u8 = 1;
const RANGE: u8 = 2;
const AND: u8 = 4;
const CAST: u8 = 12;

/// An expression.
pub(super) fn expression(cursor: &mut Cursor<'_>) -> Read<Node> {
    operators(cursor, ASSIGNMENT, true)
}

/// An expression before a block, which cannot be a struct expression.
fn before_block(cursor: &mut Cursor<'_>) -> Read<Node> {
    operators(cursor, ASSIGNMENT, false)
}

/// A literal, a block or an expression with an operator in front, as generic arguments have them.
pub(super) fn operand(cursor: &mut Cursor<'_>) -> Read<Node> {
    unary(cursor, true)
}

fn operator(cursor: &Cursor<'_>) -> Option<(&'static str, u8)> {
    if cursor.is("=>") {
        return None;
    }
    OPERATORS.iter().copied().find(|(operator, _)| cursor.is(operator))
}

fn operators(cursor: &mut Cursor<'_>, least: u8, structs: bool) -> Read<Node> {
    cursor.deeper()?;
    let left = match operator(cursor) {
        Some((range, RANGE)) => {
            cursor.skip(range.len());
            range_to(Node::text(""), range, cursor, structs)?
        }
        _ => unary(cursor, structs)?,
    };
    let found = continued(cursor, left, least, structs)?;
    cursor.shallower();
    Ok(found)
}

/// The operators behind a first operand.
pub(super) fn continued(
    cursor: &mut Cursor<'_>,
    mut left: Node,
    least: u8,
    structs: bool,
) -> Read<Node> {
    loop {
        if cursor.is_word("as") && least <= CAST {
            cursor.skip(1);
            left = Node::cast(left, r#type::r#type(cursor)?);
            continue;
        }
        let Some((operator, binding)) = operator(cursor).filter(|found| found.1 >= least) else {
            return Ok(left);
        };
        cursor.skip(operator.len());
        left = match binding {
            ASSIGNMENT => {
                let right = operators(cursor, ASSIGNMENT, structs)?;
                Node::assign(left, format!(" {operator}"), right)
            }
            RANGE => range_to(left, operator, cursor, structs)?,
            _ => Node::binary(left, operator, operators(cursor, binding + 1, structs)?),
        };
    }
}

fn range_to(left: Node, range: &str, cursor: &mut Cursor<'_>, structs: bool) -> Read<Node> {
    let is_end = match cursor.peek() {
        None => true,
        Some(Token::Punct(c, _)) => matches!(c, ',' | ';' | '=' | '.' | '?' | ')'),
        Some(Token::Group(Delimiter::Brace, _)) => !structs,
        _ => false,
    };
    let right = if is_end { Node::text("") } else { operators(cursor, RANGE + 1, structs)? };
    Ok(Node::seq(vec![left, Node::text(range), right]))
}

fn unary(cursor: &mut Cursor<'_>, structs: bool) -> Read<Node> {
    cursor.deeper()?;
    let found = match cursor.peek() {
        Some(Token::Punct('&', _)) => {
            cursor.skip(1);
            let prefix = if cursor.eat_word("mut") { "&mut " } else { "&" };
            prefixed(prefix, unary(cursor, structs)?)
        }
        Some(Token::Punct(c @ ('-' | '!' | '*'), _)) => {
            cursor.skip(1);
            prefixed(c.encode_utf8(&mut [0; 4]), unary(cursor, structs)?)
        }
        _ => {
            let first = primary(cursor, structs)?;
            postfix(cursor, first)?
        }
    };
    cursor.shallower();
    Ok(found)
}

/// An expression that ends with a block.
pub(super) fn block_like(cursor: &mut Cursor<'_>) -> Read<Node> {
    primary(cursor, false)
}

/// Calls, members, indexes and `?` behind an expression.
pub(super) fn postfix(cursor: &mut Cursor<'_>, mut parent: Node) -> Read<Node> {
    let mut links: Vec<Link> = Vec::new();
    loop {
        if cursor.eat("?") {
            match links.last_mut() {
                Some(link) => link.tries += 1,
                None => parent = Node::seq(vec![parent, Node::text("?")]),
            }
        } else if cursor.is(".") && !cursor.is("..") {
            cursor.skip(1);
            let mut name = ".".to_owned();
            match cursor.peek() {
                Some(Token::Word(word)) if !word.starts_with('\'') => name.push_str(word),
                Some(Token::Literal(index)) => name.push_str(index),
                _ => return Err(cursor.error("a member")),
            }
            cursor.skip(1);
            let mut node = if cursor.is("::") {
                cursor.skip(2);
                name.push_str("::");
                Node::list(r#type::angled(cursor, name)?)
            } else {
                Node::text(name)
            };
            if let Some(inside) = cursor.eat_group(Delimiter::Parenthesis) {
                let (items, _) = commas(inside, expression)?;
                node = pattern::behind(node, list("", ("(", ")"), Form::Values, items));
            }
            links.push(Link { node, tries: 0 });
        } else if let Some(inside) = cursor.eat_group(Delimiter::Parenthesis) {
            let (items, _) = commas(inside, expression)?;
            let arguments = list("", ("(", ")"), Form::Values, items);
            parent = chained(parent, std::mem::take(&mut links));
            parent = match parent.kind {
                Kind::Text(_) | Kind::Seq(_) | Kind::List(_) if parent.width.is_some() => {
                    pattern::behind(parent, arguments)
                }
                _ => Node::seq(vec![parent, Node::list(arguments)]),
            };
        } else if let Some(mut inside) = cursor.eat_group(Delimiter::Bracket) {
            let index = expression(&mut inside)?;
            inside.end("a bracket")?;
            parent = chained(parent, std::mem::take(&mut links));
            parent = Node::seq(vec![parent, Node::text("["), index, Node::text("]")]);
        } else {
            return Ok(chained(parent, links));
        }
    }
}

fn chained(parent: Node, links: Vec<Link>) -> Node {
    if links.is_empty() { parent } else { Node::chain(parent, links) }
}

fn primary(cursor: &mut Cursor<'_>, structs: bool) -> Read<Node> {
    match cursor.peek() {
        Some(Token::Literal(literal)) => {
            cursor.skip(1);
            return Ok(Node::text(literal));
        }
        Some(Token::Group(Delimiter::Parenthesis, _)) => {
            let (mut items, comma) = commas(cursor.group(Delimiter::Parenthesis)?, expression)?;
            if items.len() == 1 && !comma {
                return Ok(Node::seq(vec![Node::text("("), items.remove(0), Node::text(")")]));
            }
            let form = if items.len() == 1 { Form::Ended } else { Form::Values };
            return Ok(Node::list(list("", ("(", ")"), form, items)));
        }
        Some(Token::Group(Delimiter::Bracket, _)) => return array(cursor),
        Some(Token::Group(Delimiter::Brace, _)) => {
            return Ok(Node::block(nested_block(cursor, String::new())?));
        }
        Some(Token::Punct('|', _)) => return closure(cursor, String::new()),
        _ => {}
    }
    match cursor.peek_word() {
        Some("if") => r#if(cursor),
        Some("match") => r#match(cursor),
        Some("while" | "for" | "loop") => r#loop(cursor, ""),
        Some("let") => {
            cursor.skip(1);
            let left = prefixed("let ", pattern::pattern(cursor)?);
            cursor.expect("=")?;
            // `&&` goes on with the next condition.
            Ok(Node::assign(left, " =", operators(cursor, AND + 1, false)?))
        }
        Some("unsafe") => {
            cursor.skip(1);
            Ok(Node::block(nested_block(cursor, "unsafe ".to_owned())?))
        }
        Some(word @ ("async" | "move")) => {
            cursor.skip(1);
            let mut prefix = format!("{word} ");
            if word == "async" && cursor.eat_word("move") {
                prefix.push_str("move ");
            }
            if cursor.is("|") {
                return closure(cursor, prefix);
            }
            Ok(Node::block(nested_block(cursor, prefix)?))
        }
        Some(word @ ("return" | "break" | "continue")) => {
            cursor.skip(1);
            let mut text = word.to_owned();
            if let Some(label) = r#type::lifetime(cursor) {
                text.push(' ');
                text.push_str(label);
            }
            if word == "continue" || is_end(cursor) {
                return Ok(Node::text(text));
            }
            text.push(' ');
            Ok(prefixed(&text, operators(cursor, ASSIGNMENT, structs)?))
        }
        Some(label) if label.starts_with('\'') && cursor.is_at(1, ":") => {
            cursor.skip(2);
            r#loop(cursor, label)
        }
        _ => from_path(cursor, structs),
    }
}

/// Whether no expression comes next.
fn is_end(cursor: &Cursor<'_>) -> bool {
    match cursor.peek() {
        None => true,
        Some(Token::Punct(c, _)) => matches!(c, ',' | ';' | '=' | '.' | '?'),
        _ => false,
    }
}

/// A path, a macro call or a struct expression.
fn from_path(cursor: &mut Cursor<'_>, structs: bool) -> Read<Node> {
    let path = r#type::path(cursor, true)?;
    if cursor.is("!") && matches!(cursor.peek_at(1), Some(Token::Group(..))) {
        cursor.skip(1);
        return macro_call(cursor, one_line(&[path]) + "!");
    }
    let Some(inside) = cursor.peek_group(Delimiter::Brace).filter(|_| structs) else {
        return Ok(path);
    };
    let (members, _) = commas(cursor.inside(inside), member)?;
    cursor.skip(1);
    Ok(pattern::behind(path, list(" ", ("{", "}"), Form::Members, members)))
}

fn member(cursor: &mut Cursor<'_>) -> Read<Node> {
    if cursor.eat("..") {
        return Ok(prefixed("..", expression(cursor)?));
    }
    let name = match cursor.peek() {
        Some(Token::Word(name) | Token::Literal(name)) => name,
        _ => return Err(cursor.error("a member")),
    };
    cursor.skip(1);
    if cursor.is("::") || !cursor.eat(":") {
        return Ok(Node::text(name));
    }
    Ok(Node::assign(Node::text(name), ":", expression(cursor)?))
}

/// A macro call. What is no list of expressions stays on one line, or is JSON.
pub(super) fn macro_call(cursor: &mut Cursor<'_>, head: String) -> Read<Node> {
    let Some(Token::Group(delimiter, tokens)) = cursor.peek() else {
        return Err(cursor.error("the arguments of a macro"));
    };
    let inside = cursor.inside(tokens);
    cursor.skip(1);
    let delimiters = match delimiter {
        Delimiter::Parenthesis => ("(", ")"),
        Delimiter::Bracket => ("[", "]"),
        _ => (" { ", " }"),
    };
    if *delimiter == Delimiter::Bracket
        && let Ok(Some(mut parts)) = repeated(inside)
    {
        parts.insert(0, Node::text(head));
        return Ok(Node::seq(parts));
    }
    if *delimiter != Delimiter::Brace {
        if let Some(Ok(value)) = json::alone(inside) {
            return Ok(Node::list(list(head, delimiters, Form::Json, vec![value])));
        }
        if let Ok((items, comma)) = commas(inside, macro_argument) {
            let form = match comma {
                _ if head == "vec!" => Form::Values,
                true => Form::Ended,
                false => Form::Macro,
            };
            return Ok(Node::list(list(head, delimiters, form, items)));
        }
    }
    let (open, close) = delimiters;
    let text = super::super::tokens::plain(tokens);
    Ok(Node::verbatim(format!("{head}{open}{text}{close}")))
}

/// An expression, or else a pattern or a type.
fn macro_argument(cursor: &mut Cursor<'_>) -> Read<Node> {
    let readers = [expression, pattern::pattern, r#type::r#type];
    for read in readers {
        let mut ahead = *cursor;
        if let Ok(found) = read(&mut ahead)
            && (ahead.is_empty() || ahead.is(","))
        {
            *cursor = ahead;
            return Ok(match found.kind {
                // `rustfmt` takes them for operands.
                Kind::Alternatives(operands) => {
                    Node { width: found.width, kind: Kind::Binary { operator: "|", operands } }
                }
                kind => Node { width: found.width, kind },
            });
        }
    }
    Err(cursor.error("an argument of a macro"))
}

fn array(cursor: &mut Cursor<'_>) -> Read<Node> {
    let inside = cursor.group(Delimiter::Bracket)?;
    if let Some(parts) = repeated(inside)? {
        return Ok(Node::seq(parts));
    }
    let (items, _) = commas(inside, expression)?;
    Ok(Node::list(list("", ("[", "]"), Form::Values, items)))
}

/// `[value; length]`, if it is one.
fn repeated(mut inside: Cursor<'_>) -> Read<Option<Vec<Node>>> {
    let has_length = inside.rest().iter().any(|token| matches!(token, Token::Punct(';', _)));
    if !has_length {
        return Ok(None);
    }
    let value = expression(&mut inside)?;
    inside.expect(";")?;
    let length = expression(&mut inside)?;
    inside.end("a bracket")?;
    Ok(Some(vec![Node::text("["), value, Node::text("; "), length, Node::text("]")]))
}

fn closure(cursor: &mut Cursor<'_>, mut head: String) -> Read<Node> {
    head.push('|');
    if !cursor.eat("||") {
        cursor.expect("|")?;
        let mut parameters = Vec::new();
        while !cursor.eat("|") {
            let mut parameter = pattern::single(cursor)?;
            if cursor.eat(":") {
                parameter = Node::seq(vec![parameter, Node::text(": "), r#type::r#type(cursor)?]);
            }
            parameters.push(parameter);
            if !cursor.eat(",") && !cursor.is("|") {
                return Err(cursor.error("`,` or `|`"));
            }
        }
        head.push_str(&one_line(&parameters));
    }
    head.push('|');
    let returns = cursor.eat("->");
    if returns {
        head.push_str(" -> ");
        head.push_str(&one_line(&[r#type::r#type(cursor)?]));
    }
    let mut body = operators(cursor, ASSIGNMENT, true)?;
    while !returns && let Some(inner) = unwrapped(&mut body, has_own_braces) {
        body = inner;
    }
    Ok(Node::closure(head, body, returns))
}

/// Whether a closure keeps the braces around an expression.
fn has_own_braces(node: &Node) -> bool {
    matches!(node.core().kind, Kind::If { .. } | Kind::Loop { .. })
}

/// The expression that is all that is in a block, where `rustfmt` leaves out the braces.
fn unwrapped(node: &mut Node, keeps: fn(&Node) -> bool) -> Option<Node> {
    let Kind::Block(Block { prefix, statements }) = &mut node.kind else { return None };
    if !prefix.is_empty() || statements.len() != 1 {
        return None;
    }
    let only = statements.first()?;
    let kept = keeps(&only.node) || matches!(only.node.kind, Kind::Item(_));
    if only.semicolon || !only.attributes.is_empty() || kept {
        return None;
    }
    Some(statements.remove(0).node)
}

fn r#if(cursor: &mut Cursor<'_>) -> Read<Node> {
    let mut branches = Vec::new();
    let mut last = None;
    while cursor.eat_word("if") {
        let condition = before_block(cursor)?;
        branches.push((condition, nested_block(cursor, String::new())?));
        if !cursor.eat_word("else") {
            break;
        }
        if !cursor.is_word("if") {
            last = Some(nested_block(cursor, String::new())?);
            break;
        }
    }
    Ok(Node::r#if(branches, last))
}

fn r#match(cursor: &mut Cursor<'_>) -> Read<Node> {
    cursor.skip(1);
    let subject = before_block(cursor)?;
    let mut inside = cursor.group(Delimiter::Brace)?;
    let mut arms = Vec::new();
    while !inside.is_empty() {
        let attributes = attribute::outer(&mut inside)?;
        let pattern = pattern::pattern(&mut inside)?;
        let guard = inside.eat_word("if").then(|| expression(&mut inside)).transpose()?;
        inside.expect("=>")?;
        let is_block = inside.peek_group(Delimiter::Brace).is_some();
        let mut body = if is_block && !matches!(inside.peek_at(1), Some(Token::Punct('.' | '?', _)))
        {
            Node::block(nested_block(&mut inside, String::new())?)
        } else {
            expression(&mut inside)?
        };
        if !inside.eat(",") && !is_block {
            inside.end("a comma")?;
        }
        while let Some(inner) = unwrapped(&mut body, Node::is_macro) {
            body = inner;
        }
        arms.push(Arm { attributes, pattern, guard, body });
    }
    Ok(Node::r#match(subject, arms))
}

fn r#loop(cursor: &mut Cursor<'_>, label: &str) -> Read<Node> {
    let label = if label.is_empty() { String::new() } else { format!("{label}: ") };
    let head = match cursor.peek_word() {
        Some("loop") => {
            cursor.skip(1);
            Node::text(label + "loop")
        }
        Some("while") => {
            cursor.skip(1);
            prefixed(&(label + "while "), before_block(cursor)?)
        }
        Some("for") => {
            cursor.skip(1);
            let item = prefixed(&(label + "for "), pattern::pattern(cursor)?);
            if !cursor.eat_word("in") {
                return Err(cursor.error("in"));
            }
            Node::assign(item, " in", before_block(cursor)?)
        }
        _ => return Ok(Node::block(nested_block(cursor, label)?)),
    };
    Ok(Node::r#loop(head, nested_block(cursor, String::new())?))
}
