//! Aliases of types that are no unions: `type Names = string[]`.

use credwire_schema::{model::Item, type_expr::TypeExpr};
use quote::quote;

use crate::{
    context::Context,
    docs,
    emit::{Emitted, Problems},
    generics::Generics,
    names, shape,
    ty::{Inexpressible, Ty},
    types,
};

/// The type that the alias stands for.
pub(crate) fn target(cx: &Context<'_>, ty: &TypeExpr) -> Result<Ty, Inexpressible> {
    let (present, absent) = shape::without_absence(ty);
    let target = types::of_type(cx, &present, None)?;
    Ok(if absent { Ty::Maybe(Box::new(target)) } else { target })
}

/// The alias.
pub(crate) fn emit(
    cx: &Context<'_>,
    item: &Item,
    ty: &TypeExpr,
    problems: &mut Problems,
) -> Option<Emitted> {
    problems.expressed(&item.place, &item.name, try_emit(cx, item, ty))
}

fn try_emit(cx: &Context<'_>, item: &Item, ty: &TypeExpr) -> Result<Emitted, Inexpressible> {
    let generics = Generics::new(cx, &item.type_params, cx.traits(&item.name))?.unbounded();
    let target = target(cx, ty)?.in_alias();
    let ident = names::ident(&item.rust);
    let (comment, alias) = (docs::item(item, &[]), docs::alias(&item.name, &ident));
    let body = quote!(#comment #alias pub type #ident #generics = #target;);
    Ok(Emitted::new(vec![ident], body))
}
