//! The trait of what a platform must bring: its media objects, and the behaviour that the
//! application plugs in.

use proc_macro2::TokenStream;
use quote::quote;

use crate::{associated::Brought, context::Context, docs};

/// The trait, when an SDK or any generated type needs one.
pub(crate) fn tokens(
    cx: &Context<'_>,
    brought: &Brought<'_>,
    has_sdk: bool,
) -> Option<TokenStream> {
    let types = brought.of_platform(cx);
    if types.is_empty() && !has_sdk {
        return None;
    }
    let comment = docs::comment(&[
        "What a platform brings to types that are no plain data: a browser, a media library, a \
         test."
            .to_owned(),
    ]);
    let title = " What a platform must bring.";
    Some(quote! {
        #![doc = #title]
        #comment
        pub trait Platform: Clone + std::fmt::Debug + PartialEq + Sized + 'static {
            #(#types)*
        }
    })
}
