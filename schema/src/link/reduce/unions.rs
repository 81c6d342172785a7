//! Unions as generators take them: sets of texts and of numbers are enumerations, other alternatives have names.

use std::collections::BTreeSet;

use super::{Reducer, site::Site};
use crate::{
    model::{EnumMember, EnumValue, Shape},
    type_expr::{TemplatePart, TypeExpr},
};

impl Reducer<'_> {
    /// A union; as an item of its own unless it may stand where it is.
    pub(super) fn union(&mut self, site: &Site, ty: &TypeExpr, in_place: bool) -> TypeExpr {
        let TypeExpr::Union(parts) = ty else { return ty.clone() };
        // Open sets of texts keep their parts as they are.
        let absent =
            |part: &TypeExpr| matches!(part, TypeExpr::Null | TypeExpr::Undefined | TypeExpr::Void);
        let mut present: Vec<TypeExpr> = Vec::new();
        flatten(parts, &mut present);
        let nullable = present.iter().any(absent);
        present.retain(|part| !absent(part) && *part != TypeExpr::Never);
        let has_values = present.iter().any(|part| !matches!(part, TypeExpr::String));
        let result = if present.iter().any(|part| matches!(part, TypeExpr::Unknown | TypeExpr::Any))
        {
            TypeExpr::Unknown
        } else if matches!(present.as_slice(), [TypeExpr::Template(_)]) {
            TypeExpr::String
        } else if present.iter().all(is_text) && has_values && is_enumeration(&present) {
            let union =
                if present.len() == 1 { present.remove(0) } else { TypeExpr::Union(present) };
            if in_place {
                union
            } else {
                self.named(site, &union.clone(), |_, _| Shape::Alias {
                    ty: union,
                    meanings: Default::default(),
                })
            }
        } else {
            self.alternatives(site, present, in_place)
        };
        // Absence stays a part, which becomes a flag where a flag may be.
        match (nullable, result) {
            (false, result) => result,
            (true, TypeExpr::Union(mut parts)) => {
                parts.extend(parts_of_absence(ty));
                TypeExpr::Union(parts)
            }
            (true, TypeExpr::Unknown) => TypeExpr::Unknown,
            (true, result) => {
                let mut parts = vec![result];
                parts.extend(parts_of_absence(ty));
                TypeExpr::Union(parts)
            }
        }
    }

    /// Alternatives of unlike types.
    fn alternatives(&mut self, site: &Site, parts: Vec<TypeExpr>, in_place: bool) -> TypeExpr {
        let (texts, rest): (Vec<_>, Vec<_>) = parts
            .into_iter()
            .partition(|part| matches!(part, TypeExpr::Literal(_) | TypeExpr::Template(_)));
        let (numbers, rest): (Vec<_>, Vec<_>) =
            rest.into_iter().partition(|part| matches!(part, TypeExpr::NumberLiteral(_)));
        let mut all = Vec::new();
        let mut add = |ty: TypeExpr| {
            if !all.contains(&ty) {
                all.push(ty);
            }
        };
        let place = site.place.clone();
        if !texts.is_empty() && !rest.contains(&TypeExpr::String) {
            let union = TypeExpr::Union(texts.clone());
            // A template alone is any text, as it is elsewhere.
            let is_template = matches!(texts.as_slice(), [TypeExpr::Template(_)]);
            if is_enumeration(&texts) && !is_template {
                add(self.named(&site.at("text", &place), &union, |_, _| Shape::Alias {
                    ty: union.clone(),
                    meanings: Default::default(),
                }));
            } else {
                add(TypeExpr::String);
            }
        }
        if !numbers.is_empty() && !rest.contains(&TypeExpr::Number) {
            let union = TypeExpr::Union(numbers);
            match self::numbers(&union) {
                Some(members) => {
                    let site = if rest.is_empty() && texts.is_empty() {
                        site.clone()
                    } else {
                        site.at("number", &place)
                    };
                    add(self.named(&site, &union, |_, _| Shape::Enum { members }));
                }
                None => add(TypeExpr::Number),
            }
        }
        let several = rest.len() > 1;
        for (index, part) in rest.iter().enumerate() {
            let site = match part {
                // Told apart by a literal, an alternative is called after it.
                TypeExpr::Inline(fields) if several => {
                    let tag = fields.iter().find_map(|field| match &field.ty {
                        TypeExpr::Literal(literal) => Some(literal.clone()),
                        _ => None,
                    });
                    site.at(&tag.unwrap_or_else(|| format!("variant{}", index + 1)), &place)
                }
                // What says more of a named type is called after that.
                TypeExpr::Intersection(parts) if several => {
                    let named = parts.iter().find_map(|part| match part {
                        TypeExpr::Ref { name, .. } => name.rsplit('.').next(),
                        _ => None,
                    });
                    named.map_or_else(|| site.clone(), |name| site.at(name, &place))
                }
                _ => site.clone(),
            };
            add(self.inner(&site, part));
        }
        // A URL is text as well.
        if all.contains(&TypeExpr::String) && self.is_builtin("URL") {
            all.retain(|part| *part != TypeExpr::named("URL"));
        }
        match all.len() {
            0 => TypeExpr::Never,
            1 => all.remove(0),
            _ if all.contains(&TypeExpr::Unknown) => TypeExpr::Unknown,
            _ if in_place => TypeExpr::Union(all),
            _ => {
                let union = TypeExpr::Union(all);
                self.named(site, &union.clone(), |_, _| Shape::Alias {
                    ty: union,
                    meanings: Default::default(),
                })
            }
        }
    }
}

