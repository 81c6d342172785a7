//! What a field's type is made of, as far as its names say so.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{GenericArgument, PathArguments, Type};

use crate::crate_path::CratePath;

/// The wrappers around a value, and what kind of value it is.
pub(crate) struct Shape {
    wrappers: Vec<Wrapper>,
    /// The type inside the wrappers.
    pub(crate) inner: Type,
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
    /// `Vec`, an array, a set and the like.
    List,
    /// `HashMap` and `BTreeMap`.
    Map,
    /// A whole number.
    Whole,
    /// A floating-point number.
    Float,
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

impl Kind {
    /// Whether the value has a number of items.
    pub(crate) const fn is_collection(self) -> bool {
        matches!(self, Self::List | Self::Map)
    }
}

/// A type without the invisible group that a `macro_rules!` fragment comes in, and without
/// parentheses.
pub(crate) fn plain(mut ty: &Type) -> &Type {
    loop {
        ty = match ty {
            Type::Group(group) => &group.elem,
            Type::Paren(paren) => &paren.elem,
            _ => return ty,
        };
    }
}

impl Shape {
    pub(crate) fn of(ty: &Type) -> Self {
        let mut wrappers = Vec::new();
        let mut ty = plain(ty);
        while let Some((name, arguments)) = named(ty) {
            match (&*name, arguments.last()) {
                ("Option", Some(inner)) => {
                    wrappers.push(Wrapper::Optional);
                    ty = plain(inner);
                }
                ("Secret", inner) => {
                    wrappers.push(Wrapper::Sealed);
                    match inner {
                        Some(inner) => ty = plain(inner),
                        // `Secret` alone is `Secret<String>`.
                        None => {
                            let inner = syn::parse_quote!(::std::string::String);
                            return Self { wrappers, inner, kind: Kind::Text };
                        }
                    }
                }
                _ => break,
            }
        }
        Self { wrappers, inner: ty.clone(), kind: kind(ty) }
    }

    pub(crate) fn is_optional(&self) -> bool {
        self.wrappers.contains(&Wrapper::Optional)
    }

    /// Whether the value is a secret.
    pub(crate) fn is_sealed(&self) -> bool {
        self.wrappers.contains(&Wrapper::Sealed)
    }

