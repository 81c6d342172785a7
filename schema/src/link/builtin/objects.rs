//! Plain objects and unions that TypeScript's own libraries declare, as items.

use std::{collections::BTreeMap, sync::LazyLock};

use crate::{
    diagnostic::Place,
    model::{Item, Members, Property, Shape},
    secret, spelling,
    type_expr::{TupleElement, TypeExpr},
};

/// A line an item: `Name a: string; b?: Other[]`, `Name = number | Other`. `!` stands behind the name of
/// what must never be shown.
const TABLE: &str = include_str!("members.txt");

/// What the files of such items are called in places.
const FILE: &str = "lib.dom.d.ts";

static LINES: LazyLock<BTreeMap<&str, &str>> = LazyLock::new(|| {
    let lines = TABLE.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once(' ')).collect()
});

/// The item of a name, where the libraries declare a plain object or a union of data of that name.
pub(in crate::link) fn item(name: &str) -> Option<Item> {
    let line = LINES.get(name)?;
    let place = Place::new(FILE, 1, 1);
    let shape = match line.strip_prefix("= ") {
        Some(ty) => Shape::Alias { ty: parsed(ty)?, meanings: BTreeMap::new() },
        None => {
            let property = |text| property(text, &place);
            let properties = parts(line, "; ").into_iter().map(property).collect::<Option<_>>()?;
            Shape::Interface(Members { properties, ..Members::default() })
        }
    };
    Some(Item::new(name.to_owned(), spelling::pascal(name), place, shape))
}

fn property(text: &str, place: &Place) -> Option<Property> {
    let (name, ty) = text.split_once(": ")?;
    let (name, optional) = name.strip_suffix('?').map_or((name, false), |name| (name, true));
    let (name, sealed) = name.strip_suffix('!').map_or((name, false), |name| (name, true));
    let ty = parsed(ty)?;
    let secret = sealed || secret::is_secret(name, &ty, None, &|_| None);
    Some(Property { optional, secret, ..Property::new(name, ty, place.clone()) })
}

/// The type of a text of the table.
fn parsed(text: &str) -> Option<TypeExpr> {
    let alternatives = parts(text, " | ");
    if alternatives.len() > 1 {
        return alternatives.into_iter().map(parsed).collect::<Option<_>>().map(TypeExpr::Union);
    }
    if let Some(item) = text.strip_suffix("[]") {
        let item = item.strip_prefix('(').and_then(|item| item.strip_suffix(')')).unwrap_or(item);
        return Some(TypeExpr::Array(Box::new(parsed(item)?)));
    }
    if let Some(elements) = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) {
        let element =
            |ty| Some(TupleElement { name: None, ty: parsed(ty)?, optional: false, rest: false });
        let elements = parts(elements, ", ").into_iter().map(element).collect::<Option<_>>()?;
        return Some(TypeExpr::Tuple { elements, readonly: false });
    }
    if let Some(value) =
        text.strip_prefix("Record<string, ").and_then(|text| text.strip_suffix('>'))
    {
        let args = vec![TypeExpr::String, parsed(value)?];
        return Some(TypeExpr::Ref { name: "Record".to_owned(), args });
    }
    if let Some(literal) = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
        return Some(TypeExpr::Literal(literal.to_owned()));
    }
    Some(match text {
        "string" => TypeExpr::String,
        "number" => TypeExpr::Number,
        "boolean" => TypeExpr::Boolean,
        "bigint" => TypeExpr::BigInt,
        "null" => TypeExpr::Null,
        "undefined" => TypeExpr::Undefined,
        "object" => TypeExpr::Object,
        "unknown" => TypeExpr::Unknown,
        "true" => TypeExpr::BooleanLiteral(true),
        "false" => TypeExpr::BooleanLiteral(false),
        number if number.starts_with(|c: char| c.is_ascii_digit() || c == '-') => {
            TypeExpr::NumberLiteral(number.to_owned())
        }
        name if spelling::is_identifier(name) => TypeExpr::named(name),
        _ => return None,
    })
}

/// The parts of a text, which stand outside brackets and literals.
fn parts<'a>(text: &'a str, between: &str) -> Vec<&'a str> {
    let (mut found, mut start, mut depth, mut quoted) = (Vec::new(), 0, 0_usize, false);
    for (at, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '(' | '[' | '<' if !quoted => depth += 1,
            ')' | ']' | '>' if !quoted => depth = depth.saturating_sub(1),
            _ if depth == 0 && !quoted && at >= start && text[at..].starts_with(between) => {
                found.push(&text[start..at]);
                start = at + between.len();
            }
            _ => {}
        }
    }
    found.push(&text[start..]);
    found
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn each_line_is_an_item() {
        let unread: Vec<&&str> = LINES.keys().filter(|name| item(name).is_none()).collect();
        assert!(unread.is_empty() && LINES.len() > 500, "{unread:?}");
        let text = |name: &str| match item(name).unwrap().shape {
            Shape::Alias { ty, .. } => ty.to_string(),
            Shape::Interface(members) => {
                let one = |property: &Property| {
                    let secret = if property.secret { "secret " } else { "" };
                    format!("{secret}{}: {}", property.name, property.ty)
                };
                members.properties.iter().map(one).collect::<Vec<_>>().join("; ")
            }
            other => format!("{other:?}"),
        };
        assert_eq!(text("HeadersInit"), "[string, string][] | Record<string, string> | Headers");
        assert_eq!(
            text("RTCIceServer"),
            "secret credential: string; urls: string | string[]; username: string"
        );
        assert!(text("JsonWebKey").contains("secret d: string; secret dp: string"));
        assert_eq!(item("RTCConfiguration").unwrap().rust, "RtcConfiguration");
    }
}
