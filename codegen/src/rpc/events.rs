//! Params that carry one of many payloads.

use credwire_schema::{
    link::members,
    model::{
        Item, Property,
        rpc::{Events, RpcSignature},
    },
    type_expr::TypeExpr,
};
use quote::{format_ident, quote};

use super::whole;
use crate::{context::Context, docs, emit::Emitted, names, ty::Inexpressible};

/// The enum of the payloads, and how the params give theirs.
///
/// # Errors
/// Params that do not have the two members, and payloads without a Rust form.
pub(super) fn emit(
    cx: &Context<'_>,
    item: &Item,
    method: &RpcSignature,
    events: &Events,
) -> Result<Emitted, Inexpressible> {
    let params = carrier(cx, method, events)?;
    let ident = format_ident!("{}Payload", item.rust);
    let kinds: Vec<&String> = events.types.keys().collect();
    let mut variants = Vec::new();
    let mut types = Vec::new();
    for (kind, ty) in &events.types {
        let variant = names::variant(kind);
        if variants.contains(&variant) || variant == "Unknown" {
            return Err(Inexpressible(format!("the event \"{kind}\", whose name is taken")));
        }
        variants.push(variant);
        types.push(whole(cx, ty)?);
    }
    let name = &item.name;
    let title = docs::comment(&[
        format!("The payloads of `{name}`."),
        "Of kinds that are not listed the payload is kept as it is.".to_owned(),
    ]);
    let comments = kinds.iter().map(|kind| docs::comment(&[format!("`{kind}`")]));
    let (tag, payload) = (names::field(&events.tag), names::field(&events.payload));
    let about = docs::comment(&[
        format!("The payload, by `{}`; an absent one is read as `{{}}`.", events.tag),
        "# Errors\nA payload of a listed kind that has not its form.".to_owned(),
    ]);
    let body = quote! {
        #title
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum #ident<'a> {
            #(#comments #variants(#types),)*
            /// Any other kind: its payload, when there is one.
            Unknown(Option<credwire_core::support::raw::RawJson<'a>>),
        }
        impl<'a> crate::#params<credwire_core::support::raw::RawJson<'a>> {
            #about
            pub fn payload(&self) -> Result<crate::#ident<'a>, serde_json::Error> {
                let text = self.#payload.map_or("{}", credwire_core::support::raw::RawJson::get);
                Ok(match self.#tag.as_str() {
                    #(#kinds => crate::#ident::#variants(serde_json::from_str(text)?),)*
                    _ => crate::#ident::Unknown(self.#payload),
                })
            }
        }
    };
    Ok(Emitted::new(vec![ident], body))
}

/// The struct that carries the payload: one type parameter, a required text, and the payload.
pub(super) fn carrier(
    cx: &Context<'_>,
    method: &RpcSignature,
    events: &Events,
) -> Result<syn::Ident, Inexpressible> {
    let wrong = || {
        Inexpressible(format!(
            "params `{}`, which need one type parameter, the text `{}` and the optional payload \
             `{}`",
            method.params, events.tag, events.payload
        ))
    };
    let TypeExpr::Ref { name, .. } = &method.params else { return Err(wrong()) };
    let item = cx.schema.items.get(name).ok_or_else(wrong)?;
    let [param] = item.type_params.as_slice() else { return Err(wrong()) };
    let properties = members(item).map_or(&[][..], |members| &members.properties);
    let member = |name: &str| properties.iter().find(|property| property.name == name);
    let is_tag = |property: &Property| {
        property.ty == TypeExpr::String && !property.optional && !property.nullable
    };
    let is_payload = |property: &Property| {
        matches!(&property.ty, TypeExpr::Ref { name, .. } if *name == param.name)
            && property.optional
            && !property.nullable
    };
    let fits =
        member(&events.tag).is_some_and(is_tag) && member(&events.payload).is_some_and(is_payload);
    if fits { Ok(names::ident(&item.rust)) } else { Err(wrong()) }
}
