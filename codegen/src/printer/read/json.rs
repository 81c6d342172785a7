//! JSON as macros such as `json!` take it: objects, arrays, and expressions for everything else.

use proc_macro2::Delimiter;

use super::super::{
    node::{Form, Node},
    tokens::{Cursor, Token},
};
use super::{Read, commas, list, nested_expression};

/// An object that is all that is there; `None` when there is anything else.
pub(super) fn alone(mut cursor: Cursor<'_>) -> Option<Read<Node>> {
    let inside = cursor.peek_group(Delimiter::Brace)?;
    let is_member = matches!(inside, [Token::Literal(_), Token::Punct(':', _), ..]);
    (cursor.rest().len() == 1 && is_member).then(|| value(&mut cursor))
}

fn value(cursor: &mut Cursor<'_>) -> Read<Node> {
    cursor.deeper()?;
    let object = cursor.peek_group(Delimiter::Brace);
    let array = cursor.peek_group(Delimiter::Bracket);
    let found = match (object, array) {
        (Some(inside), _) => group(cursor, inside, ("{", "}"), member)?,
        (None, Some(inside)) => group(cursor, inside, ("[", "]"), value)?,
        (None, None) => nested_expression(cursor)?,
    };
    cursor.shallower();
    Ok(found)
}

fn group<'t>(
    cursor: &mut Cursor<'t>,
    inside: &'t [Token],
    delimiters: (&'static str, &'static str),
    read: fn(&mut Cursor<'_>) -> Read<Node>,
) -> Read<Node> {
    let (items, comma) = commas(cursor.inside(inside), read)?;
    if comma {
        return Err(cursor.error("JSON without a comma at the end"));
    }
    cursor.skip(1);
    Ok(Node::list(list("", delimiters, Form::Json, items)))
}

fn member(cursor: &mut Cursor<'_>) -> Read<Node> {
    let Some(Token::Literal(name)) = cursor.peek() else {
        return Err(cursor.error("the name of a member"));
    };
    cursor.skip(1);
    cursor.expect(":")?;
    Ok(Node::seq(vec![Node::text(format!("{name}: ")), value(cursor)?]))
}
