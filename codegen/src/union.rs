//! Unions of interfaces, whose variants are distinguished by a literal tag or by which member is
//! present.

mod by_presence;
mod by_tag;

use credwire_schema::{
    link,
    model::{Item, Property, Shape},
    type_expr::TypeExpr,
};
use proc_macro2::TokenStream;
use quote::quote;
use syn::Ident;

use crate::{
    choice::{self, Choice},
    context::Context,
    docs,
    emit::{Emitted, Problems},
    generics::Generics,
    json_schema::Definition,
    literal_union, names, shape, size,
    ty::{Inexpressible, Traits, Ty},
    types,
};

/// One interface of a union.
struct Arm<'a> {
    item: &'a Item,
    properties: &'a [Property],
    ty: Ty,
    /// The type as the enum holds it.
    held: Ty,
}

/// The arms of a union of interfaces, when `ty` is one.
fn arms<'a>(cx: &Context<'a>, ty: &'a TypeExpr) -> Option<Result<Vec<Arm<'a>>, Inexpressible>> {
    let TypeExpr::Union(parts) = ty else { return None };
    let mut arms = Vec::new();
    for part in parts {
        let TypeExpr::Ref { name, .. } = part else { return None };
        let item = cx.schema.items.get(name)?;
        let Shape::Interface(_) = item.shape else { return None };
        let properties = &link::members(item)?.properties;
        match types::of_type(cx, part, None) {
            Ok(ty) => {
                let held = types::held(cx, ty.clone());
                arms.push(Arm { item, properties, ty, held });
            }
            Err(inexpressible) => return Some(Err(inexpressible)),
        }
    }
    let same = |arm: &Arm<'_>| arms.iter().filter(|other| other.item.name == arm.item.name).count();
    if arms.iter().any(|arm| same(arm) > 1) {
        // Neither a tag nor a member tells one from itself.
        return Some(Err(Inexpressible(format!("type `{ty}`"))));
    }
    Some(Ok(arms))
}

/// Whether `ty` is a union of several types that are no literals.
pub(crate) fn is_union(ty: &TypeExpr) -> bool {
    let (present, _) = shape::without_absence(ty);
    matches!(present, TypeExpr::Union(_)) && literal_union::union(&present).is_none()
}

/// The enum of a union: of interfaces told apart by a tag or by their members, where that can be,
/// else of alternatives that are tried one after the other.
pub(crate) fn emit(
    cx: &Context<'_>,
    item: &Item,
    ty: &TypeExpr,
    problems: &mut Problems,
) -> Option<Emitted> {
    if cx.traits(&item.name).secret && !item.type_params.is_empty() {
        problems.generic_secrets = true;
        problems.inexpressible(&item.place, &item.name, "a generic union with secrets");
        return None;
    }
    let (ty, _) = shape::without_absence(ty);
    let emitted = told_apart(cx, item, &ty).or_else(|_| {
        let choice = Choice::of_item(cx, item, &ty)?;
        Ok(Emitted::new(vec![choice.ident.clone()], choice::tokens(&choice)))
    });
    problems.expressed(&item.place, &item.name, emitted)
}

fn told_apart(cx: &Context<'_>, item: &Item, ty: &TypeExpr) -> Result<Emitted, Inexpressible> {
    let arms = arms(cx, ty).unwrap_or_else(|| Err(Inexpressible(format!("type `{ty}`"))))?;
    let traits = cx.traits(&item.name);
    if !traits.on_wire() {
        return Err(Inexpressible("a union of data with handles of the platform".to_owned()));
    }
    let ident = names::ident(&item.rust);
    let tag = by_tag::tag(&arms);
    let unknown = tag.is_some().then_some(&Ty::Json);
    let held = arms.iter().map(|arm| &arm.held).chain(unknown);
    let mut attributes = docs::alias(&item.name, &ident);
    attributes.extend(size::allowed(cx, held));
    let frame = Frame {
        comment: docs::item(item, &[]),
        attributes,
        generics: Generics::new(cx, &item.type_params, Traits::default())?,
        traits,
        ident: ident.clone(),
    };
    let body = match tag {
        Some(tag) => by_tag::tokens(&frame, &arms, tag)?,
        None => by_presence::tokens(&frame, &arms)?,
    };
    Ok(Emitted::new(vec![ident], body))
}

