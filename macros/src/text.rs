//! Source text for messages.

use quote::ToTokens;

/// The tokens as a person would write them: `Vec<u8>`, not `Vec < u8 >`.
pub(crate) fn of(tokens: impl ToTokens) -> String {
    let spaced = tokens.to_token_stream().to_string();
    let mut text = String::with_capacity(spaced.len());
    for part in spaced.split(' ') {
        let opens = text.ends_with("::") || text.ends_with(['<', '(', '[', '&', '!', '?']);
        let follows = part.starts_with(['<', '>', ')', ']', ',', ':', ';', '(', '[', '.']);
        if !(text.is_empty() || opens || follows) {
            text.push(' ');
        }
        text.push_str(part);
    }
    text
}

#[cfg(test)]
mod tests {
    use syn::{Type, parse_str};

    use super::*;

    #[test]
    fn types_read_as_they_are_written() {
        for text in [
            "Vec<u8>",
            "&'static str",
            "&'a mut a::b::C<'a>",
            "HashMap<String, Arc<str>>",
            "impl Future<Output = Result<SdkCredential, E>> + Send",
            "[u8; 32]",
            "(u8, String)",
            "fn(A) -> B",
            "dyn A + ?Sized",
        ] {
            assert_eq!(of(parse_str::<Type>(text).unwrap()), text);
        }
    }
}
