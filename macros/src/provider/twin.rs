//! Two blocks with the attribute for one type. The compiler reports such a pair four times; one
//! message is enough.
//!
//! A macro sees one item at a time, so the other block is looked for in the source file. It is read
//! only when a type of the same name had a block before: that costs nothing where all is well. Where
//! there is no file, as in some editors, or the block comes from a macro, the compiler's own messages
//! remain.

use std::{collections::BTreeSet, fs, sync::Mutex};

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Attribute, ImplItem, Item, ItemImpl, Stmt};

use super::raw_impl::RawImpl;

/// The types that had a block with the attribute, by their text.
static SEEN: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// Whether an earlier block of the same scope makes the type a provider already.
pub(super) fn is_second(raw: &RawImpl) -> bool {
    if !proc_macro::is_available() {
        return false;
    }
    let ty = dense(&raw.header.self_ty);
    let Ok(mut seen) = SEEN.lock() else { return false };
    if seen.insert(ty) {
        return false;
    }
    drop(seen);
    let span = raw.header.impl_token.span.unwrap();
    let text = span.local_file().and_then(|file| fs::read_to_string(file).ok());
    let file = text.and_then(|text| syn::parse_file(&text).ok());
    file.is_some_and(|file| is_second_in(&file.items.iter().collect::<Vec<_>>(), raw))
}

/// Whether `raw` is behind another block for its type, in this scope or in one inside it.
fn is_second_in(scope: &[&Item], raw: &RawImpl) -> bool {
    let of_the_type = scope.iter().filter_map(|item| match item {
        Item::Impl(block) if is_like(block, raw) => Some(block),
        _ => None,
    });
    let text = dense(&raw.tokens());
    let mut behind = of_the_type.skip_while(|block| !has_authenticate(block)).skip(1);
    behind.any(|block| dense(&without_ours(block)) == text)
        || scope.iter().any(|item| match item {
            Item::Mod(item) => {
                let items = item.content.iter().flat_map(|(_, items)| items);
                is_second_in(&items.collect::<Vec<_>>(), raw)
            }
            Item::Fn(item) => {
                let items = item.block.stmts.iter().filter_map(|statement| match statement {
                    Stmt::Item(item) => Some(item),
                    _ => None,
                });
                is_second_in(&items.collect::<Vec<_>>(), raw)
            }
            _ => false,
        })
}

/// Whether a block has the attribute and the type of `raw`, in every configuration.
fn is_like(block: &ItemImpl, raw: &RawImpl) -> bool {
    let is_cfg = |attrs: &[Attribute]| attrs.iter().any(|attr| attr.path().is_ident("cfg"));
    block.attrs.iter().any(is_ours)
        && block.trait_.is_none()
        && !is_cfg(&block.attrs)
        && !is_cfg(&raw.header.attrs)
        && dense(&block.self_ty) == dense(&raw.header.self_ty)
        && dense(&block.generics) == dense(&raw.header.generics)
}

fn is_ours(attr: &Attribute) -> bool {
    attr.path().segments.last().is_some_and(|last| last.ident == "credential_provider")
}

fn has_authenticate(block: &ItemImpl) -> bool {
    block
        .items
        .iter()
        .any(|item| matches!(item, ImplItem::Fn(it) if it.sig.ident == "authenticate"))
}

/// The block as its attribute gets it.
fn without_ours(block: &ItemImpl) -> TokenStream {
    let mut block = block.clone();
    block.attrs.retain(|attr| !is_ours(attr));
    block.into_token_stream()
}

fn dense(tokens: &impl ToTokens) -> String {
    tokens.to_token_stream().to_string().split_whitespace().collect()
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    fn is_second(file: &TokenStream, block: TokenStream) -> bool {
        let file: syn::File = syn::parse2(file.clone()).unwrap();
        let raw = RawImpl::parse(block.into_iter().collect()).unwrap();
        is_second_in(&file.items.iter().collect::<Vec<_>>(), &raw)
    }

    #[test]
    fn a_block_is_second_behind_one_of_its_own_scope_alone() {
        let first = quote!(impl B { async fn authenticate(&self) {} });
        let second = quote!(impl B { async fn refresh(&self) {} });
        let attribute = quote!(#[credwire::credential_provider]);
        let pair = quote!(struct B; #attribute #first #attribute #second);
        assert!(is_second(&pair, second.clone()));
        assert!(!is_second(&pair, first.clone()));
        assert!(is_second(&quote!(mod a { fn f() { #pair } }), second.clone()));
        for other in [
            quote!(mod a { #attribute #first } mod b { #attribute #second }),
            quote!(#attribute #first #second),
            quote!(#attribute #first #[cfg(unix)] #attribute #second),
            quote!(#attribute #second #attribute #first),
            quote!(#attribute impl B<u8> { async fn authenticate(&self) {} } #attribute #second),
        ] {
            assert!(!is_second(&other, second.clone()), "{other}");
        }
    }
}
