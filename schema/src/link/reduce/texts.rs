//! Types that are texts and numbers alone: keys of members, templates, and types as text in messages.

use std::fmt::{self, Display, Formatter};

use crate::{
    model::EnumValue,
    type_expr::{TemplatePart, TypeExpr},
};

pub(super) fn literals(keys: Vec<String>) -> TypeExpr {
    let mut all: Vec<TypeExpr> = keys.into_iter().map(TypeExpr::Literal).collect();
    match all.len() {
        0 => TypeExpr::Never,
        1 => all.remove(0),
        _ => TypeExpr::Union(all),
    }
}

/// A template of literals alone, as the union of its texts.
pub(super) fn spelled_out(parts: &[TemplatePart]) -> Option<TypeExpr> {
    let mut texts = vec![String::new()];
    for part in parts {
        let choices: Vec<String> = match part {
            TemplatePart::Text(text) => vec![text.clone()],
            TemplatePart::Type(TypeExpr::Literal(text) | TypeExpr::NumberLiteral(text)) => {
                vec![text.clone()]
            }
            TemplatePart::Type(TypeExpr::Union(parts)) => parts
                .iter()
                .map(|part| match part {
                    TypeExpr::Literal(text) | TypeExpr::NumberLiteral(text) => Some(text.clone()),
                    _ => None,
                })
                .collect::<Option<_>>()?,
            TemplatePart::Type(_) => return None,
        };
        if texts.len().saturating_mul(choices.len()) > 1_000 {
            return None;
        }
        texts = texts
            .iter()
            .flat_map(|text| choices.iter().map(move |choice| format!("{text}{choice}")))
            .collect();
    }
    Some(literals(texts))
}

pub(super) fn cased(name: &str, text: &str) -> String {
    let mut chars = text.chars();
    match name {
        "Uppercase" => text.to_uppercase(),
        "Lowercase" => text.to_lowercase(),
        "Capitalize" => chars
            .next()
            .map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect()),
        _ => chars
            .next()
            .map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect()),
    }
}

/// The name of a member that is called after a value.
pub(super) fn key(value: &EnumValue) -> Option<String> {
    match value {
        EnumValue::Text(text) => Some(text.clone()),
        EnumValue::Number(number) => Some(number.to_string()),
    }
}

/// Whether a type of keys is not to be counted.
pub(super) fn is_open_key(ty: &TypeExpr) -> bool {
    matches!(ty, TypeExpr::String | TypeExpr::Number | TypeExpr::Symbol | TypeExpr::Template(_))
        || matches!(ty, TypeExpr::Ref { name, .. } if name == "PropertyKey")
}

/// A type as text that fits a message.
pub(super) struct Brief<'a>(pub(super) &'a TypeExpr);

impl Display for Brief<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        /// Takes so many characters, and refuses the rest.
        struct Start(String);

        impl fmt::Write for Start {
            fn write_str(&mut self, text: &str) -> fmt::Result {
                let left = 120_usize.saturating_sub(self.0.chars().count());
                self.0.extend(text.chars().take(left));
                if text.chars().count() > left { Err(fmt::Error) } else { Ok(()) }
            }
        }

        let mut start = Start(String::new());
        let whole = fmt::Write::write_fmt(&mut start, format_args!("{}", self.0)).is_ok();
        write!(f, "{}{}", start.0, if whole { "" } else { " .." })
    }
}
