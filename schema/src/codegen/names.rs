//! How documented names are spelled in Rust.

use proc_macro2::Span;
use syn::Ident;

/// The words of a name: split at every character that is neither letter nor digit, between a
/// small and a capital letter, and before the last capital of an acronym (`RPCOptions`).
fn words(name: &str) -> Vec<String> {
    let chars: Vec<char> = name.chars().collect();
    let mut words = Vec::new();
    let mut word = String::new();
    for (index, &c) in chars.iter().enumerate() {
        if !c.is_alphanumeric() {
            words.push(std::mem::take(&mut word));
            continue;
        }
        let before = index.checked_sub(1).and_then(|index| chars.get(index));
        let after = chars.get(index + 1);
        let starts = c.is_uppercase()
            && before.is_some_and(|before| {
                before.is_lowercase()
                    || before.is_numeric()
                    || before.is_uppercase() && after.is_some_and(|after| after.is_lowercase())
            });
        if starts {
            words.push(std::mem::take(&mut word));
        }
        word.extend(c.to_lowercase());
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

/// `snake_case`; not yet an identifier.
pub(crate) fn snake(name: &str) -> String {
    words(name).join("_")
}

/// `PascalCase`; not yet an identifier.
pub(crate) fn pascal(name: &str) -> String {
    let capital = |word: String| {
        let mut chars = word.chars();
        chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect::<String>()
    };
    words(name).into_iter().map(capital).collect()
}

/// Whether `name` can be used as an identifier, at worst as `r#name` or `name_`.
pub(crate) fn is_identifier(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_')
        && name != "_"
}

/// `name` as an identifier: keywords become `r#type`, and `self_` where Rust has no raw form.
/// Names that are no identifier at all were refused when the schema was linked; should one get
/// here, its odd characters become `_`.
pub(crate) fn ident(name: &str) -> Ident {
    let mut text = name.to_owned();
    if !is_identifier(&text) {
        text = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
        text.insert(0, '_');
        text.push('_');
    }
    if matches!(text.as_str(), "self" | "Self" | "super" | "crate") {
        text.push('_');
    }
    if syn::parse_str::<Ident>(&text).is_ok() {
        Ident::new(&text, Span::call_site())
    } else {
        Ident::new_raw(&text, Span::call_site())
    }
}

/// The field or argument that stands for a documented member.
pub(crate) fn field(name: &str) -> Ident {
    ident(&snake(name))
}

/// The field or method that stands for a documented member: a stream and the snapshot of its last
/// value differ by a `$` alone.
pub(crate) fn member(name: &str) -> Ident {
    match name.strip_suffix('$') {
        Some(name) => ident(&format!("{}_stream", snake(name))),
        None => field(name),
    }
}

/// The variant that stands for a literal.
pub(crate) fn variant(literal: &str) -> Ident {
    ident(&pascal(literal))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_every_case_style() {
        for (name, expected) in [
            ("authorizationState", "authorization_state"),
            ("expiry_at", "expiry_at"),
            ("rttMs", "rtt_ms"),
            ("self.mute.audio.on", "self_mute_audio_on"),
            ("no-dpop-support", "no_dpop_support"),
            ("RPCOptions", "rpc_options"),
            ("lastE911", "last_e911"),
            ("status$", "status"),
        ] {
            assert_eq!(snake(name), expected, "{name}");
        }
        assert_eq!(pascal("no-dpop-support"), "NoDpopSupport");
        assert_eq!(pascal("cnf"), "Cnf");
    }

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
