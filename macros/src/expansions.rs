//! The expansions that `macros.md` shows are those of the macros.
//!
//! There a block of Rust that uses a macro is followed by one with what comes of it. `BLESS=1 cargo
//! test -p credwire-macros expansions` writes the latter anew.

use std::{env, fs, path::Path};

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Attribute, Item, Meta};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/macros.md");

#[test]
fn the_documented_expansions_are_those_of_the_macros() {
    let page = fs::read_to_string(PAGE).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let documents = blocks(&page, "json");
    let [(_, document)] = documents.as_slice() else { panic!("one document of `interface!`") };
    fs::write(folder.path().join("example.json"), document).unwrap();

    let mut expected = String::new();
    let mut rest = 0;
    let blocks = blocks(&page, "rust");
    for pair in blocks.chunks(2) {
        let [(_, written), (start, shown)] = pair else { panic!("an example without expansion") };
        expected.push_str(&page[rest..*start]);
        expected.push_str(&expansion(written, folder.path()));
        rest = start + shown.len();
    }
    expected.push_str(&page[rest..]);
    assert_eq!(blocks.len(), 12, "an example for each macro");
    if env::var_os("BLESS").is_some() {
        fs::write(PAGE, &expected).unwrap();
    }
    assert!(
        fs::read_to_string(PAGE).unwrap() == expected,
        "docs/macros.md shows other expansions; write them anew with BLESS=1"
    );
}

/// The fenced blocks of a language, each with where its text starts.
fn blocks<'a>(page: &'a str, language: &str) -> Vec<(usize, &'a str)> {
    let fence = format!("```{language}\n");
    let starts = page.match_indices(&fence).map(|(at, fence)| at + fence.len());
    starts.map(|start| (start, page[start..].split("```").next().unwrap())).collect()
}

/// What comes of the one item in `written`: of an attribute the item too, of a derive what it adds.
fn expansion(written: &str, documents: &Path) -> String {
    let file = syn::parse_file(written).unwrap();
    let [item] = file.items.as_slice() else { panic!("not one item: {written}") };
    let tokens = match item.clone() {
        Item::Impl(mut item) => {
            let args = arguments(&mut item.attrs);
            crate::provider::expand(args, item.to_token_stream())
        }
        Item::Struct(item) if written.contains("derive(Validate)") => {
            crate::validate::expand(item.to_token_stream())
        }
        Item::Struct(item) if written.contains("derive(Serialize, RpcMethod)") => {
            crate::rpc::expand(item.to_token_stream())
        }
        Item::Struct(mut item) => {
            let args = arguments(&mut item.attrs);
            crate::provider::expand(args, item.to_token_stream())
        }
        Item::Macro(item) => crate::interface::expand_in(documents, item.mac.tokens),
        _ => panic!("an item without macro: {written}"),
    };
    let text = prettyplease::unparse(&syn::parse2(tokens).unwrap());
    text.replace(documents.to_str().unwrap(), "/path/of/the/crate")
}

/// Takes `#[credential_provider]`, the first attribute, and gives its arguments.
fn arguments(attrs: &mut Vec<Attribute>) -> TokenStream {
    let attribute = attrs.remove(0);
    assert!(attribute.path().is_ident("credential_provider"));
    match attribute.meta {
        Meta::List(list) => list.tokens,
        _ => TokenStream::new(),
    }
}
