//! The traits of an implementation of the SDK: its types, and what they do together with its
//! functions and constants.

use proc_macro2::TokenStream;
use quote::quote;

use crate::{associated::Brought, context::Context, docs, generator::Outcomes};

/// The traits, when there is anything that only an SDK can bring.
pub(crate) fn tokens(
    cx: &Context<'_>,
    brought: &Brought<'_>,
    outcomes: &Outcomes<'_>,
) -> Option<TokenStream> {
    let parts = outcomes.iter().flat_map(|(_, outcome)| &outcome.parts);
    let members: Vec<&TokenStream> =
        parts.flat_map(|part| &part.sdk).map(|(_, tokens)| tokens).collect();
    if !brought.has_sdk() && members.is_empty() {
        return None;
    }
    let (types, behaviour) = (brought.of_sdk(cx), brought.behaviour_of_sdk(cx));
    let on_types = docs::comment(&[
        "The types that an implementation of the SDK brings.".to_owned(),
        "Objects are handles: clones stand for the same object, and equal ones are the same. An \
         implementation of some objects alone names `()` for those that it lacks; code for it \
         asks for what it uses: `S: SdkTypes<Call: Call<S>>`."
            .to_owned(),
    ]);
    let on_sdk = docs::comment(&[
        "A whole implementation of the SDK: every object behaves as the reference says.".to_owned(),
        "Code that is generic over `S: Sdk` runs on a browser's SDK, on a native one and on one \
         in memory."
            .to_owned(),
    ]);
    let title = " What an implementation of the SDK must bring.";
    Some(quote! {
        #![doc = #title]
        #on_types
        pub trait SdkTypes: crate::Platform {
            #(#types)*
        }
        #on_sdk
        pub trait Sdk: SdkTypes<#(#behaviour),*> {
            #(#members)*
        }
    })
}