/// The schema of the same union.
pub(crate) fn definition(cx: &Context<'_>, item: &Item, ty: &TypeExpr) -> Option<Definition> {
    let (ty, _) = shape::without_absence(ty);
    if told_apart(cx, item, &ty).is_err() {
        return Some(Choice::of_item(cx, item, &ty).ok()?.definition());
    }
    let arms = arms(cx, &ty)?.ok()?;
    let node = match by_tag::tag(&arms) {
        Some(tag) => by_tag::node(&arms, &tag),
        None => by_presence::node(&arms)?,
    };
    let generics = Generics::new(cx, &item.type_params, Traits::default()).ok()?;
    Some(Definition { ident: names::ident(&item.rust), params: generics.defaults(), node })
}

/// What the enum has besides its variants.
struct Frame {
    ident: Ident,
    comment: TokenStream,
    attributes: TokenStream,
    generics: Generics,
    traits: Traits,
}

impl Frame {
    fn derives(&self) -> TokenStream {
        let eq = (!self.traits.float).then(|| quote!(, Eq));
        quote!(#[derive(Clone, Debug, PartialEq #eq)])
    }

    /// `Serialize` that hands on to the variant's own, and `Validate` likewise. `other` are match
    /// arms for a variant that is no interface.
    fn delegate(
        &self,
        variants: &[Ident],
        arms: &[Arm<'_>],
        other: Option<(TokenStream, TokenStream)>,
    ) -> TokenStream {
        let (other_write, other_check) = other.unzip();
        let (ident, arguments) = (&self.ident, self.generics.arguments());
        // A box of secrets does not write them itself.
        let values = arms.iter().map(|arm| match arm.held {
            Ty::Boxed(_) => quote!(value.as_ref()),
            _ => quote!(value),
        });
        let write = if self.traits.secret {
            quote! {
                impl credwire_core::SerializeExposed for #ident {
                    fn serialize_exposed<S: serde::Serializer>(
                        &self,
                        serializer: S,
                    ) -> Result<S::Ok, S::Error> {
                        match self {
                            #(Self::#variants(value) => {
                                credwire_core::SerializeExposed::serialize_exposed(#values, serializer)
                            })*
                        }
                    }
                }
            }
        } else {
            let params = self.generics.bounded(&quote!(serde::Serialize));
            quote! {
                impl #params serde::Serialize for #ident #arguments {
                    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                        match self {
                            #(Self::#variants(value) => serde::Serialize::serialize(value, serializer),)*
                            #other_write
                        }
                    }
                }
            }
        };
        quote! {
            #write
            impl #arguments credwire_core::Validate for #ident #arguments {
                fn check(&self, validator: &mut credwire_core::Validator) {
                    match self {
                        #(Self::#variants(value) => credwire_core::Validate::check(value, validator),)*
                        #other_check
                    }
                }
            }
        }
    }

    /// `From` each interface for the enum.
    fn conversions(&self, variants: &[Ident], arms: &[Arm<'_>]) -> TokenStream {
        let (ident, arguments) = (&self.ident, self.generics.arguments());
        let types = arms.iter().map(|arm| &arm.ty);
        let values = arms.iter().map(|arm| match arm.held {
            Ty::Boxed(_) => quote!(Box::new(value)),
            _ => quote!(value),
        });
        quote! {
            #(impl #arguments From<#types> for #ident #arguments {
                fn from(value: #types) -> Self {
                    Self::#variants(#values)
                }
            })*
        }
    }
}
