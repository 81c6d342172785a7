//! The requests of one side, as an enum to match on.

use credwire_schema::model::{Item, rpc::Direction};
use quote::quote;

use super::{events, methods, whole};
use crate::{context::Context, docs, emit::Emitted, names, ty::Inexpressible};

/// The enum of every method of a direction.
///
/// # Errors
/// No method of that direction, and a method that has the name of the rest.
pub(super) fn emit(
    cx: &Context<'_>,
    item: &Item,
    direction: Direction,
) -> Result<Emitted, Inexpressible> {
    let ident = names::ident(&item.rust);
    let mut wire = Vec::new();
    let mut variants = Vec::new();
    let mut types = Vec::new();
    for (item, method) in methods(cx.schema).filter(|(_, method)| method.direction == direction) {
        if item.rust == "Unknown" {
            return Err(Inexpressible(format!("the method `{}` named `Unknown`", item.name)));
        }
        wire.push(&item.name);
        variants.push(names::ident(&item.rust));
        types.push(match &method.events {
            Some(events) => {
                let params = events::carrier(cx, method, events)?;
                quote!(crate::#params<credwire_core::support::raw::RawJson<'a>>)
            }
            None => {
                let params = whole(cx, &method.params)?;
                quote!(#params)
            }
        });
    }
    if variants.is_empty() {
        return Err(Inexpressible("no method of its direction".to_owned()));
    }
    let comment =
        docs::item(item, &["Parts without a type are borrowed from the frame.".to_owned()]);
    let comments = wire.iter().map(|name| docs::comment(&[format!("`{name}`")]));
    let body = quote! {
        #comment
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum #ident<'a> {
            #(#comments #variants(#types),)*
            /// Any other method.
            Unknown {
                /// Its name.
                method: std::borrow::Cow<'a, str>,
                /// Its params, when there are any.
                params: Option<credwire_core::support::raw::RawJson<'a>>,
            },
        }
        impl<'a> #ident<'a> {
            /// Reads the params of `method`; absent ones are read as `{}`.
            ///
            /// # Errors
            /// Params that have not the form of the method.
            pub fn read(
                method: impl Into<std::borrow::Cow<'a, str>>,
                params: Option<credwire_core::support::raw::RawJson<'a>>,
            ) -> Result<Self, serde_json::Error> {
                let method = method.into();
                let text = params.map_or("{}", credwire_core::support::raw::RawJson::get);
                Ok(match method.as_ref() {
                    #(#wire => Self::#variants(serde_json::from_str(text)?),)*
                    _ => Self::Unknown { method, params },
                })
            }
            /// The name of the method.
            pub fn method(&self) -> &str {
                match self {
                    #(Self::#variants(_) => #wire,)*
                    Self::Unknown { method, .. } => method,
                }
            }
        }
    };
    Ok(Emitted::new(vec![ident], body))
}
