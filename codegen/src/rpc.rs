//! JSON-RPC: methods as types, payloads and requests as enums to match on, error codes.

mod codes;
mod events;
mod requests;

use credwire_schema::{
    model::{
        Item, Schema, Shape,
        rpc::{Rpc, RpcSignature},
    },
    type_expr::TypeExpr,
};
use proc_macro2::{Literal, TokenStream};
use quote::quote;
use syn::Ident;

use crate::{
    context::Context,
    docs,
    emit::{Emitted, Problems},
    names,
    ty::{Inexpressible, Ty},
    types,
};

/// The Rust of a part of a protocol.
pub(crate) fn emit(
    cx: &Context<'_>,
    item: &Item,
    rpc: &Rpc,
    problems: &mut Problems,
) -> Option<Emitted> {
    let emitted = match rpc {
        Rpc::Method(method) => self::method(cx, item, method),
        Rpc::Requests(direction) => requests::emit(cx, item, *direction),
        Rpc::Codes(codes) => codes::emit(item, codes),
    };
    problems.expressed(&item.place, &item.name, emitted)
}

/// The methods of a schema, by name.
fn methods(schema: &Schema) -> impl Iterator<Item = (&Item, &RpcSignature)> {
    schema.items.values().filter_map(|item| match &item.shape {
        Shape::Rpc(Rpc::Method(method)) => Some((item, method)),
        _ => None,
    })
}

/// A type that stands for the method.
fn method(cx: &Context<'_>, item: &Item, method: &RpcSignature) -> Result<Emitted, Inexpressible> {
    let ident = names::ident(&item.rust);
    let name = &item.name;
    let params = whole(cx, &method.params)?;
    let result = match &method.result {
        Some(result) => {
            let result = whole(cx, result)?;
            quote!(#result)
        }
        None => quote!(()),
    };
    let comment = docs::item(item, &[format!("The JSON-RPC method `{name}`.")]);
    let body = quote! {
            #comment
            #[doc(alias = #name)]
            #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
            pub struct #ident;

            impl credwire_core::RpcMethod for #ident {
                const NAME: &'static str = #name;
                type Params = #params;
                type Result = #result;
            }
    };
    let mut emitted = Emitted::new(vec![ident.clone()], body);
    emitted.body.extend(errors(cx, &ident, &method.errors)?);
    if let Some(events) = &method.events {
        let more = events::emit(cx, item, method, events)?;
        emitted.exports.extend(more.exports);
        emitted.body.extend(more.body);
    }
    Ok(emitted)
}

/// A type that is there as a whole: no handle of a platform has a form on the wire.
fn whole(cx: &Context<'_>, ty: &TypeExpr) -> Result<Ty, Inexpressible> {
    let found = types::of_type(cx, ty, None)?;
    if found.traits().platform {
        return Err(Inexpressible(format!("type `{ty}`, which a platform brings")));
    }
    Ok(found)
}

/// The error codes that mean something to a method, by their names.
fn errors(cx: &Context<'_>, ident: &Ident, errors: &[i64]) -> Result<TokenStream, Inexpressible> {
    if errors.is_empty() {
        return Ok(TokenStream::new());
    }
    let named = |code: &i64| {
        let all = cx.schema.items.values().filter_map(|item| match &item.shape {
            Shape::Rpc(Rpc::Codes(codes)) => Some((item, codes)),
            _ => None,
        });
        let found = all.flat_map(|(item, codes)| codes.iter().map(move |one| (item, one)));
        let mut found = found.filter(|(_, one)| one.code == *code);
        let (item, one) =
            found.next().ok_or_else(|| Inexpressible(format!("the error {code}, unnamed")))?;
        Ok((names::ident(&item.rust), names::ident(&one.rust)))
    };
    let named: Vec<(Ident, Ident)> = errors.iter().map(named).collect::<Result<_, _>>()?;
    let (codes, variants): (Vec<_>, Vec<_>) = named.into_iter().unzip();
    let owner = codes.first();
    Ok(quote! {
        impl #ident {
            /// The error codes that have a meaning of their own for this method.
            pub const ERRORS: &'static [crate::#owner] = &[#(crate::#codes::#variants),*];
        }
    })
}

/// A whole number as a literal.
fn whole_number(value: i64) -> Literal {
    Literal::i64_unsuffixed(value)
}
