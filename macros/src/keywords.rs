//! Names that are keywords in some editions and none in others: `async`, `try`, `gen`.

use proc_macro2::{Group, Ident, Spacing, TokenStream, TokenTree};

/// Those that a field may have in some edition.
const KEYWORDS: [&str; 5] = ["async", "await", "dyn", "gen", "try"];

/// Whether a name may be a keyword that no path has: every keyword of every edition but `crate`, `self`
/// and `super` is one of these.
pub(crate) fn may_be(name: &str) -> bool {
    KEYWORDS.contains(&name)
        || [
            "Self", "abstract", "as", "become", "box", "break", "const", "continue", "do", "else",
            "enum", "extern", "false", "final", "fn", "for", "if", "impl", "in", "let", "loop",
            "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return",
            "static", "struct", "trait", "true", "type", "typeof", "unsafe", "unsized", "use",
            "virtual", "where", "while", "yield",
        ]
        .contains(&name)
}

/// The item with its fields' names in raw form where they are keywords for the parser, which the
/// compiler has let through: it knows the edition.
pub(crate) fn raw(item: TokenStream) -> TokenStream {
    let mut trees: Vec<TokenTree> = item.into_iter().collect();
    for index in 0..trees.len() {
        let is_field = is_alone(trees.get(index + 1));
        match &mut trees[index] {
            TokenTree::Ident(ident) if is_field && KEYWORDS.iter().any(|known| ident == known) => {
                *ident = Ident::new_raw(&ident.to_string(), ident.span());
            }
            TokenTree::Group(group) => {
                let span = group.span();
                *group = Group::new(group.delimiter(), raw(group.stream()));
                group.set_span(span);
            }
            _ => {}
        }
    }
    trees.into_iter().collect()
}

/// Whether this is a colon that is no part of `::`.
fn is_alone(tree: Option<&TokenTree>) -> bool {
    matches!(tree, Some(TokenTree::Punct(colon))
        if colon.as_char() == ':' && colon.spacing() == Spacing::Alone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_fields_become_raw() {
        let item: TokenStream =
            "struct S { async: u8, pub try: fn(async::A) -> u8, gen : dyn A, other: u8 }"
                .parse()
                .unwrap();
        let expected: TokenStream =
            "struct S { r#async: u8, pub r#try: fn(async::A) -> u8, r#gen : dyn A, other: u8 }"
                .parse()
                .unwrap();
        assert_eq!(raw(item).to_string(), expected.to_string());
    }
}
