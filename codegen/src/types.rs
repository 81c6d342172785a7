//! From the types of a page to the types of Rust.

use credwire_schema::{
    model::{External, Item, Property, Shape, Unit},
    type_expr::{TypeExpr, TypeParam},
};

use crate::{
    context::Context,
    names, shape,
    ty::{Inexpressible, Ty},
};

/// The Rust type of a member or parameter that is not `secret` by itself.
///
/// # Errors
/// What there is no Rust form for.
pub(crate) fn of_property(cx: &Context<'_>, property: &Property) -> Result<Ty, Inexpressible> {
    let ty = of_type(cx, &property.ty, property.unit)?;
    Ok(if property.secret { sealed(cx, ty) } else { ty })
}

/// The type with every text and every bytes in it sealed.
pub(crate) fn sealed(cx: &Context<'_>, ty: Ty) -> Ty {
    let inner = |item: Box<Ty>| Box::new(sealed(cx, *item));
    match ty {
        Ty::Text | Ty::Url => Ty::Secret,
        // What is sealed is not compared.
        Ty::Set(item) => match sealed(cx, (*item).clone()) {
            same if same == *item => Ty::Set(item),
            item => Ty::List(Box::new(item)),
        },
        Ty::Bytes => Ty::SecretBytes,
        Ty::List(item) => Ty::List(inner(item)),
        Ty::Dict(item) => Ty::Dict(inner(item)),
        Ty::Maybe(item) => Ty::Maybe(inner(item)),
        Ty::Tuple(items) => Ty::Tuple(items.into_iter().map(|item| sealed(cx, item)).collect()),
        Ty::Named { ref ident, .. } if cx.is_text(ident) => Ty::Secret,
        // Another name of a list of texts, say.
        Ty::Named { ref ident, .. } if cx.alias(ident).is_some() => {
            match resolved(cx, &ty, ALIASES) {
                Some(found) if !matches!(found, Ty::Named { .. }) => sealed(cx, found),
                _ => ty,
            }
        }
        ty => ty,
    }
}

