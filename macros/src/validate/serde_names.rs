//! The names that fields have on the wire, as serde's attributes give them.

use syn::{
    Attribute, Ident, Lit, Meta, Token, ext::IdentExt, parse::Parser, punctuated::Punctuated,
};

use crate::args::{Arg, Value};

/// How `#[serde(rename_all = "..")]` turns the names of fields into names on the wire.
#[derive(Clone, Copy)]
pub(super) struct Renaming {
    separator: &'static str,
    first: Case,
    rest: Case,
}

#[derive(Clone, Copy)]
enum Case {
    Kept,
    Capital,
    Upper,
}

impl Renaming {
    /// Reads the attributes of the struct.
    pub(super) fn of(attrs: &[Attribute]) -> Self {
        let renaming = |separator, first, rest| Self { separator, first, rest };
        match rename(attrs, "rename_all").as_deref() {
            Some("UPPERCASE" | "SCREAMING_SNAKE_CASE") => renaming("_", Case::Upper, Case::Upper),
            Some("PascalCase") => renaming("", Case::Capital, Case::Capital),
            Some("camelCase") => renaming("", Case::Kept, Case::Capital),
            Some("kebab-case") => renaming("-", Case::Kept, Case::Kept),
            Some("SCREAMING-KEBAB-CASE") => renaming("-", Case::Upper, Case::Upper),
            _ => renaming("_", Case::Kept, Case::Kept),
        }
    }

    /// The name of a field on the wire.
    pub(super) fn wire(self, attrs: &[Attribute], ident: &Ident) -> String {
        rename(attrs, "rename").unwrap_or_else(|| {
            let name = ident.unraw().to_string();
            let words = name.split('_').enumerate().map(|(index, word)| {
                match if index == 0 { self.first } else { self.rest } {
                    Case::Kept => word.to_owned(),
                    Case::Upper => word.to_uppercase(),
                    Case::Capital => capitalized(word),
                }
            });
            words.collect::<Vec<_>>().join(self.separator)
        })
    }
}

/// Whether the members of this field stand among those of the struct.
pub(super) fn is_flat(attrs: &[Attribute]) -> bool {
    args(attrs).any(|arg| arg.name == "flatten")
}

/// The value of `name = ".."` or of `name(deserialize = "..")`.
fn rename(attrs: &[Attribute], name: &str) -> Option<String> {
    args(attrs).filter(|arg| arg.name == name).find_map(|arg| match arg.value {
        Value::Literal(Lit::Str(text)) => Some(text.value()),
        Value::List(list) => {
            let args = Punctuated::<Arg, Token![,]>::parse_terminated.parse2(list).ok()?;
            args.into_iter().find_map(|arg| match arg.value {
                Value::Literal(Lit::Str(text)) if arg.name == "deserialize" => Some(text.value()),
                _ => None,
            })
        }
        _ => None,
    })
}

/// The arguments of every `#[serde(..)]`; serde itself reports those that cannot be read.
fn args(attrs: &[Attribute]) -> impl Iterator<Item = Arg> {
    attrs
        .iter()
        .filter(|attr| attr.path().is_ident("serde"))
        .filter_map(|attr| match &attr.meta {
            Meta::List(list) => {
                Punctuated::<Arg, Token![,]>::parse_terminated.parse2(list.tokens.clone()).ok()
            }
            _ => None,
        })
        .flatten()
}

fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use syn::{ItemStruct, parse_quote};

    use super::*;

    fn wire(item: &ItemStruct) -> Vec<String> {
        let renaming = Renaming::of(&item.attrs);
        let name = |field: &syn::Field| renaming.wire(&field.attrs, field.ident.as_ref().unwrap());
        item.fields.iter().map(name).collect()
    }

    #[test]
    fn every_convention_of_serde_is_followed() {
        for (convention, expected) in [
            ("lowercase", "expires_at"),
            ("UPPERCASE", "EXPIRES_AT"),
            ("PascalCase", "ExpiresAt"),
            ("camelCase", "expiresAt"),
            ("snake_case", "expires_at"),
            ("SCREAMING_SNAKE_CASE", "EXPIRES_AT"),
            ("kebab-case", "expires-at"),
            ("SCREAMING-KEBAB-CASE", "EXPIRES-AT"),
        ] {
            let item = parse_quote! {
                #[serde(rename_all = #convention)]
                struct Sample { expires_at: u8 }
            };
            assert_eq!(wire(&item), [expected]);
        }
    }

    #[test]
    fn a_name_of_its_own_goes_first() {
        let item = parse_quote! {
            #[serde(default)]
            #[serde(rename_all(serialize = "kebab-case", deserialize = "camelCase"))]
            struct Sample {
                #[serde(default, rename = "exp")]
                expires_at: u8,
                #[serde(rename(serialize = "a", deserialize = "b"))]
                other: u8,
                r#type: u8,
                key_id: u8,
            }
        };
        assert_eq!(wire(&item), ["exp", "b", "type", "keyId"]);
    }
}
