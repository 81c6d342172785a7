//! From the types of a page to the types of Rust.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::Ident;

use super::{context::Context, generics, names};
use credwire_schema::{
    model::{External, Property, Unit},
    type_expr::TypeExpr,
};

/// A Rust type of a value on the wire.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Ty {
    Text,
    /// The only type a sensitive member can have.
    Secret,
    Bool,
    Float,
    Count,
    EpochMillis,
    EpochSeconds,
    Millis,
    Seconds,
    /// Any JSON value.
    Json,
    /// Any JSON object.
    JsonObject,
    List(Box<Ty>),
    Dict(Box<Ty>),
    /// A generated type, with its type arguments.
    Named {
        ident: Ident,
        args: Vec<Ty>,
        traits: Traits,
    },
    Param(Ident),
    /// What the platform or the SDK brings: `P::MediaStream`.
    Handle {
        owner: Ident,
        ident: Ident,
        args: Vec<Ty>,
        /// Whether no platform without an SDK brings it.
        sdk: bool,
    },
    /// A stream that is held as data.
    Stream(Box<Ty>),
}

/// What is true of a type and of everything inside it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Traits {
    /// It holds a secret: it has `SerializeExposed` and no `Serialize`.
    pub(crate) secret: bool,
    /// It holds a float: it has no `Eq`.
    pub(crate) float: bool,
    /// It has rules to check.
    pub(crate) checked: bool,
    /// It has a `Default` that breaks no rule.
    pub(crate) default: bool,
    /// It is small and `Copy`.
    pub(crate) copy: bool,
    /// It holds what only a platform can bring: it is generic over the platform, and has no form
    /// on the wire.
    pub(crate) platform: bool,
    /// What it is generic over must be an SDK, since it holds objects of one.
    pub(crate) sdk: bool,
    /// It holds a stream, which has no form on the wire.
    pub(crate) stream: bool,
    /// It is a JSON object on the wire.
    pub(crate) object: bool,
}

impl Traits {
    /// Whether it has a form on the wire.
    pub(crate) fn on_wire(self) -> bool {
        !self.platform && !self.stream
    }

    /// What is true of a type that holds values of both.
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            secret: self.secret || other.secret,
            float: self.float || other.float,
            checked: self.checked || other.checked,
            platform: self.platform || other.platform,
            sdk: self.sdk || other.sdk,
            stream: self.stream || other.stream,
            default: false,
            copy: false,
            object: false,
        }
    }
}

impl Ty {
    /// The type as it is called where the platform is not `P` but `owner`: `S::MediaStream`.
    pub(crate) fn seen_by(&self, name: &Ident) -> Self {
        let all = |args: &[Self]| args.iter().map(|arg| arg.seen_by(name)).collect();
        match self {
            Self::Handle { ident, args, sdk, .. } => Self::Handle {
                owner: name.clone(),
                ident: ident.clone(),
                args: all(args),
                sdk: *sdk,
            },
            Self::Param(param) if *param == generics::platform() => Self::Param(name.clone()),
            Self::Named { ident, args, traits } => {
                Self::Named { ident: ident.clone(), args: all(args), traits: *traits }
            }
            Self::List(item) => Self::List(Box::new(item.seen_by(name))),
            Self::Dict(item) => Self::Dict(Box::new(item.seen_by(name))),
            Self::Stream(item) => Self::Stream(Box::new(item.seen_by(name))),
            _ => self.clone(),
        }
    }

    pub(crate) fn traits(&self) -> Traits {
        match self {
            Self::Secret => Traits { secret: true, ..Traits::default() },
            Self::Float | Self::Seconds => Traits { float: true, ..Traits::default() },
            Self::EpochMillis | Self::EpochSeconds => Traits { checked: true, ..Traits::default() },
            Self::Handle { sdk, .. } => Traits { platform: true, sdk: *sdk, ..Traits::default() },
            Self::Stream(item) => {
                let Traits { platform, sdk, .. } = item.traits();
                Traits { stream: true, platform, sdk, ..Traits::default() }
            }
            Self::List(item) | Self::Dict(item) => Traits { default: true, ..item.traits() },
            Self::Named { args, traits, .. } => {
                args.iter().map(Ty::traits).fold(*traits, |all, one| Traits {
                    secret: all.secret || one.secret,
                    float: all.float || one.float,
                    ..all
                })
            }
            _ => Traits::default(),
        }
    }

    /// Whether it is one number, of whatever unit, and no instant.
    pub(crate) fn is_number(&self) -> bool {
        matches!(self, Self::Float | Self::Count | Self::Millis | Self::Seconds)
    }

    /// Whether it is a type with rules of its own, or holds values of one.
    pub(crate) fn holds_rules(&self) -> bool {
        match self {
            Self::EpochMillis | Self::EpochSeconds => true,
            Self::Named { .. } => self.traits().checked,
            Self::List(item) | Self::Dict(item) => item.holds_rules(),
            _ => false,
        }
    }

    /// The type of an argument that becomes this value, and the conversion.
    pub(crate) fn argument(&self, name: &Ident) -> (TokenStream, TokenStream) {
        match self {
            Self::Text | Self::Secret | Self::Json => {
                (quote!(impl Into<#self>), quote!(#name.into()))
            }
            _ => (quote!(#self), quote!(#name)),
        }
    }
}

impl ToTokens for Ty {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.extend(match self {
            Self::Text => quote!(String),
            Self::Secret => quote!(credwire_core::Secret<String>),
            Self::Bool => quote!(bool),
            Self::Float => quote!(f64),
            Self::Count => quote!(u64),
            Self::EpochMillis => quote!(credwire_core::EpochMillis),
            Self::EpochSeconds => quote!(credwire_core::EpochSeconds),
            Self::Millis => quote!(credwire_core::Millis),
            Self::Seconds => quote!(credwire_core::Seconds),
            Self::Json => quote!(serde_json::Value),
            Self::JsonObject => quote!(serde_json::Map<String, serde_json::Value>),
            Self::List(item) => quote!(Vec<#item>),
            Self::Dict(item) => quote!(std::collections::BTreeMap<String, #item>),
            Self::Named { ident, args, .. } if args.is_empty() => quote!(crate::#ident),
            Self::Named { ident, args, .. } => quote!(crate::#ident<#(#args),*>),
            Self::Param(ident) => quote!(#ident),
            Self::Handle { owner, ident, args, .. } if args.is_empty() => quote!(#owner::#ident),
            Self::Handle { owner, ident, args, .. } => quote!(#owner::#ident<#(#args),*>),
            Self::Stream(item) => quote!(crate::Observable<#item>),
        });
    }
}

/// Why a type has no Rust form.
pub(crate) struct Inexpressible(pub(crate) String);

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
        let (owner, sdk) = (generics::platform(), cx.needs_sdk(name));
        Ty::Handle { owner, ident, args, sdk }
    };
    if let Some(item) = cx.schema.items.get(name) {
        if cx.is_brought(item) {
            return Ok(handle(names::ident(&item.rust), Vec::new()));
        }
        let traits = cx.traits(name);
        let mut generic = Vec::new();
        if traits.platform {
            generic.push(Ty::Param(generics::platform()));
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
        None => Ok(Ty::Param(generics::ident(name))),
    }
}
