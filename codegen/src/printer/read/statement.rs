//! Blocks and statements.

use proc_macro2::Delimiter;

use super::super::{
    node::{Block, Node, Statement},
    tokens::{Cursor, Token},
};
use super::{Read, attribute, expression, nested_item, pattern, prefixed, r#type};

/// A block behind `prefix`.
pub(super) fn block(cursor: &mut Cursor<'_>, prefix: String) -> Read<Block> {
    let mut inside = cursor.group(Delimiter::Brace)?;
    inside.deeper()?;
    let mut statements = Vec::new();
    while !inside.is_empty() {
        statements.push(statement(&mut inside)?);
    }
    Ok(Block { prefix, statements })
}

fn statement(cursor: &mut Cursor<'_>) -> Read<Statement> {
    if let Some(node) = nested_item(cursor)? {
        return Ok(Statement { attributes: Vec::new(), node, semicolon: false });
    }
    let attributes = attribute::outer(cursor)?;
    if cursor.is_word("let") {
        let node = binding(cursor)?;
        cursor.expect(";")?;
        return Ok(Statement { attributes, node, semicolon: true });
    }
    let node = if is_block_like(cursor) {
        // It ends with its block, unless a method is called on it.
        let block = expression::block_like(cursor)?;
        let goes_on = cursor.is("?") || cursor.is(".") && !cursor.is("..");
        if goes_on { expression::postfix(cursor, block)? } else { block }
    } else {
        let node = expression::expression(cursor)?;
        if !cursor.is(";") && !node.is_braced_macro() {
            cursor.end(";")?;
        }
        node
    };
    let semicolon = cursor.eat(";");
    Ok(Statement { attributes, node, semicolon })
}

/// Whether the next expression is a statement without a semicolon.
fn is_block_like(cursor: &Cursor<'_>) -> bool {
    match cursor.peek() {
        Some(Token::Group(Delimiter::Brace, _)) => true,
        Some(Token::Word(word)) => match word.as_str() {
            "if" | "match" | "while" | "for" | "loop" | "unsafe" => true,
            label => label.starts_with('\'') && cursor.is_at(1, ":"),
        },
        _ => false,
    }
}

/// `let`, up to the semicolon.
fn binding(cursor: &mut Cursor<'_>) -> Read<Node> {
    cursor.skip(1);
    let mut left = prefixed("let ", pattern::pattern(cursor)?);
    if cursor.eat(":") {
        left = Node::seq(vec![left, Node::text(": "), r#type::r#type(cursor)?]);
    }
    if !cursor.eat("=") {
        return Ok(left);
    }
    let right = expression::expression(cursor)?;
    let found = Node::assign(left, " =", right);
    if !cursor.eat_word("else") {
        return Ok(found);
    }
    Ok(Node::let_else(found, block(cursor, String::new())?))
}