/// The parts of a union, those of unions inside it among them.
fn flatten(parts: &[TypeExpr], all: &mut Vec<TypeExpr>) {
    // Of texts there may be thousands, of other types a few.
    let text = |part: &TypeExpr| match part {
        TypeExpr::Literal(text) => Some(text.clone()),
        _ => None,
    };
    let mut texts: BTreeSet<String> = all.iter().filter_map(text).collect();
    let mut waiting: Vec<&TypeExpr> = parts.iter().rev().collect();
    while let Some(part) = waiting.pop() {
        let is_new = match part {
            TypeExpr::Union(inner) => {
                waiting.extend(inner.iter().rev());
                continue;
            }
            TypeExpr::Literal(text) => texts.insert(text.clone()),
            TypeExpr::BooleanLiteral(_) => !all.contains(&TypeExpr::Boolean),
            part => !all.contains(part),
        };
        if is_new {
            let is_boolean = matches!(part, TypeExpr::BooleanLiteral(_));
            all.push(if is_boolean { TypeExpr::Boolean } else { part.clone() });
        }
    }
}

fn parts_of_absence(ty: &TypeExpr) -> Vec<TypeExpr> {
    let TypeExpr::Union(parts) = ty else { return Vec::new() };
    let mut all = Vec::new();
    flatten(parts, &mut all);
    all.retain(|part| matches!(part, TypeExpr::Null | TypeExpr::Undefined));
    if all.is_empty() {
        all.push(TypeExpr::Undefined);
    }
    all
}

/// Whether a type is a set of texts in place.
pub(super) fn is_texts(ty: &TypeExpr) -> bool {
    match ty {
        TypeExpr::Union(parts) => is_enumeration(parts) && parts.iter().all(is_text),
        ty => matches!(ty, TypeExpr::Literal(_)),
    }
}

fn is_text(part: &TypeExpr) -> bool {
    matches!(part, TypeExpr::Literal(_) | TypeExpr::Template(_) | TypeExpr::String)
        || matches!(part, TypeExpr::Intersection(parts) if parts.contains(&TypeExpr::String))
}

/// Whether texts are a set that has a name for each: literals, with templates around one number.
fn is_enumeration(parts: &[TypeExpr]) -> bool {
    parts.iter().all(|part| match part {
        TypeExpr::Template(parts) => {
            let numbers = parts
                .iter()
                .filter(|part| matches!(part, TemplatePart::Type(TypeExpr::Number)))
                .count();
            let texts = parts.iter().filter(|part| matches!(part, TemplatePart::Text(_))).count();
            numbers == 1 && texts + 1 == parts.len() && texts > 0
        }
        _ => true,
    }) && parts.iter().any(|part| matches!(part, TypeExpr::Literal(_) | TypeExpr::Template(_)))
}

/// A union of numbers as the members of an enumeration.
pub(super) fn numbers(ty: &TypeExpr) -> Option<Vec<EnumMember>> {
    let parts = match ty {
        TypeExpr::Union(parts) => parts.as_slice(),
        _ => return None,
    };
    let mut members: Vec<EnumMember> = Vec::new();
    for part in parts {
        let TypeExpr::NumberLiteral(text) = part else { return None };
        let number: serde_json::Number = serde_json::from_str(text).ok()?;
        number.as_i64()?;
        let name = format!("N{}", text.replace('-', "Minus"));
        if members.iter().all(|member| member.name != name) {
            members.push(EnumMember {
                name,
                summary: String::new(),
                value: Some(EnumValue::Number(number)),
                deprecated: false,
            });
        }
    }
    (!members.is_empty()).then_some(members)
}
