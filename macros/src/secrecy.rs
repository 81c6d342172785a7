//! Which fields look secret, by their names and by their types.

use credwire_core::secrecy::{NameSecrecy, name_secrecy};
use quote::ToTokens;
use syn::{
    GenericArgument, Ident, PathArguments, Type, TypeArray, TypePath, TypeSlice, parse_quote,
};

use crate::shape::plain;

/// Types that hand through what they hold.
const TRANSPARENT: &[&str] = &[
    "Arc", "BTreeMap", "BTreeSet", "Box", "Cell", "Cow", "HashMap", "HashSet", "LazyLock", "Mutex",
    "OnceCell", "OnceLock", "Option", "Pin", "Rc", "RefCell", "RwLock", "Vec", "VecDeque",
];

/// Whether a field of this name holds a secret.
pub(crate) fn names_secret(ident: &Ident) -> bool {
    credwire_core::secrecy::names_secret(&ident.to_string())
}

/// Whether a type's name is that of a secret: `ApiToken`, but not `TokenBackend`.
pub(crate) fn is_secret_type(ident: &Ident) -> bool {
    name_secrecy(&ident.to_string()) >= NameSecrecy::Ambiguous
}

/// Whether the type is a [`Secret`](https://docs.rs/credwire) or wraps one.
pub(crate) fn is_sealed(ty: &Type) -> bool {
    mentions(ty, |ident| ident == "Secret")
}

/// The type to hold the same value sealed, when `ty` holds text or bytes in the clear: `String`,
/// `&str`, `Vec<u8>`, also in a wrapper such as `Option` or `Arc<Mutex<_>>`.
pub(crate) fn sealed(ty: &Type) -> Option<Type> {
    match plain(ty) {
        Type::Reference(reference) => sealed(&reference.elem),
        Type::Array(array) if is_named(&array.elem, "u8") => Some(parse_quote!(Secret<#array>)),
        Type::Array(array) => {
            let elem = sealed(&array.elem)?.into();
            Some(Type::Array(TypeArray { elem, ..array.clone() }))
        }
        Type::Slice(slice) if is_named(&slice.elem, "u8") => Some(parse_quote!(Secret<Vec<u8>>)),
        Type::Slice(slice) => {
            let elem = sealed(&slice.elem)?.into();
            Some(Type::Slice(TypeSlice { elem, ..slice.clone() }))
        }
        Type::Tuple(tuple) => {
            let mut tuple = tuple.clone();
            let mut found = false;
            for elem in &mut tuple.elems {
                if let Some(ty) = sealed(elem) {
                    *elem = ty;
                    found = true;
                }
            }
            found.then_some(Type::Tuple(tuple))
        }
        Type::Path(path) => sealed_path(path),
        _ => None,
    }
}

fn sealed_path(path: &TypePath) -> Option<Type> {
    let name = &path.path.segments.last()?.ident;
    let is_any = |names: &[&str]| names.iter().any(|known| name == known);
    if is_any(&["String", "str", "OsString", "OsStr", "CString", "CStr"]) {
        return Some(parse_quote!(Secret<String>));
    }
    if is_any(&["Bytes", "BytesMut"]) {
        return Some(parse_quote!(Secret<Vec<u8>>));
    }
    if !is_any(TRANSPARENT) {
        return None;
    }
    let mut path = path.clone();
    let PathArguments::AngleBracketed(arguments) = &mut path.path.segments.last_mut()?.arguments
    else {
        return None;
    };
    // Of a map only the values count: its keys are names.
    let held = arguments.args.iter_mut().rev().find_map(|argument| match argument {
        GenericArgument::Type(held) => Some(held),
        _ => None,
    })?;
    if is_any(&["Vec", "VecDeque"]) && is_named(held, "u8") {
        return Some(parse_quote!(Secret<Vec<u8>>));
    }
    let inner = sealed(held)?;
    // What had to be boxed because its size is not known has a size when it is sealed.
    let unsized_text = is_named(held, "str") || matches!(plain(held), Type::Slice(_));
    if unsized_text {
        return Some(inner);
    }
    *held = inner;
    Some(Type::Path(path))
}

/// Whether any identifier in a type, or in other tokens, satisfies `wanted`.
pub(crate) fn mentions(tokens: impl ToTokens, wanted: impl Fn(&Ident) -> bool) -> bool {
    let mut streams = vec![tokens.to_token_stream()];
    while let Some(stream) = streams.pop() {
        for token in stream {
            match token {
                proc_macro2::TokenTree::Ident(ident) if wanted(&ident) => return true,
                proc_macro2::TokenTree::Group(group) => streams.push(group.stream()),
                _ => {}
            }
        }
    }
    false
}

fn is_named(ty: &Type, name: &str) -> bool {
    matches!(plain(ty), Type::Path(path)
        if path.path.segments.last().is_some_and(|last| last.ident == name))
}

#[cfg(test)]
mod tests {
    use proc_macro2::Span;
    use syn::parse_str;

    use super::*;

    fn ident(name: &str) -> Ident {
        Ident::new(name, Span::call_site())
    }

    #[test]
    fn fields_are_told_by_their_names() {
        for name in ["token", "api_key", "keys", "sessionId", "authtoken", "secret_id"] {
            assert!(names_secret(&ident(name)), "{name}");
        }
        for name in ["keyboard", "url", "token_endpoint", "key_path", "password_file", "author"] {
            assert!(!names_secret(&ident(name)), "{name}");
        }
    }

    #[test]
    fn a_type_is_told_by_its_last_word() {
        assert!(is_secret_type(&ident("ApiToken")));
        assert!(!is_secret_type(&ident("TokenBackend")));
    }

    #[test]
    fn plain_text_and_bytes_are_found_in_wrappers() {
        for (ty, expected) in [
            ("std::string::String", "Secret<String>"),
            ("&'static str", "Secret<String>"),
            ("Option<String>", "Option<Secret<String>>"),
            ("Vec<u8>", "Secret<Vec<u8>>"),
            ("Option<Vec<u8>>", "Option<Secret<Vec<u8>>>"),
            ("Arc<Mutex<Option<String>>>", "Arc<Mutex<Option<Secret<String>>>>"),
            ("[u8; 32]", "Secret<[u8; 32]>"),
            ("[String; 2]", "[Secret<String>; 2]"),
            ("Box<[u8]>", "Secret<Vec<u8>>"),
            ("Arc<str>", "Secret<String>"),
            ("Cow<'static, str>", "Secret<String>"),
            ("(String)", "Secret<String>"),
            ("(u8, String)", "(u8, Secret<String>)"),
            ("Vec<String>", "Vec<Secret<String>>"),
            ("bytes::Bytes", "Secret<Vec<u8>>"),
            ("HashMap<String, String>", "HashMap<String, Secret<String>>"),
        ] {
            let sealed = sealed(&parse_str(ty).unwrap());
            assert_eq!(sealed.map(crate::text::of).as_deref(), Some(expected), "{ty}");
        }
        for ty in [
            "Secret<String>",
            "Option<Secret<String>>",
            "Secret",
            "u64",
            "PathBuf",
            "Vec<u64>",
            "HashMap<String, Secret<String>>",
            "reqwest::Client",
            "[u64; 4]",
            "fn() -> String",
            "()",
        ] {
            assert!(sealed(&parse_str(ty).unwrap()).is_none(), "{ty}");
        }
    }

    #[test]
    fn sealed_types_are_found_in_wrappers() {
        assert!(is_sealed(&parse_str("Option<credwire::Secret<String>>").unwrap()));
        assert!(!is_sealed(&parse_str("Option<String>").unwrap()));
    }
}
