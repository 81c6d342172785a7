//! Which values must never be shown: the one rule for members, parameters and objects written in
//! place.

use credwire_core::secrecy::names_secret_text;

use std::collections::BTreeSet;

use crate::{
    model::{Format, Item, Shape},
    type_expr::TypeExpr,
};

/// What names of aliases stand for.
pub type Aliases<'a> = dyn Fn(&str) -> Option<&'a TypeExpr> + 'a;

/// Aliases of aliases are followed this far.
const MAX_ALIASES: usize = 16;

/// Returns whether a value must never be shown: text that is a token, or that is named like a
/// credential. Lists and maps of text count as text, and so do bytes and aliases of all these.
pub fn is_secret(name: &str, ty: &TypeExpr, format: Option<Format>, aliases: &Aliases<'_>) -> bool {
    (format == Some(Format::Jwt) || names_secret_text(name)) && is_text(ty, aliases, MAX_ALIASES)
}

/// The members of a JSON Web Key that hold a private or a symmetric key: RFC 7518, sections 6.2.2, 6.3.2 and 6.4.1, and
/// `priv` of algorithm key pairs; and what is said of each further prime.
const KEY_MATERIAL: [&str; 10] = ["d", "dp", "dq", "k", "p", "priv", "q", "qi", "r", "t"];

/// What a private RSA key says of a further prime, in its member `oth` (RFC 7518, section 6.3.2.7).
const OTHER_PRIME: [&str; 3] = ["d", "r", "t"];

/// Returns whether an object with these members is a JSON Web Key (RFC 7517), which says of which type it is, or the
/// part of one that has no type: a further prime.
pub fn is_key<'n>(members: impl Iterator<Item = &'n str>) -> bool {
    let members: BTreeSet<&str> = members.collect();
    members.contains("kty") || members.iter().eq(&OTHER_PRIME)
}

/// Returns the documented names of the items that are JSON Web Keys, by their own members or by those of their bases.
pub fn keys<'a>(items: impl Iterator<Item = &'a Item> + Clone) -> BTreeSet<String> {
    let is_of_keys = |item: &Item, found: &BTreeSet<String>| {
        let properties = match &item.shape {
            Shape::Interface(members) | Shape::Class(members) => members.properties.as_slice(),
            _ => &[],
        };
        is_key(properties.iter().map(|property| property.name.as_str()))
            || item.extends.iter().any(|base| match base {
                TypeExpr::Ref { name, .. } => found.contains(name),
                _ => false,
            })
    };
    let mut found = BTreeSet::new();
    loop {
        let before = found.len();
        for item in items.clone() {
            if !found.contains(&item.name) && is_of_keys(item, &found) {
                found.insert(item.name.clone());
            }
        }
        // Most references have no key at all.
        if found.len() == before {
            return found;
        }
    }
}

/// Returns whether a member of a JSON Web Key must never be shown: text that holds a private or a symmetric key. No
/// word says so, since such members have names of one letter.
pub fn is_key_material(name: &str, ty: &TypeExpr, aliases: &Aliases<'_>) -> bool {
    KEY_MATERIAL.contains(&name) && is_text(ty, aliases, MAX_ALIASES)
}

/// Whether all values of a type are text or bytes, or hold nothing else.
fn is_text(ty: &TypeExpr, aliases: &Aliases<'_>, depth: usize) -> bool {
    let inner = |ty: &TypeExpr| is_text(ty, aliases, depth);
    match ty {
        TypeExpr::String | TypeExpr::Template(_) => true,
        TypeExpr::Array(item) | TypeExpr::ReadonlyArray(item) => inner(item),
        TypeExpr::Tuple { elements, .. } => {
            !elements.is_empty() && elements.iter().all(|element| inner(&element.ty))
        }
        TypeExpr::Union(members) => {
            let is_absent = |ty: &&TypeExpr| matches!(ty, TypeExpr::Null | TypeExpr::Undefined);
            let is_literal = |ty: &&TypeExpr| matches!(ty, TypeExpr::Literal(_));
            // Literals beside text are well-known values of it; alone they are no secret.
            let mut rest = members.iter().filter(|ty| !is_absent(ty) && !is_literal(ty)).peekable();
            rest.peek().is_some() && rest.all(inner)
        }
        // `string & {}`, and text with a brand.
        TypeExpr::Intersection(parts) => parts.iter().any(inner),
        TypeExpr::Ref { name, args } => match (name.as_str(), args.as_slice()) {
            ("Record" | "Map" | "ReadonlyMap", [_, value]) => inner(value),
            (
                "Readonly" | "Set" | "ReadonlySet" | "NonNullable" | "Iterable" | "Partial",
                [value],
            ) => inner(value),
            (
                "URL" | "Uint8Array" | "ArrayBuffer" | "ArrayBufferLike" | "ArrayBufferView"
                | "Buffer" | "BufferSource" | "DataView",
                _,
            ) => true,
            (name, _) => {
                depth > 0 && aliases(name).is_some_and(|ty| is_text(ty, aliases, depth - 1))
            }
        },
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(name: &str) -> TypeExpr {
        TypeExpr::named(name)
    }

    #[test]
    fn keys_are_sealed_where_they_are_private() {
        assert!(is_key(["alg", "kty"].into_iter()) && !is_key(["alg", "d"].into_iter()));
        assert!(is_key(["r", "d", "t"].into_iter()) && !is_key(["d", "t", "op", "r"].into_iter()));
        let aliases = |_: &str| None;
        assert!(is_key_material("d", &TypeExpr::String, &aliases));
        assert!(!is_key_material("d", &TypeExpr::Number, &aliases));
        assert!(!is_key_material("n", &TypeExpr::String, &aliases));
    }

    #[test]
    fn text_and_what_holds_it_is_sealed_by_its_name() {
        let token = TypeExpr::String;
        let alias = TypeExpr::Union(vec![token.clone(), text_of("Uint8Array")]);
        let aliases = |name: &str| (name == "Sealed").then_some(&alias);
        let record = TypeExpr::Ref {
            name: "Record".to_owned(),
            args: vec![TypeExpr::String, TypeExpr::Array(Box::new(TypeExpr::String))],
        };
        let nullable = TypeExpr::Union(vec![TypeExpr::String, TypeExpr::Null]);
        let list = TypeExpr::ReadonlyArray(Box::new(text_of("Sealed")));
        for ty in [&token, &alias, &record, &nullable, &list, &text_of("Sealed")] {
            assert!(is_secret("refreshToken", ty, None, &aliases), "{ty}");
            assert!(is_secret("sat", ty, Some(Format::Jwt), &aliases), "{ty}");
            assert!(!is_secret("roomName", ty, None, &aliases), "{ty}");
        }
        let modes = TypeExpr::Union(vec![TypeExpr::Literal("a".into()), TypeExpr::Null]);
        let either = TypeExpr::Union(vec![TypeExpr::String, TypeExpr::Number]);
        for ty in [TypeExpr::Boolean, TypeExpr::Number, text_of("TokenSource"), modes, either] {
            assert!(!is_secret("token", &ty, None, &aliases), "{ty}");
        }
        // An alias that leads to itself ends.
        let circle = text_of("Circle");
        assert!(!is_secret("token", &circle, None, &|_| Some(&circle)));
    }
}