    /// Code that runs `then` with `name` bound to a reference to the inmost value, when there is
    /// one; `name` is a reference to the field before.
    pub(crate) fn unwrapped(
        &self,
        name: &TokenStream,
        krate: &CratePath,
        then: TokenStream,
    ) -> TokenStream {
        self.wrappers.iter().rev().fold(then, |then, wrapper| match wrapper {
            Wrapper::Optional => quote! {
                if let ::core::option::Option::Some(#name) = #name {
                    #then
                }
            },
            Wrapper::Sealed => quote! {
                let #name = #krate::Secret::expose(#name);
                #then
            },
        })
    }
}

/// The types of the items of a list.
pub(crate) fn item(ty: &Type) -> Option<&Type> {
    match plain(ty) {
        Type::Array(array) => Some(&array.elem),
        Type::Slice(slice) => Some(&slice.elem),
        Type::Reference(reference) => item(&reference.elem),
        ty => {
            let (name, arguments) = named(ty)?;
            let first = arguments.first()?;
            if POINTERS.contains(&&*name) { item(first) } else { Some(first) }
        }
    }
}

/// The types of the keys and the values of a map.
pub(crate) fn entry(ty: &Type) -> Option<(&Type, &Type)> {
    if let Type::Reference(reference) = plain(ty) {
        return entry(&reference.elem);
    }
    let (name, arguments) = named(plain(ty))?;
    match *arguments.as_slice() {
        [inner] if POINTERS.contains(&&*name) => entry(inner),
        [key, value, ..] => Some((key, value)),
        _ => None,
    }
}

/// Pointers that hold text, or a list, or whatever is in them.
const POINTERS: [&str; 4] = ["Arc", "Box", "Cow", "Rc"];

fn kind(ty: &Type) -> Kind {
    match plain(ty) {
        Type::Reference(reference) => return kind(&reference.elem),
        Type::Array(_) | Type::Slice(_) => return Kind::List,
        _ => {}
    }
    let Some((name, arguments)) = named(plain(ty)) else { return Kind::Other };
    match &*name {
        "String" | "str" => Kind::Text,
        name if POINTERS.contains(&name) => {
            arguments.last().map_or(Kind::Other, |inner| kind(inner))
        }
        "BTreeSet" | "BinaryHeap" | "HashSet" | "LinkedList" | "Vec" | "VecDeque" => Kind::List,
        "BTreeMap" | "HashMap" => Kind::Map,
        "EpochMillis" => Kind::Epoch(Unit::Millis),
        "EpochSeconds" => Kind::Epoch(Unit::Seconds),
        "bool" | "char" => Kind::Plain,
        "f32" | "f64" => Kind::Float,
        "i8" | "i16" | "i32" | "i64" | "i128" | "isize" | "u8" | "u16" | "u32" | "u64" | "u128"
        | "usize" | "NonZero" | "NonZeroI8" | "NonZeroI16" | "NonZeroI32" | "NonZeroI64"
        | "NonZeroI128" | "NonZeroIsize" | "NonZeroU8" | "NonZeroU16" | "NonZeroU32"
        | "NonZeroU64" | "NonZeroU128" | "NonZeroUsize" => Kind::Whole,
        _ => Kind::Other,
    }
}

/// The last name of a path and its type arguments.
pub(crate) fn named(ty: &Type) -> Option<(String, Vec<&Type>)> {
    let Type::Path(path) = ty else { return None };
    let segment = path.path.segments.last()?;
    let arguments = match &segment.arguments {
        PathArguments::AngleBracketed(arguments) => {
            let types = arguments.args.iter().filter_map(|argument| match argument {
                GenericArgument::Type(ty) => Some(ty),
                _ => None,
            });
            types.collect()
        }
        _ => Vec::new(),
    };
    Some((segment.ident.to_string(), arguments))
}

#[cfg(test)]
mod tests {
    use proc_macro2::{Delimiter, Group};
    use quote::ToTokens;
    use syn::parse_str;

    use super::*;

    #[test]
    fn kinds_are_found_inside_wrappers() {
        for (ty, kind, optional) in [
            ("String", Kind::Text, false),
            ("Option<Secret<String>>", Kind::Text, true),
            ("Secret", Kind::Text, false),
            ("Option<Option<u8>>", Kind::Whole, true),
            ("(Option<(u8)>)", Kind::Whole, true),
            ("&'a str", Kind::Text, false),
            ("Cow<'a, str>", Kind::Text, false),
            ("Box<[u8]>", Kind::List, false),
            ("std::collections::HashMap<String, u8>", Kind::Map, false),
            ("credwire::EpochMillis", Kind::Epoch(Unit::Millis), false),
            ("bool", Kind::Plain, false),
            ("NonZero<u8>", Kind::Whole, false),
            ("f32", Kind::Float, false),
            ("Alias", Kind::Other, false),
            ("dyn Any", Kind::Other, false),
        ] {
            let shape = Shape::of(&parse_str(ty).unwrap());
            assert_eq!((shape.kind, shape.is_optional()), (kind, optional), "{ty}");
        }
    }

    #[test]
    fn fragments_of_macros_are_looked_through() {
        let fragment = |ty: TokenStream| Group::new(Delimiter::None, ty).into_token_stream();
        let inner = fragment(quote!(u8));
        let ty = fragment(quote!(Option<#inner>));
        let shape = Shape::of(&syn::parse2(ty).unwrap());
        assert_eq!((shape.kind, shape.is_optional()), (Kind::Whole, true));
    }

    #[test]
    fn parts_are_those_of_the_collection() {
        let item_of = |ty: &str| item(&parse_str(ty).unwrap()).map(crate::text::of);
        assert_eq!(item_of("Arc<[u8]>").as_deref(), Some("u8"));
        assert_eq!(item_of("Vec<Option<String>>").as_deref(), Some("Option<String>"));
        assert_eq!(item_of("u8"), None);
        let ty = parse_str("&HashMap<K, V, S>").unwrap();
        let (key, value) = entry(&ty).unwrap();
        assert_eq!((crate::text::of(key), crate::text::of(value)), ("K".into(), "V".into()));
    }
}
