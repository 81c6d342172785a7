//! The items of the passing UI cases, with tokens dropped, doubled, swapped and exchanged at random.

use std::{
    fs, panic,
    path::{Path, PathBuf},
};

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Attribute, Item, Meta};

use super::change::{Random, change, count};

const MUTATIONS: usize = 200;

/// The folder of the cases.
fn cases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/ui/pass")
}

/// What a macro is given.
#[derive(Clone)]
struct Input {
    case: String,
    kind: Kind,
    args: TokenStream,
    item: TokenStream,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Provider,
    Validate,
    Rpc,
    Interface,
}

impl Input {
    fn expand(&self) -> TokenStream {
        let Self { kind, args, item, .. } = self.clone();
        match kind {
            Kind::Provider => crate::provider::expand(args, item),
            Kind::Validate => crate::validate::expand(item),
            Kind::Rpc => crate::rpc::expand(item),
            Kind::Interface => crate::interface::expand_in(&cases().join("../.."), item),
        }
    }
}

/// The inputs of a case, by the attributes on its items and inside its modules.
fn inputs(case: &str, items: Vec<Item>, found: &mut Vec<Input>) {
    for mut item in items {
        let attrs = match &mut item {
            Item::Struct(item) => &mut item.attrs,
            Item::Enum(item) => &mut item.attrs,
            Item::Impl(item) => &mut item.attrs,
            Item::Mod(item) => {
                let items = item.content.take().map(|(_, items)| items);
                inputs(case, items.unwrap_or_default(), found);
                continue;
            }
            Item::Macro(item) => {
                if item.mac.path.segments.last().is_some_and(|last| last.ident == "interface") {
                    let item = item.mac.tokens.clone();
                    let case = case.to_owned();
                    found.push(Input {
                        case,
                        kind: Kind::Interface,
                        args: TokenStream::new(),
                        item,
                    });
                }
                continue;
            }
            _ => continue,
        };
        let named = |attr: &Attribute, name: &str| {
            attr.path().segments.last().is_some_and(|last| last.ident == name)
        };
        let mut kinds = Vec::new();
        let mut args = TokenStream::new();
        for attr in attrs.extract_if(.., |attr| named(attr, "credential_provider")) {
            kinds.push(Kind::Provider);
            if let Meta::List(list) = attr.meta {
                args = list.tokens;
            }
        }
        for attr in attrs.extract_if(.., |attr| named(attr, "derive")) {
            let derives = attr.to_token_stream();
            for (name, kind) in [("Validate", Kind::Validate), ("RpcMethod", Kind::Rpc)] {
                if crate::secrecy::mentions(&derives, |ident| ident == name) {
                    kinds.push(kind);
                }
            }
        }
        for kind in kinds {
            let (case, args, item) = (case.to_owned(), args.clone(), item.to_token_stream());
            found.push(Input { case, kind, args, item });
        }
    }
}

/// Every token, at every depth.
fn leaves(stream: &TokenStream, found: &mut Vec<TokenTree>) {
    for tree in stream.clone() {
        if let TokenTree::Group(group) = &tree {
            leaves(&group.stream(), found);
        }
        found.push(tree);
    }
}

/// Where every `compile_error!` points, with what it says.
fn errors(stream: &TokenStream, found: &mut Vec<(Span, String)>) {
    let trees: Vec<TokenTree> = stream.clone().into_iter().collect();
    for (index, tree) in trees.iter().enumerate() {
        match tree {
            TokenTree::Ident(ident) if ident == "compile_error" => {
                let message = trees.get(index + 2).map(ToString::to_string).unwrap_or_default();
                found.push((ident.span(), message));
            }
            TokenTree::Group(group) => errors(&group.stream(), found),
            _ => {}
        }
    }
}

#[test]
fn damaged_cases_are_expanded_or_refused_at_their_own_tokens() {
    let mut all = Vec::new();
    for entry in fs::read_dir(cases()).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let case = path.file_stem().unwrap().to_string_lossy().into_owned();
        let before = all.len();
        inputs(&case, syn::parse_file(&text).unwrap().items, &mut all);
        // A macro of the user writes the items of this one.
        assert!(all.len() > before || case == "from_macro_rules", "{case}");
    }
    let mut random = Random(7);
    let (mut total, mut refused) = (0, 0);
    let cases: std::collections::BTreeSet<_> = all.iter().map(|input| input.case.clone()).collect();
    for case in &cases {
        let inputs: Vec<&Input> = all.iter().filter(|input| input.case == *case).collect();
        for _ in 0..MUTATIONS {
            let mut input = inputs[random.below(inputs.len())].clone();
            let mut others = Vec::new();
            leaves(&input.item, &mut others);
            leaves(&input.args, &mut others);
            for _ in 0..=random.below(2) {
                let in_args = !input.args.is_empty() && random.below(3) == 0;
                let stream = if in_args { &mut input.args } else { &mut input.item };
                let mut at = random.below(count(stream));
                let other = others[random.below(others.len())].clone();
                *stream = change(std::mem::take(stream), &mut at, random.below(4), &other);
            }
            total += 1;
            let expansion = panic::catch_unwind(|| input.expand());
            let Ok(expansion) = expansion else {
                panic!("{case}: {:?} panics on {}\n{}", input.kind, input.args, input.item)
            };
            if syn::parse2::<Item>(input.item.clone()).is_ok() {
                let file = syn::parse2::<syn::File>(expansion.clone());
                let why = file.err().map(|error| error.to_string()).unwrap_or_default();
                assert!(why.is_empty(), "{case}: {why}: {}\nbecame\n{expansion}", input.item);
            }
            let mut found = Vec::new();
            errors(&expansion, &mut found);
            refused += usize::from(!found.is_empty());
            for (span, message) in found {
                let is_inside = span.source_text().is_some_and(|text| !text.is_empty());
                // What ends too soon is reported at the whole.
                let ends = message.contains("unexpected end of input")
                    || message.contains("names no document");
                assert!(is_inside || ends, "{case}: {message}: {} {}", input.args, input.item);
            }
        }
    }
    assert!(total >= MUTATIONS * 18 && refused > total / 4, "{refused} of {total} were refused");
}
