//! How large values are in place, roughly: for what the compiler's lints say of enums.

use credwire_schema::model::Shape;
use proc_macro2::TokenStream;
use quote::quote;

use crate::{context::Context, ty::Ty, types};

/// Structs in structs are followed this far.
const MAX_DEPTH: usize = 4;

/// An attribute for an enum with these alternatives, one of which may be far larger than the others.
/// A value of a struct is held in place all the same: it is built and matched without a box.
pub(crate) fn allowed<'a>(
    cx: &Context<'_>,
    types: impl Iterator<Item = &'a Ty>,
) -> Option<TokenStream> {
    let mut sizes: Vec<usize> = types.map(|ty| of(cx, ty, MAX_DEPTH)).collect();
    sizes.sort_unstable();
    let (largest, next) = (sizes.pop()?, sizes.pop()?);
    (largest - next > 120)
        .then(|| quote!(#[allow(clippy::large_enum_variant, reason = "values are held in place")]))
}

/// The size of a value in bytes. What is spelled out in place counts as a large struct.
fn of(cx: &Context<'_>, ty: &Ty, depth: usize) -> usize {
    const IN_PLACE: usize = 400;
    match ty {
        Ty::Bool | Ty::Unit => 1,
        Ty::Float | Ty::Count | Ty::EpochMillis | Ty::EpochSeconds | Ty::Millis | Ty::Seconds => 8,
        Ty::Boxed(_) => 8,
        Ty::BigInt => 16,
        Ty::Maybe(item) => of(cx, item, depth) + 8,
        Ty::Tuple(items) => items.iter().map(|item| of(cx, item, depth)).sum(),
        Ty::Json => 32,
        Ty::Named { ident, .. } => match cx.item_of(ident).map(|item| &item.shape) {
            Some(Shape::Interface(members)) if depth > 0 => {
                let one = |property| match types::of_property(cx, property) {
                    Ok(ty) => of(cx, &types::held(cx, ty), depth - 1) + 8,
                    Err(_) => 32,
                };
                members.properties.iter().map(one).sum()
            }
            Some(Shape::Enum { .. }) => 8,
            Some(Shape::Alias { .. }) => 24,
            _ => IN_PLACE,
        },
        _ => 24,
    }
}
