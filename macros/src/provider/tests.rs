//! Expansions as text: which paths they name and what they carry over.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::quote;

use super::expand;

/// The expansion without spaces, so that a search does not hang on them.
fn dense(args: TokenStream, item: TokenStream) -> String {
    expand(args, item).to_string().replace([' ', '\n'], "")
}

fn block() -> TokenStream {
    quote! {
        #[cfg(unix)]
        #[allow(unused_variables)]
        impl<T: Fetch> Backend<T> where T: Other {
            const LIMIT: u32 = { 3 };
            type Unstable = u8;
            macro_items! { fn inside() {} }
            /// How.
            #[tracing::instrument]
            pub async fn authenticate(&self, cx: &Cx) -> Outcome { a ? b : c }
            #[cfg(feature = "refresh")]
            async fn refresh(&self) -> Outcome { body }
            const fn helper<const N: usize>() -> [u8; N] { [0; N] }
        }
    }
}

#[test]
fn every_path_starts_at_the_crate_or_at_core() {
    let expansion = dense(quote!(crate = "renamed::inner"), block());
    assert!(!expansion.contains("credwire"), "{expansion}");
    assert!(expansion.contains("renamed::inner::CredentialProviderforBackend<T>whereT:Other"));
    assert!(!expansion.contains("std::"), "{expansion}");
    let skeleton = dense(quote!(crate = "renamed::inner"), quote!(impl Backend {}));
    assert!(skeleton.contains("renamed::inner::CredentialProviderforBackend"), "{skeleton}");
    assert!(!skeleton.replace("[missing-authenticate]", "").contains("credwire"), "{skeleton}");
    assert!(dense(quote!(), block()).contains("::credwire::CredentialProviderfor"));
}

#[test]
fn the_users_block_stays_as_it_is() {
    let item = block();
    let expansion = dense(quote!(), item.clone());
    assert!(expansion.starts_with(&item.to_string().replace([' ', '\n'], "")), "{expansion}");
}

#[test]
fn a_future_without_impl_is_one_fault() {
    let expansion = dense(
        quote!(),
        quote! {
            impl Backend {
                async fn authenticate(&self, cx: &Cx) -> Outcome { body }
                fn refresh(&self) -> Option<Future<Output = Outcome> + Send> { body }
            }
        },
    );
    assert_eq!(expansion.matches("compile_error").count(), 1, "{expansion}");
    assert!(expansion.contains("[return-type]"), "{expansion}");
}

