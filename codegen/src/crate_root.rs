//! The files that tie the modules together: `lib.rs`, and the traits of a platform and an SDK.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;
use syn::Ident;

use crate::{
    associated::Brought,
    context::Context,
    emit::SourceFile,
    generator::Outcomes,
    layout::{self, PLATFORM, SDK, SDK_TYPES},
    names,
    options::{CodeLayout, CrateOptions},
    platform, sdk,
};

fn source() -> String {
    "codegen/src/crate_root.rs".to_owned()
}

/// `lib.rs` and the files of the traits that many items add to.
pub(crate) fn files(
    cx: &Context<'_>,
    brought: &Brought<'_>,
    outcomes: &Outcomes<'_>,
    options: &CrateOptions,
    has_schemars: bool,
) -> Vec<SourceFile> {
    let mut exports: BTreeMap<&str, Vec<&Ident>> = BTreeMap::new();
    let parts = outcomes.iter().flat_map(|(_, outcome)| &outcome.parts);
    for part in parts.filter(|part| part.has_code()) {
        exports.entry(part.generator.module).or_default().extend(&part.exports);
    }
    let mut files = Vec::new();
    let mut declared = TokenStream::new();
    let mut exported = TokenStream::new();
    for (module, mut names) in exports {
        names.sort();
        let module = names::ident(module);
        declared.extend(quote!(mod #module;));
        exported.extend(quote!(pub use self::#module::{#(#names),*};));
    }
    let sdk = sdk::tokens(cx, brought, outcomes);
    let platform = platform::tokens(cx, brought, sdk.is_some());
    for (name, tokens, more) in [(PLATFORM, platform, None), (SDK, sdk, Some(SDK_TYPES))] {
        let Some(tokens) = tokens else { continue };
        let (module, name) = (names::field(name), names::ident(name));
        let more = more.map(names::ident);
        let path = layout::source(&module.to_string());
        files.push(SourceFile { path, source: source(), start: tokens, items: Vec::new() });
        declared.extend(quote!(mod #module;));
        exported.extend(quote!(pub use self::#module::{#name, #more};));
    }
    let head = head(options);
    let json_schema = has_schemars.then(|| {
        quote! {
            #[cfg(feature = "schemars")]
            mod json_schema;
        }
    });
    let tokens = quote! {
        #head
        #declared
        #json_schema
        #exported
        #[doc(inline)]
        pub use credwire_core::support::{
            form::UnknownValue,
            observable::Observable,
            raw::RawJson,
            rpc::{RpcFault, RpcFrame, RpcFrameError},
        };

        /// What code that macros generate elsewhere stands on; not for use by hand.
        #[doc(hidden)]
        pub use credwire_core::support as __private;
    };
    let path = layout::source("lib");
    files.push(SourceFile { path, source: source(), start: tokens, items: Vec::new() });
    files
}

/// The inner attributes of the root.
fn head(options: &CrateOptions) -> TokenStream {
    // An included file cannot have any.
    if options.layout == CodeLayout::Included {
        return TokenStream::new();
    }
    let title = options.title();
    let title = match options.layout {
        CodeLayout::Workspace => format!(" Machine-written types of the {title} reference."),
        _ => format!(" Machine-written types of {title}."),
    };
    let attribute = match options.layout {
        // A program uses a part of an interface.
        CodeLayout::Module(_) => quote!(#![allow(dead_code, unused_imports)]),
        _ => quote!(#![cfg_attr(docsrs, feature(doc_cfg))]),
    };
    quote! {
        #![doc = #title]
        #![doc = ""]
        #![doc = " `MANIFEST.json` says from which schema documents they were made."]
        #attribute
    }
}
