//! The trait of what a platform must bring: its media objects, and the behaviour that the
//! application plugs in.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;
use syn::Ident;

use super::{
    context::{Context, is_function},
    docs, names,
};
use crate::{
    link,
    model::{External, Role, Schema},
    type_expr::TypeExpr,
};

/// The trait, when any generated type needs one.
pub(super) fn tokens(cx: &Context<'_>) -> Option<TokenStream> {
    let mut brought: BTreeMap<Ident, TokenStream> = BTreeMap::new();
    for name in mentioned(cx) {
        let (ident, behaviour) = match cx.schema.items.get(name) {
            Some(item) if cx.is_brought(item) => {
                let ident = names::ident(&item.rust);
                let generic = cx.traits(name).platform.then(|| quote!(<Self>));
                (ident.clone(), quote!(crate::#ident #generic +))
            }
            None if cx.is_handle(name) => (names::ident(&names::pascal(name)), TokenStream::new()),
            _ => continue,
        };
        let is_error = cx.schema.externals.get(name) == Some(&External::Error);
        let behaviour = if is_error { quote!(std::error::Error+) } else { behaviour };
        let comment = docs::comment(&[format!("`{name}` of the platform.")]);
        let alias = docs::alias(name, &ident);
        let bounds = quote!(#behaviour Clone + std::fmt::Debug + PartialEq);
        brought.insert(ident.clone(), quote!(#comment #alias type #ident: #bounds;));
    }
    if brought.is_empty() {
        return None;
    }
    let comment = docs::comment(&[
        "What a platform brings to types that are no plain data: a browser, a media library, a \
         test."
            .to_owned(),
    ]);
    let types = brought.values();
    let title = " What a platform must bring.";
    Some(quote! {
        #![doc = #title]
        #comment
        pub trait Platform: Clone + std::fmt::Debug + PartialEq + Sized + 'static {
            #(#types)*
        }
    })
}

/// The types that data with handles and behaviour of the application mention.
fn mentioned<'a>(cx: &Context<'a>) -> Vec<&'a str> {
    let schema: &'a Schema = cx.schema;
    let mut found = Vec::new();
    for item in schema.items.values() {
        let role = schema.roles.get(&item.name);
        let brings = matches!(role, Some(Role::Handles | Role::Application)) || is_function(item);
        if !brings || cx.left_out.contains(item.name.as_str()) {
            continue;
        }
        for mention in link::mentions(item) {
            mention.ty.walk(&mut |ty| {
                if let TypeExpr::Ref { name, .. } = ty {
                    found.push(name.as_str());
                }
            });
        }
    }
    found
}
