//! Parts of signatures that all traits have in common.

use credwire_schema::{
    model::Property,
    type_expr::{TypeExpr, TypeParam},
};
use proc_macro2::TokenStream;
use quote::quote;
use syn::Ident;

use crate::{
    generics, names,
    ty::{Inexpressible, Ty},
};

/// The type parameters of a method, beside the one that is `taken`: what a caller may choose the
/// type of is read from the wire.
///
/// # Errors
/// Parameters that become one name.
pub(crate) fn generics(
    taken: Option<&Ident>,
    params: &[TypeParam],
    types: &[&TypeExpr],
) -> Result<TokenStream, Inexpressible> {
    let mut idents = Vec::new();
    for param in params {
        let ident = names::type_param(&param.name);
        if taken == Some(&ident) || idents.contains(&ident) {
            return Err(Inexpressible(format!("two type parameters named `{ident}`")));
        }
        idents.push(ident);
    }
    if idents.is_empty() {
        return Ok(TokenStream::new());
    }
    let bounds = params.iter().map(|param| {
        let data = is_argument(&param.name, types).then(generics::data_bound);
        match data {
            Some(data) => quote!(serde::de::DeserializeOwned + #data),
            None => quote!(serde::de::DeserializeOwned + Send),
        }
    });
    Ok(quote!(<#(#idents: #bounds),*>))
}

/// Whether some type is mentioned with the parameter as an argument: it may be a platform's, which
/// is generic over data alone.
fn is_argument(param: &str, types: &[&TypeExpr]) -> bool {
    let mut found = false;
    for ty in types {
        ty.walk(&mut |ty| {
            let TypeExpr::Ref { name, args } = ty else { return };
            if !matches!(name.as_str(), "Promise" | "Record" | "Readonly") {
                found |= args.iter().any(|arg| {
                    let mut inside = false;
                    arg.walk(&mut |ty| {
                        inside |= matches!(ty, TypeExpr::Ref { name, .. } if name == param);
                    });
                    inside
                });
            }
        });
    }
    found
}

/// What a method takes: data by reference, small values as they are.
pub(crate) fn argument(param: &Property, ty: &Ty) -> TokenStream {
    lent(param, ty, &TokenStream::new())
}

/// The same with a name for the lifetime of its references.
pub(crate) fn lent(param: &Property, ty: &Ty, lifetime: &TokenStream) -> TokenStream {
    let borrowed = match ty {
        Ty::Text => quote!(&#lifetime str),
        Ty::List(item) => quote!(&#lifetime [#item]),
        Ty::Named { traits, .. } if traits.copy => quote!(#ty),
        Ty::Named { .. }
        | Ty::Handle { .. }
        | Ty::Param(_)
        | Ty::Dict(_)
        | Ty::JsonObject
        | Ty::Json
        | Ty::Bytes
        | Ty::SecretBytes
        | Ty::Timestamp
        | Ty::Url
        | Ty::Set(_)
        | Ty::Maybe(_)
        | Ty::Tuple(_)
        | Ty::Secret => quote!(&#lifetime #ty),
        _ => quote!(#ty),
    };
    // Data whose members may all be absent says the same as its own absence.
    let stands_for_absence = matches!(ty, Ty::Named { traits, .. } if traits.default);
    let may_be_absent = param.nullable || param.optional && !stands_for_absence;
    if may_be_absent { quote!(Option<#borrowed>) } else { borrowed }
}

/// Where a lint would ask for names of the types of functions: the source has none for them.
pub(crate) fn complex(methods: &[TokenStream]) -> Option<TokenStream> {
    /// The least text of a type that the lint objects to.
    const LONG: usize = 90;
    let is_long = |method: &TokenStream| {
        let text = method.to_string();
        text.match_indices("dyn Fn").any(|(at, _)| {
            let end = text.get(at..).and_then(|rest| rest.find("Send + Sync"));
            end.is_some_and(|end| end > LONG)
        })
    };
    methods.iter().any(is_long).then(
        || quote!(#[allow(clippy::type_complexity, reason = "the source has no names for them")]),
    )
}