#[test]
fn a_method_may_come_in_a_group_of_a_macro() {
    let method = quote! {
        /// How.
        #[inline]
        pub async fn authenticate(&self, cx: &Cx) -> Outcome { body }
    };
    let method = TokenTree::Group(Group::new(Delimiter::None, method));
    let expansion = dense(quote!(), quote!(impl Backend { #method }));
    assert!(!expansion.contains("compile_error"), "{expansion}");
    assert_eq!(expansion.matches("fnauthenticate").count(), 2, "{expansion}");
}

#[test]
fn cfg_documentation_and_lint_levels_go_to_the_trait_too() {
    let expansion = dense(quote!(), block());
    assert_eq!(expansion.matches("#[cfg(unix)]#[allow(unused_variables)]impl<T:Fetch>").count(), 2);
    assert_eq!(expansion.matches("\"How.\"").count(), 2);
    // The block's own refresh and the trait's.
    assert_eq!(expansion.matches("#[cfg(feature=\"refresh\")]").count(), 2);
    assert_eq!(expansion.matches("#[tracing::instrument]").count(), 1);
}

#[test]
fn without_refresh_the_traits_defaults_stand() {
    let expansion = dense(
        quote!(),
        quote!(impl Backend { async fn authenticate(&self, cx: &Cx) -> Outcome { body } }),
    );
    assert!(!expansion.contains("refresh"), "{expansion}");
    assert!(!expansion.contains("compile_error"), "{expansion}");
}

#[test]
fn only_results_of_other_names_are_awaited_here() {
    let expansion = |args: TokenStream, output: TokenStream| {
        let block = quote! {
            impl Backend { async fn authenticate(&self, cx: &Cx) -> #output { body } }
        };
        let expansion = dense(args, block);
        assert!(!expansion.contains("compile_error"), "{expansion}");
        expansion
    };
    // The name alone may be that of another type; behind the crate's it is the crate's.
    for (output, answer) in [
        (
            quote!(Result<SdkCredential, CredentialError>),
            "::MethodError::<CredentialError>::NAMED.converted(Self::authenticate(self,context))}",
        ),
        (
            quote!(std::result::Result<credwire::SdkCredential, credwire::CredentialError>),
            "{Self::authenticate(self,context)}",
        ),
    ] {
        let expansion = expansion(quote!(), output);
        assert!(expansion.contains(answer), "{expansion}");
        assert!(!expansion.contains("await"), "{expansion}");
    }
    for output in [
        quote!(Result<SdkCredential, Refused>),
        quote!(Result<SdkCredential, error::CredentialError>),
        quote!(Result<SdkCredential>),
        quote!(Outcome<SdkCredential, CredentialError>),
    ] {
        let expansion = expansion(quote!(), output);
        let call = "map_err(Self::authenticate(self,context).await,|error|";
        assert_eq!(expansion.matches(call).count(), 1, "{expansion}");
    }
    for (error, function) in [
        (quote!(error = anyhow), ".await,::credwire::CredentialError::transient)"),
        (quote!(error = a::convert), ".await,a::convert)"),
        (quote!(error(|error| a(error))), ".await,|error|a(error))"),
    ] {
        let expansion = expansion(error, quote!(Result<SdkCredential, CredentialError>));
        assert!(expansion.contains(function), "{expansion}");
    }
}

#[test]
fn the_context_may_hang_on_a_configuration() {
    let expansion = dense(
        quote!(),
        quote! {
            impl Backend {
                async fn r#authenticate<'a>(
                    self: &'a Backend,
                    #[cfg(unix)] cx: &'a Cx,
                    #[cfg(windows)] cx: &Other,
                ) -> Outcome { body }
            }
        },
    );
    assert!(!expansion.contains("compile_error"), "{expansion}");
    for part in [
        "#[cfg(any(all(unix),all(windows)))]letcall=Self::authenticate(self,context);",
        "#[cfg(not(any(all(unix),all(windows))))]letcall=Self::authenticate(self,);",
    ] {
        assert!(expansion.contains(part), "{part}: {expansion}");
    }
}

#[test]
fn async_trait_is_taken_off_and_reported_once() {
    let expansion = dense(
        quote!(),
        quote! {
            /// A block.
            #[cfg(unix)]
            #[async_trait::async_trait]
            impl Backend {
                #![allow(unused)]
                async fn authenticate(&self, cx: &Cx) -> Outcome { body }
            }
        },
    );
    assert_eq!(expansion.matches("compile_error").count(), 1, "{expansion}");
    assert!(expansion.contains("[async-trait]"), "{expansion}");
    assert!(!expansion.contains("async_trait::"), "{expansion}");
    assert!(expansion.contains("Ablock.\"]#[cfg(unix)]implBackend{#![allow"), "{expansion}");
}

#[test]
fn a_refresh_is_there_as_far_as_the_block_says_so() {
    let refresh = |method: TokenStream| {
        let item = quote! {
            impl Backend {
                async fn authenticate(&self, cx: &Cx) -> Outcome { body }
                #method
            }
        };
        let expansion = dense(quote!(), item);
        assert!(!expansion.contains("compile_error"), "{expansion}");
        let trait_block = expansion.split("::credwire::CredentialProviderfor").nth(1).unwrap();
        trait_block.split("fnrefresh").nth(1).unwrap_or_default().to_owned()
    };
    let same = quote!(Result<SdkCredential, CredentialError>);
    let there = refresh(quote!(async fn refresh(&self) -> #same { body }));
    let answer = "::MethodError::<CredentialError>::NAMED.converted(Self::refresh(self)))}";
    assert!(there.contains(answer), "{there}");
    let other = refresh(quote!(
        async fn refresh(&self) -> Result<SdkCredential, Busy> {
            body
        }
    ));
    let awaited = "Some(asyncmove{::core::result::Result::<::credwire::SdkCredential,_>::map_err(";
    assert!(other.contains(awaited), "{other}");
    let decided = quote!(fn refresh(&self) -> Option<impl Future<Output = #same> + Send> { body });
    assert!(refresh(decided).ends_with("{Self::refresh(self)}}"));
    assert_eq!(refresh(quote!()), "");
}

#[test]
fn an_endpoint_is_asked_by_paths_of_the_crate_alone() {
    let expansion = dense(
        quote!(crate = "renamed", endpoint = "https://h.test/t", refresh = "https://h.test/r"),
        quote! {
            struct Hosted<T: Bound> where T: Other {
                #[header("authorization")]
                session: Secret<String>,
                #[cfg(unix)]
                #[json]
                more: Option<T>,
                #[client]
                http: Client,
                kept: String,
            }
        },
    );
    assert!(!expansion.contains("credwire"), "{expansion}");
    assert!(!expansion.contains("std::"), "{expansion}");
    assert!(!expansion.contains("compile_error"), "{expansion}");
    assert!(expansion.contains("impl<T:Bound>renamed::CredentialProviderforHosted<T>whereT:Other"));
    // The struct, its Debug, and one request for each URL.
    assert_eq!(expansion.matches("#[cfg(unix)]").count(), 4);
    assert_eq!(expansion.matches("bind").count(), 1);
    for mark in ["#[header", "#[json", "#[client"] {
        assert!(!expansion.contains(mark), "{expansion}");
    }
}

#[test]
fn what_may_be_a_secret_is_sent_as_one() {
    let expansion = |ty: TokenStream| {
        let item = quote!(
            struct Hosted {
                #[header("x-made-up")]
                value: #ty,
            }
        );
        dense(quote!(endpoint = "https://h.test/t"), item)
    };
    for (ty, is_secret) in [
        (quote!(Secret<String>), true),
        (quote!(Option<Secret>), true),
        (quote!(Alias), true),
        (quote!(Option<own::Key>), true),
        (quote!(String), false),
        (quote!(Option<u8>), false),
    ] {
        let expansion = expansion(ty.clone());
        let end = format!(",{is_secret},)?;");
        assert!(
            expansion.replace(")?;", ",)?;").replace(",,", ",").contains(&end),
            "{ty}: {expansion}"
        );
    }
}

#[test]
fn keywords_are_found_behind_attributes_and_qualifiers() {
    for (item, keyword) in [
        (
            quote!(
                #[doc = "struct"]
                pub(in crate::inner) enum E {}
            ),
            "enum",
        ),
        (
            quote!(
                pub const unsafe extern "C" fn f() {}
            ),
            "fn",
        ),
        (
            quote!(
                const C: u8 = 1;
            ),
            "const",
        ),
        (
            quote!(
                pub unsafe auto trait T {}
            ),
            "trait",
        ),
        (
            quote!(
                macro_rules! m {
                    () => {
                        struct S;
                    };
                }
            ),
            "macro_rules",
        ),
    ] {
        let expansion = dense(quote!(), item);
        assert!(expansion.contains(&format!("doesnotgoon`{keyword}`")), "{expansion}");
    }
    assert!(
        !dense(
            quote!(),
            quote!(
                pub(crate) struct S;
            )
        )
        .contains("compile_error")
    );
}

#[test]
fn methods_for_different_configurations_are_no_duplicates() {
    let expansion = dense(
        quote!(),
        quote! {
            impl Backend {
                #[cfg(unix)]
                async fn authenticate(&self, cx: &Cx) -> Outcome { one }
                #[cfg(not(unix))]
                async fn authenticate(&self, cx: &Cx) -> Outcome { other }
            }
        },
    );
    assert!(!expansion.contains("compile_error"), "{expansion}");
    assert_eq!(expansion.matches("#[cfg(not(unix))]").count(), 2);
}

#[test]
fn a_body_may_hold_syntax_that_is_not_known_here() {
    let expansion = dense(
        quote!(),
        quote! {
            impl Backend {
                async fn authenticate(&self, cx: &Cx) -> Outcome { some <- new ~> syntax @ }
            }
        },
    );
    assert!(!expansion.contains("compile_error"), "{expansion}");
}

#[test]
fn an_item_in_an_invisible_group_is_read_through() {
    let group = proc_macro2::Group::new(proc_macro2::Delimiter::None, block());
    let expansion = dense(quote!(), proc_macro2::TokenTree::Group(group).into());
    assert!(!expansion.contains("compile_error"), "{expansion}");
    assert!(expansion.contains("::credwire::CredentialProviderfor"));
}

#[test]
fn marks_leave_the_fields_and_derives_stay() {
    let expansion = dense(
        quote!(),
        quote! {
            #[derive(Clone, Default)]
            struct Backend {
                #[credential_provider(public)]
                region: String,
                #[credwire::credential_provider(public)]
                #[cfg(unix)]
                tenant: String,
            }
        },
    );
    assert!(!expansion.contains("credential_provider"), "{expansion}");
    assert!(expansion.contains("#[derive(Clone,Default)]"));
    assert_eq!(expansion.matches("#[cfg(unix)]").count(), 2);
}
