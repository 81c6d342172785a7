//! What a field's type is made of, as far as rules look into it.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{GenericArgument, PathArguments, Type};

use crate::crate_path::CratePath;

/// The wrappers around a value, and what kind of value it is.
pub(crate) struct Shape {
    wrappers: Vec<Wrapper>,
    pub(crate) kind: Kind,
}

#[derive(Clone, Copy, PartialEq)]
enum Wrapper {
    Optional,
    Sealed,
}

/// What kind of value a type holds. Names cannot be resolved here, so an alias counts as `Other`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `String`, `&str` and text in a pointer.
    Text,
    /// `Vec`, a map, an array and the like.
    Collection,
    /// A whole or a floating-point number.
    Number,
    /// `EpochMillis` or `EpochSeconds`.
    Epoch(Unit),
    /// `bool`, `char`.
    Plain,
    /// Anything else.
    Other,
}

/// A unit of time since the epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    Millis,
    Seconds,
}

impl Shape {
    pub(crate) fn of(ty: &Type) -> Self {
        let mut shape = Self { wrappers: Vec::new(), kind: Kind::Other };
        let mut ty = ty;
        while let Some((name, argument)) = named(ty) {
            match (&*name, argument) {
                ("Option", Some(inner)) => {
                    shape.wrappers.push(Wrapper::Optional);
                    ty = inner;
                }
                ("Secret", inner) => {
                    shape.wrappers.push(Wrapper::Sealed);
                    match inner {
                        Some(inner) => ty = inner,
                        // `Secret` alone is `Secret<String>`.
                        None => return Self { kind: Kind::Text, ..shape },
                    }
                }
                _ => break,
            }
        }
        shape.kind = kind(ty);
        shape
    }

    fn is_optional(&self) -> bool {
        self.wrappers.contains(&Wrapper::Optional)
    }

    /// Whether the value is a secret.
    pub(crate) fn is_sealed(&self) -> bool {
        self.wrappers.contains(&Wrapper::Sealed)
    }

    /// Code that says whether a value is there and, if it has a size, not empty; `value` is a
    /// reference to the field before. None when every value is there.
    pub(crate) fn present(&self, krate: &CratePath) -> Option<TokenStream> {
        let sized = matches!(self.kind, Kind::Text | Kind::Collection);
        let inmost = if sized { quote!(!value.is_empty()) } else { quote!(true) };
        (sized || self.is_optional()).then(|| {
            self.wrappers.iter().rev().fold(inmost, |inner, wrapper| match wrapper {
                Wrapper::Optional => quote! {
                    match value {
                        ::core::option::Option::Some(value) => #inner,
                        ::core::option::Option::None => false,
                    }
                },
                Wrapper::Sealed => quote!({
                    let value = #krate::Secret::expose(value);
                    #inner
                }),
            })
        })
    }

    /// Code that runs `then` with `value` bound to a reference to the inmost value, when there is
    /// one; `value` is a reference to the field before.
    pub(crate) fn unwrapped(&self, krate: &CratePath, then: TokenStream) -> TokenStream {
        self.wrappers.iter().rev().fold(then, |then, wrapper| match wrapper {
            Wrapper::Optional => quote! {
                if let ::core::option::Option::Some(value) = value {
                    #then
                }
            },
            Wrapper::Sealed => quote! {
                let value = #krate::Secret::expose(value);
                #then
            },
        })
    }
}

fn kind(ty: &Type) -> Kind {
    match ty {
        Type::Group(group) => return kind(&group.elem),
        Type::Paren(paren) => return kind(&paren.elem),
        Type::Reference(reference) => return kind(&reference.elem),
        Type::Array(_) | Type::Slice(_) => return Kind::Collection,
        Type::Tuple(_) => return Kind::Plain,
        _ => {}
    }
    let Some((name, argument)) = named(ty) else { return Kind::Other };
    match &*name {
        "String" | "str" => Kind::Text,
        "Arc" | "Box" | "Cow" | "Rc" => argument.map_or(Kind::Other, kind),
        "BTreeMap" | "BTreeSet" | "HashMap" | "HashSet" | "Vec" | "VecDeque" => Kind::Collection,
        "EpochMillis" => Kind::Epoch(Unit::Millis),
        "EpochSeconds" => Kind::Epoch(Unit::Seconds),
        "bool" | "char" => Kind::Plain,
        "f32" | "f64" | "i8" | "i16" | "i32" | "i64" | "i128" | "isize" | "u8" | "u16" | "u32"
        | "u64" | "u128" | "usize" => Kind::Number,
        _ => Kind::Other,
    }
}

/// The last name of a path and its last type argument.
fn named(ty: &Type) -> Option<(String, Option<&Type>)> {
    let Type::Path(path) = ty else { return None };
    let segment = path.path.segments.last()?;
    let argument = match &segment.arguments {
        PathArguments::AngleBracketed(arguments) => {
            arguments.args.iter().rev().find_map(|argument| match argument {
                GenericArgument::Type(ty) => Some(ty),
                _ => None,
            })
        }
        _ => None,
    };
    Some((segment.ident.to_string(), argument))
}

#[cfg(test)]
mod tests {
    use syn::parse_str;

    use super::*;

    #[test]
    fn kinds_are_found_inside_wrappers() {
        for (ty, kind, optional) in [
            ("String", Kind::Text, false),
            ("Option<Secret<String>>", Kind::Text, true),
            ("Secret", Kind::Text, false),
            ("Option<Option<u8>>", Kind::Number, true),
            ("&'a str", Kind::Text, false),
            ("Cow<'a, str>", Kind::Text, false),
            ("Box<[u8]>", Kind::Collection, false),
            ("std::collections::HashMap<String, u8>", Kind::Collection, false),
            ("credwire::EpochMillis", Kind::Epoch(Unit::Millis), false),
            ("bool", Kind::Plain, false),
            ("Alias", Kind::Other, false),
            ("dyn Any", Kind::Other, false),
        ] {
            let shape = Shape::of(&parse_str(ty).unwrap());
            assert_eq!((shape.kind, shape.is_optional()), (kind, optional), "{ty}");
        }
    }
}
