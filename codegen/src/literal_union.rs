//! Unions of string literals and templates, as types state them.

use std::collections::BTreeSet;

use credwire_schema::{
    model::{EnumValue, Shape},
    type_expr::{TemplatePart, TypeExpr},
};

/// A union of string literals.
#[derive(Debug, PartialEq)]
pub(crate) struct Union<'a> {
    pub(crate) literals: Vec<&'a str>,
    pub(crate) templates: Vec<Template>,
    /// `| (string & {})` or `| string`: other strings are values too.
    pub(crate) open: bool,
}

impl Union<'_> {
    /// Whether the listed literals are all there is.
    pub(crate) fn is_closed(&self) -> bool {
        !self.open && self.templates.is_empty()
    }
}

/// A text with one number in it.
#[derive(Debug, PartialEq)]
pub(crate) struct Template {
    pub(crate) prefix: String,
    pub(crate) suffix: String,
}

/// The string literals that an alias or an enumeration of strings stands for.
pub(crate) fn of_shape(shape: &Shape) -> Option<Union<'_>> {
    match shape {
        Shape::Alias { ty, .. } => union(ty),
        Shape::Enum { members } => {
            let (mut literals, mut known) = (Vec::new(), BTreeSet::new());
            for member in members {
                let literal = match &member.value {
                    Some(EnumValue::Text(text)) => text.as_str(),
                    Some(EnumValue::Number(_)) | None => return None,
                };
                if known.insert(literal) {
                    literals.push(literal);
                }
            }
            (!literals.is_empty()).then_some(Union { literals, templates: Vec::new(), open: false })
        }
        _ => None,
    }
}

/// `ty` as a union of string literals, when it is one.
pub(crate) fn union(ty: &TypeExpr) -> Option<Union<'_>> {
    let arms = match ty {
        TypeExpr::Union(arms) => arms.as_slice(),
        TypeExpr::Literal(_) => std::slice::from_ref(ty),
        _ => return None,
    };
    let mut union = Union { literals: Vec::new(), templates: Vec::new(), open: false };
    let mut known = BTreeSet::new();
    for arm in arms {
        match arm {
            TypeExpr::Literal(literal) if !known.insert(literal.as_str()) => {}
            TypeExpr::Literal(literal) => union.literals.push(literal),
            TypeExpr::Template(parts) => union.templates.push(template(parts)?),
            TypeExpr::String => union.open = true,
            TypeExpr::Intersection(parts) => match parts.as_slice() {
                [TypeExpr::String, TypeExpr::Inline(fields)]
                | [TypeExpr::Inline(fields), TypeExpr::String]
                    if fields.is_empty() =>
                {
                    union.open = true;
                }
                _ => return None,
            },
            _ => return None,
        }
    }
    (!union.literals.is_empty() || !union.templates.is_empty()).then_some(union)
}

/// The template of a template literal type, when it holds one number and some text.
fn template(parts: &[TemplatePart]) -> Option<Template> {
    let (mut prefix, mut suffix, mut numbers) = (String::new(), String::new(), 0);
    for part in parts {
        match part {
            TemplatePart::Text(text) if numbers == 0 => prefix.push_str(text),
            TemplatePart::Text(text) => suffix.push_str(text),
            TemplatePart::Type(TypeExpr::Number) => numbers += 1,
            TemplatePart::Type(_) => return None,
        }
    }
    (numbers == 1 && !(prefix.is_empty() && suffix.is_empty()))
        .then_some(Template { prefix, suffix })
}
