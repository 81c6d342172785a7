//! Rust names.

use crate::{facts::ItemKind, page::pascal_case};

/// The Rust name of an item: the words as the page's slug splits them, or as the capitals of the
/// documented name do when there is no slug.
pub(super) fn rust_name(name: &str, slug: Option<&str>, kind: ItemKind) -> String {
    let own = slug.and_then(|slug| slug.trim_end_matches('/').rsplit('/').next());
    let fits = |words: &&str| squeezed(words) == squeezed(name);
    let words = own.filter(fits).map_or_else(|| kebab(name), str::to_owned);
    match kind {
        ItemKind::Function => words.replace('-', "_"),
        ItemKind::Variable => words.replace('-', "_").to_uppercase(),
        // A word of Rust that no raw name is for.
        _ if words == "self" => "Self_".to_owned(),
        _ => pascal_case(&words),
    }
}

/// Letters and digits only, lower case: what a slug and a name have in common.
fn squeezed(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Splits at capitals: a run of capitals is one word, its last letter begins the next word when
/// lower case follows (`JSONRPCRequest` -> `jsonrpc-request`).
pub(super) fn kebab(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut words = String::with_capacity(name.len() + 4);
    for (at, letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| letters.get(at));
        let next = letters.get(at + 1);
        let starts = letter.is_uppercase()
            && before.is_some_and(|before| {
                before.is_lowercase()
                    || before.is_ascii_digit()
                    || (before.is_uppercase() && next.is_some_and(|next| next.is_lowercase()))
            });
        if starts || (!letter.is_alphanumeric() && !words.is_empty() && !words.ends_with('-')) {
            words.push('-');
        }
        if letter.is_alphanumeric() {
            words.extend(letter.to_lowercase());
        }
    }
    words.trim_end_matches('-').to_owned()
}

/// A Rust identifier of prose: `SAT carries` `` `sat:refresh` `` `scope` -> `sat_carries_sat_refresh_scope`.
pub(super) fn snake_words(text: &str) -> String {
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.join("_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_the_words_of_the_slug() {
        let name = |name, slug| rust_name(name, slug, ItemKind::Error);
        assert_eq!(
            name("DPoPInitError", Some("/reference/errors/dpop-init-error")),
            "DpopInitError"
        );
        assert_eq!(
            name("JSONRPCRequest", Some("/reference/interfaces/jsonrpc-request")),
            "JsonrpcRequest"
        );
        assert_eq!(name("SDKCredential", None), "SdkCredential");
        assert_eq!(name("SDKCredential", Some("/reference/else")), "SdkCredential");
        assert_eq!(rust_name("setLogLevel", None, ItemKind::Function), "set_log_level");
    }
}
