//! Types that signatures spell out in place: each becomes a type called after where it stands.

use std::collections::BTreeMap;

use credwire_schema::{
    model::{Item, Property},
    type_expr::TypeExpr,
};

use crate::{
    context::Context,
    emit::{Emitted, Problems},
    nested::Nested,
    record, shape,
    ty::{Inexpressible, Ty},
    types,
};

/// The types found so far.
#[derive(Default)]
pub(crate) struct SpelledOut {
    nested: Nested,
    emitted: Emitted,
    /// By their names.
    named: BTreeMap<String, (TypeExpr, Ty)>,
}

impl SpelledOut {
    /// The code of the types.
    pub(crate) fn finish(mut self) -> Emitted {
        self.nested.emit(&mut self.emitted);
        self.emitted
    }

    /// The type of a value; what is spelled out in place becomes a type called `rust`.
    ///
    /// # Errors
    /// What there is no Rust form for.
    pub(crate) fn ty(
        &mut self,
        cx: &Context<'_>,
        item: &Item,
        (rust, path): (&str, &str),
        property: &Property,
        problems: &mut Problems,
    ) -> Result<Ty, Inexpressible> {
        let is_spelled_out = !property.fields.is_empty()
            || matches!(
                property.ty,
                TypeExpr::Inline(_) | TypeExpr::Union(_) | TypeExpr::Literal(_)
            );
        if !is_spelled_out {
            if let TypeExpr::Array(inner) | TypeExpr::ReadonlyArray(inner) = &property.ty {
                let inner = Property {
                    ty: (**inner).clone(),
                    rest: false,
                    optional: false,
                    nullable: false,
                    ..property.clone()
                };
                let inner = shape::absence(inner);
                let absent = inner.optional || inner.nullable;
                let ty = self.ty(cx, item, (rust, path), &inner, problems)?;
                let ty = if absent { Ty::Maybe(Box::new(ty)) } else { ty };
                return Ok(Ty::List(Box::new(ty)));
            }
            return types::of_property(cx, property);
        }
        if let Some((known, ty)) = self.named.get(rust) {
            return if *known == property.ty {
                Ok(ty.clone())
            } else {
                Err(Inexpressible(format!("two types named `{rust}`")))
            };
        }
        let is_inline = matches!(property.ty, TypeExpr::Inline(_)) || !property.fields.is_empty();
        let ty = if is_inline {
            let (ty, made) = record::inline(cx, item, rust, path, property, problems)
                .ok_or_else(|| Inexpressible(format!("type `{}`", property.ty)))?;
            self.emitted.exports.extend(made.exports);
            self.emitted.body.extend(made.body);
            ty
        } else {
            self.nested.ty(cx, rust, path, property)?
        };
        self.named.insert(rust.to_owned(), (property.ty.clone(), ty.clone()));
        Ok(ty)
    }
}
