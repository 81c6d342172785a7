//! Generated code counts on the prelude, and a user's module may have none, or a `Result` of its
//! own. So the code gets a module to itself, and the user's module its public items.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};
use syn::{File, Item, Path, Visibility};

use crate::crate_path::CratePath;

/// The names that one expansion adds to the user's module beside its types.
pub(super) struct Names {
    module: Ident,
    alias: Ident,
}

impl Names {
    /// Names that no other expansion has whose first type is another.
    pub(super) fn of(first: &str) -> Self {
        // With its case: two types may differ in nothing else.
        let name = |part: &str| format_ident!("__{first}_{part}");
        Self { module: name("interface"), alias: name("credwire") }
    }

    /// Where the new module finds credwire, and what that needs outside of it: a path that starts
    /// in the user's module leads elsewhere from the new one.
    pub(super) fn within(&self, krate: &CratePath) -> (CratePath, TokenStream) {
        let Path { leading_colon, segments } = krate.path();
        if leading_colon.is_some() || segments.first().is_some_and(|first| first.ident == "crate") {
            return (krate.clone(), TokenStream::new());
        }
        let alias = &self.alias;
        let path = [Ident::new("super", Span::call_site()), alias.clone()];
        let path = Path {
            leading_colon: None,
            segments: path.into_iter().map(syn::PathSegment::from).collect(),
        };
        (CratePath::new(path), quote!(use #krate as #alias;))
    }

    /// The module with the code, and its public items.
    pub(super) fn enclose(&self, code: &TokenStream) -> TokenStream {
        let module = &self.module;
        let items = syn::parse2::<File>(code.clone()).map(|file| file.items).unwrap_or_default();
        let public = items.iter().filter_map(public);
        quote! {
            mod #module {
                use ::std::prelude::rust_2024::*;

                #code
            }
            pub use #module::{#(#public),*};
        }
    }
}

fn public(item: &Item) -> Option<&Ident> {
    let (visibility, name) = match item {
        Item::Const(item) => (&item.vis, &item.ident),
        Item::Enum(item) => (&item.vis, &item.ident),
        Item::Fn(item) => (&item.vis, &item.sig.ident),
        Item::Struct(item) => (&item.vis, &item.ident),
        Item::Trait(item) => (&item.vis, &item.ident),
        Item::Type(item) => (&item.vis, &item.ident),
        _ => return None,
    };
    matches!(visibility, Visibility::Public(_)).then_some(name)
}
