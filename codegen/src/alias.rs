//! Aliases of types that are no unions: `type Names = string[]`.

use credwire_schema::{model::Item, type_expr::TypeExpr};
use quote::quote;

use crate::{
    context::Context,
    docs,
    emit::{Emitted, Problems},
    generics::Generics,
    names,
    ty::{Inexpressible, Traits},
    types,
};

/// Whether `ty` is neither a union nor behaviour.
pub(crate) fn is_plain(ty: &TypeExpr) -> bool {
    !matches!(
        ty,
        TypeExpr::Union(_) | TypeExpr::Literal(_) | TypeExpr::Template(_) | TypeExpr::Function(_)
    )
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
    if cx.traits(&item.name).platform {
        return Err(Inexpressible(format!("an alias of `{ty}`, which a platform brings")));
    }
    let generics = Generics::new(cx, &item.type_params, Traits::default())?.definition();
    let target = types::of_type(cx, ty, None)?;
    let ident = names::ident(&item.rust);
    let (comment, alias) = (docs::item(item, &[]), docs::alias(&item.name, &ident));
    let body = quote!(#comment #alias pub type #ident #generics = #target;);
    Ok(Emitted::new(vec![ident], body))
}
