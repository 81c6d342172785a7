//! Changes of tokens at random. The test that has the compiler read changed items uses this file too.

use proc_macro2::{Group, TokenStream, TokenTree};

/// Numbers that are the same in every run.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    /// A number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        // Knuth's constants for 64 bits.
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end.max(1)
    }
}

/// How many tokens there are, at every depth.
pub(crate) fn count(stream: &TokenStream) -> usize {
    let inside = |tree: TokenTree| match tree {
        TokenTree::Group(group) => 1 + count(&group.stream()),
        _ => 1,
    };
    stream.clone().into_iter().map(inside).sum()
}

/// Changes the token at `at`, counted through all groups.
pub(crate) fn change(
    stream: TokenStream,
    at: &mut usize,
    kind: usize,
    other: &TokenTree,
) -> TokenStream {
    let mut trees: Vec<TokenTree> = stream.into_iter().collect();
    let mut index = 0;
    while index < trees.len() {
        if *at == 0 {
            *at = usize::MAX;
            match kind {
                0 => drop(trees.remove(index)),
                1 => trees.insert(index, trees[index].clone()),
                2 if index + 1 < trees.len() => trees.swap(index, index + 1),
                2 => drop(trees.remove(index)),
                _ => trees[index] = other.clone(),
            }
            break;
        }
        *at = at.saturating_sub(1);
        if let TokenTree::Group(group) = &trees[index]
            && *at < usize::MAX / 2
        {
            let mut changed =
                Group::new(group.delimiter(), change(group.stream(), at, kind, other));
            changed.set_span(group.span());
            trees[index] = TokenTree::Group(changed);
            if *at > usize::MAX / 2 {
                break;
            }
        }
        index += 1;
    }
    trees.into_iter().collect()
}
