//! How documented names are spelled in Rust, as identifiers.

use std::collections::{BTreeMap, BTreeSet};

use credwire_schema::spelling;
pub(crate) use credwire_schema::spelling::inner;
pub(crate) use credwire_schema::spelling::is_identifier;
pub use credwire_schema::spelling::{pascal, spelled as snake};
use proc_macro2::Span;
use syn::{Ident, ext::IdentExt as _};

/// `name` as an identifier: keywords become `r#type`, and `self_` where Rust has no raw form.
/// Names that are no identifier at all were refused when the schema was linked; should one get
/// here, its odd characters become `_`.
pub(crate) fn ident(name: &str) -> Ident {
    let mut text = name.to_owned();
    if !is_identifier(&text) {
        let words =
            name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
        text = format!("_{}_", words.collect::<Vec<_>>().join("_"));
    }
    if matches!(text.as_str(), "self" | "Self" | "super" | "crate") {
        text.push('_');
    }
    // A keyword since edition 2024, which syn takes for a name.
    if text != "gen" && syn::parse_str::<Ident>(&text).is_ok() {
        Ident::new(&text, Span::call_site())
    } else {
        Ident::new_raw(&text, Span::call_site())
    }
}

/// Returns the field or argument that stands for a documented member; one without a name is `empty`.
pub fn field(name: &str) -> Ident {
    if name.is_empty() { ident("empty") } else { ident(&snake(name)) }
}

/// The names in their order, each that is `taken` or like an earlier one `in_rust` with a number.
pub(crate) fn distinct<'a>(
    names: impl Iterator<Item = &'a str>,
    in_rust: &dyn Fn(&str) -> String,
    mut taken: BTreeSet<String>,
) -> Vec<String> {
    names
        .map(|name| {
            let free = spelling::first_free(name, "_", |name| taken.contains(&in_rust(name)));
            taken.insert(in_rust(&free));
            free
        })
        .collect()
}

/// The name of a member that is not the first of its name: `level_2`.
pub(crate) fn numbered(base: &str, number: usize) -> Ident {
    ident(&format!("{}_{number}", base.trim_end_matches('_')))
}

/// The last numbers that names were given: thousands of members of one name are numbered without trying all numbers
/// for each.
#[derive(Default)]
pub(crate) struct Numbers(BTreeMap<String, usize>);

impl Numbers {
    /// The name with the first number from 2 that makes it one that is not taken.
    pub(crate) fn free(&mut self, name: &Ident, is_taken: &dyn Fn(&Ident) -> bool) -> Ident {
        let base = name.unraw().to_string();
        let last = self.0.entry(base.clone()).or_insert(1);
        loop {
            *last += 1;
            let name = numbered(&base, *last);
            if !is_taken(&name) {
                return name;
            }
        }
    }
}

/// The field or method that stands for a documented member: a stream and the snapshot of its last
/// value differ by a `$` alone.
pub(crate) fn member(name: &str) -> Ident {
    match spelling::streamed(name) {
        Some(before) => ident(&format!("{}_stream", snake(before))),
        None => field(name),
    }
}

/// Returns the variant that stands for a literal.
pub fn variant(literal: &str) -> Ident {
    ident(&pascal(literal))
}

/// The variant that stands for a literal among others. A name that is taken is numbered from 2; a
/// literal that gives no identifier is called after its place, `Value3`, and an empty one `Empty`.
pub(crate) fn distinct_variant(literal: &str, taken: &mut BTreeSet<String>) -> Ident {
    let mut base = pascal(literal);
    if base.is_empty() {
        base = if literal.is_empty() { "Empty".to_owned() } else { String::new() };
    }
    if !is_identifier(&base) {
        let letters: String = base.chars().filter(char::is_ascii_alphanumeric).collect();
        let number = taken.len();
        base = if letters.is_empty() { format!("Value{number}") } else { format!("V{letters}") };
    }
    let name = spelling::first_free(&base, "", |name| taken.contains(name));
    taken.insert(name.clone());
    ident(&name)
}

/// The type parameter that stands for a documented one.
pub(crate) fn type_param(name: &str) -> Ident {
    ident(&spelling::type_param(name))
}

/// The parameter that stands for the platform.
pub(crate) fn platform() -> Ident {
    ident("P")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_are_escaped_the_way_rust_allows() {
        for (name, expected) in [("type", "r#type"), ("self", "self_"), ("scope", "scope")] {
            assert_eq!(field(name).to_string(), expected);
        }
        assert_eq!(variant("self").to_string(), "Self_");
    }

    #[test]
    fn any_text_gives_some_identifier() {
        for name in ["", "4k", "-", "a b", "é", "_"] {
            assert!(!ident(name).to_string().is_empty(), "{name:?}");
        }
        assert!(!is_identifier("4k") && !is_identifier("") && is_identifier("type"));
    }
}