/// The type that its aliases stand for, as text: the same text is the same type. `None` where an alias
/// with type parameters leaves it open.
pub(crate) fn canonical(cx: &Context<'_>, ty: &Ty) -> Option<String> {
    let ty = resolved(cx, ty, ALIASES)?;
    Some(quote::quote!(#ty).to_string())
}

/// How many aliases may lead to a type.
const ALIASES: usize = 32;

fn resolved(cx: &Context<'_>, ty: &Ty, depth: usize) -> Option<Ty> {
    let depth = depth.checked_sub(1)?;
    let inner = |ty: &Ty| resolved(cx, ty, depth);
    Some(match ty {
        Ty::Named { ident, args, traits } => match cx.alias(ident) {
            Some(item) if !item.type_params.is_empty() || traits.platform => return None,
            Some(Item { shape: Shape::Alias { ty, .. }, .. }) => {
                inner(&of_type(cx, ty, None).ok()?)?
            }
            _ => Ty::Named {
                ident: ident.clone(),
                args: args.iter().map(inner).collect::<Option<_>>()?,
                traits: *traits,
            },
        },
        Ty::List(item) => Ty::List(Box::new(inner(item)?)),
        Ty::Dict(item) => Ty::Dict(Box::new(inner(item)?)),
        Ty::Maybe(item) => Ty::Maybe(Box::new(inner(item)?)),
        Ty::Boxed(item) => Ty::Boxed(Box::new(inner(item)?)),
        Ty::Tuple(items) => Ty::Tuple(items.iter().map(inner).collect::<Option<_>>()?),
        ty => ty.clone(),
    })
}

/// A type as a value holds it in place: boxed where it may hold a value of the same type.
pub(crate) fn held(cx: &Context<'_>, ty: Ty) -> Ty {
    match ty {
        Ty::Named { ref ident, .. } if cx.is_recursive(ident) => Ty::Boxed(Box::new(ty)),
        Ty::Named { ident, args, traits } => {
            let args = args.into_iter().map(|arg| held(cx, arg)).collect();
            Ty::Named { ident, args, traits }
        }
        Ty::Maybe(item) => Ty::Maybe(Box::new(held(cx, *item))),
        Ty::Tuple(items) => Ty::Tuple(items.into_iter().map(|item| held(cx, item)).collect()),
        ty => ty,
    }
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
        TypeExpr::NumberLiteral(_) => Ty::Float,
        TypeExpr::BooleanLiteral(_) => Ty::Bool,
        TypeExpr::Template(_) => Ty::Text,
        TypeExpr::BigInt => Ty::BigInt,
        TypeExpr::Void | TypeExpr::Undefined | TypeExpr::Null | TypeExpr::Never => Ty::Unit,
        TypeExpr::Unknown | TypeExpr::Any => Ty::Json,
        TypeExpr::Object => Ty::JsonObject,
        TypeExpr::Union(_) => match shape::without_absence(ty) {
            (present, true) if !matches!(present, TypeExpr::Union(_)) => {
                Ty::Maybe(Box::new(of_type(cx, &present, unit)?))
            }
            _ => return Err(Inexpressible(format!("type `{ty}`"))),
        },
        TypeExpr::Tuple { elements, .. } => {
            let types = elements.iter().map(|element| of_type(cx, &element.ty, None));
            Ty::Tuple(types.collect::<Result<_, _>>()?)
        }
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

/// Whether values of a type have an order by which a set can find them: texts, bytes, large numbers and closed
/// enumerations. What else a set holds is a list.
fn is_ordered(cx: &Context<'_>, ty: &Ty) -> bool {
    match ty {
        Ty::Text | Ty::BigInt | Ty::Bytes => true,
        Ty::Named { ident, traits, .. } => traits.copy || cx.is_text(ident),
        _ => false,
    }
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
        _ if cx.schema.items.contains_key(name) => {}
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
        ("Date", []) if cx.is_builtin(name) => return Ok(Ty::Timestamp),
        ("URL", []) if cx.is_builtin(name) => return Ok(Ty::Url),
        ("Set", [item]) if cx.is_builtin(name) => {
            let item = of_type(cx, item, unit)?;
            let made = if is_ordered(cx, &item) { Ty::Set } else { Ty::List };
            return Ok(made(Box::new(item)));
        }
        ("Uint8Array", []) if cx.is_builtin(name) => return Ok(Ty::Bytes),
        _ => {}
    }
    let handle = |ident, args| {
        let (owner, sdk) = (names::platform(), cx.needs_sdk(name));
        Ty::Handle { owner, ident, args, sdk }
    };
    if cx.left_out.contains(name) {
        return Ok(Ty::Json);
    }
    if let Some(item) = cx.schema.items.get(name) {
        let given = arguments(cx, item, args)?;
        if cx.is_brought(item) {
            return Ok(handle(names::ident(&item.rust), given));
        }
        let traits = cx.traits(name);
        let mut generic = Vec::new();
        if traits.platform {
            generic.push(Ty::Param(names::platform()));
        }
        generic.extend(given);
        let ident = names::ident(&item.rust);
        // Whoever writes secrets must see what holds them.
        if let Shape::Alias { ty, .. } = &item.shape
            && traits.secret
            && item.type_params.is_empty()
            && cx.alias(&ident).is_some()
        {
            return of_type(cx, ty, unit);
        }
        return Ok(Ty::Named { ident, args: generic, traits });
    }
    match cx.schema.externals.get(name) {
        Some(External::Data) => Ok(Ty::Json),
        Some(External::PlatformString) => Ok(Ty::Text),
        Some(External::Platform | External::Behaviour | External::Error) => {
            let mut given = Vec::new();
            for index in 0..cx.arity(name) {
                given.push(match args.get(index) {
                    Some(arg) => of_type(cx, arg, None)?,
                    None => Ty::Json,
                });
            }
            Ok(handle(cx.other(name), given))
        }
        Some(_) => Err(Inexpressible(format!("type `{ty}`"))),
        None => Ok(Ty::Param(names::type_param(name))),
    }
}

/// The type arguments of an item: what is not given is the default, or any JSON value.
fn arguments(cx: &Context<'_>, item: &Item, args: &[TypeExpr]) -> Result<Vec<Ty>, Inexpressible> {
    // A type with defaults may be named without arguments.
    let is_data = !cx.is_brought(item);
    let is_default = |param: &TypeParam| {
        let default = param.default.as_ref().map(|ty| of_type(cx, ty, None));
        default.is_some_and(|ty| ty.is_ok_and(|ty| !ty.traits().platform))
    };
    if is_data && args.is_empty() && item.type_params.iter().all(is_default) {
        return Ok(Vec::new());
    }
    let mut all = Vec::new();
    for (index, param) in item.type_params.iter().enumerate() {
        all.push(match args.get(index).or(param.default.as_ref()) {
            Some(arg) => of_type(cx, arg, None)?,
            None => Ty::Json,
        });
    }
    Ok(all)
}
