//! The files that tie the modules together: `lib.rs` and one for each folder.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;

use crate::{
    associated::Brought,
    context::Context,
    emit::Tie,
    generator::Module,
    layout::{PLATFORM, SDK, SDK_TYPES},
    names, platform, sdk,
    support::SUPPORT,
};

fn source() -> String {
    "codegen/src/crate_root.rs".to_owned()
}

/// `lib.rs` and the folders' files for `modules`.
pub(crate) fn ties(cx: &Context<'_>, brought: &Brought<'_>, modules: &[Module<'_>]) -> Vec<Tie> {
    let mut folders: BTreeMap<&str, Vec<&Module<'_>>> = BTreeMap::new();
    for module in modules.iter().filter(|module| module.has_file()) {
        folders.entry(module.generator.folder).or_default().push(module);
    }
    let mut ties = Vec::new();
    let mut declared = TokenStream::new();
    let mut exported = TokenStream::new();
    for (folder, mut modules) in folders {
        modules.sort_by(|a, b| a.stem.cmp(&b.stem));
        let stems = modules.iter().map(|module| names::ident(&module.stem));
        let uses = modules.iter().map(|module| {
            let (stem, exports) = (names::ident(&module.stem), &module.emitted.exports);
            quote!(pub use self::#stem::{#(#exports),*};)
        });
        let title = modules.first().map_or("", |module| module.generator.title);
        let title = format!(" {title}");
        let tokens = quote!(#![doc = #title] #(mod #stems;)* #(#uses)*);
        ties.push(Tie { path: format!("src/{folder}.rs"), source: source(), tokens });
        let folder = names::ident(folder);
        let mut all: Vec<_> = modules.iter().flat_map(|module| &module.emitted.exports).collect();
        all.sort();
        declared.extend(quote!(mod #folder;));
        exported.extend(quote!(pub use self::#folder::{#(#all),*};));
    }
    let sdk = sdk::tokens(cx, brought, modules);
    let platform = platform::tokens(cx, brought, sdk.is_some());
    for (name, tokens, more) in [(PLATFORM, platform, None), (SDK, sdk, Some(SDK_TYPES))] {
        let Some(tokens) = tokens else { continue };
        let (module, name) = (names::field(name), names::ident(name));
        let more = more.map(names::ident);
        ties.push(Tie { path: format!("src/{module}.rs"), source: source(), tokens });
        declared.extend(quote!(mod #module;));
        exported.extend(quote!(pub use self::#module::{#name, #more};));
    }
    let support: Vec<_> =
        SUPPORT.iter().map(|(name, _)| names::ident(name.trim_end_matches(".rs"))).collect();
    let unused = "which of these are needed depends on the schemas";
    let tokens = quote! {
        #![doc = " Machine-written types of the SignalWire Browser SDK v4 reference."]
        #![doc = ""]
        #![doc = " `MANIFEST.json` says from which schema documents they were made."]
        #declared
        #(
            #[allow(dead_code, reason = #unused)]
            mod #support;
        )*
        #[cfg(feature = "schemars")]
        mod json_schema;
        #exported
        pub use self::{form::UnknownValue, observable::Observable, raw::RawJson};
        pub use self::rpc::{RpcFault, RpcFrame, RpcFrameError};

        /// What code that macros generate elsewhere stands on; not for use by hand.
        #[doc(hidden)]
        #[allow(unused_imports, reason = "some modules have nothing for other crates")]
        pub mod __private {
            #(
                pub mod #support {
                    pub use crate::#support::*;
                }
            )*
            pub use serde;
            pub use serde_json;
        }
    };
    ties.push(Tie { path: "src/lib.rs".to_owned(), source: source(), tokens });
    ties
}
