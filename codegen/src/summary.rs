//! Our own words about members: their own line, else that of the snapshot whose values a stream
//! returns, else that of a base.

use credwire_schema::{
    link,
    model::{Item, Property, Schema, Shape},
    spelling,
    type_expr::TypeExpr,
};

/// How deep bases may have bases; the linker refuses cycles.
const MAX_DEPTH: usize = 16;

/// A line about a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Summary<'a> {
    /// It is about the member itself.
    Own(&'a str),
    /// It is about each value that a stream gives, or that a setter takes.
    OfValue(&'a str),
}

/// The line about a member of an item, as the reference calls it.
pub(crate) fn of<'a>(schema: &'a Schema, item: &'a Item, member: &str) -> Option<Summary<'a>> {
    within(schema, item, member, MAX_DEPTH)
}

fn within<'a>(
    schema: &'a Schema,
    item: &'a Item,
    member: &str,
    depth: usize,
) -> Option<Summary<'a>> {
    let snapshot = || Some(Summary::OfValue(line(item, spelling::streamed(member)?)?));
    line(item, member).map(Summary::Own).or_else(snapshot).or_else(|| {
        let bases = item.extends.iter().chain(&item.implements).filter_map(|base| match base {
            TypeExpr::Ref { name, .. } => schema.items.get(name),
            _ => None,
        });
        let depth = depth.checked_sub(1)?;
        bases.into_iter().find_map(|base| within(schema, base, member, depth))
    })
}

/// What the item's own document says.
fn line<'a>(item: &'a Item, member: &str) -> Option<&'a str> {
    let members = link::members(item)?;
    let properties = members.properties.iter().map(|one| (&one.name, &one.summary));
    let accessors = members.accessors.iter().map(|one| (&one.name, &one.summary));
    let methods = members.methods.iter().map(|one| (&one.name, &one.summary));
    let mut all = properties.chain(accessors).chain(methods);
    all.find(|(name, summary)| *name == member && !summary.is_empty())
        .map(|(_, summary)| summary.as_str())
}

/// The summary as a part of a sentence: `The stage` is `the stage`, `URI` stays.
pub(crate) fn in_a_sentence(summary: &str) -> String {
    let first = summary.split(' ').next().unwrap_or_default();
    let is_name =
        first.starts_with('`') || first.chars().skip(1).any(|c| c.is_uppercase() || c.is_numeric());
    let mut chars = summary.chars();
    match chars.next() {
        Some(letter) if !is_name => letter.to_lowercase().chain(chars).collect(),
        _ => summary.to_owned(),
    }
}

/// The members and literals of an item that have no line of our own, by documented name; an empty name stands
/// for the item itself. Constructors need none, nor what always has one value or is never there.
pub(crate) fn lacking(schema: &Schema, item: &Item) -> Vec<String> {
    let mut found = Vec::new();
    if item.summary.is_empty() {
        found.push(String::new());
    }
    if let Shape::Element { element } = &item.shape {
        let events = element.events.iter().filter(|event| event.summary.is_empty());
        found.extend(events.map(|event| event.name.clone()));
    }
    if let Shape::Alias { ty: TypeExpr::Union(parts), meanings } = &item.shape {
        for part in parts {
            let literal = match part {
                TypeExpr::Literal(literal) => literal.clone(),
                TypeExpr::Template(_) => part.to_string().trim_matches('`').to_owned(),
                _ => continue,
            };
            if !meanings.contains_key(&literal) {
                found.push(literal);
            }
        }
    }
    if let Shape::Function { signatures } = &item.shape {
        for param in signatures.iter().flat_map(|signature| &signature.params) {
            fields(&param.name, &param.fields, &mut found);
        }
    }
    let Some(members) = link::members(item) else { return found };
    for property in &members.properties {
        if of(schema, item, &property.name).is_none() && is_described(item, property) {
            found.push(property.name.clone());
        }
        fields(&property.name, &property.fields, &mut found);
    }
    let accessors = members.accessors.iter().map(|one| one.name.as_str());
    let names = accessors.chain(members.methods.iter().map(|one| one.name.as_str()));
    let lacks = names.filter(|name| of(schema, item, name).is_none());
    found.extend(lacks.map(str::to_owned));
    found.sort();
    found.dedup();
    found
}

fn fields(path: &str, properties: &[Property], found: &mut Vec<String>) {
    for property in properties {
        let path = format!("{path}.{}", property.name);
        fields(&path, &property.fields, found);
        if property.summary.is_empty() {
            found.push(path);
        }
    }
}

/// Whether a property has a comment of its own in Rust.
fn is_described(item: &Item, property: &Property) -> bool {
    match property.ty {
        TypeExpr::Never | TypeExpr::Undefined => false,
        TypeExpr::Literal(_) => property.optional || property.nullable,
        // What an error came of is behind `source()`.
        _ if matches!(item.shape, Shape::Error(_)) => property.ty != TypeExpr::Unknown,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::in_a_sentence;

    #[test]
    fn only_words_that_are_no_names_lose_their_capital() {
        for (summary, expected) in [
            ("The stage of the call.", "the stage of the call."),
            ("A name.", "a name."),
            ("True, or false.", "true, or false."),
            ("Speakers.", "speakers."),
            ("URIs to call.", "URIs to call."),
            ("WebRTC of the platform.", "WebRTC of the platform."),
            ("`x` of it.", "`x` of it."),
            ("", ""),
        ] {
            assert_eq!(in_a_sentence(summary), expected, "{summary}");
        }
    }
}
