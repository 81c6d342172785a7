//! From the types of a page to the types of Rust.

use credwire_schema::{
    model::{External, Property, Unit},
    type_expr::TypeExpr,
};

use crate::{
    context::Context,
    names,
    ty::{Inexpressible, Ty},
};

/// The Rust type of a member or parameter that is not `secret` by itself.
///
/// # Errors
/// What there is no Rust form for.
pub(crate) fn of_property(cx: &Context<'_>, property: &Property) -> Result<Ty, Inexpressible> {
    if property.secret {
        return match property.ty {
            TypeExpr::String => Ok(Ty::Secret),
            _ => Err(Inexpressible(format!("a secret of type `{}`", property.ty))),
        };
    }
    of_type(cx, &property.ty, property.unit)
}

/// The Rust type of a type on the wire.
///
/// # Errors
/// What there is no Rust form for.
pub(crate) fn of_type(
    cx: &Context<'_>,
    ty: &TypeExpr,
    unit: Option<Unit>,
) -> Result<Ty, Inexpressible> {
    let ty = match ty {
        TypeExpr::String => Ty::Text,
        TypeExpr::Boolean => Ty::Bool,
        TypeExpr::Number => match unit {
            Some(Unit::EpochMillis) => Ty::EpochMillis,
            Some(Unit::EpochSeconds) => Ty::EpochSeconds,
            Some(Unit::Millis) => Ty::Millis,
            Some(Unit::Seconds) => Ty::Seconds,
            Some(Unit::Count) => Ty::Count,
            Some(Unit::BitsPerSecond | Unit::KilobitsPerSecond | Unit::Percent) | None => Ty::Float,
        },
        TypeExpr::Unknown | TypeExpr::Any => Ty::Json,
        TypeExpr::Object => Ty::JsonObject,
        TypeExpr::Array(item) | TypeExpr::ReadonlyArray(item) => {
            Ty::List(Box::new(of_type(cx, item, unit)?))
        }
        TypeExpr::Ref { name, args } => return of_ref(cx, ty, name, args, unit),
        _ => return Err(Inexpressible(format!("type `{ty}`"))),
    };
    Ok(ty)
}

/// The type of a union in which one part is any JSON value: the others are values of that kind.
pub(crate) fn absorbed(cx: &Context<'_>, ty: &TypeExpr) -> Option<Ty> {
    let TypeExpr::Union(parts) = ty else { return None };
    let parts: Option<Vec<Ty>> = parts.iter().map(|part| of_type(cx, part, None).ok()).collect();
    let parts = parts?;
    let plain = |ty: &Ty| !ty.traits().secret && ty.traits().on_wire() && !is_param(ty);
    (parts.contains(&Ty::Json) && parts.iter().all(plain)).then_some(Ty::Json)
}

fn is_param(ty: &Ty) -> bool {
    matches!(ty, Ty::Param(_))
}

fn of_ref(
    cx: &Context<'_>,
    ty: &TypeExpr,
    name: &str,
    args: &[TypeExpr],
    unit: Option<Unit>,
) -> Result<Ty, Inexpressible> {
    match (name, args) {
        ("Record", [TypeExpr::String, value]) => {
            return Ok(match of_type(cx, value, unit)? {
                Ty::Json => Ty::JsonObject,
                value => Ty::Dict(Box::new(value)),
            });
        }
        ("Readonly", [inner]) => return of_type(cx, inner, unit),
        ("Observable", [inner]) => {
            return Ok(Ty::Stream(Box::new(of_type(cx, inner, unit)?)));
        }
        _ => {}
    }
    let handle = |ident, args| {
        let (owner, sdk) = (names::platform(), cx.needs_sdk(name));
        Ty::Handle { owner, ident, args, sdk }
    };
    if let Some(item) = cx.schema.items.get(name) {
        if cx.is_brought(item) {
            return Ok(handle(names::ident(&item.rust), Vec::new()));
        }
        let traits = cx.traits(name);
        let mut generic = Vec::new();
        if traits.platform {
            generic.push(Ty::Param(names::platform()));
        }
        for arg in args {
            generic.push(of_type(cx, arg, None)?);
        }
        return Ok(Ty::Named { ident: names::ident(&item.rust), args: generic, traits });
    }
    match cx.schema.externals.get(name) {
        Some(External::Data) => Ok(Ty::Json),
        Some(External::PlatformString) => Ok(Ty::Text),
        Some(External::Platform | External::Behaviour | External::Error) => {
            let args = args.iter().map(|arg| of_type(cx, arg, None)).collect::<Result<_, _>>()?;
            Ok(handle(names::ident(&names::pascal(name)), args))
        }
        Some(_) => Err(Inexpressible(format!("type `{ty}`"))),
        None => Ok(Ty::Param(names::type_param(name))),
    }
}
