//! No input makes a macro panic: items with any one of their tokens removed or doubled are
//! expanded or refused, and what comes out is still Rust wherever the input was.

mod change;
mod ui;

use proc_macro2::{Group, TokenStream, TokenTree};
use quote::quote;

/// Every stream that `stream` becomes when one of its tokens, at any depth, is removed or doubled.
fn mutations(stream: &TokenStream) -> Vec<TokenStream> {
    let trees: Vec<TokenTree> = stream.clone().into_iter().collect();
    let mut mutated = Vec::new();
    for (index, tree) in trees.iter().enumerate() {
        let with = |replacement: Vec<TokenTree>| -> TokenStream {
            let (before, after) = (&trees[..index], &trees[index + 1..]);
            before.iter().cloned().chain(replacement).chain(after.iter().cloned()).collect()
        };
        mutated.push(with(Vec::new()));
        mutated.push(with(vec![tree.clone(), tree.clone()]));
        if let TokenTree::Group(group) = tree {
            mutated.extend(
                mutations(&group.stream()).into_iter().map(|inner| {
                    with(vec![TokenTree::Group(Group::new(group.delimiter(), inner))])
                }),
            );
        }
    }
    mutated
}

fn check(item: &TokenStream, expand: impl Fn(TokenStream) -> TokenStream) -> usize {
    let mutated = mutations(item);
    for item in &mutated {
        let expansion = expand(item.clone());
        if syn::parse2::<syn::Item>(item.clone()).is_ok() {
            let file = syn::parse2::<syn::File>(expansion.clone());
            assert!(file.is_ok(), "{item}\nbecame\n{expansion}");
        }
    }
    mutated.len()
}

#[test]
fn damaged_items_are_expanded_or_refused() {
    let block = quote! {
        #[cfg(unix)]
        impl<'a: 'static, T: Fetch> Backend<'a, T> where T: Send {
            const LIMIT: u32 = { 3 };
            macro_items! { fn inside() {} }
            #[doc = "How."]
            pub async fn authenticate(&self, cx: &Cx) -> Result<SdkCredential, Busy> { body }
            async fn refresh(&self) -> Result<SdkCredential, CredentialError> { body }
            fn helper<const N: usize>(self: Box<Self>) -> [u8; N] { [0; N] }
        }
    };
    let item = quote! {
        #[derive(Clone, Debug)]
        #[cfg_attr(unix, derive(serde::Serialize))]
        pub struct Hosted<'a, T: Bound> where T: Other {
            #[header("authorization")]
            pub(crate) session: Option<Secret<String>>,
            #[credential_provider(public)]
            #[json]
            api_token: &'a [u8; 4],
            #[endpoint]
            url: (String, T),
        }
    };
    let rules = quote! {
        #[serde(rename_all = "camelCase")]
        #[validate(at_least_one_of("a", "b"), crate = "x")]
        struct Checked<T> {
            #[validate(length(1..=4), nested)]
            a: Option<Vec<T>>,
            #[serde(rename(deserialize = "c"))]
            #[validate(range(-1.5..), epoch_millis)]
            b: Option<Secret<f64>>,
        }
    };
    let method = quote! {
        #[rpc(method = "a.b", result = Vec<Map<String, u8>>)]
        enum Ask<T: Bound> { One(T) }
    };
    let args = quote!(endpoint, refresh = "https://h.test", token = "/a", timeout_seconds = 5);

    let mut count = 0;
    count += check(&block, |item| crate::provider::expand(TokenStream::new(), item));
    count += check(&item, |item| crate::provider::expand(args.clone(), item));
    count += check(&args, |args| {
        crate::provider::expand(args, item.clone());
        TokenStream::new()
    });
    count += check(&rules, crate::validate::expand);
    count += check(&method, crate::rpc::expand);
    assert!(count > 500, "{count}");
}
